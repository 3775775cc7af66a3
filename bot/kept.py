"""What a sentence must keep of an article's words, beyond what `compare` sees: small words that turn a meaning round.

All of it errs on one side: a sentence that might be meant rightly is rather not shown.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from bot.lexical import terms
from bot.names import Name, names_of, same_words
from bot.tokens import plain_quote, stem
from bot.written import Date

QUOTED = re.compile('[“"„«]([^“”"„«»]{2,})[”"“»]')
_NOT = re.compile(r"\b(?:not|never|no|nobody|none|nothing|cannot|without)\b|n't\b", re.I)
_QUESTION = re.compile(r"\?[\"”’»)\]]*\s*$")
_SHORT_OF = re.compile(
    r"\b(?:(?:almost|nearly|deputy|vice)[ -]|(?:ex|co|would-be|so-called|self-styled)-?\s?\b)(\w+)", re.I
)
_BEFORE_A_DATE = re.compile(r"(?:[io]n|at|by|from|to|of|the|since|until|during|early|late|mid)\W*", re.I)
_PARTICLE = re.compile(r"\b(\w+) (off|out|down|back|away)\b", re.I)


def keeps(sentence: str, words: str, text: str) -> bool:
    """Whether a sentence leaves out nothing small that matters of the words of an article that are cited for it.

    Args:
        sentence: what was written.
        words: what is cited for it.
        text: the whole article, which shows who else has a name.
    """
    asks = bool(_QUESTION.search(words)) and not _QUESTION.search(sentence)
    return (
        not asks
        and _keeps_modifiers(sentence, words)
        and _keeps_denials(sentence, words)
        and all(_has_title(name, words) for name in names_of(sentence))
        and _means_the_same_people(sentence, words, text)
    )


def _keeps_modifiers(sentence: str, words: str) -> bool:
    """Whether a deputy stays a deputy, almost 300 are not 300, and what was called off was not called."""
    said, stems = _words(sentence), {stem(word) for word in _words(sentence)}
    written = f" {' '.join(said)} "
    short = all(
        f" {' '.join(_words(found[0]))} " in written for found in _SHORT_OF.finditer(words) if found[1].lower() in said
    )
    parted = (found for found in _PARTICLE.finditer(words) if stem(found[1].lower()) in stems)
    return short and all(found[2].lower() in said for found in parted)


def _keeps_denials(sentence: str, words: str) -> bool:
    """Whether no part of a quotation is repeated without the "not" that it stands beside."""
    quoted = [found[1] for found in QUOTED.finditer(sentence)]
    whole = [found[1] for found in QUOTED.finditer(words)]
    return all(
        len(_NOT.findall(part)) == len(_NOT.findall(quotation))
        for part in map(plain_quote, quoted)
        for quotation in map(plain_quote, whole)
        if part in quotation
    )


def _has_title(name: Name, words: str) -> bool:
    """Whether the article gives somebody the title that a sentence gives, right before the name."""
    titles = {word.lower().rstrip(".") for word in name.words} - set(name.telling)
    return all(
        re.search(rf"(?<!\w){re.escape(title)}\b\.?(?: [\w.-]+){{0,3}}? {re.escape(name.telling[-1])}\b", words, re.I)
        for title in titles
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# -- who is meant, where an article names two of one surname


def _means_the_same_people(sentence: str, words: str, text: str) -> bool:
    return all(
        not (claimed := _forms(sentence, bearers)) or _bare(words, bearers) <= claimed <= _forms(words, bearers)
        for bearers in _namesakes(text)
    )


def _forms(text: str, bearers: Sequence[str]) -> frozenset[str]:
    """How a text speaks of those of one surname: by their whole names, by the surname alone."""
    whole = frozenset(name for name in bearers if re.search(rf"\b{re.escape(name)}\b", text, re.I))
    return whole | _bare(text, bearers)


def _bare(text: str, bearers: Sequence[str]) -> frozenset[str]:
    """The surname, if a text has it alone."""
    surname = bearers[0].rsplit(" ", 1)[-1]
    rest = re.sub("|".join(rf"\b{re.escape(name)}\b" for name in bearers), "", text, flags=re.I)
    return frozenset([surname] if re.search(rf"\b{re.escape(surname)}\b", rest, re.I) else [])


@lru_cache(maxsize=32)
def _namesakes(text: str) -> tuple[tuple[str, ...], ...]:
    """The whole names in a text that end alike and are not the same."""
    by_surname: dict[str, list[tuple[str, ...]]] = {}
    for name in names_of(text):
        known = by_surname.setdefault(name.telling[-1], [])
        if len(name.telling) > 1 and not any(same_words(name.telling, other) for other in known):
            known.append(name.telling)
    return tuple(tuple(" ".join(name) for name in known) for known in by_surname.values() if len(known) > 1)


# -- when, where an article has more than one date


def led_alike(one: Date, sentence: str, other: Date, words: str, dates: Sequence[Date]) -> bool:
    """Whether the same word stands before a date of a sentence as before that of the article.

    A date that opens the article's sentence is only that of what it says before the next one.
    """
    led, until = _led_by(other, words), min((date.start for date in dates if date.start > other.start), default=None)
    return _led_by(one, sentence) == led and (bool(led) or set(terms(sentence)) <= set(terms(words[:until])))


def _led_by(date: Date, text: str) -> list[str]:
    """The stem of the last word before a date, or the digits of a number; nothing where the date opens the sentence."""
    before = (word for word in reversed(text[: date.start].split()) if not _BEFORE_A_DATE.fullmatch(word))
    return terms(next(before, ""))
