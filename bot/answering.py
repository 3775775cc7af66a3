"""The one bridge between an event loop and the plain functions that answer: no front end waits on the models' threads.

Questions that come while others are answered wait together and are answered as one batch. Those that a model answers
mostly wait for it: each has a thread of its own, and is told as it grows.
"""

import asyncio
import logging
from asyncio import Future, Task
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from time import monotonic
from typing import Any, TypeVar

from bot.answer import Answer
from bot.calling import LIMIT
from bot.room import Opener, Room
from bot.turns import Turns, answers, grow, sound
from ingest.errors import CitedeskError, StoreError

log = logging.getLogger(__name__)

BATCH = 16
"""Questions that are answered together at most, so that the first of many need not wait for the last."""

PATIENCE = 60.0
"""Seconds after which an answer is given up."""

GRACE = 4.5
"""Seconds that answers in flight have to finish when the bot stops; Discord and the store close in the rest of ten."""

LEAVE = 1.5
"""Seconds in which those are told whose answers did not: a message that was just edited has to wait for one of them."""

SHUT = 2.0
"""Seconds for the store to close; what still hangs then ends with the process."""

TOO_MANY = "Too many questions are being answered right now. Ask again in a minute."

RESTARTING = "I am restarting. Ask again in a minute."

WRITERS = 32
"""Questions that a model answers at a time, at most. Their threads mostly wait for it."""

WORKERS = 4
"""Threads for all else that uses the store: it mostly waits."""

ADDERS = 2
"""Threads that add articles: a page may take a minute to come, and nobody who reads is to wait for it."""

T = TypeVar("T")

Grows = Callable[[Answer], None]
"""Hears of an answer as it grows, each time with all that there was before."""


class BusyError(CitedeskError):
    """The question was not taken on, or not finished; it can be asked again."""


class Answering:
    """A room that is opened in the background, used by threads, and opened anew when its store has gone.

    Args:
        open_room: opens it; called in a thread.
        limit: questions in flight at most, those that wait included.
        clock: gives seconds, by which a question that had to wait has fewer for the model.
    """

    def __init__(self, open_room: Opener, limit: int, clock: Callable[[], float] = monotonic) -> None:
        self._open_room = open_room
        self._limit = limit
        self._clock = clock
        self._opening = asyncio.Lock()
        self._room: Room | None = None
        self._held = ExitStack()
        self._waiting: list[tuple[Turns, Future[Answer]]] = []
        self._more = asyncio.Event()
        self._awaited: set[Future[Answer]] = set()
        self._taken_on: set[Task[object]] = set()
        self._asking: set[Task[object]] = set()
        self._using: set[Task[object]] = set()
        self._closing: Task[None] | None = None
        self._shut = False
        # One thread answers, batch by batch, and opens and closes the room; the others look things up meanwhile, and
        # wait for a model.
        self._answerer = ThreadPoolExecutor(1, thread_name_prefix="answer")
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="write")
        self._readers = ThreadPoolExecutor(WORKERS, thread_name_prefix="read")
        self._adders = ThreadPoolExecutor(ADDERS, thread_name_prefix="add")
        self._loop: Task[None] | None = None

    @property
    def ready(self) -> bool:
        """Whether the store is open and the models are loaded."""
        return self._room is not None

    @property
    def in_flight(self) -> int:
        return len(self._taken_on)

    def start(self) -> None:
        """Open the room in the background and begin to answer."""
        self._loop = asyncio.create_task(self._answer_batches(), name="answering")

    def take_on(self) -> None:
        """Count the task that asks as a question in flight, to its end.

        Raises:
            BusyError: too many are.
        """
        asker = asyncio.current_task()
        if asker and asker not in self._taken_on:
            if len(self._taken_on) >= self._limit:
                raise BusyError(TOO_MANY)
            _keep(asker, self._taken_on)

    async def answer(self, turns: Turns, grows: Grows | None = None) -> Answer:
        """The answer to a question.

        Args:
            turns: the question.
            grows: hears of the answer as it grows, where a model writes it; without it many are answered together.

        Raises:
            BusyError: too many are in flight, it took too long, or the bot is stopping.
            CitedeskError: the store failed.
        """
        self._wait_for_the_asker()
        if self._closing:
            raise BusyError(RESTARTING)
        self.take_on()
        answer: Future[Answer] = asyncio.get_running_loop().create_future()
        self._awaited.add(answer)
        if grows:
            writing = asyncio.create_task(self._write(turns, answer, grows))
            _keep(writing, self._using)
            answer.add_done_callback(lambda _: writing.cancel())  # when nobody waits any more, it need not begin
        else:
            self._waiting.append((turns, answer))
            self._more.set()
        try:
            async with asyncio.timeout(PATIENCE):
                return await answer
        except TimeoutError:
            raise BusyError("This took too long. Ask again in a minute.") from None
        finally:
            self._awaited.discard(answer)

    async def use(self, work: Callable[[Room], T]) -> T:
        """What ``work`` makes of the room, in a thread; tried once more in a new room if the store has gone.

        Raises:
            CitedeskError: when it cannot be opened, or ``work`` says so.
        """
        return await self._used(self._readers, work)

    async def add(self, work: Callable[[Room], T]) -> T:
        """The same for ``work`` that adds articles, so that it keeps nobody else waiting."""
        return await self._used(self._adders, work)

    async def _used(self, threads: ThreadPoolExecutor, work: Callable[[Room], T]) -> T:
        self._wait_for_the_asker()
        using = asyncio.create_task(self._use(threads, work))
        _keep(using, self._using)
        try:
            return await using
        except asyncio.CancelledError:
            if self._closing and using.cancelled():
                raise BusyError(RESTARTING) from None
            raise

    async def close(self) -> None:
        """Let the answers in flight finish and be shown, hand back those that do not, and close the room."""
        if self._closing is None:
            self._closing = asyncio.create_task(self._close(asyncio.current_task()))
        await asyncio.shield(self._closing)

    def _wait_for_the_asker(self) -> None:
        """Count the task that asks as in flight to its end: it still has to show what it is given."""
        if asker := asyncio.current_task():
            _keep(asker, self._asking)

    async def _close(self, closer: "Task[object] | None") -> None:
        await _ended(self._asking - {closer}, GRACE)
        for answer in list(self._awaited):
            _settle(answer, BusyError(RESTARTING))
        for using in list(self._using):
            using.cancel()
        await _ended(self._asking - {closer}, LEAVE)
        self._shut = True
        if self._loop:
            self._loop.cancel()
            await _ended({self._loop}, LEAVE)
        with suppress(TimeoutError):
            async with asyncio.timeout(SHUT):
                await asyncio.get_running_loop().run_in_executor(self._answerer, lambda: self._held.close())
        for threads in (self._answerer, self._readers, self._adders):
            threads.shutdown(wait=False, cancel_futures=True)

    async def _answer_batches(self) -> None:
        try:
            await self._opened()
        except CitedeskError as error:
            log.error("%s", error)  # each question tries again, and is told
        except Exception:
            log.exception("The store could not be opened.")
        while True:
            await self._more.wait()
            batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
            if not self._waiting:
                self._more.clear()
            batch = [(turns, answer) for turns, answer in batch if not answer.done()]
            if batch:
                await self._answer(batch)

    async def _answer(self, batch: Sequence[tuple[Turns, Future[Answer]]]) -> None:
        turns = [each for each, _ in batch]
        try:
            results = await self._use(self._answerer, lambda room: answers(room, turns))
        except Exception as error:  # whatever it is, it is for those who asked; the next batch is answered
            results = [error] * len(batch)
        for (_, answer), result in zip(batch, results, strict=True):
            _settle(answer, result)

    async def _write(self, turns: Turns, answer: Future[Answer], grows: Grows) -> None:
        loop, until = asyncio.get_running_loop(), self._clock() + LIMIT

        def tell(part: Answer) -> None:
            loop.call_soon_threadsafe(_tell, answer, grows, part)

        try:
            whole: Answer | Exception = await self._use(
                self._writers, lambda room: grow(room, turns, until - self._clock(), tell)
            )
        except Exception as error:  # whatever it is, it is for who asked
            whole = error
        _settle(answer, whole)

    async def _use(self, threads: ThreadPoolExecutor, work: Callable[[Room], T]) -> T:
        loop = asyncio.get_running_loop()
        room = await self._opened()
        try:
            return await loop.run_in_executor(threads, work, room)
        except StoreError:
            if await loop.run_in_executor(self._readers, sound, room):
                raise
        await self._left(room)
        return await loop.run_in_executor(threads, work, await self._opened())

    async def _opened(self) -> Room:
        async with self._opening:
            if self._shut:
                raise BusyError(RESTARTING)
            if self._room is None:
                enter = self._held.enter_context
                self._room = await asyncio.get_running_loop().run_in_executor(
                    self._answerer, lambda: enter(self._open_room())
                )
            return self._room

    async def _left(self, room: Room) -> None:
        async with self._opening:
            if self._room is room:
                log.warning("The store has gone; it is opened anew.")
                self._room, held, self._held = None, self._held, ExitStack()
                await asyncio.get_running_loop().run_in_executor(self._answerer, held.close)


def _keep(task: "Task[Any]", tasks: "set[Task[object]]") -> None:
    """Keep a task among others until it is done."""
    tasks.add(task)
    task.add_done_callback(tasks.discard)


async def _ended(tasks: "set[Task[Any]]", within: float) -> None:
    if tasks:
        await asyncio.wait(tasks, timeout=within)


def _tell(answer: Future[Answer], grows: Grows, part: Answer) -> None:
    if not answer.done():
        grows(part)


def _settle(answer: Future[Answer], result: Answer | Exception) -> None:
    if answer.done():
        return
    if isinstance(result, Exception):
        answer.set_exception(result)
    else:
        answer.set_result(result)
