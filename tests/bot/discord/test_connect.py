"""Which server the bot speaks to, and that its token reaches no other."""

import asyncio

import aiohttp
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord.connect import ConnectError, OneServer, point_at
from tests.strict.client import in_loop
from tests.strict.server import Discord


@pytest.fixture(autouse=True)
def library_restored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Route, "BASE", Route.BASE)
    monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", DiscordWebSocket.DEFAULT_GATEWAY)
    monkeypatch.setattr(DiscordWebSocket, "gateway", None, raising=False)


def test_nothing_is_changed_for_discord_itself() -> None:
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    assert asyncio.run(point_at("", "")) is None
    assert before == (Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY)


@in_loop
async def test_the_server_says_where_its_gateway_is_and_no_ready_says_otherwise() -> None:
    async with Discord() as server:
        connector = await point_at(server.url, "")
        assert isinstance(connector, OneServer)
        await connector.close()
        socket = DiscordWebSocket.__new__(DiscordWebSocket)
        socket.gateway = yarl.URL("wss://gateway.discord.gg")
        assert str(socket.gateway) == server.gateway.url
        assert (Route.BASE, str(DiscordWebSocket.DEFAULT_GATEWAY)) == (server.url, server.gateway.url)


@pytest.mark.parametrize(
    ("api", "gateway", "said"),
    [
        ("http://small.test/api", "https://small.test", "DISCORD_GATEWAY_URL: 'https://small.test' is not a ws"),
        ("http://small.test/api", "ws://[", "DISCORD_GATEWAY_URL: 'ws://[' is not a ws"),
        ("http://small.test/api", "wss://gateway.discord.gg", "DISCORD_GATEWAY_URL: names Discord"),
        ("http://small.test/api", "wss://GATEWAY.discord.gg./", "DISCORD_GATEWAY_URL: names Discord"),
        ("https://discord.com/api/v10", "wss://small.test", "DISCORD_GATEWAY_URL: names Discord"),
    ],
)
def test_a_gateway_that_cannot_be_or_is_another_servers_is_refused(api: str, gateway: str, said: str) -> None:
    before = Route.BASE
    with pytest.raises(ConnectError) as refused:
        asyncio.run(point_at(api, gateway))
    assert str(refused.value).startswith(said)
    assert before == Route.BASE


@in_loop
async def test_no_other_host_is_ever_connected_to() -> None:
    async with Discord() as server, aiohttp.ClientSession(connector=OneServer({"127.0.0.1"})) as session:
        async with session.get(f"{server.url}/gateway") as reply:
            assert reply.status == 200
        for other in ("https://discord.com/api", "wss://gateway.discord.gg./", "http://localhost:1/"):
            with pytest.raises(aiohttp.ClientConnectionError, match="is not the server that DISCORD_API_URL names"):
                await session.get(other)
