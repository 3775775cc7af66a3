"""What the tests of the answering core share: evidence made of a few sentences, and a store that a test may fill."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np

from bot.lexical import terms
from bot.retrieve import Evidence
from ingest.article import Article, Passage, Span, normalise
from ingest.embed import Embedder
from ingest.pipeline import embed_passages
from ingest.sentences import sentences
from ingest.stored import StoredArticle, StoredPassage, Version, pack
from tests.ingest.small import SmallEmbedder

WHEN = datetime(2025, 10, 9, tzinfo=UTC)


def evidence(
    text: str,
    id: str = "a1",
    score: float = 0.5,
    rarity: Mapping[str, float] | None = None,
    embedder: Embedder | None = None,
) -> Evidence:
    """A whole article as one passage, as if it had been found; its words are read if there is an embedder."""
    text = normalise(text)
    spans = sentences(text)
    version = Article(text, "The pact", f"/{id}.md").version
    article = StoredArticle(
        id=id,
        desk="default",
        title="The pact",
        source=f"/{id}.md",
        byline=None,
        published=date(2025, 10, 8),
        language=None,
        url=None,
        passages=1,
        characters=len(text),
        versions=(Version(version, WHEN),),
    )
    passage = Passage(Span(0, len(text)), spans)
    vectors = np.full((len(spans), 4), 0.5, np.float32)
    (words,) = embed_passages([text], [passage], embedder or SmallEmbedder())[2]
    return Evidence(
        article=article,
        found=StoredPassage(f"{id}/0", id, version, text, passage, vectors, pack(words)),
        score=score,
        cosine=score,
        sentence_cosines=(score,) * len(spans),
        rarity=rarity if rarity is not None else dict.fromkeys(terms(text), 1.0),
    )


def texts(found: Sequence[Evidence]) -> Callable[[str, str], str | None]:
    """The texts of the evidence, as the store would have them."""
    held = {(e.article.id, e.article.version): e.found.text for e in found}
    return lambda id, version: held.get((id, version))
