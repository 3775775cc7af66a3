"""What the tests of the store share: a small embedder that counts, and texts with their passages."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from ingest.article import Article, article_id
from ingest.embed import Embedder
from ingest.pipeline import Ingested, embed_passages, shelve
from ingest.split import Shape, passages
from ingest.store import Store
from ingest.stored import Prepared, StoredArticle

NOW = datetime(2025, 10, 9, 8, 0, tzinfo=UTC)


class SmallEmbedder(Embedder):
    """Vectors of 8 numbers that depend on the words alone. ``embedded`` has every text it was given."""

    name = "small"
    dimension = 8
    max_tokens = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text) // 4 + 2 for text in texts]

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(self.dimension, np.float32)
        for word in text.lower().split():
            vector += np.random.default_rng(zlib.crc32(word.strip(".,").encode())).normal(size=self.dimension)
        length = np.linalg.norm(vector)
        return [float(x) for x in vector / length] if length else [1.0] + [0.0] * (self.dimension - 1)

    def embed_with_sentences(self, texts: Sequence[str], spans: Any) -> Any:
        self.embedded += texts
        rows = np.asarray([self.embed_query(text) for text in texts], np.float32).reshape(-1, self.dimension)
        sentences = [
            np.asarray([self.embed_query(text[start:end]) for start, end in its], np.float32).reshape(-1, 8)
            for text, its in zip(texts, spans, strict=True)
        ]
        return rows, sentences


def article(text: str, source: str = "/news/pact.txt", **facts: Any) -> Article:
    return Article(text=text, source=source, **{"title": "The pact"} | facts)


def prepared(of: Article, embedder: Embedder) -> Prepared:
    cut = passages(of.text, embedder.count_tokens, Shape(embedder.max_tokens))
    return Prepared(of, cut, *embed_passages([p.span.of(of.text) for p in cut], cut, embedder))


def put(store: Store, *articles: Article, desk: str = "default", embedder: Embedder | None = None) -> list[Ingested]:
    """Ingest articles that are read already."""
    return shelve(articles, desk, store, embedder or SmallEmbedder(), now=lambda: NOW)


def stored(store: Store, of: Article, desk: str = "default") -> StoredArticle:
    id = article_id(desk, of)
    return store.find([id])[id]


def seen(store: Store, desk: str = "default") -> set[tuple[str, str, str]]:
    """(article, version, text) of every passage that is found when its own words are searched.

    One search for all of them would not do: Chroma's index is approximate, and now and then leaves one out.
    """
    embedder = SmallEmbedder()
    vectors = [embedder.embed_query(text) for text in {text for _, text in store.words(desk)}]
    found = [hit for vector in vectors or [[0.1] * 8] for hit, _ in store.search(desk, vector, 10)]
    return {(hit.article_id, hit.version, hit.text) for hit in found}


def everything(store: Store) -> dict[str, list[str]]:
    """The ids of every record in every collection: what is left behind shows here."""
    return {
        collection.name: sorted(id.partition("?")[0] for id in collection.get(include=[])["ids"])
        for collection in store._client.list_collections()
    }
