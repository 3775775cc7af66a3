"""Whether a sentence speaks of what is asked, word by word, with the real embedder."""

from pathlib import Path

import numpy as np
import pytest

from bot.closeness import NAMES, closeness
from bot.question import read
from ingest.embed import Embedder, load_embedder
from tests.bot.evidence import evidence


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    cache: Path = tmp_path_factory.mktemp("cache")
    return load_embedder(cache=cache)


def close(embedder: Embedder, name: str, question: str, text: str, at: int = 0) -> float:
    row = closeness(read(question), [evidence(text, embedder=embedder)], embedder)[at]
    return float(row[NAMES.index(name)])


def test_a_word_that_has_no_counterpart_is_far(embedder: Embedder) -> None:
    killed, captured = "How many Cubans have been killed?", "Kyiv has captured 20,000 Cubans."
    assert close(embedder, "close_least", killed, "Kyiv says 20,000 Cubans have been killed.") > 0.8
    assert close(embedder, "close_least", killed, captured) < 0.7
    assert close(embedder, "close_things_least", killed, captured) <= close(embedder, "close", killed, captured)


def test_every_sentence_is_told_by_its_own_words(embedder: Embedder) -> None:
    text = "Kyiv says 20,000 Cubans have been killed. The weather was fine."
    question = "How many Cubans have been killed?"
    assert close(embedder, "close", question, text, 0) > close(embedder, "close", question, text, 1) + 0.2


def test_there_is_a_row_for_every_sentence_and_a_column_for_every_name(embedder: Embedder) -> None:
    found = evidence("Cuba signed. Havana waits.", embedder=embedder)
    rows = closeness(read("Who waits in Havana?"), [found], embedder)
    assert rows.shape == (2, len(NAMES))
    assert np.isfinite(rows).all()
    both = closeness(read("Who waits in Havana?"), [found, found], embedder)
    np.testing.assert_allclose(both, [*rows, *rows])


@pytest.mark.parametrize("question", ["", "?!", "😀", "who is he", "word " * 2_000, "Киев"])
def test_whatever_is_asked_it_is_a_number(embedder: Embedder, question: str) -> None:
    for text in ("Cuba signed.", "…", "😀", "It is so."):
        rows = closeness(read(question), [evidence(text, embedder=embedder)], embedder)
        assert rows.shape == (1, len(NAMES))
        assert np.isfinite(rows).all()
