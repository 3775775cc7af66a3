"""Questions as they come in: on the command line, a line of a file, a line of a conversation."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.streams import emit, note
from ingest.errors import CitedeskError
from ingest.store import check_desk


class QuestionError(CitedeskError):
    """What was given is no question."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the desks that it is put to."""

    question: str
    desks: tuple[str, ...]


def ask(question: str, desks: tuple[str, ...]) -> Asked:
    """A question to those desks.

    Raises:
        QuestionError: it is empty, or no text.
    """
    if not question.strip():
        raise QuestionError("The question is empty.")
    try:
        question.encode()
    except UnicodeEncodeError:
        raise QuestionError("The question is not valid UTF-8.") from None
    return Asked(question.strip(), desks)


def parse(line: str, desks: tuple[str, ...]) -> Asked:
    """A line: a question as it is, or a JSON object with a ``question`` and perhaps a ``desk`` of its own.

    Raises:
        QuestionError: saying what is wrong with it.
        StoreError: its desk cannot be one.
    """
    if not line.startswith("{"):
        return ask(line, desks)
    try:
        row: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError):
        raise QuestionError("This begins like a JSON object, but is none.") from None
    question, desk = row.get("question"), row.get("desk")
    if not isinstance(question, str):
        raise QuestionError('The object has no "question" that is a text.')
    if desk is None:
        return ask(question, desks)
    if not isinstance(desk, str):
        raise QuestionError('The object\'s "desk" is not a name.')
    return ask(question, (check_desk(desk),))


def lines(stream: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """The lines of a stream with their numbers, blank ones left out, each as soon as it is there."""
    for number, raw in enumerate(stream, 1):
        if line := raw.decode("utf-8", "surrogateescape").strip("\ufeff \t\r\n"):
            yield number, line


def answer_each(stream: Iterable[bytes], desks: tuple[str, ...], answer: Callable[[Asked], None]) -> bool:
    """Have every line of a stream answered, in order; for one that is no question, a JSON line says why.

    Returns:
        Whether every line was a question.
    """
    sound = True
    for number, line in lines(stream):
        try:
            question = parse(line, desks)
        except CitedeskError as error:
            note(f"citedesk: line {number}: {error}")
            emit({"line": number, "error": str(error)})
            sound = False
        else:
            answer(question)
    return sound
