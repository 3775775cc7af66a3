"""Which messages are for the bot, and where their answers go."""

import pytest

from bot.discord.decide import Heard, Reply, decide

ME = "900"
MENTION = Heard(text="<@900> Who signed it?", mentions_me=True)


def heard(**facts: object) -> Heard:
    return Heard(**{"text": "Who signed it?"} | facts)  # type: ignore[arg-type]


def test_a_mention_is_answered_in_a_thread() -> None:
    assert decide(MENTION, ME) == Reply("Who signed it?", "thread")


@pytest.mark.parametrize(
    "text", ["<@900> Who signed it?", "<@!900>Who  signed it?", "Who signed <@900> it?", "Who signed it? <@900>"]
)
def test_the_mention_is_no_part_of_the_question(text: str) -> None:
    assert decide(heard(text=text, mentions_me=True), ME) == Reply("Who signed it?", "thread")


@pytest.mark.parametrize(
    ("message", "place"),
    [
        (heard(direct=True), "here"),
        (heard(in_thread=True, in_own_thread=True), "here"),
        (heard(replies_to_me=True), "reply"),
        (heard(mentions_me=True, in_thread=True), "reply"),
        (heard(mentions_me=True, mode="reply"), "reply"),
        (heard(replies_to_me=True, mode="reply"), "reply"),
        (heard(direct=True, mode="off"), "here"),
    ],
)
def test_what_else_is_answered_and_where(message: Heard, place: str) -> None:
    assert decide(message, ME) == Reply("Who signed it?", place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "message",
    [
        heard(),
        heard(in_thread=True),
        heard(mode="reply"),
        heard(mentions_me=True, by_bot=True),
        heard(direct=True, by_bot=True),
        heard(mentions_me=True, ordinary=False),
        heard(mentions_me=True, mode="off"),
        heard(replies_to_me=True, mode="off"),
        heard(in_thread=True, in_own_thread=True, mode="off"),
    ],
)
def test_everything_else_is_left_alone(message: Heard) -> None:
    assert decide(message, ME) is None


def test_a_bare_mention_asks_nothing() -> None:
    assert decide(heard(text="<@900>", mentions_me=True), ME) == Reply("", "thread")
