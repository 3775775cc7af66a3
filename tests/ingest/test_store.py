"""The store, on a real Chroma in a folder of its own."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import Article, Passage, Span, article_id, normalise
from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.errors import StoreError
from ingest.store import Store, check_desk
from ingest.stored import Prepared
from tests.ingest.small import NOW, SmallEmbedder, article, everything, prepared, put, seen, stored

A = "Cuba signed a pact with Russia. It was ratified on Wednesday."
B = "Cuba signed a pact with Russia. It was ratified on Thursday, after a delay."


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(IngestSettings(home=tmp_path_factory.mktemp("home"), embeddings="small", chroma_url="")) as store:
        yield store


@pytest.fixture
def store(opened: Store) -> Iterator[Store]:
    """An open store without articles."""
    yield opened
    for each in opened.articles():
        opened.remove(each)


def texts(store: Store, desk: str = "default") -> set[str]:
    return {text for _, _, text in seen(store, desk)}


def test_an_article_is_kept_as_it_was_given(store: Store) -> None:
    of = article(A, byline="A. Reporter", published=date(2025, 10, 8), language="en", url="https://news.example/pact")
    put(store, of)
    [kept] = store.articles()
    assert (kept.id, kept.desk, kept.version) == (article_id("default", of), "default", of.version)
    assert (kept.title, kept.source, kept.byline, kept.published, kept.language, kept.url) == (
        "The pact",
        "/news/pact.txt",
        "A. Reporter",
        date(2025, 10, 8),
        "en",
        "https://news.example/pact",
    )
    assert (kept.passages, kept.characters, kept.versions[0].superseded) == (1, len(A), None)
    assert store.text(kept.id, kept.version) == A
    assert store.find([kept.id, "nobody"]) == {kept.id: kept}


def test_the_nearest_passage_comes_first_with_its_cosine(store: Store) -> None:
    put(store, article(A), article("Havana denied it.", "/b"), article("The weather was fine.", "/c"))
    vector = SmallEmbedder().embed_query("Havana denied it.")
    found = store.search("default", vector, 2)
    assert found[0][0].text == "Havana denied it."
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    assert found[0][1] == pytest.approx(1, abs=1e-4)
    assert len(found) == 2
    assert len(store.search("default", vector, 100)) == 3


def test_a_passage_is_fetched_with_the_vector_it_was_put_with(store: Store) -> None:
    put(store, article(A))
    [(id, text)] = store.words("default")
    [(hit, vector)] = store.fetch("default", [id, "nobody"])
    assert (hit.id, hit.text) == (id, text) == (id, A)
    assert vector.tolist() == pytest.approx(SmallEmbedder().embed_query(A), abs=1e-6)
    assert store.fetch("default", []) == []


def test_a_new_version_is_searched_and_the_old_one_can_be_read_only(store: Store) -> None:
    old, new = article(A), article(B)
    put(store, old)
    put(store, new)
    kept = stored(store, new)
    assert texts(store) == {B}
    assert list(store.words("default")) == [(hit, B) for hit, _ in store.words("default")]
    assert [(version.name, version.superseded) for version in kept.versions] == [
        (old.version, NOW),
        (new.version, None),
    ]
    assert store.text(kept.id, old.version) == A
    assert store.text(kept.id, new.version) == B


def test_a_text_that_comes_back_is_current_again(store: Store) -> None:
    for text in (A, B, A):
        put(store, article(text))
    kept = stored(store, article(A))
    assert [version.name for version in kept.versions] == [article(B).version, article(A).version]
    assert texts(store) == {A}
    assert store.text(kept.id, article(B).version) == B


def test_facts_are_corrected_without_a_new_version(store: Store) -> None:
    put(store, article(A, byline="A. Reporter"))
    before = stored(store, article(A))
    after = store.describe(before, article(A, title="A pact", url="https://news.example"))
    assert (after.title, after.byline, after.url) == ("A pact", None, "https://news.example")
    assert after.versions == before.versions
    assert store.articles() == [after]


def test_what_is_removed_leaves_nothing(store: Store) -> None:
    put(store, article(B, "/other"))
    before = everything(store)
    put(store, article(A))
    put(store, article(B))
    kept = stored(store, article(B))
    store.remove(kept)
    assert everything(store) == before
    assert store.text(kept.id, article(A).version) is None
    store.remove(kept)  # twice does no harm


def test_the_same_source_on_two_desks_is_two_articles(store: Store) -> None:
    put(store, article(A), desk="one")
    put(store, article(B), desk="two")
    assert texts(store, "one") == {A}
    assert texts(store, "two") == {B}
    assert [kept.desk for kept in store.articles("one")] == ["one"]
    assert {"one", "two"} <= set(store.desks())
    store.remove(stored(store, article(A), "one"))
    assert texts(store, "one") == set()
    assert texts(store, "two") == {B}


def test_two_articles_with_the_same_text_do_not_share_it(store: Store) -> None:
    put(store, article(A, "/one"), article(A, "/two"))
    store.remove(stored(store, article(A, "/one")))
    kept = stored(store, article(A, "/two"))
    assert store.text(kept.id, kept.version) == A
    assert texts(store) == {A}


def test_the_revision_changes_with_every_change_and_only_then(store: Store) -> None:
    assert store.revision("nowhere") == ""
    revisions = [put(store, article(A)) and store.revision("default")]
    revisions.append(put(store, article(B)) and store.revision("default"))
    store.describe(stored(store, article(B)), article(B, title="A pact"))
    revisions.append(store.revision("default"))
    put(store, article(A), desk="elsewhere")
    put(store, article(B, title="A pact"))
    assert store.revision("default") == revisions[-1]
    store.remove(stored(store, article(B)))
    revisions.append(store.revision("default"))
    assert len(set(revisions)) == 4


def test_nothing_is_found_on_a_desk_that_is_empty_or_unknown(store: Store) -> None:
    put(store, article(A), desk="emptied")
    store.remove(stored(store, article(A), "emptied"))
    for desk in ("emptied", "unknown"):
        assert store.search(desk, [0.1] * 8, 5) == []
        assert store.fetch(desk, ["x"]) == []
        assert list(store.words(desk)) == []
        assert store.articles(desk) == []
    assert "unknown" not in store.desks()


def test_articles_come_newest_first(store: Store) -> None:
    days = [None, date(2025, 10, 8), date(2025, 10, 9), date(2024, 1, 1)]
    put(store, *(article(A, f"/{n}", published=day) for n, day in enumerate(days)))
    assert [kept.published for kept in store.articles()] == [
        date(2025, 10, 9), date(2025, 10, 8), date(2024, 1, 1), None,
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["default", "a", "0", "guild-1.news_2", "a" * 63])
def test_what_a_desk_may_be_called(name: str) -> None:
    assert check_desk(name) == name


@pytest.mark.parametrize("name", ["", "A", "-a", "a-", "a b", "a/b", "ä", "a" * 64, "a\n", "desk:x"])
def test_what_a_desk_may_not_be_called(name: str, store: Store) -> None:
    with pytest.raises(StoreError, match=r"cannot be the name of a desk: use 1 to 63 of a-z"):
        check_desk(name)
    with pytest.raises(StoreError):
        put(store, article(A), desk=name)
    with pytest.raises(StoreError):
        store.search(name, [0.1] * 8, 5)


@pytest.mark.parametrize("name", ["a", "a" * 63])
def test_a_desk_of_the_shortest_and_the_longest_name_can_be_used(name: str, store: Store) -> None:
    put(store, article(A), desk=name)
    assert texts(store, name) == {A}


def test_another_embedding_model_is_refused_until_the_desk_is_empty(tmp_path: Path) -> None:
    with open_store(IngestSettings(home=tmp_path, embeddings="small", chroma_url="")) as store:
        put(store, article(A))
    with open_store(IngestSettings(home=tmp_path, embeddings="large", chroma_url="")) as store:
        for use in (
            lambda: store.search("default", [0.1] * 8, 5),
            lambda: store.fetch("default", ["x"]),
            lambda: put(store, article(B)),
        ):
            with pytest.raises(StoreError) as refused:
                use()
            assert str(refused.value) == (
                "The desk 'default' was embedded with 'small', and CITEDESK_EMBEDDINGS is 'large'."
                " Set it back, or use another desk or another CITEDESK_HOME."
            )
        kept = stored(store, article(A))  # what needs no vectors still works
        assert store.text(kept.id, kept.version) == A
        store.remove(kept)
        assert store.search("default", [0.1] * 3, 5) == []
        wide = Prepared(article(A), (Passage(Span(0, 4), (Span(0, 4),)),), np.eye(1, 3), *[[np.eye(1, 3)]] * 2)
        store.put("default", [wide], NOW)
        assert [hit.text for hit, _ in store.search("default", [1.0, 0.0, 0.0], 5)] == ["Cuba"]


def test_a_megabyte_of_every_kind_of_character_comes_back(store: Store) -> None:
    text = normalise("Кубинцы 古巴 🇨🇺 𝒞𝓊𝒷𝒶 \x00 'quoted' -- é.\n\n" * 25_000)
    assert len(text.encode()) > 1_000_000
    cut = tuple(Passage(Span(at, at + 5_000), (Span(at, at + 5_000),)) for at in range(0, len(text) - 5_000, 5_000))
    rows = np.eye(1, 8, dtype=np.float32).repeat(len(cut), 0)
    of = article(text, title="🇨🇺 \x00 'Cuba'")
    store.put("default", [Prepared(of, cut, rows, *[[rows[:1]] * len(cut)] * 2)], NOW)
    kept = stored(store, of)
    assert store.text(kept.id, kept.version) == text
    assert kept.title == of.title
    assert {hit.passage.span.of(text) == hit.text for hit, _ in store.search("default", [1.0] + [0.0] * 7, 500)} == {
        True
    }


@settings(max_examples=25, deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1).map(normalise).filter(bool))
def test_any_text_comes_back_and_its_passages_are_what_their_spans_cover(opened: Store, text: str) -> None:
    of = article(text)
    put(opened, of)
    kept = stored(opened, of)
    assert opened.text(kept.id, kept.version) == text == unicodedata.normalize("NFC", text)
    hits = opened.fetch("default", [id for id, _ in opened.words("default")])
    assert len(hits) == kept.passages
    assert {(hit.article_id, hit.version) for hit, _ in hits} <= {(kept.id, kept.version)}
    for hit, _ in hits:
        assert hit.text == hit.passage.span.of(text)
        assert all(hit.passage.span.covers(sentence) for sentence in hit.passage.sentences)
        assert len(hit.sentence_vectors) == len(hit.passage.sentences)


def test_thousands_of_passages_and_ids_are_no_trouble(store: Store) -> None:
    text = " ".join(f"{n:05}" for n in range(1_100))
    spans = [Span(at, at + 5) for at in range(0, len(text), 6)]
    rows = np.random.default_rng(0).normal(size=(len(spans), 8)).astype(np.float32)
    of = article(text)
    cut = tuple(Passage(span, (span,)) for span in spans)
    store.put("default", [Prepared(of, cut, rows, *[[row[None] for row in rows]] * 2)], NOW)
    words = list(store.words("default"))
    assert sorted(word for _, word in words) == text.split()
    assert len(store.fetch("default", [id for id, _ in words])) == 1_100
    assert len(store.find([stored(store, of).id, *(str(n) for n in range(40_000))])) == 1
    store.remove(stored(store, of))
    assert list(store.words("default")) == []


def test_an_article_that_another_process_is_changing_is_left_to_it(store: Store) -> None:
    one, two = article(A, "/one"), article(A, "/two")
    other = Store(store._client, "small")
    other._marks._me = "elsewhere/1/x"  # a process on another machine
    other._marks.take("default", [article_id("default", one)])
    before = everything(store)
    with pytest.raises(StoreError, match="Another process is changing the same article"):
        put(store, two, one)
    assert everything(store) == before
    put(store, two)
    assert store.recover(alone=False) == 0  # it may be alive
    assert store.recover() == 1
    put(store, one)


def test_a_change_that_failed_is_tried_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(store, "_commit", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            put(store, article(A))
    assert store.articles() == []
    put(store, article(B))
    assert texts(store) == {B}
    store.remove(stored(store, article(B)))
    assert store.recover() == 0


def test_a_text_that_cannot_be_kept_is_not_half_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, article(A))
    monkeypatch.setattr(store._texts, "read", lambda *_: "Something else.")
    with pytest.raises(StoreError, match=r"/news/pact\.txt: the store did not keep the text as it was given"):
        put(store, article(B))
    assert texts(store) == {A}


def test_whatever_fails_in_chroma_is_one_line(store: Store) -> None:
    put(store, article(A))
    with pytest.raises(StoreError) as wrong:
        store.search("default", [0.1] * 3, 5)
    assert str(wrong.value).startswith("The store in /")
    assert "dimension" in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_threads_may_share_a_store(store: Store) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: put(store, article(f"{A} Part {n % 3}.", f"/{n // 3}")), range(12)))
    current = {(kept.id, kept.version) for kept in store.articles()}
    assert len(current) == 4
    assert {(id, version) for id, version, _ in seen(store)} == current
    assert store.recover() == 0


def test_prepared_by_hand_or_by_the_pipeline_is_the_same(store: Store) -> None:
    of = article(A)
    [kept] = store.put("default", [prepared(of, SmallEmbedder())], NOW)
    assert put(store, of)[0].status == "unchanged"
    assert isinstance(of, Article)
    assert stored(store, of) == kept
