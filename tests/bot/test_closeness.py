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
    row = closeness(read(question), [evidence(text)], [(0, at)], embedder)[0]
    return float(row[NAMES.index(name)])


def test_a_word_that_has_no_counterpart_is_far(embedder: Embedder) -> None:
    killed, captured = "How many Cubans have been killed?", "Kyiv has captured 20,000 Cubans."
    assert close(embedder, "close_least", killed, "Kyiv says 20,000 Cubans have been killed.") > 0.8
    assert close(embedder, "close_least", killed, captured) < 0.7
    assert close(embedder, "close_things_least", killed, captured) <= close(embedder, "close", killed, captured)


def test_there_is_a_row_for_every_place_and_a_column_for_every_name(embedder: Embedder) -> None:
    found = [evidence("Cuba signed. Havana waits.", "a"), evidence("Kyiv waits.", "b")]
    places = [(0, 1), (1, 0), (0, 0)]
    rows = closeness(read("Who waits in Havana?"), found, places, embedder)
    assert rows.shape == (3, len(NAMES))
    assert np.isfinite(rows).all()
    one = closeness(read("Who waits in Havana?"), found, places[:1], embedder)
    np.testing.assert_allclose(rows[0], one[0], atol=1e-4)


@pytest.mark.parametrize("question", ["", "?!", "😀", "who is he", "word " * 2_000, "Киев"])
def test_whatever_is_asked_it_is_a_number(embedder: Embedder, question: str) -> None:
    for text in ("Cuba signed.", "…", "😀"):
        rows = closeness(read(question), [evidence(text)], [(0, 0)], embedder)
        assert rows.shape == (1, len(NAMES))
        assert np.isfinite(rows).all()
