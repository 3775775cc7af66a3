"""The articles that are read in a place: listed, paged, shown one by one, offered while someone types."""

import threading
from datetime import date
from itertools import pairwise
from typing import Any

import pytest

from bot.discord import buttons
from bot.render.discord import source_pages
from tests.bot.discord.scene import OWN, Scene, about
from tests.strict.client import in_loop
from tests.strict.things import Message

SHARED_LINE = "[Ferry fire off Tarn](<https://tarn.test/ferry>) — tarn.test"


def many(scene: Scene, count: int) -> None:
    """Put so many articles on the server's desk, each a day younger than the one before."""
    scene.shelve(
        *(
            about(f"Report {n} is out.", f"Report {n:02}", f"/news/{n}.md", published=date(2025, 1, 1 + n))
            for n in range(count)
        )
    )


@in_loop
async def test_the_articles_of_all_desks_are_listed_newest_first_with_date_and_link(scene: Scene) -> None:
    scene.shelve(about("It was signed.", "The pact", published=date(2025, 10, 8), url="https://x.test/pact"))
    async with scene.server, scene.online():
        shown = await scene.shows(scene.alice, "sources")
        assert shown.content == f"8 October 2025 · [The pact](<https://x.test/pact>) — x.test\n{SHARED_LINE}"
        assert (shown.labels, shown.ephemeral) == ([], True)


@in_loop
async def test_a_desk_without_articles_says_so(scene: Scene) -> None:
    async with scene.server, scene.online(shared_desks=()):
        assert (await scene.shows(scene.alice, "sources")).content == "There are no articles here yet."


@in_loop
async def test_the_pages_are_laid_out_beside_the_event_loop_for_there_may_be_thousands(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def noted(*articles: Any) -> tuple[str, ...]:
        threads.append(threading.current_thread())
        return source_pages(*articles)

    monkeypatch.setattr(buttons, "source_pages", noted)
    async with scene.server, scene.online():
        assert (await scene.shows(scene.alice, "sources")).content == SHARED_LINE
    assert threading.main_thread() not in threads
    assert len(threads) == 1


@in_loop
async def test_many_articles_are_paged_and_the_pages_turn_both_ways_also_after_a_restart(scene: Scene) -> None:
    many(scene, 20)
    async with scene.server:
        async with scene.online():
            listed = await scene.shows(scene.alice, "sources")
            first = listed.content
            assert first.startswith("20 January 2025 · Report 19\n")
            assert enabled(listed) == ["Older ▶"]
            second = (await scene.presses(scene.alice, listed, "Older ▶")).content
            assert enabled(listed) == ["◀ Newer", "Older ▶"]
        async with scene.online():
            third = (await scene.presses(scene.alice, listed, "Older ▶")).content
            assert enabled(listed) == ["◀ Newer"]
            assert (await scene.presses(scene.alice, listed, "◀ Newer")).content == second
        lines = [line for page in (first, second, third) for line in page.splitlines()]
        assert len(lines) == 21
        assert all(newer > older for newer, older in pairwise(line[-2:] for line in lines[:20]))


@in_loop
async def test_a_page_that_is_no_longer_there_is_the_last_one(scene: Scene) -> None:
    many(scene, 10)
    async with scene.server, scene.online():
        listed = await scene.shows(scene.alice, "sources")
        for article in scene.room.store.articles(f"g{scene.guild.id}"):
            scene.room.store.remove(article)
        assert (await scene.presses(scene.alice, listed, "Older ▶")).content == SHARED_LINE
        assert listed.labels == []


@in_loop
async def test_all_that_is_known_of_an_article_is_shown_to_who_asks(scene: Scene) -> None:
    [id] = scene.shelve(OWN)
    async with scene.server, scene.online():
        shown = await scene.shows(scene.alice, "article", {"article": id})
        lines = shown.content.splitlines()
        assert lines[0] == "**Lakeside to close libraries**"
        assert "Page: <https://lake.test/council>" in lines
        assert shown.ephemeral
        assert (await scene.shows(scene.alice, "article", {"article": "lakeside"})).content == shown.content


@in_loop
async def test_a_name_that_fits_no_article_or_several_is_not_guessed_at(scene: Scene) -> None:
    many(scene, 2)
    async with scene.server, scene.online():
        none = await scene.shows(scene.alice, "article", {"article": "Gazette"})
        assert none.content == "No articles here are called that. Choose one that is offered."
        two = await scene.shows(scene.alice, "article", {"article": "Report"})
        assert two.content == "2 articles here are called that. Choose one that is offered."


@in_loop
async def test_titles_are_offered_by_any_words_in_them_and_at_most_25(scene: Scene) -> None:
    many(scene, 26)
    scene.shelve(about("It was signed.", "The " + "very " * 40 + "long pact", "/news/long.md"))
    async with scene.server, scene.online():
        assert len(await scene.choices(scene.alice, "article", {"article": ""})) == 25
        assert await scene.choices(scene.alice, "article", {"article": "25 REP"}) == ["Report 25"]
        [long] = await scene.choices(scene.alice, "article", {"article": "pact"})
        assert len(long) <= 100
        assert await scene.choices(scene.alice, "article", {"article": "Gazette"}) == []


def enabled(message: Message) -> list[str]:
    return [button["label"] for button in message.buttons if not button.get("disabled")]
