"""Whether a sentence that a model wrote is what an article says, and if so, the exact words that say it.

A sentence is either an article's own, word for word, or `compare` finds all that it says in the order in which the
article says it. Besides, each of its numbers, dates, names and quotations stands in the words that are cited for it.
What is not plainly so is not supported: who speaks, who does what to whom and what "he" means are never guessed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from bot.compare import compare
from bot.kept import QUOTED, keeps, led_alike
from bot.lexical import terms
from bot.names import names_of, same_words
from bot.reading import Reading, antecedent, read
from bot.retrieve import Evidence
from bot.tokens import plain_quote
from bot.values import Values, same_number, values_of
from bot.verify import TextOf
from bot.written import Date, same_date
from ingest.article import Span
from ingest.sentences import paragraphs

ENOUGH = 0.7
"""The share of a sentence's words that must stand in what is cited, before it is looked at more closely."""

LONGEST_RUN = 4
"""Sentences that are cited together at most: a quotation of some length, whoever says it, and who that is."""

_MARKS = re.compile('[“”"„«»]')
_DATELINE = re.compile(r"^[A-Z]{3}[^—–]{0,50}? (?:—|–|--?) ")
_ON_THE_ARTICLE = re.compile(
    r"(?:according to|as (?:stated|reported|said) (?:in|by)) (?:the|this|an?) (?:article|passage|report|text)s?,? "
    r"|the (?:article|passage|report|text)s? (?:says?|states?|reports?|mentions?|notes?) that ",
    re.I,
)
_ASIDE = re.compile(r"(?P<head>[^,;“”\"]{3,80}), (?P<aside>[^;“”\"]{3,160}), (?P<rest>[^,;“”\"].*)")
_VIEW = re.compile(r"\b(?:in|to|by) [\w’']+(?: [\w’']+)? (?:reading|view|opinion|account|words|telling|mind)\b", re.I)
_FORMULA = re.compile(r"[=<>^×÷±∀-⋿]")
_POINTS_BACK = re.compile(r"\W*(?:his|hers?|its|their|this|these|those|that|such|both)\b", re.I)


def support(sentence: str, found: Evidence, text_of: TextOf) -> Span | None:
    """Where the article of a passage says what a sentence says; None unless it plainly does.

    Args:
        sentence: what was written, without its citations.
        found: the passage that is to say it.
        text_of: the text that the span points into.
    """
    text = text_of(found.article.id, found.article.version)
    said = _ON_THE_ARTICLE.sub("", sentence, count=1) if _ON_THE_ARTICLE.match(sentence) else sentence
    if text is None or _leans(said):
        return None
    wanted = set(terms(said))
    for saying in _sayings(text, found.span):
        words = saying.span.of(text)
        if len(wanted & _terms(words)) < ENOUGH * len(wanted):
            continue
        if saying.whole and _is_copy(said, words):
            return saying.span
        stands = _values_stand(said, words, found.article.published) and keeps(said, words, text)
        if stands and _says(said, saying, words, found.article.published):
            return saying.span
    return None


def _leans(sentence: str) -> bool:
    """Whether it speaks of somebody or something whom only the sentence before it names."""
    said = [token for token in (*read(sentence).speaker, *read(sentence).tokens) if token.says]
    ordered = sorted(said, key=lambda token: token.start)
    pronoun = next((at for at, token in enumerate(ordered) if token.kind == "pronoun"), None)
    named = any(token.kind == "name" for token in ordered[:pronoun])
    return bool(_POINTS_BACK.match(sentence)) or (pronoun is not None and not named)


# -- what an article says, sentence by sentence


class _Saying(NamedTuple):
    """Something that an article says, and the words that say it.

    ``whole`` is that it can be repeated word for word: it is no part of what somebody else says.
    """

    reading: Reading
    span: Span
    whole: bool = False


@lru_cache(maxsize=256)
def _sayings(text: str, passage: Span) -> tuple[_Saying, ...]:
    """What a passage says: each sentence, also with what its pronoun means, and with who speaks in a quotation."""
    found: list[_Saying] = []
    for paragraph in _paragraphs(text):
        for at, span in enumerate(paragraph):
            if passage.covers(span):
                found += _sayings_of(text, paragraph, at)
    return tuple(found)


_paragraphs = lru_cache(maxsize=32)(lambda text: tuple(tuple(paragraph) for paragraph in paragraphs(text)))


def _sayings_of(text: str, paragraph: tuple[Span, ...], at: int) -> Iterator[_Saying]:
    span = paragraph[at]
    if _open_before(text, paragraph, at) or _MARKS.search(span.of(text)):
        reading = read(span.of(text), inside=_open_before(text, paragraph, at))
        named = bool(reading.speaker) and not any(token.kind == "pronoun" for token in reading.speaker)
        yield _Saying(reading, span, whole=named)
        yield from _spoken(text, paragraph, at)
        return
    reading = read(span.of(text))
    yield _Saying(reading, span, whole=True)
    if at and (meant := antecedent(reading, read(paragraph[at - 1].of(text)))):
        yield _Saying(meant, Span(paragraph[at - 1].start, span.end))


def _spoken(text: str, paragraph: tuple[Span, ...], at: int) -> Iterator[_Saying]:
    """A sentence of a quotation as what its speaker says."""
    first = last = at
    while first and _open_before(text, paragraph, first):
        first -= 1
    while last + 1 < len(paragraph) and _open_before(text, paragraph, last + 1):
        last += 1
    parts = [read(_MARKS.sub("", paragraph[n].of(text))) for n in range(first, last + 1)]
    spoken = parts[at - first]
    speaking = next((part for part in (spoken, parts[-1], parts[0]) if part.speaker), None)
    if speaking is None:
        return
    whole = replace(spoken, speaker=speaking.speaker, said=speaking.said)
    if any(token.kind == "pronoun" for token in whole.speaker):
        meant = antecedent(whole, read(paragraph[first - 1].of(text))) if first else None
        if meant is None:
            return
        whole, first = meant, first - 1
    if last - first < LONGEST_RUN:
        yield _Saying(whole, Span(paragraph[first].start, paragraph[last].end))


def _open_before(text: str, paragraph: tuple[Span, ...], at: int) -> bool:
    """Whether a quotation that was opened before a sentence goes on in it."""
    before = text[paragraph[0].start : paragraph[at].start]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1


@lru_cache(maxsize=1024)
def _terms(words: str) -> frozenset[str]:
    return frozenset(terms(words))


# -- whether it is what a sentence says


def _is_copy(sentence: str, words: str) -> bool:
    """Whether a sentence is an article's, word for word."""
    return _plain(sentence) in (_plain(words), _plain(_DATELINE.sub("", words)))


def _plain(text: str) -> str:
    """A text without what printing adds to it; its first letter may be small or large."""
    plain = plain_quote(_MARKS.sub('"', text)).replace("–", "-").replace("—", "-")
    return plain[:1].lower() + plain[1:]


def _says(sentence: str, saying: _Saying, words: str, published: date | None) -> bool:
    """Whether a saying is what a sentence says, with nothing that changes it left out."""
    if _FORMULA.search(sentence) or (_VIEW.search(words) and not _VIEW.search(sentence)):
        return False
    bare = _MARKS.sub("", sentence)
    for claim in dict.fromkeys((sentence, bare)):
        finding = compare(_read(claim), saying.reading, published)
        if finding:
            return finding.verdict == "supported"
    found = _ASIDE.fullmatch(bare)
    if found is None or not re.search(rf"(?<!\w){re.escape(_plain(found['aside']))}(?!\w)", _plain(words)):
        return False
    beside = f"{found['head'].split()[-1]}, {found['aside']}"
    if not re.search(rf"(?<![\w-]){re.escape(beside)}(?!\w)", " ".join(words.split())):
        return False
    return _says(f"{found['head']} {found['rest']}", saying, words, published)


_read = lru_cache(maxsize=64)(read)


def _values_stand(sentence: str, words: str, published: date | None) -> bool:
    """Whether each number, date, name and quotation of a sentence stands in the words that are cited for it."""
    claimed, written = values_of(sentence), values_of(words)
    names = _names(words, written)
    return (
        all(any(same_number(one, other) for other in written.numbers) for one in claimed.numbers)
        and _dates_stand(sentence, claimed.dates, words, written.dates, published)
        and all(any(same_words(name, other) for other in names) for name in _names(sentence, claimed))
        and all(plain_quote(quoted) in plain_quote(words) for quoted in QUOTED.findall(sentence))
    )


def _dates_stand(
    sentence: str, claimed: Sequence[Date], words: str, written: Sequence[Date], published: date | None
) -> bool:
    """Whether each date has one of its own among those written; of several, the one that stands after the same word."""
    left = list(written)
    for one in claimed:
        same = next(
            (
                other
                for other in left
                if same_date(one, other, published) is True
                and (len(written) == 1 or led_alike(one, sentence, other, words, written))
            ),
            None,
        )
        if same is None:
            return False
        left.remove(same)
    return True


def _names(text: str, values: Values) -> list[tuple[str, ...]]:
    """The telling words of the names of a text; a month is none."""
    for date_ in values.dates:
        text = text[: date_.start] + " " * (date_.end - date_.start) + text[date_.end :]
    return [name.telling for name in names_of(text)]
