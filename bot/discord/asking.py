"""Questions: /ask, the menus on messages, and messages themselves."""

import asyncio
from collections import deque
from collections.abc import Sequence
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands, ui
from discord.ext import commands

from bot.discord import history
from bot.discord.allowance import Allowance
from bot.discord.authorize import Access, WayIn
from bot.discord.buttons import beneath, told
from bot.discord.decide import Heard, Reply, decide
from bot.discord.errors import UNSENT, record, sentence
from bot.discord.growing import Growing, Opens
from bot.discord.newsroom import LONGEST, Newsroom, TooOftenError
from bot.discord.place import at_once, guild_of, way_of, way_of_message, whole_channel
from bot.discord.show import QUIET, Spot, below, changing, deferred, reply_to, respond
from bot.render.discord import check_pages
from bot.render.escaping import choice

if TYPE_CHECKING:
    from bot.discord.client import Client

    Interaction = discord.Interaction[Client]

HOW = "Ask me a question about the articles. /help says what else there is."
_REMEMBERED = 1000
"""Messages of which it is known that they are dealt with: after a dropped connection Discord may send some again."""

anywhere = app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
for_anyone = app_commands.allowed_installs(guilds=True, users=True)


class Asking(commands.Cog):
    """All ways to ask."""

    def __init__(self, client: "Client") -> None:
        self._client = client
        self._newsroom = client.newsroom
        self._seen: deque[int] = deque(maxlen=_REMEMBERED)
        self._told = Allowance(1, monotonic)

    @app_commands.command(description="Ask the articles. Every sentence of the answer is a quote that you can check.")
    @app_commands.describe(question="What you want to know", private="Show the answer to you alone")
    @for_anyone
    @anywhere
    async def ask(
        self, interaction: "Interaction", question: app_commands.Range[str, 1, LONGEST], private: bool = False
    ) -> None:
        await answer_privately_or_not(interaction, question, private=private)

    @app_commands.command(description="What I can do, and whether I am ready.")
    @for_anyone
    @anywhere
    async def help(self, interaction: "Interaction") -> None:
        await interaction.response.send_message(self._client.help_text(), ephemeral=True, allowed_mentions=QUIET)

    @commands.Cog.listener()
    async def on_message(self, message: discord.Message) -> None:
        if message.id in self._seen or message.author.bot or message.webhook_id:
            return
        self._seen.append(message.id)
        try:
            await self._hear(message)
        except Exception as error:  # the library would only log it, with the message's text
            record(error)
            if not isinstance(error, discord.Forbidden) and not self._is_told(message, error):
                await _say(message, sentence(error))

    def _is_told(self, message: discord.Message, error: Exception) -> bool:
        """Whether they know by now that they ask too much: told each time, they would have the bot fill a channel."""
        if not isinstance(error, TooOftenError):
            return False
        who = f"{message.author.id} in {message.channel.id}"
        waits = self._told.wait(who) > 0
        if not waits:
            self._told.take(who)
        return waits

    async def _hear(self, message: discord.Message) -> None:
        me = self._client.me
        if not (guild_of(message) is None or _concerns(message, me) or _may_be_own_thread(message)):
            return
        channel = await whole_channel(self._client, message.channel)
        way = way_of_message(message, channel)
        heard = Heard(
            text=message.content,
            by_bot=message.author.bot,
            ordinary=message.type in (discord.MessageType.default, discord.MessageType.reply),
            direct=way.direct,
            mentions_me=any(user.id == me for user in message.mentions),
            replies_to_me=_replies_to(message, me),
            in_thread=isinstance(channel, discord.Thread),
            in_own_thread=isinstance(channel, discord.Thread) and channel.owner_id == me,
            mode=await self._newsroom.mode(way),
        )
        if reply := decide(heard, str(me)):
            await self._answer(message, way, reply, heard)

    async def _answer(self, message: discord.Message, way: WayIn, reply: Reply, heard: Heard) -> None:
        access = await self._newsroom.access(way)
        if not reply.question:
            await _say(message, HOW)
            return
        self._newsroom.count(way)
        channel = message.channel
        await _typing(channel)
        in_turn = heard.in_own_thread or heard.direct
        records, me = self._newsroom.records, self._client.me
        before = await history.turns_before(message, me, records, access.desks, whole_channel=in_turn)
        await _show_answer(self._newsroom, way, access, reply.question, before, partial(_spot, message, reply))


async def answer_privately_or_not(
    interaction: "Interaction",
    question: str,
    before: list[dict[str, str]] | None = None,
    *,
    private: bool,
) -> None:
    """Answer a command: acknowledged at once, whatever has to be loaded first."""
    newsroom = interaction.client.newsroom
    at = at_once(interaction)
    newsroom.count(at)
    private = private or at.only_for_the_asker
    await interaction.response.defer(ephemeral=private, thinking=True)
    way = await way_of(interaction)
    access = await newsroom.access(way)

    async def opens() -> Spot:
        return deferred(interaction, private=private)

    await _show_answer(newsroom, way, access, question, before or (), opens)


async def _show_answer(
    newsroom: Newsroom, way: WayIn, access: Access, question: str, before: Sequence[dict[str, str]], opens: Opens
) -> None:
    """Answer a question where ``opens`` says, as the answer grows if it does."""
    growing = Growing(opens, newsroom.sleep)
    try:
        answer = await newsroom.answer(access, question, before, growing.sees)
        await growing.stops()
        given = await newsroom.keep(way, answer)
    except Exception as error:  # whatever it is, what is shown of an answer is not taken back
        if not await growing.breaks_off(error):
            raise
        record(error)
    else:
        ids = await growing.ends(given.pages, beneath(given.id, given.answer))
        await newsroom.shown(given.id, ids, await growing.place())


# -- menus on messages


class About(ui.Modal, title="Ask about this"):
    """Asks for a question on a message; what the message says is what was said before."""

    question: ui.TextInput[ui.View] = ui.TextInput(label="What do you want to know?", max_length=LONGEST)

    def __init__(self, message: discord.Message) -> None:
        super().__init__(timeout=900)
        self._said = message.content

    @told
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        before = [{"question": self._said, "answer": self._said}] if self._said else []
        await answer_privately_or_not(interaction, self.question.value, before, private=True)


@app_commands.context_menu(name="Ask about this")
@for_anyone
@anywhere
async def ask_about(interaction: "Interaction", message: discord.Message) -> None:
    """Ask for a question on a message."""
    await interaction.client.newsroom.access(await way_of(interaction))
    await interaction.response.send_modal(About(message))


@app_commands.context_menu(name="Check against articles")
@for_anyone
@anywhere
async def check(interaction: "Interaction", message: discord.Message) -> None:
    """Hold each sentence of a message against the articles."""
    newsroom = interaction.client.newsroom
    newsroom.count(at_once(interaction))
    await interaction.response.defer(ephemeral=True, thinking=True)
    access = await newsroom.access(await way_of(interaction))
    checked = await newsroom.answering.use(lambda room: room.check(message.content, access.desks))
    await respond(interaction, await asyncio.to_thread(check_pages, checked), private=True)


async def setup(client: "Client") -> None:
    """Give the bot these ways to ask."""
    await client.add_cog(Asking(client))
    client.tree.add_command(ask_about)
    client.tree.add_command(check)


# -- messages


async def _spot(message: discord.Message, reply: Reply) -> Spot:
    """Where a message is answered; the thread is opened now, if it is to be one."""
    there = below(message.channel)
    if reply.place == "thread" and (thread := await _thread(message, reply.question)):
        there = below(thread)
        return Spot(there, changing, there, thread.id)
    return Spot(there if reply.place == "here" else reply_to(message), changing, there, message.channel.id)


def _concerns(message: discord.Message, me: int) -> bool:
    return any(user.id == me for user in message.mentions) or _replies_to(message, me)


def _replies_to(message: discord.Message, me: int) -> bool:
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id == me


def _may_be_own_thread(message: discord.Message) -> bool:
    """Whether it stands in a thread, as far as that is known; one that is not cached may be the bot's own."""
    return isinstance(message.channel, discord.Thread | discord.PartialMessageable)


async def _thread(message: discord.Message, question: str) -> discord.Thread | None:
    """A thread opened at a message; None where that, or writing in it, is not possible: the answer is then a reply."""
    me = message.guild and message.guild.me
    if me and not message.channel.permissions_for(me).send_messages_in_threads:
        return None
    try:
        return await message.create_thread(name=choice(question))
    except (discord.HTTPException, ValueError):
        return None


async def _typing(channel: Any) -> None:
    try:
        await channel.typing()
    except discord.HTTPException:
        return  # it may write nonetheless; if not, the answer's own error says so


async def _say(message: discord.Message, text: str) -> None:
    try:
        await reply_to(message)(content=text, allowed_mentions=QUIET)
    except UNSENT as failed:
        record(failed)
