"""Chroma as the store uses it: records in parts that it takes, and whatever fails there as one line to act on."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.errors import CitedeskError, StoreError
from ingest.metadata import without_user

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection as Kept

PART = 1_000  # records in one call: a server takes a few thousand, SQLite some ten thousand ids
NOWHERE = [0.0]
"""The vector of a record that is never searched."""

DAMAGED = "it is damaged. Restore it from a copy, or set CITEDESK_HOME to another folder and ingest again"

_REMEDIES = {
    ("is full", "no space left", "code: 13", "file too large"): (
        "the disk is full. Free some space and run it again; what was there before is still there"
    ),
    ("readonly", "read-only", "permission denied", "unable to open database file"): (
        "it cannot be written. Check who owns the folder"
    ),
    ("hnsw", "finding id", "failed to apply logs", "i/o error"): (
        "it could not be read or written. If the disk is full, free some space; the next run mends what is half written"
    ),
    ("malformed", "not a database"): DAMAGED,
    ("connect", "disconnected", "timed out", "refused", "name or service"): (
        "no Chroma server answers there. Start it, or correct CITEDESK_CHROMA_URL"
    ),
}


class Place:
    """Where the records are, by the name that messages begin with, and whether anything has failed there."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.failed = False

    @contextmanager
    def failures(self) -> Iterator[None]:
        """Chroma's failures, which share no base class, as a `StoreError` that names the place and says what to do."""
        try:
            yield
        except CitedeskError:
            raise
        except BaseException as error:
            # A panic of Chroma's Rust half is deliberately no Exception; Ctrl-C and exit are none of our business.
            if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
                raise
            self.failed = True
            raise StoreError(f"{self.name}: {_reason(error)}.") from error


class Record(NamedTuple):
    """What is kept under an id. The fields that were not asked for are empty."""

    id: str
    metadata: Mapping[str, Any]
    document: str | None = None
    vector: Any = NOWHERE


class Records:
    """One collection. Nothing is too many for its methods; every failure is a `StoreError`."""

    def __init__(self, collection: "Kept", place: Place) -> None:
        self._collection = collection
        self._place = place

    def count(self) -> int:
        with self._place.failures():
            return self._collection.count()

    @property
    def metadata(self) -> Mapping[str, Any]:
        return self._collection.metadata or {}

    def of(self, ids: Iterable[str], *fields: str) -> list[Record]:
        """The records of these ids, in any order; ids that are not there are left out."""
        wanted = list(dict.fromkeys(ids))
        return [
            record for at in range(0, len(wanted), PART) for record in self._get(fields, ids=wanted[at : at + PART])
        ]

    def where(self, *fields: str, **equal: str) -> list[Record]:
        """The records whose metadata say this, as they are at one moment."""
        return self._get(fields, where=_all(equal))

    def every(self, *fields: str) -> Iterator[Record]:
        """All records, read in parts."""
        offset, part = 0, [Record("", {})] * PART
        while len(part) == PART:
            part = self._get(fields, limit=PART, offset=offset)
            yield from part
            offset += PART

    def nearest(self, vector: Sequence[float], k: int, **one_of: Collection[str]) -> list[tuple[Record, float]]:
        """Up to ``k`` records and their distances, the nearest first, of those whose metadata say one of these."""
        with self._place.failures():
            found: Any = self._collection.query(
                query_embeddings=[vector],
                n_results=k,
                where=_all({key: {"$in": list(values)} for key, values in one_of.items()}),
                include=["documents", "metadatas", "distances"],
            )
        first = {name: (found[name] or [[]])[0] for name in ("ids", "metadatas", "documents", "distances")}
        records = map(Record, first["ids"], first["metadatas"], first["documents"])
        return list(zip(records, first["distances"], strict=True))

    def put(self, records: Sequence[Record]) -> None:
        """Write records over those of the same ids; a metadatum that is None is deleted, others stay."""
        self._write(self._collection.upsert, records)

    def add(self, records: Sequence[Record]) -> None:
        """Write the records whose ids are not there yet, and no others."""
        self._write(self._collection.add, records)

    def delete(self, ids: Sequence[str]) -> None:
        with self._place.failures():
            for at in range(0, len(ids), PART):
                self._collection.delete(ids=list(ids[at : at + PART]))

    def delete_where(self, **equal: str | Mapping[str, str]) -> None:
        """Delete the records whose metadata say this."""
        with self._place.failures():
            self._collection.delete(where=_all(equal))

    def _write(self, call: Callable[..., None], records: Sequence[Record]) -> None:
        with self._place.failures():
            for at in range(0, len(records), PART):
                ids, metadatas, documents, vectors = zip(*records[at : at + PART], strict=True)
                call(
                    ids=list(ids),
                    metadatas=list(metadatas),
                    documents=None if documents[0] is None else list(documents),
                    embeddings=list(vectors),
                )

    def _get(self, fields: tuple[str, ...], **which: Any) -> list[Record]:
        with self._place.failures():
            include: Any = list(fields)
            found: Any = self._collection.get(include=include, **which)
        nothing = [None] * len(found["ids"])
        columns = (found[name] if name in fields else nothing for name in ("metadatas", "documents", "embeddings"))
        return [Record(id, said or {}, text, row) for id, said, text, row in zip(found["ids"], *columns, strict=True)]


def _all(equal: Mapping[str, Any]) -> Any:
    """The condition that all of these hold."""
    clauses = [{key: value} for key, value in equal.items()]
    return {"$and": clauses} if len(clauses) > 1 else clauses[0] if clauses else None


def _reason(error: BaseException) -> str:
    line = without_user((str(error).strip() or type(error).__name__).splitlines()[0].rstrip("."))
    said = f"{type(error).__name__} {line}".lower()
    for signs, remedy in _REMEDIES.items():
        if any(sign in said for sign in signs):
            return f"{remedy} ({line})"
    return line
