"""The tables of the records. Every column of text is as short as what goes into it, and no name of one is SQL's own."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    func,
    select,
)
from sqlalchemy.types import TypeDecorator

SCHEMA = 1
"""The number of these tables. A change to them that an earlier Citedesk cannot work with has the next one."""


class _Moment(TypeDecorator[datetime]):
    """A moment, kept as the UTC that it is: SQLite drops time zones."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: object) -> datetime | None:
        return value and value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: object) -> datetime | None:
        return value and value.replace(tzinfo=UTC)


def _id(name: str, *more: Any, **rest: Any) -> Column[str]:
    return Column(name, String(64), *more, **rest)


def _of_answer(**rest: Any) -> Column[str]:
    return _id("answer_id", ForeignKey("answers.id", ondelete="CASCADE"), **rest)


metadata = MetaData()

schema = Table("citedesk_schema", metadata, Column("number", Integer, primary_key=True, autoincrement=False))

facts = Table("facts", metadata, Column("name", String(64), primary_key=True), Column("value", Text, nullable=False))

channels = Table(
    "channels",
    metadata,
    _id("guild_id", primary_key=True),
    _id("channel_id", primary_key=True),
    Column("desk", String(63)),
    Column("mode", String(16), nullable=False, default="thread"),
)

desks = Table(
    "desks",
    metadata,
    _id("guild_id", primary_key=True),
    Column("name", String(63), primary_key=True),
    _id("made_by", nullable=False),
    Column("made_at", _Moment, nullable=False),
)

watches = Table(
    "watches",
    metadata,
    _id("guild_id", primary_key=True),
    _id("channel_id", primary_key=True),
    Column("feed", String(500), primary_key=True),
    Column("post", Boolean, nullable=False),
    _id("made_by", nullable=False),
    Column("made_at", _Moment, nullable=False),
    Column("known", Text, nullable=False, default=""),  # what the last look left, as `ingest.known` writes it
)

answers = Table(
    "answers",
    metadata,
    _id("id", primary_key=True),
    _id("guild_id"),
    _id("channel_id", nullable=False),
    _id("user_id", nullable=False),
    Column("asked_at", _Moment, nullable=False, index=True),
    Column("settings_hash", String(128), nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("answer", Text, nullable=False),  # the whole of it, as JSON
)

# What the answers cite once more, to find those whose articles have changed since.
citations = Table(
    "citations",
    metadata,
    _of_answer(primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("article_id", String(64), nullable=False),
    Column("version", String(128), nullable=False),
    Column("span_start", Integer, nullable=False),
    Column("span_end", Integer, nullable=False),
    Index("ix_citations_article", "article_id", "version"),
)

messages = Table("messages", metadata, _id("message_id", primary_key=True), _of_answer(nullable=False, index=True))

# Where a message stands that can be edited, and when it was edited because its answer no longer holds.
places = Table(
    "places",
    metadata,
    _id("message_id", ForeignKey("messages.message_id", ondelete="CASCADE"), primary_key=True),
    _id("channel_id", nullable=False),
    Column("told_at", _Moment),
)

votes = Table(
    "votes",
    metadata,
    _of_answer(primary_key=True),
    _id("user_id", primary_key=True),
    Column("value", Integer, CheckConstraint("value IN (1, -1)"), nullable=False),
    Column("reason", Text),
    Column("voted_at", _Moment, nullable=False),
)


def _votes(value: int) -> Any:
    of_answer = votes.c.answer_id == answers.c.id
    return select(func.count()).select_from(votes).where(of_answer, votes.c.value == value).scalar_subquery()


tally = (_votes(1).label("up"), _votes(-1).label("down"))
"""Columns beside those of ``answers``: how many voted for an answer, and how many against it."""
