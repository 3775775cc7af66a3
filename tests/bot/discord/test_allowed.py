"""How much is answered: a person's and a server's questions within a minute, and all that are under way."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from bot.room import Room
from tests.bot.discord.scene import SAID_SHARED, WHO_SHARED, Scene
from tests.strict.client import in_loop

BUSY = "Too many questions are being answered right now. Ask again in a minute."


@in_loop
async def test_who_asks_too_much_is_told_alone_when_to_ask_again_and_others_are_answered(scene: Scene) -> None:
    async with scene.server, scene.online(discord_user_rate=2):
        for _ in range(2):
            assert SAID_SHARED in (await scene.ask(scene.alice, WHO_SHARED)).content
        over = await scene.ask(scene.alice, WHO_SHARED)
        assert over.content.startswith("You have asked a lot in the last minute. Ask again in ")
        assert over.ephemeral
        assert SAID_SHARED in (await scene.ask(scene.editor, WHO_SHARED)).content


@in_loop
async def test_who_goes_on_asking_too_much_in_messages_is_told_once_and_does_not_fill_the_channel(scene: Scene) -> None:
    async with scene.server, scene.online(discord_user_rate=1):
        await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        for _ in range(5):
            await scene.mention(scene.alice, WHO_SHARED)
        await (await scene.mention(scene.editor, WHO_SHARED)).answer(lambda message: SAID_SHARED in message.content)
        assert len([each for each in scene.said if each.content.startswith("You have asked a lot")]) == 1


@in_loop
async def test_all_ways_to_ask_count_together_and_reading_on_does_not(scene: Scene) -> None:
    async with scene.server, scene.online(discord_user_rate=4):
        said = await scene.mention(scene.alice, WHO_SHARED)
        answer = await scene.answer(said)
        await (await scene.alice.menu("Check against articles", said.message)).shown()
        opened = await scene.alice.menu("Ask about this", said.message)
        await (await scene.alice.submits(opened, {"What do you want to know?": WHO_SHARED})).shown()
        await (await scene.alice.dm(WHO_SHARED)).answer()
        for button in ("Passages", "👍", "Passages"):
            await scene.presses(scene.alice, answer, button)
        await scene.shows(scene.alice, "sources")
        for over in (
            await (await scene.mention(scene.alice, WHO_SHARED)).answer(lambda message: not message.ephemeral),
            await scene.ask(scene.alice, WHO_SHARED),
            await (await scene.alice.menu("Check against articles", said.message)).shown(),
            await (await scene.alice.dm(WHO_SHARED)).answer(),
        ):
            assert over.content.startswith("You have asked a lot")


@in_loop
async def test_a_servers_questions_are_counted_together_and_another_server_is_answered(scene: Scene) -> None:
    async with scene.server, scene.online(discord_guild_rate=2):
        _, _, bob = scene.elsewhere()
        await scene.ask(scene.alice, WHO_SHARED)
        await scene.ask(scene.editor, WHO_SHARED)
        over = await scene.ask(scene.editor, WHO_SHARED)
        assert over.content.startswith("This server has asked a lot in the last minute.")
        assert over.ephemeral
        assert SAID_SHARED in (await scene.ask(bob, WHO_SHARED)).content
        assert SAID_SHARED in (await (await scene.alice.dm(WHO_SHARED)).answer()).content


@in_loop
async def test_what_is_more_than_can_be_answered_at_a_time_is_told_to_come_back(scene: Scene) -> None:
    may_open = Event()

    @contextmanager
    def slowly() -> Iterator[Room]:
        assert may_open.wait(10)
        yield scene.room

    async with scene.server, scene.online(slowly, discord_in_flight=2) as client:
        waiting = [await scene.alice.slash("ask", {"question": WHO_SHARED}) for _ in range(2)]
        for asked in waiting:
            await asked.acknowledged()
        while client.newsroom.answering.in_flight < 2:
            await scene.shows(scene.alice, "help")  # by then the bot has gone on a little
        over = await scene.ask(scene.alice, WHO_SHARED)
        assert (over.content, over.ephemeral) == (BUSY, True)
        assert (await (await scene.mention(scene.alice, WHO_SHARED)).answer()).content == BUSY
        may_open.set()
        for asked in waiting:
            assert SAID_SHARED in (await asked.shown()).content
        while client.newsroom.answering.in_flight:
            await scene.shows(scene.alice, "help")
        assert SAID_SHARED in (await scene.ask(scene.alice, WHO_SHARED)).content


@in_loop
async def test_of_many_at_the_same_moment_those_that_are_too_many_are_told_so_alone(scene: Scene) -> None:
    async with scene.server, scene.online(discord_in_flight=2):
        asked = [await scene.alice.slash("ask", {"question": WHO_SHARED}) for _ in range(12)]
        shown = [await each.shown() for each in asked]
        answers = [message for message in shown if SAID_SHARED in message.content]
        assert len(answers) >= 2
        assert {(each.content, each.ephemeral) for each in shown if each not in answers} == {(BUSY, True)}
