"""The role that an article gives to somebody beside the name: "Foreign Minister Ana Ruiz", "Tom Lee, her lawyer,"."""

import re
from collections.abc import Sequence

from bot.persons import PERSON, is_person, is_role, is_title
from bot.tokens import IRREGULAR
from bot.wording import AUXILIARY, CLAUSE, PERSONAL, PREPOSITION, VERB, pattern
from ingest.article import Span

FAR = 120
"""Characters before a name in which its role begins, at most."""

NO_ROLE = pattern(
    rf"(?:{AUXILIARY}|{CLAUSE}|{PERSONAL}|{PREPOSITION}|{VERB}|{'|'.join(IRREGULAR)}|the|an?|his|her|its|their)"
)
"""Small words and verbs, before which no role goes on."""

ROLE_PHRASE = pattern(rf"\b(?:the|an?|his|her|its|their|another|one) (?:[\w’'-]+ ){{0,3}}?({PERSON})\b")
"""Somebody told by what they are: "the opposition leader"."""

_ARTICLE = pattern(r"(?:the|an?) ")
_DETERMINERS = frozenset(("the", "a", "an", "its", "his", "her", "their"))
_OPENS = pattern(
    r"(?:an?|the|his|her|its|their|our|one of|former|deputy|acting|chief|head|vice|senior|then|once|now|described as"
    r"|who (?:speaks|heads|leads|runs|chairs|represents|owns|directs|manages|works|serves|founded)"
    rf"|(?:[\w.-]+ ){{0,3}}[\w.-]+[’']s?|(?:[\w.&-]+ ){{0,4}}(?:{PERSON}))\b"
)
_TELLS = pattern(rf"\b(?:{PERSON}|agency|newspaper|broadcaster|company|firm|operator|charity)\b")
_AGE = re.compile(r"\s*\d{1,3}(?: years old)?\s*")
_CLOSES = re.compile(r"[,;:\0—–(]|[.!?]?$|[.!?](?=\s)")
_CLAUSE = re.compile(r" (?:who|which|that|whose) ")
_BELONGS = re.compile(r" (?:of|for|at|from) [^,;:\0]{2,50}")
_WORD = re.compile(r"\S+")
_DIVIDES = re.compile(r"[,;:—–\0]$|(?<![A-Z])\.$")


def role_before(own: str, at: int, least: int) -> Span | None:
    """The role that stands right before a name, or before the comma before it, without its article.

    Args:
        own: the text with its quotations masked.
        at: where the name begins.
        least: where its sentence does.
    """
    comma = own.startswith(", ", max(at - 2, least))
    found = [*_WORD.finditer(own, max(least, at - FAR), at - 2 * comma)]
    if not found or not is_role(found[-1][0]):
        return _role_of(own, found) if found and comma and not is_title(found[-1][0]) else None
    first = len(found) - 1
    while first > 0 and not NO_ROLE.fullmatch(found[first - 1][0]) and not _DIVIDES.search(found[first - 1][0]):
        first -= 1
    if comma and not _determined(found, first):
        return None
    return Span(found[first].start(), found[-1].end())


def _determined(found: Sequence[re.Match[str]], first: int) -> bool:
    """Whether an article or an owner goes with the words: "the finance minister", "the union's leader"."""
    owned = any(word[0].endswith(("’s", "'s")) for word in found[first:])
    return owned or (first > 0 and found[first - 1][0].lower() in _DETERMINERS)


def _role_of(own: str, found: Sequence[re.Match[str]]) -> Span | None:
    """The same of "the minister for agriculture,", with what belongs to the minister."""
    start, end = found[0].start(), found[-1].end()
    phrases = [*ROLE_PHRASE.finditer(own, start, end)]
    belongs = own[phrases[-1].end() : end] if phrases else ""
    verbal = any(re.fullmatch(rf"{AUXILIARY}|\w+ed", word) for word in belongs.split())
    if verbal or not _BELONGS.fullmatch(belongs):
        return None
    article = _ARTICLE.match(own, phrases[-1].start())
    return Span(article.end() if article else phrases[-1].start(), end)


def aside(own: str, at: int, end: int) -> Span | None:
    """What stands between commas after a name, if it says who that is, without its article and its clauses.

    Args:
        own: the text with its quotations masked.
        at: where the name ends.
        end: where its sentence does.
    """
    while own.startswith(", ", at, end):
        stop = _CLOSES.search(own, at + 2, end)
        told = Span(at + 2, stop.start() if stop else end)
        if not _AGE.fullmatch(told.of(own)):
            return _without_clauses(own, told) if _says_who(told.of(own)) else None
        at = told.end
    return None


def _without_clauses(own: str, told: Span) -> Span:
    article = _ARTICLE.match(own, told.start, told.end)
    start = article.end() if article else told.start
    clause = _CLAUSE.search(own, start + 1, told.end)
    return Span(start, clause.start() if clause else told.end)


def _says_who(told: str) -> bool:
    """Whether it is a role and no clause of its own."""
    if not _OPENS.match(told) or told.startswith(("whose ", "which ")):
        return False
    if told.startswith(("who ", "described as ")):
        return True
    head = re.split(rf" (?:{PREPOSITION}|who|which|that) ", told)[0]
    return not any(re.fullmatch(AUXILIARY, word) for word in head.split()) and _TELLS.search(head) is not None


def names_a_role(phrase: str) -> bool:
    """Whether some words tell who somebody is by what they are: "the minister of health"."""
    head = re.split(rf" (?:{PREPOSITION}) ", phrase)[0].split()
    return bool(head) and is_person(head[-1])
