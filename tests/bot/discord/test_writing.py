"""Answers that a language model writes, shown as they are verified, through the real chain and a scripted model."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

import pytest

from bot.answering import RESTARTING
from bot.calling import Caller
from bot.chain import build_chain
from bot.discord.growing import EVERY, HOLD
from bot.discord.notes import FAILED, NOT_SET_UP
from bot.draft import INSTEAD
from bot.room import SIDE_BY_SIDE, Room
from bot.settings import Settings
from tests.bot.discord.pauses import Pauses
from tests.bot.discord.scene import NONSENSE, REFUSED, SAID_SHARED, WHO_SHARED, Scene
from tests.model.replies import Gate, Reply, cut, failure, good, words
from tests.model.server import Model, chat, serve_model
from tests.strict.client import in_loop
from tests.strict.limits import SUPPRESS_EMBEDS
from tests.strict.posting import delete
from tests.strict.things import Message

WRITTEN = "openai:scripted"
SOLHEIM = "The captain, Ingrid Solheim, ordered everyone to the lifeboats at 7:40 p.m."
PUMP = "Tarn Lines said the fire began in a fuel pump that had been replaced in January."
BOTH = good((SOLHEIM, 1), (PUMP, 1))
FIRST = len(words(good((SOLHEIM, 1))).pieces) + 14
"""Words of `BOTH` after which the first sentence is known to have ended."""
MORE = "\n-# More may follow."
MESSAGE = "/channels/{channel}/messages/{message}"


@dataclass
class Writing:
    """A scripted model, the room whose chain asks it, and the pauses of the bot."""

    model: Model
    room: Room
    pauses: Pauses

    @contextmanager
    def opened(self) -> Iterator[Room]:
        yield self.room

    def begins(self, reply: str = BOTH, pieces: int = FIRST) -> Gate:
        """Have the model say so much and then wait for the gate."""
        gate = Gate()
        gate.let(pieces)
        self.model.says(words(reply, gate=gate))
        return gate


@pytest.fixture
def writing(scene: Scene) -> Iterator[Writing]:
    settings = Settings(home=scene.room.settings.home, model=WRITTEN)
    with serve_model() as model, chat(model.url) as llm:
        caller = Caller(llm, sleep=lambda _: None)
        chain = build_chain(settings, store=scene.room.store, indexes=scene.room.indexes, caller=caller)
        scene.sleep = pauses = Pauses()
        yield Writing(model, replace(scene.room, chain=chain, settings=settings), pauses)


def growing(message: Message) -> bool:
    return message.content.endswith(MORE)


def whole(message: Message) -> bool:
    return not growing(message)


# -- what is shown, and when


@in_loop
async def test_a_command_is_answered_by_what_has_passed_and_then_by_the_whole(scene: Scene, writing: Writing) -> None:
    gate = writing.begins()
    async with scene.server, scene.online(writing.opened, model=WRITTEN):
        asked = await scene.alice.slash("ask", {"question": WHO_SHARED})
        await writing.pauses.end(HOLD)
        begun = await asked.shown(growing)
        assert (begun.content, begun.labels) == (f"{SOLHEIM} [1]{MORE}", [])
        gate.let()
        await writing.pauses.end(EVERY)
        shown = await asked.shown(whole)
        assert shown.content.startswith(f"{SOLHEIM} [1] {PUMP} [2]\n\n[[1]](<https://tarn.test/ferry#")
        assert shown.labels == ["Passages", "👍", "👎"]
        assert (shown.edits, asked.followups) == (2, [])
        passages = await scene.presses(scene.alice, shown, "Passages")
        assert f"**{SOLHEIM}**" in passages.content


@in_loop
async def test_a_mention_is_answered_so_in_the_thread_that_it_opens(scene: Scene, writing: Writing) -> None:
    gate = writing.begins()
    async with scene.server, scene.online(writing.opened, model=WRITTEN):
        said = await scene.mention(scene.alice, WHO_SHARED)
        await writing.pauses.end(HOLD)
        begun = await said.answer()
        assert begun.channel is await said.thread()
        assert begun.content == f"{SOLHEIM} [1]{MORE}"
        assert not scene.on_record(begun)
        gate.let()
        await writing.pauses.end(EVERY)
        answer = await scene.answer(said)
        assert answer is begun
        assert (answer.edits, whole(answer), answer.labels) == (1, True, ["Passages", "👍", "👎"])
        assert [each.body["flags"] for each in scene.server.asked("PATCH", MESSAGE)] == [SUPPRESS_EMBEDS]
        assert len(list(scene.server.from_bot(answer.channel))) == 1


@in_loop
async def test_a_short_answer_is_sent_once(scene: Scene, writing: Writing) -> None:
    writing.model.says(good((SOLHEIM, 1)))
    async with scene.server, scene.online(writing.opened, model=WRITTEN):
        said = await scene.alice.dm(WHO_SHARED)
        answer = await scene.answer(said)
        assert (answer.edits, whole(answer), SAID_SHARED in answer.content) == (0, True, True)


@in_loop
async def test_what_a_model_refuses_or_leaves_to_the_quotes_is_sent_once(scene: Scene, writing: Writing) -> None:
    writing.model.says(REFUSED, good(("Paris is the capital of France.", 1)))
    async with scene.server, scene.online(writing.opened, model=WRITTEN):
        refused = await scene.ask(scene.alice, NONSENSE)
        quoted = await scene.ask(scene.alice, WHO_SHARED)
        assert (refused.content, refused.edits) == (REFUSED, 1)
        assert (quoted.content.endswith(f"\n-# {INSTEAD}"), quoted.edits) == (True, 1)


@in_loop
async def test_quotes_are_sent_as_they_are_found(scene: Scene) -> None:
    scene.sleep = Pauses()
    async with scene.server, scene.online():
        answer = await scene.answer(await scene.alice.dm(WHO_SHARED))
        assert (answer.edits, scene.sleep.asked) == (0, [])


# -- what fails meanwhile


@in_loop
async def test_what_a_model_had_written_before_it_was_lost_stays_and_a_line_says_what_to_do(
    scene: Scene, writing: Writing
) -> None:
    gate = Gate()
    gate.let(FIRST)
    writing.model.says(replace(cut(BOTH, after=FIRST + 2), gate=gate))
    async with scene.server, scene.online(writing.opened, model=WRITTEN):
        said = await scene.alice.dm(WHO_SHARED)
        await writing.pauses.end(HOLD)
        begun = await said.answer(growing)
        gate.let()
        await writing.pauses.end(EVERY)
        answer = await scene.answer(said)
        assert answer is begun
        assert answer.content.startswith(f"{SOLHEIM} [1]\n\n[1] ")
        assert answer.content.endswith(f"\n-# {FAILED}")


@pytest.mark.parametrize(
    ("replies", "line"),
    [
        ([failure(401)], NOT_SET_UP),
        ([failure(404)], NOT_SET_UP),
        ([failure(500)] * 3, FAILED),
        ([failure(429, headers={"Retry-After": "900"})], FAILED),
    ],
    ids=["key", "unknown", "failing", "busy"],
)
@in_loop
async def test_a_model_that_fails_is_told_of_in_one_sentence_and_without_what_is_the_operators(
    scene: Scene, writing: Writing, replies: list[Reply], line: str
) -> None:
    writing.model.says(*replies)
    async with scene.server, scene.online(writing.opened, model=WRITTEN):
        shown = await scene.ask(scene.alice, WHO_SHARED)
        assert SAID_SHARED in shown.content
        assert shown.content.endswith(f"\n-# {line}\n-# {INSTEAD}")


@in_loop
async def test_a_message_that_is_deleted_while_it_grows_is_let_go(
    scene: Scene, writing: Writing, caplog: pytest.LogCaptureFixture
) -> None:
    scene.may_be_refused = True
    gate = writing.begins()
    async with scene.server, scene.online(writing.opened, model=WRITTEN) as client:
        said = await scene.alice.dm(WHO_SHARED)
        await writing.pauses.end(HOLD)
        delete(scene.server, await said.answer(growing))
        gate.let()
        await writing.pauses.end(EVERY)
        await scene.server.until(lambda: scene.refused, "the change of what is gone")
        while client.newsroom.answering.in_flight:
            await asyncio.sleep(0.01)
        assert [call.answer["code"] for call in scene.refused] == [10008]
        assert [message.deleted for message in scene.said] == [True]
    assert [record for record in caplog.records if record.name.startswith("bot")] == []


@in_loop
async def test_what_is_shown_when_the_bot_stops_stays_with_its_sources_and_says_so(
    scene: Scene, writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.answering.GRACE", 0.0)
    gate = writing.begins()
    async with scene.server, scene.online(writing.opened, model=WRITTEN) as client:
        asked = await scene.alice.slash("ask", {"question": WHO_SHARED})
        await writing.pauses.end(HOLD)
        await asked.shown(growing)
        closing = asyncio.create_task(client.newsroom.answering.close())
        await writing.pauses.end(EVERY)
        shown = await asked.shown(whole)
        await closing
        gate.let()
        assert shown.content.startswith(f"{SOLHEIM} [1]\n\n[1] [Ferry fire off Tarn](<")
        assert shown.content.endswith(f"\n-# The answer breaks off here. {RESTARTING}")
        assert shown.labels == []


# -- many at once


@in_loop
async def test_a_model_that_is_slow_with_some_does_not_keep_the_others_waiting(scene: Scene, writing: Writing) -> None:
    gate, many = Gate(), SIDE_BY_SIDE + 2
    writing.model.says(*[words(BOTH, gate=gate)] * many)
    async with scene.server, scene.online(writing.opened, model=WRITTEN):
        slow = [await scene.alice.slash("ask", {"question": WHO_SHARED}) for _ in range(many)]
        await asyncio.to_thread(writing.model.wait_for, many)
        writing.model.says(good((SOLHEIM, 1)))
        assert SAID_SHARED in (await scene.ask(scene.editor, WHO_SHARED)).content
        assert all(each.original and each.original.loading for each in slow)
        writing.pauses.run()
        gate.let()
        for each in slow:
            assert PUMP in (await each.shown(whole)).content
