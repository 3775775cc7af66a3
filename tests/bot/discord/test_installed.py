"""The bot that a person has installed for themselves: where its server is not, nobody else sees what it says."""

import pytest

from tests.bot.discord.scene import MANAGING, NONSENSE, OWN, REFUSED, SAID_OWN, SAID_SHARED, WHO_OWN, WHO_SHARED, Scene
from tests.strict.client import in_loop
from tests.strict.people import Person

PLACES = ["a private group", "a server without the bot", "a server with the bot, by their own installation"]


def someone(scene: Scene, where: str) -> tuple[Person, bool]:
    """A person who uses what they installed, and whether they have to say that it is theirs."""
    if where == PLACES[0]:
        return scene.server.person("carol"), False
    if where == PLACES[1]:
        elsewhere = scene.server.guild("Elsewhere", has_bot=False)
        scene.server.channel(elsewhere)
        return scene.server.person("carol", guild=elsewhere), False
    return scene.alice, True


@pytest.mark.parametrize("where", PLACES)
@in_loop
async def test_a_persons_own_bot_answers_them_alone_and_from_the_shared_desks(scene: Scene, where: str) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        carol, own = someone(scene, where)
        answer = await scene.ask(carol, WHO_SHARED, own=own)
        assert SAID_SHARED in answer.content
        assert answer.ephemeral
        assert SAID_OWN not in (await scene.ask(carol, WHO_OWN, own=own)).content


@pytest.mark.parametrize("where", PLACES)
@in_loop
async def test_its_buttons_work_and_show_nothing_of_any_server(scene: Scene, where: str) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        carol, own = someone(scene, where)
        answer = await scene.ask(carol, WHO_SHARED, own=own)
        passages = await scene.presses(carol, answer, "Passages", own=own)
        assert "**The captain, Ingrid Solheim, ordered everyone to the lifeboats" in passages.content
        assert "counts once" in (await scene.presses(carol, answer, "👍", own=own)).content
        refused = await scene.ask(carol, NONSENSE, own=own)
        assert refused.content == REFUSED
        assert "Lakeside" not in (await scene.presses(carol, refused, "Nearest passages", own=own)).content


@pytest.mark.parametrize("where", PLACES)
@in_loop
async def test_it_manages_nothing(scene: Scene, where: str) -> None:
    async with scene.server, scene.online():
        carol, own = someone(scene, where)
        for command, options in MANAGING.items():
            shown = await scene.shows(scene.editor if own else carol, command, options, own=own)
            assert shown.content == "This works only in a server that I am installed to."
            assert shown.ephemeral


@in_loop
async def test_what_is_for_servers_is_not_offered_elsewhere(scene: Scene) -> None:
    async with scene.server, scene.online():
        alone = scene.server.conversation(scene.alice.user)
        assert [name for name in ("ask", "help", "sources", "article") if scene.alice.offered(name, alone)] == [
            "ask",
            "help",
            "sources",
            "article",
        ]
        assert not any(scene.editor.offered(name, alone) for name in ("ingest", "forget", "desk show"))
        carol = scene.server.person("carol")
        assert carol.offered("ask")
        assert not carol.offered("sources")
