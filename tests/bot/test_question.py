"""What a question asks for, and what a sentence offers."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.question import KINDS, names, read, telling_words
from bot.told import gives_means, gives_reason, numbers, times


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did Russia sign the pact?", "when"),
        ("In which year was it signed?", "when"),
        ("On what calendar date did Maduro speak?", "when"),
        ("How many Cubans are fighting?", "number"),
        ("How old is Stepanov?", "number"),
        ("What percentage of the aid comes from Iran?", "number"),
        ("Who spoke for Kyiv?", "who"),
        ("Which company builds the Tomahawk?", "who"),
        ("Where does Ukraine plan embassies?", "where"),
        ("Which country did Russia sign with?", "where"),
        ("Why did it fail?", "why"),
        ("How was Jarrosay captured?", "how"),
        ("What did the Duma pass?", "what"),
        ("Tell me about the pact.", "what"),
        ("", "what"),
    ],
)
def test_the_kind_of_a_question(question: str, kind: str) -> None:
    assert read(question).kind == kind


def test_the_words_that_a_question_is_about() -> None:
    asked = read("How many Cubans did Andriy Yusov count in 2025?")
    assert asked.stems == ("cuban", "andriy", "yusov", "count", "2025")
    assert asked.names == ("Cubans", "Andriy", "Yusov")
    assert asked.units == (("cuban",), ("andriy", "yusov"), ("count",), ("2025",))
    assert asked.numbers == {"2025"}
    assert asked.all_stems > set(asked.stems)


@pytest.mark.parametrize(
    ("question", "units"),
    [
        ("When was Sergey Melik-Bagdasarov invited?", (("sergey", "melik", "bagdasarov"), ("invit",))),
        ("Which country did Norway sign with?", (("norway",), ("sign",))),
        ("Which place does Jarrosay come from?", (("jarrosay",),)),
        ("What happened in 2018?", (("2018",),)),
        ("What is the ship called?", (("ship",),)),
        ("What did the company say?", (("compani",), ("say",))),
    ],
)
def test_a_word_that_only_says_what_is_asked_for_need_not_be_said(
    question: str, units: tuple[tuple[str, ...], ...]
) -> None:
    assert read(question).units == units


def test_a_question_of_function_words_alone_is_about_all_of_them() -> None:
    assert [word for _, word in telling_words("Who is he?")] == ["Who", "is", "he"]
    assert read("?!").stems == ()


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("Prices rose in Havana.", ["Havana"]),
        ("The Kremlin denied it.", ["Kremlin"]),
        ("Andriy Yusov spoke.", ["Andriy", "Yusov"]),
        ("“Cuba is ranked,” he said.", []),
        ("NATO met in the U.S. on Monday.", ["NATO", "U.S.", "Monday"]),
        ("Díaz-Canel met O’Brien, Élise and Łukasz.", ["O’Brien", "Élise"]),
        ("nobody is named here", []),
    ],
)
def test_the_names_in_a_sentence(sentence: str, found: list[str]) -> None:
    assert [name for name in names(sentence) if name in found] == found
    assert "Prices" not in names(sentence)
    assert "The" not in names(sentence)


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("About 20,000 people, or 3.5 percent, in 7 towns", ["20,000", "3.5", "7"]),
        ("Three of the twelve; both twice", ["three", "twelve", "both", "twice"]),
        ("someone often", []),
    ],
)
def test_the_numbers_in_a_sentence(sentence: str, found: list[str]) -> None:
    assert numbers(sentence) == found


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("On Tuesday, June 3, 2024", ["tuesday", "june", "2024"]),
        ("in the 19th century, around 300 BC", ["19th century", "300 bc"]),
        ("yesterday at 5 p.m.", ["yesterday", "5 p.m"]),
        ("soon", []),
    ],
)
def test_the_times_in_a_sentence(sentence: str, found: list[str]) -> None:
    assert times(sentence) == found


def test_what_says_why_and_what_says_how() -> None:
    assert gives_reason("It failed because nobody came.")
    assert not gives_reason("It failed on Monday.")
    assert gives_means("He fled by boat.")
    assert not gives_means("He fled.")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_whatever_the_question_it_is_read(question: str) -> None:
    asked = read(question)
    assert asked.kind in KINDS
    assert len(asked.stems) == sum(map(len, asked.units)) == len(telling_words(question))
    assert all(question[start:end] == word for (start, end), word in telling_words(question))
