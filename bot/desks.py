"""Which desks a channel may read and write, by name alone.

A guild's own desks are kept under names that hold its id, so that no other guild's can be the same: ``g123`` is the
main desk of guild 123, ``g123.sport`` one that was made there. People see ``server`` and ``sport`` instead. The shared
desks, which every guild reads and none writes, go by their own names.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from ingest.errors import CitedeskError, StoreError
from ingest.store import check_desk

SERVER = "server"
"""What people call the main desk of the guild that they are in."""

Mode = Literal["thread", "reply", "off"]
"""Where a mention is answered: in a thread opened for it, beneath it, or not at all."""

_GUILD = re.compile(r"[0-9]{1,20}")  # a snowflake is below 2**64, which has 20 digits
_RESERVED = re.compile(r"all|(server|g[0-9]+)(\..*)?", re.DOTALL)


class DeskError(CitedeskError):
    """A desk cannot be chosen or made. The message says which, and why."""


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What is set for a channel: the one desk that it reads, by its stored name, and how a mention is answered."""

    desk: str | None = None
    mode: Mode = "thread"


def reserved(name: str) -> bool:
    """Whether neither a shared desk nor one made in a guild may be called that."""
    return bool(_RESERVED.fullmatch(name))


def main_desk(guild: str) -> str:
    """The stored name of a guild's main desk.

    Raises:
        ValueError: when that is not the id of a guild, so that it cannot pass for another's.
    """
    if not _GUILD.fullmatch(guild):
        raise ValueError(f"{guild!r} is not the id of a guild")
    return f"g{guild}"


def readable(
    guild: str | None, rules: ChannelRules, created: Collection[str], shared: Collection[str]
) -> tuple[str, ...]:
    """The stored names of the desks that a channel reads.

    They are its guild's main desk and the shared ones, or the one that ``rules`` name. If that one is neither shared
    nor the guild's (any more), there are none. Without a guild only shared desks are read.

    Args:
        guild: the id of the guild, None in a direct message.
        rules: what is set for the channel.
        created: the short names of the desks that were made in the guild.
        shared: the desks that every guild reads.
    """
    common = tuple(_common(shared))
    own = tuple(_own(guild, created))
    if rules.desk is None:
        return (*own[:1], *common)
    return (rules.desk,) if rules.desk in (*own, *common) else ()


def writable(guild: str, rules: ChannelRules, created: Collection[str]) -> str:
    """The stored name of the desk that an ingest in a channel writes to, always one of its guild's own."""
    return next((desk for desk in _own(guild, created) if desk == rules.desk), main_desk(guild))


def shown(stored: str, guild: str | None, shared: Collection[str]) -> str:
    """What people there call a desk. ``server.`` stands before the name of one that is now a shared desk's too.

    Raises:
        DeskError: when it is neither shared nor the guild's.
    """
    if stored in _common(shared):
        return stored
    if guild is not None and stored == main_desk(guild):
        return SERVER
    if guild is not None and stored.startswith(prefix := f"{main_desk(guild)}."):
        name = stored.removeprefix(prefix)
        return f"{SERVER}.{name}" if name in shared else name
    raise DeskError("The desk that was chosen is not open here any more. Choose another one.")


def resolve(guild: str | None, name: str, created: Collection[str], shared: Collection[str]) -> str:
    """The stored name of the desk that people there call ``name``, in whatever case.

    Raises:
        DeskError: when there is none, saying which there are.
    """
    desks = {shown(stored, guild, shared): stored for stored in (*_own(guild, created), *_common(shared))}
    if (stored := desks.get(_as_typed(name))) is None:
        raise DeskError(f"There is no desk {name[:63]!r} here. Choose from: {', '.join(desks) or 'none'}.")
    return stored


def new_desk(guild: str, name: str, shared: Collection[str]) -> str:
    """The short name under which a guild may make a desk, from what was typed.

    Raises:
        DeskError: when it is reserved, or cannot be the name of a desk.
    """
    short = _as_typed(name)
    if reserved(short) or short in shared:
        raise DeskError(f"{short[:63]!r} is the name of another kind of desk. Choose another name.")
    room = 63 - len(_stored(guild, ""))
    try:
        check_desk(short)
        check_desk(_stored(guild, short))
    except StoreError:
        raise DeskError(
            f"{short[:63]!r} cannot be the name of a desk: use 1 to {room} of a-z, 0-9, '.', '_' and '-',"
            " a letter or digit first and last."
        ) from None
    return short


def _as_typed(name: str) -> str:
    return name.strip().lower()


def _stored(guild: str, short: str) -> str:
    return f"{main_desk(guild)}.{short}"


def _own(guild: str | None, created: Collection[str]) -> Iterator[str]:
    """The desks of a guild, the main one first."""
    if guild is not None:
        yield main_desk(guild)
        yield from (_stored(guild, short) for short in created)


def _common(shared: Collection[str]) -> Iterator[str]:
    """The shared desks, without any whose name could be a guild's own."""
    return (name for name in shared if not reserved(name))
