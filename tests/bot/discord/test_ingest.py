"""Articles that are put on a server's desk, and taken off it."""

from threading import Event

import pytest

from bot.room import Room
from ingest.load import MAX_BYTES
from ingest.pipeline import Ingested
from tests.bot.discord.scene import OWN, REFUSED, Scene, about
from tests.ingest.network import serving
from tests.strict.client import in_loop
from tests.strict.people import Upload

PACT = Upload("pact.txt", b"Cuba signed a pact.")
WHO_SIGNED = "Who signed a pact?"


@in_loop
async def test_a_file_is_read_at_once_and_by_this_server_alone(scene: Scene) -> None:
    async with scene.server, scene.online():
        _, _, bob = scene.elsewhere()
        shown = await scene.shows(scene.editor, "ingest", {"file": PACT})
        assert (shown.content, shown.ephemeral) == ("Added: Cuba signed a pact.", True)
        assert "Cuba signed a pact. [1]" in (await scene.ask(scene.alice, WHO_SIGNED)).content
        assert (await scene.ask(bob, WHO_SIGNED)).content == REFUSED
        assert [each.desk for each in scene.room.store.articles() if each.source.endswith("/pact.txt")] == [
            f"g{scene.guild.id}"
        ]


NO_ARTICLES = {
    "big.txt: larger than 20 MB. Attach the article alone.": Upload("big.txt", b"x", size=MAX_BYTES + 1),
    "a.exe: cannot be read. Attach one of .txt, .md, .markdown, .html, .htm, .pdf.": Upload("a.exe", b"MZ"),
    "empty.md: empty": Upload("empty.md", b""),
    "blank.txt: ": Upload("blank.txt", b" \n"),
    "false.pdf: ": Upload("false.pdf", b"%PDF-1.7 and no more"),
}


@in_loop
async def test_a_file_that_is_no_article_is_not_taken_and_it_is_said_why(scene: Scene) -> None:
    async with scene.server, scene.online():
        for why, file in NO_ARTICLES.items():
            shown = await scene.shows(scene.editor, "ingest", {"file": file})
            assert shown.content.startswith(f"Not taken: {why}")
        assert scene.room.store.articles(f"g{scene.guild.id}") == []


@in_loop
async def test_a_file_that_discord_does_not_keep_is_not_taken(scene: Scene) -> None:
    with serving() as site:
        async with scene.server, scene.online():
            scene.server.base = f"http://localhost:{site.port}"
            shown = await scene.shows(scene.editor, "ingest", {"file": PACT})
            assert shown.content == "Not taken: pact.txt: is not kept by Discord\\. Attach it here."
    assert site.asked == []


@in_loop
async def test_a_file_that_cannot_be_fetched_is_not_taken(scene: Scene) -> None:
    async with scene.server, scene.online():
        asked = await scene.editor.slash("ingest", {"file": PACT})
        scene.server.files.clear()
        shown = await asked.shown()
        assert shown.content == "Not taken: pact.txt: could not be fetched from Discord\\. Attach it again."


@in_loop
async def test_a_page_of_a_host_that_is_allowed_is_read(scene: Scene) -> None:
    with serving() as site:
        async with scene.server, scene.online(internal_hosts=frozenset({"127.0.0.1"})):
            url = f"http://127.0.0.1:{site.port}/page"
            shown = await scene.shows(scene.editor, "ingest", {"url": url})
            assert shown.content.startswith("Added: ")
            answer = await scene.ask(scene.alice, WHO_SIGNED)
            assert f"](<{url}#:~:text=" in answer.content
            again = await scene.shows(scene.editor, "ingest", {"url": url})
            assert again.content.startswith("Unchanged: ")


NO_PAGES = (
    "http://127.0.0.1:{port}/page",
    "http://[::1]:{port}/page",
    "http://localhost:{port}/page",
    "http://169.254.169.254/latest/meta-data",
    "/etc/passwd",
    "file:///etc/passwd",
    "-",
    ".",
    "ftp://example.org/a",
    "https://[",
)


@in_loop
async def test_what_is_no_page_of_the_public_web_is_neither_read_nor_asked_for(scene: Scene) -> None:
    with serving() as site:
        async with scene.server, scene.online():
            for url in NO_PAGES:
                shown = await scene.shows(scene.editor, "ingest", {"url": url.format(port=site.port)})
                assert shown.content.startswith("Not taken: ")
            assert scene.room.store.articles(f"g{scene.guild.id}") == []
        assert site.asked == []


@in_loop
async def test_a_page_that_fails_does_not_keep_the_file_out(scene: Scene) -> None:
    async with scene.server, scene.online():
        shown = await scene.shows(scene.editor, "ingest", {"url": "/etc/passwd", "file": PACT})
        assert [line.split(":")[0] for line in shown.content.splitlines()] == ["Not taken", "Added"]
        nothing = await scene.shows(scene.editor, "ingest")
        assert nothing.content == "Give an address or a file."


@in_loop
async def test_pages_that_do_not_come_keep_nobody_waiting_who_reads(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    comes = Event()

    def slowly(_: Room, url: str, *__: object) -> list[Ingested]:
        comes.wait(10)
        return [Ingested(url, None, "failed", 0, "late")]

    monkeypatch.setattr(Room, "ingest", slowly)
    async with scene.server, scene.online():
        adding = [await scene.editor.slash("ingest", {"url": "https://a.test"}) for _ in range(8)]
        for each in adding:
            await each.acknowledged()
        assert "Ferry fire" in (await scene.shows(scene.alice, "sources")).content
        comes.set()
        for each in adding:
            assert (await each.shown()).content == "Not taken: late"


# -- taken off


@in_loop
async def test_an_article_that_is_forgotten_is_no_longer_read(scene: Scene) -> None:
    scene.shelve(OWN, about("Cuba signed a pact.", "The pact"))
    async with scene.server, scene.online():
        assert await scene.choices(scene.editor, "forget", {"article": ""}) == [OWN.title, "The pact"]
        shown = await scene.shows(scene.editor, "forget", {"article": "pact"})
        assert (shown.content, shown.ephemeral) == ("Removed: The pact", True)
        assert "Cuba" not in (await scene.ask(scene.alice, WHO_SIGNED)).content
        assert await scene.choices(scene.editor, "forget", {"article": ""}) == [OWN.title]


@in_loop
async def test_the_shared_desk_is_not_the_servers_to_change(scene: Scene) -> None:
    async with scene.server, scene.online():
        assert await scene.choices(scene.editor, "forget", {"article": ""}) == []
        [shared] = scene.room.store.articles("default")
        for typed in (shared.id, "Ferry"):
            refused = await scene.shows(scene.editor, "forget", {"article": typed})
            assert refused.content.startswith("No articles here are called that.")
        assert scene.room.store.articles("default") == [shared]
