"""Whether a message is for the bot, and where its answer goes: a decision without Discord."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.desks import Mode

Place = Literal["thread", "reply", "here"]
"""In a thread opened for it, as a reply to it, or simply below it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A message, as far as the decision needs it. ``ordinary`` is what a person wrote, no notice of Discord's."""

    text: str
    by_bot: bool = False
    ordinary: bool = True
    direct: bool = False
    mentions_me: bool = False
    replies_to_me: bool = False
    in_thread: bool = False
    in_own_thread: bool = False
    mode: Mode = "thread"


@dataclass(frozen=True, slots=True)
class Reply:
    """To be answered: the question, empty if there was nothing but a mention, and where the answer goes."""

    question: str
    place: Place


def decide(heard: Heard, me: str) -> Reply | None:
    """What to do with a message; None is to leave it alone. ``me`` is the bot's own id."""
    if heard.by_bot or not heard.ordinary:
        return None
    question = " ".join(re.sub(rf"<@!?{me}>", " ", heard.text).split())
    if heard.direct:
        return Reply(question, "here")
    if heard.mode == "off" or not (question or heard.mentions_me):  # a picture or a sticker asks nothing
        return None
    if heard.in_own_thread:
        return Reply(question, "here")
    if heard.replies_to_me or (heard.mentions_me and (heard.in_thread or heard.mode == "reply")):
        return Reply(question, "reply")
    return Reply(question, "thread") if heard.mentions_me else None
