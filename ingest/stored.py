"""What the store keeps of an article and of a passage, and the flat records that Chroma takes for them."""

import base64
import json
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from ingest.article import Article, Passage, Span
from ingest.chroma import Record
from ingest.errors import StoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

EARLIER = (
    "The store was made by an earlier Citedesk, which kept less of each passage."
    " Set CITEDESK_HOME to another folder and ingest the articles again."
)
FACTS = ("title", "source", "byline", "published", "language", "url")
"""What an article and its record in the catalogue both say."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """An article ready to be stored: its passages, a vector for each, for each of their sentences and weighty words."""

    article: Article
    passages: Sequence[Passage]
    vectors: "Vectors"
    sentence_vectors: "Sequence[Vectors]"
    word_vectors: "Sequence[Vectors]"


@dataclass(frozen=True, slots=True)
class Version:
    """A text that an article had or has. ``superseded`` is when it gave way, None while it is current."""

    name: str
    ingested: datetime
    superseded: datetime | None = None


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """What the catalogue says of an article. The current version is the last of ``versions``."""

    id: str
    desk: str
    title: str
    source: str
    byline: str | None
    published: date | None
    language: str | None
    url: str | None
    passages: int
    characters: int
    versions: tuple[Version, ...]

    @property
    def version(self) -> str:
        return self.versions[-1].name


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as it was ingested; ``text`` is what its span covers.

    ``sentence_vectors`` has a row of unit length for each of its sentences, ``packed_words`` one for each of the
    `weighty_words` of its text.
    """

    id: str
    article_id: str
    version: str
    text: str
    passage: Passage
    sentence_vectors: "Vectors"
    packed_words: str


def newest_first(articles: Iterable[StoredArticle]) -> list[StoredArticle]:
    """Articles by their date, those of one date by when they were ingested; those without a date last."""
    return sorted(articles, key=lambda a: (a.published or date.min, a.versions[-1].ingested), reverse=True)


def next_version(before: StoredArticle | None, id: str, desk: str, new: Prepared, now: datetime) -> StoredArticle:
    """What the catalogue says once this text is current: the version before it is kept and marked superseded.

    A text that comes back after another had replaced it is current again, under its old name.
    """
    article = new.article
    earlier = [v for v in (before.versions if before else ()) if v.name != article.version]
    superseded = [v if v.superseded else replace(v, superseded=now) for v in earlier]
    return StoredArticle(
        id=id,
        desk=desk,
        title=article.title,
        source=article.source,
        byline=article.byline,
        published=article.published,
        language=article.language,
        url=article.url,
        passages=len(new.passages),
        characters=len(article.text),
        versions=(*superseded, Version(article.version, now)),
    )


# -- the catalogue's records


def record_from_article(article: StoredArticle) -> Record:
    """The record of an article. A fact that is None takes the place of one that was known before."""
    said = {
        "kind": "article",
        "desk": article.desk,
        "passages": article.passages,
        "characters": article.characters,
        "versions": json.dumps([_version_row(version) for version in article.versions]),
        **{name: getattr(article, name) for name in FACTS},
        "published": article.published.isoformat() if article.published else None,
    }
    return Record(article.id, said)


def article_from_record(record: Record) -> StoredArticle:
    """The article that a record describes."""
    said = record.metadata
    published = said.get("published")
    return StoredArticle(
        id=record.id,
        desk=said["desk"],
        title=said["title"],
        source=said["source"],
        byline=said.get("byline"),
        published=date.fromisoformat(published) if published else None,
        language=said.get("language"),
        url=said.get("url"),
        passages=said["passages"],
        characters=said["characters"],
        versions=tuple(_version(*row) for row in json.loads(said["versions"])),
    )


def desk_record(desk: str) -> Record:
    """The record of a desk that has just changed."""
    return Record(f"desk:{desk}", {"kind": "desk", "desk": desk, "revision": uuid.uuid4().hex})


def _version_row(version: Version) -> list[str | None]:
    superseded = version.superseded.isoformat() if version.superseded else None
    return [version.name, version.ingested.isoformat(), superseded]


def _version(name: str, ingested: str, superseded: str | None) -> Version:
    return Version(name, datetime.fromisoformat(ingested), datetime.fromisoformat(superseded) if superseded else None)


# -- the passages' records


def passage_records(article_id: str, new: Prepared) -> list[Record]:
    """The records of an article's passages. Each has an id that no other passage has, on any desk."""
    import numpy as np

    version = new.article.version
    return [
        Record(
            id=f"{article_id}/{version}/{passage.span.start}",
            metadata={
                "article_id": article_id,
                "version": version,
                "start": passage.span.start,
                "end": passage.span.end,
                "sentences": " ".join(f"{sentence.start} {sentence.end}" for sentence in passage.sentences),
                "vectors": pack(np.concatenate([vector[None], rows])),
                "words": pack(words),
            },
            document=passage.span.of(new.article.text),
            vector=vector,
        )
        for passage, vector, rows, words in zip(
            new.passages, new.vectors, new.sentence_vectors, new.word_vectors, strict=True
        )
    ]


def article_of(passage_id: str) -> str:
    """The id of the article that a passage is of."""
    return passage_id.partition("/")[0]


def passage_from_record(record: Record) -> StoredPassage:
    """The passage that a record describes.

    Raises:
        StoreError: an earlier Citedesk made it, which kept less.
    """
    said = record.metadata
    if "words" not in said:
        raise StoreError(EARLIER)
    edges = [int(edge) for edge in said["sentences"].split()]
    sentences = tuple(Span(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True))
    return StoredPassage(
        id=record.id,
        article_id=said["article_id"],
        version=said["version"],
        text=record.document or "",
        passage=Passage(Span(said["start"], said["end"]), sentences),
        sentence_vectors=unpack(said["vectors"], 1 + len(sentences))[1:],
        packed_words=said["words"],
    )


def passage_vector(record: Record) -> "Vectors":
    """The vector that the record keeps of its passage, for when the index of vectors is lost."""
    vector: Vectors = unpack(record.metadata["vectors"], 1 + len(record.metadata["sentences"].split()) // 2)[0]
    return vector


def pack(vectors: "Vectors") -> str:
    """Unit vectors as text, a byte a number: cosines move by less than 0.004, and a record stays small."""
    import numpy as np

    largest = np.abs(vectors).max(axis=1, keepdims=True, initial=1e-12)
    return base64.b64encode(np.rint(vectors / largest * 127).astype(np.int8).tobytes()).decode()


def unpack(packed: str, rows: int) -> "Vectors":
    """The vectors that were packed, at unit length."""
    import numpy as np

    whole = np.frombuffer(base64.b64decode(packed), np.int8).reshape(rows, -1).astype(np.float32)
    unit: Vectors = whole / np.maximum(np.linalg.norm(whole, axis=1, keepdims=True), 1e-12)
    return unit
