"""The real ``citedesk discord`` as a process of its own, against the strict Discord, and commands beside it."""

import asyncio
import functools
import json
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import ParamSpec

import aiohttp

from tests import forked
from tests.ingest.serving import is_gone, owner
from tests.strict.server import Discord

P = ParamSpec("P")

ROOT = Path(__file__).parents[3]
WHO = "Who ranked Cuba at the top of the list of sources of mercenaries?"
SAID = "Andriy Yusov"
"""What the sample article says to that."""


def in_a_minute(test: Callable[P, Coroutine[None, None, None]]) -> Callable[P, None]:
    """Run a test that awaits processes, for a minute at most."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(asyncio.wait_for(test(*args, **kwargs), 60))

    return run


@dataclass(frozen=True)
class Bot:
    """A bot's process; ``log`` is where its standard error goes."""

    process: ForkServerProcess
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    def send(self, signalled: signal.Signals) -> None:
        os.kill(self.process.pid or 0, signalled)

    async def ended(self, within: float = 10.0) -> int:
        """Its exit status, once it has ended by itself."""
        await asyncio.to_thread(self.process.join, within)
        if (status := self.process.exitcode) is None:
            raise TimeoutError
        return status

    async def stopped(self, by: signal.Signals = signal.SIGTERM, within: float = 10.0) -> int:
        """Its exit status, after a signal."""
        self.send(by)
        return await self.ended(within)

    async def killed(self) -> None:
        self.process.kill()
        await self.ended()


@asynccontextmanager
async def started(folder: Path, **settings: str) -> AsyncIterator[Bot]:
    """A bot with these settings, besides those in force. It does not outlive the block."""
    log = folder / f"bot{len([*folder.glob('bot*.log')])}.log"
    log.touch()
    bot = Bot(forked.start(["discord"], folder, _in_force() | settings, (forked.NOTHING, log, log)), log)
    try:
        yield bot
    finally:
        if bot.process.exitcode is None:
            await bot.killed()


@asynccontextmanager
async def running(server: Discord, folder: Path, **settings: str) -> AsyncIterator[Bot]:
    """A bot that is connected to the server; its store may still be opening."""
    times = len(server.gateway.identifies)
    async with started(folder, **(server.environment | settings)) as bot:
        await server.ready(times + 1)
        yield bot


async def beside(*arguments: str) -> forked.Ran:
    """A command that somebody runs meanwhile."""
    return await asyncio.to_thread(forked.run, arguments, ROOT, _in_force())


async def served(home: Path) -> int:
    """The number of the process that serves the store, once it does."""
    while not (home / "server.json").exists():
        await asyncio.sleep(0.02)
    return owner(home)


async def left_nothing(home: Path, child: int) -> bool:
    """Whether the process that served the store ends too, and takes its address along."""
    async with asyncio.timeout(3):
        while not is_gone(child):
            await asyncio.sleep(0.02)
    return not (home / "server.json").exists()


async def free_port() -> int:
    """A port of this machine that nobody has."""
    async with await asyncio.start_server(lambda *_: None, "127.0.0.1", 0) as server:
        return int(server.sockets[0].getsockname()[1])


async def get(port: int, path: str) -> tuple[int, str]:
    """The status and the text that are to be had there."""
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{path}") as reply:
        return reply.status, await reply.text()


async def healthy(port: int) -> str:
    """What the health check says once all is well: the library counts itself connected some time after READY."""
    async with asyncio.timeout(10):
        while (said := await get(port, "/healthz"))[0] != 200:
            await asyncio.sleep(0.02)
    return said[1]


def rows(ran: forked.Ran) -> list[dict[str, object]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def _in_force() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name.startswith(("CITEDESK_", "DISCORD_"))}
