"""Answers, passages and lists as messages: page after page, no preview, nobody pinged."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import discord
from discord import ui

Send = Callable[..., Awaitable[Any]]
"""Sends a message and gives it back."""

_NO_REPLIES = 160002
"""What Discord answers a reply where one may not read what was said before (its list of JSON error codes)."""

QUIET = discord.AllowedMentions.none()
"""Given with every message and every edit: one without would be read for mentions again."""


class Spot(NamedTuple):
    """Where an answer is shown: what sends its first message, what changes that one, and what sends the others.

    ``channel`` is where the messages stand, None where only the asker sees them.
    """

    first: Send
    again: Callable[[Any], Send]
    more: Send
    channel: int | None = None


async def post(pages: Sequence[str], buttons: ui.View | None, first: Send, more: Send | None = None) -> list[str]:
    """Send the pages of one answer, the buttons beneath the last; the ids of the messages.

    Args:
        pages: what is shown, in order.
        buttons: beneath the last page.
        first: sends, or edits in, the first page.
        more: sends the others; ``first`` too if there is no other way.
    """
    ids: list[str] = []
    for at, page in enumerate(pages):
        send = first if at == 0 else more or first
        beneath = {"view": buttons} if buttons and at == len(pages) - 1 else {}
        sent = await send(content=page, allowed_mentions=QUIET, **beneath)
        ids.append(str(sent.id))
    return ids


async def respond(
    interaction: discord.Interaction[Any], pages: Sequence[str], buttons: ui.View | None = None, *, private: bool
) -> list[str]:
    """Show pages to someone whose command or button press was deferred."""
    spot = deferred(interaction, private=private)
    return await post(pages, buttons, spot.first, spot.more)


def deferred(interaction: discord.Interaction[Any], *, private: bool) -> Spot:
    """The spot where it is said that an answer will come."""

    async def follow_up(**what: Any) -> Any:
        return await interaction.followup.send(**what, ephemeral=private, suppress_embeds=True, wait=True)

    edit = interaction.edit_original_response
    return Spot(edit, lambda _: edit, follow_up, None if private else interaction.channel_id)


def changing(message: discord.Message) -> Send:
    """Changes a message. The library would have its previews come back with a change that does not say otherwise."""
    return partial(message.edit, suppress=True)


def below(channel: discord.abc.Messageable) -> Send:
    """Sends into a channel."""

    async def send(**what: Any) -> Any:
        return await channel.send(**what, suppress_embeds=True)

    return send


def reply_to(message: discord.Message) -> Send:
    """Replies to a message, without a ping; simply sends where it has gone, or where replies are not allowed."""
    there = below(message.channel)

    async def send(**what: Any) -> Any:
        try:
            return await there(**what, reference=message.to_reference(fail_if_not_exists=False), mention_author=False)
        except discord.Forbidden as refused:
            if refused.code != _NO_REPLIES:
                raise
        return await there(**what)

    return send
