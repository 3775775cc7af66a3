"""What is said of what failed: a sentence that a person can act on, and nothing that is not theirs to know."""

import logging
from traceback import format_tb
from typing import Any

import aiohttp
import discord
from discord import app_commands

from bot.answering import BusyError
from bot.asked import QuestionError
from bot.check import CheckError
from bot.database import RecordsError
from bot.desks import DeskError
from bot.discord.authorize import NotAllowedError
from bot.render.escaping import choice, escape
from bot.turns import CutShortError
from ingest.errors import CitedeskError, SettingsError, SourceError, StoreError

log = logging.getLogger(__name__)

_FOR_PEOPLE = (BusyError, CheckError, CutShortError, DeskError, NotAllowedError, QuestionError, SourceError)
"""Errors whose own sentence is for whoever caused them; others name what belongs to the operator."""


UNSENT = (discord.HTTPException, aiohttp.ClientError, OSError)
"""What may become of anything that is sent: Discord refuses it, or cannot be reached."""

LONGEST = 500
"""Characters of a sentence: it may name what was typed, and escaped it is still far from the limit of a message."""


def sentence(error: BaseException) -> str:
    """What to tell the person who met an error."""
    match error := _met(error):
        case _ if isinstance(error, _FOR_PEOPLE):
            return escape(choice(str(error), LONGEST))
        case StoreError():
            return "The articles cannot be read right now. Ask again in a minute."
        case RecordsError():
            return "My records cannot be read or written right now. Ask again in a minute."
        case SettingsError():
            return "I am not set up rightly. Whoever runs me finds the reason in my log."
        case discord.Forbidden():
            return "I lack a permission here: let me see this channel, send messages and open threads in it."
        case discord.HTTPException():
            return "Discord did not take my answer here. Mention me in a channel instead, or ask again."
        case app_commands.CommandSignatureMismatch() | app_commands.CommandNotFound():
            return "This command has changed. Restart Discord (Ctrl+R) and use it again."
        case app_commands.NoPrivateMessage():
            return "This works only in a server."
        case app_commands.CheckFailure():
            return "This is not for you to do here."
        case app_commands.TransformerError():
            return "This value does not fit. Choose one of those that are offered."
    return "Something went wrong on my side. Ask again; if it happens again, tell whoever runs me."


def record(error: BaseException) -> None:
    """Write to the log what is not for people. No message text and no token is written."""
    error = _met(error)
    if isinstance(error, _FOR_PEOPLE):
        return
    if isinstance(error, CitedeskError):
        log.error("%s", error)
    elif isinstance(error, discord.HTTPException):
        log.error("Discord refused something: %s %s", error.status, error.code)
    else:
        # Not what the error itself says: that may quote what somebody wrote.
        log.error("Unexpected: %s\n%s", type(error).__name__, "".join(format_tb(error.__traceback__)).rstrip())


async def tell(interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tell whoever used a command or pressed a button, and them alone where nothing is shown yet."""
    record(error)
    if isinstance(_met(error), discord.NotFound):
        return  # the interaction itself has gone: nobody is there to be told
    try:
        if interaction.response.type is discord.InteractionResponseType.deferred_message_update:
            await interaction.followup.send(sentence(error), ephemeral=True)  # the message that is there may stay
        elif interaction.response.is_done():
            await interaction.edit_original_response(content=sentence(error), view=None)
        else:
            await interaction.response.send_message(sentence(error), ephemeral=True)
    except UNSENT as failed:
        record(failed)


def _met(error: BaseException) -> BaseException:
    """The error itself, where the library has put it into one of its own."""
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error
