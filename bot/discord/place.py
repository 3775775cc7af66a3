"""Where a person stands, read from what Discord sends."""

import logging
from dataclasses import replace
from typing import Any

import discord

from bot.discord.authorize import WayIn

log = logging.getLogger(__name__)


def at_once(interaction: discord.Interaction[Any]) -> WayIn:
    """Where the person stands who used a command or pressed a button, as far as it is known without asking Discord.

    The channel is not: nothing is read before `way_of` has found it.
    """
    guild = interaction.guild_id if _installed_here(interaction) else None
    return WayIn(
        user=str(interaction.user.id),
        guild=str(guild) if guild else None,
        channel=None,
        direct=not interaction.guild_id and _with_the_bot(interaction),
        by_bot=interaction.user.bot,
        may_manage=interaction.permissions.manage_guild,
    )


async def way_of(interaction: discord.Interaction[Any]) -> WayIn:
    """Where the person stands who used a command or pressed a button."""
    way = at_once(interaction)
    if way.guild is None:
        return way
    channel = interaction.channel
    if channel is None and interaction.channel_id is not None:
        channel = interaction.client.get_partial_messageable(interaction.channel_id)
    return replace(way, channel=_ruling(await whole_channel(interaction.client, channel)))


def way_of_message(message: discord.Message, channel: Any) -> WayIn:
    """Where the person stands who wrote a message in a channel, as `whole_channel` has it."""
    guild = guild_of(message)
    return WayIn(
        user=str(message.author.id),
        guild=guild,
        channel=_ruling(channel) if guild else None,
        direct=guild is None,
        by_bot=message.author.bot,
    )


def guild_of(message: discord.Message) -> str | None:
    """The server that a message stands in, be it one that the library knows nothing of; None in direct messages."""
    channel = message.channel
    guild = channel.guild_id if isinstance(channel, discord.PartialMessageable) else message.guild and message.guild.id
    return str(guild) if guild else None


async def whole_channel(client: discord.Client, channel: Any) -> Any:
    """The channel itself, fetched where the library knows only its id; None if it cannot be."""
    if channel is not None and not isinstance(channel, discord.PartialMessageable):
        return channel
    if channel is None:
        return None
    try:
        return await client.fetch_channel(channel.id)
    except discord.HTTPException as error:
        log.warning("A channel could not be looked up: %s", type(error).__name__)
        return None


def _ruling(channel: Any) -> str | None:
    """The id of the channel whose rules hold, a thread's parent; None if it cannot be told: nothing is shown then."""
    if channel is None:
        return None
    if isinstance(channel, discord.Thread):
        return str(channel.parent_id)
    return str(channel.id)


def _installed_here(interaction: discord.Interaction[Any]) -> bool:
    """Whether the server itself has installed the bot: where only the person has, the server's desks stay closed."""
    if interaction.is_guild_integration() or interaction.is_user_integration():
        return interaction.is_guild_integration()
    # A server that speaks the protocol but says nothing of installs: the bot is installed where it is a member.
    return interaction.guild_id is not None and interaction.client.get_guild(interaction.guild_id) is not None


def _with_the_bot(interaction: discord.Interaction[Any]) -> bool:
    """Whether a conversation outside servers is one with the bot, and not one that others read too."""
    if interaction.context.dm_channel or interaction.context.private_channel:
        return bool(interaction.context.dm_channel)
    return isinstance(interaction.channel, discord.DMChannel)
