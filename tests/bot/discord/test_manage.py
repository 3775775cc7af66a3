"""The desks of a server's channels, and who may change what a server has."""

from bot.desks import ChannelRules
from tests.bot.discord.scene import MANAGING, OWN, SAID_OWN, SAID_SHARED, WHO_OWN, WHO_SHARED, Scene, about, file
from tests.strict.client import in_loop


@in_loop
async def test_what_a_channel_reads_is_shown(scene: Scene) -> None:
    async with scene.server, scene.online():
        shown = await scene.shows(scene.editor, "desk show")
        assert shown.content == (
            "Mentions: answered in a thread that I open\n"
            "/ingest adds to: server\n"
            "Desks (▸ read in this channel):\n▸ server\n▸ default"
        )
        assert shown.ephemeral


@in_loop
async def test_a_channel_can_be_narrowed_to_a_desk_and_opened_again(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        made = await scene.shows(scene.editor, "desk create", {"name": " Sport "})
        assert made.content == "Made the desk sport. /desk use has a channel read it."
        assert (await scene.shows(scene.editor, "desk create", {"name": "sport"})).content == "There is such a desk."
        assert await scene.choices(scene.editor, "desk use", {"name": "s"}) == ["server", "sport"]
        used = await scene.shows(scene.editor, "desk use", {"name": "sport"})
        assert used.content == "This channel now reads the desk sport alone."
        await scene.shows(scene.editor, "ingest", {"file": file("cup.txt", "Ann Reed won the cup in Lund.")})
        assert "Ann Reed" in (await scene.ask(scene.alice, "Who won the cup?")).content
        assert SAID_OWN not in (await scene.ask(scene.alice, WHO_OWN)).content
        assert (await scene.shows(scene.editor, "desk show")).content.endswith("· server\n· default\n▸ sport")
        await scene.shows(scene.editor, "desk use", {"name": "all"})
        assert SAID_OWN in (await scene.ask(scene.alice, WHO_OWN)).content
        assert "Ann Reed" not in (await scene.ask(scene.alice, "Who won the cup?")).content


@in_loop
async def test_a_channel_that_reads_a_shared_desk_alone_still_adds_to_the_servers_own(scene: Scene) -> None:
    async with scene.server, scene.online():
        await scene.shows(scene.editor, "desk use", {"name": "default"})
        await scene.shows(scene.editor, "ingest", {"file": file("cup.txt", "Ann Reed won the cup in Lund.")})
        assert "Ann Reed" not in (await scene.ask(scene.alice, "Who won the cup?")).content
        assert len(scene.room.store.articles("default")) == 1


@in_loop
async def test_the_mode_is_set_for_the_channel(scene: Scene) -> None:
    async with scene.server, scene.online():
        set_ = await scene.shows(scene.editor, "desk mode", {"how": "reply"})
        assert set_.content == "Mentions here: answered in a reply."
        said = await scene.mention(scene.alice, WHO_SHARED)
        assert (await said.answer()).reference is said.message
        other = await scene.mention(scene.alice, WHO_SHARED, channel=scene.server.channel(scene.guild, "other"))
        assert (await other.answer()).channel is other.message.thread


@in_loop
async def test_a_name_that_cannot_be_a_desks_is_refused(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        for name in ("server", "all", "default", "g1", "no/slash", "-x", "x" * 63):
            refused = await scene.shows(scene.editor, "desk create", {"name": name})
            assert refused.content.startswith(f"'{name}'")
        assert client.newsroom.records.desks(scene.guild.id) == ()


@in_loop
async def test_more_desks_than_a_message_has_room_for_are_paged_and_offered_in_part(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        for n in range(60):
            records, now = client.newsroom.records, client.newsroom.now()
            records.create_desk(scene.guild.id, f"{n:02}-{'x' * 37}", scene.editor.user.id, now)
        asked = await scene.editor.slash("desk show")
        first, second = await asked.shown(), await asked.followup()
        assert first.content.startswith("Mentions: ")
        assert second.content.endswith(f"· 59-{'x' * 37}")
        assert len(await scene.choices(scene.editor, "desk use", {"name": ""})) == 25
        unknown = await scene.shows(scene.editor, "desk use", {"name": "weather"})
        assert unknown.content.startswith("There is no desk 'weather' here. Choose from: server, 00-xxx")


@in_loop
async def test_a_channel_whose_desk_is_gone_shows_nothing_until_it_is_given_another(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        client.newsroom.records.set_desk(scene.guild.id, scene.channel.id, "wire")
        gone = await scene.ask(scene.alice, WHO_SHARED)
        assert gone.content.startswith("This channel's desk is gone.")
        await scene.shows(scene.editor, "desk use", {"name": "all"})
        assert SAID_SHARED in (await scene.ask(scene.alice, WHO_SHARED)).content


# -- who may


@in_loop
async def test_commands_that_change_something_are_offered_to_managers_alone(scene: Scene) -> None:
    async with scene.server, scene.online():
        for command in MANAGING:
            assert scene.editor.offered(command)
            assert not scene.alice.offered(command)
        assert all(scene.alice.offered(command) for command in ("ask", "help", "sources", "article"))


@in_loop
async def test_who_gets_at_one_nevertheless_changes_nothing(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online() as client:
        for command, options in MANAGING.items():
            shown = await scene.shows(scene.alice, command, options)
            assert (shown.content, shown.ephemeral) == ("This needs the permission Manage Server.", True)
        records = client.newsroom.records
        assert len(scene.room.store.articles(f"g{scene.guild.id}")) == 1
        assert records.desks(scene.guild.id) == ()
        assert records.rules(scene.guild.id, scene.channel.id) == ChannelRules()


@in_loop
async def test_in_direct_messages_nothing_is_managed(scene: Scene) -> None:
    async with scene.server, scene.online():
        alone = scene.server.conversation(scene.editor.user)
        for command, options in MANAGING.items():
            shown = await scene.shows(scene.editor, command, options, channel=alone)
            assert shown.content == "This works only in a server that I am installed to."


@in_loop
async def test_nothing_is_offered_while_typing_to_who_may_not_manage(scene: Scene) -> None:
    scene.shelve(about("Ann Reed won the cup in Lund.", "The cup"))
    async with scene.server, scene.online():
        assert await scene.choices(scene.alice, "forget", {"article": ""}) == []
        assert await scene.choices(scene.alice, "desk use", {"name": ""}) == []
        assert await scene.choices(scene.alice, "article", {"article": "cup"}) == ["The cup"]
