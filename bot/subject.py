"""The words that name who does what a verb says: before it, around what stands in commas, or behind it."""

import re

from bot.introduced import mentions
from bot.quotation import MASK
from bot.role import aside, names_a_role
from bot.tokens import IRREGULAR
from bot.wording import AUXILIARY, PREPOSITION, SPEECH, pattern
from ingest.article import Span

LONGEST = 16
"""Words that name who speaks, at most."""

DAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
RELATIVE = re.compile(r"\b(?:who|which|that|whom)\b")
FINITE = re.compile(rf"{AUXILIARY}|\w+ed|{'|'.join(IRREGULAR)}")
"""Words that tell what is done, or what was."""
JOINT = re.compile(r"\b(?:and|but|so|yet)\b")
LEAD = pattern(
    r"(?:(?:and|but|so|yet|however|meanwhile|still|instead|also|then|later|earlier|yesterday|today|now)\b,? ?"
    rf"|on {DAY}(?: (?:morning|afternoon|evening|night))? |(?:last|late|early|this) \w+ |earlier this \w+ "
    r"|in (?:an? |the )?(?:\w+ )?(?:statement|interview|letter|speech|post|report|message|email)s?\b"
    r"(?: (?:on|to|in|with) (?:\w+ ){1,3}?(?=the |an? |he |she ))? ?"
    r"|in (?:\w+ )?\d{4} )+"
)
"""What a sentence or a clause may begin with, before who does it."""

_HARD = re.compile(rf"[{MASK};:—–(\[]|\.\.\.|…")
_ENDS = re.compile(rf"[,;:{MASK}—–(]|[.!?](?=\s|$)(?<![A-Z]\.)(?<!Mr\.)(?<!Dr\.)(?<!Ms\.)")
_ASIDE_ENDS = re.compile(rf"[,;:.{MASK}]|$")
_CLAUSE_ASIDE = re.compile(r"(?:\d{1,3}|who|which|whose|however|\w+ing|\w+ed)\b")
_AFTER = re.compile(
    rf"\s+(?:on {DAY}|on the|in (?:a|an|the|his|her|their|its|\d{{4}})\b|after|when|as|during|while|before|at a|last"
    rf"|late|early|yesterday|today|this|earlier|{DAY}|\w+ (?:minutes|hours|days|weeks|months) (?:later|ago|earlier)"
    r"|(?:minutes|hours|days) later|and (?=\w+ed\b))\b.*$"
)
"""What goes with the verb, not with who does it: "said a spokesman on Monday"."""
_THING = re.compile(r"((?:[Tt]he|[Aa]n?) [\w-]+) (\w+)")
_PERSONAL = re.compile(r"\b(?:he|she|they|it)\b", re.I)
_PERSONAL_END = re.compile(r"\b(?:he|she|they|it)$")
_SPEECH = re.compile(rf"\b{SPEECH}\b|\b(?:added|adds|denied|tweeted|claims|states)\b")
_NOBODY = pattern(
    rf"(?:not|{PREPOSITION}|according|asked|i|we|you|there|this|that|what|who|which|whose|nobody|no one|everyone|if"
    r"|speaking|writing|citing|quoting|addressing|responding|commenting|asking|talking|appearing|testifying)\b"
)


def first_subject(own: str, span: Span) -> Span | None:
    """Who does what a sentence begins with, if that is plain."""
    lead = LEAD.match(own, span.start, span.end)
    start = lead.end() if lead else span.start
    if he := re.compile(r"(?:[Hh]e|[Ss]he)\b").match(own, start, span.end):
        return Span(*he.span())
    named = [one for one in mentions(own, Span(start, span.end)) if not one.owner]
    if named and (named[0].name.start == start or (named[0].role and named[0].role.start - start in (0, 4))):
        return named[0].name
    thing = _THING.match(own, start, span.end)
    return Span(start, thing.end(1)) if thing and FINITE.fullmatch(thing[2]) else None


def subject_before(own: str, start: int, end: int) -> Span | None:
    """The words right before a verb that name who does it; None where none plainly do.

    Args:
        own: the text with its quotations masked.
        start: where the sentence begins.
        end: where the words before the verb end.
    """
    text = own[start:end].rstrip()
    least = max((mark.end() for mark in _HARD.finditer(text)), default=0)
    if text.endswith(","):
        return _around(own, Span(start + least, start + len(text)))
    clause = max(least, text.rfind(",") + 1)
    if JOINT.search(text, clause) and _ends_in_name(text[:clause]):
        return None  # one of three
    return phrase(own, Span(start + clause, end))


def _around(own: str, span: Span) -> Span | None:
    """The same of words that end with a comma: "Ann Lee, 34, a teacher from Lima, Peru,"."""
    text = span.of(own)
    for at in reversed([at for at in range(len(text) - 1) if text[at] == ","]):
        opens = text.rfind(",", 0, at) + 1
        head = phrase(own, Span(span.start + opens, span.start + at))
        beside = Span(min(span.start + at + 2, span.end - 1), span.end - 1)
        if head is None:
            continue
        if name := _name_alone(own, beside):
            if names_a_role(head.of(own)) and not _ends_in_name(text[:opens]):
                return name
        elif aside(own, span.start + at, span.end) or _CLAUSE_ASIDE.match(own, beside.start):
            return head
    return None


def subject_behind(own: str, start: int, end: int) -> Span | None:
    """The words that name somebody, where they begin: behind "said" or "according to".

    Args:
        own: the text with its quotations masked.
        start: where those words begin.
        end: where the sentence ends.
    """
    text = own[start:end]
    stop = _ENDS.search(text)
    whole = text[: stop.start()] if stop else text
    head = _AFTER.sub("", whole).rstrip()
    if personal := _PERSONAL.match(head):
        head = personal[0]
    found = phrase(own, Span(start, start + len(head)))
    if found and stop and stop[0] == "," and head == whole and names_a_role(found.of(own)):
        opens = min(start + stop.end() + 1, end)
        closes = _ASIDE_ENDS.search(own, opens, end)
        return _name_alone(own, Span(opens, closes.start() if closes else end)) or found
    return found


def _name_alone(own: str, beside: Span) -> Span | None:
    """The full name that stands beside somebody's role, alone: "Ngozi Eze", "the Spaniard Irene Valdés"."""
    named = mentions(own, beside)
    if len(named) != 1 or named[0].name.end != beside.end or len(named[0].words) == 1:
        return None
    lead = own[beside.start : named[0].name.start]
    return named[0].name if re.fullmatch(r"(?:(?:the|an?) (?:[\w-]+ ){0,2})?", lead) else None


def _ends_in_name(before: str) -> bool:
    return re.search(r"[A-ZÀ-Þ][\w-]+,\s*$", before) is not None


def phrase(own: str, span: Span) -> Span | None:
    """The span without what leads up to it, if what is left can name somebody."""
    text = span.of(own).rstrip()
    start = len(text) - len(text.lstrip(" #*>-"))
    if personal := _PERSONAL_END.search(text):
        return Span(span.start + personal.start(), span.start + len(text))
    if lead := LEAD.match(text, start):
        start = lead.end()
    named = text[start:]
    if not any(map(str.isalpha, named)) or len(named.split()) > LONGEST or _NOBODY.match(named):
        return None
    head = RELATIVE.split(named)[0]
    if any(re.fullmatch(AUXILIARY, word) for word in head.split()) or _SPEECH.search(named):
        return None
    return Span(span.start + start, span.start + len(text))
