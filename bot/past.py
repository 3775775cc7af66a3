"""The record of questions, for those who look back: since when, and an entry as JSON or as lines."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from bot import stale
from bot.database import RecordsError
from bot.jotted import Jotted, hand_over
from bot.records import Asker, Logged, Records
from bot.render import safe
from bot.render.cited import numbered
from bot.render.terminal import heading
from bot.settings import Settings
from bot.stale import Stale
from ingest.errors import CitedeskError

TERMINAL = Asker(None, "terminal", "local")
"""Who asks from the command line: whose account that is, is nobody's business."""

_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


class SinceError(CitedeskError):
    """What was given is no time to look back to."""


def since(text: str, now: datetime) -> datetime:
    """The moment that is meant: ``7d`` (m, h, d, w) before now, or the beginning of a day in UTC, ``2026-03-01``.

    Raises:
        SinceError: it is neither.
    """
    if ago := re.fullmatch(r"(\d{1,4})([mhdw])", text):
        return now - timedelta(**{_UNITS[ago[2]]: int(ago[1])})
    try:
        return datetime.combine(date.fromisoformat(text), time(), UTC)
    except ValueError:
        raise SinceError(f"{text!r} is neither a day, such as 2026-03-01, nor a time ago, such as 7d or 12h.") from None


def take_in(records: Records, settings: Settings) -> None:
    """Put into the records what the command line has jotted down.

    Raises:
        RecordsError: it cannot be read or kept; then it stays where it is.
    """

    def keep(jotted: Jotted) -> None:
        records.log(jotted.answer, TERMINAL, jotted.asked_at, jotted.settings_hash, id=jotted.id)

    try:
        hand_over(settings.home, keep)
    except OSError as error:
        raise RecordsError(f"What was asked in the terminal cannot be read: {error.strerror or error}.") from None


def row(logged: Logged) -> dict[str, Any]:
    """An entry as JSON. The versions that were answered from are those of the answer's citations."""
    return {
        "id": logged.id,
        "asked_at": logged.asked_at.isoformat(),
        **logged.asker._asdict(),
        "settings": logged.settings_hash,
        "votes": logged.votes._asdict(),
        "answer": logged.answer.model_dump(mode="json"),
    }


def lines(logged: Logged, changed: Sequence[Stale] = ()) -> Iterator[str]:
    """An entry to be read, and beneath it what no longer holds of it."""
    answer, votes = logged.answer, logged.votes
    yield f"{logged.asked_at:%Y-%m-%d %H:%M} UTC  {_where(logged.asker)}  {logged.id}"
    yield f"    {safe(answer.question)}"
    yield f"    {safe(answer.text)}"
    for citation in answer.citations if answer.answered else ():
        about = heading(citation.title, citation.byline, citation.published)
        yield f"    [{citation.n}] {about}, {citation.article_id} {citation.version}"
    yield f"    settings {logged.settings_hash}, {votes.up} for, {votes.down} against"
    for each in changed:
        yield f"    {numbered([each.citation.n])} {_said_now(each)}"
        yield f"        - {safe(each.citation.quote)}"
        if each.sentence:
            yield f"        + {safe(each.sentence)}"


def stale_row(logged: Logged, changed: Sequence[Stale]) -> dict[str, Any]:
    """An entry as JSON with what no longer holds of it."""
    return row(logged) | {"stale": [stale.row(each) for each in changed]}


def _said_now(changed: Stale) -> str:
    if changed.current is None:
        return "Its article has been removed:"
    return "Its article has changed:" if changed.now else "Its article says nothing like it any more:"


def _where(asker: Asker) -> str:
    if asker == TERMINAL:
        return "in the terminal"
    where = f"server {asker.guild}, channel {asker.channel}" if asker.guild else "direct message"
    return safe(f"{where}, user {asker.user}")
