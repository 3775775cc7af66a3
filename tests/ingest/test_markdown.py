"""Markdown: its words without its marks, and what its front matter says."""

from datetime import date

import pytest

from ingest.errors import SourceError
from ingest.markdown import read_markdown


def text_of(markdown: str) -> str:
    return read_markdown(markdown, "a.md").text


def test_front_matter() -> None:
    draft = read_markdown(
        "---\ntitle: 'Cuba: a pact'\nauthors:\n  - Ann Lee\n  - name: Bob Ray\ndate: 2025-10-08\n"
        "lang: en\ncanonical: https://example.org/pact\ntags: [a, b]\n---\n"
        "# Cuba: a pact\n\nIt was signed.\n",
        "a.md",
    )
    assert (draft.title, draft.byline, draft.published) == (
        "Cuba: a pact",
        "Ann Lee and Bob Ray",
        date(2025, 10, 8),
    )
    assert (draft.language, draft.url, draft.text) == ("en", "https://example.org/pact", "It was signed.")


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("date: 2025-10-08T23:30:00-04:00", date(2025, 10, 8)),
        ("published: 8 October 2025", date(2025, 10, 8)),
        ("date: 20251008", date(2025, 10, 8)),
        ("date: 03/04/2025", None),
        ("date: 2025-13-45", None),
        ("date: soon", None),
    ],
)
def test_dates(line: str, day: date | None) -> None:
    assert read_markdown(f"---\n{line}\n---\nText.", "a.md").published == day


def test_values_stay_as_they_are_written() -> None:
    assert read_markdown("---\ntitle: No\nauthor: 1:30\n---\nText.", "a.md").title == "No"


@pytest.mark.parametrize("yaml", ["title: Cuba: a pact", "title: [a", "title: *gone", "a: &a [*a]", "a: b\n\tc: d"])
def test_front_matter_that_is_no_yaml_is_one_clear_line(yaml: str) -> None:
    with pytest.raises(SourceError, match=r"^a\.md: the front matter is not valid YAML at line \d"):
        read_markdown(f"---\n{yaml}\n---\nText.", "a.md")


@pytest.mark.parametrize("yaml", ["title: !!python/object/apply:os.getcwd []", "title: {a: b}"])
def test_front_matter_builds_nothing(yaml: str) -> None:
    assert read_markdown(f"---\n{yaml}\n---\nText.", "a.md").text == "Text."


def test_dashes_around_prose_are_no_front_matter() -> None:
    assert "Some prose" in text_of("---\nSome prose here.\n\n---\nText.")
    assert "never closed" in text_of("---\nsubject: never closed.\n\nText.")


def test_the_first_heading_is_the_title() -> None:
    for heading in ("# Pact *signed*", "Pact signed\n====", "## Pact signed ##"):
        draft = read_markdown(f"{heading}\n\n*By Ann Lee*\n\n## Part one\n\nIt was signed.", "a.md")
        assert (draft.title, draft.byline) == ("Pact signed", "Ann Lee")
        assert draft.text == "Part one\n\nIt was signed."


def test_a_heading_that_is_not_the_title_stays() -> None:
    assert text_of("---\ntitle: Pact signed\n---\n# In Havana\n\nIt was.") == "In Havana\n\nIt was."


def test_marks_go_and_words_stay() -> None:
    assert text_of("He **said** the [pact](http://x/y) was `signed` ~~not~~ &amp; done.") == (
        "He said the pact was signed not & done."
    )
    assert text_of("Two\nlines,  \nthree <b>in</b> all.") == "Two\nlines,\nthree in all."
    assert text_of("Look: ![a photo](p.jpg)\n\n<!-- hidden -->\n\nDone \\*here\\*.") == "Look:\n\nDone *here*."
    assert text_of("> A quote\n> of two lines\n\n---\n\nEnd.") == "A quote\nof two lines\n\nEnd."
    assert text_of("So.\n\n```py\nx = '<b>'\n\ny = 1\n```\n\nEnd.") == "So.\n\nx = '<b>'\n\ny = 1\n\nEnd."
    assert text_of("<div>Kept <b>words</b>.</div>\n<script>not()</script>\n\nEnd.") == "Kept words.\n\nEnd."


def test_lists_and_tables() -> None:
    assert text_of("They took:\n\n- bread\n- salt\n  1. fine\n  2. coarse\n\nEnd.") == (
        "They took:\n\n- bread\n- salt\n1. fine\n2. coarse\n\nEnd."
    )
    assert text_of("3. three\n\n4. four\n\n   more\n\nEnd.") == "3. three\n\n4. four\n\nmore\n\nEnd."
    assert text_of("| Year | Cars |\n|---|---|\n| 2021 | 31,000 |\n\nEnd.") == "Year | Cars\n2021 | 31,000\n\nEnd."


def test_plain_words_without_marks_are_read_as_plain_text() -> None:
    draft = read_markdown("date 2025-10-08 It was signed.\n\nFollow Ann Lee on X.", "a.md")
    assert (draft.published, draft.byline, draft.title) == (date(2025, 10, 8), "Ann Lee", None)
    assert draft.text == "It was signed.\n\nFollow Ann Lee on X."
