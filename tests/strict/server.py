"""A strict Discord on this machine, over real sockets: what a bot may not do there, it may not do at Discord either.

It serves a client in the same process as well as another process, which finds it by ``environment``. Everything that
the bot asks for is kept in ``calls``; what the server does not know is answered 404 and kept in ``unknown``.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Self

from aiohttp import BodyPartReader, web

from tests.strict.buckets import Buckets
from tests.strict.faults import RefusedError
from tests.strict.gateway import Gateway, Intent
from tests.strict.interactions import Interactions
from tests.strict.limits import ATTACHMENT_BYTES
from tests.strict.people import Person
from tests.strict.rest import Handler, Rest
from tests.strict.things import Channel, Guild, Message, Permission
from tests.strict.world import Call, File, World

PREFIX = "/api/v10"
WITHOUT_TOKEN = ("/gateway", "/interactions/", "/webhooks/")
"""What is asked for without the bot's token: the address of the gateway, and what an interaction's token opens."""

log = logging.getLogger(__name__)


class Discord(World):
    """The server; ``async with`` starts and stops it.

    ``token`` is the bot's; ``privileged`` the intents that are switched on for it; ``defers`` whether answers may be
    put off; ``clock`` the seconds since 1970; ``deadline`` and ``window`` the seconds for the first answer to an
    interaction and for the rest; ``heartbeat`` the seconds between two.
    """

    def __init__(
        self,
        *,
        token: str = "the-token-of-the-bot",
        privileged: Intent = Intent.CONTENT,
        defers: bool = True,
        clock: Callable[[], float] = time.time,
        deadline: float = 3.0,
        window: float = 15 * 60.0,
        heartbeat: float = 41.25,
    ) -> None:
        super().__init__(clock)
        self.token = token
        self.gateway = Gateway(self, token, privileged, heartbeat)
        self.events = self.gateway
        self.rest = Rest(self, self.gateway)
        self.interactions = Interactions(self, deadline, window, defers)
        self.buckets = Buckets()
        self.url = ""
        self.delays: dict[str, float] = {}
        """By method and route, the seconds that an answer takes."""

    @property
    def environment(self) -> dict[str, str]:
        """The settings by which a bot in another process finds this server."""
        return {"DISCORD_API_URL": self.url, "DISCORD_TOKEN": self.token}

    # -- who and what there is

    def person(self, name: str, *, guild: Guild | None = None, may: Permission | None = None) -> Person:
        """Somebody new, a member of a guild with what they ``may`` do there beyond what everyone may; or of none."""
        return self.as_person(self.user(name), guild, may)

    def other_bot(self, name: str, *, guild: Guild) -> Person:
        """Another bot, that says things too."""
        return self.as_person(self.user(name, bot=True), guild, None)

    def as_person(self, user: Any, guild: Guild | None, may: Permission | None) -> Person:
        """A user as somebody who does things in a guild, made a member if need be."""
        if guild and (may is not None or user.id not in guild.members):
            self.join(guild, user, may)
        there = lambda: self.gateway.connected  # noqa: E731
        return Person(self, self.rest, self.interactions, self.gateway.interaction, there, user, guild)

    # -- what was asked for

    @property
    def unknown(self) -> list[Call]:
        """What the bot asked for that this server does not know."""
        return [call for call in self.calls if not call.route]

    def asked(self, method: str, route: str) -> list[Call]:
        """The calls of one route, such as ``POST`` of ``/channels/{channel}/messages``."""
        return [call for call in self.calls if (call.method, call.route) == (method, route)]

    @property
    def syncs(self) -> int:
        """How often commands were registered."""
        return sum(call.method == "PUT" and call.route.endswith("/commands") for call in self.calls)

    def answered(self, *statuses: int) -> list[Call]:
        """The calls that were answered so."""
        return [call for call in self.calls if call.status in statuses]

    async def ready(self, times: int = 1, within: float = 30.0) -> None:
        """Wait until a bot has identified so many times and is connected."""

        def there() -> bool:
            return len(self.gateway.identifies) >= times and any(each.socket for each in self.gateway.sessions.values())

        await self.until(there, "the bot's connection", within)

    async def message_from_bot(
        self,
        channel: Channel,
        where: Callable[[Message], bool] = lambda _: True,
        *,
        after: Message | None = None,
        within: float = 5.0,
    ) -> Message:
        """Wait for something that the bot says in a channel, after a message or at all."""

        def seen() -> Message | None:
            said = self.from_bot(channel, after.id if after else "0")
            return next((message for message in said if where(message)), None)

        return await self.until(seen, "a message of the bot", within)

    # -- serving

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=12 * ATTACHMENT_BYTES)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
        for method, route, handler in [*self.rest.routes(), *self.interactions.routes()]:
            app.router.add_route(method, PREFIX + route, self._serving(route, handler))
        app.router.add_route("*", "/{rest:.*}", self._serving("", _not_known))
        self._runner = web.AppRunner(app, shutdown_timeout=1.0, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self.base = f"http://127.0.0.1:{port}"
        self.url, self.gateway.url = self.base + PREFIX, f"ws://127.0.0.1:{port}/gateway/"
        return self

    async def __aexit__(self, *_: object) -> None:
        for site in list(self._runner.sites):  # first of all, so that no bot comes back while it closes
            await site.stop()
        await self.gateway.close(1001)
        await self._runner.cleanup()

    def _serving(self, route: str, handler: Handler) -> Callable[[web.Request], Any]:
        async def serve(request: web.Request) -> web.Response:
            path = request.path.removeprefix(PREFIX)
            call = Call(request.method, path, route, dict(request.match_info), dict(request.query), at=self.clock())
            self.calls.append(call)
            verdict = self.buckets.take(call.method, route, call.params, counted=not _free(path))
            try:
                await _read(request, call)
                if delay := self.delays.get(f"{call.method} {route}"):
                    await asyncio.sleep(delay)
                if request.headers.get("Authorization") != f"Bot {self.token}" and not _free(path):
                    raise RefusedError(401, 0, "401: Unauthorized")
                if verdict.refusal is None:
                    call.answer = handler(call)
                    call.status = 204 if call.answer is None else 200
                else:
                    call.answer, call.status = verdict.refusal, 429
            except RefusedError as refused:
                call.answer, call.status = refused.body, refused.status
            self.touch()
            return _response(call, verdict.headers)

        return serve

    async def _attachment(self, request: web.Request) -> web.Response:
        file = self.files.get(request.match_info["id"])
        if file is None:
            return web.Response(status=404)
        return web.Response(body=file.data, headers={"Content-Type": file.kind})


def _free(path: str) -> bool:
    """Whether a request needs no token of the bot, and counts for no limit of it."""
    return path == WITHOUT_TOKEN[0] or path.startswith(WITHOUT_TOKEN[1:])


def _not_known(call: Call) -> None:
    log.error("The strict Discord does not know %s %s", call.method, call.path)
    raise RefusedError(404, 0, "404: Not Found")


async def _read(request: web.Request, call: Call) -> None:
    """Put a request's JSON and files into its call."""
    if not request.can_read_body:
        return
    if request.content_type != "multipart/form-data":
        try:
            call.body = await request.json()
        except ValueError:
            raise RefusedError(400, 50109, "The request body contains invalid JSON.") from None
        return
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        data = bytes(await part.read())
        if part.name == "payload_json":
            call.body = json.loads(data)
        else:
            kind = part.headers.get("Content-Type", "application/octet-stream")
            call.files[str(part.name)] = File(str(part.filename), kind, data)


def _response(call: Call, headers: dict[str, str]) -> web.Response:
    """The answer to a call, its content type to the letter: discord.py reads JSON from no other."""
    if call.status == 204:
        return web.Response(status=204, headers=headers)
    body = json.dumps(call.answer).encode()
    return web.Response(status=call.status, body=body, headers=headers | {"Content-Type": "application/json"})
