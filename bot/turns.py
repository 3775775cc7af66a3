"""Questions after what was said before, and how a thread has a room answer them: many together, or one as it grows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.answer import Answer
from bot.asked import Asked
from bot.room import Room
from ingest.errors import CitedeskError, StoreError


class CutShortError(CitedeskError):
    """The articles went away in the middle of an answer. What was told of it stays so; asked anew, it might not."""


@dataclass(frozen=True, slots=True)
class Turns:
    """A question and the questions and answers before it, oldest first."""

    asked: Asked
    history: tuple[dict[str, str], ...] = ()


def answers(room: Room, turns: Sequence[Turns]) -> Sequence[Answer | Exception]:
    """An answer for each, or why there is none.

    Raises:
        StoreError: the store has gone; all may be asked again in another room.
    """
    results = room.answers([(each.asked, each.history) for each in turns])
    failures = [result for result in results if isinstance(result, StoreError)]
    if failures and not sound(room):
        raise failures[0]
    return results


def grow(room: Room, turns: Turns, within: float, tell: Callable[[Answer], None]) -> Answer:
    """The whole answer, told as it grows: each that is told has all of the one before.

    Args:
        room: where it is asked.
        turns: the question.
        within: seconds that a model has for it.
        tell: hears of each, the whole one included.

    Raises:
        StoreError: the store has gone before anything was told; it may be asked again in another room.
        CutShortError: the store has gone later.
    """
    parts = room.stream(turns.asked, turns.history, within)
    answer = next(parts)
    tell(answer)
    try:
        for answer in parts:
            tell(answer)
    except StoreError:
        raise CutShortError("The articles could not be read to the end. Ask again in a minute.") from None
    return answer


def sound(room: Room) -> bool:
    """Whether its store can still be read."""
    try:
        room.store.desks()
    except StoreError:
        return False
    return True
