"""Questions by command, and to the bot alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event

from bot.discord.asking import HOW
from bot.discord.newsroom import LONGEST
from bot.discord.notes import NO_ARTICLES
from bot.room import Room
from tests.bot.discord.scene import NONSENSE, OWN, REFUSED, SAID_OWN, SAID_SHARED, WHO_OWN, WHO_SHARED, Scene
from tests.strict.client import in_loop

ANSWER = """\
The captain, Ingrid Solheim, ordered everyone to the lifeboats at 7:40 p.m. [1]

[1] [Ferry fire off Tarn](<https://tarn.test/ferry#:~:text=The%20captain%2C%20Ingrid%20Solheim%2C%20ordered,\
the%20lifeboats%20at%207%3A40%20p.m.>) — tarn.test"""


@in_loop
async def test_an_answer_is_its_statements_and_then_its_sources_with_buttons_beneath(scene: Scene) -> None:
    async with scene.server, scene.online():
        shown = await scene.ask(scene.alice, WHO_SHARED)
        assert shown.content == ANSWER
        assert shown.labels == ["Passages", "👍", "👎"]
        assert (shown.channel, shown.ephemeral) == (scene.channel, False)


@in_loop
async def test_each_article_is_among_the_sources_once(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        statements, _, sources = (await scene.ask(scene.alice, WHO_OWN)).content.partition("\n\n")
        assert "[1]" in statements
        assert "[2]" in statements
        assert sources.startswith("[[1]](<https://lake.test/council#")
        assert sources.count("Lakeside to close libraries") == 1
        assert [line for line in sources.splitlines() if not line.startswith("-# ")] == [sources.splitlines()[0]]


@in_loop
async def test_a_private_answer_is_for_the_asker_alone(scene: Scene) -> None:
    async with scene.server, scene.online():
        assert (await scene.ask(scene.alice, WHO_SHARED, private=True)).ephemeral


@in_loop
async def test_a_refusal_offers_the_nearest_passages(scene: Scene) -> None:
    async with scene.server, scene.online():
        refused = await scene.ask(scene.alice, NONSENSE)
        assert (refused.content, refused.labels) == (REFUSED, ["Nearest passages", "👍", "👎"])
        nearest = await scene.presses(scene.alice, refused, "Nearest passages")
        assert nearest.content.startswith("Nearest passage:\n\n[Ferry fire off Tarn](<https://tarn.test/ferry")
        assert "**" not in nearest.content
        assert nearest.ephemeral


@in_loop
async def test_where_there_are_no_articles_the_refusal_says_how_to_add_one(scene: Scene) -> None:
    async with scene.server, scene.online(shared_desks=()):
        refused = await scene.ask(scene.alice, WHO_SHARED)
        how = "Whoever manages the server can add one: /ingest."
        assert refused.content == f"{REFUSED}\n-# {NO_ARTICLES} {how}"
        assert refused.labels == ["👍", "👎"]
        direct = await (await scene.alice.dm(WHO_SHARED)).answer()
        assert direct.content == "No articles are open outside servers. Ask in a channel of a server that has me."
    async with scene.server, scene.online(shared_desks=("empty",)):
        assert (await (await scene.alice.dm(WHO_SHARED)).answer()).content == f"{REFUSED}\n-# {NO_ARTICLES}"


@in_loop
async def test_a_question_that_is_too_long_is_not_answered(scene: Scene) -> None:
    async with scene.server, scene.online():
        shown = await scene.ask(scene.alice, "why " * LONGEST)
        assert shown.content == "This question is longer than 1,000 characters. Ask a shorter one."
        said = await scene.mention(scene.alice, "x" * (LONGEST + 1))
        assert (await said.answer()).content == shown.content


@in_loop
async def test_blank_space_is_no_question(scene: Scene) -> None:
    async with scene.server, scene.online():
        assert (await scene.ask(scene.alice, " \u3000 ")).content == "The question is empty."
        assert (await (await scene.mention(scene.alice, "")).answer()).content == HOW


# -- to the bot alone


@in_loop
async def test_a_direct_message_is_answered_below_it_and_so_is_what_follows(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        answer = await scene.answer(await scene.alice.dm(WHO_SHARED))
        assert SAID_SHARED in answer.content
        assert answer.reference is None
        then = await scene.answer(await scene.alice.dm("When did she order it?"))
        assert "Solheim" in scene.understood(client, then)


@in_loop
async def test_a_direct_message_reads_the_shared_desks_alone(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        assert SAID_OWN not in (await (await scene.alice.dm(WHO_OWN)).answer()).content
        asked = await scene.ask(scene.alice, WHO_OWN, channel=scene.server.conversation(scene.alice.user))
        assert SAID_OWN not in asked.content
        assert not asked.ephemeral


@in_loop
async def test_direct_messages_that_are_switched_off_are_not_answered(scene: Scene) -> None:
    off = "Direct messages are switched off. Ask in a channel of a server."
    async with scene.server, scene.online(discord_direct_messages=False):
        assert (await (await scene.alice.dm(WHO_SHARED)).answer()).content == off
        alone = scene.server.conversation(scene.alice.user)
        assert (await scene.ask(scene.alice, WHO_SHARED, channel=alone)).content == off
        assert (await scene.shows(scene.alice, "sources", channel=alone)).content == off
        assert SAID_SHARED in (await scene.ask(scene.alice, WHO_SHARED)).content


# -- before the models are loaded


@in_loop
async def test_a_cold_bot_acknowledges_at_once_and_answers_when_it_is_ready(scene: Scene) -> None:
    may_open = Event()

    @contextmanager
    def slowly() -> Iterator[Room]:
        assert may_open.wait(10)
        yield scene.room

    async with scene.server, scene.online(slowly):
        assert "still loading" in (await scene.shows(scene.alice, "help")).content
        asked = await scene.alice.slash("ask", {"question": WHO_SHARED})
        assert await asked.acknowledged() < 1
        assert await scene.choices(scene.alice, "article", {"article": ""}) == []
        may_open.set()
        assert SAID_SHARED in (await asked.shown()).content
        ready = await scene.shows(scene.alice, "help")
        assert ready.content.endswith("\nI am ready.")
        assert ready.ephemeral
