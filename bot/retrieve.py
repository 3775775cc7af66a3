"""Finding the passages: by meaning and by words, fused, on the desks asked for and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from bot.lexical import LexicalIndex, LexicalIndexes, idf, terms
from bot.period import Period
from ingest.article import Span
from ingest.embed import Embedder
from ingest.store import Store
from ingest.stored import StoredArticle, StoredPassage, article_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POOL = 50
"""Passages that each of the two searches may put forward."""

WIDER = 8
"""So many times more, when what is just being written or swept away has crowded out what is current."""

MEANING = 0.4
"""The weight of the cosine against that of the words, which have the rest (`benchmarks.fuse` found it)."""

NEARLY = 0.2
"""The share of the best passage's score by which another may be worse and be as good, if it is of the better time."""

EVIDENCE = "evidence"
"""Where a document's metadata carries the evidence that it was made from."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage that was found, where it is from, and how near it is to the question.

    ``MEANING`` of ``score`` is ``cosine``, the rest is BM25 over the most it could be.
    ``sentence_cosines`` has one for each sentence of the passage. ``rarity`` says of each term of the
    question how telling it is on these desks (inverse document frequency).
    """

    article: StoredArticle
    found: StoredPassage
    score: float
    cosine: float
    sentence_cosines: tuple[float, ...]
    rarity: Mapping[str, float]

    @property
    def shown_score(self) -> float:
        """The score as it is shown, from 0 to 1: a cosine can be a little less than 0."""
        return min(max(self.score, 0.0), 1.0)

    @property
    def span(self) -> Span:
        return self.found.passage.span

    @property
    def sentences(self) -> tuple[Span, ...]:
        return self.found.passage.sentences

    def sentence(self, at: int) -> str:
        """The text of one of its sentences."""
        span = self.sentences[at]
        return self.found.text[span.start - self.span.start : span.end - self.span.start]


class Retriever(BaseRetriever):
    """The best ``k`` passages of some desks for a question, best first.

    Only what the catalogue says is current is seen: never a superseded version, never half of a new one. Of passages
    that are nearly as near, those come first whose article is of the ``period``. ``among`` are the ids of the articles
    that alone are searched.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    store: Store
    embedder: Embedder
    indexes: LexicalIndexes
    desks: tuple[str, ...]
    k: int = 10
    period: Period | None = None
    among: frozenset[str] | None = None

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        return [_document(evidence) for evidence in self.find(query)]

    def find(self, question: str) -> list[Evidence]:
        """The evidence for a question, best first."""
        import numpy as np

        vector = np.asarray(self.embedder.embed_query(question), np.float32)
        indexes = {desk: self.indexes.of(desk) for desk in self.desks}
        rarity = MappingProxyType(_rarity(terms(question), list(indexes.values())))
        pool = POOL
        while True:
            found = [hit for desk, index in indexes.items() for hit in self._search(desk, index, vector, rarity, pool)]
            articles = self.store.find(hit.passage.article_id for hit in found)
            current = [hit for hit in found if hit.is_of(articles)]
            if len(current) >= min(self.k, len(found)) or len(found) < pool:
                break
            pool *= WIDER
        best = self._best(sorted(current, key=lambda hit: (-hit.score, hit.passage.id)), articles)
        return [
            Evidence(
                article=articles[hit.passage.article_id],
                found=hit.passage,
                score=hit.score,
                cosine=hit.cosine,
                sentence_cosines=tuple((hit.passage.sentence_vectors @ vector).tolist()),
                rarity=rarity,
            )
            for hit in best
        ]

    def _best(self, ranked: "list[_Hit]", articles: Mapping[str, StoredArticle]) -> "list[_Hit]":
        """The first ``k``, or those that take their places for being of the better time."""
        if self.period is None or not ranked:
            return ranked[: self.k]
        order, best = self.period.order, ranked[0].score
        near = [hit for hit in ranked if hit.score >= best - NEARLY * abs(best)]
        better = sorted(near, key=lambda hit: order(articles[hit.passage.article_id].published))
        kept = {hit.passage.id for hit in (*better, *ranked[len(near) :])[: self.k]}
        return [hit for hit in ranked if hit.passage.id in kept]

    def _search(
        self, desk: str, index: LexicalIndex, vector: "NDArray[np.float32]", rarity: Mapping[str, float], pool: int
    ) -> "list[_Hit]":
        """What either search puts forward, current or not."""
        import numpy as np

        if self.among is not None and not self.among:
            return []
        scores = index.scores(rarity) / max(sum(rarity.values()), 1e-9)
        if self.among is not None:
            scores *= np.array([article_of(id) in self.among for id in index.ids], bool)
        near = self.store.search(desk, vector.tolist(), pool, self.among)
        seen = {passage.id for passage, _ in near}
        best = np.argsort(-scores, kind="stable")[:pool]
        also = [index.ids[at] for at in best if scores[at] > 0 and index.ids[at] not in seen]
        near += [(passage, float(row @ vector)) for passage, row in self.store.fetch(desk, also)]
        at = index.at
        return [_Hit(p, cosine, float(scores[at[p.id]]) if p.id in at else 0.0) for p, cosine in near]


class _Hit(NamedTuple):
    """A passage that was put forward, its cosine, and its BM25 over the most it could be."""

    passage: StoredPassage
    cosine: float
    lexical: float

    @property
    def score(self) -> float:
        return MEANING * self.cosine + (1 - MEANING) * self.lexical

    def is_of(self, articles: Mapping[str, StoredArticle]) -> bool:
        """Whether it is of the current version of one of these articles."""
        article = articles.get(self.passage.article_id)
        return article is not None and article.version == self.passage.version


def _rarity(asked: Sequence[str], indexes: Sequence[LexicalIndex]) -> dict[str, float]:
    """The inverse document frequency of each term, over all desks together."""
    passages = sum(len(index.ids) for index in indexes)
    return {term: idf(passages, sum(index.document_frequency(term) for index in indexes)) for term in asked}


def _document(evidence: Evidence) -> Document:
    return Document(
        id=evidence.found.id,
        page_content=evidence.found.text,
        metadata={
            "article_id": evidence.article.id,
            "version": evidence.article.version,
            "title": evidence.article.title,
            "start": evidence.span.start,
            "end": evidence.span.end,
            "score": evidence.shown_score,
            EVIDENCE: evidence,
        },
    )
