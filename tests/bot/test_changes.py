import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.changes import changes, nearest, row, stands
from ingest.article import normalise
from ingest.sentences import sentences

BEFORE = "The council met on Monday. It voted 7-4 for the bridge. Nobody spoke.\n\nWork begins in May."
AFTER = "The council met on Monday. It voted 8-4 for the bridge. Ann Lee spoke against it.\n\nWork begins in May."


def told(before: str, after: str) -> list[tuple[str, str | None, str | None]]:
    return [
        (change.kind, change.before and change.before.of(before), change.after and change.after.of(after))
        for change in changes(before, after)
    ]


def test_a_sentence_is_changed_added_or_removed() -> None:
    assert told(BEFORE, AFTER) == [
        ("changed", "It voted 7-4 for the bridge.", "It voted 8-4 for the bridge."),
        ("removed", "Nobody spoke.", None),
        ("added", None, "Ann Lee spoke against it."),
    ]


def test_the_same_text_has_no_changes_however_its_lines_are_broken() -> None:
    assert told(BEFORE, BEFORE) == []
    assert told("Work begins in May, the council said.", "Work begins in May,\nthe council said.") == []


def test_a_paragraph_put_in_front_is_added_and_nothing_else() -> None:
    assert told(BEFORE, "A bridge is planned. It is long.\n\n" + BEFORE) == [
        ("added", None, "A bridge is planned."),
        ("added", None, "It is long."),
    ]


def test_a_sentence_that_moved_is_removed_there_and_added_here() -> None:
    assert told("Ann came. Ben left early.", "Ben left early. Ann came.") == [
        ("added", None, "Ben left early."),
        ("removed", "Ben left early.", None),
    ]


def test_sentences_become_others_in_their_order() -> None:
    before = "Two men were hurt in the fire. The roof fell in at noon."
    after = "The fire began at ten. Three men were hurt in the fire. The roof fell in at one."
    assert told(before, after) == [
        ("added", None, "The fire began at ten."),
        ("changed", "Two men were hurt in the fire.", "Three men were hurt in the fire."),
        ("changed", "The roof fell in at noon.", "The roof fell in at one."),
    ]


def test_languages_without_spaces_are_compared_too() -> None:
    assert told("俄羅斯國會週二批准了與古巴的協定。", "俄羅斯國會週三批准了與古巴的協定。")[0][0] == "changed"


def test_a_quote_stands_as_long_as_its_words_do() -> None:
    assert stands("It voted 7-4 for\nthe bridge.", BEFORE)
    assert not stands("It voted 7-4 for the bridge.", AFTER)


def test_the_nearest_sentence_is_that_which_a_part_of_the_quote_became() -> None:
    quote = "The council met on Monday. It voted 7-4 for the bridge."
    found = nearest(quote, AFTER)
    assert found
    assert found.of(AFTER) == "It voted 8-4 for the bridge."
    assert nearest("It rained.", AFTER) is None
    assert nearest("It rained.", "") is None


def test_a_change_as_json_says_where_it_stands_in_both_versions() -> None:
    (change, *_) = changes(BEFORE, AFTER)
    assert row(change, ("sha256:1", BEFORE), ("sha256:2", AFTER)) == {
        "change": "changed",
        "before": {"version": "sha256:1", "start": 27, "end": 55, "quote": "It voted 7-4 for the bridge."},
        "after": {"version": "sha256:2", "start": 27, "end": 55, "quote": "It voted 8-4 for the bridge."},
    }


TEXTS = st.lists(st.sampled_from(["Ann came.", "Ben left.", "Ann left.", "It rained.", "\n\n"]), max_size=12).map(
    lambda parts: normalise(" ".join(parts))
)


@given(TEXTS, TEXTS)
def test_the_changes_lead_from_one_text_to_the_other(before: str, after: str) -> None:
    found = changes(before, after)
    gone, new = {change.before for change in found}, {change.after for change in found}
    kept = [span.of(before) for span in sentences(before) if span not in gone]
    assert kept == [span.of(after) for span in sentences(after) if span not in new]


# -- the command


@pytest.fixture
def article(citedesk: Any, tmp_path: Path) -> Path:
    """An article with a history: a file that was ingested."""
    path = tmp_path / "a.txt"
    path.write_text(BEFORE)
    citedesk("ingest", "a.txt")
    return path


def id_and_versions(citedesk: Any) -> tuple[str, list[str]]:
    (row,) = map(json.loads, citedesk("articles", "--json").out.splitlines())
    return row["article_id"], [version["version"] for version in row["versions"]]


def test_diff_shows_the_two_latest_versions_or_those_that_are_named(article: Path, citedesk: Any) -> None:
    id, _ = id_and_versions(citedesk)
    only = f"{id} has one version only: nothing has changed since it was ingested.\n"
    assert citedesk("diff", id) == citedesk("diff", id, "--json") == (0, "", only)

    for text in (BEFORE.replace("May", "June"), AFTER.replace("May", "June")):
        article.write_text(text)
        citedesk("ingest", "a.txt")
    _, (first, second, third) = id_and_versions(citedesk)
    shown = f"""\
The council met on Monday.
- {second}
+ {third}

- It voted 7-4 for the bridge.
+ It voted 8-4 for the bridge.

- Nobody spoke.

+ Ann Lee spoke against it.
"""
    assert citedesk("diff", id[:6]) == (0, shown, "")
    rows = [*map(json.loads, citedesk("diff", id, "--json", "--from", first[7:15]).out.splitlines())]
    assert [row["change"] for row in rows] == ["changed", "removed", "added", "changed"]
    text = citedesk("show", id, "--text", "--version", first).out
    assert text[rows[-1]["before"]["start"] : rows[-1]["before"]["end"]] == "Work begins in May."
    assert citedesk("diff", id, "--from", third) == (0, "", "No sentence differs.\n")
    assert citedesk("diff", id, "--from", "ffff").status == 1
