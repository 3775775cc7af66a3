"""What every command, button and message uses: who may do what, the answers, and the record of them."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic
from typing import Literal, NamedTuple

from bot.answer import Answer
from bot.answering import Answering, Grows
from bot.asked import ask
from bot.database import RecordsError
from bot.desks import ChannelRules, Mode
from bot.discord.allowance import Allowance
from bot.discord.authorize import Access, Act, NotAllowedError, WayIn, authorize
from bot.discord.errors import record
from bot.discord.notes import notes
from bot.records import Asker, Logged, Records
from bot.render.discord import answer_pages
from bot.settings import QUOTE, Settings
from bot.turns import Turns
from ingest.store import Store
from ingest.stored import StoredArticle, newest_first

LONGEST = 1000
"""Characters of a question: more is an article, not a question."""


class TooOftenError(NotAllowedError):
    """Somebody, or a server, has asked as much as they may for now."""


class Given(NamedTuple):
    """An answer, the id under which it is logged, and the messages to show it in."""

    id: str
    answer: Answer
    pages: tuple[str, ...]


@dataclass
class Newsroom:
    """The settings, the answers and the records behind one bot."""

    settings: Settings
    answering: Answering
    records: Records
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    answered: int = 0
    people: Allowance = field(init=False)
    guilds: Allowance = field(init=False)

    def __post_init__(self) -> None:
        self.people = Allowance(self.settings.discord_user_rate, monotonic)
        self.guilds = Allowance(self.settings.discord_guild_rate, monotonic)

    async def access(self, way: WayIn, act: Act = "ask") -> Access:
        """What is open to someone who comes this way.

        Raises:
            NotAllowedError: saying why nothing is.
        """
        rules, created = await self.rules(way)
        shared, direct = self.settings.shared_desks, self.settings.discord_direct_messages
        return authorize(way, act, rules, created, shared, direct)

    def count(self, way: WayIn) -> None:
        """Count a question against what a person and a server may ask, and against all that are being answered.

        Raises:
            BusyError: too many are.
            TooOftenError: saying how long to wait.
        """
        for allowance, key, whose in (
            (self.people, way.user, "You have"),
            (self.guilds, way.guild or "", "This server has"),
        ):
            if key and (seconds := allowance.wait(key)):
                raise TooOftenError(f"{whose} asked a lot in the last minute. Ask again in {seconds} s.")
        self.answering.take_on()  # before anything is shown: whoever has to come back can be told so alone
        self.people.take(way.user)
        if way.guild:
            self.guilds.take(way.guild)

    async def answer(self, access: Access, question: str, history: Sequence[dict[str, str]], grows: Grows) -> Answer:
        """A question's answer; ``grows`` hears of it as it grows, where a model writes it.

        Raises:
            CitedeskError: with a sentence for whoever asked.
        """
        if len(question) > LONGEST:
            raise NotAllowedError(f"This question is longer than {LONGEST:,} characters. Ask a shorter one.")
        turns = Turns(ask(question, access.desks), tuple(history))
        answer = await self.answering.answer(turns, None if self.settings.model == QUOTE else grows)
        return answer.model_copy(update={"notes": notes(answer, may_add=access.writes_to is not None)})

    async def keep(self, way: WayIn, answer: Answer) -> Given:
        """A whole answer, logged before anybody sees it.

        Raises:
            RecordsError: it cannot be.
        """
        asker = Asker(way.guild, way.channel or "", way.user)
        id = await asyncio.to_thread(self.records.log, answer, asker, self.now(), self.settings.shaping)
        return Given(id, answer, await asyncio.to_thread(answer_pages, answer))

    async def logged(self, way: WayIn, id: str) -> Logged:
        """An answer that was given, for someone who would read on beneath it.

        Raises:
            NotAllowedError: it was not given here, or stands on what is not read here (any more).
        """
        access = await self.access(way)
        logged = await self._given_here(way, id)
        cited = {citation.article_id for citation in logged.answer.citations}
        desks = await self.answering.use(lambda room: _desks_of(room.store, cited))
        if not set(desks.values()) <= set(access.desks):
            raise NotAllowedError("This answer stands on articles that are not read in this channel any more.")
        if cited - set(desks):
            raise NotAllowedError("An article that this answer stands on has been removed. Ask the question again.")
        return logged

    async def vote(self, way: WayIn, id: str, value: Literal[1, -1], reason: str | None = None) -> None:
        """Count someone's vote on an answer that was given here, once.

        Raises:
            NotAllowedError: it was not.
        """
        await self.access(way)
        logged = await self._given_here(way, id)
        await asyncio.to_thread(self.records.vote, logged.id, way.user, value, self.now(), reason)

    async def _given_here(self, way: WayIn, id: str) -> Logged:
        logged = await asyncio.to_thread(self.records.logged, id)
        if logged is None or not _same_place(logged, way):
            raise NotAllowedError("This answer is no longer on record. Ask the question again.")
        return logged

    async def articles(self, desks: Sequence[str]) -> list[StoredArticle]:
        """The articles on these desks, newest first."""
        found = await self.answering.use(lambda room: [a for desk in desks for a in room.store.articles(desk)])
        return newest_first(found)

    async def rules(self, way: WayIn) -> tuple[ChannelRules, tuple[str, ...]]:
        """What is set for the channel, and the desks that its server has made."""
        return await asyncio.to_thread(self._rules, way)

    async def mode(self, way: WayIn) -> Mode:
        """How mentions are answered in the channel."""
        return (await self.rules(way))[0].mode

    async def shown(self, id: str, messages: Sequence[str], channel: int | None) -> None:
        """Note which messages show an answer: the next question may go on from them.

        ``channel`` is where they stand, None where only the asker sees them: those are never edited.
        """
        self.answered += 1
        try:
            await asyncio.to_thread(self.records.shown, id, messages, str(channel) if channel else None)
        except RecordsError as error:  # the answer stands there all the same
            record(error)

    def _rules(self, way: WayIn) -> tuple[ChannelRules, tuple[str, ...]]:
        if way.guild is None:
            return ChannelRules(), ()
        rules = self.records.rules(way.guild, way.channel) if way.channel else ChannelRules()
        return rules, self.records.desks(way.guild)


def _same_place(logged: Logged, way: WayIn) -> bool:
    """Whether an answer was given in this server or, outside any, to this very person."""
    return logged.asker.guild == way.guild and (way.guild is not None or logged.asker.user == way.user)


def _desks_of(store: Store, ids: set[str]) -> dict[str, str]:
    return {id: article.desk for id, article in store.find(ids).items()}
