"""Questions in messages: mentions, threads, replies; what is left alone, and what the bot may not do."""

import pytest

from bot.discord.asking import HOW
from tests.bot.discord.scene import SAID_SHARED, WHO_SHARED, Scene
from tests.strict.client import in_loop
from tests.strict.payloads import told_json, user_json
from tests.strict.people import Upload
from tests.strict.things import NONE, Message, Permission

FOLLOW_UP = "When did she order it?"


@in_loop
async def test_a_mention_is_answered_in_a_thread_that_is_called_what_was_asked(scene: Scene) -> None:
    async with scene.server, scene.online():
        said = await scene.mention(scene.alice, WHO_SHARED)
        answer = await said.answer()
        assert SAID_SHARED in answer.content
        assert answer.channel is await said.thread()
        assert answer.channel.name == WHO_SHARED
        assert answer.labels == ["Passages", "👍", "👎"]


@in_loop
async def test_in_its_thread_a_follow_up_needs_no_mention_and_is_understood(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        thread = (await scene.answer(await scene.mention(scene.alice, WHO_SHARED))).channel
        then = await scene.answer(await scene.alice.says(FOLLOW_UP, channel=thread))
        assert then.channel is thread
        assert "Ingrid Solheim" in scene.understood(client, then)


@in_loop
async def test_a_follow_up_is_understood_after_a_restart(scene: Scene) -> None:
    async with scene.server:
        async with scene.online():
            thread = (await scene.answer(await scene.mention(scene.alice, WHO_SHARED))).channel
        async with scene.online() as client:
            then = await scene.answer(await scene.alice.says(FOLLOW_UP, channel=thread))
            assert "Ingrid Solheim" in scene.understood(client, then)


@in_loop
async def test_a_follow_up_is_understood_in_a_thread_that_the_client_does_not_know(scene: Scene) -> None:
    async with scene.server:
        async with scene.online():
            thread = (await scene.answer(await scene.mention(scene.alice, WHO_SHARED))).channel
        thread.announced = False
        async with scene.online() as client:
            then = await scene.answer(await scene.alice.says(FOLLOW_UP, channel=thread))
            assert "Ingrid Solheim" in scene.understood(client, then)
            assert len(scene.server.asked("GET", "/channels/{channel}")) == 1


@in_loop
async def test_a_reply_to_an_answer_is_answered_by_a_reply_and_goes_on_from_it(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        scene.set_mode(client, "reply")
        first = await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        said = await scene.alice.says(FOLLOW_UP, reply_to=first, pinging=False)
        then = await scene.answer(said)
        assert then.reference is said.message
        assert "Ingrid Solheim" in scene.understood(client, then)
        last = await scene.answer(await scene.alice.says("Who did she order?", reply_to=then))
        assert "Ingrid Solheim" in scene.understood(client, last)


@in_loop
async def test_a_mention_beside_other_conversations_does_not_go_on_from_them(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        scene.set_mode(client, "reply")
        await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        other = await scene.answer(await scene.mention(scene.editor, FOLLOW_UP))
        assert scene.understood(client, other) == FOLLOW_UP


@in_loop
async def test_in_other_peoples_threads_a_mention_is_answered_by_a_reply(scene: Scene) -> None:
    async with scene.server, scene.online():
        thread = scene.server.thread(scene.channel, "Ours", scene.alice.user)
        said = await scene.mention(scene.alice, WHO_SHARED, channel=thread)
        answer = await said.answer()
        assert (answer.channel, answer.reference) == (thread, said.message)


@in_loop
async def test_the_mode_of_a_channel_says_how_mentions_are_answered_there(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        scene.set_mode(client, "reply")
        said = await scene.mention(scene.alice, WHO_SHARED)
        assert (await scene.answer(said)).reference is said.message
        scene.set_mode(client, "off")
        unheard = await scene.mention(scene.alice, WHO_SHARED)
        assert SAID_SHARED in (await scene.ask(scene.alice, WHO_SHARED)).content
        scene.set_mode(client, "thread")
        heard = await scene.mention(scene.alice, WHO_SHARED)
        assert (await heard.answer()).channel is heard.message.thread
        assert unheard.message.thread is None


# -- what is left alone


@in_loop
async def test_what_is_not_for_the_bot_is_left_alone(scene: Scene) -> None:
    async with scene.server, scene.online():
        other = scene.server.other_bot("feed", guild=scene.guild)
        thread = (await scene.answer(await scene.mention(scene.alice, WHO_SHARED))).channel
        await other.says(f"{scene.me} {WHO_SHARED}")
        await other.says(WHO_SHARED, channel=thread)
        await scene.alice.says(WHO_SHARED)
        hooked = Message(scene.server.new_id(), scene.channel, other.user, content=f"{scene.me} {WHO_SHARED}")
        hooked.mentions = [scene.server.bot]
        of_a_webhook = told_json(hooked) | {"webhook_id": other.user.id, "author": user_json(scene.alice.user)}
        scene.server.events.tell("MESSAGE_CREATE", of_a_webhook, scene.channel)
        await scene.alice.says("@everyone look at this")
        await scene.alice.says("", channel=thread, files=(Upload("a.png", b"png", "image/png"),))
        before = len(scene.said)
        await scene.answer(await scene.mention(scene.alice, WHO_SHARED))  # the last event: all before were heard
        assert len(scene.said) == before + 1


@in_loop
async def test_a_message_of_a_server_that_the_client_does_not_know_is_no_direct_message(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        await client.wait_until_ready()
        client._connection._guilds.clear()
        await scene.alice.says(WHO_SHARED)
        scene.set_mode(client, "reply")
        said = await scene.mention(scene.alice, WHO_SHARED)
        assert (await scene.answer(said)).reference is said.message
        assert len(scene.said) == 1


@in_loop
async def test_a_message_that_is_edited_or_told_of_again_is_answered_once(scene: Scene) -> None:
    async with scene.server, scene.online():
        said = await scene.mention(scene.alice, WHO_SHARED)
        await scene.answer(said)
        await scene.alice.edits(said.message, f"{scene.me} And now?")
        scene.server.tell_message("MESSAGE_CREATE", said.message)
        await scene.server.gateway.ask_to_reconnect()
        await scene.server.until(lambda: scene.server.gateway.resumes, "the connection that is taken up again")
        await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        assert len(scene.said) == 2


# -- what the bot may not do


@pytest.mark.parametrize(
    "missing", [Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES_IN_THREADS], ids=["open", "write"]
)
@in_loop
async def test_where_no_thread_may_be_opened_or_written_in_the_answer_is_a_reply(
    scene: Scene, missing: Permission
) -> None:
    scene.may_be_refused = True
    async with scene.server, scene.online():
        scene.server.overwrite(scene.channel, scene.server.bot, deny=missing)
        said = await scene.mention(scene.alice, WHO_SHARED)
        answer = await said.answer()
        assert (answer.reference, said.message.thread) == (said.message, None)


@in_loop
async def test_where_nothing_before_may_be_read_the_answer_is_no_reply(scene: Scene) -> None:
    scene.may_be_refused = True
    async with scene.server, scene.online():
        denied = Permission.READ_MESSAGE_HISTORY | Permission.CREATE_PUBLIC_THREADS
        scene.server.overwrite(scene.channel, scene.server.bot, deny=denied)
        answer = await (await scene.mention(scene.alice, WHO_SHARED)).answer()
        assert SAID_SHARED in answer.content
        assert answer.reference is None


@pytest.mark.parametrize("announced", [True, False])
@in_loop
async def test_where_the_bot_may_not_write_it_says_so_in_its_log_and_goes_on(
    scene: Scene, announced: bool, caplog: pytest.LogCaptureFixture
) -> None:
    scene.may_be_refused = True
    async with scene.server, scene.online():
        mute = scene.server.channel(scene.guild, "mute")
        denied = Permission.SEND_MESSAGES | Permission.CREATE_PUBLIC_THREADS
        scene.server.overwrite(mute, scene.server.bot, allow=NONE, deny=denied, announced=announced)
        await scene.mention(scene.alice, WHO_SHARED, channel=mute)
        await scene.server.until(lambda: any(call.params["channel"] == mute.id for call in scene.sent), "the try")
        assert SAID_SHARED in (await (await scene.mention(scene.alice, WHO_SHARED)).answer()).content
    assert [record.getMessage() for record in caplog.records if record.name.startswith("bot")] == [
        "Discord refused something: 403 50013"
    ]


@in_loop
async def test_a_question_that_is_taken_back_meanwhile_does_no_harm(scene: Scene) -> None:
    scene.may_be_refused = True
    async with scene.server, scene.online():
        said = await scene.mention(scene.alice, WHO_SHARED)
        await scene.alice.deletes(said.message)
        assert (await said.answer()).reference is None


@in_loop
async def test_a_bare_mention_is_told_how_to_ask(scene: Scene) -> None:
    async with scene.server, scene.online():
        said = await scene.alice.says(scene.me)
        answer = await said.answer()
        assert (answer.content, answer.reference) == (HOW, said.message)
