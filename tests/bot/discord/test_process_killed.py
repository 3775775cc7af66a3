"""What is killed leaves nothing in the way: the bot, the process that serves its store, one bot of two."""

import os
import signal
from pathlib import Path

import pytest

from tests.bot.discord.running import SAID, WHO, beside, in_a_minute, left_nothing, running, served
from tests.ingest.serving import is_gone
from tests.strict.server import Discord

pytestmark = [pytest.mark.slow, pytest.mark.alone]


@in_a_minute
async def test_after_a_bot_was_killed_commands_and_the_next_bot_work(stocked: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        async with running(server, tmp_path) as bot:
            shown = await (await alice.slash("ask", {"question": WHO})).shown(within=25)
            left = (stocked / "server.json").read_text()
            child = await served(stocked)
            await bot.killed()
            await left_nothing(stocked, child)
        (stocked / "server.json").write_text(left)  # as if the process that served the store had been killed too
        assert (await beside("ask", WHO)).status == 0
        async with running(server, tmp_path) as bot:
            assert SAID in (await (await alice.click(shown, "Passages")).shown(within=25)).content
            assert await bot.stopped() == 0
            assert bot.said == "Stopping.\n"


@in_a_minute
async def test_a_bot_whose_store_was_killed_opens_it_anew_at_the_next_question(stocked: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        alice = server.person("alice", guild=(guild := server.guild()))
        server.channel(guild)
        async with running(server, tmp_path, DISCORD_USER_RATE="0") as bot:
            await (await alice.slash("ask", {"question": WHO})).shown(within=25)
            os.kill(child := await served(stocked), signal.SIGKILL)
            asked = [await alice.slash("ask", {"question": WHO}) for _ in range(4)]
            listed = await alice.slash("sources")
            for each in asked:
                assert SAID in (await each.shown(within=20)).content
            assert "Russia ratifies military pact" in (await listed.shown()).text
            assert await served(stocked) != child
            assert await bot.stopped() == 0
            assert bot.said == "The store has gone; it is opened anew.\nStopping.\n"


@in_a_minute
async def test_of_two_bots_with_one_data_folder_either_may_leave_first(stocked: Path, tmp_path: Path) -> None:
    async with Discord() as one, Discord() as two:
        people = [server.person("alice", guild=server.guild()) for server in (one, two)]
        for server in (one, two):
            server.channel(next(iter(server.guilds.values())))
        async with running(one, tmp_path) as first, running(two, tmp_path) as second:
            asked = [await alice.slash("ask", {"question": WHO}) for alice in people]
            for each in asked:
                assert SAID in (await each.shown(within=25)).content
            owner = await served(stocked)
            assert await first.stopped() == 0
            assert SAID in (await (await people[1].slash("ask", {"question": WHO})).shown(within=20)).content
            child = await served(stocked)
            assert await second.stopped() == 0
            assert await left_nothing(stocked, child)
            assert is_gone(owner)
