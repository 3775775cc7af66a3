"""Feeds that a channel watches: whose desk the articles go on, who is told, and who may say so."""

import asyncio
from collections.abc import Iterator
from threading import Event

import pytest

from bot.discord import watching
from bot.records import Watch
from ingest import polite
from tests.bot.discord.scene import Scene
from tests.ingest.newsstand import Served, Stand, item, opened
from tests.strict.client import in_loop
from tests.strict.things import Message

HERE = frozenset({"127.0.0.1"})


@pytest.fixture(autouse=True)
def _looks_are_noticed(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for something looks again after each look at a feed."""
    look = watching.Watching._look_when_due

    async def look_and_say(self: watching.Watching, watch: Watch) -> None:
        await look(self, watch)
        scene.server.touch()

    monkeypatch.setattr(watching.Watching, "_look_when_due", look_and_say)


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    monkeypatch.setattr(polite, "APART", 0.0)
    with opened() as site:
        yield site


def titles(scene: Scene, guild: str) -> list[str]:
    return [article.title for article in scene.room.store.articles(f"g{guild}")]


def told(scene: Scene) -> list[Message]:
    """What the bot has said in the channel unasked."""
    return [each for each in scene.said if each.channel is scene.channel and not each.ephemeral]


@in_loop
async def test_new_articles_go_on_the_servers_desk_and_are_told_once(scene: Scene, stand: Stand) -> None:
    feed = stand.feed(item(stand.page("/1", "Cuba signed a pact.", head="<title>@everyone *signed*</title>")))
    rivals, _, _ = scene.elsewhere()
    async with scene.server:
        async with scene.online(internal_hosts=HERE):
            shown = await scene.shows(scene.editor, "watch add", {"url": feed, "post": True})
            assert shown.content.endswith("— new articles are told here.")
            assert shown.ephemeral
            await scene.server.until(lambda: len(told(scene)) == 1, "the line about the article")
            assert f"](<{stand.address}/1>)" in told(scene)[0].content
            assert titles(scene, scene.guild.id) == ["@everyone *signed*"]
            assert titles(scene, rivals.id) == []
            assert len(scene.room.store.articles("default")) == 1
        stand.taken()
        async with scene.online(internal_hosts=HERE):  # after a restart
            await scene.server.until(lambda: "/feed" in stand.asked, "the next look")
    assert stand.taken() == ["/feed"]
    assert len(told(scene)) == 1


@in_loop
async def test_unless_it_is_asked_for_nothing_is_told(scene: Scene, stand: Stand) -> None:
    feed = stand.feed(item(stand.page("/1", "Cuba signed a pact.")))
    async with scene.server, scene.online(internal_hosts=HERE) as client:
        await scene.shows(scene.editor, "watch add", {"url": feed})
        records = client.newsroom.records
        await scene.server.until(lambda: bool(records.watched()[0].known), "the end of the look")
        assert titles(scene, scene.guild.id) == ["/1"]
        assert told(scene) == []


@in_loop
async def test_the_desk_is_the_one_that_ingest_writes_to_in_the_channel(scene: Scene, stand: Stand) -> None:
    feed = stand.feed(item(stand.page("/1", "Cuba signed a pact.")))
    async with scene.server, scene.online(internal_hosts=HERE) as client:
        await scene.shows(scene.editor, "desk create", {"name": "sport"})
        await scene.shows(scene.editor, "desk use", {"name": "sport"})
        await scene.shows(scene.editor, "watch add", {"url": feed})
        await scene.server.until(lambda: bool(client.newsroom.records.watched()[0].known), "the end of the look")
        assert titles(scene, f"{scene.guild.id}.sport") == ["/1"]
        assert titles(scene, scene.guild.id) == []


@in_loop
async def test_only_the_public_web_is_looked_at(scene: Scene, stand: Stand) -> None:
    feed = stand.feed(item(stand.page("/1", "Secret.")))
    async with scene.server, scene.online() as client:
        await scene.shows(scene.editor, "watch add", {"url": feed})
        await scene.server.until(lambda: bool(client.newsroom.records.watched()[0].known), "the end of the look")
        listed = await scene.shows(scene.editor, "watch list")
        assert listed.content.endswith("— failed 1 times in a row")
    assert stand.asked == []
    assert titles(scene, scene.guild.id) == []


@in_loop
async def test_a_channel_lists_and_removes_its_own_feeds_alone(scene: Scene, stand: Stand) -> None:
    stand.paths["/feed"] = stand.paths["/other"] = Served(410)
    async with scene.server, scene.online(internal_hosts=HERE) as client:
        _, channel, bob = scene.elsewhere()
        await scene.shows(scene.editor, "watch add", {"url": f"{stand.address}/feed"})
        for person in (bob, scene.editor):
            where = {"channel": channel} if person is bob else {"channel": scene.server.channel(scene.guild, "other")}
            assert (await scene.shows(person, "watch list", **where)).content == "No feed is watched here."
            assert await scene.choices(person, "watch remove", {"url": ""}, **where) == []
            refused = await scene.shows(person, "watch remove", {"url": f"{stand.address}/feed"}, **where)
            assert refused.content.startswith("This channel watches no such feed.")
        assert await scene.choices(scene.editor, "watch remove", {"url": "FEED"}) == [f"{stand.address}/feed"]
        removed = await scene.shows(scene.editor, "watch remove", {"url": f"{stand.address}/feed"})
        assert removed.content.startswith("Watched no more: ")
        assert client.newsroom.records.watched() == ()


@in_loop
async def test_what_is_no_address_and_one_feed_too_many_are_refused(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        client.get_guild = lambda _: None  # type: ignore[method-assign] # it looks at none of them
        refused = await scene.shows(scene.editor, "watch add", {"url": "file:///etc/passwd"})
        assert refused.content.startswith("Give the address of a feed")
        for n in range(watching.MOST):
            watch = Watch(scene.guild.id, scene.channel.id, f"https://x.test/{n}", False)
            client.newsroom.records.watch(watch, "1", client.newsroom.now())
        refused = await scene.shows(scene.editor, "watch add", {"url": "https://x.test/more"})
        assert refused.content.startswith("This server watches 20 feeds, as many as it may.")
        again = await scene.shows(scene.editor, "watch add", {"url": "https://x.test/1", "post": True})
        assert again.content.startswith("Watching ")


@in_loop
async def test_when_the_bot_stops_no_look_keeps_it(scene: Scene, stand: Stand) -> None:
    loop, go_on = asyncio.get_running_loop(), Event()

    def hang(path: str) -> None:
        loop.call_soon_threadsafe(scene.server.touch)
        go_on.wait(20)

    stand.before = hang
    try:
        async with scene.server, scene.online(internal_hosts=HERE):
            await scene.shows(scene.editor, "watch add", {"url": stand.feed()})
            await scene.server.until(lambda: stand.asked == ["/feed"], "the look")
    finally:
        assert not go_on.is_set()
        go_on.set()
