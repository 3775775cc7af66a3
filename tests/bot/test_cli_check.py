import json
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def in_room(room: Any, home: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The command, in a room where only Ann came."""
    monkeypatch.setattr("bot.room.open_room", room.open)
    return room


CHECKED = """\
supported: Ann came.
A title – 8 October 2025
    a.md
    **Ann came.** Ben left.

contradicted: Ben came.
The article says Ann.
A title – 8 October 2025
    a.md
    **Ann came.** Ben left.

not found: It rained.
Nearest passage:
A title – 8 October 2025
    a.md
    Ann came. Ben left.
"""


def test_each_sentence_has_a_verdict_and_the_passage_it_stands_on(in_room: Any, citedesk: Any) -> None:
    assert citedesk("check", "Ann came. Ben came. It rained.", "--desk", "a", "--desk", "b") == (0, CHECKED, "")
    assert in_room.asked == [("Ann came. Ben came. It rained.", ("a", "b"), [])]


def test_a_text_comes_from_standard_input_too(in_room: Any, citedesk: Any) -> None:
    assert citedesk("check", "-", stdin=b"Ann came.\n\nBen came. It rained.\n") == (0, CHECKED, "")
    assert citedesk("check", "-", stdin=b"\xff?").out.startswith("not found: \N{REPLACEMENT CHARACTER}?\n")


def test_a_json_line_for_each_sentence(citedesk: Any) -> None:
    status, out, err = citedesk("check", "Ann came. Ben came.", "--json")
    first, second = map(json.loads, out.splitlines())
    assert (status, err) == (0, "")
    assert [first[name] for name in ("sentence", "verdict", "reason")] == ["Ann came.", "supported", None]
    assert [second[name] for name in ("verdict", "reason")] == ["contradicted", "The article says Ann."]
    assert [citation["quote"] for citation in (*first["citations"], *second["citations"])] == ["Ann came."] * 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is nothing to check: the text is empty."),
        ("x" * 4001, "The text has 4,001 characters; check at most 4,000 at once."),
    ],
)
def test_what_cannot_be_checked_is_wrong_usage_and_opens_nothing(
    text: str, why: str, in_room: Any, citedesk: Any
) -> None:
    for status, _, err in (citedesk("check", text), citedesk("check", "-", stdin=text.encode())):
        assert (status, err.rstrip().endswith(why)) == (2, True)
    assert in_room.opened == 0


def test_what_is_checked_cannot_turn_a_terminal(citedesk: Any) -> None:
    assert citedesk("check", "Ann\x1b[2J left.").out.startswith("not found: Ann [2J left.\n")
