"""The strict Discord with the library as it is: what Discord refuses is refused."""

import asyncio

import aiohttp
import discord
import pytest

from tests.strict.client import Clock, in_loop, online, pointed_at
from tests.strict.gateway import Intent
from tests.strict.server import Discord
from tests.strict.small_bot import Bot, newsroom
from tests.strict.things import Permission

MANAGE = Permission.MANAGE_GUILD


@in_loop
async def test_a_wrong_token_and_a_missing_intent_are_turned_away() -> None:
    async with Discord(privileged=Intent(0)) as server:
        with pointed_at(server):
            async with Bot() as bot:
                with pytest.raises(discord.LoginFailure):
                    await bot.login("wrong")
            async with Bot() as bot:
                with pytest.raises(discord.PrivilegedIntentsRequired):
                    await bot.start(server.token)
            async with Bot(discord.Intents.default()) as bot:
                await bot.login(server.token)
                bot.http.token = "wrong"
                with pytest.raises(discord.ConnectionClosed) as closed:
                    await bot.connect()
                assert closed.value.code == 4004


@in_loop
async def test_too_long_too_late_twice_and_after_the_end_are_refused() -> None:
    clock = Clock()
    async with Discord(clock=clock) as server:
        bot = Bot()
        async with online(server, bot):
            alice = server.person("alice", guild=newsroom(server)[0])
            for how, code, path in (("long", 50035, "In data.content"), ("twice", 40060, "")):
                await alice.slash("bad", {"how": how})
                error = await bot.failures.get()
                assert error.code == code
                assert path.removeprefix("In data.") in error.text
            for how, seconds, code in (("late", 3.1, 10062), ("expired", 901, 50027)):
                asked = await alice.slash("bad", {"how": how})
                if how == "expired":
                    await asked.shown()
                clock.now += seconds
                bot.hold.set()
                assert (await bot.failures.get()).code == code
                bot.hold.clear()


@in_loop
async def test_where_the_bot_is_no_member_only_five_messages_may_follow() -> None:
    async with Discord() as server:
        bot = Bot()
        async with online(server, bot):
            elsewhere = server.guild("Elsewhere", has_bot=False)
            server.channel(elsewhere)
            asked = await server.person("dan", guild=elsewhere).slash("bad", {"how": "many"})
            assert (await bot.failures.get()).code == 40094
            assert [each.content for each in asked.followups] == list("01234")
            assert (await asked.followup(4)).ephemeral


@in_loop
async def test_a_server_that_does_not_let_answers_be_put_off() -> None:
    async with Discord(defers=False) as server:
        bot = Bot()
        async with online(server, bot):
            alice = server.person("alice", guild=newsroom(server)[0])
            await alice.slash("ask", {"question": "Who?"})
            assert (await bot.failures.get()).status == 400


@in_loop
async def test_what_the_bot_may_not_do_is_refused_whatever_it_believes() -> None:
    async with Discord() as server:
        guild, channel = newsroom(server)
        hidden = server.channel(guild, "hidden")
        bot = Bot()
        async with online(server, bot):
            await bot.wait_until_ready()
            there = bot.get_partial_messageable(int(channel.id))
            server.overwrite(channel, server.bot, deny=Permission.SEND_MESSAGES, announced=False)
            server.overwrite(hidden, server.bot, deny=Permission.VIEW_CHANNEL)
            with pytest.raises(discord.Forbidden) as refused:
                await there.send("Hello")
            assert refused.value.code == 50013
            with pytest.raises(discord.Forbidden) as refused:
                await bot.fetch_channel(int(hidden.id))
            assert refused.value.code == 50001
            alice = server.person("alice", guild=guild)
            await alice.says("Unheard", channel=hidden)
            await alice.says("Heard", channel=channel)
            assert (await bot.heard.get()).content == "Heard"


@in_loop
async def test_whether_a_command_is_offered_and_a_conversation_is_open() -> None:
    async with Discord() as server:
        guild, _ = newsroom(server)
        bot = Bot()
        async with online(server, bot):
            alice, bob = server.person("alice", guild=guild), server.person("bob", guild=guild, may=MANAGE)
            assert [each.offered("manage") for each in (alice, bob)] == [False, True]
            assert not bob.offered("manage", server.conversation(bob.user))
            alice.user.accepts_dms = False
            with pytest.raises(discord.Forbidden) as refused:
                await (await bot.fetch_user(int(alice.user.id))).send("Hello")
            assert refused.value.code == 50007
            with pytest.raises(discord.HTTPException) as empty:
                await (await bot.fetch_user(int(bob.user.id))).send(" ")
            assert empty.value.code == 50006


@in_loop
async def test_a_thread_is_opened_once_on_a_message_and_its_name_has_a_limit() -> None:
    async with Discord() as server:
        _, channel = newsroom(server)
        bot = Bot()
        async with online(server, bot):
            await bot.wait_until_ready()
            there = bot.get_channel(int(channel.id))
            assert isinstance(there, discord.TextChannel)
            message = await there.send("On this")
            with pytest.raises(discord.HTTPException, match="In name: Must be between 1 and 100"):
                await message.create_thread(name="x" * 101)
            thread = await there.create_thread(name="Beside", type=discord.ChannelType.public_thread)
            opened = await (await there.fetch_message(message.id)).create_thread(name="On it")
            assert [each.type.value async for each in opened.history()] == [21]
            with pytest.raises(discord.HTTPException) as refused:
                await there.get_partial_message(message.id).create_thread(name="Again")
            assert refused.value.code == 160004
            for text in "abcde":
                await thread.send(text)
            told = [each.content async for each in thread.history(limit=3)]
            assert told == ["e", "d", "c"]


@in_loop
async def test_the_library_waits_where_it_is_told_to(caplog: pytest.LogCaptureFixture) -> None:
    async with Discord() as server:
        _, channel = newsroom(server)
        server.buckets.limits["POST /channels/{channel}/messages"] = (2, 0.2)
        server.buckets.announced = False
        bot = Bot()
        async with online(server, bot):
            there = bot.get_partial_messageable(int(channel.id))
            await asyncio.gather(*(there.send(str(n)) for n in range(4)))
            assert sorted(each.content for each in channel.messages) == ["0", "1", "2", "3"]
            assert server.answered(429)
            server.buckets.announced = True
            asked = len(server.calls)
            await asyncio.gather(*(there.send(str(n)) for n in range(4)))
            server.buckets.limits.clear()
            server.buckets.overall = (1, 0.1)
            await asyncio.gather(*(there.typing() for _ in range(2)))
            assert [call.answer["global"] for call in server.calls[asked:] if call.status == 429][-1:] == [True]


@in_loop
async def test_what_is_not_known_is_answered_404_and_kept() -> None:
    async with Discord() as server, aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bot {server.token}"}
        for path, sent, status in (
            ("/users/@me", headers, 200),
            ("/users/@me", {}, 401),
            ("/gateway", {}, 200),
            ("/stickers/1", headers, 404),
        ):
            async with session.get(server.url + path, headers=sent) as answer:
                assert (answer.status, answer.headers["Content-Type"]) == (status, "application/json")
        assert [call.path for call in server.unknown] == ["/stickers/1"]
