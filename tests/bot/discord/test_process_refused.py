"""A bot that cannot start says why in one line, and ends with status 1."""

import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.discord.running import in_a_minute, started
from tests.strict.gateway import Intent
from tests.strict.server import Discord

pytestmark = [pytest.mark.slow, pytest.mark.alone]


async def refusal(folder: Path, **settings: str) -> str:
    """The one line that a bot with these settings leaves."""
    async with started(folder, **settings) as bot:
        assert await bot.ended(within=20) == 1
    assert bot.said.endswith("\n")
    line = bot.said.removesuffix("\n")
    assert "\n" not in line
    assert "token-of-the" not in line
    assert line.startswith("citedesk: ")
    return line.removeprefix("citedesk: ")


@in_a_minute
async def test_without_a_token(home: Path, tmp_path: Path) -> None:
    assert (await refusal(tmp_path)).startswith("DISCORD_TOKEN: is not set.")


@in_a_minute
async def test_with_a_wrong_token(home: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        said = await refusal(tmp_path, **(server.environment | {"DISCORD_TOKEN": "the-token-of-the-other"}))
        assert said == f"DISCORD_TOKEN: {server.url} does not accept it. Reset it in the developer portal."


@in_a_minute
async def test_without_the_intent(home: Path, tmp_path: Path) -> None:
    async with Discord(privileged=Intent(0)) as server:
        assert "switch on Message Content Intent" in await refusal(tmp_path, **server.environment)


@in_a_minute
async def test_where_nobody_is(home: Path, tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}/api"
    said = await refusal(tmp_path, DISCORD_API_URL=url, DISCORD_TOKEN="the-token-of-the-bot")
    assert said.startswith(f"DISCORD_API_URL: {url}/gateway does not say where the gateway is (ClientConnectorError).")


@in_a_minute
async def test_where_no_gateway_is_named(home: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        said = await refusal(tmp_path, **(server.environment | {"DISCORD_API_URL": f"{server.url}/nothing"}))
        assert "does not say where the gateway is" in said


@in_a_minute
async def test_where_discord_itself_is_named_as_the_gateway_of_another_server(home: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        server.gateway.url = "wss://gateway.discord.gg./"
        said = await refusal(tmp_path, **server.environment)
        assert said.startswith(f"DISCORD_API_URL: {server.url}/gateway: names Discord, and the other is another server")
        assert [call.path for call in server.calls] == ["/gateway"]


@in_a_minute
async def test_with_a_port_that_is_taken(home: Path, tmp_path: Path) -> None:
    async with Discord() as server:
        with closing(socket.create_server(("127.0.0.1", 0))) as taken:
            port = str(taken.getsockname()[1])
            said = await refusal(tmp_path, DISCORD_HEALTH_PORT=port, **server.environment)
        assert said == f"DISCORD_HEALTH_PORT: {port} cannot be used: Address already in use."


@in_a_minute
async def test_with_damaged_records(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    (home / "records.sqlite3").write_bytes(b"no database " * 1000)
    async with Discord() as server:
        assert "it is damaged. Restore it from a copy" in await refusal(tmp_path, **server.environment)


@in_a_minute
async def test_with_records_that_another_holds(home: Path, tmp_path: Path) -> None:
    home.mkdir()
    async with Discord() as server:
        with closing(sqlite3.connect(home / "records.sqlite3")) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert "others are writing to it. Try again in a moment" in await refusal(tmp_path, **server.environment)
