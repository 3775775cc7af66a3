"""The buttons beneath an answer: passages, and one vote a person; also after a restart."""

from typing import Any

import pytest

from bot.discord.client import Client
from tests.bot.discord.scene import OWN, SHARED, WHO_OWN, WHO_SHARED, Scene, about
from tests.strict.client import in_loop
from tests.strict.things import Message

REASON = "It helps whoever runs this bot"


def votes(scene: Scene, client: Client, answer: Message) -> tuple[int, int]:
    id = str(answer.buttons[-1]["custom_id"]).split(":")[1]
    logged = client.newsroom.records.logged(id)
    assert logged
    return logged.votes


@pytest.mark.parametrize("restarted", [False, True])
@in_loop
async def test_the_passages_are_shown_to_who_asks_for_them_with_the_quote_standing_out(
    scene: Scene, restarted: bool
) -> None:
    async with scene.server:
        async with scene.online():
            answer = await scene.ask(scene.alice, WHO_SHARED)
            shown = await scene.presses(scene.editor, answer, "Passages")
        if restarted:
            async with scene.online():
                shown = await scene.presses(scene.editor, answer, "Passages")
        assert "Nobody was killed" in shown.content
        assert "**The captain, Ingrid Solheim, ordered everyone to the lifeboats at 7:40 p.m.**" in shown.content
        assert shown.ephemeral


@pytest.mark.parametrize("restarted", [False, True])
@in_loop
async def test_a_vote_can_be_changed_and_counts_once(scene: Scene, restarted: bool) -> None:
    async with scene.server:
        async with scene.online() as client:
            answer = await scene.ask(scene.alice, WHO_SHARED)
            for person in (scene.alice, scene.alice, scene.editor):
                assert (await scene.presses(person, answer, "👍")).ephemeral
            assert votes(scene, client, answer) == (2, 0)
            if not restarted:
                await (await scene.alice.click(answer, "👎")).modal()
                assert votes(scene, client, answer) == (1, 1)
        if restarted:
            async with scene.online() as client:
                await (await scene.alice.click(answer, "👎")).modal()
                assert votes(scene, client, answer) == (1, 1)


@in_loop
async def test_a_thumb_down_asks_why_and_counts_whether_or_not_it_is_said(scene: Scene) -> None:
    async with scene.server:
        async with scene.online():
            answer = await scene.ask(scene.alice, WHO_SHARED)
        async with scene.online() as client:
            opened = await scene.alice.click(answer, "👎")
            assert (await opened.modal())["title"] == "What is wrong with it?"
            assert votes(scene, client, answer) == (0, 1)
            thanks = await (await scene.alice.submits(opened, {REASON: "Not what I asked @everyone"})).shown()
            assert (thanks.content, thanks.ephemeral) == ("Thank you. That is noted.", True)
            assert votes(scene, client, answer) == (0, 1)


@in_loop
async def test_two_people_who_say_why_at_the_same_time_are_both_heard(scene: Scene) -> None:
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, WHO_SHARED)
        opened = [(person, await person.click(answer, "👎")) for person in (scene.alice, scene.editor)]
        for person, modal in opened:
            thanks = await (await person.submits(modal, {REASON: f"Says {person.user.name}"})).shown()
            assert thanks.content == "Thank you. That is noted."


@in_loop
async def test_the_buttons_work_in_threads_and_direct_messages(scene: Scene) -> None:
    async with scene.server, scene.online():
        for said in (await scene.mention(scene.alice, WHO_SHARED), await scene.alice.dm(WHO_SHARED)):
            answer = await scene.answer(said)
            assert "**The captain" in (await scene.presses(scene.alice, answer, "Passages")).content
            assert "counts once" in (await scene.presses(scene.alice, answer, "👍")).content


@in_loop
async def test_the_passages_of_an_article_that_was_removed_are_not_shown(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, WHO_OWN)
        await scene.shows(scene.editor, "forget", {"article": "Lakeside"})
        gone = await scene.presses(scene.alice, answer, "Passages")
        assert gone.content == "An article that this answer stands on has been removed. Ask the question again."
        assert "counts once" in (await scene.presses(scene.alice, answer, "👍")).content


@in_loop
async def test_the_passages_of_an_article_that_has_changed_are_those_that_were_quoted(scene: Scene) -> None:
    scene.shelve(about("The mayor, Ann Reed, opened the bridge."))
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, "Who opened the bridge?")
        scene.shelve(about("The governor, Tim Hall, opened the bridge."))
        shown = await scene.presses(scene.alice, answer, "Passages")
        assert "**The mayor, Ann Reed, opened the bridge.**" in shown.content
        assert "Tim Hall" in (await scene.ask(scene.alice, "Who opened the bridge?")).content


@in_loop
async def test_an_answer_that_is_on_no_record_is_said_to_be_gone(scene: Scene) -> None:
    async with scene.server:
        async with scene.online():
            answer = await scene.ask(scene.alice, WHO_SHARED)
        scene.forget_records()
        async with scene.online():
            gone = "This answer is no longer on record. Ask the question again."
            assert (await scene.presses(scene.alice, answer, "Passages")).content == gone
            assert (await scene.presses(scene.alice, answer, "👎")).content == gone


@in_loop
async def test_what_the_buttons_carry_is_opaque(scene: Scene) -> None:
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, WHO_SHARED)
        carried: list[Any] = [button["custom_id"] for button in answer.buttons]
        told = {scene.guild.id, scene.channel.id, scene.alice.user.id, SHARED.title, "default"}
        assert not [each for each in carried if any(secret in each for secret in told)]
