"""The turns before a question, taken from the messages that Discord keeps: a restart loses none."""

import asyncio
from collections.abc import Collection, Iterable
from typing import Any

import discord

from bot.converse import TURNS
from bot.records import Logged, Records

MESSAGES = 30
"""How far back a conversation is read: more than its last turns take."""


async def turns_before(
    message: discord.Message, me: int, records: Records, desks: Collection[str], *, whole_channel: bool
) -> list[dict[str, str]]:
    """The questions and answers before a message, oldest first.

    Args:
        message: the question.
        me: the bot's own id.
        records: what was answered by which message.
        desks: those that are read here; an answer from others is forgotten.
        whole_channel: all of the thread or the direct messages, or only what the message replies to.
    """
    ids = [str(id) async for id in (_earlier(message, me) if whole_channel else _replied_to(message))]
    known = await asyncio.to_thread(records.logged_by_messages, ids)
    return _turns((known[id] for id in reversed(ids) if id in known), desks)


def _turns(answers: Iterable[Logged], desks: Collection[str]) -> list[dict[str, str]]:
    once = {logged.id: logged.answer for logged in answers if set(logged.answer.desks) <= set(desks)}
    return [{"question": each.standalone_question, "answer": each.text} for each in once.values()][-TURNS:]


async def _earlier(message: discord.Message, me: int) -> Any:
    """The bot's messages before this one, the last first."""
    try:
        async for each in message.channel.history(limit=MESSAGES, before=message):
            if each.author.id == me:
                yield each.id
    except discord.HTTPException:
        return  # it may not read what was before: the question then stands alone


async def _replied_to(message: discord.Message) -> Any:
    """What a message replies to, what that replied to, and so on; not what it forwards, which is from elsewhere."""
    here = message.channel.id
    for _ in range(2 * TURNS):
        reference = message.reference
        if reference is None or reference.message_id is None or reference.channel_id != here:
            return
        yield reference.message_id
        resolved = reference.resolved
        try:
            message = (
                resolved
                if isinstance(resolved, discord.Message)
                else await message.channel.fetch_message(reference.message_id)
            )
        except discord.HTTPException:
            return
