"""What is found, and above all what is not: on a real store, with a small embedder."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.lexical import LexicalIndexes
from bot.period import Period
from bot.retrieve import EVIDENCE, POOL, Evidence, Retriever
from ingest.article import Article
from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.store import Store
from ingest.stored import passage_records
from tests.ingest.small import SmallEmbedder, article, prepared, put, stored

CUBA = article("Cuba signed a pact with Russia. It was ratified on Wednesday.", "/news/cuba.txt")
OTHERS = {
    "first": [CUBA, article("Venezuela has an accord with Russia.", "/news/venezuela.txt")],
    "second": [article("Cuba signed a pact with Spain.", "/news/spain.txt")],
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(IngestSettings(home=tmp_path_factory.mktemp("home"), embeddings="small", chroma_url="")) as store:
        yield store


@pytest.fixture
def store(opened: Store) -> Iterator[Store]:
    """An open store with two desks, both with a pact."""
    for desk, articles in OTHERS.items():
        put(opened, *articles, desk=desk)
    yield opened
    for each in opened.articles():
        opened.remove(each)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lexical")


def retriever(store: Store, cache: Path, *desks: str, **settings: Any) -> Retriever:
    return Retriever(
        store=store,
        embedder=SmallEmbedder(),
        indexes=LexicalIndexes(store, cache),
        desks=desks or ("first",),
        **settings,
    )


def found(evidence: list[Evidence]) -> list[str]:
    return [e.found.text for e in evidence]


def put_half(store: Store, of: Article, desk: str) -> None:
    """Write the text and the passages of an article as a process does that is killed before it is done."""
    new = prepared(of, SmallEmbedder())
    store._writable(desk).put(
        passage_records(stored(store, of, desk).id if of.source == CUBA.source else "f" * 16, new)
    )


def test_a_passage_is_found_by_its_words_and_by_its_meaning(store: Store, cache: Path) -> None:
    best, other = retriever(store, cache).find("Who signed a pact with Russia?")
    assert best.found.text == CUBA.text
    assert (best.article.source, best.article.version) == (CUBA.source, CUBA.version)
    assert [best.sentence(at) for at in range(2)] == [
        "Cuba signed a pact with Russia.",
        "It was ratified on Wednesday.",
    ]
    assert len(best.sentence_cosines) == 2
    assert best.sentence_cosines[0] > best.sentence_cosines[1]
    assert best.score > other.score
    assert best.rarity["pact"] > best.rarity["russia"]


def test_it_is_a_langchain_retriever(store: Store, cache: Path) -> None:
    first, second = retriever(store, cache).invoke("Who signed a pact?")
    assert first.page_content == CUBA.text
    assert first.metadata.keys() == {"article_id", "version", "title", "start", "end", "score", EVIDENCE}
    assert (first.metadata["title"], first.metadata["start"], first.metadata["end"]) == ("The pact", 0, len(CUBA.text))
    assert first.metadata["version"] == CUBA.version
    assert first.metadata["score"] > second.metadata["score"]


async def _invoke(of: Retriever) -> list[str]:
    return [document.page_content for document in await of.ainvoke("Who signed a pact?")]


def test_it_can_be_awaited(store: Store, cache: Path) -> None:
    import asyncio

    assert asyncio.run(_invoke(retriever(store, cache)))[0] == CUBA.text


QUESTIONS = st.text(max_size=60) | st.lists(
    st.sampled_from(["who", "signed", "a", "pact", "with", "Spain", "Russia", "accord", "?", "😀", "не"]), max_size=8
).map(" ".join)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUESTIONS, st.sampled_from([("first",), ("second",), ("first", "second"), ("nowhere",), ("nowhere", "second")]))
def test_whatever_is_asked_only_the_desks_asked_for_are_seen(
    store: Store, cache: Path, question: str, desks: tuple[str, ...]
) -> None:
    documents = retriever(store, cache, *desks).invoke(question)
    scores = [document.metadata["score"] for document in documents]
    assert {d.metadata[EVIDENCE].article.desk for d in documents} <= set(desks)
    assert {d.page_content for d in documents} == {a.text for desk in desks for a in OTHERS.get(desk, ())}
    assert all(0 <= score <= 1 for score in scores)
    assert all(a >= b for a, b in pairwise(scores))


def test_a_word_that_is_common_on_one_desk_and_rare_on_another_counts_the_same_on_both(
    store: Store, cache: Path
) -> None:
    put(store, *(article(f"Storm number {n} came.", f"/storm/{n}") for n in range(12)), desk="first")
    put(store, article("Storm number 31 came.", "/storm/31"), *OTHERS["second"], desk="second")
    documents = retriever(store, cache, "first", "second", k=100).invoke("storm")
    of_storms = {round(d.metadata[EVIDENCE].score - 0.4 * d.metadata[EVIDENCE].cosine, 2) for d in documents}
    assert max(of_storms) <= 0.6
    assert len([score for score in of_storms if score > 0]) <= 2  # the desks differ in the mean length alone


def test_the_best_k_come_and_equals_come_in_one_order(store: Store, cache: Path) -> None:
    put(store, *(article("The same report.", f"/copy/{n}") for n in range(6)), desk="first")
    runs = [[e.found.id for e in retriever(store, cache, k=4).find("The same report?")] for _ in range(3)]
    assert runs[0] == runs[1] == runs[2] == sorted(runs[0])
    assert len(runs[0]) == 4


def test_a_new_version_is_found_and_the_old_one_is_not(store: Store, cache: Path) -> None:
    one = retriever(store, cache)
    assert CUBA.text in found(one.find("Who signed a pact?"))
    put(store, replace(CUBA, text="Cuba has signed no pact with Russia."), desk="first")
    assert found(one.find("Who signed a pact?"))[0] == "Cuba has signed no pact with Russia."
    assert CUBA.text not in found(one.find("Who signed a pact?"))


def test_what_is_removed_is_not_found(store: Store, cache: Path) -> None:
    one = retriever(store, cache)
    store.remove(stored(store, CUBA, "first"))
    assert found(one.find("Who signed a pact?")) == ["Venezuela has an accord with Russia."]


def test_a_version_that_is_half_written_is_not_found(store: Store, cache: Path) -> None:
    put_half(store, replace(CUBA, text="Cuba signed a pact with Norway."), "first")
    put_half(store, article("Cuba signed a pact with Chad.", "/news/chad.txt"), "first")
    assert found(retriever(store, cache).find("Who signed a pact?"))[0] == CUBA.text
    assert len(retriever(store, cache).find("Who signed a pact?")) == 2


def test_a_version_that_is_not_swept_away_yet_is_not_found(
    store: Store, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(Store, "_sweep", lambda *_: None)
        put(store, replace(CUBA, text="Cuba signed a pact with Norway."), desk="first")
        assert {text for _, text in store.words("first")} > {CUBA.text, "Cuba signed a pact with Norway."}
        assert CUBA.text not in found(retriever(store, cache).find("Who signed a pact with Russia?"))
    store.recover()


def test_much_that_is_half_written_does_not_crowd_out_what_is_current(store: Store, cache: Path) -> None:
    question = "Who signed a pact with Russia?"
    half = "\n\n".join(f"{question} {n} signed a pact with Russia." * 3 for n in range(3 * POOL))
    put_half(store, article(half, "/news/half.txt"), "first")
    assert len(list(store.words("first"))) > 2 * POOL
    assert found(retriever(store, cache, k=2).find(question))[0] == CUBA.text


# -- when


def test_only_the_articles_that_are_named_are_searched(store: Store, cache: Path) -> None:
    venezuela = next(a for a in store.articles("first") if a.source == "/news/venezuela.txt")
    among = frozenset([venezuela.id])
    assert found(retriever(store, cache, among=among).find("Who signed a pact with Russia?")) == [
        "Venezuela has an accord with Russia."
    ]
    assert retriever(store, cache, among=frozenset()).find("Who signed a pact with Russia?") == []


def test_of_passages_that_are_as_near_those_of_the_better_time_are_found(store: Store, cache: Path) -> None:
    for day in range(1, 4):
        told = replace(article("Norway signed a pact with Chad.", f"/{day}.txt"), published=date(2025, 10, day))
        put(store, told, desk="times")
    asked = {"newest": Period(newest_first=True), "first": Period(date(2025, 10, 1), date(2025, 10, 1))}
    days = {
        name: [e.article.published for e in retriever(store, cache, "times", k=1, period=wanted).find("Who signed?")]
        for name, wanted in asked.items()
    }
    assert days == {"newest": [date(2025, 10, 3)], "first": [date(2025, 10, 1)]}
