"""The time that a question is about, as far as it says which articles may tell: "this week", "latest", "as of 2024"."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import cast

from bot.calendar import SAFE, Stretch, Unit, around, count, month
from bot.lexical import words
from bot.render.cited import day
from bot.tense import tense
from bot.written import Date, dates_of
from ingest.stored import StoredArticle

_BACK = {"this": 0, "last": -1}
_LASTING: dict[str, tuple[Unit, int]] = {"day": ("day", 1), "week": ("day", 7), "month": ("month", 1)}
_LASTING |= {"year": ("month", 12)}
_NOW = re.compile(
    r"(?:so far )?\b(?P<day>today|tonight|yesterday|last night)\b"
    r"|(?<!\bthe )(?<!\bhis )(?<!\bher )(?<!\bits )(?<!\btheir )"
    r"\b(?:(?:so far|earlier|later) )?(?P<which>this|last) (?P<of>week|month|year)\b(?! of\b)"
    r"|\b(?:in|over|during|within|for) the (?:last|past) (?:(?P<count>\d{1,2}|[a-z]+) )?"
    r"(?P<unit>day|week|month|year)s?\b(?! of\b)",
    re.I,
)
_NEWEST = re.compile(
    r"\b(?:latest|most recent(?:ly)?|newest|recently|lately|currently|right now|at the moment|so far)\b", re.I
)
_LEADS = re.compile(r"\b(?P<how>in|as of) $", re.I)


@dataclass(frozen=True, slots=True)
class Period:
    """The days of the articles that a question would rather have, from ``first`` to ``last``; None is open.

    ``narrows``: no others are searched, for they were written before there was anything to tell. Otherwise they only
    come first, ``newest_first`` also among themselves: what was in 2014 may be told by an article of 2025.
    ``rest`` is the question without the words that say so, where an article that is of the period need not have them.
    """

    first: date | None = None
    last: date | None = None
    narrows: bool = False
    newest_first: bool = False
    rest: str | None = None

    def order(self, published: date | None) -> tuple[bool, bool, int]:
        """What to sort articles by: those of the period come first, those without a date last."""
        if published is None:
            return True, True, 0
        return False, not self.has(published), -published.toordinal() if self.newest_first else 0

    def has(self, published: date) -> bool:
        """Whether a day lies in it."""
        return (self.first or date.min) <= published <= (self.last or date.max)


def period(question: str, today: date) -> Period | None:
    """The period that a question is about; None where it says nothing of one.

    Only a time as seen from today ("this week", "yesterday", "in the last three months") narrows, and to all that was
    published since it began: of last week an article of this week tells too. Who asks what is so "today" may mean
    nowadays, unless in the past tense, and has the newest first.
    """
    if today.year not in SAFE:
        return None
    newest = _NEWEST.search(question)
    if now := _NOW.search(question):
        begun, rest = _begun(now, today), _without(question, *now.span())
        if begun is None:
            return Period(newest_first=True, rest=rest)
        return Period(begun.first, today, narrows=True, newest_first=newest is not None, rest=rest)
    for said in dates_of(question):
        led = _LEADS.search(question[: said.start])
        if led and not said.day and (meant := _meant(said, today)):
            if led["how"].lower() == "as of":
                return Period(last=meant.last, newest_first=True, rest=_without(question, led.start(), said.end))
            return Period(meant.first, meant.last, newest_first=newest is not None)
    return Period(newest_first=True, rest=_without(question, *newest.span())) if newest else None


def _without(question: str, start: int, end: int) -> str | None:
    """The question without the words at that place, if enough is left to look for."""
    after = question[end:].removeprefix("'s").removeprefix("’s")
    rest = re.sub(r"\s+(?=[\s?.,]|$)", "", question[:start] + after).strip(" ,")
    return rest if len(words(rest)) > 3 else None


def _begun(now: re.Match[str], today: date) -> Stretch | None:
    """The time with whose first day begins what a question looks back on; None where it does not say."""
    if said := (now["day"] or "").lower():
        after = now.string[now.end() :]
        nowadays = said == "today" and not after.startswith(("'s", "’s")) and tense(now.string, *now.span()) != "past"
        return None if nowadays else around(today, "day").moved(-1 if said in ("yesterday", "last night") else 0)
    if now["which"]:
        return around(today, cast("Unit", now["of"].lower())).moved(_BACK[now["which"].lower()])
    unit, times = _LASTING[now["unit"].lower()]
    number = count(now["count"] or "one")
    return around(today, unit).moved(-times * number) if number else None


def _meant(said: Date, today: date) -> Stretch | None:
    """The month or the year that a question names; a month without its year is the latest."""
    if said.month and said.year:
        return around(date(said.year, said.month, 1), "month")
    if said.year:
        return around(date(said.year, 1, 1), "year")
    return month(said.month, today, ahead=False) if said.month else None


def within(wanted: Period, articles: Collection[StoredArticle]) -> tuple[frozenset[str] | None, str | None]:
    """The ids of the articles that may be of a period that narrows, and a line that says so; None where all may be.

    One without a date may be of any time.
    """
    held = [article for article in articles if article.published is None or wanted.has(article.published)]
    if len(held) == len(articles):
        return None, None
    undated = any(article.published is None for article in held)
    searched = f"Only articles of {_days(wanted)}{' and those without a date' if undated else ''} were searched."
    return frozenset(a.id for a in held), searched if held else f"There is no article of {_days(wanted)}."


def _days(wanted: Period) -> str:
    """A period that narrows as it is read: 8 November 2025, 2 to 8 November 2025, 29 October to 8 November 2025."""
    first, last = wanted.first or date.min, wanted.last or date.max
    if first == last:
        return day(last)
    if first.year != last.year:
        return f"{day(first)} to {day(last)}"
    return f"{first.day}{'' if first.month == last.month else f' {first:%B}'} to {day(last)}"
