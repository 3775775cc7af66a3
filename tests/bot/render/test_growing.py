"""An answer as it grows: what a first message shows of it, none of which the whole answer takes back."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render.discord import answer_pages
from bot.render.growing import growing_page
from bot.render.pages import LIMIT, units
from tests.bot.render.markdown import constructs
from tests.bot.render.test_terminal import answer, cite

QUOTE = "He spoke in September."
MORE = "\n-# More may follow."

SENTENCES = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=600), min_size=1, max_size=4)


def of(*sentences: str, limit: int = LIMIT) -> str:
    return growing_page(answer(*((sentence, (1,)) for sentence in sentences), cited=(cite(1, QUOTE),)), limit)


def test_it_is_the_statements_and_a_line_that_says_that_there_may_be_more() -> None:
    assert of("Ann came.", "Ben left.") == f"Ann came. [1] Ben left. [1]{MORE}"


def test_what_an_article_says_acts_as_little_as_in_the_whole_answer() -> None:
    page = of("# @everyone see [this](https://evil.example) <#1>").removesuffix(MORE)
    assert constructs(page) == []


def test_a_sentence_that_has_no_room_waits_for_the_whole() -> None:
    assert of("a " * 900 + "b.", "c " * 100 + "d.") == of("a " * 900 + "b.")


@settings(deadline=None, max_examples=25)
@given(SENTENCES)
def test_it_fits_and_the_whole_answer_only_adds_to_it(sentences: list[str]) -> None:
    pages = [of(*sentences[:n], limit=1_000) for n in range(1, len(sentences) + 1)]
    whole = answer(*((sentence, (1,)) for sentence in sentences), cited=(cite(1, QUOTE),))
    said = " ".join(" ".join(answer_pages(whole, 1_000)).split())
    for page in pages:
        assert units(page) <= 1_000
        assert said.startswith(" ".join(page.removesuffix(MORE).split()))
