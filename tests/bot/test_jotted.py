import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.asked import Asked
from bot.jotted import Jotted, hand_over, jot, keeper
from bot.settings import Settings
from tests.bot.conftest import fake_answer

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)


def jotted(id: str) -> Jotted:
    return Jotted(id=id, asked_at=NOW, settings_hash="s", answer=fake_answer(Asked("Who came? 🗞", ("default",))))


def handed_over(home: Path) -> list[Jotted]:
    found: list[Jotted] = []
    hand_over(home, found.append)
    return found


def test_what_was_jotted_down_is_handed_over_once_and_in_order(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert handed_over(home) == []
    for id in "ab":
        jot(home, jotted(id))
    assert handed_over(home) == [jotted("a"), jotted("b")]
    assert handed_over(home) == []
    jot(home, jotted("c"))
    assert handed_over(home) == [jotted("c")]


def test_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    jot(tmp_path, jotted("a"))
    assert stat.S_IMODE((tmp_path / "asked.jsonl").stat().st_mode) == 0o600


def test_a_line_that_was_cut_short_costs_no_other(tmp_path: Path) -> None:
    jot(tmp_path, jotted("a"))
    path = tmp_path / "asked.jsonl"
    path.write_bytes(path.read_bytes() + path.read_bytes()[:100])
    jot(tmp_path, jotted("b"))
    assert handed_over(tmp_path) == [jotted("a"), jotted("b")]


def test_what_cannot_be_kept_stays(tmp_path: Path) -> None:
    jot(tmp_path, jotted("a"))

    def fail(_: Jotted) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        hand_over(tmp_path, fail)
    assert handed_over(tmp_path) == [jotted("a")]


def test_where_nothing_can_be_written_a_line_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    keeper(Settings(home=tmp_path / "file"))(fake_answer(Asked("Who?", ("default",))))
    assert capsys.readouterr().err == "citedesk: this question is not kept in the record: File exists.\n"
