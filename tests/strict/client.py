"""A discord.py client of this process on the strict Discord, and tests that run in a loop."""

import asyncio
import contextlib
import functools
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from typing import Any, ParamSpec

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from tests.strict.server import Discord

P = ParamSpec("P")


def in_loop(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test that awaits, in a loop of its own and for half a minute at most."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 30))

    return run


class Clock:
    """Seconds since 1970 that pass only when a test says so."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@contextlib.contextmanager
def pointed_at(server: Discord) -> Iterator[None]:
    """Have discord.py in this process speak to the server, its gateway too, and to Discord again afterwards."""
    before = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = server.url, yarl.URL(server.gateway.url)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


@contextlib.asynccontextmanager
async def online(server: Discord, client: discord.Client) -> AsyncIterator[None]:
    """Have a client connected to the server; should it end by an error of its own, what is awaited of it fails."""
    with pointed_at(server):
        times = len(server.gateway.identifies)
        running = asyncio.create_task(client.start(server.token))
        running.add_done_callback(functools.partial(_ended, server))
        try:
            await server.ready(times + 1)
            yield
        finally:
            await client.close()
            with contextlib.suppress(Exception):  # told already, where it mattered
                await running
            server.failure = None


def _ended(server: Discord, running: "asyncio.Task[None]") -> None:
    if not running.cancelled() and running.exception():
        server.failure = running.exception()
        server.touch()
