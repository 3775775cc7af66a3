import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.correction import LONGEST, correction
from ingest.article import normalise

STORY = "The council met on Monday. It voted 8-4 for the bridge.\n\nWork begins in May."


def notice(text: str) -> str | None:
    found = correction(text)
    return found and found.of(text)


@pytest.mark.parametrize(
    "said",
    [
        "Correction: The vote was 8-4, not 7-4.",
        "CORRECTION: The vote was 8-4, not 7-4. We regret the error.",
        "Corrections and clarifications: The vote was 8-4.",
        "Clarification: Ann Lee spoke for herself, not for the council.",
        "Correction, Oct. 8: The vote was 8-4.",
        "Correction (8 October 2025): The vote was 8-4.",
        "Correction — Oct. 8, 2025, 10:30 a.m.: The vote was 8-4.",
        "Correction 2025-10-08: The vote was 8-4.",
        "*Correction: The vote was 8-4.*",
        "An earlier version of this article gave the vote as 7-4.",
        "Correction: Oct. 9. An earlier version of this article gave the vote as 7-4.",
        "A previous version of this news story misspelled the name of Ann Lee.",
        "Update: An earlier version of this report gave the vote as 7-4.",
        "(An earlier version of this story gave the vote as 7-4.)",
        "This article was amended on 9 October 2025. The vote was 8-4.",
        "This article was amended on 9 October 2025 because an earlier version gave the vote as 7-4.",
        "This story has been corrected to show that the vote was 8-4.",
        "This Oct. 8 story has been corrected to say that the vote was 8-4.",
        "This article was updated on 9 October to correct the vote.",
        "This report has been refiled to fix the spelling of a name.",
        "The headline of this article was changed on 9 October.",
        "Editor's note: An earlier version misstated the vote.",
        "Editors’ note: The name of Ann Lee has been corrected.",
        "(Corrects the vote in paragraph one.)",
    ],
)
def test_a_notice_is_found_at_either_end_and_on_a_line_of_its_own(said: str) -> None:
    assert notice(f"{STORY}\n\n{said}") == said
    assert notice(f"{said}\n\n{STORY}") == said
    assert notice(f"A council votes.\n{said}\n{STORY}") == said


@pytest.mark.parametrize(
    "said",
    [
        "Correction: why share prices fell so fast",
        "Correction officers went on strike on Tuesday.",
        "He spent a year in the house of correction: it had been a workhouse.",
        "The Gazette printed a correction: the vote was 8-4.",
        "“Correction: I was wrong,” the mayor said.",
        "An earlier version of the bill gave the council more power.",
        "The Gazette admitted that an earlier version of this article was wrong.",
        "This report was amended by the committee before the vote.",
        "This review was corrected after the minister had read it.",
        "This article was updated on 9 October with a statement of the mayor.",
        "This article was written for The Gazette.",
        "Editor's note: Ann Lee is a former mayor. The views are her own.",
        "A correction in the market: what it means for you.",
        "The correction of the figures took a week.",
    ],
)
def test_what_an_article_tells_of_corrections_is_no_notice(said: str) -> None:
    assert notice(f"{said}\n\n{STORY}") is None
    assert notice(f"{STORY} {said}") is None


def test_a_notice_ends_with_its_line() -> None:
    said = "Correction: The vote was 8-4. We regret the error."
    assert notice(f"{STORY}\n\n{said}\nRead more on the council.\n\nMore news.") == said


def test_the_first_of_several_is_taken() -> None:
    assert notice(f"Correction: One.\n\n{STORY}\n\nCorrection: Two.") == "Correction: One."


def test_where_lines_were_lost_the_article_is_no_part_of_it() -> None:
    found = notice("Correction: The vote was 8-4. " + "It rained on the bridge. " * 100)
    assert found
    assert found.startswith("Correction: The vote was 8-4. It rained")
    assert len(found) <= LONGEST


WORDS = [
    "Correction",
    ":",
    " ",
    "\n\n",
    "\n",
    "An earlier version of this article",
    "said so.",
    "(",
    "8 Oct.",
    "“",
    "é",
]


@given(st.lists(st.sampled_from(WORDS), max_size=20))
def test_whatever_the_text_a_notice_is_some_of_it(parts: list[str]) -> None:
    text = normalise("".join(parts))
    found = correction(text)
    assert found is None or found.of(text).strip()
