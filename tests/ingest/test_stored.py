from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.article import Article
from ingest.embed import unit
from ingest.errors import StoreError
from ingest.stored import (
    StoredArticle,
    Version,
    article_from_record,
    next_version,
    pack,
    passage_from_record,
    passage_records,
    record_from_article,
    unpack,
)
from ingest.words import weighty_words
from tests.ingest.small import NOW, SmallEmbedder, article, prepared

LATER = datetime(2025, 11, 1, tzinfo=UTC)
TEXT = "Cuba signed a pact with Russia. It was ratified on Wednesday.\n\nKyiv protested."


def follow(before: StoredArticle | None, of: Article, now: datetime) -> StoredArticle:
    return next_version(before, "1", "default", prepared(of, SmallEmbedder()), now)


def test_a_new_text_supersedes_the_one_before_and_one_that_comes_back_is_current_again() -> None:
    a, b = article("A text."), article("B text.")
    first = follow(None, a, NOW)
    second = follow(first, b, LATER)
    third = follow(second, a, LATER)
    assert first.versions == (Version(a.version, NOW),)
    assert second.versions == (Version(a.version, NOW, LATER), Version(b.version, LATER))
    assert third.versions == (Version(b.version, LATER, LATER), Version(a.version, LATER))
    assert (third.version, third.passages, third.characters) == (a.version, 1, 7)


@given(
    st.builds(
        StoredArticle,
        id=st.text(),
        published=st.none() | st.dates(),
        versions=st.lists(
            st.builds(
                Version,
                ingested=st.datetimes(timezones=st.just(UTC)),
                superseded=st.none() | st.datetimes(timezones=st.just(UTC)),
            ),
            min_size=1,
        ).map(tuple),
    )
)
def test_an_article_reads_back_from_its_record(of: StoredArticle) -> None:
    assert article_from_record(record_from_article(of)) == of


def test_an_article_without_facts_has_none_of_them() -> None:
    bare = follow(None, Article(TEXT, "Title", "/a"), NOW)
    record = record_from_article(bare)
    kept = record._replace(metadata={key: value for key, value in record.metadata.items() if value is not None})
    assert article_from_record(kept) == bare
    dated = follow(None, Article(TEXT, "Title", "/a", published=date(2025, 10, 8)), NOW)
    assert record_from_article(dated).metadata["published"] == "2025-10-08"


def test_a_passage_reads_back_from_its_record() -> None:
    of = article(TEXT)
    whole = prepared(of, SmallEmbedder())
    for passage, record, rows in zip(whole.passages, passage_records("1", whole), whole.sentence_vectors, strict=True):
        back = passage_from_record(record)
        assert (back.article_id, back.version, back.passage) == ("1", of.version, passage)
        assert back.text == passage.span.of(TEXT)
        assert np.allclose((back.sentence_vectors * rows).sum(axis=1), 1, atol=0.001)


def test_a_passage_of_an_earlier_citedesk_is_refused_with_what_to_do() -> None:
    record, *_ = passage_records("1", prepared(article(TEXT), SmallEmbedder()))
    kept = {name: value for name, value in record.metadata.items() if name != "words"}
    with pytest.raises(StoreError, match="ingest the articles again"):
        passage_from_record(record._replace(metadata=kept))


def test_every_weighty_word_of_a_passage_has_its_vector() -> None:
    whole = prepared(article(TEXT), SmallEmbedder())
    for record, rows in zip(passage_records("1", whole), whole.word_vectors, strict=True):
        back = passage_from_record(record)
        words = unpack(back.packed_words, len(weighty_words(back.text)))
        assert np.allclose((words * rows).sum(axis=1), 1, atol=0.001)


@pytest.mark.parametrize("dimension", [1, 8, 384, 1024])
@pytest.mark.parametrize("outlier", [0, 5, 50])
def test_packed_vectors_keep_their_cosines(dimension: int, outlier: float) -> None:
    vectors = np.random.default_rng(dimension).normal(size=(200, dimension)).astype(np.float32)
    vectors[:, 0] += outlier  # one number far larger than the rest, as models have it
    whole = unit(vectors)
    back = unpack(pack(whole), len(whole))
    assert np.abs(np.linalg.norm(back, axis=1) - 1).max() < 1e-6
    assert np.abs(back @ back.T - whole @ whole.T).max() < 0.01
    assert np.abs(back @ whole.T - whole @ whole.T).max() < 0.01


def test_a_zero_vector_stays_zero() -> None:
    assert not unpack(pack(np.zeros((2, 8), np.float32)), 2).any()
