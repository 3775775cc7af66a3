"""A bot with one of everything, by which the strict Discord is tried."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from tests.strict.server import Discord
from tests.strict.things import Channel, Guild

QUICK: Any = {"guild_ready_timeout": 0.05}


class Vote(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"vote:(?P<n>[0-9]+)"):
    """A button that works after a restart."""

    def __init__(self, n: int) -> None:
        super().__init__(discord.ui.Button(label="Good", custom_id=f"vote:{n}"))
        self.n = n

    @classmethod
    async def from_custom_id(cls, _: Any, __: Any, match: Any, /) -> "Vote":
        return cls(int(match["n"]))

    async def callback(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Why())


class Why(discord.ui.Modal, title="Why?"):
    reason: Any = discord.ui.Label(text="Reason", component=discord.ui.TextInput(custom_id="reason", max_length=20))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"Noted: {self.reason.component.value}", ephemeral=True)


class Bot(discord.Client):
    """A bot with one of everything."""

    def __init__(self, intents: discord.Intents | None = None) -> None:
        default = discord.Intents.default()
        default.message_content = True
        super().__init__(intents=intents or default, **QUICK)
        self.tree = app_commands.CommandTree(self)
        self.failures: asyncio.Queue[Any] = asyncio.Queue()
        self.heard: asyncio.Queue[discord.Message] = asyncio.Queue()
        self.hold = asyncio.Event()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Not the five seconds that it usually waits."""

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Vote)

        @self.tree.command(description="Ask")
        async def ask(interaction: discord.Interaction, question: str, file: discord.Attachment | None = None) -> None:
            await interaction.response.defer(ephemeral=interaction.guild_id is None)
            view = discord.ui.View(timeout=None)
            view.add_item(Vote(42))
            text = f"{question} {(await file.read()).decode() if file else ''}"
            await interaction.edit_original_response(content=text, view=view)

        @ask.autocomplete("question")
        async def suggest(_: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed}?", value=typed)]

        @self.tree.command(description="Say something long, twice, or late")
        async def bad(interaction: discord.Interaction, how: str) -> None:
            if how == "late":
                await self.hold.wait()
            await interaction.response.send_message("x" * 2001 if how == "long" else "once")
            if how == "expired":
                await self.hold.wait()
                await interaction.followup.send("twice")
            if how == "many":
                for n in range(6):
                    await interaction.followup.send(str(n), ephemeral=True)
            if how == "twice":
                interaction.response._response_type = None
                await interaction.response.send_message("twice")

        @self.tree.command(description="Manage")
        @app_commands.default_permissions(manage_guild=True)
        @app_commands.guild_only()
        async def manage(interaction: discord.Interaction) -> None:
            await interaction.response.send_message("Managed", ephemeral=True)

        @self.tree.context_menu(name="Ask about this")
        async def about(interaction: discord.Interaction, message: discord.Message) -> None:
            await interaction.response.send_message(f"About: {message.content}", ephemeral=True)

        @self.tree.error
        async def failed(_: discord.Interaction, error: app_commands.AppCommandError) -> None:
            self.failures.put_nowait(getattr(error, "original", error))

        await self.tree.sync()

    def from_people(self) -> list[str]:
        """What was heard so far, bots left out."""
        heard = [self.heard.get_nowait() for _ in range(self.heard.qsize())]
        return [each.content for each in heard if not each.author.bot]

    async def on_message(self, message: discord.Message) -> None:
        self.heard.put_nowait(message)
        if message.author.bot or (self.user not in message.mentions and message.guild):
            return
        if not message.guild:
            await message.reply(f"In private: {message.content}")
            return
        thread = await message.create_thread(name="Answer")
        sent = await thread.send("…", allowed_mentions=discord.AllowedMentions.none())
        await sent.edit(content="The pact.")


def newsroom(server: Discord) -> tuple[Guild, Channel]:
    guild = server.guild()
    return guild, server.channel(guild)
