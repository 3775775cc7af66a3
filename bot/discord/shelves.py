"""What a server reads: its articles, those that are added and taken off, and the desks of its channels."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands
from discord.ext import commands

from bot import desks
from bot.desks import Mode
from bot.discord.attachments import read
from bot.discord.authorize import NotAllowedError
from bot.discord.buttons import sources_page
from bot.discord.errors import record
from bot.discord.place import way_of
from bot.discord.show import QUIET, respond
from bot.render.discord import article_page, line_pages
from bot.render.escaping import choice, escape
from ingest.errors import CitedeskError, SourceError
from ingest.pipeline import Ingested
from ingest.reach import Reach
from ingest.stored import StoredArticle

if TYPE_CHECKING:
    from bot.discord.client import Client

    Interaction = discord.Interaction[Client]

CHOICES = 25
ALL = "all"
"""What people call every desk that a channel may read."""

for_servers = app_commands.allowed_installs(guilds=True, users=False)
in_servers = app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
for_managers = app_commands.default_permissions(manage_guild=True)


Choices = list[app_commands.Choice[str]]
Offer = Callable[[Any, "Interaction", str], Coroutine[Any, Any, Choices]]


def offered(offer: Offer) -> Offer:
    """What is offered while someone types; nothing where nothing may be, or while the store is not open yet.

    An answer that comes late is worth nothing here, and there is no room for a sentence.
    """

    @wraps(offer)
    async def or_nothing(self: Any, interaction: "Interaction", typed: str) -> Choices:
        if not interaction.client.newsroom.answering.ready:
            return []
        try:
            return await offer(self, interaction, typed)
        except CitedeskError as error:
            record(error)
            return []

    return or_nothing


class Shelves(commands.Cog):
    """Articles and desks."""

    desk = app_commands.Group(
        name="desk",
        description="Which articles this channel reads, and how I answer in it.",
        default_permissions=discord.Permissions(manage_guild=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
    )

    def __init__(self, client: "Client") -> None:
        self._newsroom = client.newsroom

    # -- articles

    @app_commands.command(description="The articles that are read here, newest first.")
    @for_servers
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def sources(self, interaction: "Interaction") -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        content, view = await sources_page(interaction, 0)
        await interaction.edit_original_response(content=content, view=view, allowed_mentions=QUIET)

    @app_commands.command(description="What is known of one article.")
    @app_commands.describe(article="Its title")
    @for_servers
    @app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
    async def article(self, interaction: "Interaction", article: app_commands.Range[str, 1, 100]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        access = await self._newsroom.access(await way_of(interaction))
        found = _named(article, await self._newsroom.articles(access.desks))
        await interaction.edit_original_response(content=article_page(found), allowed_mentions=QUIET)

    @article.autocomplete("article")
    @offered
    async def _titles(self, interaction: "Interaction", typed: str) -> Choices:
        access = await self._newsroom.access(await way_of(interaction))
        return _choices(typed, await self._newsroom.articles(access.desks))

    @app_commands.command(description="Put an article on this server's desk, from a web page or a file.")
    @app_commands.describe(url="The address of a page", file="A .txt, .md, .html or .pdf file")
    @for_servers
    @in_servers
    @for_managers
    async def ingest(
        self, interaction: "Interaction", url: str | None = None, file: discord.Attachment | None = None
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        access = await self._newsroom.access(await way_of(interaction), "manage")
        if not url and not file:
            raise NotAllowedError("Give an address or a file.")
        desk = str(access.writes_to)
        reach = Reach(internal_hosts=self._newsroom.settings.internal_hosts)
        done: list[Ingested] = []
        if url:
            done += await self._newsroom.answering.add(lambda room: room.ingest(url, desk, reach))
        if file:
            done += await self._shelve(file, desk)
        titles = {each.id: each.title for each in await self._newsroom.articles([desk])}
        lines = (_became(each, titles.get(each.article_id or "", each.source)) for each in done)
        await interaction.edit_original_response(content="\n".join(lines), allowed_mentions=QUIET)

    async def _shelve(self, file: discord.Attachment, desk: str) -> list[Ingested]:
        try:
            loaded = await read(file, self._newsroom.settings.discord_api_url)
            return await self._newsroom.answering.add(lambda room: room.shelve(loaded, desk))
        except SourceError as error:  # an address that came with it may be shelved already
            return [Ingested(file.filename, None, "failed", 0, str(error))]

    @app_commands.command(description="Take an article off this server's desk, with every version of it.")
    @app_commands.describe(article="Its title")
    @for_servers
    @in_servers
    @for_managers
    async def forget(self, interaction: "Interaction", article: app_commands.Range[str, 1, 100]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        found = _named(article, await self._own_articles(interaction))
        await self._newsroom.answering.use(lambda room: room.store.remove(found))
        await interaction.edit_original_response(
            content=f"Removed: {escape(choice(found.title))}", allowed_mentions=QUIET
        )

    @forget.autocomplete("article")
    @offered
    async def _own_titles(self, interaction: "Interaction", typed: str) -> Choices:
        return _choices(typed, await self._own_articles(interaction))

    async def _own_articles(self, interaction: "Interaction") -> list[StoredArticle]:
        """The articles that may be removed here: those on the server's own desk that this channel writes to."""
        access = await self._newsroom.access(await way_of(interaction), "manage")
        return await self._newsroom.articles([str(access.writes_to)])

    # -- desks

    @desk.command(name="show", description="The desks that there are, those read here, and how I answer here.")
    async def show_desks(self, interaction: "Interaction") -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        way = await way_of(interaction)
        access = await self._newsroom.access(way, "manage")
        rules, created = await self._newsroom.rules(way)
        shared, guild = self._newsroom.settings.shared_desks, str(way.guild)
        every = desks.readable(guild, desks.ChannelRules(), created, shared)
        names = dict.fromkeys([*every, *(desks.resolve(guild, name, created, shared) for name in created)])
        listed = [
            f"{'▸' if name in access.desks else '·'} {escape(desks.shown(name, guild, shared))}" for name in names
        ]
        into = escape(desks.shown(str(access.writes_to), guild, shared))
        above = [f"Mentions: {_MODES[rules.mode]}", f"/ingest adds to: {into}", "Desks (▸ read in this channel):"]
        await respond(interaction, line_pages([*above, *listed]), private=True)

    @desk.command(description="Have this channel read one desk alone, or all that it may.")
    @app_commands.describe(name="The desk; all for every one that this channel may read")
    async def use(self, interaction: "Interaction", name: app_commands.Range[str, 1, 63]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        way = await way_of(interaction)
        await self._newsroom.access(way, "manage")
        _, created = await self._newsroom.rules(way)
        shared = self._newsroom.settings.shared_desks
        stored = None if name.strip().lower() == ALL else desks.resolve(way.guild, name, created, shared)
        await asyncio.to_thread(self._newsroom.records.set_desk, str(way.guild), str(way.channel), stored)
        what = f"the desk {escape(name.strip().lower())} alone" if stored else "its server's desk and the shared ones"
        await interaction.edit_original_response(content=f"This channel now reads {what}.", allowed_mentions=QUIET)

    @use.autocomplete("name")
    @offered
    async def _desk_names(self, interaction: "Interaction", typed: str) -> Choices:
        way = await way_of(interaction)
        await self._newsroom.access(way, "manage")
        _, created = await self._newsroom.rules(way)
        shared = self._newsroom.settings.shared_desks
        every = desks.readable(way.guild, desks.ChannelRules(), created, shared)
        names = [ALL, *(desks.shown(each, way.guild, shared) for each in every), *created]
        return [
            app_commands.Choice(name=choice(each), value=each)
            for each in dict.fromkeys(names)
            if typed.strip().lower() in each
        ][:CHOICES]

    @desk.command(description="Make a desk of this server's own; /desk use has a channel read it.")
    @app_commands.describe(name="Small letters, digits, '.', '_' and '-'")
    async def create(self, interaction: "Interaction", name: app_commands.Range[str, 1, 63]) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        way = await way_of(interaction)
        await self._newsroom.access(way, "manage")
        short = desks.new_desk(str(way.guild), name, self._newsroom.settings.shared_desks)
        made = await asyncio.to_thread(
            self._newsroom.records.create_desk, str(way.guild), short, way.user, self._newsroom.now()
        )
        text = f"Made the desk {escape(short)}. /desk use has a channel read it." if made else "There is such a desk."
        await interaction.edit_original_response(content=text, allowed_mentions=QUIET)

    @desk.command(description="How a mention is answered in this channel.")
    async def mode(self, interaction: "Interaction", how: Mode) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        way = await way_of(interaction)
        await self._newsroom.access(way, "manage")
        await asyncio.to_thread(self._newsroom.records.set_mode, str(way.guild), str(way.channel), how)
        await interaction.edit_original_response(content=f"Mentions here: {_MODES[how]}.", allowed_mentions=QUIET)


_MODES: dict[Mode, str] = {
    "thread": "answered in a thread that I open",
    "reply": "answered in a reply",
    "off": "not answered; commands still are",
}


async def setup(client: "Client") -> None:
    """Give the bot these commands."""
    await client.add_cog(Shelves(client))


def _choices(typed: str, articles: list[StoredArticle]) -> Choices:
    wanted = typed.casefold().split()
    fitting = [each for each in articles if all(word in each.title.casefold() for word in wanted)]
    return [app_commands.Choice(name=choice(each.title), value=each.id) for each in fitting[:CHOICES]]


def _named(typed: str, articles: list[StoredArticle]) -> StoredArticle:
    """The article that was chosen, or the only one whose title has what was typed.

    Raises:
        NotAllowedError: there is none among these, or more than one.
    """
    found = [each for each in articles if each.id == typed]
    found = found or [each for each in articles if typed.casefold() in each.title.casefold()]
    if len(found) != 1:
        raise NotAllowedError(f"{len(found) or 'No'} articles here are called that. Choose one that is offered.")
    return found[0]


def _became(result: Ingested, title: str) -> str:
    """What became of a source, in a line."""
    if result.error:
        return f"Not taken: {escape(choice(result.error, 500))}"
    return f"{result.status.capitalize()}: {escape(choice(title))}"
