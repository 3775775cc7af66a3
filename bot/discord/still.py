"""Is it still so? Answers whose quotes no longer stand in their articles are edited to say it, once each."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import discord

from bot.answer import Answer
from bot.discord.authorize import NotAllowedError, WayIn
from bot.discord.errors import UNSENT, record
from bot.discord.show import QUIET
from bot.records import Asker, Shown
from bot.render.changed import changed_pages
from bot.room import Room
from bot.stale import Stale, current_in, stale
from ingest.errors import CitedeskError
from ingest.store import Store

if TYPE_CHECKING:
    from bot.discord.client import Client

EVERY = 60.0
"""Seconds between two looks at whether a desk has changed."""

PAUSE = 1.0
"""Seconds between two answers that are edited: an article may be cited by hundreds, and people ask meanwhile."""

PAST = timedelta(days=30)
"""How long ago an answer may have been given: nobody reads on in what is older."""

Sleep = Callable[[float], Awaitable[object]]
T = TypeVar("T")


async def watch(client: "Client", sleep: Sleep = asyncio.sleep) -> None:
    """Look whether answers still hold whenever a desk has changed, until cancelled."""
    seen: dict[str, str] | None = None
    while True:
        await sleep(EVERY)
        try:
            now = await _read(client, lambda room: _revisions(room.store))
            if now != seen:
                await look(client, sleep)
            seen = now
        except (CitedeskError, *UNSENT) as error:
            record(error)


async def look(client: "Client", sleep: Sleep = asyncio.sleep) -> None:
    """Edit every answer of late that no longer holds.

    Raises:
        CitedeskError: the store or the records cannot be read.
    """
    newsroom = client.newsroom
    records, since = newsroom.records, newsroom.now() - PAST
    cited = await asyncio.to_thread(records.cited, since)
    changed = await _read(client, lambda room: _changed(room.store, cited))
    for shown in await asyncio.to_thread(records.shown_citing, changed, since) if changed else ():
        desks = await _desks(client, shown.asker)
        found = await _read(client, partial(_stale, shown.answer, desks))
        first = bool(found) and await asyncio.to_thread(records.tell, shown.messages, newsroom.now())
        if first:
            await _edit(client, shown, found)
            await sleep(PAUSE)


async def _edit(client: "Client", shown: Shown, found: tuple[Stale, ...]) -> None:
    channel = client.get_partial_messageable(int(shown.channel))
    pages = await asyncio.to_thread(changed_pages, shown.answer, found, len(shown.messages))
    for message, page in zip(shown.messages, pages, strict=False):
        try:
            await channel.get_partial_message(int(message)).edit(content=page, allowed_mentions=QUIET)
        except (discord.NotFound, discord.Forbidden):
            return  # it was deleted, or the bot may no longer go there: nobody is misled by it
        except UNSENT as error:
            record(error)


async def _read(client: "Client", work: Callable[[Room], T]) -> T:
    """What work makes of the room. In a task of its own: when the bot stops it waits for those that use the room."""
    return await asyncio.create_task(client.newsroom.answering.use(work))


async def _desks(client: "Client", asker: Asker) -> tuple[str, ...]:
    """The desks that are read now where an answer was given."""
    way = WayIn(asker.user, asker.guild, asker.channel or None, direct=asker.guild is None)
    try:
        return (await client.newsroom.access(way)).desks
    except NotAllowedError:
        return ()


def _revisions(store: Store) -> dict[str, str]:
    return {desk: store.revision(desk) for desk in store.desks()}


def _changed(store: Store, cited: Iterable[tuple[str, str]]) -> set[str]:
    """Those of the cited articles that have another version now, or are gone."""
    cited = set(cited)
    known = store.find({id for id, _ in cited})
    return {id for id, version in cited if id not in known or known[id].version != version}


def _stale(answer: Answer, desks: tuple[str, ...], room: Room) -> tuple[Stale, ...]:
    """What no longer holds of an answer, without what stands on a desk that is not read there any more."""
    store = room.store
    known = store.find({citation.article_id for citation in answer.citations})
    closed = {id for id, article in known.items() if article.desk not in desks}
    return tuple(each for each in stale(answer, current_in(store)) if each.citation.article_id not in closed)
