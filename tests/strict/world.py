"""The state of the strict Discord: who and what there is, in the order in which it came to be.

Whatever changes it wakes those who wait for it, and is told to the gateway.
"""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

from tests.strict.faults import Payload, RefusedError
from tests.strict.payloads import EPOCH, channel_json, member_json, role_json, told_json
from tests.strict.things import (
    NONE,
    ORDINARY,
    STARTER,
    Channel,
    ChannelKind,
    Guild,
    Message,
    Overwrite,
    Permission,
    Role,
    User,
    permissions,
)

T = TypeVar("T")


class File(NamedTuple):
    """An attachment's bytes."""

    name: str
    kind: str
    data: bytes


@dataclass(slots=True)
class Call:
    """One request of the bot, and how it was answered."""

    method: str
    path: str
    route: str
    """The path with names for its ids, such as ``/channels/{channel}/messages``; empty where there is none."""
    params: dict[str, str] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None
    files: dict[str, File] = field(default_factory=dict)
    at: float = 0.0
    status: int = 0
    answer: Any = None


class Events(Protocol):
    """Where events are told: the gateway."""

    def tell(self, event: str, payload: Payload, about: Channel | Guild | None) -> None:
        """Tell an event to whoever may know of it."""


class World:
    """Users, guilds, channels and messages, and what the bot asked for. ``clock`` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self._count = itertools.count(1)
        self._changed = asyncio.Event()
        self.calls: list[Call] = []
        self.bot = User(self.new_id(), "citedesk", bot=True)
        self.owner = User(self.new_id(), "owner")
        self.users: dict[str, User] = {each.id: each for each in (self.bot, self.owner)}
        self.guilds: dict[str, Guild] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: dict[str, Message] = {}
        self._own: dict[str, list[Message]] = {}
        self.files: dict[str, File] = {}
        self.events: Events
        self.base = ""
        """Where attachments are served."""
        self.failure: BaseException | None = None
        """What ended the bot before its time, so that nobody waits for it."""

    def new_id(self) -> str:
        """An id as Discord's are: later ones are greater, and they hold the time."""
        return str((int(self.clock() * 1000) - EPOCH << 22) + (next(self._count) & 0x3FFFFF))

    # -- waiting

    def touch(self) -> None:
        """Something has changed: those who wait look again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, seen: Callable[[], T | None], what: str = "what was awaited", within: float = 5.0) -> T:
        """Wait until ``seen`` gives something other than None or False; it is asked whenever this world has changed.

        What changes in the bot alone wakes nobody here: let the bot of a test put it into a queue.

        Raises:
            AssertionError: it did not within so many seconds; the last calls of the bot are named.
        """
        try:
            async with asyncio.timeout(within):
                while (found := seen()) is None or found is False:
                    if self.failure:
                        raise AssertionError(f"the bot has ended while {what} was awaited") from self.failure
                    await self._changed.wait()
                return found
        except TimeoutError:
            last = "".join(f"\n  {call.method} {call.path} -> {call.status}" for call in self.calls[-10:])
            said = f"{what} did not come within {within} s; the bot's last calls: {last or 'none'}"
            raise AssertionError(said) from None

    # -- making things

    def guild(self, name: str = "Newsroom", *, may: Permission = ORDINARY, has_bot: bool = True) -> Guild:
        """A new guild, in which everyone ``may`` do what is usual; without the bot, one where only its users are."""
        id = self.new_id()
        guild = Guild(id, name, self.owner, Role(id, "@everyone", may), has_bot)
        self.guilds[id] = guild
        guild.members[self.owner.id] = (self.owner, [])
        if has_bot:
            guild.members[self.bot.id] = (self.bot, [])
        self.events.tell("GUILD_CREATE", {"id": id}, guild)
        return guild

    def channel(self, guild: Guild, name: str = "newsroom", *overwrites: Overwrite) -> Channel:
        """A new text channel of a guild."""
        return self._add(Channel(self.new_id(), name, guild=guild, overwrites=list(overwrites)), "CHANNEL_CREATE")

    def thread(
        self, parent: Channel, name: str, owner: User, *, id: str = "", private: bool = False, announced: bool = True
    ) -> Channel:
        """A new thread in a channel; one that is not ``announced`` is unknown to the bot until it asks."""
        kind = ChannelKind.PRIVATE_THREAD if private else ChannelKind.PUBLIC_THREAD
        thread = Channel(id or self.new_id(), name, kind, parent.guild, parent, owner, announced=announced)
        return self._add(thread, "THREAD_CREATE" if announced else None)

    def conversation(self, user: User) -> Channel:
        """The direct conversation of a user with the bot, the same one each time."""
        for each in self.channels.values():
            if each.recipient is user:
                return each
        return self._add(Channel(self.new_id(), "", ChannelKind.DM, recipient=user), None)

    def _add(self, channel: Channel, event: str | None) -> Channel:
        self.channels[channel.id] = channel
        if channel.guild:
            channel.guild.channels.append(channel)
        if event:
            self.events.tell(event, channel_json(channel) | {"newly_created": True}, channel)
        self.touch()
        return channel

    def user(self, name: str, *, bot: bool = False) -> User:
        """A new account."""
        user = User(self.new_id(), name, bot)
        self.users[user.id] = user
        return user

    def join(self, guild: Guild, user: User, may: Permission | None = None) -> None:
        """Make a user a member, with a role of their own for what they ``may`` do beyond what everyone may."""
        roles = []
        if may is not None:
            roles = [Role(self.new_id(), f"{user.name}'s", may)]
            guild.roles += roles
            role = role_json(roles[0], len(guild.roles))
            self.events.tell("GUILD_ROLE_CREATE", {"guild_id": guild.id, "role": role}, guild)
        joined = user.id not in guild.members
        guild.members[user.id] = (user, [*guild.members.get(user.id, (user, []))[1], *roles])
        event = "GUILD_MEMBER_ADD" if joined else "GUILD_MEMBER_UPDATE"
        self.events.tell(event, {"guild_id": guild.id} | member_json(guild, user), guild)

    def overwrite(
        self,
        channel: Channel,
        whom: User | Role,
        *,
        allow: Permission = NONE,
        deny: Permission = NONE,
        announced: bool = True,
    ) -> None:
        """Change what somebody may do in a channel. Not ``announced``, the bot learns of it by being refused."""
        new = Overwrite(whom.id, isinstance(whom, User), allow, deny)
        channel.overwrites = [*(each for each in channel.overwrites if each.id != whom.id), new]
        if announced:
            self.events.tell("CHANNEL_UPDATE", channel_json(channel), channel)

    # -- finding things

    def find_channel(self, id: str) -> Channel:
        """A channel that the bot may see.

        Raises:
            RefusedError: there is none, or the bot has no access to it.
        """
        channel = self.channels.get(id)
        if channel is None:
            raise RefusedError(404, 10003, "Unknown Channel")
        if Permission.VIEW_CHANNEL not in self.permissions(channel):
            raise RefusedError(403, 50001, "Missing Access")
        return channel

    def find_message(self, channel: Channel, id: str) -> Message:
        """A message of a channel that others than one reader see.

        Raises:
            RefusedError: there is none.
        """
        message = self.messages.get(id)
        if message is None or message.channel is not channel or message.deleted or message.ephemeral:
            raise RefusedError(404, 10008, "Unknown Message")
        return message

    def permissions(self, channel: Channel) -> Permission:
        """What the bot may do in a channel."""
        return permissions(self.bot, channel)

    def may(self, channel: Channel, needed: Permission) -> None:
        """Refuse the bot what it lacks the permission for."""
        if needed not in self.permissions(channel):
            raise RefusedError(403, 50013, "Missing Permissions")

    def keep(self, message: Message) -> None:
        """Add a message to its channel."""
        self.messages[message.id] = message
        message.channel.messages.append(message)
        if message.author is self.bot and message.kind != STARTER:
            self._own.setdefault(message.channel.id, []).append(message)

    def from_bot(self, channel: Channel, after: str = "0") -> Iterator[Message]:
        """What the bot has said in a channel since a message, what it deleted left out."""
        own = self._own.get(channel.id, [])
        return (each for each in own if int(each.id) > int(after) and not each.deleted)

    def tell_message(self, event: str, message: Message) -> None:
        """Tell of a message, unless only one reader sees it."""
        if not message.ephemeral:
            self.events.tell(event, told_json(message), message.channel)
        self.touch()
