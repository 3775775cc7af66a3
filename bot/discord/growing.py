"""An answer that is shown as it grows: in one message, whose latest wording wins, and whole in the end."""

import asyncio
from asyncio import Task
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import discord
from discord import ui

from bot.answer import Answer
from bot.discord.errors import UNSENT, record, sentence
from bot.discord.show import QUIET, Send, Spot, post
from bot.render.discord import answer_pages
from bot.render.growing import growing_page

EVERY = 1.0
"""Seconds between two wordings of a message, at least: with more of them Discord's limits would hold up the last."""

HOLD = 0.2
"""Seconds for which a wording is held back: behind its last sentence an answer is whole at once, and sent once then."""

Opens = Callable[[], Awaitable[Spot]]
"""Finds the spot where an answer is shown, once there is something to show."""

Sleep = Callable[[float], Awaitable[None]]


class Growing:
    """An answer that may be shown before it is whole.

    A message that somebody deletes meanwhile is the end of it: nothing more is shown, and nobody is told.

    Args:
        opens: finds the spot; awaited once.
        sleep: waits for so many seconds.
    """

    def __init__(self, opens: Opens, sleep: Sleep = asyncio.sleep) -> None:
        self._opens = opens
        self._sleep = sleep
        self._spot: Spot | None = None
        self._answer: Answer | None = None
        self._message: Any = None
        self._page = ""
        self._news = False
        self._held_back = False
        self._over = False
        self._deleted = False
        self._showing: Task[None] | None = None

    def sees(self, answer: Answer) -> None:
        """Show this soon, unless something later is known by then."""
        self._answer, self._news = answer, True
        if self._showing is None or self._showing.done():
            self._showing = asyncio.create_task(self._show())

    async def stops(self) -> None:
        """Show nothing more by itself. What is being sent is awaited, and the time until the next may be."""
        self._news = False
        if self._showing and self._held_back:
            self._showing.cancel()
        elif self._showing:
            await self._showing

    async def ends(self, pages: Sequence[str], buttons: ui.View | None = None) -> list[str]:
        """Show the whole answer, with buttons beneath it; the ids of its messages, none if the first was deleted."""
        if self._deleted:
            return []
        try:
            return await post(pages, buttons, await self._first(), (await self._found()).more)
        except discord.NotFound:
            if self._message is None:
                raise
            return []

    async def place(self) -> int | None:
        """The channel in which it is shown; None where only the asker sees it."""
        return (await self._found()).channel

    async def breaks_off(self, error: Exception) -> bool:
        """Have what is shown stand as it is, with its sources and why there is no more; False if nothing is shown."""
        await self.stops()
        if self._answer is None or self._message is None:
            return False
        why = f"The answer breaks off here. {sentence(error)}"
        await self.ends(answer_pages(self._answer.model_copy(update={"notes": (why,)})))
        return True

    async def _show(self) -> None:
        while self._news and self._answer and not self._over:
            self._held_back = True
            await self._sleep(HOLD)
            self._held_back, self._news = False, False
            page = growing_page(self._answer)
            if page != self._page:
                await self._send(page)
                await self._sleep(EVERY)

    async def _send(self, page: str) -> None:
        try:
            self._message = await (await self._first())(content=page, allowed_mentions=QUIET)
            self._page = page
        except UNSENT as failed:
            self._over = True
            self._deleted = isinstance(failed, discord.NotFound) and self._message is not None
            if not self._deleted:
                record(failed)  # the whole answer is tried nonetheless, and whoever asked is told what is wrong then

    async def _first(self) -> Send:
        """What shows the first message, or changes it."""
        spot = await self._found()
        return spot.again(self._message) if self._message else spot.first

    async def _found(self) -> Spot:
        self._spot = self._spot or await self._opens()
        return self._spot
