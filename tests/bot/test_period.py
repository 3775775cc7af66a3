"""Which articles a question asks for by its time, as seen from a Wednesday in November."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.period import Period, period, within
from ingest.stored import StoredArticle
from tests.bot.evidence import evidence

TODAY = date(2025, 11, 5)


def article(id: str, published: date | None) -> StoredArticle:
    return replace(evidence("It rained.", id).article, published=published)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("What happened today?", TODAY),
        ("What is in today's news?", TODAY),
        ("Who was arrested last night?", date(2025, 11, 4)),
        ("What did the council decide yesterday?", date(2025, 11, 4)),
        ("Who met Putin this week?", date(2025, 11, 3)),
        ("Who met Putin last week?", date(2025, 10, 27)),
        ("What has the court ruled this month?", date(2025, 11, 1)),
        ("How many ships sank last month?", date(2025, 10, 1)),
        ("How many people have drowned so far this year?", date(2025, 1, 1)),
        ("Who won last year's election?", date(2024, 1, 1)),
        ("What has changed in the last three days?", date(2025, 11, 2)),
        ("Who has resigned over the past 2 weeks?", date(2025, 10, 22)),
        ("Who has resigned in the last month?", date(2025, 10, 1)),
        ("Who has resigned in the past year?", date(2024, 11, 1)),
    ],
)
def test_a_time_as_seen_from_today_narrows_to_what_was_published_since_it_began(question: str, first: date) -> None:
    wanted = period(question, TODAY)
    assert wanted
    assert (wanted.first, wanted.last, wanted.narrows) == (first, TODAY, True)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the latest?", Period(newest_first=True)),
        ("Who rules Chad today?", Period(newest_first=True)),
        ("What has changed in the last few days?", Period(newest_first=True)),
        ("How many live as of 2024?", Period(last=date(2024, 12, 31), newest_first=True)),
        ("How many live as of March 2024?", Period(last=date(2024, 3, 31), newest_first=True)),
        ("What happened in March 2014?", Period(date(2014, 3, 1), date(2014, 3, 31))),
        ("Who was captured in 2024?", Period(date(2024, 1, 1), date(2024, 12, 31))),
        ("Who spoke to the House in September?", Period(date(2025, 9, 1), date(2025, 9, 30))),
        ("Who opened an embassy in December?", Period(date(2024, 12, 1), date(2024, 12, 31))),
    ],
)
def test_any_other_time_only_says_what_comes_first(question: str, wanted: Period) -> None:
    assert period(question, TODAY) == wanted


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("How many people has the flood killed so far this year?", "How many people has the flood killed?"),
        ("Who won last year's election in Chad?", "Who won election in Chad?"),
        ("Who is currently the mayor of Oslo?", "Who is the mayor of Oslo?"),
        ("Yesterday, who signed the pact?", "who signed the pact?"),
        ("How many people live in Chad as of 2024?", "How many people live in Chad?"),
        ("What happened this week?", None),
        ("What happened to the pact in September?", None),
    ],
)
def test_the_words_for_when_an_article_is_of_need_not_stand_in_it(question: str, rest: str | None) -> None:
    wanted = period(question, TODAY)
    assert wanted
    assert wanted.rest == rest


@pytest.mark.parametrize(
    "question",
    [
        "Who ranked Cuba at the top of the list?",
        "Who may march in Paris?",
        "What happened on Tuesday?",
        "Who died in the last year of the war?",
        "What did he paint in his last year?",
        "How many soldiers were there in 20,000 villages?",
        "When did the last week of the trial begin?",
        "What did Theresa May say?",
    ],
)
def test_no_time_at_all(question: str) -> None:
    assert period(question, TODAY) is None


def test_only_the_articles_of_a_period_that_narrows_are_searched_and_a_line_says_which() -> None:
    old, new, undated = (article("o", date(2025, 10, 8)), article("n", date(2025, 11, 4)), article("u", None))
    week = Period(date(2025, 11, 3), TODAY, narrows=True)
    assert within(week, [old, new]) == ({"n"}, "Only articles of 3 to 5 November 2025 were searched.")
    assert within(week, [old, new, undated]) == (
        {"n", "u"},
        "Only articles of 3 to 5 November 2025 and those without a date were searched.",
    )
    assert within(week, [old]) == (frozenset(), "There is no article of 3 to 5 November 2025.")
    assert within(week, [new, undated]) == (None, None)


@pytest.mark.parametrize(
    ("first", "read"),
    [
        (TODAY, "5 November 2025"),
        (date(2025, 11, 1), "1 to 5 November 2025"),
        (date(2025, 10, 27), "27 October to 5 November 2025"),
        (date(2024, 11, 1), "1 November 2024 to 5 November 2025"),
    ],
)
def test_a_period_is_read_without_saying_anything_twice(first: date, read: str) -> None:
    assert within(Period(first, TODAY, narrows=True), [article("o", date(2020, 1, 1))])[1] == (
        f"There is no article of {read}."
    )


def test_the_newest_come_first_then_the_older_then_those_without_a_date() -> None:
    days = [None, date(2024, 3, 1), date(2025, 11, 4), date(2025, 10, 8)]
    assert sorted(days, key=Period(newest_first=True).order) == [days[2], days[3], days[1], None]
    assert sorted(days, key=Period(last=date(2024, 12, 31), newest_first=True).order)[0] == days[1]


@given(st.text(), st.dates())
def test_whatever_the_question_there_is_a_period_or_none(question: str, today: date) -> None:
    wanted = period(f"{question} in the last 99 years", today)
    assert wanted is None or wanted.narrows or wanted.newest_first or wanted.first
