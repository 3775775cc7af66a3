"""The menus on messages: a question about one, and its sentences held against the articles."""

from tests.bot.discord.scene import OWN, SAID_SHARED, WHO_SHARED, Scene
from tests.strict.client import in_loop

ABOUT, CHECK = "Ask about this", "Check against articles"
CLAIMS = (
    "The captain, Ingrid Solheim, ordered everyone to the lifeboats at 7:40 p.m."
    " The Maritime Safety Board fined Tarn Lines £3 million in 2021 over a similar fire."
    " The moon is made of cheese."
)


@in_loop
async def test_a_question_about_a_message_takes_it_for_what_was_said_before(scene: Scene) -> None:
    async with scene.server, scene.online() as client:
        said = await scene.alice.says("The captain, Ingrid Solheim, ordered everyone to the lifeboats.")
        opened = await scene.alice.menu(ABOUT, said.message)
        assert (await opened.modal())["title"] == ABOUT
        answer = await (
            await scene.alice.submits(opened, {"What do you want to know?": "When did she do that?"})
        ).shown()
        assert answer.ephemeral
        assert answer.labels == ["Passages", "👍", "👎"]
        await scene.server.until(lambda: scene.on_record(answer))
        assert "Ingrid Solheim" in scene.understood(client, answer)


@in_loop
async def test_a_question_about_a_message_without_words_stands_alone(scene: Scene) -> None:
    async with scene.server, scene.online():
        said = await scene.alice.says("")
        opened = await scene.alice.menu(ABOUT, said.message)
        answer = await (await scene.alice.submits(opened, {"What do you want to know?": WHO_SHARED})).shown()
        assert SAID_SHARED in answer.content


@in_loop
async def test_each_sentence_of_a_message_gets_its_verdict_and_the_quotes_that_it_stands_on(scene: Scene) -> None:
    async with scene.server, scene.online():
        said = await scene.editor.says(CLAIMS)
        checked = await (await scene.alice.menu(CHECK, said.message)).shown()
        supported, contradicted, not_found = checked.content.split("\n\n")
        assert supported.startswith("✅ **The articles say so:** The captain, Ingrid Solheim, ordered everyone")
        assert "\nQuote: The captain, Ingrid Solheim, ordered everyone" in supported
        assert contradicted.startswith(
            "❌ **The articles say otherwise:** The Maritime Safety Board fined Tarn Lines £3"
        )
        assert "\nQuote: The Maritime Safety Board fined Tarn Lines £1.2 million in 2021" in contradicted
        assert not_found.startswith("❔ **The articles do not say:** The moon is made of cheese.\nNearest: ")
        assert "[Ferry fire off Tarn](<https://tarn.test/ferry" in supported
        assert checked.ephemeral


@in_loop
async def test_a_message_without_words_cannot_be_checked(scene: Scene) -> None:
    async with scene.server, scene.online():
        said = await scene.alice.says(" ")
        shown = await (await scene.alice.menu(CHECK, said.message)).shown()
        assert shown.content == "There is nothing to check: the text is empty."


@in_loop
async def test_a_message_that_says_too_much_is_not_checked(scene: Scene) -> None:
    async with scene.server, scene.online():
        said = await scene.alice.says("The ferry burned. " * 21)
        shown = await (await scene.alice.menu(CHECK, said.message)).shown()
        assert shown.content == "The text has 21 sentences; check at most 20 at once."


@in_loop
async def test_the_longest_check_takes_few_messages_and_every_sentence_has_its_verdict(scene: Scene) -> None:
    scene.shelve(OWN)
    async with scene.server, scene.online():
        claim = "Nobody can say what the council of the moon thought of the ferry and its {} libraries in 1900. "
        said = await scene.alice.says("".join(claim.format(n) for n in range(100, 120)))
        asked = await scene.alice.menu(CHECK, said.message)
        await asked.shown()
        await scene.server.until(lambda: "nearest passages are left out here" in scene.said[-1].content)
        assert "".join(page.content for page in scene.said).count("❔") == 20
        assert 1 + len(asked.followups) <= 5


@in_loop
async def test_a_persons_own_bot_in_a_server_checks_and_asks_about_messages_too(scene: Scene) -> None:
    async with scene.server, scene.online():
        elsewhere = scene.server.guild("Elsewhere", has_bot=False)
        scene.server.channel(elsewhere)
        carol = scene.server.person("carol", guild=elsewhere)
        said = await carol.says(CLAIMS)
        checked = await (await carol.menu(CHECK, said.message)).shown()
        assert checked.content.startswith("✅")
        opened = await carol.menu(ABOUT, said.message)
        answer = await (await carol.submits(opened, {"What do you want to know?": WHO_SHARED})).shown()
        assert SAID_SHARED in answer.content
        assert checked.ephemeral
        assert answer.ephemeral
