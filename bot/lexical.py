"""Finding passages by their words: BM25 over the passages of one desk, kept on disk until the desk changes."""

import json
import os
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache
from math import log
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from ingest.store import Store
from ingest.words import WORD

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1, B = 1.2, 0.6
"""BM25's saturation and length weights (Robertson & Zaragoza 2009, 3.4)."""


def words(text: str) -> list[str]:
    """The words of a text as they stand; a number keeps its separators."""
    return WORD.findall(text)


def stems(found: list[str]) -> list[str]:
    """The words in lower case without their endings (Snowball English): what counts as the same word."""
    stemmed: list[str] = _stemmer().stemWords([word.lower() for word in found])
    return stemmed


def terms(text: str) -> list[str]:
    """The stems of the words of a text."""
    return stems(words(text))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def idf(passages: int, count: int) -> float:
    """How rare a term is that stands in so many of the passages (inverse document frequency, in Lucene's form)."""
    return log(1 + (passages - count + 0.5) / (count + 0.5))


class LexicalIndex:
    """The words of one desk at one revision: for each term, the passages that have it and what BM25 gives them.

    bm25s works the scores out; adding them up needs no more than its columns, so that a question put to an index
    that was saved imports neither it nor scipy.
    """

    def __init__(self, ids: Sequence[str], columns: Mapping[str, int], table: "Mapping[str, NDArray[Any]]") -> None:
        self.ids = ids
        self._columns = columns
        self._starts, self._passages, self._scores = table["indptr"], table["indices"], table["data"]

    @classmethod
    def build(cls, passages: Sequence[tuple[str, str]]) -> "LexicalIndex":
        """Index passages given as (id, text)."""
        import bm25s
        import numpy as np

        if not passages:
            return cls([], {}, dict.fromkeys(_TABLE, np.empty(0, np.int64)))
        bm25 = bm25s.BM25(k1=K1, b=B, method="lucene")
        bm25.index([terms(text) or [""] for _, text in passages], show_progress=False)
        return cls([id for id, _ in passages], bm25.vocab_dict, bm25.scores)

    @cached_property
    def at(self) -> dict[str, int]:
        """Where each passage stands in ``ids``."""
        return {id: at for at, id in enumerate(self.ids)}

    def document_frequency(self, term: str) -> int:
        """In how many passages a term stands."""
        column = self._column(term)
        return int(column.stop) - int(column.start)

    def scores(self, rarity: Mapping[str, float]) -> "NDArray[np.float32]":
        """BM25 of every passage for these terms, in the order of ``ids``; each is as rare as it is said to be.

        The rarity that bm25s worked in is that on this desk alone, and would not do beside another desk.
        """
        import numpy as np

        scores = np.zeros(len(self.ids), np.float32)
        for term, weight in rarity.items():
            if count := self.document_frequency(term):
                column = self._column(term)
                scores[self._passages[column]] += self._scores[column] * np.float32(weight / idf(len(self.ids), count))
        return scores

    def _column(self, term: str) -> slice:
        column = self._columns.get(term)
        return slice(0, 0) if column is None else slice(int(self._starts[column]), int(self._starts[column + 1]))

    def save(self, path: Path) -> None:
        """Write the index to a file that appears whole or not at all."""
        import numpy as np

        path.parent.mkdir(parents=True, exist_ok=True)
        names = json.dumps({"ids": list(self.ids), "columns": dict(self._columns)}).encode()
        table = dict(zip(_TABLE, (self._starts, self._passages, self._scores), strict=True))
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, allow_pickle=False, names=np.frombuffer(names, np.uint8), **table)
            os.replace(draft, path)
        finally:
            Path(draft).unlink(missing_ok=True)

    @classmethod
    def load(cls, path: Path) -> "LexicalIndex | None":
        """Read an index that was saved; None if it cannot be read, and has to be built again."""
        import numpy as np

        try:
            with path.open("rb") as file, np.load(file) as saved:
                names = json.loads(saved["names"].tobytes())
                return cls(names["ids"], names["columns"], {name: saved[name] for name in _TABLE})
        except Exception:  # a damaged archive fails in a dozen ways
            return None


_TABLE = ("indptr", "indices", "data")
_DRAFT = ".draft-"
_HOUR = 3600.0


class LexicalIndexes:
    """The indexes of all desks, each built once for a revision: in memory, and on disk for the next process.

    Any number of threads may share them.
    """

    def __init__(self, store: Store, folder: Path) -> None:
        self._store = store
        self._folder = folder
        self._held: dict[str, tuple[str, LexicalIndex]] = {}
        self._reading = Lock()

    def of(self, desk: str) -> LexicalIndex:
        """The index of a desk as it is now."""
        revision = self._store.revision(desk)
        held = self._held.get(desk)
        if held is None or held[0] != revision:
            with self._reading:
                held = self._held.get(desk)
                if held is None or held[0] != revision:  # no other thread was first
                    held = self._held[desk] = revision, self._read(desk, revision)
        return held[1]

    def _read(self, desk: str, revision: str) -> LexicalIndex:
        path = self._folder / desk / f"{revision}.npz"
        index = LexicalIndex.load(path)
        if index is None:
            index = LexicalIndex.build(list(self._store.words(desk)))
            if index.ids:
                with suppress(OSError):  # a full disk is no reason not to answer
                    index.save(path)
                    self._forget(path)
        return index

    def _forget(self, current: Path) -> None:
        """Delete what was saved of earlier revisions, and the drafts of those who were killed."""
        for other in current.parent.iterdir():
            draft = other.name.startswith(_DRAFT)
            if other != current and (not draft or other.stat().st_mtime < time.time() - _HOUR):
                other.unlink(missing_ok=True)
