"""The shelf: articles, their versions and their passages, kept in Chroma.

Three kinds of collection. ``catalogue`` has a record for each article, which names its current version.
``texts`` has the words of every version, cut into pieces. ``passages-DESK`` has the vectors that are searched.

A reader believes the catalogue alone: a passage counts only while its version is the one that the article's
record names. So writing that one record is the moment at which an article changes, and a kill at any other
moment leaves nothing but pieces that nobody reads; the mark left in the catalogue says where to sweep them up.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from ingest.article import Article, article_id
from ingest.chroma import Place, Records
from ingest.errors import StoreError
from ingest.marks import Marks
from ingest.stored import (
    FACTS,
    Prepared,
    StoredArticle,
    StoredPassage,
    article_from_record,
    desk_record,
    newest_first,
    next_version,
    passage_from_record,
    passage_records,
    record_from_article,
)
from ingest.texts import Texts

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api import ClientAPI
    from numpy.typing import NDArray

    Vectors = NDArray[np.float32]

NONE = "none"
"""The embedding model of what is never searched."""

SYNC = 100
"""Records after which Chroma updates its index: until then it reads all of them again for every write."""

WIDE = 200
"""How many candidates the index keeps while it searches: twice Chroma's own, for it misses fewer of the nearest."""

_DESK = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?")


def check_desk(name: str) -> str:
    """The name of a desk, if it can be one.

    Raises:
        StoreError: when it cannot.
    """
    if not _DESK.fullmatch(name):
        raise StoreError(
            f"{name!r} cannot be the name of a desk: use 1 to 63 of a-z, 0-9, '.', '_' and '-',"
            " a letter or digit first and last."
        )
    return name


class Store(AbstractContextManager["Store"]):
    """The articles that one process reads and writes. ``ingest.connect.open_store`` makes one.

    Threads may share it: they read side by side and write one after the other. Whatever fails in Chroma comes out
    as a `StoreError` that begins with ``place``.
    """

    def __init__(
        self,
        client: "ClientAPI",
        embeddings: str,
        on_close: Callable[[], None] = lambda: None,
        place: Place | None = None,
    ) -> None:
        self._client = client
        self._embeddings = embeddings
        self._on_close = on_close
        self._place = place or Place("The store")
        self._shelves: dict[str, Records] = {}
        self._catalogue = self._create("catalogue", NONE)
        self._texts = Texts(self._create("texts", NONE))
        self._marks = Marks(self._catalogue)
        self._writing = Lock()

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._on_close()

    # -- reading

    def desks(self) -> tuple[str, ...]:
        """Every desk that has or had an article."""
        return tuple(sorted(str(desk.metadata["desk"]) for desk in self._catalogue.where("metadatas", kind="desk")))

    def revision(self, desk: str) -> str:
        """A name for what is on the desk now; it changes whenever the desk does. Empty for an unknown desk."""
        found = self._catalogue.of([desk_record(desk).id], "metadatas")
        return str(found[0].metadata["revision"]) if found else ""

    def articles(self, desk: str | None = None) -> list[StoredArticle]:
        """The articles of a desk, or of all of them, newest first."""
        wanted = {"kind": "article"} if desk is None else {"kind": "article", "desk": desk}
        stored = map(article_from_record, self._catalogue.where("metadatas", **wanted))
        return newest_first(stored)

    def find(self, ids: Iterable[str]) -> dict[str, StoredArticle]:
        """The catalogue's records of those article ids; ids that it does not have are left out."""
        found = self._catalogue.of(ids, "metadatas")
        return {record.id: article_from_record(record) for record in found if record.metadata["kind"] == "article"}

    def text(self, id: str, version: str) -> str | None:
        """The normalised text of a version, current or superseded, or None if it is not kept."""
        return self._texts.read(id, version)

    def search(
        self, desk: str, vector: Sequence[float], k: int, among: Collection[str] | None = None
    ) -> list[tuple[StoredPassage, float]]:
        """The passages of a desk nearest to a vector, with their cosine, nearest first.

        ``among`` are the ids of the articles that alone are searched, at least one; None for all.
        """
        shelf, only = self._searched(desk), {} if among is None else {"article_id": among}
        nearest = shelf.nearest(vector, k, **only) if shelf else []
        return [(passage_from_record(record), 1 - distance) for record, distance in nearest]

    def fetch(self, desk: str, ids: Sequence[str]) -> "list[tuple[StoredPassage, Vectors]]":
        """The passages of a desk by their ids, each with its vector; those that are gone are left out."""
        shelf = self._searched(desk)
        found = shelf.of(ids, "documents", "metadatas", "embeddings") if shelf else []
        return [(passage_from_record(record), record.vector.astype("float32")) for record in found]

    def words(self, desk: str) -> Iterator[tuple[str, str]]:
        """The id and text of every passage of a desk, for those who index words."""
        if shelf := self._shelf(desk):
            for record in shelf.every("documents"):
                yield record.id, record.document or ""

    # -- writing

    def put(self, desk: str, batch: Sequence[Prepared], now: datetime) -> list[StoredArticle]:
        """Make these texts the current versions of their articles, no two of which may be the same.

        Until it returns each article is wholly what it was before or wholly what it is now. Many are put in hardly
        more time than one: what takes long is that Chroma makes sure, call by call, that all is on the disk.
        """
        new = {article_id(check_desk(desk), each.article): each for each in batch}
        with self._changing(desk, new):
            before = self.find(new)
            after = [next_version(before.get(id), id, desk, each, now) for id, each in new.items()]
            self._write_texts(new)
            self._writable(desk).put([record for id, each in new.items() for record in passage_records(id, each)])
            self._commit(desk, after)
            for id in before:
                self._sweep(desk, id)
        return after

    def describe(self, article: StoredArticle, facts: Article) -> StoredArticle:
        """Correct what the catalogue says of an article whose text is the same."""
        with self._changing(article.desk, [article.id]):
            current = self.find([article.id]).get(article.id, article)
            after = replace(current, **{name: getattr(facts, name) for name in FACTS})
            self._commit(article.desk, [after])
        return after

    def remove(self, article: StoredArticle) -> None:
        """Take an article off its desk, with every version of it."""
        with self._changing(article.desk, [article.id]):
            self._catalogue.delete([article.id])
            self._sweep(article.desk, article.id)

    def recover(self, alone: bool = True) -> int:
        """Finish or undo what killed processes left half done; how many articles that were.

        ``alone`` says that no other process can be at work in this store.
        """
        with self._writing:
            left = self._marks.left(alone)
            for desk, id in left:
                self._sweep(desk, id)
                self._marks.clear([id])
        return len(left)

    # -- the parts of a change, in order

    @contextmanager
    def _changing(self, desk: str, ids: Collection[str]) -> Iterator[None]:
        with self._writing:
            for id in self._marks.take(desk, ids):
                self._sweep(desk, id)
            yield
            self._marks.clear(ids)

    def _write_texts(self, new: dict[str, Prepared]) -> None:
        self._texts.write((id, each.article.version, each.article.text) for id, each in new.items())
        for id, each in new.items():
            if self.text(id, each.article.version) != each.article.text:
                raise StoreError(f"{each.article.source}: the store did not keep the text as it was given.")

    def _commit(self, desk: str, articles: Sequence[StoredArticle]) -> None:
        # One call, one transaction: whoever sees a new version also sees that the desk has changed.
        self._catalogue.put([desk_record(desk), *map(record_from_article, articles)])

    def _sweep(self, desk: str, id: str) -> None:
        """Delete what belongs to no version of the article that the catalogue knows, and what is superseded."""
        article = self.find([id]).get(id)
        if shelf := self._shelf(desk):
            others = {"version": {"$ne": article.version}} if article else {}
            shelf.delete_where(article_id=id, **others)
        self._texts.forget(id, keep=[version.name for version in article.versions] if article else [])
        self._catalogue.put([desk_record(desk)])

    # -- Chroma's collections

    def _create(self, name: str, embeddings: str) -> Records:
        """The collection of that name, made if it is not there."""
        with self._place.failures():
            collection = self._client.get_or_create_collection(
                name,
                configuration={
                    "hnsw": {
                        "space": "l2" if embeddings == NONE else "cosine",
                        "sync_threshold": SYNC,
                        "ef_search": WIDE,
                    }
                },
                metadata={"embeddings": embeddings},
                embedding_function=None,
            )
        return Records(collection, self._place)

    def _shelf(self, desk: str) -> Records | None:
        """The passages of a desk, None if there never were any."""
        from chromadb.errors import NotFoundError

        if check_desk(desk) not in self._shelves:
            with self._place.failures():
                try:
                    collection = self._client.get_collection(_shelf_name(desk), embedding_function=None)
                except NotFoundError:
                    return None
            self._shelves[desk] = Records(collection, self._place)
        return self._shelves[desk]

    def _searched(self, desk: str) -> Records | None:
        """The passages of a desk, None if there are none; their vectors are those of this store's model."""
        shelf = self._shelf(desk)
        if shelf is None or (made_with := shelf.metadata.get("embeddings")) == self._embeddings:
            return shelf
        if shelf.count():
            raise StoreError(
                f"The desk {desk!r} was embedded with {made_with!r}, and CITEDESK_EMBEDDINGS is"
                f" {self._embeddings!r}. Set it back, or use another desk or another CITEDESK_HOME."
            )
        return None

    def _writable(self, desk: str) -> Records:
        """The passages of a desk, to add to; an empty shelf that another model was used for is made anew."""
        if (shelf := self._searched(desk)) is None:
            if self._shelves.pop(desk, None):
                with self._place.failures():
                    self._client.delete_collection(_shelf_name(desk))
            shelf = self._shelves[desk] = self._create(_shelf_name(desk), self._embeddings)
        return shelf


def _shelf_name(desk: str) -> str:
    return f"passages-{desk}"
