"""Who says what is quoted: the speaker that an article names for it, told from what the article says itself.

Where the article does not plainly tell, nobody is named. There is no grammar here, only the order of words, so of two
whom "he" may mean it is neither.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from bot.answer import Attribution
from bot.quotation import MASK, Quotation, quotations
from bot.speakers import PRONOUNS, Cast, Speaker
from bot.speech import Saying, saying
from ingest.article import Span

BEFORE = 200
"""Sentences to go back for whom an article introduces: more than news articles have."""
BEHIND = 20
"""Sentences to go on for who ends a quotation with "she said"."""


def attribute(text: str, sentences: Sequence[Span], span: Span) -> Attribution | None:
    """Who says what stands at a span of an article.

    Sentences that merely bring up who speaks in the next may come first. Where the article says a part itself, or
    several people do, no name holds for all of it, and the speaker is None.

    Args:
        text: the article's normalised text.
        sentences: its sentences, in order.
        span: what is quoted.

    Returns:
        Who says it; None where all of it is the article's own assertion.
    """
    first = bisect_right(sentences, span.start, key=lambda each: each.end)
    last = bisect_left(sentences, span.end, key=lambda each: each.start)
    near = max(0, first - BEFORE)
    article = _speech(text, tuple(sentences[near : last + BEHIND]))
    first, last = first - near, last - near
    found = [article.said(at) for at in range(first, last)]
    said = next(filter(None, found), None)
    if said is None:
        return None
    speaker, opening = said.speaker, found.index(said)
    one = all(each is not None and each.speaker == speaker for each in found[opening:])
    if speaker is None or not one or not article.introduces(range(first, first + opening), speaker):
        return Attribution(speaker=None, role=None, cue=said.cue)
    return Attribution(
        speaker=speaker.name.of(text), role=speaker.role.of(text) if speaker.role else None, cue=said.cue
    )


class _Said(NamedTuple):
    """That somebody says it: by which cue, and who, if that can be told."""

    cue: str
    speaker: Speaker | None


class _Speech:
    """What is said in an article, sentence by sentence."""

    def __init__(self, text: str, sentences: tuple[Span, ...]) -> None:
        self._text = text
        self._sentences = sentences
        self._cast = Cast(text, sentences)
        self._known: dict[int, _Said | None] = {}

    def said(self, at: int) -> _Said | None:
        """Who says a sentence; None where the article does."""
        if at not in self._known:
            self._known[at] = self._told(at)
        return self._known[at]

    def introduces(self, sentences: Iterable[int], speaker: Speaker) -> bool:
        """Whether each of some sentences brings up somebody."""
        last = speaker.name.of(self._text).split()[-1]
        return all(re.search(rf"\b{re.escape(last)}\b", self._sentences[at].of(self._text)) for at in sentences)

    def _told(self, at: int) -> _Said | None:
        if found := self._saying(at):
            return self._resolved(at, found)
        quoted = self._quotation(at)
        if not quoted:
            return None
        start, end = quoted[0].start, quoted[-1].end
        first = bisect_right(self._sentences, start, key=lambda each: each.end)
        after = bisect_left(self._sentences, end, key=lambda each: each.start)
        for n in range(first, after):
            if found := self._saying(n):
                return self._resolved(n, found)
        return self._beside(first, after) or _Said(self._text[start], None)

    def _beside(self, first: int, after: int) -> _Said | None:
        """Who says a quotation that does not tell: who speaks right before it, or "X said." behind it."""
        if after < len(self._sentences) and self._cast.paragraph(after) == self._cast.paragraph(after - 1):
            found = self._saying(after)
            if (
                found
                and found.who
                and Span(found.who.start, found.cue.end) == _bare(self._text, self._sentences[after])
            ):
                return self._resolved(after, found)
        if first and self._cast.paragraph(first - 1) == self._cast.paragraph(first):
            before, heard = self.said(first - 1), first - 2
            while heard >= 0 and self._cast.paragraph(heard) == self._cast.paragraph(first):
                earlier, heard = self.said(heard), heard - 1
                if before and earlier and earlier.speaker != before.speaker:
                    return None  # two who talk to each other take turns
            return before if before and before.speaker else None
        return None

    def _resolved(self, at: int, found: Saying) -> _Said:
        cue = found.cue.of(self._text)
        cue = cue[0].lower() + cue[1:]
        if found.who is None or found.beside:
            return _Said(cue, None)
        if found.who.of(self._text).lower() not in PRONOUNS:
            return _Said(cue, self._cast.named(found.who))
        first = self._first(at)
        last = self.said(first - 1) if first else None
        near = first and self._cast.paragraph(first - 1) == self._cast.paragraph(first)
        speaker = last.speaker if last and near else None
        return _Said(cue, self._cast.meant(found.who.of(self._text), first, found.who.start, speaker))

    def _first(self, at: int) -> int:
        """The sentence with which a quotation began that goes on in a sentence."""
        start, every = self._sentences[at].start, quotations(self._text)
        around = bisect_right(every, start, key=lambda each: each.end)
        if around == len(every) or every[around].start >= start:
            return at
        return bisect_right(self._sentences, self._chain(around)[0].start, key=lambda each: each.end)

    def _saying(self, at: int) -> Saying | None:
        return saying(self._cast.own, self._sentences[at])

    def _quotation(self, at: int) -> Sequence[Quotation]:
        """The quotation that a sentence is all of or part of, with the paragraphs over which it goes; else nothing."""
        span, every = self._sentences[at], quotations(self._text)
        around = bisect_right(every, span.start, key=lambda each: each.end)
        if around == len(every) or every[around].start >= span.end:
            return ()
        own = span.of(self._cast.own)
        if any(map(str.isalnum, own)) and not _ANNOUNCED.search(own):
            return ()
        return self._chain(around)

    def _chain(self, at: int) -> Sequence[Quotation]:
        """A quotation with those before and after it that it goes on from and in."""
        every = quotations(self._text)
        first = last = at
        while every[first].goes_on:
            first -= 1
        while last + 1 < len(every) and every[last + 1].goes_on:
            last += 1
        return every[first : last + 1]


_ANNOUNCED = re.compile(rf":\s*{MASK}+[^{MASK}]{{0,3}}$")
"""A quotation behind a colon to the end of the sentence: "The letter ends: ..."."""


def _bare(text: str, sentence: Span) -> Span:
    """A sentence without the mark at its end."""
    return Span(sentence.start, sentence.start + len(sentence.of(text).rstrip(".!")))


_speech = lru_cache(maxsize=32)(_Speech)
