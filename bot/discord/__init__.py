"""The Discord bot: thin, over the same chain as the command line."""

import asyncio
import logging
import signal
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bot.discord.client import Client
    from bot.settings import Settings

log = logging.getLogger(__name__)


def run() -> None:
    """Run the bot until SIGTERM or SIGINT; it then hands back what it has and leaves.

    Raises:
        CitedeskError: it cannot start, or cannot stay; the message says what to do.
    """
    from bot.settings import Settings

    settings = Settings.read()
    logging.getLogger("discord").setLevel(logging.INFO)  # at DEBUG it would write tokens
    asyncio.run(_run(settings))


async def _run(settings: "Settings") -> None:
    import discord

    from bot.answering import Answering
    from bot.discord.client import Client, ShardedClient
    from bot.discord.connect import ConnectError, connector_for, point_at
    from bot.discord.health import serve_health
    from bot.discord.newsroom import Newsroom
    from bot.records import open_records
    from bot.room import open_served_room
    from ingest.errors import SettingsError

    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # nobody speaks here
    token = settings.discord_token.get_secret_value()
    if not token:
        raise SettingsError(
            "DISCORD_TOKEN: is not set. The developer portal gives one (Bot, Reset Token); put it in .env."
        )
    await point_at(settings.discord_api_url, settings.discord_gateway_url)
    options: dict[str, Any] = {"connector": connector_for(settings.discord_api_url)}
    if settings.discord_shard_count:
        options |= {"shard_count": settings.discord_shard_count, "shard_ids": settings.discord_shard_ids or None}
    records = await asyncio.to_thread(open_records, settings)
    answering = Answering(lambda: open_served_room(settings), settings.discord_in_flight)
    kind = ShardedClient if settings.discord_shard_count else Client
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(kind(Newsroom(settings, answering, records), **options))
        await serve_health(client, settings.discord_health_port, stack)
        try:
            await _until_stopped(client, token)
        except discord.LoginFailure:
            raise ConnectError("DISCORD_TOKEN: Discord does not accept it. Reset it in the developer portal.") from None
        except discord.PrivilegedIntentsRequired:
            raise ConnectError(
                "Discord withholds what messages say: switch on Message Content Intent in the developer portal."
            ) from None
        except (discord.HTTPException, discord.GatewayNotFound, discord.ConnectionClosed, OSError) as error:
            raise ConnectError(f"Discord cannot be reached or refuses the bot: {type(error).__name__}.") from None


async def _until_stopped(client: "Client", token: str) -> None:
    """Run the client until it ends, or until the first signal: the library itself would die of SIGTERM."""
    loop, signalled = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, signalled.set)
    running = asyncio.create_task(client.start(token))
    stopping = asyncio.create_task(signalled.wait())
    await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if signalled.is_set():
        log.warning("Stopping.")
        await client.close()
    await running
