"""Questions from an event loop: a model's answers are told as they grow, and side by side."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event
from typing import cast

import pytest

from bot.answer import Answer
from bot.answering import WRITERS, Answering
from bot.asked import Asked
from bot.calling import LIMIT
from bot.room import Room
from bot.turns import CutShortError, Turns
from ingest.errors import StoreError
from tests.bot.render.test_terminal import answer
from tests.strict.client import in_loop

TURNS = Turns(Asked("Who came?", ("default",)))
FIRST = answer(("Ann came.", ()))
BOTH = answer(("Ann came.", ()), ("Ben left.", ()))
GONE = StoreError("The store has gone.")

Stream = Callable[[], Iterator[Answer]]


@dataclass
class Stub:
    """A room in which every question is answered by the same stream; ``gone``: its store cannot be read any more."""

    answers: Stream
    gone: bool = False
    within: list[float] = field(default_factory=list)

    @property
    def store(self) -> "Stub":
        return self

    def desks(self) -> list[str]:
        if self.gone:
            raise GONE
        return ["default"]

    def stream(self, asked: Asked, history: object, within: float) -> Iterator[Answer]:
        self.within.append(within)
        return self.answers()


@contextmanager
def answering(*rooms: Stub, clock: Callable[[], float] = lambda: 0.0) -> Iterator[Answering]:
    """Answering in the first of these rooms, and in the next when that has gone."""
    left = iter(rooms)

    @contextmanager
    def opened() -> Iterator[Room]:
        yield cast("Room", next(left))

    yield Answering(opened, 1_000, clock)


def grows() -> Iterator[Answer]:
    yield FIRST
    yield BOTH


def breaks() -> Iterator[Answer]:
    yield FIRST
    raise GONE


def fails() -> Iterator[Answer]:
    raise GONE
    yield


@in_loop
async def test_an_answer_is_told_as_it_grows() -> None:
    told: list[Answer] = []
    with answering(Stub(grows)) as ready:
        assert await ready.answer(TURNS, told.append) == BOTH
        assert told == [FIRST, BOTH]
        await ready.close()


@in_loop
async def test_many_are_written_at_a_time_and_as_many_threads_are_free_afterwards() -> None:
    all_there, count = Event(), iter(range(1, 1 + WRITERS))

    def together() -> Iterator[Answer]:
        if next(count) == WRITERS:
            all_there.set()
        assert all_there.wait(5)
        yield FIRST

    with answering(Stub(together)) as ready:
        asked = [ready.answer(TURNS, lambda _: None) for _ in range(WRITERS)]
        assert await asyncio.gather(*asked) == [FIRST] * WRITERS
        await ready.close()


@in_loop
async def test_a_question_whose_turn_comes_when_nobody_waits_any_more_is_not_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.answering.WRITERS", 1)
    begun, may_end = Event(), Event()

    def slow() -> Iterator[Answer]:
        begun.set()
        assert may_end.wait(5)
        yield FIRST

    room = Stub(slow)
    with answering(room) as ready:
        first = asyncio.create_task(ready.answer(TURNS, lambda _: None))
        await asyncio.to_thread(begun.wait, 5)
        second = asyncio.create_task(ready.answer(TURNS, lambda _: None))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.wait([second])
        may_end.set()
        assert await first == FIRST
        await ready.close()
    assert len(room.within) == 1


@in_loop
async def test_the_time_for_which_a_question_waits_is_not_the_models() -> None:
    seconds = iter([10.0, 40.0])
    room = Stub(grows)
    with answering(room, clock=lambda: next(seconds)) as ready:
        await ready.answer(TURNS, lambda _: None)
        assert room.within == [LIMIT - 30.0]
        await ready.close()


@in_loop
async def test_a_store_that_has_gone_before_anything_was_told_is_opened_anew() -> None:
    told: list[Answer] = []
    with answering(Stub(fails, gone=True), Stub(grows)) as ready:
        assert await ready.answer(TURNS, told.append) == BOTH
        assert told == [FIRST, BOTH]
        await ready.close()


@in_loop
async def test_of_an_answer_that_was_begun_no_other_is_made() -> None:
    told: list[Answer] = []
    with answering(Stub(breaks, gone=True), Stub(grows)) as ready:
        with pytest.raises(CutShortError):
            await ready.answer(TURNS, told.append)
        assert told == [FIRST]
        await ready.close()


@in_loop
async def test_what_a_chain_raises_is_for_who_asked() -> None:
    def raises() -> Iterator[Answer]:
        raise ZeroDivisionError
        yield

    with answering(Stub(raises)) as ready:
        with pytest.raises(ZeroDivisionError):
            await ready.answer(TURNS, lambda _: None)
        await ready.close()
