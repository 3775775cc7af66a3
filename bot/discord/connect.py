"""Which server stands for Discord: Discord itself, or one that a setting names, and then never Discord."""

from typing import Any

import aiohttp
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from ingest.errors import CitedeskError

PATIENCE = 5.0
"""Seconds to wait for the address of the gateway."""

DISCORD = ("discord.com", "discord.gg", "discordapp.com", "discord.media")
"""Discord's own domains."""


class ConnectError(CitedeskError):
    """The bot cannot connect. The message says why, and what to do."""


async def point_at(api_url: str, gateway_url: str) -> aiohttp.TCPConnector | None:
    """Have the library speak to another server than Discord.

    Args:
        api_url: the server. Empty: Discord itself, and nothing is changed.
        gateway_url: its gateway. Empty: the server is asked.

    Returns:
        What the library is to connect with; None: its own way.

    Raises:
        ConnectError: the server does not say where its gateway is, or says what cannot be.
    """
    if not api_url:
        return None
    named = "DISCORD_GATEWAY_URL" if gateway_url else f"DISCORD_API_URL: {api_url}/gateway"
    gateway = _gateway(gateway_url or await _gateway_of(api_url), named)
    hosts = {yarl.URL(api_url).host or "", gateway.host or ""}
    if len({_is_discord(host) for host in hosts}) > 1:
        raise ConnectError(f"{named}: names Discord, and the other is another server. The token would reach both.")
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = gateway
    # The library resumes where READY says. A small server may name Discord's own gateway there, where nothing is known
    # of the bot's session; it is always this one.
    DiscordWebSocket.gateway = property(lambda _: gateway, lambda *_: None)  # type: ignore[assignment]
    return OneServer(hosts)


class OneServer(aiohttp.TCPConnector):
    """Connects to these hosts alone: a token that is meant for one server never gets to another."""

    def __init__(self, hosts: set[str]) -> None:
        super().__init__(limit=0)
        self._only = hosts

    async def connect(self, req: Any, *args: Any, **named: Any) -> Any:
        if req.url.host not in self._only:
            raise aiohttp.ClientConnectionError(f"{req.url.host} is not the server that DISCORD_API_URL names")
        return await super().connect(req, *args, **named)


def _gateway(said: str, named: str) -> yarl.URL:
    try:
        gateway = yarl.URL(said)
    except ValueError:
        gateway = yarl.URL()
    if gateway.scheme not in ("ws", "wss") or not gateway.host:
        raise ConnectError(f"{named}: {said!r} is not a ws(s) address. Set DISCORD_GATEWAY_URL.")
    return gateway


async def _gateway_of(api_url: str) -> str:
    address = f"{api_url}/gateway"
    try:
        timeout = aiohttp.ClientTimeout(total=PATIENCE)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address) as reply:
            reply.raise_for_status()
            return str((await reply.json(content_type=None))["url"])
    except (aiohttp.ClientError, TimeoutError, ValueError, TypeError, KeyError) as error:
        raise ConnectError(
            f"DISCORD_API_URL: {address} does not say where the gateway is ({type(error).__name__})."
            " Correct it, or set DISCORD_GATEWAY_URL."
        ) from None


def _is_discord(host: str) -> bool:
    name = host.rstrip(".")
    return any(name == own or name.endswith(f".{own}") for own in DISCORD)
