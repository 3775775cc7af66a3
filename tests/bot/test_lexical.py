"""BM25 over the passages of a desk, and its file."""

import os
import random
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bm25s
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lexical import K1, B, LexicalIndex, LexicalIndexes, idf, terms
from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.store import Store
from tests.ingest.small import article, put

PASSAGES = [
    ("p1", "Cuba signed a pact with Russia, and Russia ratified the pact."),
    ("p2", "Venezuela has an accord with Russia."),
    ("p3", "The weather in Havana was fine: 20,000 people went out."),
    ("p4", "…"),
]
WORDS = st.sampled_from(["cuba", "russia", "pact", "accord", "weather", "ukraine", "fighting", "20,000", "the", "of"])


def rarities(index: LexicalIndex, words: list[str]) -> dict[str, float]:
    return {word: idf(len(index.ids), index.document_frequency(word)) for word in words}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(IngestSettings(home=tmp_path_factory.mktemp("home"), embeddings="small", chroma_url="")) as store:
        yield store


@pytest.fixture
def store(opened: Store) -> Iterator[Store]:
    """An open store with one article on its desk."""
    put(opened, article("Cuba signed a pact."))
    yield opened
    for each in opened.articles():
        opened.remove(each)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """The file of an index."""
    path = tmp_path / "desk" / "r1.npz"
    LexicalIndex.build(PASSAGES).save(path)
    return path


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


# -- the words of a text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Fighters were fighting", ["fighter", "were", "fight"]),
        ("20,000 people; 3.5 percent", ["20,000", "peopl", "3.5", "percent"]),
        ("Russia’s pact", ["russia", "s", "pact"]),
        ("Киев відповів", ["киев", "відповів"]),
        ("東京 العربية", ["東京", "العربية"]),
        ("… – !?", []),
    ],
)
def test_the_terms_of_a_text(text: str, found: list[str]) -> None:
    assert terms(text) == found


# -- scores


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=12), st.lists(WORDS))
def test_scores_are_those_of_bm25s(texts: list[str], query: list[str]) -> None:
    index = LexicalIndex.build([(str(n), text) for n, text in enumerate(texts)])
    peer = bm25s.BM25(k1=K1, b=B, method="lucene")
    peer.index([terms(text) for text in texts], show_progress=False)
    known = [term for term in dict.fromkeys(terms(" ".join(query))) if term in peer.vocab_dict]
    expected = peer.get_scores(known) if known else np.zeros(len(texts))
    np.testing.assert_allclose(index.scores(rarities(index, known)), expected, rtol=1e-4, atol=1e-6)


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, max_size=12).map(" ".join), min_size=1, max_size=12), st.lists(WORDS, max_size=6))
def test_no_passage_scores_more_than_its_terms_are_worth(texts: list[str], query: list[str]) -> None:
    index = LexicalIndex.build([(str(n), text) for n, text in enumerate(texts)])
    worth = dict.fromkeys(terms(" ".join(query)), 2.0)
    scores = index.scores(worth)
    assert scores.shape == (len(texts),)
    assert (scores >= 0).all()
    assert (scores <= sum(worth.values())).all()


def test_document_frequency_counts_passages_not_words() -> None:
    index = LexicalIndex.build(PASSAGES)
    assert [index.document_frequency(term) for term in ("pact", "russia", "nobody", "")] == [1, 2, 0, 1]
    assert index.at == {"p1": 0, "p2": 1, "p3": 2, "p4": 3}


def test_other_scripts_are_found() -> None:
    index = LexicalIndex.build([("uk", "Київ відповів."), ("ja", "東京 は 晴れ"), ("en", "Kyiv answered.")])
    assert int(np.argmax(index.scores({"київ": 1.0}))) == 0
    assert int(np.argmax(index.scores({"東京": 1.0}))) == 1


def test_an_empty_desk_has_an_index_that_finds_nothing() -> None:
    index = LexicalIndex.build([])
    assert index.scores({"cuba": 1.0}).tolist() == []
    assert (index.document_frequency("cuba"), index.at) == (0, {})


# -- the file


def test_a_saved_index_is_read_back_equal(saved: Path) -> None:
    built, read = LexicalIndex.build(PASSAGES), LexicalIndex.load(saved)
    assert read is not None
    assert list(read.ids) == list(built.ids)
    for text in (text for _, text in PASSAGES):
        worth = rarities(built, terms(text))
        assert rarities(read, terms(text)) == worth
        assert read.scores(worth).tolist() == built.scores(worth).tolist()
    assert files(saved.parent) == ["r1.npz"]


def test_what_is_not_there_or_damaged_is_not_read(saved: Path, tmp_path: Path) -> None:
    whole = saved.read_bytes()
    assert LexicalIndex.load(tmp_path / "nothing.npz") is None
    chance = random.Random(0)
    for size in (0, 1, 30, len(whole) // 2, len(whole) - 1):
        saved.write_bytes(whole[:size])
        assert LexicalIndex.load(saved) is None
    for _ in range(200):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(whole))] ^= chance.randint(1, 255)
        saved.write_bytes(damaged)
        index = LexicalIndex.load(saved)  # nothing worse than None
        assert index is None or list(index.ids) == [id for id, _ in PASSAGES]


# -- all desks of a store


def test_an_index_is_built_once_for_a_revision_and_kept_for_the_next_process(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = LexicalIndexes(store, tmp_path)
    index = first.of("default")
    assert first.of("default") is index
    monkeypatch.setattr(LexicalIndex, "build", lambda *_: pytest.fail("it is on the disk"))
    assert LexicalIndexes(store, tmp_path).of("default").ids == index.ids
    assert files(tmp_path) == [f"{store.revision('default')}.npz"]


def test_a_change_of_the_desk_is_seen_and_the_old_file_goes(store: Store, tmp_path: Path) -> None:
    indexes = LexicalIndexes(store, tmp_path)
    assert indexes.of("default").document_frequency("accord") == 0
    put(store, article("Venezuela has an accord.", "/b.txt"))
    assert indexes.of("default").document_frequency("accord") == 1
    for each in store.articles():
        store.remove(each)
    assert indexes.of("default").ids == []
    put(store, article("Venezuela has an accord.", "/b.txt"))
    assert len(indexes.of("default").ids) == 1
    assert files(tmp_path) == [f"{store.revision('default')}.npz"]


def test_a_damaged_file_is_built_again(store: Store, tmp_path: Path) -> None:
    LexicalIndexes(store, tmp_path).of("default")
    [file] = tmp_path.rglob("*.npz")
    file.write_bytes(file.read_bytes()[:100])
    assert LexicalIndexes(store, tmp_path).of("default").document_frequency("cuba") == 1
    assert LexicalIndex.load(file) is not None


def test_a_folder_that_cannot_be_written_is_no_reason_not_to_answer(store: Store, tmp_path: Path) -> None:
    (tmp_path / "lexical").write_text("a file")
    assert LexicalIndexes(store, tmp_path / "lexical").of("default").document_frequency("cuba") == 1


def test_a_draft_is_left_to_who_writes_it_unless_that_was_long_ago(store: Store, tmp_path: Path) -> None:
    (tmp_path / "default").mkdir()
    for name in (".draft-now", ".draft-old"):
        (tmp_path / "default" / name).write_text("half an index")
    os.utime(tmp_path / "default" / ".draft-old", (0, time.time() - 7200))
    LexicalIndexes(store, tmp_path).of("default")
    assert files(tmp_path) == [".draft-now", f"{store.revision('default')}.npz"]


def test_an_unknown_desk_is_empty(store: Store, tmp_path: Path) -> None:
    assert LexicalIndexes(store, tmp_path).of("nowhere").ids == []
    assert files(tmp_path) == []


def test_many_at_once_write_one_folder(store: Store, tmp_path: Path) -> None:
    one, other = (LexicalIndexes(store, tmp_path) for _ in range(2))  # as two processes would
    for _ in range(5):
        shutil.rmtree(tmp_path / "default", ignore_errors=True)
        put(store, article(f"Cuba signed {random.random()} pacts."))
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda n: (one, other)[n % 2].of("default").ids, range(16)))
        assert all(ids == found[0] for ids in found)
        assert files(tmp_path) == [f"{store.revision('default')}.npz"]
