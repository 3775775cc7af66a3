"""Dates of an English text as they are written, and whether two of them are the same day, month or year."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot import calendar
from bot.tense import Tense, tense

SOON = timedelta(days=150)
"""How far from an article's own date a month without a year may lie for its year to be clear: under half a year."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLEAR_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Apr(?:il|\.)?|June|Jun\.|July|Jul\.|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_MONTH = rf"(?P<month>{_CLEAR_MONTH}|March|Mar\.|May)"
_DAY, _YEAR = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?", r"(?P<year>1\d{3}|20\d\d)"
_WEEKDAY = r"(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
_AFTER = (
    r"(?:(?i:in|on|since|until|till|by|from|to|of|before|after|during|this|last|next|early|late|mid|between|and|year)"
    r"[ -]|[(–—])"
)
_ON_DAY = rf"(?:{_WEEKDAY}(?: (?:morning|afternoon|evening|night))?,? (?:the )?)?"
_DATES = tuple(
    re.compile(rf"(?<![\w$£€])(?<!\d[.,])(?<!\w-){form}(?!\w|[,.]\d|[ ]?%|-\w)")
    for form in (
        rf"(?P<at>{_ON_DAY}{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?)",
        rf"(?P<at>{_ON_DAY}{_MONTH} {_DAY}(?:,? {_YEAR})?)",
        r"(?P<at>(?P<year>\d{4})-(?P<number>0[1-9]|1[0-2])-(?P<day>[0-3]\d))",
        rf"(?P<at>{_MONTH}(?: of)?,? {_YEAR})",
        rf"(?P<at>(?P<month>{_CLEAR_MONTH}))",
        rf"{_AFTER}(?P<at>{_MONTH})",
        rf"{_AFTER}(?P<at>{_YEAR})",
        rf"(?P<at>{_WEEKDAY}(?: (?:morning|afternoon|evening|night))?)",
        r"(?P<at>(?i:yesterday|today|tonight|tomorrow|(?:last|next|this) (?:night|week|month|year|summer|winter)))",
    )
)


@dataclass(frozen=True, slots=True)
class Date:
    """A date as far as it was written. One with nothing but its place is relative to a day that is not written.

    ``tense`` is that of the sentence there, None where it is not clear.
    """

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    start: int
    end: int
    tense: Tense | None = None

    @property
    def said(self) -> tuple[int | None, ...]:
        """The year, month and day, each None if it was not written."""
        return (self.year, self.month, self.day)


def dates_of(text: str) -> tuple[Date, ...]:
    """The dates that a text gives, in their order."""
    dates: list[Date] = []
    for form in _DATES:
        for found in form.finditer(text):
            new = _date(found)
            if all(new.end <= date.start or date.end <= new.start for date in dates) and _exists(new):
                dates.append(new)
    return tuple(sorted(dates, key=lambda date: date.start))


def _date(found: re.Match[str]) -> Date:
    said = found.groupdict()
    month, weekday = said.get("month"), said.get("weekday")
    return Date(
        year=int(said["year"]) if said.get("year") else None,
        month=_MONTHS.index(month[:3].lower()) + 1 if month else int(said["number"]) if said.get("number") else None,
        day=int(said["day"]) if said.get("day") else None,
        weekday=_DAYS.index(weekday[:3].lower()) if weekday else None,
        start=found.start("at"),
        end=found.end("at"),
        tense=None if said.get("year") else tense(found.string, *found.span("at")),
    )


def _exists(said: Date) -> bool:
    return said.day is None or calendar.existing(said.year or 2000, said.month or 1, said.day) is not None


def same_date(claimed: Date, written: Date, published: date | None) -> bool | None:
    """Whether a claim's date is that of an article: True, False where both are plain, None where it is not clear.

    What the article leaves out is filled in from the day it was ``published``, but never so as to say False.
    """
    if not (any(claimed.said) or claimed.weekday is not None):
        return None
    filled = _filled(written, published)
    for said, plain, meant in zip(claimed.said, written.said, filled, strict=True):
        if said is not None and said != meant:
            return None if plain is None else False
    if claimed.weekday is None or claimed.day:
        return True
    return None if written.weekday is None else claimed.weekday == written.weekday


def _filled(written: Date, published: date | None) -> tuple[int | None, ...]:
    """The year, month and day that are meant. Where no tense says which, it is the nearest month, a weekday gone by."""
    year, month, day = written.said
    if published is None or year is not None:
        return written.said
    if month is not None:
        ways = [written.tense == "ahead"] if written.tense else [False, True]
        found = [_near(month, day, published, ahead=ahead) for ahead in ways]
        nearest = min((each for each in found if each), key=lambda each: abs(each - published), default=None)
        return (nearest.year if nearest and abs(nearest - published) <= SOON else None, month, day)
    if written.weekday is not None:
        meant = calendar.weekday(written.weekday, published, ahead=written.tense == "ahead").first
        return (meant.year, meant.month, meant.day)
    return written.said


def _near(month: int, day: int | None, published: date, *, ahead: bool) -> date | None:
    """That day, or the middle of the month."""
    if day is None:
        return calendar.month(month, published, ahead=ahead).first.replace(day=15)
    found = calendar.month_day(month, day, published, ahead=ahead)
    return found.first if found else None
