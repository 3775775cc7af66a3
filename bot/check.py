"""Checking what somebody says against the articles: each sentence is supported, contradicted, or not found."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from bot.answer import Citation
from bot.chain import embedder_of
from bot.compare import Finding, compare
from bot.lexical import LexicalIndexes
from bot.quote import cite
from bot.reading import Reading, antecedent, read
from bot.retrieve import Evidence, Retriever
from bot.settings import Settings
from bot.verify import TextOf, proven
from ingest.article import Span, normalise
from ingest.connect import open_store
from ingest.errors import CitedeskError
from ingest.sentences import paragraphs, sentences
from ingest.store import Store, check_desk

MOST_CHARACTERS = 4_000
"""Characters that are checked at once: a long message."""

MOST_SENTENCES = 20
"""Sentences that are checked at once."""

NEAR = 0.3
"""The least cosine of a sentence that can say the same: one that shares its words but not its matter has less."""

NEAREST = 2
"""Passages that are offered with a sentence that is not found."""


class CheckError(CitedeskError):
    """What was given cannot be checked."""


class Checked(BaseModel):
    """A sentence, and what the articles say of it.

    ``citations`` are the quotes that the verdict stands on; of a sentence that is not found, the passages nearest to
    it, offered as such. ``reason`` says in words what is contradicted.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sentence: str
    verdict: Literal["supported", "contradicted", "not found"]
    citations: tuple[Citation, ...]
    reason: str | None = None


Check = Callable[[str, Sequence[str]], tuple[Checked, ...]]
"""Checks a text against the articles of some desks."""


def build_check(
    settings: Settings | None = None, *, store: Store | None = None, indexes: LexicalIndexes | None = None
) -> Check:
    """What checks a text against the articles of some desks, sentence by sentence.

    Args:
        settings: those of the environment, unless given.
        store: an open store; without one, that of the settings is opened and held.
        indexes: those of the store, to be shared with a chain.

    Raises:
        CitedeskError: with a line that says what to do, here or when called; CheckError for a text that is too long
            or empty.
    """
    settings = settings or Settings.read()
    store = store or open_store(settings)
    embedder = embedder_of(settings)
    indexes = indexes or LexicalIndexes(store, settings.home / "lexical")

    def check(text: str, desks: Sequence[str]) -> tuple[Checked, ...]:
        claims = claims_of(text)
        names = tuple(dict.fromkeys(check_desk(desk) for desk in desks))
        retriever = Retriever(store=store, embedder=embedder, indexes=indexes, desks=names)
        text_of = lru_cache(maxsize=None)(store.text)  # each text is read once a call
        return tuple(check_sentence(claim, retriever.find(claim), text_of) for claim in claims)

    return check


def claims_of(text: str) -> list[str]:
    """The sentences of a text that is to be checked.

    Raises:
        CheckError: it is empty or too long.
    """
    if len(text) > MOST_CHARACTERS:
        raise CheckError(f"The text has {len(text):,} characters; check at most {MOST_CHARACTERS:,} at once.")
    text = normalise(text.encode(errors="replace").decode())
    claims = [" ".join(span.of(text).split()) for span in sentences(text)]
    if not claims:
        raise CheckError("There is nothing to check: the text is empty.")
    if len(claims) > MOST_SENTENCES:
        raise CheckError(f"The text has {len(claims)} sentences; check at most {MOST_SENTENCES} at once.")
    return claims


def check_sentence(claim: str, evidence: Sequence[Evidence], text_of: TextOf) -> Checked:
    """One sentence against the passages that were found for it. No verdict is given without a proven quote."""
    reading = read(claim)
    contradicted: Checked | None = None
    for found in evidence:
        for candidate in _candidates(found, text_of):
            finding = compare(reading, candidate.reading, found.article.published)
            if finding and proven(citation := cite(1, found, candidate.span, candidate.text), text_of):
                checked = _checked(claim, finding, citation)
                if finding.verdict == "supported":
                    return checked
                contradicted = contradicted or checked
    return contradicted or Checked(sentence=claim, verdict="not found", citations=_nearest(evidence, text_of))


def _checked(claim: str, finding: Finding, citation: Citation) -> Checked:
    return Checked(sentence=claim, verdict=finding.verdict, citations=(citation,), reason=finding.reason)


def _nearest(evidence: Sequence[Evidence], text_of: TextOf) -> tuple[Citation, ...]:
    """The passages nearest to what is not found."""
    cited = [
        cite(n, found, found.span, text)
        for n, found in enumerate(evidence[:NEAREST], 1)
        if (text := text_of(found.article.id, found.article.version)) is not None
    ]
    return tuple(citation for citation in cited if proven(citation, text_of))


class _Candidate(NamedTuple):
    """A sentence of an article that may say what a claim says, and the span and text that would prove it."""

    reading: Reading
    span: Span
    text: str


def _candidates(found: Evidence, text_of: TextOf) -> Iterator[_Candidate]:
    """The sentences of a passage that are near enough, each also with whom its pronoun means from the one before."""
    text = text_of(found.article.id, found.article.version)
    if text is None:
        return
    near = {span for span, cosine in zip(found.sentences, found.sentence_cosines, strict=True) if cosine >= NEAR}
    for paragraph in _paragraphs(text):
        for at, span in enumerate(paragraph):
            if span not in near:
                continue
            reading = read_in(text, paragraph, at)
            yield _Candidate(reading, span, text)
            if at and (meant := antecedent(reading, read_in(text, paragraph, at - 1))):
                yield _Candidate(meant, Span(paragraph[at - 1].start, span.end), text)


_paragraphs = lru_cache(maxsize=32)(lambda text: tuple(tuple(paragraph) for paragraph in paragraphs(text)))


@lru_cache(maxsize=1024)
def read_in(text: str, paragraph: tuple[Span, ...], at: int) -> Reading:
    """A sentence of a paragraph, read with an eye to the quotations that were opened before it."""
    before = text[paragraph[0].start : paragraph[at].start]
    inside = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return read(paragraph[at].of(text), inside=inside)
