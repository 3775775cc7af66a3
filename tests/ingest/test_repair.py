"""What a kill does to Chroma's own files, and how the next run mends it."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.errors import StoreError
from ingest.store import Store
from tests.ingest.small import SmallEmbedder, article, everything, put, seen, stored

ROOT = Path(__file__).parents[2]
TEXTS = [" ".join(f"Sentence {n} of article {source} has its own words." for n in range(100)) for source in range(4)]


def reopen(home: Path) -> Store:
    return open_store(IngestSettings(home=home, embeddings="small", chroma_url=""))


def vectors(store: Store) -> dict[str, list[float]]:
    return {hit.id: vector.tolist() for hit, vector in store.fetch("default", [id for id, _ in store.words("default")])}


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store as a process left it that was killed, with indexes on the disk."""
    home = tmp_path_factory.mktemp("left")
    subprocess.run([sys.executable, __file__, str(home)], cwd=ROOT, env=os.environ | {"PYTHONPATH": "."}, check=True)
    assert (home / "store.lock").read_text()
    return home


@pytest.fixture
def home(tmp_path: Path, left_behind: Path) -> Path:
    """Such a store of one's own."""
    return shutil.copytree(left_behind, tmp_path / "home")


def cut_in_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


@pytest.mark.parametrize("part", ["header.bin", "data_level0.bin", "*"])
def test_an_index_that_was_half_written_is_made_anew(home: Path, part: str, caplog: pytest.LogCaptureFixture) -> None:
    files = [file for file in (home / "chroma").rglob(part) if file.parent != home / "chroma"]
    assert files
    for file in files:
        cut_in_half(file)
    with reopen(home) as store:
        assert "an index was left half written; it is made anew" in caplog.text
        kept = vectors(store)
        embedder = SmallEmbedder()
        for id, text in store.words("default"):
            assert np.dot(kept[id], embedder.embed_query(text)) > 0.999
        assert {text for *_, text in seen(store)} == {text for _, text in store.words("default")}
        for n, text in enumerate(TEXTS):
            put(store, article(text + " It has changed.", f"/{n}"))
            store.remove(stored(store, article(text, f"/{n}")))
        left = {name: ids for name, ids in everything(store).items() if ids}
        assert left == {"catalogue": ["desk:default"]}
    caplog.clear()
    with reopen(home):
        assert not caplog.records


def test_a_store_that_is_sound_is_left_as_it_is(home: Path, caplog: pytest.LogCaptureFixture) -> None:
    with reopen(home) as store:
        assert len(store.articles()) == 4
    assert not caplog.records


@pytest.mark.parametrize("damage", ["other bytes", "the beginning", "the first half"])
def test_a_database_that_is_damaged_itself_is_refused_and_left_as_it_is(home: Path, damage: str) -> None:
    database = home / "chroma/chroma.sqlite3"
    whole = database.read_bytes()
    for log in (home / "chroma").glob("*.sqlite3-*"):
        log.unlink()
    kept = {"other bytes": os.urandom(4096), "the beginning": whole[:5000], "the first half": whole[: len(whole) // 2]}
    database.write_bytes(kept[damage])
    for _ in range(2):  # the lock is free again
        with pytest.raises(StoreError) as refused:
            reopen(home)
        assert str(refused.value).startswith(f"The store in {home}: it is damaged. Restore it from a copy, or set")
        assert "\n" not in str(refused.value)
    assert database.read_bytes() == kept[damage]


def test_changes_wait_for_the_disk_once(home: Path) -> None:
    with sqlite3.connect(home / "chroma/chroma.sqlite3") as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


if __name__ == "__main__":
    opened = reopen(Path(sys.argv[1]))
    put(opened, *(article(text, f"/{n}") for n, text in enumerate(TEXTS)))
    assert len(vectors(opened)) > 100
    with closing(sqlite3.connect(Path(sys.argv[1]) / "chroma/chroma.sqlite3")) as database:
        database.execute("PRAGMA wal_checkpoint(FULL)")
    os._exit(0)  # as a kill would: nothing is closed
