"""The strict Discord's gateway: sessions, their intents, and events that a dropped connection loses none of."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

from aiohttp import WSMsgType, web

from tests.strict.faults import Payload
from tests.strict.payloads import HIDDEN, guild_json, member_json, user_json
from tests.strict.things import Channel, Guild, Permission
from tests.strict.world import World


class Op(IntEnum):
    """What a frame is for."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    ACK = 11


class Intent(IntFlag):
    """What a bot may ask to be told of."""

    GUILDS = 1 << 0
    MEMBERS = 1 << 1
    PRESENCES = 1 << 8
    MESSAGES = 1 << 9
    REACTIONS = 1 << 10
    DIRECT_MESSAGES = 1 << 12
    DIRECT_REACTIONS = 1 << 13
    CONTENT = 1 << 15


PRIVILEGED = Intent.MEMBERS | Intent.PRESENCES | Intent.CONTENT
IN_GUILDS = {"GUILD_MEMBER": Intent.MEMBERS, "MESSAGE_REACTION": Intent.REACTIONS, "MESSAGE": Intent.MESSAGES}
IN_PRIVATE = {"MESSAGE_REACTION": Intent.DIRECT_REACTIONS, "MESSAGE": Intent.DIRECT_MESSAGES}


@dataclass(eq=False, slots=True)
class Session:
    """What one IDENTIFY began. The number of an event is its place in ``events``, counted from one."""

    id: str
    intents: Intent
    shard: tuple[int, int]
    socket: web.WebSocketResponse | None = None
    events: list[str] = field(default_factory=list)
    grew: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, event: str, payload: Payload) -> None:
        number = len(self.events) + 1
        self.events.append(json.dumps({"op": Op.DISPATCH, "t": event, "s": number, "d": payload}))
        self.grew.set()

    def serves(self, guild_id: str | None) -> bool:
        """Whether its shard is the guild's; direct conversations are the first's."""
        number, count = self.shard
        return (int(guild_id) >> 22) % count == number if guild_id else number == 0


class Gateway:
    """All sessions with the bot.

    ``privileged`` are the intents that the application has switched on; ``heartbeat`` is in seconds.
    """

    def __init__(self, world: World, token: str, privileged: Intent, heartbeat: float) -> None:
        self._world, self._token = world, token
        self.privileged, self.heartbeat = privileged, heartbeat
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.identifies: list[Payload] = []
        self.resumes: list[Payload] = []
        self.closed: list[int | None] = []
        """The codes with which the bot ended its connections, 1000 when it was done; None where one was cut."""
        self._sockets: dict[web.WebSocketResponse, web.Request] = {}
        self._open = asyncio.Event()
        self._open.set()

    @property
    def connected(self) -> bool:
        """Whether a bot is there; one whose connection a test has cut counts, for it is told later."""
        return any(each.socket or not self._open.is_set() for each in self.sessions.values())

    # -- telling

    def tell(self, event: str, payload: Payload, about: Channel | Guild | None) -> None:
        """Tell an event to the sessions that may know of it."""
        guild = about.guild if isinstance(about, Channel) else about
        if guild and not guild.has_bot:
            return
        if isinstance(about, Channel) and Permission.VIEW_CHANNEL not in self._world.permissions(about):
            return
        for session in self._of_guild(guild.id if guild else None):
            if session.intents & _needed(event, guild is not None):
                session.tell(event, self._seen(session, event, payload, guild))

    def interaction(self, payload: Payload) -> None:
        """Hand an interaction to the bot, which needs no intent for it."""
        guild_id = payload.get("guild_id")
        for session in self._of_guild(guild_id if guild_id in self._world.guilds else None):
            session.tell("INTERACTION_CREATE", payload)

    def _of_guild(self, guild_id: str | None) -> list[Session]:
        return [session for session in self.sessions.values() if session.serves(guild_id)]

    def _seen(self, session: Session, event: str, payload: Payload, guild: Guild | None) -> Payload:
        """An event as far as the session's intents let it be seen."""
        bot = self._world.bot
        if event == "GUILD_CREATE" and guild:
            return guild_json(guild, bot, with_members=Intent.MEMBERS in session.intents)
        if event not in ("MESSAGE_CREATE", "MESSAGE_UPDATE") or guild is None or Intent.CONTENT in session.intents:
            return payload
        concerned = {payload["author"]["id"], *(user["id"] for user in payload["mentions"])}
        return payload if bot.id in concerned else payload | HIDDEN

    # -- what a test does to the connection

    @contextlib.asynccontextmanager
    async def cut_off(self) -> AsyncIterator[None]:
        """Cut every connection without a word; nobody gets in again, and events wait, until the block ends."""
        self._open.clear()
        try:
            for request in list(self._sockets.values()):
                if request.transport:
                    request.transport.abort()
            await self._world.until(lambda: not self._sockets, "the end of the connections")
            yield
        finally:
            self._open.set()

    async def drop(self) -> None:
        """Cut every connection; the bot may come back at once."""
        async with self.cut_off():
            pass

    async def close(self, code: int) -> None:
        """End every connection with a code."""
        for socket in list(self._sockets):
            await socket.close(code=code)

    async def ask_to_reconnect(self) -> None:
        await self._to_all(Op.RECONNECT, None)

    async def invalidate(self, *, resumable: bool = False) -> None:
        """Tell the bot that its session is over; it identifies anew, or resumes where that is still possible."""
        if not resumable:
            for id in [session.id for session in self.sessions.values() if session.socket]:
                del self.sessions[id]
        await self._to_all(Op.INVALID_SESSION, resumable)

    async def _to_all(self, op: Op, data: Any) -> None:
        for socket in list(self._sockets):
            await _send(socket, op, data)

    # -- a connection

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection, from its HELLO to its end."""
        await self._open.wait()
        socket = web.WebSocketResponse(timeout=1.0)
        await socket.prepare(request)
        self._sockets[socket] = request
        session, writer = None, None
        try:
            await _send(socket, Op.HELLO, {"heartbeat_interval": int(self.heartbeat * 1000)})
            async for frame in socket:
                if frame.type is not WSMsgType.TEXT:
                    break
                message = json.loads(frame.data)
                op, data = message["op"], message["d"]
                if op == Op.HEARTBEAT:
                    await _send(socket, Op.ACK, None)
                elif op in (Op.IDENTIFY, Op.RESUME):
                    if session:
                        await socket.close(code=4005)
                        break
                    begin = self._identify if op == Op.IDENTIFY else self._resume
                    session, after = await begin(socket, data)
                    if session:
                        session.socket = socket
                        writer = asyncio.create_task(_write(socket, session, after))
                        self._world.touch()
                elif session is None:
                    await socket.close(code=4003)
                elif op == Op.MEMBERS:
                    self._members(session, data)
        finally:
            self._ended(socket, session, writer)
        return socket

    def _ended(
        self, socket: web.WebSocketResponse, session: Session | None, writer: "asyncio.Task[None] | None"
    ) -> None:
        del self._sockets[socket]
        if writer:
            writer.cancel()
        if session and session.socket is socket:
            session.socket = None
            if socket.close_code in (1000, 1001):  # the bot has left: there is nothing to resume
                self.sessions.pop(session.id, None)
        self.closed.append(None if socket.close_code == 1006 else socket.close_code)
        self._world.touch()

    async def _identify(self, socket: web.WebSocketResponse, data: Payload) -> tuple[Session | None, int]:
        self.identifies.append(data)
        intents, shard = Intent(data["intents"]), tuple(data.get("shard") or (0, 1))
        code = None
        if data["token"] != self._token:
            code = 4004
        elif not 0 <= shard[0] < shard[1]:
            code = 4010
        elif intents & PRIVILEGED & ~self.privileged:
            code = 4014
        if code:
            await socket.close(code=code)
            return None, 0
        for gone in [each for each in self.sessions.values() if each.shard == shard and not each.socket]:
            del self.sessions[gone.id]
        session = Session(self._world.new_id(), intents, (shard[0], shard[1]))
        self.sessions[session.id] = session
        self._greet(session, data)
        return session, 0

    def _greet(self, session: Session, data: Payload) -> None:
        guilds = [each for each in self._world.guilds.values() if each.has_bot and session.serves(each.id)]
        ready: Payload = {
            "v": 10,
            "user": user_json(self._world.bot),
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "application": {"id": self._world.bot.id, "flags": app_flags(self.privileged)},
        }
        session.tell("READY", ready | ({"shard": data["shard"]} if "shard" in data else {}))
        for guild in guilds:
            session.tell("GUILD_CREATE", self._seen(session, "GUILD_CREATE", {}, guild))

    async def _resume(self, socket: web.WebSocketResponse, data: Payload) -> tuple[Session | None, int]:
        self.resumes.append(data)
        session = self.sessions.get(data["session_id"])
        if data["token"] != self._token:
            await socket.close(code=4004)
        elif session is None or data["seq"] > len(session.events):
            await _send(socket, Op.INVALID_SESSION, False)
        else:
            session.tell("RESUMED", {})
            return session, data["seq"]
        return None, 0

    def _members(self, session: Session, data: Payload) -> None:
        guild = self._world.guilds[str(data["guild_id"])]
        asked = {str(id) for id in data.get("user_ids") or []}
        members = [member_json(guild, user) for user, _ in guild.members.values() if not asked or user.id in asked]
        chunk = {"guild_id": guild.id, "members": members, "chunk_index": 0, "chunk_count": 1}
        session.tell("GUILD_MEMBERS_CHUNK", chunk | {"nonce": data.get("nonce")})


def app_flags(privileged: Intent) -> int:
    """What an application says of its privileged intents."""
    limited = {Intent.PRESENCES: 1 << 13, Intent.MEMBERS: 1 << 15, Intent.CONTENT: 1 << 19}
    return sum(flag for intent, flag in limited.items() if intent in privileged)


def _needed(event: str, in_guild: bool) -> Intent:
    wanted = IN_GUILDS if in_guild else IN_PRIVATE
    return next((intent for prefix, intent in wanted.items() if event.startswith(prefix)), Intent.GUILDS)


async def _send(socket: web.WebSocketResponse, op: Op, data: Any) -> None:
    with contextlib.suppress(ConnectionError):  # it may have gone meanwhile
        await socket.send_json({"op": op, "d": data, "s": None, "t": None})


async def _write(socket: web.WebSocketResponse, session: Session, after: int) -> None:
    """Send a session's events that come after one, and then each as it comes."""
    with contextlib.suppress(ConnectionError):
        while True:
            session.grew.clear()
            while after < len(session.events):
                await socket.send_str(session.events[after])
                after += 1
            await session.grew.wait()
