"""A conversation in a terminal or through a pipe: a question a line, follow-ups understood."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from bot import asked, shelf
from bot.answer import Answer
from bot.asked import Asked
from bot.render.terminal import look_of, opening, render
from bot.room import Opener
from bot.streams import emit, note, out, part
from bot.verify import TextOf
from ingest.errors import CitedeskError
from ingest.store import check_desk

HELP = """\
/sources    the articles on the desk
/desk       the desks that there are
/desk NAME  ask another desk; each has a conversation of its own
/clear      begin anew: what was said is forgotten
/help       this
/quit       leave, as Ctrl-D does
Ctrl-C stops an answer, or clears the line."""
KEPT_LINES = 1000

Show = Callable[[Iterator[Answer], TextOf], Answer]
"""Prints an answer that grows, and returns the whole; it may read the articles that the answer cites."""


def show_json(answers: Iterator[Answer], _: TextOf) -> Answer:
    """The whole answer as one line of JSON."""
    answer = [*answers][-1]
    emit(answer.model_dump(mode="json"))
    return answer


def show_text(answers: Iterator[Answer], text_of: TextOf) -> Answer:
    """An answer to be read, in a terminal as it comes, and beside it what else there is to say of it."""
    look, shown = look_of(sys.stdout), ""
    try:
        for answer in answers:
            if look.width is not None:
                begun = opening(answer, look)
                part(begun.removeprefix(shown))
                shown = begun
    except BaseException:
        part("\n" if shown else "")
        raise
    out(render(answer, text_of, look).removeprefix(shown))
    for line in answer.notes:
        note(line)
    return answer


@dataclass
class Chat:
    """Conversations, one for each choice of desks: what one desk said never finds its way into another's answers.

    The store is open only for the time of a turn: in between, other processes use it. ``keep`` is given each answer
    once it has been shown.
    """

    open: Opener
    desks: tuple[str, ...]
    history: dict[tuple[str, ...], list[dict[str, str]]] = field(default_factory=dict)
    keep: Callable[[Answer], None] = lambda _: None

    def turn(self, question: Asked, show: Show) -> None:
        """Answer a question, and remember it for the next one. What fails or is stopped is forgotten."""
        said = self.history.setdefault(question.desks, [])
        with self.open() as room:
            answer = show(room.stream(question, said), room.store.text)
        self.keep(answer)
        said.append({"question": answer.standalone_question, "answer": answer.text})

    def pipe(self, stream: Iterable[bytes]) -> bool:
        """Answer a stream of questions, a line of JSON each; whether every line was a question."""
        return asked.answer_each(stream, self.desks, lambda question: self.turn(question, show_json))

    def converse(self, lines: Iterable[str]) -> None:
        """Answer lines as they are typed, until they end or one of them is ``/quit``."""
        for line in lines:
            try:
                if line == "/quit":
                    return
                if line.startswith("/"):
                    self._command(*line.split())
                else:
                    self.turn(asked.ask(line, self.desks), show_text)
                    out("")
            except CitedeskError as error:
                note(str(error))
            except KeyboardInterrupt:
                if not sys.stdin.isatty():
                    raise
                note("Stopped.")

    def greet(self) -> None:
        """Say what can be asked. It opens the room once, so what is wrong with it shows before the first question."""
        with self.open() as room:
            count = sum(len(room.store.articles(desk)) for desk in self.desks)
        if count:
            note(f"{count} {'article' if count == 1 else 'articles'} on {self._where}. /help lists the commands.")
        else:
            note(f"There is no article on {self._where} yet. {shelf.HOW_TO_ADD}")

    @property
    def prompt(self) -> str:
        return f"{'+'.join(self.desks)}> "

    @property
    def _where(self) -> str:
        return f"{'the desk' if len(self.desks) == 1 else 'the desks'} {', '.join(self.desks)}"

    def _command(self, name: str, *words: str) -> None:
        match name, words:
            case "/sources", ():
                self._sources()
            case "/desk", ():
                self._list_desks()
            case "/desk", _:
                self._use(words)
            case "/clear", ():
                self.history.clear()
                note("Forgotten.")
            case "/help", ():
                out(HELP)
            case _:
                note(f"There is no command {' '.join((name, *words))}. /help lists those that there are.")

    def _sources(self) -> None:
        with self.open() as room:
            articles = [article for desk in self.desks for article in room.store.articles(desk)]
        for line in shelf.listing(articles):
            out(line)
        if not articles:
            note(f"There is no article on {self._where} yet. {shelf.HOW_TO_ADD}")

    def _list_desks(self) -> None:
        with self.open() as room:
            known = room.store.desks()
        for desk in sorted({*known, *self.desks}):
            out(f"{'*' if desk in self.desks else ' '} {desk}")

    def _use(self, desks: Iterable[str]) -> None:
        wanted = tuple(dict.fromkeys(map(check_desk, desks)))
        with self.open() as room:
            known = room.store.desks()
        if unknown := [desk for desk in wanted if desk not in known]:
            note(f"There is no desk {', '.join(unknown)}. Those that there are: {', '.join(known) or 'none'}.")
            return
        self.desks = wanted
        note(f"Now asking {self._where}.")


# -- the keyboard


@contextmanager
def lines_of(stream: TextIO, home: Path, prompt: Callable[[], str]) -> Iterator[Iterator[str]]:
    """The lines that someone types, with a prompt, or those of a pipe."""
    if stream.isatty():
        with _line_editing(home):
            yield _typed(prompt)
    else:
        yield (line for _, line in asked.lines(stream.buffer))


def _typed(prompt: Callable[[], str]) -> Iterator[str]:
    """What is typed, until Ctrl-D. Ctrl-C drops the line that is being typed."""
    while True:
        try:
            line = _read(prompt()).strip()
        except KeyboardInterrupt:
            note("")
            continue
        except EOFError:
            note("")
            return
        if line:
            yield line


def _read(prompt: str) -> str:
    if not sys.stdout.isatty():  # the answers go to a file; the prompt is none of them
        print(prompt, end="", file=sys.stderr, flush=True)
        prompt = ""
    return input(prompt)


@contextmanager
def _line_editing(home: Path) -> Iterator[None]:
    """Arrow keys, and the lines of earlier conversations, kept where only their owner can read them."""
    try:
        import readline
    except ImportError:  # some builds of Python have none: lines are then typed as they are
        yield
        return
    kept = home / "chat_history"
    with suppress(OSError):
        readline.read_history_file(kept)
    readline.set_history_length(KEPT_LINES)
    try:
        yield
    finally:
        with suppress(OSError):
            os.close(os.open(kept, os.O_CREAT | os.O_WRONLY, 0o600))
            readline.write_history_file(kept)
            kept.chmod(0o600)
