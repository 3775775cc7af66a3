"""Which server stands for Discord: Discord itself, or one that a setting names, and then never Discord."""

import logging
from typing import Any

import aiohttp
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from ingest.errors import CitedeskError

log = logging.getLogger(__name__)

PATIENCE = 10.0
"""Seconds to wait for the address of the gateway."""


class ConnectError(CitedeskError):
    """The bot cannot connect. The message says why, and what to do."""


async def point_at(api_url: str, gateway_url: str) -> None:
    """Have the library speak to another server than Discord; to Discord if both are empty.

    Raises:
        ConnectError: the server does not say where its gateway is.
    """
    if not api_url:
        return
    gateway = yarl.URL(gateway_url or await _gateway_of(api_url))
    if gateway.scheme not in ("ws", "wss") or not gateway.host:
        raise ConnectError(f"DISCORD_GATEWAY_URL: {str(gateway)!r} is not a ws(s) address.")
    Route.BASE = api_url
    DiscordWebSocket.DEFAULT_GATEWAY = gateway


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


class OneServer(aiohttp.TCPConnector):
    """Connects to anything but Discord's own hosts: a token that is meant for another server never gets there."""

    async def connect(self, req: Any, *args: Any, **named: Any) -> Any:
        if _is_discord(req.url.host or ""):
            raise aiohttp.ClientConnectionError(
                f"{req.url.host} is Discord's own, and DISCORD_API_URL names another server"
            )
        return await super().connect(req, *args, **named)


def _is_discord(host: str) -> bool:
    return any(
        host == own or host.endswith(f".{own}")
        for own in ("discord.com", "discord.gg", "discordapp.com", "discord.media")
    )


def connector_for(api_url: str) -> aiohttp.TCPConnector | None:
    """What the library connects with; its own for Discord itself. Called within the running loop."""
    return OneServer(limit=0) if api_url else None
