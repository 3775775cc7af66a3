"""Whether the bot is well, for whoever watches over it: /healthz and /metrics on this machine alone."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from bot.discord.client import Client


async def serve_health(client: "Client", port: int | None, stack: AsyncExitStack) -> None:
    """Answer on that port of 127.0.0.1 until the stack is left; nothing without a port.

    Raises:
        ConnectError: the port is taken.
    """
    if port is None:
        return
    from prometheus_client import CollectorRegistry, Gauge, generate_latest

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
        raise ConnectError(f"DISCORD_HEALTH_PORT: {port} cannot be used: {error.strerror}.") from None
