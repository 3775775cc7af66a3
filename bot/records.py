"""What was asked, answered and voted, and which channel reads which desk.

Every change is one committed transaction, so that a crash loses at most the answer in flight. Ids of guilds, channels,
messages and people are texts of any kind: nothing here knows where they come from.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from pydantic import ValidationError
from sqlalchemy import Row, delete, insert, select, update

from bot.answer import Answer
from bot.database import PATIENCE, Database, RecordsError, add, open_database, put
from bot.desks import ChannelRules, Mode
from bot.settings import Settings
from bot.tables import answers, channels, citations, desks, facts, messages, places, tally, votes, watches


class Asker(NamedTuple):
    """Who asked, and where. ``guild`` is None in a direct message."""

    guild: str | None
    channel: str
    user: str


class Votes(NamedTuple):
    """How many people found an answer good, and how many did not."""

    up: int
    down: int


class Watch(NamedTuple):
    """A feed that a channel watches, and whether it is told of what is new; ``known`` is what the last look left."""

    guild: str
    channel: str
    feed: str
    post: bool
    known: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """An answer as it was kept. ``asked_at`` is in UTC."""

    id: str
    answer: Answer
    asker: Asker
    asked_at: datetime
    votes: Votes
    settings_hash: str


class Shown(NamedTuple):
    """An answer, who asked for it, and the messages that show it, the first page first, in their channel."""

    answer: Answer
    asker: Asker
    channel: str
    messages: tuple[str, ...]


def open_records(
    settings: Settings, *, new_id: Callable[[], str] = lambda: secrets.token_hex(8), patience: float = PATIENCE
) -> "Records":
    """The records that the settings name, made if they are not there; close them, or use them in a ``with``.

    Args:
        settings: they name the data folder or the database.
        new_id: makes the ids of answers; nobody must be able to guess one.
        patience: seconds to wait for others that write.

    Raises:
        SettingsError: when the URL is for an unknown database, or for one that needs a package that is not installed.
        RecordsError: when they cannot be opened, or a later version of Citedesk made them.
    """
    return Records(open_database(settings, patience), new_id)


class Records(AbstractContextManager["Records"]):
    """The records. Threads may share them; whatever fails there is a `RecordsError`."""

    def __init__(self, database: Database, new_id: Callable[[], str]) -> None:
        self._database = database
        self._new_id = new_id

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    # -- channels and desks

    def rules(self, guild: str, channel: str) -> ChannelRules:
        """What is set for a channel."""
        rows = self._rows(select(channels.c.desk, channels.c.mode).filter_by(guild_id=guild, channel_id=channel))
        return ChannelRules(*rows[0]) if rows else ChannelRules()

    def set_desk(self, guild: str, channel: str, desk: str | None) -> None:
        """Narrow a channel to one desk, by its stored name; None lets it read all that it may."""
        self._put(channels, {"guild_id": guild, "channel_id": channel}, desk=desk)

    def set_mode(self, guild: str, channel: str, mode: Mode) -> None:
        self._put(channels, {"guild_id": guild, "channel_id": channel}, mode=mode)

    def desks(self, guild: str) -> tuple[str, ...]:
        """The short names of the desks that were made in a guild."""
        return tuple(row.name for row in self._rows(select(desks).filter_by(guild_id=guild).order_by(desks.c.name)))

    def create_desk(self, guild: str, name: str, by: str, now: datetime) -> bool:
        """Make a desk in a guild, by its short name. False if it was there."""
        with self._database.writing() as connection:
            return add(connection, desks, guild_id=guild, name=name, made_by=by, made_at=now)

    # -- feeds

    def watch(self, watch: Watch, by: str, now: datetime) -> bool:
        """Have a channel watch a feed. False if it did; then only whether it is told of what is new may change."""
        key = {"guild_id": watch.guild, "channel_id": watch.channel, "feed": watch.feed}
        with self._database.writing() as connection:
            new = add(connection, watches, **key, post=watch.post, made_by=by, made_at=now)
            if not new:
                connection.execute(update(watches).filter_by(**key).values(post=watch.post))
        return new

    def watched(self, **where: str) -> tuple[Watch, ...]:
        """What is watched, everywhere or, by ``guild_id`` and ``channel_id``, in one place; the oldest first."""
        columns = (watches.c.guild_id, watches.c.channel_id, watches.c.feed, watches.c.post, watches.c.known)
        rows = self._rows(select(*columns).filter_by(**where).order_by(watches.c.made_at))
        return tuple(map(Watch._make, rows))

    def unwatch(self, guild: str, channel: str, feed: str) -> bool:
        """Have a channel watch a feed no more. False if it did not."""
        gone = delete(watches).filter_by(guild_id=guild, channel_id=channel, feed=feed)
        with self._database.writing() as connection:
            return bool(connection.execute(gone).rowcount)

    def looked(self, watch: Watch, known: str) -> None:
        """Keep what a look at a feed has left, if it is still watched."""
        of = update(watches).filter_by(guild_id=watch.guild, channel_id=watch.channel, feed=watch.feed)
        with self._database.writing() as connection:
            connection.execute(of.values(known=known))

    # -- answers and votes

    def log(self, answer: Answer, asker: Asker, now: datetime, settings_hash: str, id: str | None = None) -> str:
        """Keep an answer, before it is shown. ``settings_hash`` stands for the settings that it was made with.

        One that has an ``id`` already and is there already stays as it is.

        Returns:
            The id that it is kept under.
        """
        row = {
            "id": id or self._new_id(),
            "guild_id": asker.guild,
            "channel_id": asker.channel,
            "user_id": asker.user,
            "asked_at": now,
            "settings_hash": settings_hash,
            "answered": answer.answered,
            "answer": answer.model_dump_json(),
        }
        cited = [
            {
                "answer_id": row["id"],
                "n": citation.n,
                "article_id": citation.article_id,
                "version": citation.version,
                "span_start": citation.start,
                "span_end": citation.end,
            }
            for citation in answer.citations
        ]
        with self._database.writing() as connection:
            if add(connection, answers, **row) and cited:
                connection.execute(insert(citations), cited)
        return str(row["id"])

    def shown(self, id: str, message_ids: Iterable[str], channel: str | None = None) -> None:
        """Remember which messages show an answer, and in which channel; None where they cannot be edited later.

        Raises:
            RecordsError: when it is not in the records.
        """
        with self._database.writing() as connection:
            for message_id in message_ids:
                put(connection, messages, {"message_id": message_id}, answer_id=id)
                if channel:
                    put(connection, places, {"message_id": message_id}, channel_id=channel)

    def logged(self, id: str) -> Logged | None:
        """The answer of that id."""
        rows = self._rows(select(answers, *tally).where(answers.c.id == id))
        return _logged(rows[0]) if rows else None

    def past(self, since: datetime | None = None) -> Iterator[Logged]:
        """The answers that were given since then, or ever, the newest first."""
        kept = select(answers, *tally).order_by(answers.c.asked_at.desc(), answers.c.id)
        if since:
            kept = kept.where(answers.c.asked_at >= since)
        with self._database.reading() as connection:
            yield from map(_logged, connection.execution_options(yield_per=100).execute(kept))

    def logged_by_messages(self, message_ids: Collection[str]) -> dict[str, Logged]:
        """The answers that messages show, by the ids of the messages; those that show none are left out."""
        shown = select(messages.c.message_id, answers, *tally).join_from(messages, answers)
        rows = self._rows(shown.where(messages.c.message_id.in_(message_ids)))
        return {row.message_id: _logged(row) for row in rows}

    # -- answers that may not hold any more

    def cited(self, since: datetime) -> set[tuple[str, str]]:
        """The articles, each with its version, that answers since then cite whose messages may be edited."""
        found = select(citations.c.article_id, citations.c.version).distinct().join_from(citations, answers)
        found = found.join(messages, messages.c.answer_id == answers.c.id).join(places)
        return {(row.article_id, row.version) for row in self._rows(found.where(*_untold(since)))}

    def shown_citing(self, article_ids: Collection[str], since: datetime) -> list[Shown]:
        """The answers since then that cite one of the articles, in messages that may be edited, the newest first."""
        citing = select(citations.c.answer_id).where(citations.c.article_id.in_(article_ids))
        found = select(places.c.message_id, places.c.channel_id.label("place"), answers, *tally)
        found = found.join_from(places, messages).join(answers, messages.c.answer_id == answers.c.id)
        found = found.where(*_untold(since), answers.c.id.in_(citing)).order_by(answers.c.asked_at.desc())
        shown: dict[str, Shown] = {}
        for row in self._rows(found):
            before = shown[row.id].messages if row.id in shown else ()
            pages = tuple(sorted((*before, row.message_id), key=lambda id: (len(id), id)))  # as they were sent
            logged = _logged(row)
            shown[row.id] = Shown(logged.answer, logged.asker, row.place, pages)
        return [*shown.values()]

    def tell(self, message_ids: Collection[str], now: datetime) -> bool:
        """Note that these messages are now edited. False if another has done so."""
        untold = update(places).where(places.c.message_id.in_(message_ids), places.c.told_at.is_(None))
        with self._database.writing() as connection:
            return connection.execute(untold.values(told_at=now)).rowcount > 0

    def vote(self, id: str, user: str, value: Literal[1, -1], now: datetime, reason: str | None = None) -> Votes:
        """Count a person's vote for an answer (1) or against it (-1) in place of the one before.

        The same vote again changes nothing, except that it may bring the reason.

        Returns:
            The votes that the answer has now.

        Raises:
            RecordsError: when the answer is not in the records.
        """
        key = {"answer_id": id, "user_id": user}
        with self._database.writing() as connection:
            if connection.scalar(select(votes.c.value).filter_by(**key)) != value:
                put(connection, votes, key, value=value, reason=reason, voted_at=now)
            elif reason is not None:
                connection.execute(update(votes).filter_by(**key).values(reason=reason))
            return Votes(*connection.execute(select(*tally).where(answers.c.id == id)).one())

    # -- facts

    def kept(self, key: str) -> str | None:
        """What was last kept under a name."""
        rows = self._rows(select(facts.c.value).filter_by(name=key))
        return rows[0].value if rows else None

    def keep(self, key: str, value: str) -> None:
        """Keep a small fact from one start to the next."""
        self._put(facts, {"name": key}, value=value)

    def _rows(self, query: Any) -> list[Row[Any]]:
        with self._database.reading() as connection:
            return list(connection.execute(query))

    def _put(self, table: Any, key: dict[str, str], **values: Any) -> None:
        with self._database.writing() as connection:
            put(connection, table, key, **values)


def _untold(since: datetime) -> tuple[Any, ...]:
    return (answers.c.asked_at >= since, answers.c.answered, places.c.told_at.is_(None))


def _logged(row: Row[Any]) -> Logged:
    try:
        answer = Answer.model_validate_json(row.answer)
    except ValidationError:
        raise RecordsError("That answer was kept by another version of Citedesk, and cannot be shown again.") from None
    asker = Asker(row.guild_id, row.channel_id, row.user_id)
    return Logged(row.id, answer, asker, row.asked_at, Votes(row.up, row.down), row.settings_hash)
