"""Nothing in an article, a question or a name acts: it is shown, and that is all.

That nobody is pinged, nothing unfolds and no markdown but the bot's own is left holds of every scene, see there.
"""

import pytest

from tests.bot.discord.scene import SAID_SHARED, WHO_SHARED, Scene, about, file
from tests.bot.render.markdown import shown as read
from tests.strict.client import in_loop
from tests.strict.things import Message

EVIL = {
    "pings": "@everyone @here <@{user}> <@!{user}> <@&{role}> <#{channel}> </ask:{user}> <t:0> <id:home>",
    "broken pings": "@\u200beveryone @\u2060here <\u200b@{user}> <@\u00ad{user}>",
    "links": "[our page](https://evil.test/a) https://evil.test/b <https://evil.test/c> www.evil.test evil://d",
    "half a link": "](https://evil.test/a) [b",
    "invitations": "discord.gg/evil https://discord.com/invite/evil DISCORDAPP.COM/x",
    "emphasis": "**bold** __under__ *slanted* ~~gone~~ ||hidden|| `code` ```fence``` :smile: <:a:123>",
    "open emphasis": "** __ ` ``` || ~~ \\",
    "unseen": "\u202egnissim\u202c \u2066x\u2069 \u200e\u200f\ufeff a\u0000b \u2028",
    "lines": "one\n# Heading\n> quote\n>>> all\n- item\n* item\n1. first\n-# small\n```\ncode",
}
WHO = "Who said that the bridge of Lund was opened?"


def evil(scene: Scene, kind: str) -> str:
    ids = {"user": scene.alice.user.id, "role": scene.guild.roles[0].id, "channel": scene.channel.id}
    return EVIL[kind].format(**ids)


async def everything_about(scene: Scene, answer: Message) -> list[Message]:
    """All that the bot shows of an answer and its articles."""
    passages = await scene.presses(scene.alice, answer, "Passages")
    [id] = [article.id for article in scene.room.store.articles(f"g{scene.guild.id}")]
    said = await scene.alice.says("The mayor said that the bridge of Lund was opened. The moon is cheese.")
    return [
        answer,
        passages,
        await scene.shows(scene.alice, "sources"),
        await scene.shows(scene.alice, "article", {"article": id}),
        await (await scene.alice.menu("Check against articles", said.message)).shown(),
        await scene.shows(scene.editor, "forget", {"article": id}),
    ]


@pytest.mark.parametrize("kind", EVIL)
@in_loop
async def test_nothing_in_an_article_acts(scene: Scene, kind: str) -> None:
    text = evil(scene, kind)
    sentence = f"The mayor of the town {' '.join(text.split())} said that the bridge of Lund was opened."
    scene.shelve(about(sentence, f"The bridge {text}", byline=f"By {text}", url="https://lund.test/bridge"))
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, WHO)
        assert "said that the bridge of Lund was opened. [1]" in answer.content
        if kind in ("pings", "links", "invitations", "lines", "emphasis"):
            assert sentence in read(answer.content)  # as it was written
        assert all(each.content for each in await everything_about(scene, answer))


@in_loop
async def test_nothing_in_a_question_acts(scene: Scene) -> None:
    async with scene.server, scene.online():
        for kind in EVIL:
            said = await scene.mention(scene.alice, f"{evil(scene, kind)} {WHO_SHARED}")
            answer = await scene.answer(said)
            assert answer.content
            assert 1 <= len(answer.channel.name) <= 100
            checked = await (await scene.alice.menu("Check against articles", said.message)).shown()
            assert "**The articles" in checked.content


@in_loop
async def test_nothing_in_a_name_or_an_address_that_is_typed_acts(scene: Scene) -> None:
    async with scene.server, scene.online():
        for text in (evil(scene, kind) for kind in EVIL):
            await scene.shows(scene.alice, "article", {"article": text[:100]})
            await scene.shows(scene.editor, "desk use", {"name": text[:63]})
            await scene.shows(scene.editor, "desk create", {"name": text[:63]})
            for url in (text, f"http://{text}", f"http://127.0.0.1/{text}"):
                assert (await scene.shows(scene.editor, "ingest", {"url": url})).content.startswith("Not taken: ")
            name = " ".join(text.split())
            assert (await scene.shows(scene.editor, "ingest", {"file": file(f"{name}.exe", "")})).content


@in_loop
async def test_a_link_leads_where_the_store_says_whatever_the_text_says(scene: Scene) -> None:
    text = "[Read it here](https://evil.test) said that the bridge of Lund was opened."
    scene.shelve(about(text, "The bridge](https://evil.test) [x", url="https://lund.test/a)b](https://evil.test)"))
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, WHO)
        assert "](<https://lund.test/a%29b%5D%28https://evil.test%29" in answer.content
        assert "(https://evil" not in answer.content


@in_loop
async def test_who_is_answered_by_a_reply_is_not_pinged(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        scene.set_mode(client, "reply")
        answer = await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        assert SAID_SHARED in answer.content
        assert answer.pings == frozenset()


@in_loop
async def test_every_message_and_every_edit_says_that_nobody_is_to_be_pinged(scene: Scene) -> None:
    async with scene.server, scene.online():
        answer = await scene.ask(scene.alice, WHO_SHARED)
        await scene.presses(scene.alice, answer, "Passages")
        await scene.presses(scene.alice, answer, "👍")
        await scene.shows(scene.alice, "sources")
        await scene.shows(scene.alice, "help")
        await scene.shows(scene.alice, "desk show")
        await scene.answer(await scene.mention(scene.alice, WHO_SHARED))
        bodies = [call.body.get("data", call.body) for call in scene.server.calls if call.method != "PUT" and call.body]
        assert all(body["allowed_mentions"]["parse"] == [] for body in bodies if body.get("content"))
