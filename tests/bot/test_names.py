"""Names by whom or what they name."""

import pytest

from bot.names import may_be_same, names_of, same_words


def telling(name: str) -> tuple[str, ...]:
    [found] = names_of(f"It is {name}")
    return found.telling


def same(one: str, other: str) -> bool:
    return same_words(telling(one), telling(other))


def test_names_are_found_whole() -> None:
    text = "Then Leila Haddad of the Ministry of Health met Ursula von der Leyen and the Harbour branch’s Ann."
    found = [text[name.start : name.end] for name in names_of(text)]
    assert found == ["Leila Haddad", "Ministry of Health", "Ursula von der Leyen", "Harbour", "Ann"]


@pytest.mark.parametrize("text", ["Repairs will cost much.", "The ship sank.", "In the end it sank."])
def test_a_word_that_only_opens_a_sentence_is_no_name(text: str) -> None:
    assert names_of(text) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Donald Trump", "Trump"),
        ("U.S. President Donald Trump", "Donald Trump"),
        ("Mayor Okafor", "Teresa Okafor"),
        ("P. Renshaw", "Paul Renshaw"),
        ("Frank Jarrosay", "Frank Dario Jarrosay Manfuga"),
        ("Cuba", "Cuban"),
        ("Ukraine", "Ukrainian"),
        ("France", "French"),
        ("U.S.", "United States"),
    ],
)
def test_a_part_or_another_form_names_the_same(one: str, other: str) -> None:
    assert same(one, other)
    assert same(other, one)
    assert may_be_same(telling(one), telling(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("North Korea", "South Korea"),
        ("North Korea", "Korea"),
        ("Teresa Okafor", "James Okafor"),
        ("Julia Smith", "Julian Smith"),
        ("Station Road", "Road"),
        ("Moscow", "Russia"),
    ],
)
def test_what_may_be_another_is_not_the_same(one: str, other: str) -> None:
    assert not same(one, other)


def test_a_capital_may_stand_for_its_country_so_it_is_no_other() -> None:
    assert may_be_same(telling("Moscow"), telling("Russia"))
    assert may_be_same(telling("Moscow"), telling("Kremlin"))
    assert not may_be_same(telling("Moscow"), telling("Cuba"))
