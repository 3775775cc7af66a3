"""Answers that no longer hold, as Discord's messages: what they begin with, and that they take no more than before."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answer import Answer
from bot.render.changed import changed_pages
from bot.render.discord import answer_pages
from bot.render.pages import units
from bot.stale import Current, Stale
from ingest.article import Span
from tests.bot.render.test_terminal import SPOKE, answer, cite

GONE = Stale(cite(1, SPOKE))


def became(n: int, sentence: str | None) -> Stale:
    """A quote in whose place a sentence stands now."""
    return Stale(
        cite(n, SPOKE), Current("sha256:2", sentence or ""), Span(0, len(sentence)) if sentence is not None else None
    )


def told(text: str = SPOKE) -> Answer:
    return answer((text, (1,)), cited=(cite(1, SPOKE),))


def test_an_answer_begins_with_what_was_said_and_what_is_said_now() -> None:
    assert changed_pages(told(), [became(1, "He spoke in *May*.")]) == (
        """\
⚠️ **This is no longer so in the articles.**
[1] said: He spoke in September.
It now says: He spoke in \\*May\\*.

He spoke in September. [1]

[1] Russia ratifies pact — 8 October 2025""",
    )


def test_there_may_be_nothing_like_it_or_no_article_any_more() -> None:
    [page] = changed_pages(told(), [became(1, None), GONE])
    assert page.splitlines()[1:4] == [
        "[1] said: He spoke in September.",
        "It now says nothing like it.",
        "[1] Its article has been removed since.",
    ]


def test_of_many_quotes_some_are_shown_and_the_rest_counted() -> None:
    [page] = changed_pages(told(), [became(1, "He spoke in May.")] * 7)
    assert page.count("It now says") == 3
    assert "\nAnd 4 more.\n\n" in page


@settings(max_examples=50, deadline=None)
@given(st.text(st.sampled_from("ab *@<漢🙂"), min_size=1, max_size=4000), st.integers(1, 7))
def test_it_takes_no_more_messages_than_the_answer_did(text: str, quotes: int) -> None:
    before = answer_pages(told(f"{text}."))
    pages = changed_pages(told(f"{text}."), [became(1, f"{text}.")] * quotes, most=len(before))
    assert 1 <= len(pages) <= len(before)
    assert all(units(page) <= 2000 for page in pages)
    assert pages[0].startswith("⚠️ **This is no longer so")
    assert "[1] Russia ratifies pact" in pages[-1]
