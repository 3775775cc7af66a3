"""Who may do what where: the one decision behind every way in, a command, a button or a message."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from bot.desks import ChannelRules, readable, writable
from ingest.errors import CitedeskError

Act = Literal["ask", "manage"]
"""To ask and to read what answers stand on, or to change what a server has."""


class NotAllowedError(CitedeskError):
    """Why something may not be done, in words for the person who tried."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """Where a person stands, as Discord itself says it; never as a custom id or an option does.

    ``guild`` is the server that the bot is installed to, None in direct messages and where only the person has
    installed the bot. ``channel`` is the one whose rules hold: for a thread its parent; None if it cannot be told.
    """

    user: str
    guild: str | None
    channel: str | None
    direct: bool = False
    by_bot: bool = False
    may_manage: bool = False

    @property
    def only_for_the_asker(self) -> bool:
        """Whether others who are there may not see what is read: only the asker has brought the bot."""
        return self.guild is None and not self.direct


@dataclass(frozen=True, slots=True)
class Access:
    """What is open: the desks that are read, and the one that is written to."""

    desks: tuple[str, ...]
    writes_to: str | None


def authorize(
    way: WayIn,
    act: Act,
    rules: ChannelRules,
    created: Collection[str],
    shared: tuple[str, ...],
    direct_messages: bool = True,
) -> Access:
    """What is open to someone who comes this way.

    Args:
        way: where they stand.
        act: what they want to do.
        rules: those of the channel.
        created: the desks that the server has made, by their short names.
        shared: the desks that everyone may read.
        direct_messages: whether the bot answers them.

    Raises:
        NotAllowedError: saying why not.
    """
    if way.by_bot:
        raise NotAllowedError("Other bots are not answered.")
    if way.direct and not direct_messages:
        raise NotAllowedError("Direct messages are switched off. Ask in a channel of a server.")
    if way.guild and not way.channel:
        raise NotAllowedError("This channel could not be looked up, so nothing is shown here. Try again in a minute.")
    if act == "manage" and not way.guild:
        raise NotAllowedError("This works only in a server that I am installed to.")
    if act == "manage" and not way.may_manage:
        raise NotAllowedError("This needs the permission Manage Server.")
    desks = readable(way.guild, rules, created, shared)
    if not desks and not way.guild:
        raise NotAllowedError("No articles are open outside servers. Ask in a channel of a server that has me.")
    if not desks and act != "manage":
        raise NotAllowedError("This channel's desk is gone. Whoever manages the server can choose another: /desk use.")
    return Access(desks, writable(way.guild, rules, created) if way.guild else None)
