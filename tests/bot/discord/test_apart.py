"""Two servers, and two channels of one, that must not see each other, through any of the ways in."""

from tests.bot.discord.scene import OWN, SAID_OWN, SAID_SHARED, WHO_OWN, WHO_SHARED, Scene
from tests.strict.client import in_loop
from tests.strict.things import Message

GONE = "This answer is no longer on record. Ask the question again."
NO_LONGER = "This answer stands on articles that are not read in this channel any more."


def forged(message: Message, other: Message) -> Message:
    """A message whose buttons are those of another."""
    message.components = other.components
    return message


# -- two servers


@in_loop
async def test_no_question_of_another_server_is_answered_from_this_ones_desk(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        _, _, bob = scene.elsewhere()
        assert SAID_OWN in (await scene.ask(scene.alice, WHO_OWN)).content
        assert SAID_OWN not in (await scene.ask(bob, WHO_OWN)).content
        assert SAID_OWN not in (await (await scene.mention(bob, WHO_OWN)).answer()).content
        said = await bob.says("Councillor James Whitby proposed it.")
        checked = await (await bob.menu("Check against articles", said.message)).shown()
        assert "Lakeside" not in checked.content
        assert checked.content.startswith("❔")
        opened = await bob.menu("Ask about this", said.message)
        answer = await (await bob.submits(opened, {"What do you want to know?": WHO_OWN})).shown()
        assert SAID_OWN not in answer.content
        near = await scene.ask(bob, "Who in Lakeside polished the moon?")
        assert "Lakeside" not in (await scene.presses(bob, near, "Nearest passages")).content


@in_loop
async def test_no_article_of_another_server_is_listed_shown_or_offered(scene: Scene) -> None:
    [id] = scene.shelve(OWN)
    async with scene.server, scene.online():
        _, _, bob = scene.elsewhere()
        assert "Lakeside" not in (await scene.shows(bob, "sources")).content
        assert await scene.choices(bob, "article", {"article": ""}) == ["Ferry fire off Tarn"]
        for typed in (id, "Lakeside"):
            shown = await scene.shows(bob, "article", {"article": typed})
            assert shown.content == "No articles here are called that. Choose one that is offered."


@in_loop
async def test_no_article_of_another_server_can_be_removed_or_changed(scene: Scene) -> None:
    [id] = scene.shelve(OWN)
    async with scene.server, scene.online():
        rivals, _, bob = scene.elsewhere()
        assert await scene.choices(bob, "forget", {"article": ""}) == []
        for typed in (id, "Lakeside"):
            shown = await scene.shows(bob, "forget", {"article": typed})
            assert shown.content.startswith("No articles here are called that.")
        for name in (f"g{scene.guild.id}", f"g{scene.guild.id}.sport"):
            refused = await scene.shows(bob, "desk use", {"name": name})
            assert refused.content.startswith("There is no desk 'g")
        assert f"g{scene.guild.id}" not in (await scene.shows(bob, "desk show")).content
        assert [article.id for article in scene.room.store.articles(f"g{scene.guild.id}")] == [id]
        assert scene.room.store.articles(f"g{rivals.id}") == []


@in_loop
async def test_the_buttons_of_another_servers_answer_show_and_count_nothing(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online() as client:
        _, _, bob = scene.elsewhere()
        answer = await scene.ask(scene.alice, WHO_OWN)
        false = forged(await scene.ask(bob, WHO_SHARED), answer)
        assert (await scene.presses(bob, false, "Passages")).content == GONE
        assert (await scene.presses(bob, false, "👍")).content == GONE
        assert (await scene.presses(bob, false, "👎")).content == GONE
        logged = client.newsroom.records.logged(str(answer.buttons[1]["custom_id"]).split(":")[1])
        assert logged
        assert logged.votes == (0, 0)


@in_loop
async def test_a_direct_message_has_nothing_to_do_with_servers_or_with_others(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        own = await scene.ask(scene.alice, WHO_OWN)
        alone = await scene.answer(await scene.alice.dm(WHO_SHARED))
        direct = await scene.answer(await scene.editor.dm(WHO_SHARED))
        for theirs in (own, alone):
            false = forged(direct, theirs)
            assert (await scene.presses(scene.editor, false, "Passages")).content == GONE
        listed = await scene.shows(scene.alice, "sources", channel=alone.channel)
        assert "Lakeside" not in listed.content


@in_loop
async def test_members_of_both_servers_read_in_each_what_is_its_own(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        rivals, channel, _ = scene.elsewhere()
        scene.server.join(rivals, scene.alice.user)
        assert SAID_OWN in (await scene.ask(scene.alice, WHO_OWN)).content
        assert SAID_OWN not in (await scene.ask(scene.alice, WHO_OWN, channel=channel)).content


# -- two channels of a server


@in_loop
async def test_a_channel_that_is_narrowed_reads_nothing_else_by_any_way(scene: Scene) -> None:
    [id] = scene.shelve(OWN)
    async with scene.server, scene.online():
        narrow = scene.server.channel(scene.guild, "wire")
        await scene.shows(scene.editor, "desk use", {"name": "default"}, channel=narrow)
        assert SAID_OWN in (await scene.ask(scene.alice, WHO_OWN)).content
        assert SAID_OWN not in (await scene.ask(scene.alice, WHO_OWN, channel=narrow)).content
        said = await scene.mention(scene.alice, WHO_OWN, channel=narrow)
        refused = await scene.answer(said)
        assert SAID_OWN not in refused.content
        for place in (narrow, refused.channel):
            assert "Lakeside" not in (await scene.shows(scene.alice, "sources", channel=place)).content
            assert await scene.choices(scene.alice, "article", {"article": ""}, channel=place) == [
                "Ferry fire off Tarn"
            ]
            shown = await scene.shows(scene.alice, "article", {"article": id}, channel=place)
            assert shown.content.startswith("No articles here")
        checked = await (await scene.alice.menu("Check against articles", said.message)).shown()
        assert "Lakeside" not in checked.content


@in_loop
async def test_in_the_thread_of_a_narrowed_channel_its_rules_hold_though_the_client_does_not_know_it(
    scene: Scene,
) -> None:
    scene.shelve(OWN)
    async with scene.server:
        async with scene.online():
            await scene.shows(scene.editor, "desk use", {"name": "default"})
            thread = (await scene.answer(await scene.mention(scene.alice, WHO_SHARED))).channel
        thread.announced = False
        async with scene.online():
            said = await scene.alice.says(WHO_OWN, channel=thread)
            assert SAID_OWN not in (await said.answer()).content
            assert SAID_OWN not in (await scene.ask(scene.alice, WHO_OWN, channel=thread)).content
            assert "Lakeside" not in (await scene.shows(scene.alice, "sources", channel=thread)).content


@in_loop
async def test_after_a_channel_was_narrowed_its_older_answers_show_nothing_and_are_not_gone_on_from(
    scene: Scene,
) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online() as client:
        answer = await scene.answer(await scene.mention(scene.alice, WHO_OWN))
        await scene.shows(scene.editor, "desk use", {"name": "default"})
        assert (await scene.presses(scene.alice, answer, "Passages")).content == NO_LONGER
        then = await scene.answer(await scene.alice.says("When did he do that?", channel=answer.channel))
        assert scene.understood(client, then) == "When did he do that?"
        await scene.shows(scene.editor, "desk use", {"name": "all"})
        assert "Whitby" in (await scene.presses(scene.alice, answer, "Passages")).content


@in_loop
async def test_the_buttons_of_another_channels_answer_show_only_what_is_read_where_they_are_pressed(
    scene: Scene,
) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        narrow = scene.server.channel(scene.guild, "wire")
        await scene.shows(scene.editor, "desk use", {"name": "default"}, channel=narrow)
        wide = await scene.ask(scene.alice, WHO_OWN)
        false = forged(await scene.ask(scene.alice, WHO_SHARED, channel=narrow), wide)
        assert (await scene.presses(scene.alice, false, "Passages")).content == NO_LONGER


@in_loop
async def test_an_uncached_channel_that_cannot_be_looked_up_shows_nothing(scene: Scene) -> None:
    scene.may_be_refused = True
    async with scene.server, scene.online():
        thread = scene.server.thread(scene.channel, "Old", scene.alice.user, announced=False)
        del scene.server.channels[thread.id]
        said = await scene.mention(scene.alice, WHO_SHARED, channel=thread)
        await scene.server.until(lambda: any(call.params["channel"] == thread.id for call in scene.sent), "the try")
        assert SAID_SHARED not in str([call.body for call in scene.sent])
        assert said.message.thread is None


@in_loop
async def test_a_forwarded_answer_is_no_history(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        scene.set_mode(client, "reply")
        first = await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        other = scene.server.channel(scene.guild, "other")
        said = await scene.alice.says(f"{scene.me} When did she order it?", channel=other, reply_to=first)
        then = await scene.answer(said)
        assert scene.understood(client, then) == "When did she order it?"
