from bot.asked import Asked
from bot.stale import Current, row, stale
from ingest.article import Span
from tests.bot.conftest import CITED, fake_answer

ANSWER = fake_answer(Asked("Who came?", ("default",)))


def now(text: str) -> Current:
    return Current("sha256:2", text)


def test_an_answer_holds_as_long_as_its_quotes_stand() -> None:
    assert stale(ANSWER, lambda _: Current("sha256:1", "whatever: it is the same version")) == ()
    assert stale(ANSWER, lambda _: now("It rained. Ann\ncame. Ben stayed.")) == ()


def test_a_quote_that_changed_comes_with_the_sentence_that_is_nearest_now() -> None:
    (found,) = stale(ANSWER, lambda _: now("It rained. Eve came. Ben left."))
    assert (found.citation, found.now, found.sentence) == (CITED, Span(11, 20), "Eve came.")
    assert row(found) == {
        "n": 1,
        "quote": "Ann came.",
        "gone": False,
        "now": {"version": "sha256:2", "start": 11, "end": 20, "quote": "Eve came."},
    }


def test_a_quote_may_have_nothing_in_its_place() -> None:
    (found,) = stale(ANSWER, lambda _: now("It rained all day."))
    assert row(found) == {"n": 1, "quote": "Ann came.", "gone": False, "now": None}


def test_an_article_may_be_gone() -> None:
    (found,) = stale(ANSWER, lambda _: None)
    assert row(found) == {"n": 1, "quote": "Ann came.", "gone": True, "now": None}


def test_a_refusal_rests_on_nothing_that_could_change() -> None:
    assert stale(fake_answer(Asked("Why?", ("default",))), lambda _: None) == ()
