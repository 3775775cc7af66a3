"""The answerer that needs no language model: it quotes the sentences that answer, and refuses where none does."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from bot.answer import Citation, Notice, Range, Statement
from bot.attribution import attribute
from bot.correction import correction
from bot.dates import resolve
from bot.lean import leaning
from bot.lexical import stems
from bot.link import deep_link
from bot.period import Period
from bot.question import Asked, read, telling_words
from bot.rank import load_ranker, rank
from bot.retrieve import Evidence
from bot.told import numbers
from bot.verify import TextOf
from ingest.article import Span
from ingest.embed import Embedder
from ingest.sentences import sentences

READ = 5
"""Passages whose sentences are looked at."""

SENTENCE = 0.5
"""The weight of a passage's best sentence against what the search made of the passage."""

ADDED = 1 / 6
"""The share of its words that a copy of a sentence may have more."""

_DATELINE = re.compile(r"^[A-Z]{3}[^—–]{0,50}? (?:—|–|--?) ")
_MARK = re.compile(r"\[(\d+)\]")
_NOT = re.compile(r"\b(?:not?|never|nor|neither|none|nobody|without|cannot|denie[sd]|deny)\b|n[’']t\b", re.I)


Place = tuple[int, int]
"""Where a sentence stands: which evidence, which sentence of it."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What the evidence has to say: the sentences that answer, best first, as (evidence, sentence) numbers.

    ``scores`` says, from 0 to 1, how good each evidence is now that its sentences have been looked at, and ``sure``
    that there is an answer with room to spare.
    """

    answered: bool
    sentences: tuple[tuple[int, int], ...]
    scores: tuple[float, ...]
    sure: bool = False


NOTHING = Picked(False, (), ())
"""What no evidence has to say."""


def pick(question: str, evidence: Sequence[Evidence], embedder: Embedder) -> Picked:
    """Choose the sentences that answer a question, fewest first, or none of them."""
    if not evidence:
        return NOTHING
    ranker = load_ranker()
    asked = read(question)
    ranking = rank(ranker, asked, evidence[:READ], embedder)
    least = ranker.quote_within * ranking.likelihoods[0]
    chosen = [place for place, p in zip(ranking.places, ranking.likelihoods, strict=True) if p >= least]
    chosen += missing(asked, chosen, ranking.places, evidence)
    told = (*ranking.passages, *[0.0] * len(evidence[READ:]))
    return Picked(
        answered=ranking.answered >= ranker.refuse_below,
        sentences=tuple(chosen),
        scores=tuple(
            (e.shown_score + SENTENCE * best) / (1 + SENTENCE) for e, best in zip(evidence, told, strict=True)
        ),
        sure=ranking.answered >= (1 + ranker.refuse_below) / 2,  # halfway from the limit to certainty
    )


def in_time(picked: Picked, evidence: Sequence[Evidence], wanted: Period | None) -> Picked:
    """The same sentences, those of the articles first that are of the period which a question is about."""
    if wanted is None:
        return picked
    chosen = sorted(picked.sentences, key=lambda place: wanted.order(evidence[place[0]].article.published))
    return replace(picked, sentences=tuple(chosen))


def missing(asked: Asked, chosen: Sequence[Place], few: Sequence[Place], evidence: Sequence[Evidence]) -> list[Place]:
    """A sentence that has the sort of thing that is asked for, where none of the chosen has; else nothing.

    It is one of the few best, or one beside the very best. Where the question says with which preposition the thing
    goes, "a pact with?", any sentence that was read will do that has it so.
    """
    number, at = chosen[0]
    places = [(number, n) for number, found in enumerate(evidence[:READ]) for n in range(len(found.sentences))]
    beside = [place for place in places if place in ((number, at - 1), (number, at + 1))]
    wider = places if asked.sought.governor else []
    fitting = (
        place
        for place in (*chosen, *few, *beside, *wider)
        if asked.sought.goes_with(evidence[place[0]].sentence(place[1]))
    )
    found = next(fitting, chosen[0])
    return [] if found in chosen else [found]


def quote(picked: Picked, evidence: Sequence[Evidence], text_of: TextOf) -> tuple[list[Statement], list[Citation]]:
    """The picked sentences as statements, word for word, each resting on the quote that it is.

    What a sentence leans on comes with it, and neighbours make one quote; the best sentence's quote comes first.
    """
    statements: list[Statement] = []
    citations: list[Citation] = []
    for run in _runs(picked, evidence, text_of):
        n = len(citations) + 1
        citations.append(cite(n, run.evidence, Span(run.spans[0].start, run.spans[-1].end), run.text))
        statements += [Statement(text=_said(span.of(run.text)), citations=(n,)) for span in run.spans]
    return statements, citations


def _said(sentence: str) -> str:
    """A sentence on one line. What is a number in square brackets in the article must not pass for a citation."""
    return _MARK.sub(r"(\1)", " ".join(sentence.split()))


def cite(n: int, evidence: Evidence, span: Span, text: str) -> Citation:
    """The citation of a span of an article's text."""
    article = evidence.article
    return Citation(
        n=n,
        article_id=article.id,
        version=article.version,
        title=article.title,
        byline=article.byline,
        published=article.published,
        source=article.source,
        url=article.url,
        link=deep_link(article.url, text, span, article.title) if article.url else None,
        start=span.start,
        end=span.end,
        quote=span.of(text),
        dates=resolve(text, span, article.published),
        passage=Range(start=min(span.start, evidence.span.start), end=max(span.end, evidence.span.end)),
        attribution=attribute(text, _sentences(text), span),
        correction=_notice(text),
    )


def _notice(text: str) -> Notice | None:
    found = correction(text)
    return Notice(start=found.start, end=found.end, quote=found.of(text)) if found else None


class _Run(NamedTuple):
    """Sentences of one article that follow each other, its text, and the evidence that led there."""

    evidence: Evidence
    text: str
    spans: Sequence[Span]


class _Need(NamedTuple):
    """What a picked sentence is quoted with: the numbers of sentences of its article, in order."""

    evidence: Evidence
    text: str
    spans: Sequence[Span]
    together: tuple[int, ...]


def _runs(picked: Picked, evidence: Sequence[Evidence], text_of: TextOf) -> Iterator[_Run]:
    """What is to be quoted: the picked sentences with what they lean on, neighbours as one, the best first."""
    needs = [need for number, at in _telling(picked, evidence) if (need := _need(evidence[number], at, text_of))]
    wanted = {(need.evidence.article.id, n) for need in needs for n in need.together}
    for found, text, spans, together in needs:
        id = found.article.id
        for n in together:
            first = last = n
            while (id, first - 1) in wanted:
                first -= 1
            while (id, last + 1) in wanted:
                last += 1
            if (id, n) in wanted:
                yield _Run(found, text, spans[first : last + 1])
                wanted -= {(id, m) for m in range(first, last + 1)}


def _need(found: Evidence, at: int, text_of: TextOf) -> _Need | None:
    if (text := text_of(found.article.id, found.article.version)) is None:
        return None
    spans = _sentences(text)
    here = bisect_right(spans, found.sentences[at].start, key=lambda span: span.start) - 1
    if here < 0 or not spans[here].covers(found.sentences[at]):  # it was ingested when sentences were cut otherwise
        spans, here = found.sentences, at
    return _Need(found, text, spans, leaning(text, spans, here))


_sentences = lru_cache(maxsize=32)(sentences)


def _telling(picked: Picked, evidence: Sequence[Evidence]) -> list[tuple[int, int]]:
    """The picked sentences without those that say nothing a better one does not, as copies of one report do."""
    kept: list[tuple[int, int]] = []
    for number, at in picked.sentences:
        sentence = evidence[number].sentence(at)
        if not any(repeats(sentence, evidence[other].sentence(place)) for other, place in kept):
            kept.append((number, at))
    return kept


def repeats(sentence: str, other: str) -> bool:
    """Whether a sentence says nothing that the other does not: its words stand there in order, but for a few that are
    no names, no numbers and no "not".
    """
    sentence, other = (_DATELINE.sub("", text) for text in (sentence, other))
    of_sentence, of_other = ([word for _, word in telling_words(text)] for text in (sentence, other))
    steps = SequenceMatcher(None, stems(of_other), stems(of_sentence), autojunk=False).get_opcodes()
    added = [word for step, _, _, start, end in steps if step == "insert" for word in of_sentence[start:end]]
    return (
        all(step != "replace" for step, *_ in steps)
        and len(added) <= ADDED * len(of_sentence)
        and not any(word[0].isupper() for word in added)
        and set(numbers(sentence)) <= set(numbers(other))
        and len(_NOT.findall(sentence)) == len(_NOT.findall(other))
    )
