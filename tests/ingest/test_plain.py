"""The lines above a plain text: which are about the article, and which are the article."""

from datetime import date

import pytest

from ingest.metadata import Draft
from ingest.plain import looks_like_names, read_plain, take_header

BODY = "HAVANA, Oct 8 (Wire) - Cuba and Russia signed a pact on Tuesday.\n\nIt was the first of its kind."


def test_headline_byline_and_date_leave_the_text() -> None:
    draft = read_plain(
        f"Cuba and Russia sign pact\n\nBy Ann Lee and J. de la Cruz\nPublished: 8 October 2025\n\n{BODY}"
    )
    assert draft == Draft(BODY, "Cuba and Russia sign pact", "Ann Lee and J. de la Cruz", date(2025, 10, 8))


def test_the_summary_under_a_headline_stays_and_the_byline_under_it_goes() -> None:
    draft = read_plain(
        f"Pact signed\n\nThe first in years, officials say.\n\nBy ANN LEE, Reuters\nOct. 8, 2025\n\n{BODY}"
    )
    assert draft.text == f"The first in years, officials say.\n\n{BODY}"
    assert (draft.title, draft.byline, draft.published) == (
        "Pact signed",
        "ANN LEE, Reuters",
        date(2025, 10, 8),
    )


def test_labelled_lines() -> None:
    draft = read_plain(
        f"Title: Pact signed\nAuthor: Ann Lee\nDate: 2025-10-08\nURL: https://example.org/pact\n\n{BODY}"
    )
    assert draft == Draft(BODY, "Pact signed", "Ann Lee", date(2025, 10, 8), url="https://example.org/pact")


@pytest.mark.parametrize(
    "line",
    [
        "date 2025-10-08",
        "Date: 8 October 2025",
        "DATE: October 8, 2025",
        "Published on Oct. 8, 2025 at 3:04 pm ET",
        "Wednesday, 8 October 2025",
        "2025-10-08T23:30:00-04:00",
        "8 de octubre de 2025",
    ],
)
def test_date_lines(line: str) -> None:
    draft = read_plain(f"{line}\n\n{BODY}")
    assert (draft.published, draft.text) == (date(2025, 10, 8), BODY)


@pytest.mark.parametrize(
    "prefix", [" date 2025-10-08 ", "Date: 2025-10-08 ", "date: 8 October 2025 ", "date October 8, 2025  "]
)
def test_a_date_before_the_first_words_leaves_the_text(prefix: str) -> None:
    draft = read_plain(f"{prefix}Russia’s lawmakers passed it.\n\nMore.")
    assert (draft.published, draft.text) == (date(2025, 10, 8), "Russia’s lawmakers passed it.\n\nMore.")


@pytest.mark.parametrize(
    "text",
    [
        "Cuba signed a pact.\n\nIt was the first of its kind.",
        "“We will win.”\n\nSo said the general.",
        "Dear readers,\n\nthe pact was signed.",
        "HAVANA (Reuters)\n\nCuba signed a pact.",
        "- one item\n\nA sentence follows.",
        "Apples\n\nPears\n\nPlums",
        "A line that is wrapped\nby hand goes on here.\n\nMore.",
        "By the river stood a house.\n\nIt burned.",
        "By Popular Demand\nthe play was shown again.",
        "Date 2025-10-08 was chosen by both.",
        "date 03/04/2025\n\nThe order of day and month is not known.",
        "2025-10-08 was a Wednesday.\n\nIt rained.",
        "Yesterday\nall was well.",
        "In May 2025 the talks began.\n\nThey failed.",
        "只有一句话。\n\n还有一句。",
        "Only a headline",
        "They teach no tricks. Have you seen a show?\n\nIt began.",
        "DOVER – If it’s a game, is it football?\n\nIt was.",
        "Sara Tracey, and Jeff Platsky\n\nThey sang.",
        "Cathy Payne, USA TODAY\n\nTables are laden.",
        "Associated Press\n\nMINSK, Belarus (AP) — A protester died.",
        "From Network and wire reports\n\nPolice searched a home.",
        "date 2025-10-08",
    ],
)
def test_what_might_be_text_stays_text(text: str) -> None:
    draft = read_plain(text)
    assert (draft.text, draft.title, draft.byline, draft.published) == (text, None, None, None)


@pytest.mark.parametrize(
    "title",
    [
        "Will the pact hold?",
        "City Council Approves Budget",
        "CUBA AND RUSSIA SIGN PACT",
        "古巴与俄罗斯签署协议",
        "Trade talks begin in the U.S.",
        "Минобороны подписало договор",
    ],
)
def test_headlines(title: str) -> None:
    draft = read_plain(f"{title}\n\n{BODY}")
    assert (draft.title, draft.text) == (title, BODY)


def test_what_is_known_already_is_not_replaced() -> None:
    known = Draft("By Bob Ray\n\nText stays.", "Pact signed", "Ann Lee", date(2025, 1, 1))
    assert take_header(known) == known


def test_the_one_whom_the_last_line_asks_to_follow_is_the_author() -> None:
    text = "A pact was signed.\n\nFollow Ann Lee on Facebook and Twitter."
    assert (read_plain(text).byline, read_plain(text).text) == ("Ann Lee", text)
    for other in ("Follow us on Facebook.", "Follow The Coast Ledger on X.", "Follow Ann Lee into the park."):
        assert read_plain(f"A pact was signed.\n\n{other}").byline is None


@pytest.mark.parametrize(
    "names", ["Ann Lee", "ANN LEE", "Ann O’Neil and J. K. Rowe", "Élise von der Leyen, Reuters", "Ким Чен Ын"]
)
def test_names(names: str) -> None:
    assert looks_like_names(names)


@pytest.mark.parametrize("other", ["the river", "Land and Sea", "Monday", "The Associated Press", "12 votes to 3", ""])
def test_no_names(other: str) -> None:
    assert not looks_like_names(other)


def test_a_short_headline_is_known_by_the_byline_under_it() -> None:
    draft = read_plain(f"Cuba Signs Pact\nBy Ann Lee\n\n{BODY}")
    assert (draft.title, draft.byline, draft.text) == ("Cuba Signs Pact", "Ann Lee", BODY)
