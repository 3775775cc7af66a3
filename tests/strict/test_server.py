"""The strict Discord with the library as it is: every way in works, and nothing gets lost."""

import asyncio
import os
import signal
import sys

import discord
import pytest

from tests.strict.client import in_loop, online
from tests.strict.people import Upload
from tests.strict.server import Discord
from tests.strict.small_bot import QUICK, Bot, newsroom

QUESTION = "What was signed?"


@in_loop
async def test_a_command_is_deferred_and_then_answered() -> None:
    async with Discord() as server, online(server, Bot()):
        alice = server.person("alice", guild=newsroom(server)[0])
        asked = await alice.slash("ask", {"question": "Who?", "file": Upload("a.txt", b"By Ann")})
        shown = await asked.shown()
        assert (shown.content, shown.labels, shown.ephemeral) == ("Who? By Ann", ["Good"], False)
        assert await asked.acknowledged() < 3
        assert [call.route for call in server.calls[-2:]] == [
            "/interactions/{id}/{token}/callback",
            "/webhooks/{app}/{token}/messages/{message}",
        ]
        assert (server.syncs, server.unknown) == (1, [])


@in_loop
async def test_an_autocomplete_and_a_context_menu() -> None:
    async with Discord() as server, online(server, Bot()):
        alice = server.person("alice", guild=newsroom(server)[0])
        typed = await alice.autocomplete("ask", {"question": "Wh"}, "question")
        assert await typed.choices() == [{"name": "Wh?", "value": "Wh"}]
        said = await alice.says("The moon is cheese.")
        shown = await (await alice.menu("Ask about this", said.message)).shown()
        assert (shown.content, shown.ephemeral) == ("About: The moon is cheese.", True)


@in_loop
async def test_a_button_from_before_a_restart_opens_a_modal() -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=newsroom(server)[0])
        async with online(server, Bot()):
            shown = await (await alice.slash("ask", {"question": "Who?"})).shown()
        async with online(server, Bot()):
            pressed = await alice.click(shown, "Good")
            assert (await pressed.modal())["title"] == "Why?"
            answer = await (await alice.submits(pressed, {"Reason": "wrong source"})).shown()
            assert answer.content == "Noted: wrong source"
            with pytest.raises(AssertionError, match="0 to 20 characters"):
                await alice.submits(pressed, {"Reason": "x" * 21})
            bob = server.person("bob", guild=alice.home)
            with pytest.raises(AssertionError, match="cannot see"):
                await bob._use(answer, {"custom_id": "x", "type": 2}, {}, False)


@in_loop
async def test_a_mention_is_answered_in_a_thread_and_a_message_to_the_bot_alone_where_it_is() -> None:
    async with Discord() as server, online(server, Bot()):
        alice = server.person("alice", guild=newsroom(server)[0])
        said = await alice.says(f"<@{server.bot.id}> {QUESTION}")
        answer = await said.answer(lambda message: message.content == "The pact.")
        assert answer.channel is await said.thread()
        assert answer.channel.name == "Answer"
        assert (await (await alice.dm("Hello")).answer()).content == "In private: Hello"


@in_loop
async def test_somebody_without_a_guild_uses_what_they_installed_themselves() -> None:
    async with Discord() as server, online(server, Bot()):
        elsewhere = server.guild("Elsewhere", has_bot=False)
        server.channel(elsewhere)
        for person in (server.person("carol"), server.person("dan", guild=elsewhere)):
            asked = await person.slash("ask", {"question": "Who?"})
            shown = await asked.shown()
            assert asked.owners == {"1": person.user.id}
            assert shown.ephemeral is (person.home is None)


@in_loop
async def test_without_the_intent_only_what_concerns_the_bot_can_be_read() -> None:
    async with Discord() as server:
        bot = Bot(discord.Intents.default())
        async with online(server, bot):
            alice = server.person("alice", guild=newsroom(server)[0])
            await alice.says("Not for you")
            said = await alice.says(f"<@{server.bot.id}> {QUESTION}")
            answer = await said.answer()
            reply = await alice.says("And who?", reply_to=answer)
            await (await alice.dm("Hello")).answer()
            assert bot.from_people() == ["", said.message.content, "And who?", "Hello"]
            assert reply.message.mentions == [server.bot]


@in_loop
async def test_a_dropped_connection_is_resumed_and_nothing_is_missed() -> None:
    async with Discord() as server:
        bot = Bot()
        async with online(server, bot):
            alice = server.person("alice", guild=newsroom(server)[0])
            async with server.gateway.cut_off():
                said = await alice.says(f"<@{server.bot.id}> {QUESTION}")
            await said.answer(lambda message: message.content == "The pact.")
            await server.gateway.ask_to_reconnect()
            await server.until(lambda: len(server.gateway.resumes) == 2)
            assert len(server.gateway.identifies) == 1
            await server.gateway.invalidate()
            await server.ready(times=2)
            assert bot.from_people() == [said.message.content]


@in_loop
async def test_a_message_in_a_thread_that_the_bot_has_not_cached() -> None:
    async with Discord() as server:
        guild, channel = newsroom(server)
        bot = Bot()
        async with online(server, bot):
            await bot.wait_until_ready()
            alice = server.person("alice", guild=guild)
            thread = server.thread(channel, "Old", alice.user, announced=False)
            await alice.says("Still here?", channel=thread)
            assert isinstance((await bot.heard.get()).channel, discord.PartialMessageable)
            assert getattr(await bot.fetch_channel(int(thread.id)), "parent_id", None) == int(channel.id)


@in_loop
async def test_who_would_be_pinged_and_what_would_unfold_is_kept_over_edits() -> None:
    async with Discord() as server:
        _, channel = newsroom(server)
        bot = Bot()
        async with online(server, bot):
            there = bot.get_partial_messageable(int(channel.id))
            quiet = await there.send("@everyone <https://a.test>", allowed_mentions=discord.AllowedMentions.none())
            record = server.messages[str(quiet.id)]
            assert not record.pings | record.previews
            await quiet.edit(content="@everyone https://a.test/b")
            await quiet.edit(content="Nothing", suppress=True)
            assert record.pings | record.previews == {"@everyone", "https://a.test/b"}


@in_loop
async def test_files_are_kept_and_served() -> None:
    async with Discord() as server:
        _, channel = newsroom(server)
        bot = Bot()
        async with online(server, bot):
            there = bot.get_partial_messageable(int(channel.id))
            sent = await there.send(file=discord.File(__file__, "test.py"))
            fetched = await there.fetch_message(sent.id)
            assert b"are kept and served" in (await fetched.attachments[0].read()).replace(b"_", b" ")


@in_loop
async def test_shards_are_told_of_their_own_guilds() -> None:
    async with Discord() as server:
        guilds = [newsroom(server)[0] for _ in range(3)]
        intents = discord.Intents.default()
        client = discord.AutoShardedClient(intents=intents, shard_count=2, **QUICK)
        client.before_identify_hook = Bot.before_identify_hook.__get__(client)  # type: ignore[method-assign]
        async with online(server, client):
            await client.wait_until_ready()
            assert sorted(guild.id for guild in client.guilds) == [int(guild.id) for guild in guilds]
            assert [each["shard"] for each in server.gateway.identifies] == [[0, 2], [1, 2]]


ELSEWHERE = """
import os, asyncio, discord, yarl
from discord.gateway import DiscordWebSocket
discord.http.Route.BASE = os.environ["DISCORD_API_URL"]
class Bot(discord.Client):
    async def setup_hook(self):
        found = await self.http.request(discord.http.Route("GET", "/gateway"))
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(found["url"])
    async def on_message(self, message):
        if not message.author.bot:
            await message.reply("Heard")
Bot(intents=discord.Intents.default()).run(os.environ["DISCORD_TOKEN"], log_handler=None)
"""


@in_loop
async def test_a_bot_in_another_process_finds_the_server_by_its_environment() -> None:
    async with Discord() as server:
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "ignore", "-c", ELSEWHERE, env=os.environ | server.environment
        )
        alice = server.person("alice", guild=newsroom(server)[0])
        said = await alice.says("Hello?")  # as soon as the bot is there
        assert (await said.answer()).reference is said.message
        other.send_signal(signal.SIGINT)
        await other.wait()
        await server.until(lambda: server.gateway.closed or None)
        assert (server.gateway.closed, server.gateway.sessions) == ([1000], {})
