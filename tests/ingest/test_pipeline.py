"""From sources to the shelf: what becomes of each of them, with real files and a small embedder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from typing import Any

import pytest

from ingest import pipeline
from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.errors import StoreError
from ingest.pipeline import Ingested, ingest
from ingest.reach import Reach
from ingest.store import Store
from tests.ingest.small import NOW, SmallEmbedder, article, put, seen

TEXT = "The pact\n\nCuba signed a pact with Russia. It was ratified on Wednesday.\n"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(IngestSettings(home=tmp_path_factory.mktemp("home"), embeddings="small", chroma_url="")) as store:
        yield store


@pytest.fixture
def store(opened: Store) -> Iterator[Store]:
    yield opened
    for each in opened.articles():
        opened.remove(each)


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "b.txt").write_text(TEXT.replace("Cuba", "Peru"))
    return tmp_path


def run(store: Store, *sources: str, desk: str = "default", embedder: SmallEmbedder | None = None) -> list[Ingested]:
    return list(ingest(sources, desk, store, embedder or SmallEmbedder(), now=lambda: NOW))


def statuses(results: list[Ingested]) -> list[str]:
    return [result.status for result in results]


def test_an_article_is_added_once(store: Store, news: Path) -> None:
    embedder = SmallEmbedder()
    [added] = run(store, "a.txt", embedder=embedder)
    [kept] = store.articles()
    assert added == Ingested("a.txt", kept.id, "added", kept.passages)
    assert added.to_json() == {
        "source": "a.txt",
        "article_id": kept.id,
        "status": "added",
        "passages": kept.passages,
        "error": None,
    }
    assert kept.source == str(news / "a.txt")
    assert len(embedder.embedded) == kept.passages
    [again] = run(store, str(news / "a.txt"), embedder=embedder)
    assert (again.status, again.article_id, again.passages) == ("unchanged", kept.id, kept.passages)
    assert len(embedder.embedded) == kept.passages  # nothing more


def test_a_changed_text_is_a_new_version(store: Store, news: Path) -> None:
    run(store, "a.txt")
    (news / "a.txt").write_text(TEXT.replace("Wednesday", "Thursday"))
    [result] = run(store, "a.txt")
    [kept] = store.articles()
    assert (result.status, result.article_id, len(kept.versions)) == ("updated", kept.id, 2)
    assert {version for _, version, _ in seen(store)} == {kept.version}


def test_changed_facts_are_corrected_and_nothing_is_embedded(store: Store) -> None:
    embedder = SmallEmbedder()
    put(store, article(TEXT.strip()), embedder=embedder)
    embedder.embedded.clear()
    [result] = put(store, article(TEXT.strip(), title="A pact", byline="A. Reporter"), embedder=embedder)
    [kept] = store.articles()
    assert (result.status, kept.title, kept.byline, len(kept.versions)) == ("updated", "A pact", "A. Reporter", 1)
    assert embedder.embedded == []


def test_a_source_that_fails_does_not_stop_the_others(store: Store, news: Path) -> None:
    (news / "empty.txt").touch()
    results = run(store, "a.txt", "missing.txt", "empty.txt", "b.txt")
    assert statuses(results) == ["added", "failed", "failed", "added"]
    assert [result.source for result in results] == ["a.txt", "missing.txt", "empty.txt", "b.txt"]
    assert results[1].article_id is None
    assert "missing.txt" in (results[1].error or "")
    assert len(store.articles()) == 2


def test_a_folder_is_all_of_its_articles(store: Store, news: Path) -> None:
    assert statuses(run(store, ".")) == ["added", "added"]


def test_who_may_read_public_pages_only_reads_nothing_of_this_machine(store: Store, news: Path) -> None:
    results = list(ingest([".", "a.txt", "-"], "default", store, SmallEmbedder(), reach=Reach()))
    assert [(result.source, result.status) for result in results] == [
        (".", "failed"),
        ("a.txt", "failed"),
        ("-", "failed"),
    ]
    assert store.articles() == []


def test_the_same_source_twice_in_a_run_is_one_article(store: Store, news: Path) -> None:
    assert statuses(run(store, "a.txt", "b.txt", "./a.txt")) == ["added", "added", "unchanged"]
    assert len(store.articles()) == 2
    first, second = article("First. It was so."), article("Second. It is so.")
    assert statuses(put(store, first, second)) == ["added", "updated"]


def test_each_text_from_standard_input_is_an_article(store: Store) -> None:
    assert statuses(put(store, article("One text.", "-"), article("Another text.", "-"))) == ["added", "added"]
    assert statuses(put(store, article("One text.", "-"))) == ["unchanged"]


def test_small_articles_are_stored_together_and_large_ones_as_soon_as_they_are_read(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored: list[int] = []
    put_batch = store.put
    monkeypatch.setattr(store, "put", lambda desk, batch, now: stored.append(len(batch)) or put_batch(desk, batch, now))
    put(store, *(article(f"Article {n}.", f"/{n}") for n in range(5)))
    assert stored == [5]
    monkeypatch.setattr(pipeline, "BATCH", 2)
    put(store, *(article(f"Article {n} again.", f"/{n}") for n in range(5)))
    assert stored == [5, 2, 2, 1]
    monkeypatch.setattr(pipeline, "HOLD", -1)
    put(store, *(article(f"Article {n} at last.", f"/{n}") for n in range(2)))
    assert stored == [5, 2, 2, 1, 1, 1]


def test_while_one_batch_is_stored_the_next_is_embedded(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    embedder, put_batch, embedded_more = SmallEmbedder(), store.put, Event()
    embed = embedder.embed_with_sentences

    def embed_and_say(texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> Any:
        if embedder.embedded:
            embedded_more.set()
        return embed(texts, spans)

    def put_late(*batch: Any) -> Any:
        assert embedded_more.wait(20)
        return put_batch(*batch)

    monkeypatch.setattr(pipeline, "BATCH", 1)
    monkeypatch.setattr(store, "put", put_late)
    monkeypatch.setattr(embedder, "embed_with_sentences", embed_and_say)
    results = put(store, article("One article.", "/1"), article("Another article.", "/2"), embedder=embedder)
    assert statuses(results) == ["added", "added"]


def test_who_stops_listening_stops_the_work(store: Store, news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH", 1)
    results = ingest(["a.txt", "b.txt"], "default", store, SmallEmbedder())
    assert next(results).status == "added"
    results.close()  # type: ignore[attr-defined]
    assert not [thread for thread in enumerate_threads() if thread.name.startswith(("embedding", "storing"))]


def test_a_store_that_fails_says_so_and_keeps_what_was_reported(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "put", lambda *_: (_ for _ in ()).throw(StoreError("The store: the disk is full.")))
    with pytest.raises(StoreError, match="the disk is full"):
        put(store, article("One article.", "/1"))


def test_progress_says_what_is_read_and_how_much_is_embedded(
    store: Store, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[str, int, int]] = []
    list(ingest(["a.txt"], "default", store, SmallEmbedder(), progress=lambda *told_now: told.append(told_now)))
    count = store.articles()[0].passages
    assert told == [("a.txt", 0, 0), ("a.txt", 0, count), ("a.txt", count, count)]


def test_a_wrong_desk_is_refused_before_anything_is_read(store: Store) -> None:
    with pytest.raises(StoreError, match="cannot be the name of a desk"):
        run(store, "missing.txt", desk="No Desk")
