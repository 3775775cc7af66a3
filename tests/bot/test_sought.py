"""What sort of thing a question wants to hear, and which sentences offer one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sought import sought


@pytest.mark.parametrize(
    ("question", "sort", "noun"),
    [
        ("Which country did Norway sign with?", "country", "country"),
        ("What nationality is the skipper?", "country", "nationality"),
        ("What is the nationality of the skipper?", "country", "nationality"),
        ("Which minister signed?", "person", "minister"),
        ("Who signed?", "person", ""),
        ("Which insurance company paid?", "body", "company"),
        ("In which small town did it happen?", "place", "town"),
        ("Where did it happen?", "place", ""),
        ("Which treaty is it compared with?", "named", "treaty"),
        ("What is the name of the ship?", "named", "name"),
        ("How much did the bridge cost?", "money", ""),
        ("What price was paid?", "money", "price"),
        ("How old is she?", "age", ""),
        ("How long did it last?", "duration", ""),
        ("For how many years did it last?", "duration", ""),
        ("How many came?", "count", ""),
        ("When did it end?", "date", ""),
        ("In which year did it end?", "date", "year"),
        ("Why did it end?", "reason", ""),
        ("What did the mayor say?", "", ""),
        ("", "", ""),
    ],
)
def test_the_sort_of_thing_that_is_sought(question: str, sort: str, noun: str) -> None:
    read = sought(question)
    assert (read.sort, read.noun) == (sort, noun)


@pytest.mark.parametrize(
    ("question", "offers", "does_not"),
    [
        ("Which country did Norway sign with?", "It signed with Chile.", "Norwegian lawmakers signed."),
        ("What nationality is Anna Berg?", "The Danish cook wept.", "The Danish government caught Anna Berg."),
        ("Who met Anna Berg?", "Anna Berg met Tom Hill.", "Anna Berg met someone from North Korea on Monday."),
        ("Which company builds the Zephyr?", "Zephyrs come from Halden.", "The Zephyr flew to Norway."),
        ("Where did it sink?", "It sank off Norway.", "It sank at night."),
        ("Which treaty was signed?", "The mutual defence treaty was signed.", "They signed it at noon."),
        ("How much did it cost?", "It cost nine euros.", "It was dear."),
        ("How long did it last?", "It lasted nine weeks.", "It was soon over."),
        ("How many came?", "Nine came.", "Some came."),
        ("When did it end?", "It ended on Monday.", "It ended well."),
        ("Why did it end?", "The ban is meant to spare the fish.", "It ended on Monday."),
    ],
)
def test_a_sentence_offers_what_is_sought_or_does_not(question: str, offers: str, does_not: str) -> None:
    assert sought(question).offered(offers)
    assert not sought(question).offered(does_not)


def test_a_question_of_no_known_sort_is_content_with_any_sentence() -> None:
    assert sought("What did he say?").offered("It rained.")


@pytest.mark.parametrize(
    ("question", "fits", "does_not"),
    [
        ("Which country did they sign a pact with?", "A pact with the young republic of Chile.", "Chile objects."),
        ("With which country did they sign a pact?", "A pact with Chile.", "Chile objects."),
        ("Which place does he come from?", "Berg, a cook of Bergen, wept.", "Bergen rejoiced."),
        ("Which country is she from?", "The Dane wept.", "She wept."),
        ("Which country objects?", "Chile objects.", "Nobody objects."),
    ],
)
def test_what_is_offered_goes_with_the_preposition_of_the_question(question: str, fits: str, does_not: str) -> None:
    assert sought(question).goes_with(fits)
    assert not sought(question).goes_with(does_not)


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_question_can_be_held_against_any_sentence(question: str, sentence: str) -> None:
    read = sought(question)
    assert read.offered(sentence) in (True, False)
    assert read.goes_with(sentence) in (True, False)
