"""A conversation, with rooms in which "Who ...?" is answered and anything else is refused."""

import fcntl
import io
import os
import pty
import select
import signal
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from bot.answer import Answer, Statement, answer_text
from bot.asked import Asked
from bot.chat import Chat, show_text
from ingest.errors import StoreError
from tests.bot.conftest import FakeStore, fake_answer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def chat(room: Any) -> Chat:
    return Chat(room.open, ("default",))


def test_answers_go_out_and_notes_beside(
    chat: Chat, answered: str, refused: str, capsys: pytest.CaptureFixture[str]
) -> None:
    chat.converse(["Who came?", "Why?"])
    assert capsys.readouterr() == (f"{answered}\n{refused}\n", "A note.\n")


def test_what_was_said_goes_along_as_it_stood_alone(chat: Chat, room: Any) -> None:
    chat.converse(["Who came?", "Why?", "When?"])
    assert room.asked == [
        ("Who came?", ("default",), []),
        ("Why?", ("default",), ["Who came? (alone)"]),
        ("When?", ("default",), ["Who came? (alone)", "Why? (alone)"]),
    ]


def test_clear_forgets(chat: Chat, room: Any, capsys: pytest.CaptureFixture[str]) -> None:
    chat.converse(["Who came?", "/clear", "Why?"])
    assert room.asked[-1] == ("Why?", ("default",), [])
    assert capsys.readouterr().err == "Forgotten.\nA note.\n"


def test_each_desk_has_a_conversation_of_its_own(chat: Chat, room: Any) -> None:
    room.store._desks = {"default": 1, "sport": 2}
    chat.converse(["Who came?", "/desk sport", "Who won?", "/desk default", "Why?", "/desk default sport", "When?"])
    assert room.asked == [
        ("Who came?", ("default",), []),
        ("Who won?", ("sport",), []),
        ("Why?", ("default",), ["Who came? (alone)"]),
        ("When?", ("default", "sport"), []),
    ]
    assert chat.prompt == "default+sport> "


@pytest.mark.parametrize(
    ("line", "out", "err"),
    [
        ("/desk", "* default\n  sport\n", ""),
        ("/desk sport", "", "Now asking the desk sport.\n"),
        ("/desk sport default", "", "Now asking the desks sport, default.\n"),
        ("/desk nope", "", "There is no desk nope. Those that there are: default, sport.\n"),
        (
            "/desk A!",
            "",
            "'A!' cannot be the name of a desk: use 1 to 63 of a-z, 0-9, '.', '_' and '-', a letter or digit first"
            " and last.\n",
        ),
        ("/sources", "default0  default  2025-10-08  A title\n", ""),
        ("/sources all", "", "There is no command /sources all. /help lists those that there are.\n"),
        ("/\x1b[2Jfoo", "", "There is no command / [2Jfoo. /help lists those that there are.\n"),
        ("/", "", "There is no command /. /help lists those that there are.\n"),
    ],
)
def test_commands(line: str, out: str, err: str, chat: Chat, room: Any, capsys: pytest.CaptureFixture[str]) -> None:
    room.store._desks = {"default": 1, "sport": 2}
    chat.converse([line])
    assert capsys.readouterr() == (out, err)
    assert room.asked == []


def test_help_names_every_command(chat: Chat, capsys: pytest.CaptureFixture[str]) -> None:
    chat.converse(["/help"])
    shown = capsys.readouterr().out
    assert [line.split("  ")[0] for line in shown.splitlines()[:-1]] == [
        "/sources",
        "/desk",
        "/desk NAME",
        "/clear",
        "/help",
        "/quit",
    ]


def test_quit_leaves_what_follows_unread(chat: Chat, room: Any) -> None:
    lines = iter(["Who came?", "/quit", "Why?"])
    chat.converse(lines)
    assert next(lines) == "Why?"


def test_the_store_is_closed_between_turns(chat: Chat, room: Any) -> None:
    def lines() -> Any:
        for line in ("Who came?", "/sources", "/desk", "Why?"):
            assert room.now_open == 0
            yield line

    chat.converse(lines())
    assert (room.opened, room.now_open) == (4, 0)


def test_what_fails_is_said_and_the_conversation_goes_on(
    chat: Chat, room: Any, answered: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def lines() -> Any:
        room.fails = StoreError("The store is gone.")
        yield "Who came?"
        room.fails = None
        yield "Who left?"

    chat.converse(lines())
    assert capsys.readouterr() == (f"{answered}\n", "The store is gone.\n")
    assert room.asked == [("Who left?", ("default",), [])]


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (1, "1 article on the desk default. /help lists the commands.\n"),
        (2, "2 articles on the desk default. /help lists the commands.\n"),
        (
            0,
            "There is no article on the desk default yet. Add one: citedesk ingest SOURCE, a file, a folder or a URL;"
            " --sample adds the one that ships with Citedesk.\n",
        ),
    ],
)
def test_it_begins_with_what_can_be_asked(
    articles: int, said: str, chat: Chat, room: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    room.store._desks = {"default": articles}
    chat.greet()
    assert capsys.readouterr() == ("", said)


def test_piped_a_json_line_comes_for_each_question(chat: Chat, room: Any, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [b"\xef\xbb\xbfWho came?\r\n", b"\n", b'{"question": "Why?", "desk": "sport", "id": 7}\n', b"When?"]
    assert chat.pipe(lines)
    assert room.asked == [
        ("Who came?", ("default",), []),
        ("Why?", ("sport",), []),
        ("When?", ("default",), ["Who came? (alone)"]),
    ]
    out, err = capsys.readouterr()
    assert [line[:24] for line in out.splitlines()] == [
        '{"question": "Who came?"',
        '{"question": "Why?", "st',
        '{"question": "When?", "s',
    ]
    assert err == ""


def test_piped_a_slash_is_no_command(chat: Chat, room: Any) -> None:
    assert chat.pipe([b"/quit\n", b"Why?\n"])
    assert [question for question, *_ in room.asked] == ["/quit", "Why?"]


# -- an answer that comes bit by bit


class Screen(io.StringIO):
    """A terminal that is 40 columns wide."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Screen:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    return Screen()


def growing(*texts: str) -> Iterator[Answer]:
    whole = fake_answer(Asked("Who came?", ("default",)))
    for count in range(1, len(texts) + 1):
        said = tuple(Statement(text=text, citations=(1,)) for text in texts[:count])
        yield whole.model_copy(update={"statements": said, "text": answer_text(said)})


def test_in_a_terminal_a_sentence_is_shown_when_it_comes_and_the_sources_at_the_end(screen: Screen) -> None:
    seen: list[str] = []

    def watched() -> Iterator[Answer]:
        for answer in growing("Ann came.", "Ben, whom nobody had expected, left."):
            yield answer
            seen.append(screen.getvalue())

    with redirect_stdout(screen):
        show_text(watched(), FakeStore({}).text)
    assert seen == ["Ann came. [1]", "Ann came. [1] Ben, whom nobody had\nexpected, left. [1]"]
    assert screen.getvalue().startswith(f"{seen[-1]}\n\n[1] A title")


def test_an_answer_that_is_broken_off_leaves_the_line(screen: Screen) -> None:
    def broken() -> Iterator[Answer]:
        yield from growing("Ann came.")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), redirect_stdout(screen):
        show_text(broken(), FakeStore({}).text)
    assert screen.getvalue() == "Ann came. [1]\n"


# -- in a real terminal

SLOW = """
import sys, time
from contextlib import contextmanager
from types import SimpleNamespace
import bot.room
from bot.cli import main
from ingest.errors import CitedeskError

def answer(asked, history=()):
    print(f"<{asked.question}>", file=sys.stderr, flush=True)
    time.sleep(60 if "slow" in asked.question else 0)
    raise CitedeskError("heard")

@contextmanager
def open_room(settings):
    yield SimpleNamespace(stream=answer, store=SimpleNamespace(articles=lambda desk: [desk]))

bot.room.open_room = open_room
main(["chat"])
"""
"""The command, in a room that says what it hears and takes its time over what is slow."""

CTRL_C, CTRL_D, UP = b"\x03", b"\x04", b"\x1b[A"


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job would inherit that it is ignored


class Terminal:
    """A process at a terminal of its own."""

    def __init__(self, script: str) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", script],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=os.environ | {"PYTHONPATH": str(ROOT), "TERM": "xterm"},
            start_new_session=True,
            preexec_fn=_take_terminal,
        )
        os.close(slave)
        self._printed = b""

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *exc: object) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._master)

    def type(self, keys: bytes) -> None:
        os.write(self._master, keys)

    def see(self, text: str) -> None:
        """Wait until ``text`` is printed, after what was seen before."""
        deadline = time.monotonic() + 30
        while text.encode() not in self._printed:
            if not select.select([self._master], [], [], deadline - time.monotonic())[0]:
                pytest.fail(f"no {text!r} in {self._printed!r}")
            self._printed += os.read(self._master, 1000)
        self._printed = self._printed.partition(text.encode())[2]

    def left(self) -> int:
        return self._process.wait(30)


def test_keys_do_what_they_do_in_a_terminal(home: Path) -> None:
    home.mkdir()
    with Terminal(SLOW) as terminal:
        terminal.see("1 article on the desk default. /help lists the commands.\r\n")
        terminal.see("default> ")
        terminal.type(b"half a question")
        terminal.see("half a question")
        time.sleep(0.3)  # Python minds Ctrl-C while it waits for a key, not in the moment before
        terminal.type(CTRL_C)
        terminal.see("\r\ndefault> ")
        terminal.type(b"Who came?\r")
        terminal.see("<Who came?>\r\nheard\r\ndefault> ")
        terminal.type(b"a slow one\r")
        terminal.see("<a slow one>")
        terminal.type(CTRL_C)
        terminal.see("Stopped.\r\ndefault> ")
        terminal.type(UP + UP + b"\r")
        terminal.see("<Who came?>\r\nheard\r\ndefault> ")
        terminal.type(CTRL_D)
        assert terminal.left() == 0
    kept = home / "chat_history"
    assert kept.read_text().splitlines() == ["Who came?", "a slow one", "Who came?"]
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600

    with Terminal(SLOW) as terminal:
        terminal.see("default> ")
        terminal.type(UP + b"\r")
        terminal.see("<Who came?>")
        terminal.see("default> ")
        terminal.type(b"/quit\r")
        assert terminal.left() == 0
