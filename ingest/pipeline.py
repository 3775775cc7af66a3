"""``ingest()``: the one place that puts load, extract, split, embed and store in order."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import accumulate, pairwise
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal

from ingest.article import Article, Passage, article_id
from ingest.embed import Embedder
from ingest.errors import SourceError
from ingest.extract import extract
from ingest.load import discover, load
from ingest.reach import ANYWHERE, Reach
from ingest.split import Shape, passages
from ingest.store import Store, check_desk
from ingest.stored import FACTS, Prepared
from ingest.words import weighty_words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]


Status = Literal["added", "unchanged", "updated", "failed"]
Progress = Callable[[str, int, int], None]
"""Told what is being read, and how many of how many passages are embedded."""

BATCH = 128  # passages that are embedded, and stored, together
HOLD = 2.0  # seconds after which a batch is not waited on to fill up


def _quiet(name: str, done: int, total: int) -> None:
    """No progress is shown."""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one source; ``error`` says why it failed."""

    source: str
    article_id: str | None
    status: Status
    passages: int
    error: str | None = None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Coming:
    """An article whose text is to be stored, and the result to report once it is."""

    article: Article
    passages: tuple[Passage, ...]
    result: Ingested


def ingest(
    sources: Iterable[str],
    desk: str,
    store: Store,
    embedder: Embedder,
    *,
    reach: Reach = ANYWHERE,
    progress: Progress = _quiet,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[Ingested]:
    """Put articles on a desk, one result a source, in order, each when it is done.

    A source that cannot be read as an article is reported as failed, and the others go on. An article that
    is there already with the same text is not embedded again. Small articles are stored some at a time.
    ``reach`` says where sources may come from; one from elsewhere fails unread.

    Raises:
        StoreError: when the store itself fails; what was reported before then is kept.
    """
    with _Batches(check_desk(desk), store, embedder, progress, now) as batches:
        for source in discover(sources, reach):
            progress(source, 0, 0)
            try:
                loaded = load(source, reach)
                article = extract(loaded)
            except SourceError as error:
                yield from batches.fail(source, str(error))
            else:
                yield from batches.add(loaded.name, article)
        yield from batches.finish()


def shelve(
    articles: Iterable[Article],
    desk: str,
    store: Store,
    embedder: Embedder,
    *,
    progress: Progress = _quiet,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> list[Ingested]:
    """Put articles that are read already on a desk, one result an article, in order."""
    with _Batches(check_desk(desk), store, embedder, progress, now) as batches:
        done = [result for article in articles for result in batches.add(article.source, article)]
        return [*done, *batches.finish()]


class _Batches(AbstractContextManager["_Batches"]):
    """Articles on their way to a desk, embedded and stored together when they are enough, reported in order.

    While one batch is embedded, which takes longest, the one before it is stored and the next one is read.
    """

    def __init__(
        self, desk: str, store: Store, embedder: Embedder, progress: Progress, now: Callable[[], datetime]
    ) -> None:
        self._desk, self._store, self._embedder, self._progress, self._now = desk, store, embedder, progress, now
        self._waiting: list[_Coming | Ingested] = []
        self._since = monotonic()
        self._under_way: deque[tuple[Future[None] | None, list[_Coming | Ingested]]] = deque()
        self._embedding = ThreadPoolExecutor(1, thread_name_prefix="embedding")
        self._storing = ThreadPoolExecutor(1, thread_name_prefix="storing")
        self._left = False

    def __exit__(self, *exc: object) -> None:
        self._left = True
        self._embedding.shutdown(cancel_futures=True)
        self._storing.shutdown(cancel_futures=True)

    def fail(self, name: str, error: str) -> Iterator[Ingested]:
        yield from self._wait(Ingested(name, None, "failed", 0, error))

    def add(self, name: str, article: Article) -> Iterator[Ingested]:
        id = article_id(self._desk, article)
        batches = [self._waiting, *(batch for _, batch in self._under_way)]
        if any(each.result.article_id == id for batch in batches for each in _coming(batch)):
            yield from self.finish()
        yield from self._wait(self._read(id, name, article))

    def finish(self) -> Iterator[Ingested]:
        """Store and report what is not yet."""
        yield from self._send()
        while self._under_way:
            yield from self._stored()

    def _wait(self, each: _Coming | Ingested) -> Iterator[Ingested]:
        if not self._waiting:
            self._since = monotonic()
        self._waiting.append(each)
        coming = _coming(self._waiting)
        if not coming or sum(len(c.passages) for c in coming) >= BATCH or monotonic() - self._since > HOLD:
            yield from self._send()

    def _send(self) -> Iterator[Ingested]:
        """Have what waits embedded and stored, and report what is: at most two batches are under way."""
        batch, self._waiting = self._waiting, []
        stored = None
        if coming := _coming(batch):
            stored = self._storing.submit(self._put, self._embedding.submit(self._embedded, coming))
        self._under_way.append((stored, batch))
        while self._under_way and (
            len(self._under_way) > 2 or (oldest := self._under_way[0][0]) is None or oldest.done()
        ):
            yield from self._stored()

    def _stored(self) -> Iterator[Ingested]:
        """The oldest batch's results, as soon as it is stored."""
        stored, batch = self._under_way.popleft()
        if stored:
            stored.result()
        yield from (each.result if isinstance(each, _Coming) else each for each in batch)

    def _put(self, embedded: Future[list[Prepared]]) -> None:
        self._store.put(self._desk, embedded.result(), self._now())

    def _read(self, id: str, name: str, article: Article) -> _Coming | Ingested:
        before = self._store.find([id]).get(id)
        if before and before.version == article.version:
            same = all(getattr(before, fact) == getattr(article, fact) for fact in FACTS)
            if not same:
                self._store.describe(before, article)
            return Ingested(name, id, "unchanged" if same else "updated", before.passages)
        cut = passages(article.text, self._embedder.count_tokens, Shape(self._embedder.max_tokens))
        return _Coming(article, cut, Ingested(name, id, "updated" if before else "added", len(cut)))

    def _embedded(self, coming: Sequence[_Coming]) -> list[Prepared]:
        """The articles with their vectors. They are embedded as one: a full batch takes least time a passage."""
        import numpy as np

        name = coming[0].result.source if len(coming) == 1 else f"{len(coming)} articles"
        every = [(each.article, passage) for each in coming for passage in each.passages]
        vectors: list[Vectors] = []
        of_sentences: list[Vectors] = []
        of_words: list[Vectors] = []
        for at in range(0, len(every), BATCH):
            if self._left:
                raise CancelledError
            self._progress(name, at, len(every))
            part = every[at : at + BATCH]
            texts = [passage.span.of(article.text) for article, passage in part]
            rows, sentences, words = embed_passages(texts, [passage for _, passage in part], self._embedder)
            vectors.append(rows)
            of_sentences.extend(sentences)
            of_words.extend(words)
        self._progress(name, len(every), len(every))
        whole = np.concatenate(vectors) if vectors else np.empty((0, self._embedder.dimension), np.float32)
        edges = pairwise(accumulate((len(each.passages) for each in coming), initial=0))
        return [
            Prepared(each.article, each.passages, whole[start:end], of_sentences[start:end], of_words[start:end])
            for each, (start, end) in zip(coming, edges, strict=True)
        ]


def embed_passages(
    texts: Sequence[str], passages: Sequence[Passage], embedder: Embedder
) -> "tuple[Vectors, list[Vectors], list[Vectors]]":
    """The vectors of passages, of their sentences and of their weighty words, out of one reading."""
    sentences = [[(s.start - p.span.start, s.end - p.span.start) for s in p.sentences] for p in passages]
    words = [weighty_words(text) for text in texts]
    rows, parts = embedder.embed_with_sentences(texts, [[*s, *w] for s, w in zip(sentences, words, strict=True)])
    counts = [len(s) for s in sentences]
    return (
        rows,
        [part[:n] for part, n in zip(parts, counts, strict=True)],
        [embedder.narrow(part[n:]) for part, n in zip(parts, counts, strict=True)],
    )


def _coming(batch: Sequence[_Coming | Ingested]) -> list[_Coming]:
    return [each for each in batch if isinstance(each, _Coming)]
