"""A server with a newsroom on the strict Discord, and the bot in it, over the real chain and a real store."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.answering import Answering
from bot.chain import embedder_of
from bot.desks import Mode
from bot.discord.client import Client
from bot.discord.growing import Sleep
from bot.discord.newsroom import Newsroom
from bot.records import open_records
from bot.room import Opener, Room
from bot.settings import Settings
from ingest.article import Article, article_id, normalise
from ingest.pipeline import shelve
from tests.bot.news import COUNCIL, FERRY
from tests.bot.render.markdown import constructs
from tests.strict.client import online
from tests.strict.people import Person, Said, Upload
from tests.strict.server import Discord
from tests.strict.things import Channel, Guild, Message, Permission
from tests.strict.world import Call

SHARED = Article(normalise(FERRY), "Ferry fire off Tarn", "/news/ferry.md", url="https://tarn.test/ferry")
"""What the shared desk has."""
WHO_SHARED = "Who ordered everyone to the lifeboats?"
SAID_SHARED = "Ingrid Solheim"

OWN = Article(normalise(COUNCIL), "Lakeside to close libraries", "/news/council.md", url="https://lake.test/council")
"""What a server has, where a test puts it on its desk."""
WHO_OWN = "Who proposed the plan to close libraries?"
SAID_OWN = "Whitby"

MANAGING: dict[str, dict[str, Any]] = {
    "ingest": {"url": "https://a.test"},
    "forget": {"article": "Lakeside"},
    "watch add": {"url": "https://a.test/feed"},
    "watch list": {},
    "watch remove": {"url": "https://a.test/feed"},
    "desk show": {},
    "desk use": {"name": "default"},
    "desk create": {"name": "sport"},
    "desk mode": {"how": "off"},
}
"""The commands for who manages a server, with options for each."""

REFUSED = "The articles do not say."
NONSENSE = "What did the Emperor of Mars eat for breakfast in 1731?"

_OURS = {"bold", "link"}  # the bot's own markdown, besides the small print of its notes and the address of a page
_SMALL_PRINT = re.compile(r"(?m)^-# |^Page: <[^<>\s]+>$")


class Scene:
    """A strict Discord with a server, its channel, a member and an editor; `online` is the bot in it.

    The room is shared by all tests. A server's desks are its own all the same, for its id is new in each.
    """

    def __init__(self, room: Room, folder: Path) -> None:
        self.room = room
        self.folder = folder
        self.server = Discord()
        self.guild = self.server.guild()
        self.channel = self.server.channel(self.guild)
        self.alice = self.server.person("alice", guild=self.guild)
        self.editor = self.server.person("editor", guild=self.guild, may=Permission.MANAGE_GUILD)
        self.me = f"<@{self.server.bot.id}>"
        self.sleep: Sleep = asyncio.sleep
        """How the bot waits between two wordings of a message."""
        self._on_record: set[str] = set()
        self.may_be_refused = False
        """Whether the test is about what makes Discord refuse something that the bot sends."""

    @asynccontextmanager
    async def online(self, open_room: Opener | None = None, **settings: Any) -> AsyncIterator[Client]:
        """The bot, connected; afterwards all that it has said is looked through. A second time is a restart.

        People may ask as often as they like unless the settings say otherwise.
        """
        always = {"home": self.folder, "discord_api_url": self.server.url, "discord_user_rate": 0}
        chosen = Settings(**always | settings)
        answering = Answering(open_room or self._shared, chosen.discord_in_flight)
        newsroom = _Newsroom(chosen, answering, open_records(chosen), sleep=self.sleep, noted=self._noted)
        client = Client(newsroom, guild_ready_timeout=0.05)
        async with online(self.server, client):
            yield client
        self._look_through()

    @contextmanager
    def _shared(self) -> Iterator[Room]:
        yield self.room

    def _noted(self, messages: Sequence[str]) -> None:
        self._on_record.update(messages)
        self.server.touch()

    def forget_records(self) -> None:
        """Lose all that the bot has kept."""
        for file in self.folder.glob("records.sqlite3*"):
            file.unlink()

    def shelve(self, *articles: Article, desk: str = "") -> list[str]:
        """Put articles on a desk, by its stored name, or else on the server's own: their ids."""
        name = desk or f"g{self.guild.id}"
        shelve(articles, name, self.room.store, embedder_of(self.room.settings))
        return [article_id(name, article) for article in articles]

    # -- what people do most

    async def ask(self, person: Person, question: str, **how: Any) -> Message:
        """What /ask shows."""
        private = {"private": how.pop("private")} if "private" in how else {}
        return await (await person.slash("ask", {"question": question} | private, **how)).shown()

    async def mention(self, person: Person, question: str, **where: Any) -> Said:
        return await person.says(f"{self.me} {question}", **where)

    async def answer(self, said: Said) -> Message:
        """The answer to a message, once it is on record: a follow-up may come."""
        answer = await said.answer()
        await self.server.until(lambda: self.on_record(answer), f"the record of {answer.content!r}")
        return answer

    def on_record(self, answer: Message) -> bool:
        return answer.id in self._on_record

    async def shows(self, person: Person, command: str, options: dict[str, Any] | None = None, **how: Any) -> Message:
        """What a command shows."""
        return await (await person.slash(command, options, **how)).shown()

    async def presses(self, person: Person, message: Message, button: str, **how: Any) -> Message:
        """What a button shows."""
        return await (await person.click(message, button, **how)).shown()

    async def choices(self, person: Person, command: str, typed: dict[str, str], **how: Any) -> list[str]:
        """The names that are offered for the last of the options that have been typed into."""
        offered = await person.autocomplete(command, typed, [*typed][-1], **how)
        return [choice["name"] for choice in await offered.choices()]

    def set_mode(self, client: Client, mode: Mode) -> None:
        """Have mentions in the channel answered so from now on."""
        client.newsroom.records.set_mode(self.guild.id, self.channel.id, mode)

    def understood(self, client: Client, answer: Message) -> str:
        """The question that an answer was given to, as it stands alone."""
        return client.newsroom.records.logged_by_messages([answer.id])[answer.id].answer.standalone_question

    def elsewhere(self, name: str = "Rivals") -> tuple[Guild, Channel, Person]:
        """Another server with the bot, its channel, and somebody who manages it."""
        guild = self.server.guild(name)
        return guild, self.server.channel(guild), self.server.person("bob", guild=guild, may=Permission.MANAGE_GUILD)

    # -- what must hold of everything that the bot has said

    @property
    def said(self) -> list[Message]:
        """All messages of the bot."""
        return [message for message in self.server.messages.values() if message.author is self.server.bot]

    @property
    def sent(self) -> list[Call]:
        """The messages that it sent otherwise than by answering an interaction, or tried to."""
        return self.server.asked("POST", "/channels/{channel}/messages")

    @property
    def refused(self) -> list[Call]:
        """What Discord has refused."""
        return [call for call in self.server.calls if call.status >= 400]

    def _look_through(self) -> None:
        assert not self.server.unknown
        assert self.may_be_refused or not self.refused, self.refused
        for message in self.said:
            assert not message.pings
            assert not message.previews
            ours = _SMALL_PRINT.sub("", message.content)
            assert {found.kind for found in constructs(ours)} <= _OURS, message.content


@dataclass
class _Newsroom(Newsroom):
    """One that tells when an answer is on record."""

    noted: Callable[[Sequence[str]], None] = lambda _: None

    async def shown(self, id: str, messages: Sequence[str], channel: int | None) -> None:
        await super().shown(id, messages, channel)
        self.noted(messages)


def about(text: str, title: str = "A title", source: str = "/news/a.md", **facts: Any) -> Article:
    """An article of a test's own."""
    return Article(normalise(text), title, source, **facts)


def file(name: str, text: str) -> Upload:
    """A text as a file."""
    return Upload(name, text.encode())
