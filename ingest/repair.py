"""Mending an embedded Chroma whose process was killed, or could not write.

Chroma keeps records in SQLite, which no kill can harm, and vectors in files that it writes over in place: a kill in
that moment leaves files that fail, or crash the process, when they are read. So after a kill the store is tried once by
a process of its own, and where that fails the vectors are written anew from what the records say of them.
"""

import logging
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.chroma import DAMAGED, NOWHERE, PART, Place, Records
from ingest.errors import StoreError
from ingest.stored import passage_vector

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.config import Settings

log = logging.getLogger(__name__)

_SOUND = "sound"


def chroma_settings() -> "Settings":
    """What every client of Chroma's is made with: nothing reaches out."""
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)


def discard_damaged(folder: Path, place: Place) -> list[str]:
    """Throw away the vector files that cannot be read; the names of their collections, to be rebuilt.

    Raises:
        StoreError: when the damage is elsewhere.
    """
    damaged: list[str] = []
    if not (folder / "chroma.sqlite3").exists():
        return damaged
    while (said := _use_apart(folder, damaged)[-1]) != _SOUND:
        name, *segments = said.split() or [""]
        if not name or name in damaged:
            raise StoreError(f"{place.name}: {DAMAGED}.")
        log.warning("%s: an index was left half written; it is made anew.", place.name)
        damaged.append(name)
        for segment in segments:
            shutil.rmtree(folder / segment, ignore_errors=True)
    return damaged


def rebuild(client: "ClientAPI", names: list[str], place: Place) -> None:
    """Give the records of these collections their vectors again."""
    for name in names:
        records = Records(client.get_collection(name, embedding_function=None), place)
        records.put(
            [
                record._replace(vector=passage_vector(record) if "vectors" in record.metadata else NOWHERE)
                for record in records.every("documents", "metadatas")
            ]
        )


def _use_apart(folder: Path, but: list[str]) -> list[str]:
    """What a process of its own says that uses all collections but some: a line each, its name and vector files."""
    ran = subprocess.run(
        [sys.executable, "-m", __name__, str(folder), *but],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    return ["", *ran.stdout.decode().splitlines()]


def _vector_files(folder: str) -> dict[str, list[str]]:
    """The folders of each collection's vectors, by its name."""
    found: dict[str, list[str]] = {}
    with closing(sqlite3.connect(Path(folder, "chroma.sqlite3"))) as database:
        if database.execute("SELECT 1 FROM sqlite_master WHERE name = 'segments'").fetchone():
            for name, segment in database.execute(
                "SELECT collections.name, segments.id FROM segments"
                " JOIN collections ON segments.collection = collections.id WHERE segments.scope = 'VECTOR'"
            ):
                found.setdefault(name, []).append(segment)
    return found


def _use_collections(folder: str, but: list[str]) -> None:
    import chromadb

    files = _vector_files(folder)
    for collection in chromadb.PersistentClient(folder, settings=chroma_settings()).list_collections():
        if collection.name in but:
            continue
        print(collection.name, *files[collection.name], flush=True)
        count = collection.count()
        for offset in range(0, count, PART):
            found: Any = collection.get(limit=PART, offset=offset, include=["embeddings"])
            collection.upsert(ids=found["ids"][:1], embeddings=found["embeddings"][:1])
            collection.query(query_embeddings=found["embeddings"][:1], n_results=min(10, count))
    print(_SOUND)


if __name__ == "__main__":
    _use_collections(sys.argv[1], sys.argv[2:])
