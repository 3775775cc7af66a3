"""Times that an article names from its own day, and those that only look so."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import resolve
from ingest.article import Span, normalise

WEDNESDAY = date(2025, 10, 8)


def when(text: str, published: date | None = WEDNESDAY) -> dict[str, str]:
    """What is found in a text, by its words."""
    found = resolve(text, Span(0, len(text)), published)
    assert all(text[each.start : each.end] == each.text for each in found)
    return {each.text: each.date for each in found}


# -- weekdays


@pytest.mark.parametrize(
    ("sentence", "said", "meant"),
    [
        ("Lawmakers approved the pact on Tuesday.", "on Tuesday", "2025-10-07"),
        ("The upper house met on Wednesday.", "on Wednesday", "2025-10-08"),
        ("The ferry sank on Thursday.", "on Thursday", "2025-10-02"),
        ("The mayor told reporters Monday that she was tired.", "Monday", "2025-10-06"),
        ("Police arrested two men late on Sunday night.", "on Sunday night", "2025-10-05"),
        ("On Friday, the court threw out the case.", "On Friday", "2025-10-03"),
        ("Tuesday's vote ended a long dispute.", "Tuesday", "2025-10-07"),
        ("The council will vote on Friday.", "on Friday", "2025-10-10"),
        ("The shop will be closed on Monday.", "on Monday", "2025-10-13"),
        ("The ministers will meet on Wednesday.", "on Wednesday", "2025-10-08"),
        ("The trial is due to open on Tuesday.", "on Tuesday", "2025-10-14"),
        ("Officials said the vote would be held on Sunday.", "on Sunday", "2025-10-12"),
        ("The two sides agreed to meet again on Saturday.", "on Saturday", "2025-10-11"),
        ("The summit begins on Thursday.", "on Thursday", "2025-10-09"),
        ("A strike is planned for Monday.", "Monday", "2025-10-13"),
        ("The road will stay shut until Friday.", "Friday", "2025-10-10"),
        ("On Thursday the board will choose a chair.", "On Thursday", "2025-10-09"),
        ("The bank, which will close its branches, said so on Monday.", "on Monday", "2025-10-06"),
        ("The minister, who resigned on Monday, will appear in court.", "on Monday", "2025-10-06"),
        ("She will be tried for a fire that was set on Sunday.", "on Sunday", "2025-10-05"),
        ("The match was postponed on Tuesday.", "on Tuesday", "2025-10-07"),
        ("The envoy flew home last Tuesday.", "last Tuesday", "2025-10-07"),
        ("The envoy flew home last Wednesday.", "last Wednesday", "2025-10-01"),
        ("Talks are to resume next Tuesday.", "next Tuesday", "2025-10-14"),
        ("Talks are to resume next Wednesday.", "next Wednesday", "2025-10-15"),
        ("The vote this coming Sunday is the first in years.", "this coming Sunday", "2025-10-12"),
        ("The storm struck on Thursday last week.", "on Thursday last week", "2025-10-02"),
        ("The hearing is on Monday of next week.", "on Monday of next week", "2025-10-13"),
        ("“I will sign it tomorrow,” she said on Monday.", "on Monday", "2025-10-06"),
        ("“We were asked on Monday,” the captain said.", "on Monday", "2025-10-06"),
    ],
)
def test_a_weekday_is_the_latest_of_what_has_been_and_the_next_of_what_will_be(
    sentence: str, said: str, meant: str
) -> None:
    assert when(sentence) == {said: meant}


# -- months and days of months


@pytest.mark.parametrize(
    ("sentence", "said", "meant"),
    [
        ("Yusov spoke at a hearing in September.", "in September", "2025-09"),
        ("The figure was made public in May by a lawmaker.", "in May", "2025-05"),
        ("The bridge opened in December.", "in December", "2024-12"),
        ("Prices fell in October.", "in October", "2025-10"),
        ("The law will take effect in January.", "in January", "2026-01"),
        ("The museum is expected to reopen in May.", "in May", "2026-05"),
        ("Exports have fallen since March.", "March", "2025-03"),
        ("This June, Venezuela joined a deal.", "This June", "2025-06"),
        ("The plant opened last May.", "last May", "2025-05"),
        ("The plant opened in May last year.", "in May last year", "2024-05"),
        ("Voters go to the polls in January next year.", "in January next year", "2026-01"),
        ("The June summit ended without a deal.", "June", "2025-06"),
        ("Speaking in September, the spokesman put the number at 20,000.", "in September", "2025-09"),
        ("Kyiv announced an effort to widen its presence in July.", "in July", "2025-07"),
        ("Zablotskyy, who in May first gave the figure, testified too.", "in May", "2025-05"),
        ("He was invited on October 7.", "on October 7", "2025-10-07"),
        ("The tanker left port on 12 November.", "on 12 November", "2024-11-12"),
        ("The tanker will leave port on 12 November.", "on 12 November", "2025-11-12"),
        ("MOSCOW, Oct. 8 — Lawmakers approved the pact.", "Oct. 8", "2025-10-08"),
        ("The pact was signed on Tuesday, Oct. 7.", "on Tuesday, Oct. 7", "2025-10-07"),
        ("A bomb exploded on 3 May last year.", "on 3 May last year", "2024-05-03"),
        ("The fair drew crowds on Feb. 29.", "on Feb. 29", "2024-02-29"),
    ],
)
def test_a_month_or_a_day_of_one_is_the_latest_or_the_next(sentence: str, said: str, meant: str) -> None:
    assert when(sentence) == {said: meant}


# -- what is counted from the article's day


@pytest.mark.parametrize(
    ("sentence", "said", "meant"),
    [
        ("The talks broke down yesterday.", "yesterday", "2025-10-07"),
        ("The talks broke down the day before yesterday.", "the day before yesterday", "2025-10-06"),
        ("The king died earlier today.", "earlier today", "2025-10-08"),
        ("The team plays tonight.", "tonight", "2025-10-08"),
        ("A fire broke out last night.", "last night", "2025-10-07"),
        ("The queen arrives tomorrow morning.", "tomorrow morning", "2025-10-09"),
        ("She flies home the day after tomorrow.", "the day after tomorrow", "2025-10-10"),
        ("The army withdrew last week.", "last week", "2025-W40"),
        ("Parliament returns next week.", "next week", "2025-W42"),
        ("The judge ruled earlier this month.", "earlier this month", "2025-10"),
        ("The judge ruled last month.", "last month", "2025-09"),
        ("Last year, the firm lost money.", "Last year", "2024"),
        ("The budget is to shrink next year.", "next year", "2026"),
        ("Two days ago the dam burst.", "Two days ago", "2025-10-06"),
        ("The dam burst three weeks ago.", "three weeks ago", "2025-W38"),
        ("The pair met a year ago.", "a year ago", "2024"),
        ("The dam was built 11 months ago.", "11 months ago", "2024-11"),
        ("Prices fell from this month last year.", "last year", "2024"),
        ("Sales rose in 2023 after a fall in the previous year.", "the previous year", "2022"),
    ],
)
def test_what_is_counted_from_the_day_of_the_article(sentence: str, said: str, meant: str) -> None:
    assert when(sentence) == {said: meant}


# -- what is no time, or cannot be told


@pytest.mark.parametrize(
    "sentence",
    [
        "The library stays open on Sundays.",
        "The choir sings every Friday.",
        "He was born on a Monday.",
        "The shop is open Monday to Friday.",
        "Shoppers queued on Black Friday.",
        "The church was full on Good Friday.",
        "Thirteen people died on Bloody Sunday.",
        "The Sunday Times reported the theft.",
        "She told the Mail on Sunday that she was leaving.",
        "The Sun reported the theft, and nobody sat down.",
        "Monday.com laid off staff.",
        "Hundreds came to Friday prayers.",
        "He resigned the following Tuesday.",
        "It began that Friday.",
        "The strike was extended until Friday.",
        "The army was deployed ahead of Sunday's vote.",
        "She will speak after the ruling on Friday.",
        "The trial was due to open on Monday.",
        "It may rain, and they march on for a second.",
        "Theresa May spoke to May Britt.",
        "Theresa May won; critics of May lost.",
        "June Carter sang with April Jones.",
        "The October Revolution changed Russia.",
        "The pact was signed in June 2024.",
        "The pact was signed on 8 October 2025.",
        "It rained from March to June 2014.",
        "The strike lasted from October 3 to 5, 2024.",
        "In 2014 he took office, and in March he resigned.",
        "It snowed between November and February.",
        "The Oct. 7 attack shook the country.",
        "In May 12 people drowned.",
        "The band was famous in the 1980s.",
        "In the last year prices have doubled.",
        "He spent his last year at home.",
        "It was the last week of the campaign.",
        "Profit rose from the previous year.",
        "Two weeks earlier, he had resigned.",
        "The wreck was found about two years ago.",
        "The rock formed 66 million years ago.",
        "He told USA Today that he would stay.",
        "She sang Yesterday at the wedding.",
        "The pact was signed on Monday, Oct. 7.",
        "The café closed on 31 June.",
        "The band called off Saturday's concert.",
        "The club cancelled Saturday's concert.",
        "It was the Tuesday of the flood.",
    ],
)
def test_what_is_no_time_or_cannot_be_told_is_left_alone(sentence: str) -> None:
    assert when(sentence) == {}


def test_without_the_day_of_the_article_nothing_is_told() -> None:
    assert when("Lawmakers approved the pact on Tuesday, and last year.", None) == {}


def test_on_a_sunday_it_is_not_clear_which_week_is_this_one() -> None:
    assert when("The army withdrew last week and last month.", date(2025, 10, 5)) == {"last month": "2025-09"}


def test_a_month_beside_a_year_in_the_sentence_before_is_left_alone() -> None:
    assert when("He took office in 2014. In March he resigned.") == {}
    assert when("He took office in 2014.\n\nIn March he resigned.") == {"In March": "2025-03"}


def test_over_the_turn_of_the_year() -> None:
    january = date(2026, 1, 2)
    assert when("It snowed in December, on Wednesday and last week.", january) == {
        "in December": "2025-12",
        "on Wednesday": "2025-12-31",
        "last week": "2025-W52",
    }


def test_all_times_of_a_quote_come_in_order_with_their_places_in_the_article() -> None:
    text = "Havana was silent. Last year the talks failed. They resumed on Monday, and will end in May."
    quote = Span(text.index("Last"), len(text))
    found = resolve(text, quote, WEDNESDAY)
    assert [(each.text, each.date, each.precision) for each in found] == [
        ("Last year", "2024", "year"),
        ("on Monday", "2025-10-06", "day"),
        ("in May", "2026-05", "month"),
    ]
    assert all(text[each.start : each.end] == each.text for each in found)


COUNTED = ("on", "in", "Tuesday", "May", "March", "last", "next", "year", "week", "the", "previous", "a", "3", "days")
AROUND = (
    "ago",
    "will",
    "met",
    "2014",
    "Oct.",
    "31",
    "yesterday",
    ",",
    ".",
    "\n\n",
    "until",
    "Friday's",
    "“so”",
    "俄",
    "to",
    "Mar",
    "Jun",
)
PIECES = st.sampled_from((*COUNTED, *AROUND, "\ud800"))


@given(st.lists(PIECES, max_size=30), st.dates())
def test_whatever_the_text_each_time_stands_in_the_quote_and_no_two_overlap(parts: list[str], published: date) -> None:
    text = normalise(" ".join(parts))
    found = resolve(text, Span(0, len(text)), published)
    assert all(text[each.start : each.end] == each.text != "" for each in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
