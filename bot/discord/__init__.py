"""The Discord bot: thin, over the same chain as the command line."""

import asyncio
import gc
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.discord.client import Client
    from bot.room import Room
    from bot.settings import Settings
    from ingest.errors import CitedeskError

log = logging.getLogger(__name__)

LAST = 9.5
"""Seconds after a signal when the process ends, whatever still hangs: it has ten."""

SWITCH = 0.001
"""Seconds after which a thread lets the next one work: the event loop waits its turn among those that answer, and with
Python's own 5 ms it was late two to three times as often, while answers came no sooner."""


def run() -> None:
    """Run the bot until SIGTERM or SIGINT; it then hands back what it has and leaves.

    Raises:
        CitedeskError: it cannot start, or cannot stay; the message says what to do.
    """
    from bot.settings import Settings

    settings = Settings.read()
    logging.getLogger("discord").setLevel(logging.INFO)  # at DEBUG it would write tokens
    for name in ("discord.client", "discord.shard"):
        logging.getLogger(name).addFilter(_brief)
    sys.setswitchinterval(SWITCH)
    asyncio.run(_run(settings))


async def _run(settings: "Settings") -> None:
    signalled = _signalled()

    import discord

    from bot.answering import Answering
    from bot.discord.client import Client, ShardedClient
    from bot.discord.connect import point_at
    from bot.discord.health import serve_health
    from bot.discord.newsroom import Newsroom
    from bot.records import open_records
    from ingest.errors import SettingsError

    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    token = settings.discord_token.get_secret_value()
    if not token:
        raise SettingsError(
            "DISCORD_TOKEN: is not set. The developer portal gives one (Bot, Reset Token); put it in .env."
        )
    options: dict[str, Any] = {"connector": await point_at(settings.discord_api_url, settings.discord_gateway_url)}
    if settings.discord_shard_count:
        options |= {"shard_count": settings.discord_shard_count, "shard_ids": settings.discord_shard_ids or None}
    records = await asyncio.to_thread(open_records, settings)
    answering = Answering(lambda: _room(settings), settings.discord_in_flight)
    kind = ShardedClient if settings.discord_shard_count else Client
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(kind(Newsroom(settings, answering, records), **options))
        await serve_health(client, settings.discord_health_port, stack)
        try:
            await _until(signalled, client, token)
        except Exception as error:
            if refusal := _refusal(error, settings.discord_api_url or "Discord"):
                raise refusal from None
            raise


@contextmanager
def _room(settings: "Settings") -> Iterator["Room"]:
    """The room, whose modules and models Python does not look through for garbage: that can take over 100 ms."""
    from bot.room import open_served_room

    gc.disable()
    try:
        with open_served_room(settings) as room:
            gc.freeze()
            gc.enable()
            yield room
    finally:
        gc.enable()


def _signalled() -> asyncio.Event:
    """What SIGTERM and SIGINT set: of the first, the library itself would die."""
    loop, signalled = asyncio.get_running_loop(), asyncio.Event()

    def stop() -> None:
        if not signalled.is_set():
            signalled.set()
            last = threading.Timer(LAST, os._exit, (0,))
            last.daemon = True
            last.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    return signalled


async def _until(signalled: asyncio.Event, client: "Client", token: str) -> None:
    """Run the client until it ends by itself, or until the signal; the answers in flight are then given."""
    running = asyncio.create_task(client.start(token))
    stopping = asyncio.create_task(signalled.wait())
    await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if signalled.is_set():
        log.warning("Stopping.")
        await client.newsroom.answering.close()
        running.cancel()  # while it listens, the library would leave the gateway with the code of a failure
    with suppress(asyncio.CancelledError):
        await running


def _refusal(error: Exception, server: str) -> "CitedeskError | None":
    """What an error says to whoever runs the bot; None if it is a fault of ours."""
    import aiohttp
    import discord

    from bot.discord.connect import ConnectError

    code = error.code if isinstance(error, discord.ConnectionClosed) else None
    if isinstance(error, discord.LoginFailure) or code == 4004:
        return ConnectError(f"DISCORD_TOKEN: {server} does not accept it. Reset it in the developer portal.")
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return ConnectError(
            f"{server} withholds what messages say: switch on Message Content Intent in the developer portal."
        )
    if code in (4010, 4011):
        return ConnectError(f"DISCORD_SHARD_COUNT: {server} wants the servers divided into another number of shards.")
    if isinstance(error, discord.HTTPException):
        return ConnectError(f"{server} refuses the bot ({error.status}, {error.code}). Try again later.")
    if isinstance(error, discord.ConnectionClosed | discord.GatewayNotFound | aiohttp.ClientError | OSError):
        said = code or type(error).__name__
        return ConnectError(f"{server} cannot be reached, or ended the connection ({said}). Try again later.")
    return None


def _brief(record: logging.LogRecord) -> bool:
    """Have a connection that is lost and tried again said in one line, without the library's traceback."""
    if record.exc_info and "econnect" in str(record.msg):
        kind = record.exc_info[0]
        record.msg, record.exc_info = f"{record.msg} ({kind.__name__ if kind else 'lost'})", None
    return True
