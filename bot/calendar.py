"""Which day, week, month or year the words of news mean, counted from a day: an article's own, or today."""

from datetime import date, timedelta
from typing import Literal, NamedTuple

Unit = Literal["day", "week", "month", "year"]

_COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")

SAFE = range(1605, 9000)
"""Years that can be counted from: since the first newspaper (Strasbourg, 1605), and with room to count on."""


class Stretch(NamedTuple):
    """A day, a week from its Monday, a month or a year of the calendar, by its first day."""

    first: date
    unit: Unit

    @property
    def last(self) -> date:
        return self.moved(1).first - timedelta(days=1)

    @property
    def iso(self) -> str:
        """As ISO 8601 writes it: 2025-10-07, 2025-W41, 2025-10, 2025."""
        forms = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}
        return self.first.strftime(forms[self.unit])

    def moved(self, count: int) -> "Stretch":
        """The one so many units later, or earlier if ``count`` is negative."""
        day = self.first
        if self.unit in ("day", "week"):
            return Stretch(day + timedelta(days=count * (7 if self.unit == "week" else 1)), self.unit)
        months = day.month - 1 + count * (12 if self.unit == "year" else 1)
        return Stretch(date(day.year + months // 12, months % 12 + 1, 1), self.unit)


def around(day: date, unit: Unit) -> Stretch:
    """The day itself, or the week, month or year that it lies in."""
    first = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    return Stretch(first[unit], unit)


def weekday(number: int, near: date, *, ahead: bool) -> Stretch:
    """The latest such weekday (Monday is 0) on or before a day; ``ahead``, the next on or after it."""
    days = (number - near.weekday()) % 7 if ahead else -((near.weekday() - number) % 7)
    return Stretch(near + timedelta(days=days), "day")


def month(number: int, near: date, *, ahead: bool) -> Stretch:
    """The latest such month (January is 1) up to that of a day; ``ahead``, the next from that of the day on."""
    months = (number - near.month) % 12 if ahead else -((near.month - number) % 12)
    return around(near, "month").moved(months)


def month_day(month: int, day: int, near: date, *, ahead: bool, on: int | None = None) -> Stretch | None:
    """The latest such day of the year on or before a day; ``ahead``, the next on or after it.

    ``on`` is the weekday that is named with it. None where that is another, or where the calendar has no such day.
    """
    for years in range(9):  # as many as may lie between two leap days
        found = existing(near.year + (years if ahead else -years), month, day)
        if found and (found >= near if ahead else found <= near):
            return Stretch(found, "day") if on in (None, found.weekday()) else None
    return None


def count(said: str) -> int | None:
    """How many "3", "a" or "three" are, up to twelve in words and 99 in digits; None for anything else."""
    word = said.lower()
    if word.isdecimal():
        return int(word) if len(word) < 3 else None
    return 1 if word in ("a", "an") else _COUNTS.index(word) if word in _COUNTS else None


def existing(year: int, month: int, day: int) -> date | None:
    """That day, if the calendar has it."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
