"""The client: what it listens to, which commands it has, how it starts and how it stops."""

import asyncio
import hashlib
import json
import logging
from typing import Any

import discord
from discord import app_commands
from discord.ext import commands

from bot.discord import asking, shelves, still, watching
from bot.discord.buttons import Passages, Turn, Vote
from bot.discord.errors import tell
from bot.discord.newsroom import Newsroom
from bot.discord.show import QUIET

log = logging.getLogger(__name__)

INTENTS = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)


class OneByOne(app_commands.CommandTree["Client"]):
    """Commands of which, when many come at once, one is begun each time that the event loop comes round.

    On a busy machine, a hundred that were acknowledged in one go held up everything else for 0.2 s.
    """

    _turn: asyncio.Lock | None = None

    async def interaction_check(self, interaction: discord.Interaction["Client"], /) -> bool:
        self._turn = self._turn or asyncio.Lock()
        async with self._turn:
            await asyncio.sleep(0)
        return True

    async def on_error(
        self, interaction: discord.Interaction["Client"], error: app_commands.AppCommandError, /
    ) -> None:
        await tell(interaction, error)


class Client(commands.Bot):
    """The bot. Its cogs and buttons do the work; what they share is ``newsroom``."""

    def __init__(self, newsroom: Newsroom, **options: Any) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=OneByOne,
            intents=INTENTS,
            allowed_mentions=QUIET,
            chunk_guilds_at_startup=False,
            member_cache_flags=discord.MemberCacheFlags.none(),
            max_messages=None,
            **options,
        )
        self.newsroom = newsroom
        self._looking: asyncio.Task[None] | None = None

    @property
    def me(self) -> int:
        """The bot's own id."""
        return self.user.id if self.user else 0

    async def setup_hook(self) -> None:
        self.newsroom.answering.start()
        await asking.setup(self)
        await shelves.setup(self)
        await watching.setup(self)
        self.add_dynamic_items(Passages, Vote, Turn)
        await self._sync()
        self._looking = asyncio.create_task(still.watch(self), name="still so")

    async def on_message(self, message: discord.Message, /) -> None:
        """Nothing: the library would look for commands that begin with a mention. `asking` listens itself."""

    async def close(self) -> None:
        """Let the answers in flight finish, then leave."""
        if self._looking:
            self._looking.cancel()
        if not self.is_closed():
            await self.remove_cog(watching.Watching.__cog_name__)  # it would begin what is not waited for
            await self.newsroom.answering.close()
            await asyncio.to_thread(self.newsroom.records.close)
        await super().close()

    def help_text(self) -> str:
        """What the bot can do, and whether it is ready."""
        ready = self.newsroom.answering.ready
        return "\n".join(
            [
                "I answer questions from news articles. Each sentence is a quote, with its source.",
                "**Ask**: /ask, mention me, reply to me, or write in a thread that I opened: I follow up there.",
                "**Check**: on any message, Apps → Check against articles, or Ask about this.",
                "**Read**: /sources lists the articles, /article shows one, Passages beneath an answer the quotes.",
                "**Manage** (Manage Server): /ingest, /forget, /watch, /desk.",
                "I am ready." if ready else "My models are still loading; a question now takes some seconds longer.",
            ]
        )

    async def _sync(self) -> None:
        """Tell Discord which commands there are, if they have changed since it was told last."""
        defined = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        defined += [menu.to_dict(self.tree) for kind in _MENUS for menu in self.tree.get_commands(type=kind)]
        whole = json.dumps([discord.http.Route.BASE, defined], sort_keys=True)
        digest = hashlib.sha256(whole.encode()).hexdigest()
        records = self.newsroom.records
        name = f"commands of {self.application_id}"
        if await asyncio.to_thread(records.kept, name) != digest:
            await self.tree.sync()
            await asyncio.to_thread(records.keep, name, digest)


_MENUS = (discord.AppCommandType.message, discord.AppCommandType.user)


class ShardedClient(Client, commands.AutoShardedBot):
    """The bot over more than one connection to Discord."""
