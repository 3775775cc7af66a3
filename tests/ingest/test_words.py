from hypothesis import given
from hypothesis import strategies as st

from ingest.words import WORD, weighty_words


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in weighty_words(text)]


def test_long_words_names_and_numbers_say_something_by_themselves() -> None:
    assert words("He was in Kyiv by 8, said an aide of the U.N. on 20,000 men.") == [
        "He", "Kyiv", "8", "said", "aide", "U", "N", "20,000",
    ]  # fmt: skip
    assert words("古巴 签署, Киев") == ["古巴", "签署", "Киев"]
    assert words("it is so") == []


@given(st.text())
def test_they_are_words_in_order(text: str) -> None:
    found = weighty_words(text)
    assert found == sorted(found)
    assert set(found) <= {word.span() for word in WORD.finditer(text)}
