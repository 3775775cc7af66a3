"""What the strict Discord is made of: people, guilds, channels, messages, and who may do what where."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from functools import reduce

from tests.strict.components import Kind, texts, walk
from tests.strict.faults import Payload
from tests.strict.limits import COMPONENTS_V2, EPHEMERAL, LOADING


class Permission(IntFlag):
    """Discord's permissions, those that matter here."""

    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_APPLICATION_COMMANDS = 1 << 31
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    SEND_MESSAGES_IN_THREADS = 1 << 38


ALL = Permission((1 << 53) - 1)
NONE = Permission(0)
ORDINARY = (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
    | Permission.CREATE_PUBLIC_THREADS
    | Permission.SEND_MESSAGES_IN_THREADS
)
"""What everyone may do in a guild that nobody has changed."""


class ChannelKind(IntEnum):
    """Discord's kinds of channel, those that matter here."""

    TEXT = 0
    DM = 1
    GROUP = 3
    PUBLIC_THREAD = 11
    PRIVATE_THREAD = 12


REPLY, STARTER = 19, 21
"""Kinds of message: a reply, and what stands first in a thread that was opened on a message."""
THREADS = {ChannelKind.PUBLIC_THREAD, ChannelKind.PRIVATE_THREAD}


@dataclass(eq=False, slots=True)
class User:
    """Somebody with an account, perhaps a bot."""

    id: str
    name: str
    bot: bool = False
    accepts_dms: bool = True


@dataclass(eq=False, slots=True)
class Role:
    """A role of a guild; the one with the guild's own id is everyone's."""

    id: str
    name: str
    permissions: Permission


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows or denies one role or one member, whatever the guild says."""

    id: str
    of_member: bool
    allow: Permission = NONE
    deny: Permission = NONE


@dataclass(eq=False, slots=True)
class Guild:
    """A guild: its roles, its members with their roles, and whether the bot is in it."""

    id: str
    name: str
    owner: User
    everyone: Role
    has_bot: bool
    roles: list[Role] = field(default_factory=list)
    members: dict[str, tuple[User, list[Role]]] = field(default_factory=dict)
    channels: "list[Channel]" = field(default_factory=list)


@dataclass(eq=False, slots=True)
class Channel:
    """A channel, a thread (with its ``parent``) or a direct conversation (with its ``recipient``)."""

    id: str
    name: str
    kind: ChannelKind = ChannelKind.TEXT
    guild: Guild | None = None
    parent: "Channel | None" = None
    owner: User | None = None
    recipient: User | None = None
    overwrites: list[Overwrite] = field(default_factory=list)
    archive_minutes: int = 1_440
    archived: bool = False
    announced: bool = True
    """Whether the bot was told of the thread; one that it was not is a thread it has not cached."""
    messages: "list[Message]" = field(default_factory=list)

    @property
    def is_thread(self) -> bool:
        return self.kind in THREADS


@dataclass(eq=False, slots=True)
class Message:
    """A message as it stands, and what it did on its way there."""

    id: str
    channel: Channel
    author: User
    kind: int = 0
    content: str = ""
    embeds: list[Payload] = field(default_factory=list)
    components: list[Payload] = field(default_factory=list)
    attachments: list[Payload] = field(default_factory=list)
    flags: int = 0
    reference: "Message | None" = None
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[str] = field(default_factory=list)
    mention_everyone: bool = False
    interaction: Payload | None = None
    reader: User | None = None
    """Who sees it, where it is ephemeral."""
    thread: Channel | None = None
    nonce: str | None = None
    edits: int = 0
    deleted: bool = False
    pings: frozenset[str] = frozenset()
    """Whom any of its wordings would have pinged."""
    previews: frozenset[str] = frozenset()
    """The links under which any of its wordings would have shown a card."""
    reactions: dict[str, set[str]] = field(default_factory=dict)

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        """Whether it is the "is thinking" of a deferred answer."""
        return bool(self.flags & LOADING)

    @property
    def is_v2(self) -> bool:
        return bool(self.flags & COMPONENTS_V2)

    @property
    def text(self) -> str:
        """All that can be read in it: content, embeds, text displays."""
        return "\n".join([self.content, *(part for embed in self.embeds for part in _read(embed)), *self._displays])

    @property
    def _displays(self) -> list[str]:
        return texts(self.components)

    @property
    def buttons(self) -> list[Payload]:
        return [each for _, each in walk(self.components) if each.get("type") == Kind.BUTTON]

    @property
    def labels(self) -> list[str]:
        """What its buttons say, a button without words by its emoji."""
        return [label(each) for each in self.buttons]


def label(button: Payload) -> str:
    """What a button says, or its emoji."""
    return str(button.get("label") or (button.get("emoji") or {}).get("name") or "")


def _read(embed: Payload) -> list[str]:
    fields = [(field.get("name"), field.get("value")) for field in embed.get("fields") or []]
    parts = [(embed.get("author") or {}).get("name"), embed.get("title"), embed.get("description")]
    return [part for part in [*parts, *sum(fields, ()), (embed.get("footer") or {}).get("text")] if part]


def permissions(user: User, channel: Channel) -> Permission:
    """What a user may do in a channel, by Discord's rules; in a direct conversation, everything."""
    place = channel.parent or channel
    guild = channel.guild
    if guild is None:
        return ALL
    if user.id not in guild.members:
        return NONE
    roles = guild.members[user.id][1]
    granted = granted_by(guild, roles)
    if user is guild.owner or granted & Permission.ADMINISTRATOR:
        return ALL
    for ids in ({guild.id}, {role.id for role in roles} - {guild.id}, {user.id}):
        applied = [each for each in place.overwrites if each.id in ids]
        granted &= ~_union(each.deny for each in applied)
        granted |= _union(each.allow for each in applied)
    return granted if granted & Permission.VIEW_CHANNEL else NONE


def granted_by(guild: Guild, roles: Iterable[Role]) -> Permission:
    """What a member with these roles may do where no channel says otherwise."""
    return _union([guild.everyone.permissions, *(role.permissions for role in roles)])


def _union(some: Iterable[Permission]) -> Permission:
    return reduce(Permission.__or__, some, NONE)
