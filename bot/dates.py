"""When: the times that a quote names as seen from its article's day, "on Tuesday", "last year", as what they are.

The rules are those of news. In the past tense a weekday, a month, or a day of a month is the latest one up to the
article's day; of what is to come it is the next one. What could be another time is left alone: a habit ("on Fridays"),
a name ("the Sunday Times"), what is counted from some other time ("the following Tuesday", "three weeks earlier").
dateparser is not asked: it knows neither tense nor habits nor names, and takes half a second to come up.
"""

import re
from datetime import date
from typing import NamedTuple, cast

from bot.answer import Dated
from bot.calendar import SAFE, Stretch, Unit, around, count, existing, month, month_day, weekday
from bot.written import Date, dates_of
from ingest.article import Span
from ingest.sentences import sentences

_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|Mar|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_JOINED = r"(?: ?[-–/,] ?| (?:to|through|until|and|or) )"

LONGEST = 2_000
"""Characters of a sentence that is read, and of what is read around a quote: no sentence of news is as long."""

# -- what stands before and after a month or a weekday and makes it no time, or not one that can be told

_NO_TIME_AFTER = re.compile(
    rf"{_JOINED}(?:\d{{1,2}} )?{_MONTH}(?:(?:{_JOINED}|,| )(?:\d{{1,2}}|{_MONTH}))*,? (?:of )?[12]\d{{3}}\b"
    rf"|{_JOINED}\d{{1,2}}(?:st|nd|rd|th)?,? [12]\d{{3}}\b"
    r"|[’']?s?,? (?:of )?the (?:same|previous|following)\b|\.com\b|(?: of| in) [12]\d{3}\b| before last\b"
)
_NO_TIME_BEFORE = re.compile(
    r"\b(?:every|each|an?|any|one|most|some|that|previous|following|same|first|second|third|fourth|alternate"
    r"|[Tt]he last|Black|Good|Bloody|Super|Ash|Cyber|Giving|Fat|Shrove|Palm|Easter|Holy|Maundy|Whit|Ruby|Blue|Happy"
    rf"|Sheffield) $|\b(?:Mail|Independent|Scotland|Wales) on $|{_WEEKDAY}(?: ?[-–] ?| to | through )$"
)
_NO_DAY_AFTER = re.compile(
    r" (?:Times|Telegraph|Mirror|Express|Mail|People|Post|World|Star|Herald|Tribune|Night|Magazine|Mosque|Club)\b"
    rf"| (?:prayers?|services?|sermons?|night live)\b|(?: ?[-–] ?| to | through ){_WEEKDAY}"
)
_LEADS_A_MONTH = re.compile(
    r"(?:\b(?i:in|since|until|till|by|from|to|of|before|after|during|this|last|next|early|late|mid|between|and|or|for"
    r"|the|its|their|his|her)|[’']s)[ -]$"
)
_OWNED = re.compile(r"(?:\b(?:the|its|their|his|her)|[’']s) $", re.I)
_NAMED_DAY = re.compile(r"(?:[’']s)? (?:terror(?:ist)? )?(?:attacks?|assault|massacre|riots?|insurrection|committee)\b")
_PERSON_MAY = re.compile(r"\b(?:[A-Z][a-z]+|Mrs|Ms|Mr|Dr)\.? May\b(?! \d)")
_NO_PERSON = re.compile(r"\b(?i:in|since|during|this|last|next|early|late|mid)[ -]$")
_YEAR = re.compile(r"(?<![\w,.$£€])(?:1[5-9]|20)\d\d(?![\w%]|,\d)")

# -- what says which one it is

_WHICH = re.compile(r"\b(?:(?P<on>on|in) |(?P<which>this(?: (?:past|coming))?|last|next|the coming|coming) )$", re.I)
_OF = re.compile(r"(?:,| of)? (?P<which>this|last|next) (?P<unit>week|year)\b(?![’']s)")
_COUNT = {"last": -1, "this": 0, "next": 1}

_RELATIVE = re.compile(
    r"""\b(?:
      (?P<day>the\ day\ before\ yesterday|the\ day\ after\ tomorrow
        |(?:(?:early|earlier|late|later)\ )?(?:yesterday|today|tomorrow)(?:\ (?:morning|afternoon|evening|night))?
        |tonight|last\ night|this\ (?:morning|afternoon|evening))
      | (?:(?:earlier|later|early|late)\ )?(?P<which>this|last|next)\ (?P<unit>week|month|year)
      | (?P<count>\d{1,2}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)
        \ (?P<ago>day|week|month|year)s?\ (?:ago|(?P<hence>from\ now))
      | the\ (?:(?P<beside>previous|preceding|following)\ year|year\ (?P<next_to>before|after)(?=[,.;:)]|$))
    )\b""",
    re.VERBOSE | re.IGNORECASE,
)
_DAYS = {"day before yesterday": -2, "day after tomorrow": 2, "yesterday": -1, "last night": -1, "tomorrow": 1}
_NOT_OURS = re.compile(r"(?:\b(?:the|his|her|its|their|my|our|your|same|USA|ago)|[’']s) $", re.I)
_NO_UNIT_AFTER = re.compile(
    r"-| last (?:week|month|year)\b|[’']s (?:world|societ|generation|youth|leaders|children|standards)"
)
_HEDGED = re.compile(
    r"\b(?:about|around|some|nearly|almost|over|under|roughly|approximately|half|than|least|most|to|or|and) $", re.I
)
_YEAR_MOVES = re.compile(
    r"\b(?:last|next|previous|following) year\b|\byears? (?:ago|earlier|before|later|after)\b", re.I
)


class _Place(NamedTuple):
    """A sentence, the one before it in its paragraph, whether May is somebody's name there, and the article's day."""

    sentence: str
    before: str
    names_may: bool
    published: date

    @property
    def is_of_another_year(self) -> bool:
        """Whether a month here may be of another year than that which lies nearest."""
        years = {int(found[0]) for found in _YEAR.finditer(f"{self.before} {self.sentence}")}
        return bool(years - {self.published.year} or _YEAR_MOVES.search(self.sentence))


class _Found(NamedTuple):
    """Where in a sentence a time is named, and which it is."""

    start: int
    end: int
    meant: Stretch


def resolve(text: str, span: Span, published: date | None) -> tuple[Dated, ...]:
    """The relative times that a quote names, in order, each as what it is.

    Args:
        text: the article's text.
        span: the quote in it.
        published: the article's day; without one nothing can be told.

    Returns:
        Each with its place in ``text``. What cannot be told for sure is left out, and so is a date with its year.
    """
    if published is None or published.year not in SAFE:
        return ()
    dated: list[Dated] = []
    near = text[max(span.start - LONGEST, 0) : span.end + LONGEST]
    names_may = _PERSON_MAY.search(near) is not None
    before = near[: min(span.start, LONGEST)].rpartition("\n")[2]
    before = before[before.rfind(". ", 0, max(len(before) - 2, 0)) + 1 :]
    for each in sentences(span.of(text)):
        start = span.start + each.start
        sentence = each.of(span.of(text))
        for found in _found(_Place(sentence, before, names_may, published)) if len(sentence) <= LONGEST else ():
            said = Span(start + found.start, start + found.end)
            dated.append(
                Dated(
                    start=said.start,
                    end=said.end,
                    text=said.of(text),
                    date=found.meant.iso,
                    precision=found.meant.unit,
                )
            )
        before = sentence if "\n\n" not in text[start : start + len(sentence) + 2] else ""
    return tuple(dated)


def _found(place: _Place) -> list[_Found]:
    named = [_named(said, place) for said in dates_of(place.sentence)]
    counted = [_counted(match, place) for match in _RELATIVE.finditer(place.sentence)]
    apart: list[_Found] = []
    for each in sorted(filter(None, [*named, *counted]), key=lambda each: (each.start, -each.end)):
        if not apart or each.start >= apart[-1].end:
            apart.append(each)
    return apart


# -- weekdays, months, days of a month


def _named(said: Date, place: _Place) -> _Found | None:
    before, after = place.sentence[: said.start], place.sentence[said.end :]
    if (
        said.year
        or not (said.month or said.weekday is not None)
        or _is_no_time(said, before, after, names_may=place.names_may)
    ):
        return None
    led, of = _WHICH.search(before), _OF.match(after)
    which = of["which"].lower() if of else (led["which"] or "").lower() if led else ""
    if of:
        meant = _of_unit(said, around(place.published, cast("Unit", of["unit"])).moved(_COUNT[which]))
    else:
        meant = _meant(said, which, place)
    start = led.start() if led and (said.month or led[0].lower() != "in ") else said.start
    return _Found(start, said.end + (of.end() if of else 0), meant) if meant else None


def _is_no_time(said: Date, before: str, after: str, *, names_may: bool) -> bool:
    """Whether it is a habit or a name, or counted from a time that is not the article's."""
    if _NO_TIME_BEFORE.search(before) or _NO_TIME_AFTER.match(after):
        return True
    if said.day:
        people = before.lower().endswith("in ") and said.weekday is None  # "in May 12 people"
        return people or _NAMED_DAY.match(after) is not None
    if said.month is None:
        return bool(_NO_DAY_AFTER.match(after) or before.lower().endswith("the "))
    led = _LEADS_A_MONTH.search(before) is not None
    a_name = after[:1] == " " and after[1:2].isupper() and (not led or _OWNED.search(before) is not None)
    is_may = said.month == 5 and names_may and not _NO_PERSON.search(before)
    return bool(not led or a_name or is_may or re.match(r" \d", after) or _runs_over_a_year(said, before, after))


def _runs_over_a_year(said: Date, before: str, after: str) -> bool:
    """Whether a month is one end of "November to February": of which year is not for it alone to say."""
    later = re.match(rf"{_JOINED}(?P<month>{_MONTH})", after)
    earlier = re.search(rf"(?P<month>{_MONTH}){_JOINED}$", before)
    ends = [dates_of(f"in {other['month']}") if other else (said,) for other in (earlier, later)]
    first, last = (end[0].month or 0 if end else 0 for end in ends)
    return first > last


def _meant(said: Date, which: str, place: _Place) -> Stretch | None:
    """What a month, a day of one or a weekday means, with "last", "this" or "next" before it."""
    apart = (
        -1 if which in ("last", "this past") else 1 if which in ("next", "coming", "the coming", "this coming") else 0
    )
    if apart == 0 and said.tense is None and not (which and said.month and not said.day):
        return None
    ahead = apart > 0 or (apart == 0 and said.tense == "ahead")
    if said.month is None:
        day = around(place.published, "day").moved(apart).first
        return weekday(cast("int", said.weekday), day, ahead=ahead)
    if not which and place.is_of_another_year:
        return None
    if said.day:
        return month_day(said.month, said.day, place.published, ahead=ahead, on=said.weekday)
    if which == "this":
        return around(place.published.replace(month=said.month, day=1), "month")
    return month(said.month, around(place.published, "month").moved(apart).first, ahead=ahead)


def _of_unit(said: Date, unit: Stretch) -> Stretch | None:
    """A weekday of a week, a month or a day of a year."""
    if unit.unit == "week":
        return None if said.weekday is None or said.month else around(unit.first, "day").moved(said.weekday)
    if said.month is None:
        return None
    day = existing(unit.first.year, said.month, said.day or 1)
    return around(day, "day" if said.day else "month") if day else None


# -- what is counted from the article's day


def _counted(found: re.Match[str], place: _Place) -> _Found | None:
    before, after = found.string[: found.start()], found.string[found.end() :]
    meant = _relative(found, place)
    hedged = found["ago"] and _HEDGED.search(before)
    other = not (found["beside"] or found["next_to"]) and _NOT_OURS.search(before)
    return None if hedged or other or _NO_UNIT_AFTER.match(after) or meant is None else _Found(*found.span(), meant)


def _relative(found: re.Match[str], place: _Place) -> Stretch | None:
    today = around(place.published, "day")
    if said := (found["day"] or "").lower():
        named = found.start() and re.match("(?:Today|Yesterday|Tomorrow)", found[0])  # "Russia Today"
        if named or _is_spoken_on_a_day(found):
            return None
        return today.moved(next((days for words, days in _DAYS.items() if words in said), 0))
    if found["unit"]:
        return _unit(cast("Unit", found["unit"].lower()), _COUNT[found["which"].lower()], place.published)
    if found["ago"]:
        number = count(found["count"]) or 0
        return _unit(cast("Unit", found["ago"].lower()), number if found["hence"] else -number, place.published)
    years = {int(year[0]) for year in _YEAR.finditer(found.string[: found.start()])}
    back = (found["beside"] or found["next_to"]).lower() in ("previous", "preceding", "before")
    if len(years) != 1:
        return None  # beside which year is not said
    return around(date(years.pop(), 1, 1), "year").moved(-1 if back else 1)


def _is_spoken_on_a_day(found: re.Match[str]) -> bool:
    """Whether it stands in a quotation in a sentence that names a day: "tomorrow" may be the one after that."""
    before = found.string[: found.start()]
    inside = before.count("“") > before.count("”") or before.count('"') % 2 == 1
    return inside and any(said.day or said.weekday is not None for said in dates_of(found.string))


def _unit(unit: Unit, moved: int, published: date) -> Stretch | None:
    """The week, month or year so many from the article's; on a Sunday it is not clear which week is this one."""
    return None if unit == "week" and published.weekday() == 6 else around(published, unit).moved(moved)
