"""Numbers and dates by what they are worth."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.values import Number, numbers_differ, same_number, values_of
from bot.written import Date, same_date

PUBLISHED = date(2025, 10, 8)  # a Wednesday


def number(text: str) -> Number:
    [found] = values_of(text).numbers
    return found


def day(text: str) -> Date:
    [found] = values_of(text).dates
    return found


# -- numbers


@pytest.mark.parametrize(
    "text", ["20,000", "20000", "20 000", "20.000 thousand", "20 thousand", "20k", "twenty thousand", "Twenty Thousand"]
)
def test_a_number_is_worth_the_same_however_it_is_written(text: str) -> None:
    assert number(f"There are {text}.").value == 20_000


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("3.5 million", "3500000", ""),
        ("£4.5m", "4500000", "GBP"),
        ("4.5 million pounds", "4500000", "GBP"),
        ("US$3bn", "3000000000", "USD"),
        ("$350,000 a year", "350000", "USD"),
        ("60 percent", "60", "%"),
        ("60 per cent", "60", "%"),
        ("60%", "60", "%"),
        ("two hundred and fourteen", "214", ""),
        ("two dozen", "24", ""),
        ("half of it", "0.5", ""),
        ("three-quarters", "0.75", ""),
        ("minus 5", "-5", ""),
        ("7th", "7", "th"),
        ("7:40 p.m.", "1180", "clock"),
        ("4.5m deep", "4.5", "m"),
    ],
)
def test_scales_units_and_words_are_read(text: str, value: str, unit: str) -> None:
    found = number(text)
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("up to 20,000 men", "most"),
        ("more than 3,000 people", "over"),
        ("at least nine", "least"),
        ("fewer than 10", "under"),
        ("about 45 million pounds", "about"),
        ("nine people", ""),
    ],
)
def test_a_bound_belongs_to_its_number(text: str, bound: str) -> None:
    assert number(text).bound == bound


@pytest.mark.parametrize("text", ["Calder 7b", "an F-16", "Covid-19", "the G7", "8 October 2025", "in 2018"])
def test_what_is_part_of_a_name_or_a_date_is_no_number(text: str) -> None:
    assert values_of(text).numbers == ()


def test_a_score_is_two_numbers() -> None:
    assert [int(found.value) for found in values_of("It voted 7–4 and then 8-3.").numbers] == [7, 4, 8, 3]


@pytest.mark.parametrize(
    ("claimed", "written", "same", "differ"),
    [
        ("20,000", "twenty thousand", True, False),
        ("20,000", "about 20,000", True, False),
        ("20,000", "up to 20,000", False, False),
        ("2,000", "20,000", False, True),
        ("2,000", "up to 20,000", False, False),
        ("30,000", "up to 20,000", False, True),
        ("more than 30,000", "more than 3,000", False, True),
        ("4,000", "more than 3,000", False, False),
        ("20,000", "19,870", False, False),
        ("4.4 million", "about 4.5 million", False, False),
        ("60%", "60", False, False),
        ("£5", "$6", False, False),
    ],
)
def test_numbers_differ_only_where_both_cannot_be_right(claimed: str, written: str, same: bool, differ: bool) -> None:
    pair = number(claimed), number(written)
    assert (same_number(*pair), numbers_differ(*pair)) == (same, differ)


@given(st.integers(0, 10**13))
def test_every_whole_number_is_read_with_and_without_separators(value: int) -> None:
    assert number(f"There are {value:,} of them").value == number(f"It has {value:,}.").value == value
    assert same_number(number(f"{value:,}"), number(f"{value:,}"))
    assert not numbers_differ(number(f"{value:,}"), number(f"{value:,}"))


@given(st.text(alphabet="0123456789,.-–$£% thousandmilhkAprilMay()/", max_size=60))
def test_whatever_the_text_values_lie_in_it_and_apart(text: str) -> None:
    found = values_of(text)
    spans = sorted((value.start, value.end) for value in (*found.numbers, *found.dates))
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


# -- dates


@pytest.mark.parametrize(
    "text", ["8 October 2025", "2025-10-08", "October 8, 2025", "Oct. 8, 2025", "the 8th of October 2025", "8 Oct 2025"]
)
def test_a_date_is_the_same_however_it_is_written(text: str) -> None:
    assert day(f"It was on {text}.").said == (2025, 10, 8)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("in June 2024", (2024, 6, None)),
        ("in May", (None, 5, None)),
        ("in 2018, it", (2018, None, None)),
        ("on Tuesday evening, 12 March, with", (None, 3, 12)),
        ("on Sunday", (None, None, None)),
    ],
)
def test_a_date_has_what_was_written_of_it(text: str, said: tuple[int | None, ...]) -> None:
    assert day(text).said == said


@pytest.mark.parametrize("text", ["It may rain.", "They march on.", "open on Sundays", "2018 people", "30 February"])
def test_what_only_looks_like_a_date_is_none(text: str) -> None:
    assert [found for found in values_of(text).dates if found.said != (None, 2, None)] == []


@pytest.mark.parametrize(
    ("claimed", "written", "same"),
    [
        ("8 October 2025", "Oct. 8", True),
        ("7 October 2025", "on Tuesday", True),
        ("June 2025", "in June", True),
        ("June 2024", "in June", None),
        ("October", "8 October 2025", True),
        ("8 October", "in October", None),
        ("9 October 2025", "8 October 2025", False),
        ("13 March", "12 March", False),
        ("in 2017", "in 2018", False),
        ("on Monday", "on Tuesday", False),
        ("on Tuesday", "on Tuesday", True),
        ("8 October 2025", "on Tuesday", None),
        ("yesterday", "yesterday", None),
        ("May 2025", "in June", False),
    ],
)
def test_a_date_is_compared_as_far_as_both_are_plain(claimed: str, written: str, same: bool | None) -> None:
    assert same_date(day(claimed), day(written), PUBLISHED) is same


def test_without_the_day_of_the_article_nothing_is_filled_in() -> None:
    assert same_date(day("June 2025"), day("in June"), None) is None


@given(st.dates(date(1800, 1, 1), date(2099, 12, 31)), st.dates(date(1800, 1, 1), date(2099, 12, 31)))
def test_full_dates_are_the_same_exactly_when_they_are_one_day(one: date, other: date) -> None:
    written = day(f"{other.day} {other:%B} {other.year}")
    assert same_date(day(f"{one:%B} {one.day}, {one.year}"), written, PUBLISHED) is (one == other)
