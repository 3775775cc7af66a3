"""Whether the bot is well, for whoever watches over it: /healthz and /metrics on this machine alone."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from os import strerror
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from prometheus_client import Histogram

    from bot.discord.client import Client

TICK = 0.005
"""Seconds between two looks at how late the event loop is."""


async def serve_health(client: "Client", port: int | None, stack: AsyncExitStack) -> None:
    """Answer on that port of 127.0.0.1 until the stack is left; nothing without a port.

    Raises:
        ConnectError: the port is taken.
    """
    if port is None:
        return
    from prometheus_client import CollectorRegistry, Gauge, Histogram, generate_latest

    from bot.discord.connect import ConnectError

    registry = CollectorRegistry()
    answering = client.newsroom.answering
    gauges: dict[str, tuple[str, Callable[[], float]]] = {
        "citedesk_connected": ("Whether the gateway is connected", lambda: client.is_ready()),
        "citedesk_ready": ("Whether the models are loaded and the store is open", lambda: answering.ready),
        "citedesk_answers_in_flight": ("Questions being answered or waiting", lambda: answering.in_flight),
        "citedesk_answers_total": ("Questions answered since the start", lambda: client.newsroom.answered),
        "citedesk_latency_seconds": ("Between a heartbeat and its acknowledgement", lambda: client.latency),
        "citedesk_guilds": ("Servers that the bot is in", lambda: len(client.guilds)),
    }
    for name, (about, value) in gauges.items():
        Gauge(name, about, registry=registry).set_function(value)
    lag = Histogram(
        "citedesk_loop_lag_seconds",
        "How late the event loop was, waiting for a processor left out",
        buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0),
        registry=registry,
    )
    watching = asyncio.create_task(_watch(lag), name="loop lag")
    stack.callback(watching.cancel)

    async def healthz(_: web.Request) -> web.Response:
        state = {"connected": client.is_ready(), "ready": answering.ready}
        return web.json_response(state, status=200 if all(state.values()) else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(registry), content_type="text/plain")

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/metrics", metrics)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
    except OSError as error:
        raise ConnectError(f"DISCORD_HEALTH_PORT: {port} cannot be used: {strerror(error.errno or 0)}.") from None


async def _watch(lag: "Histogram") -> None:
    while True:
        before, waited = monotonic(), _waited()
        await asyncio.sleep(TICK)
        lag.observe(max(monotonic() - before - (_waited() - waited) - TICK, 0.0))


def _waited() -> float:
    """Seconds for which this thread could have worked and the machine had no processor for it, where Linux says so.

    https://docs.kernel.org/scheduler/sched-stats.html, the second number of ``schedstat``: nanoseconds.
    """
    try:
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0
