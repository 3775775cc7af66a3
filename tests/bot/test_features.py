"""What can be told of a sentence: each feature where it should be high, and where it should be low."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features import NAMES, describe
from bot.question import read
from tests.bot.evidence import evidence


def feature(name: str, question: str, text: str, at: int = 0) -> float:
    """A feature of a sentence of a text that was found for a question."""
    described = describe(read(question), [evidence(text)])
    return float(described.rows[described.places.index((0, at)), NAMES.index(name)])


def test_every_sentence_has_a_row_and_every_feature_a_column() -> None:
    found = [evidence("Cuba signed. Havana waits.", "a"), evidence("Kyiv waits.", "b")]
    described = describe(read("Who signed?"), found)
    assert described.places == ((0, 0), (0, 1), (1, 0))
    assert described.rows.shape == (3, len(NAMES))
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize(
    ("name", "question", "high", "low"),
    [
        ("said", "Who signed the pact?", "Cuba signed the pact.", "Havana waits."),
        ("pairs", "Who signed the pact?", "Cuba signed the pact.", "The pact is signed."),
        ("names_said", "What did Yusov say?", "Yusov spoke.", "He spoke."),
        ("numbers_said", "Who counted 20,000 men?", "Kyiv counts 20,000.", "Kyiv counts 10,000."),
        ("new_names", "What did Yusov say?", "Yusov met Andriy Melnyk.", "Yusov spoke."),
        ("new_numbers", "How many men?", "It was 12 men.", "It was men."),
        ("new_times", "When was it?", "It was on Tuesday.", "It was soon."),
        ("when_time", "When was it?", "It was in 2018.", "It was soon."),
        ("when_no_time", "When was it?", "It was soon.", "It was in 2018."),
        ("number_digits", "How many came?", "About 12 came.", "About a dozen came."),
        ("number_number", "How many came?", "Twelve came.", "Some came."),
        ("who_name", "Who came?", "It was Andriy Yusov.", "It was a man."),
        ("where_name", "Where was it?", "It was in Havana.", "It was at home."),
        ("why_reason", "Why did it fail?", "It failed because of rain.", "It failed."),
        ("how_means", "How did he flee?", "He fled by boat.", "He fled."),
        ("offered", "Which country signed?", "Chile signed.", "Nobody signed."),
        ("not_offered", "Which country signed?", "Nobody signed.", "Chile signed."),
        ("goes_with", "Which country did they sign with?", "They signed with Chile.", "Chile signed."),
        ("goes_without", "Which country did they sign with?", "Chile signed.", "They signed with Chile."),
        ("plainly_not", "How long did it last?", "It was over.", "It lasted nine days."),
        ("said", "What did Cuba sign?", "Cuban lawmakers signed.", "Lawmakers signed."),
        ("is_question", "Who came?", "Who came?", "Someone came."),
        ("length", "Who came?", "Someone came to the house today.", "Someone came."),
    ],
)
def test_a_feature_tells_one_sentence_from_another(name: str, question: str, high: str, low: str) -> None:
    assert feature(name, question, high) > feature(name, question, low)


def test_what_is_said_before_and_after_counts_beside_the_sentence_itself() -> None:
    text = "Cuba signed. Nobody knew. The pact holds."
    assert feature("said", "Has Cuba a pact?", text, 1) == 0
    assert feature("said_with_before", "Has Cuba a pact?", text, 1) == pytest.approx(0.5)
    assert feature("said_with_after", "Has Cuba a pact?", text, 1) == pytest.approx(0.5)
    assert feature("said_so_far", "Has Cuba a pact?", text, 2) == pytest.approx(1)
    assert feature("said_in_passage", "Has Cuba a pact?", text, 0) == pytest.approx(1)


def test_what_is_sought_may_be_offered_beside_the_sentence() -> None:
    text = "They signed it. Chile did too. Nobody knew."
    assert [feature("offered_beside", "Which country signed?", text, at) for at in range(3)] == [1, 1, 1]
    assert [feature("offered", "Which country signed?", text, at) for at in range(3)] == [0, 1, 0]


def test_the_kind_that_is_asked_for_is_one_of_all() -> None:
    described = describe(read("When did Cuba sign?"), [evidence("Cuba signed in 2018.")])
    kinds = {
        name: described.rows[0, NAMES.index(name)] for name in NAMES if name.startswith("is_") and name != "is_question"
    }
    assert sum(kinds.values()) == kinds["is_when"] == 1


@settings(deadline=None)
@given(st.text(max_size=60), st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_whatever_is_asked_of_whatever_text_it_is_a_number(question: str, texts: list[str]) -> None:
    found = [evidence(f"Cuba. {text}", str(n)) for n, text in enumerate(texts)]
    described = describe(read(question), found)
    assert np.isfinite(described.rows).all()
    behind = described.rows[:, [n for n, name in enumerate(NAMES) if name.endswith("_behind")]]
    assert (behind <= 1e-9).all()
