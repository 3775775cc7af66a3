"""The fitted ranker: that its file is whole, and that what it says is a probability."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import rank as ranking
from bot.question import read
from bot.rank import ANSWERED_NAMES, FEW, FITTED, SENTENCE_NAMES, load_ranker, rank
from tests.bot.evidence import evidence
from tests.ingest.small import SmallEmbedder

REGRESSIONS = {"sentence": SENTENCE_NAMES, "answered": ANSWERED_NAMES}
PACT = "Cuba signed a pact on Tuesday. Havana was silent. Andriy Yusov counts 20,000. Prices rose. Kyiv waits."
TEXTS = st.lists(st.sampled_from(PACT.split()) | st.text(max_size=6), min_size=1, max_size=40).map(" ".join)


@pytest.mark.parametrize("name", REGRESSIONS)
def test_the_file_has_a_weight_for_every_feature_and_for_nothing_else(name: str) -> None:
    fitted = json.loads(FITTED.read_text())
    assert fitted[name].keys() == {"intercept", *REGRESSIONS[name]}
    assert len(REGRESSIONS[name]) == len(set(REGRESSIONS[name]))
    assert all(np.isfinite(weight) for weight in fitted[name].values())


def test_the_lines_are_drawn_between_never_and_always() -> None:
    ranker = load_ranker()
    assert 0 < ranker.refuse_below < 1
    assert 0 < ranker.quote_within < 1


def test_the_few_best_sentences_come_best_first() -> None:
    found = [evidence(PACT, "a", 0.6), evidence("The weather was fine. Nobody came.", "b", 0.2)]
    ranked = rank(load_ranker(), read("When did Cuba sign a pact?"), found, SmallEmbedder())
    assert ranked.places[0] == (0, 0)
    assert len(ranked.places) == len(ranked.likelihoods) == FEW
    assert list(ranked.likelihoods) == sorted(ranked.likelihoods, reverse=True)
    assert ranked.passages[0] > ranked.passages[1]


def test_one_sentence_is_enough_to_rank() -> None:
    ranked = rank(load_ranker(), read("When?"), [evidence("Cuba signed.")], SmallEmbedder())
    assert (ranked.places, ranked.passages) == (((0, 0),), ranked.likelihoods)


@settings(deadline=None)
@given(st.text(max_size=80) | TEXTS, st.lists(TEXTS.filter(str.strip), min_size=1, max_size=3), st.floats(-0.2, 1))
def test_whatever_is_asked_of_whatever_text_it_is_a_probability(question: str, texts: list[str], score: float) -> None:
    found = [evidence(text, str(n), score) for n, text in enumerate(texts)]
    ranked = rank(load_ranker(), read(question), found, SmallEmbedder())
    assert all(0 <= p <= 1 for p in (*ranked.likelihoods, ranked.answered))
    assert set(ranked.places) <= {(n, at) for n, e in enumerate(found) for at in range(len(e.sentences))}
    assert all(0 <= p <= 1 for p in ranked.passages)
    assert len(ranked.passages) == len(found)


def test_equals_keep_their_order() -> None:
    found = [evidence("The same. The same. The same.", id) for id in "ab"]
    places = rank(load_ranker(), read("What?"), [replace(e, score=0.5) for e in found], SmallEmbedder()).places
    assert places == rank(load_ranker(), read("What?"), found, SmallEmbedder()).places
    assert ranking.descending(np.array([0.5, 0.7, 0.5, 0.7])) == [1, 3, 0, 2]
