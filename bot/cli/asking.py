"""The commands that answer: ``ask``, ``check`` and ``chat``."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.frame import DONE, FAILED, UNSAID, Json, ManyDesks, app, read_settings
from bot.streams import emit, out
from ingest.article import DEFAULT_DESK
from ingest.errors import CitedeskError


@app.command()
def ask(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="The question, in quotation marks.")
    ] = None,
    desks: ManyDesks = None,
    batch: Annotated[
        str | None,
        typer.Option(metavar="FILE", help='A question a line, plain or {"question", "desk"}; - is standard input.'),
    ] = None,
    as_json: Json = False,
) -> None:
    """Ask one question, or all of a file.

    Exit status: 0 answered, 1 failed, 2 wrong usage, 3 the articles do not say.
    """
    from bot import asked

    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a question or --batch FILE", param_hint="QUESTION")
    if batch is not None:
        raise typer.Exit(_ask_all(batch, tuple(desks or (DEFAULT_DESK,))))
    try:
        one = asked.ask(question or "", tuple(desks or (DEFAULT_DESK,)))
    except CitedeskError as error:
        raise typer.BadParameter(str(error), param_hint="QUESTION") from None
    from bot.chat import show_json, show_text
    from bot.jotted import keeper
    from bot.room import open_room

    settings = read_settings()
    with open_room(settings) as room:
        answer = (show_json if as_json else show_text)(room.stream(one), room.store.text)
    keeper(settings)(answer)
    raise typer.Exit(DONE if answer.answered else UNSAID)


def _ask_all(name: str, desks: tuple[str, ...]) -> int:
    from bot.asked import Asked, answer_each
    from bot.jotted import keeper
    from bot.room import open_room

    with ExitStack() as stack:
        try:
            stream = sys.stdin.buffer if name == "-" else stack.enter_context(Path(name).open("rb"))
        except OSError as error:
            raise CitedeskError(f"{name}: {error.strerror}.") from None
        settings = read_settings()
        room, keep = stack.enter_context(open_room(settings)), keeper(settings)

        def answer(question: Asked) -> None:
            given = room.answer(question)
            emit(given.model_dump(mode="json"))
            keep(given)

        sound = answer_each(stream, desks, answer)
    return DONE if sound else FAILED


@app.command()
def check(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What somebody says, in quotation marks; - is standard input.")
    ],
    desks: ManyDesks = None,
    as_json: Json = False,
) -> None:
    """Check a text: each sentence is supported, contradicted, or not found.

    Exit status: 0 checked, whatever the verdicts, 1 failed, 2 wrong usage.
    """
    from bot.check import CheckError, claims_of
    from bot.render.terminal import look_of, render_checked
    from bot.room import open_room

    if text == "-":
        text = sys.stdin.buffer.read().decode(errors="replace")
    try:
        claims_of(text)  # before anybody waits for the store
    except CheckError as error:
        raise typer.BadParameter(str(error), param_hint="TEXT") from None
    look = look_of(sys.stdout)
    with open_room(read_settings()) as room:
        for at, checked in enumerate(room.check(text, tuple(desks or (DEFAULT_DESK,)))):
            if as_json:
                emit(checked.model_dump(mode="json"))
            else:
                out(("\n" if at else "") + render_checked(checked, room.store.text, look))


@app.command()
def chat(desks: ManyDesks = None, as_json: Json = False) -> None:
    """Ask in turns, follow-ups understood; /help inside lists what else there is."""
    from bot import chat as talk
    from bot.jotted import keeper
    from bot.room import open_room

    settings = read_settings()
    conversation = talk.Chat(lambda: open_room(settings), tuple(desks or (DEFAULT_DESK,)), keep=keeper(settings))
    if as_json:
        raise typer.Exit(DONE if conversation.pipe(sys.stdin.buffer) else FAILED)
    conversation.greet()
    with talk.lines_of(sys.stdin, settings.home, lambda: conversation.prompt) as lines:
        conversation.converse(lines)
