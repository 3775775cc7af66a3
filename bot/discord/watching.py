"""The feeds that channels watch: what is new in them goes on their server's desk, and is told if they wish."""

import asyncio
import logging
import time
from asyncio import Task
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

import discord
from discord import app_commands
from discord.ext import commands

from bot.desks import writable
from bot.discord.authorize import NotAllowedError, WayIn
from bot.discord.errors import UNSENT, record
from bot.discord.place import way_of
from bot.discord.shelves import CHOICES, Choices, offered
from bot.discord.show import QUIET, below, respond
from bot.discord.show import post as post_pages
from bot.records import Watch
from bot.render.discord import article_line, line_pages
from bot.render.escaping import choice, escape
from ingest.article import Article
from ingest.errors import CitedeskError
from ingest.known import from_text, to_text
from ingest.metadata import public_url
from ingest.polite import Guest
from ingest.reach import Reach
from ingest.watch import look

if TYPE_CHECKING:
    from bot.discord.client import Client

    Interaction = discord.Interaction[Client]

log = logging.getLogger(__name__)

EVERY = 600.0
"""Seconds from one look at a feed to the next."""

MOST = 20
"""Feeds that a server may watch: one look may take two minutes, and all wait for their turn."""

T = TypeVar("T")


class Watching(commands.Cog):
    """Which feeds a channel watches, and the looks at them, one after the other."""

    watch = app_commands.Group(
        name="watch",
        description="Feeds whose new articles go on this server's desk.",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._newsroom = client.newsroom
        reach = Reach(internal_hosts=client.newsroom.settings.internal_hosts)
        self._guest = Guest(reach, time.time, time.sleep)
        self._due: dict[tuple[str, str, str], float] = {}
        self._more = asyncio.Event()
        self._looking: Task[None] | None = None

    async def cog_load(self) -> None:
        self._looking = asyncio.create_task(self._keep_looking(), name="watching")

    async def cog_unload(self) -> None:
        if self._looking:
            self._looking.cancel()

    # -- commands

    @watch.command(description="Watch a feed: its articles go where /ingest in this channel puts them.")
    @app_commands.describe(url="The address of an RSS or Atom feed", post="Whether to tell of each new article here")
    async def add(self, interaction: "Interaction", url: app_commands.Range[str, 1, 500], post: bool = False) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        way = await self._manager(interaction)
        feed = public_url(url)
        if not feed:
            raise NotAllowedError("Give the address of a feed, one that begins with https:// or http://")
        new = Watch(str(way.guild), str(way.channel), feed, post)
        there = await asyncio.to_thread(self._newsroom.records.watched, guild_id=new.guild)
        if len(there) >= MOST and new[:3] not in [each[:3] for each in there]:
            raise NotAllowedError(f"This server watches {MOST} feeds, as many as it may. Remove one: /watch remove.")
        await asyncio.to_thread(self._newsroom.records.watch, new, way.user, self._newsroom.now())
        self._more.set()
        told = "new articles are told here" if post else "new articles are not told here"
        await _say(interaction, f"Watching {_shown(feed)} — {told}.")

    @watch.command(name="list", description="The feeds that this channel watches.")
    async def list_feeds(self, interaction: "Interaction") -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        there = await self._watched_here(await self._manager(interaction))
        await respond(
            interaction, line_pages([_line(each) for each in there] or ["No feed is watched here."]), private=True
        )

    @watch.command(description="Watch a feed no more. Its articles stay.")
    @app_commands.describe(url="The address of the feed")
    async def remove(self, interaction: "Interaction", url: app_commands.Range[str, 1, 500]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        way = await self._manager(interaction)
        there = await self._watched_here(way)
        chosen = [each for each in there if each.feed == public_url(url)]
        chosen = chosen or [each for each in there if each.feed.startswith(url)]  # what is offered may be cut short
        if len(chosen) != 1:
            raise NotAllowedError("This channel watches no such feed. /watch list shows those that it does.")
        await asyncio.to_thread(self._newsroom.records.unwatch, *chosen[0][:3])
        await _say(interaction, f"Watched no more: {_shown(chosen[0].feed)}")

    @remove.autocomplete("url")
    @offered
    async def _feeds(self, interaction: "Interaction", typed: str) -> Choices:
        there = await self._watched_here(await self._manager(interaction))
        fitting = [each.feed for each in there if typed.casefold() in each.feed.casefold()]
        return [app_commands.Choice(name=choice(feed), value=feed[:100]) for feed in fitting[:CHOICES]]

    async def _manager(self, interaction: "Interaction") -> WayIn:
        """Where somebody stands who may manage the server."""
        way = await way_of(interaction)
        await self._newsroom.access(way, "manage")
        return way

    async def _watched_here(self, way: WayIn) -> tuple[Watch, ...]:
        records, guild, channel = self._newsroom.records, str(way.guild), str(way.channel)
        return await asyncio.to_thread(records.watched, guild_id=guild, channel_id=channel)

    # -- looks

    async def _keep_looking(self) -> None:
        """Look at each feed when it is time to, for ever."""
        await self._client.wait_until_ready()
        while True:
            self._more.clear()
            try:
                for watch in await asyncio.to_thread(self._newsroom.records.watched):
                    # A task of its own: whoever adds articles is waited for when the bot stops.
                    await asyncio.create_task(self._look_when_due(watch), name="look")
            except CitedeskError as error:
                record(error)
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY):
                    await self._more.wait()

    async def _look_when_due(self, watch: Watch) -> None:
        """One look. Feeds of servers that this process does not see belong to another one, or to nobody any more."""
        now = self._guest.clock()
        if self._client.get_guild(int(watch.guild)) is None or now < self._due.get(watch[:3], 0.0):
            return
        self._due[watch[:3]] = now + EVERY
        try:
            await self._look(watch)
        except CitedeskError as error:  # nothing was kept: the next look finds the same
            record(error)

    async def _look(self, watch: Watch) -> None:
        seen = await _aside(lambda: look(watch.feed, from_text(watch.known), self._guest, EVERY))
        for line in seen.said:
            log.warning("%s", line)
        new: list[Article] = []
        if seen.articles:
            place = WayIn(user="", guild=watch.guild, channel=watch.channel)
            desk = writable(watch.guild, *await self._newsroom.rules(place))
            results = await self._newsroom.answering.add(lambda room: room.put(seen.articles, desk))
            new = [article for article, result in zip(seen.articles, results, strict=True) if result.status == "added"]
        await asyncio.to_thread(self._newsroom.records.looked, watch, to_text(seen.known))
        if new and watch.post:
            await self._tell(watch, new)

    async def _tell(self, watch: Watch, new: list[Article]) -> None:
        channel = self._client.get_partial_messageable(int(watch.channel), guild_id=int(watch.guild))
        try:
            await post_pages(line_pages(map(article_line, new)), None, below(channel))
        except discord.NotFound:
            log.warning("The channel %s has gone, and watches nothing any more.", watch.channel)
            await asyncio.to_thread(self._newsroom.records.unwatch, *watch[:3])
        except UNSENT as error:  # the articles are there all the same
            record(error)


async def _aside(work: Callable[[], T]) -> T:
    """What ``work`` gives, from a thread that nobody waits for when the bot stops: a look may take minutes."""
    given: Future[T] = Future()
    given.set_running_or_notify_cancel()

    def run() -> None:
        try:
            given.set_result(work())
        except Exception as error:  # for whoever waits
            given.set_exception(error)

    Thread(target=run, name="watching", daemon=True).start()
    return await asyncio.wrap_future(given)


def _line(watch: Watch) -> str:
    trouble = from_text(watch.known).trouble
    failing = f" — failed {trouble.times} times in a row" if trouble else ""
    return f"{_shown(watch.feed)}{' — new articles are told here' if watch.post else ''}{failing}"


def _shown(feed: str) -> str:
    return escape(choice(feed, 300))


async def _say(interaction: "Interaction", text: str) -> None:
    await interaction.edit_original_response(content=text, allowed_mentions=QUIET)


async def setup(client: "Client") -> None:
    """Give the bot these commands, and have it look."""
    await client.add_cog(Watching(client))
