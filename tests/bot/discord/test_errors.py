"""What fails is said in a sentence that a person can act on; the log has the rest, and no word that was written."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.answering import BusyError
from bot.asked import QuestionError
from bot.check import CheckError
from bot.database import RecordsError
from bot.desks import DeskError
from bot.discord.authorize import NotAllowedError
from bot.discord.errors import LONGEST, sentence
from bot.room import Room
from ingest.errors import CitedeskError, SettingsError, SourceError, StoreError
from tests.bot.discord.scene import SAID_SHARED, WHO_SHARED, Scene
from tests.strict.client import in_loop

SECRET = "/home/press/.citedesk/records.sqlite3 postgresql://press:hunter2@db"
OUR_SIDE = "Something went wrong on my side. Ask again; if it happens again, tell whoever runs me."


class _Response:
    status, reason = 403, "Forbidden"


OPERATORS = {
    StoreError(SECRET): "The articles cannot be read right now. Ask again in a minute.",
    RecordsError(SECRET): "My records cannot be read or written right now. Ask again in a minute.",
    SettingsError(SECRET): "I am not set up rightly. Whoever runs me finds the reason in my log.",
    CitedeskError(SECRET): OUR_SIDE,
    OSError(SECRET): OUR_SIDE,
    discord.Forbidden(_Response(), SECRET): (  # type: ignore[arg-type]
        "I lack a permission here: let me see this channel, send messages and open threads in it."
    ),
    discord.HTTPException(_Response(), SECRET): (  # type: ignore[arg-type]
        "Discord did not take my answer here. Mention me in a channel instead, or ask again."
    ),
    app_commands.CommandNotFound(SECRET, []): ("This command has changed. Restart Discord (Ctrl+R) and use it again."),
    app_commands.NoPrivateMessage(SECRET): "This works only in a server.",
    app_commands.CheckFailure(SECRET): "This is not for you to do here.",
}


@pytest.mark.parametrize("error", OPERATORS, ids=lambda error: type(error).__name__)
def test_what_is_the_operators_to_know_is_not_told_to_others(error: Exception) -> None:
    assert sentence(error) == OPERATORS[error]


@pytest.mark.parametrize("kind", [BusyError, CheckError, DeskError, NotAllowedError, QuestionError, SourceError])
def test_what_was_meant_for_people_is_told_escaped_and_in_a_line(kind: Callable[[str], Exception]) -> None:
    assert sentence(kind("No @everyone\n# here.")) == r"No \@" + "\u200beveryone \\# here."
    assert len(sentence(kind("<" * 10_000))) <= 3 * LONGEST


# -- what people see, and what the log has


def failing(scene: Scene, error: Exception) -> Callable[[], Any]:
    """Opens a room in which every question fails."""

    class Failing:
        def batch(self, *_: object, **__: object) -> object:
            raise error

    @contextmanager
    def opened() -> Iterator[Room]:
        yield replace(scene.room, chain=Failing())  # type: ignore[arg-type]

    return opened


def logged(caplog: pytest.LogCaptureFixture) -> str:
    return "\n".join(caplog.handler.format(record) for record in caplog.records)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError(f"cannot read 'Where is the wolverine?' {SECRET}"), OUR_SIDE),
        (
            SettingsError("CITEDESK_MODEL: is wrong."),
            "I am not set up rightly. Whoever runs me finds the reason in my log.",
        ),
    ],
)
@in_loop
async def test_a_question_that_fails_is_told_so_by_every_way_and_the_log_says_why_without_it(
    scene: Scene, error: Exception, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.INFO, "discord")
    question = "Where is the wolverine?"
    async with scene.server, scene.online(failing(scene, error)):
        assert (await scene.ask(scene.alice, question)).content == said
        assert (await (await scene.mention(scene.alice, question)).answer()).content == said
        assert (await (await scene.alice.dm(question)).answer()).content == said
    assert "wolverine" not in logged(caplog)
    assert "hunter2" not in logged(caplog)
    assert scene.server.token not in logged(caplog)
    assert type(error).__name__ in logged(caplog) or str(error) in logged(caplog)


@in_loop
async def test_records_that_are_gone_are_said_to_be_and_buttons_too(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, WHO_SHARED)
        await scene.server.until(lambda: scene.on_record(answer))
        scene.forget_records()
        gone = "My records cannot be read or written right now. Ask again in a minute."
        assert (await scene.ask(scene.alice, WHO_SHARED)).content == gone
        assert (await scene.presses(scene.alice, answer, "Passages")).content == gone
        assert (await scene.presses(scene.alice, answer, "👍")).content == gone
        assert (await scene.shows(scene.alice, "sources")).content == gone
        assert await scene.choices(scene.alice, "article", {"article": ""}) == []
        assert (await (await scene.mention(scene.alice, WHO_SHARED)).answer()).content == gone
    assert "records.sqlite3: it is gone. Restore it, and start again." in logged(caplog)


@in_loop
async def test_an_answer_that_stands_there_stays_whatever_fails_afterwards(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise RecordsError("The disk is full.")

    async with scene.server, scene.online() as client:
        monkeypatch.setattr(client.newsroom.records, "shown", full)
        answer = await scene.ask(scene.alice, WHO_SHARED)
        said = await scene.mention(scene.alice, WHO_SHARED)
        await scene.answer(said)
        assert SAID_SHARED in answer.content
        assert len(list(scene.server.from_bot(await said.thread()))) == 1


@in_loop
async def test_what_people_say_and_ask_is_never_in_the_log(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.INFO, "discord")
    question = "Where did the wolverine hide the marmalade?"
    async with scene.server, scene.online(discord_user_rate=3):
        asked = await scene.alice.slash("ask", {"question": question})
        await asked.shown()
        said = await scene.mention(scene.alice, question)
        await scene.answer(said)
        await (await scene.alice.menu("Check against articles", said.message)).shown()
        await scene.ask(scene.alice, question)
        await scene.shows(scene.editor, "ingest", {"url": "http://wolverine.invalid/"})
    assert "wolverine" not in logged(caplog)
    assert asked.token not in logged(caplog)


@in_loop
async def test_the_list_stays_where_it_cannot_be_turned(scene: Scene) -> None:
    async with scene.server, scene.online():
        listed = await scene.shows(scene.alice, "sources")
        listed.components = turning(1)
        scene.forget_records()
        pressed = await scene.alice.click(listed, "sources:1")
        told = await pressed.followup()
        assert told.content.startswith("My records cannot be read")
        assert told.ephemeral
        assert "Ferry fire off Tarn" in listed.content


def turning(page: int) -> list[dict[str, Any]]:
    button = {"type": 2, "style": 2, "label": "Older ▶", "custom_id": f"sources:{page}"}
    return [{"type": 1, "components": [button]}]


@in_loop
async def test_a_limit_of_discords_is_waited_out_and_no_token_is_in_the_log(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "discord")
    scene.may_be_refused = True
    edit = "PATCH /webhooks/{app}/{token}/messages/{message}"
    scene.server.buckets.limits[edit] = (0, 0.2)
    async with scene.server, scene.online():
        asked = await scene.alice.slash("ask", {"question": WHO_SHARED})
        await scene.server.until(lambda: scene.server.answered(429), "the limit")
        del scene.server.buckets.limits[edit]
        assert SAID_SHARED in (await asked.shown()).content
    assert asked.token not in logged(caplog)


# -- servers that speak the protocol, but not all of it


@in_loop
async def test_where_answers_cannot_be_put_off_mentions_and_replies_still_work(scene: Scene) -> None:
    scene.may_be_refused = True
    scene.server.interactions.defers = False
    async with scene.server, scene.online() as client:
        said = await scene.ask(scene.alice, WHO_SHARED)
        assert said.content == "Discord did not take my answer here. Mention me in a channel instead, or ask again."
        assert said.ephemeral
        scene.set_mode(client, "reply")
        answer = await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        assert SAID_SHARED in answer.content
        then = await scene.answer(await scene.alice.says("When did she order it?", reply_to=answer))
        assert "Solheim" in scene.understood(client, then)
        assert SAID_SHARED in (await (await scene.alice.dm(WHO_SHARED)).answer()).content


@in_loop
async def test_an_interaction_that_has_gone_meanwhile_is_let_go(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    scene.may_be_refused = True
    scene.server.interactions.deadline = -1.0
    async with scene.server, scene.online():
        await scene.alice.slash("ask", {"question": WHO_SHARED})
        await scene.server.until(lambda: scene.refused, "the late answer")
        scene.server.interactions.deadline = 3.0
        assert SAID_SHARED in (await scene.ask(scene.alice, WHO_SHARED)).content
    assert "Traceback" not in logged(caplog)
