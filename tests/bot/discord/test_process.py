"""The bot's process from its start to its end: cold, beside other commands, stopped with answers in flight."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from bot.answering import RESTARTING
from bot.records import open_records
from bot.settings import Settings
from tests.bot.discord.running import (
    SAID,
    WHO,
    beside,
    free_port,
    get,
    healthy,
    in_a_minute,
    left_nothing,
    rows,
    running,
    served,
    started,
)
from tests.strict.server import Discord
from tests.strict.things import Permission

pytestmark = [pytest.mark.slow, pytest.mark.alone]

FERRY = """\
# Ferry fire

The ferry Northern Star caught fire on Tuesday. Ingrid Solheim ordered everyone to the lifeboats.
"""


@in_a_minute
async def test_a_cold_bot_acknowledges_at_once_and_says_when_it_is_ready(stocked: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        port = await free_port()
        async with running(server, tmp_path, DISCORD_HEALTH_PORT=str(port)) as bot:
            asked = await alice.slash("ask", {"question": WHO})
            helped = await (await alice.slash("help")).shown()
            assert "still loading" in helped.content
            assert (await get(port, "/healthz"))[0] == 503
            assert await asked.acknowledged() < 3
            assert asked.original
            assert asked.original.loading
            assert SAID in (await asked.shown(within=25)).content
            assert "I am ready." in (await (await alice.slash("help")).shown()).content
            assert await healthy(port) == '{"connected": true, "ready": true}'

            assert "citedesk_connected 1.0" in (await get(port, "/metrics"))[1]
            assert "shard" not in server.gateway.identifies[0]
            child = await served(stocked)
            assert await bot.stopped() == 0
            assert await left_nothing(stocked, child)
            assert server.gateway.closed == [1000]
            assert bot.said == "Stopping.\n"
            assert not server.unknown


@in_a_minute
async def test_other_commands_work_beside_the_bot_and_what_they_change_is_answered(
    stocked: Path, tmp_path: Path
) -> None:
    (tmp_path / "ferry.md").write_text(FERRY)
    question = {"question": "Who ordered everyone to the lifeboats?"}
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        async with running(server, tmp_path) as bot:
            assert SAID not in (await (await alice.slash("ask", question)).shown(within=25)).content
            (added,) = rows(await beside("ingest", str(tmp_path / "ferry.md"), "--json"))
            assert added["status"] == "added"
            assert "Ingrid Solheim" in (await (await alice.slash("ask", question)).shown(within=5)).content
            asked, listed = await asyncio.gather(beside("ask", question["question"]), beside("articles"))
            assert (asked.status, len(listed.out.splitlines())) == (0, 2)
            assert (await beside("remove", str(added["article_id"]))).status == 0
            assert "Solheim" not in (await (await alice.slash("ask", question)).shown(within=5)).content
            assert await bot.stopped(signal.SIGINT) == 0
            assert bot.said == "Stopping.\n"


@in_a_minute
async def test_a_restart_loses_nothing_and_tells_of_the_commands_only_when_they_changed(
    stocked: Path, tmp_path: Path
) -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        async with running(server, tmp_path) as bot:
            shown = await (await alice.slash("ask", {"question": WHO})).shown(within=25)
            said = await alice.says(f"<@{server.bot.id}> {WHO}")
            thread = await said.thread()
            await server.message_from_bot(thread)
            assert await bot.stopped() == 0
        async with running(server, tmp_path) as bot:
            assert server.syncs == 1
            passages = await (await alice.click(shown, "Passages")).shown(within=25)
            assert (SAID in passages.content, passages.ephemeral) == (True, True)
            again = await (await alice.says("And what number did he give?", channel=thread)).answer()
            assert "20,000" in again.content
            assert await bot.stopped() == 0
        with open_records(Settings(home=stocked)) as records:
            records.keep(f"commands of {server.bot.id}", "what an earlier version had")
        async with running(server, tmp_path) as bot:
            assert server.syncs == 2
            assert await bot.stopped() == 0  # its store is still opening
        assert not (stocked / "server.json").exists()


@in_a_minute
async def test_the_answers_in_flight_are_given_before_it_ends(stocked: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        async with running(server, tmp_path, DISCORD_USER_RATE="0") as bot:
            await (await alice.slash("ask", {"question": WHO})).shown(within=25)
            child = await served(stocked)
            asked = [await alice.slash("ask", {"question": f"{WHO} ({n})"}) for n in range(20)]
            await asked[-1].acknowledged()
            bot.send(signal.SIGTERM)
            bot.send(signal.SIGTERM)  # somebody who is impatient does no harm
            late = await alice.slash("ask", {"question": WHO})
            assert await bot.ended() == 0
            for each in asked:
                content = (await each.shown(within=0.1)).content
                assert SAID in content or content == RESTARTING
            if late.original:  # the gateway may have been closed before
                assert (await late.shown(within=0.1)).content == RESTARTING
            assert server.gateway.closed == [1000]
            assert await left_nothing(stocked, child)


@in_a_minute
async def test_what_hangs_is_handed_back_within_ten_seconds(stocked: Path, tmp_path: Path) -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    asked = asyncio.Event()
    page = await asyncio.start_server(hang, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{page.sockets[0].getsockname()[1]}/page"
    async with page, Discord() as server:
        editor = server.person("editor", guild=(guild := server.guild()), may=Permission.MANAGE_GUILD)
        server.channel(guild)
        async with running(server, tmp_path, CITEDESK_INTERNAL_HOSTS="127.0.0.1") as bot:
            await (await editor.slash("ask", {"question": WHO})).shown(within=25)
            slow = await editor.slash("ingest", {"url": url})
            await asyncio.wait_for(asked.wait(), 5)
            child = await served(stocked)
            assert await bot.stopped(within=10) == 0
            assert (await slow.shown(within=0.1)).content == RESTARTING
            assert server.gateway.closed == [1000]
            assert await left_nothing(stocked, child)
            assert bot.said == "Stopping.\n"


@in_a_minute
async def test_a_bot_that_is_stopped_before_it_is_connected_leaves_quietly(home: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        server.delays["GET /users/@me"] = 5.0
        async with started(tmp_path, **server.environment) as bot:
            await server.until(lambda: server.calls or None, "the first call", 20)
            assert await bot.stopped() == 0
            assert bot.said == "Stopping.\n"
            assert not os.listdir(home) or "server.json" not in os.listdir(home)
