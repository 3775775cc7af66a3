"""However long an article, a title or a list is: Discord refuses nothing, and what is shown is never torn.

That Discord has refused nothing holds of every scene, see there.
"""

import pytest

from bot.render.discord import PAGES
from tests.bot.discord.scene import Scene, about
from tests.strict.client import in_loop
from tests.strict.interactions import Interaction
from tests.strict.things import Message

WHO = "Who said that the bridge of Lund was opened?"
SAID = "The mayor said that the bridge of Lund was opened"
LONG = {
    "sentences": f"{SAID} " + "and that the weather was fine on the day of the opening " * 60 + ".",
    "words": f"{SAID} {'a' * 9_000}. {SAID} too {'b' * 5_000}.",
    "emoji": f"{SAID} " + "\U0001f469\u200d\U0001f469\u200d\U0001f467 " * 400 + ".",
    "accents": f"{SAID} o{chr(0x301) * 5_000}.",
    "marks": f"{SAID} " + "* _ ` | ~ [ ] < > # " * 300 + ".",
    "pings": f"{SAID} " + "@everyone " * 400 + ".",
    "many sentences": f"{SAID}. " * 60,
}


async def all_pages(scene: Scene, asked: Interaction) -> list[Message]:
    """The messages of an answer, once the last has come: it alone has buttons."""
    await scene.server.until(lambda: any(page.buttons for page in pages(asked)), "the last page")
    return pages(asked)


def pages(asked: Interaction) -> list[Message]:
    return [*([asked.original] if asked.original else []), *asked.followups]


@pytest.mark.parametrize("kind", LONG)
@in_loop
async def test_an_article_however_it_is_written(scene: Scene, kind: str) -> None:
    [id] = scene.shelve(about(LONG[kind], url="https://lund.test/bridge"))
    async with scene.server, scene.online():
        asked = await scene.alice.slash("ask", {"question": WHO})
        shown = await all_pages(scene, asked)
        assert len(shown) <= PAGES
        assert [bool(page.buttons) for page in shown] == [*[False] * (len(shown) - 1), True]
        button = "Passages" if "Passages" in shown[-1].labels else "Nearest passages"
        pressed = await scene.alice.click(shown[-1], button)
        await pressed.shown()
        said = await scene.alice.says(LONG[kind][:1_900])
        await (await scene.alice.menu("Check against articles", said.message)).shown()
        await scene.shows(scene.alice, "article", {"article": id})
        assert len(pages(pressed)) <= PAGES


@pytest.mark.parametrize("letter", ["x", "[ ", "@everyone ", "\U0001f469\u200d\U0001f467", "\u202e"])
@in_loop
async def test_a_title_a_byline_and_an_address_however_long(scene: Scene, letter: str) -> None:
    title = letter * 1_500
    url = f"https://lund.test/{'y' * 470}"
    ids = scene.shelve(
        *(about(f"{SAID}.", f"{title} {n}", f"/news/{n}.md", byline=title, url=f"{url}{n}") for n in range(10))
    )
    async with scene.server, scene.online():
        answer = await all_pages(scene, await scene.alice.slash("ask", {"question": WHO}))
        assert len(answer) <= PAGES
        await scene.presses(scene.alice, answer[-1], "Passages")
        listed = await scene.shows(scene.alice, "sources")
        await scene.presses(scene.alice, listed, "Older ▶")
        await scene.shows(scene.alice, "article", {"article": ids[0]})
        assert len(await scene.choices(scene.alice, "article", {"article": ""})) == 11
        await scene.shows(scene.editor, "forget", {"article": ids[0]})


@in_loop
async def test_a_long_answer_outside_the_server_takes_no_more_messages_than_discord_allows(scene: Scene) -> None:
    scene.shelve(about(LONG["marks"]), desk="long")
    async with scene.server, scene.online(shared_desks=("long",)):
        carol = scene.server.person("carol")
        asked = await carol.slash("ask", {"question": WHO})
        shown = await all_pages(scene, asked)
        assert asked.owners == {"1": carol.user.id}
        await scene.presses(carol, shown[-1], shown[-1].labels[0])


@in_loop
async def test_a_long_answer_in_a_thread_has_its_buttons_beneath_the_last_message(scene: Scene) -> None:
    scene.shelve(about(LONG["sentences"]))
    async with scene.server, scene.online():
        thread = (await scene.answer(await scene.mention(scene.alice, WHO))).channel
        said = list(scene.server.from_bot(thread))
        assert 1 < len(said) <= PAGES
        assert [bool(page.buttons) for page in said] == [*[False] * (len(said) - 1), True]


@in_loop
async def test_the_longest_question_is_asked_and_its_thread_is_called_by_its_beginning(scene: Scene) -> None:
    question = "Why did the mayor " + "and the council " * 60 + "?"
    async with scene.server, scene.online():
        await scene.ask(scene.alice, question[:1_000])
        answer = await scene.answer(await scene.mention(scene.alice, question[:950]))
        assert answer.channel.name.startswith("Why did the mayor and the council")
        assert answer.channel.name.endswith("…")
