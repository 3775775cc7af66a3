"""The bot's process and its connection: dropped, ended, divided into shards, and never to another server."""

import asyncio
from pathlib import Path

import pytest

from tests.bot.discord.running import SAID, WHO, in_a_minute, running
from tests.strict.server import Discord

pytestmark = [pytest.mark.slow, pytest.mark.alone]


@in_a_minute
async def test_a_dropped_connection_resumes_at_the_same_server_and_nothing_is_answered_twice(
    stocked: Path, tmp_path: Path
) -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        its_own, server.gateway.url = server.gateway.url, "wss://gateway.discord.gg/"  # that is what READY will name
        async with running(server, tmp_path, DISCORD_GATEWAY_URL=its_own) as bot:
            await (await alice.slash("ask", {"question": WHO})).shown(within=25)
            async with server.gateway.cut_off():
                said = await alice.says(f"<@{server.bot.id}> {WHO}")
            thread = await said.thread(within=15)
            assert SAID in (await server.message_from_bot(thread)).content
            assert (len(server.gateway.resumes), len(server.gateway.identifies)) == (1, 1)
            await server.gateway.invalidate()
            await server.ready(2)
            assert SAID in (await (await alice.slash("ask", {"question": WHO})).shown()).content
            assert len([*server.from_bot(thread)]) == 1
            assert server.syncs == 1
            assert await bot.stopped() == 0
            assert bot.said == "Stopping.\n"


@in_a_minute
async def test_a_server_that_goes_away_is_tried_again_a_line_each_time(stocked: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        server.channel(server.guild())
        async with running(server, tmp_path) as bot:
            await server.__aexit__()
            while "Attempting a reconnect" not in bot.said:
                assert bot.process.exitcode is None
                await asyncio.sleep(0.02)
            assert await bot.stopped() == 0
            tries = [line for line in bot.said.splitlines() if line != "Stopping."]
            assert all(line.startswith("Attempting a reconnect in ") for line in tries)


@in_a_minute
async def test_shards_share_the_servers_and_leave_together(stocked: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        async with running(server, tmp_path, DISCORD_SHARD_COUNT="2") as bot:
            await server.ready(2)
            assert [data["shard"] for data in server.gateway.identifies] == [[0, 2], [1, 2]]
            assert SAID in (await (await alice.slash("ask", {"question": WHO})).shown(within=25)).content
            assert await bot.stopped() == 0
            assert server.gateway.closed == [1000, 1000]
            assert bot.said == "Stopping.\n"
