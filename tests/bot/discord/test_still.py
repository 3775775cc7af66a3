"""Answers that no longer hold are edited, once, and only where what they say now may be read."""

from datetime import timedelta

from bot.discord.client import Client
from bot.discord.still import PAST, look, watch
from tests.bot.discord.scene import Scene, about
from tests.strict.client import in_loop
from tests.strict.things import Message

WHO = "Who opened the bridge?"
THEN, NOW = "The mayor, Ann Reed, opened the bridge.", "The mayor, *Eve* Hall @everyone, opened the bridge."
EDITED = """\
⚠️ **This is no longer so in the articles.**
[1] said: The mayor, Ann Reed, opened the bridge.
It now says: The mayor, \\*Eve\\* Hall \\@\u200beveryone, opened the bridge.

The mayor, Ann Reed, opened the bridge. [1]

[1] A title"""


async def no_pause(_: float) -> None:
    """The time that is left between two edits."""


async def changed(scene: Scene, client: Client, answer: Message) -> Message:
    """An answer after its article has changed and the bot has looked twice."""
    scene.shelve(about(NOW))
    await look(client, no_pause)
    await look(client, no_pause)
    return answer


@in_loop
async def test_an_answer_is_edited_once_and_keeps_its_buttons(scene: Scene) -> None:
    scene.shelve(about(THEN))
    async with scene.server, scene.online() as client:
        answer = await scene.ask(scene.alice, WHO)
        edits = answer.edits
        await look(client, no_pause)
        assert answer.edits == edits
        await changed(scene, client, answer)
        assert (answer.content, answer.edits) == (EDITED, edits + 1)
        assert "counts once" in (await scene.presses(scene.alice, answer, "👍")).content


@in_loop
async def test_it_is_found_in_its_thread_and_after_a_restart(scene: Scene) -> None:
    scene.shelve(about(THEN))
    async with scene.server:
        async with scene.online():
            answer = await scene.answer(await scene.mention(scene.alice, WHO))
        async with scene.online() as client:
            assert (await changed(scene, client, answer)).content == EDITED


@in_loop
async def test_of_an_article_that_was_removed_nothing_is_quoted_again(scene: Scene) -> None:
    scene.shelve(about(THEN, title="The bridge"))
    async with scene.server, scene.online() as client:
        answer = await scene.ask(scene.alice, WHO)
        await scene.shows(scene.editor, "forget", {"article": "The bridge"})
        await look(client, no_pause)
        assert answer.content.splitlines()[1] == "[1] Its article has been removed since."


@in_loop
async def test_an_answer_that_still_holds_or_that_is_old_or_private_stays(scene: Scene) -> None:
    scene.shelve(about(THEN))
    async with scene.server, scene.online() as client:
        answer = await scene.ask(scene.alice, WHO)
        private = await scene.ask(scene.alice, WHO, private=True)
        before, edits = answer.content, private.edits
        scene.shelve(about(THEN + " It rained."))
        await look(client, no_pause)
        assert answer.content == before
        now = client.newsroom.now
        client.newsroom.now = lambda: now() + PAST + timedelta(hours=1)
        assert (await changed(scene, client, answer)).content == before
        client.newsroom.now = now
        assert (await changed(scene, client, answer)).content == EDITED
        assert private.edits == edits


@in_loop
async def test_what_is_not_read_in_a_channel_any_more_is_not_shown_there(scene: Scene) -> None:
    scene.shelve(about(THEN))
    async with scene.server, scene.online() as client:
        answer = await scene.ask(scene.alice, WHO)
        before = answer.content
        await scene.shows(scene.editor, "desk use", {"name": "default"})
        assert (await changed(scene, client, answer)).content == before


@in_loop
async def test_a_message_that_is_gone_holds_up_no_other(scene: Scene) -> None:
    scene.may_be_refused = True
    scene.shelve(about(THEN))
    async with scene.server, scene.online() as client:
        answer, gone = await scene.ask(scene.alice, WHO), await scene.ask(scene.alice, WHO)
        gone.deleted = True
        assert (await changed(scene, client, answer)).content == EDITED


@in_loop
async def test_it_is_looked_for_when_a_desk_has_changed_and_not_otherwise(scene: Scene) -> None:
    scene.shelve(about(THEN))
    async with scene.server, scene.online() as client:
        answer = await scene.ask(scene.alice, WHO)
        waited: list[float] = []

        class EnoughError(Exception):
            pass

        async def sleep(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 2:
                scene.shelve(about(NOW))
            if len(waited) == 6:
                raise EnoughError

        try:
            await watch(client, sleep)
        except EnoughError:
            assert answer.content == EDITED
        assert waited == [60.0, 60.0, 1.0, 60.0, 60.0, 60.0]
