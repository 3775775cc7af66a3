"""Looking back: the record as the command shows it, and what of it no longer holds."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.past import SinceError, lines, since
from bot.records import Asker, Logged, Votes
from tests.bot.recorded import ANSWER

NOW = datetime(2026, 3, 8, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("7d", datetime(2026, 3, 1, 12, 30, tzinfo=UTC)),
        ("12h", datetime(2026, 3, 8, 0, 30, tzinfo=UTC)),
        ("30m", datetime(2026, 3, 8, 12, 0, tzinfo=UTC)),
        ("1w", datetime(2026, 3, 1, 12, 30, tzinfo=UTC)),
        ("2026-02-28", datetime(2026, 2, 28, tzinfo=UTC)),
    ],
)
def test_a_day_or_how_long_ago(text: str, meant: datetime) -> None:
    assert since(text, NOW) == meant


@pytest.mark.parametrize("text", ["", "d", "7", "7y", "-7d", "yesterday", "2026-02-30", "99999d"])
def test_anything_else_is_no_time_to_look_back_to(text: str) -> None:
    with pytest.raises(SinceError, match="such as 7d"):
        since(text, NOW)


@pytest.mark.parametrize(
    ("asker", "where"),
    [
        (Asker(None, "terminal", "local"), "in the terminal"),
        (Asker("7", "70", "700"), "server 7, channel 70, user 700"),
        (Asker(None, "", "700"), "direct message, user 700"),
    ],
)
def test_an_entry_says_who_asked_where_and_what_it_stands_on(asker: Asker, where: str) -> None:
    assert [*lines(Logged("a0", ANSWER, asker, NOW, Votes(2, 1), "5e77"))] == [
        f"2026-03-08 12:30 UTC  {where}  a0",
        "    Who came? 🗞",
        "    Ann came. [1]",
        "    [1] A title – 8 October 2025, a1 sha256:1",
        "    settings 5e77, 2 for, 1 against",
    ]


# -- the command


def rows(out: str) -> list[Any]:
    return [json.loads(line) for line in out.splitlines()]


def test_what_is_asked_in_the_terminal_is_on_record(
    room: Any, home: Path, citedesk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.room.open_room", room.open)
    assert citedesk("log") == (0, "", "")
    citedesk("ask", "Who came?")
    citedesk("ask", "--batch", "-", stdin=b"Why?\n")
    citedesk("chat", "--json", stdin=b"Who left?\n")
    status, out, err = citedesk("log", "--json", "--since", "1d")
    found = rows(out)
    assert (status, err) == (0, "")
    assert [row["answer"]["question"] for row in found] == ["Who left?", "Why?", "Who came?"]
    assert {(row["guild"], row["channel"], row["user"]) for row in found} == {(None, "terminal", "local")}
    assert [row["votes"] for row in found] == [{"up": 0, "down": 0}] * 3
    assert all(re.fullmatch("[0-9a-f]{16}", row["id"] and row["settings"]) for row in found)
    assert rows(citedesk("log", "--json").out) == found
    assert citedesk("log").out.count(" UTC  in the terminal  ") == 3


def test_stale_finds_the_answers_whose_quotes_have_gone(citedesk: Any, tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("The mayor, Ann Reed, opened the bridge on Monday. It rained.")
    citedesk("ingest", "a.txt")
    assert citedesk("ask", "Who opened the bridge?").status == 0
    assert citedesk("log", "--stale") == (0, "", "")

    article.write_text("The mayor, Eve Hall, opened the bridge on Monday. It rained.")
    citedesk("ingest", "a.txt")
    _, out, _ = citedesk("log", "--stale")
    assert out.endswith("""\
    [1] Its article has changed:
        - The mayor, Ann Reed, opened the bridge on Monday.
        + The mayor, Eve Hall, opened the bridge on Monday.

""")
    (row,) = rows(citedesk("log", "--stale", "--json").out)
    (stale,) = row["stale"]
    text = citedesk("show", row["answer"]["citations"][0]["article_id"], "--text").out
    assert text[stale["now"]["start"] : stale["now"]["end"]] == stale["now"]["quote"]

    citedesk("remove", row["answer"]["citations"][0]["article_id"])
    assert "Its article has been removed:\n        - The mayor, Ann Reed" in citedesk("log", "--stale").out
