"""Numbers and dates of an English text by what they are worth, so that "20,000" and "twenty thousand" are the same."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.lexical import words
from bot.wording import pattern
from bot.written import Date, dates_of

Bound = Literal["", "about", "over", "least", "under", "most"]

NEAR = Decimal("0.1")
"""Two numbers of which one is only about right are not different while they are within this share of each other."""

_SMALL = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
)
_TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
_WORDS = {word: Decimal(n) for n, word in enumerate(_SMALL)} | {
    word: Decimal(10 * n) for n, word in enumerate(_TENS, 2)
}
_WORDS |= {"half": Decimal("0.5"), "dozen": Decimal(12)}
_WHOLES = {"third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "eighth": 8, "tenth": 10}
_SCALES = {"hundred": 100, "thousand": 1_000, "k": 1_000, "million": 10**6, "mn": 10**6, "m": 10**6}
_SCALES |= {"billion": 10**9, "bn": 10**9, "b": 10**9, "trillion": 10**12, "tn": 10**12}
_UNITS = {"%": "%", "percent": "%", "per cent": "%", "pct": "%", "percentage point": "points"}
_UNITS |= {"$": "USD", "us$": "USD", "dollar": "USD", "usd": "USD", "£": "GBP", "pound": "GBP", "gbp": "GBP"}
_UNITS |= {"€": "EUR", "euro": "EUR", "eur": "EUR", "¥": "JPY", "yen": "JPY", "ruble": "RUB", "rouble": "RUB"}
_UNITS |= {"a$": "AUD", "c$": "CAD", "yuan": "CNY", "₹": "INR", "rupee": "INR"}
_BOUNDS: dict[Bound, str] = {
    "over": r"more than|over|upwards of|exceeding",
    "least": r"at least|no (?:fewer|less) than|a minimum of",
    "under": r"less than|fewer than|under|below",
    "most": r"up to|at most|no more than|as (?:many|much) as|a maximum of",
    "about": r"about|around|some|roughly|approximately|nearly|almost|an estimated|close to",
}

_WORD = "|".join((*_WORDS, "hundred", "thousand", "million", "billion", "trillion"))
_NUMBER = pattern(
    rf"(?:(?P<bound>{'|'.join(_BOUNDS.values())}) )?(?<![\w.,/])(?<![^\W\d][-–])(?P<sign>minus |[-−](?=\d))?"
    r"(?:(?P<money>(?:us|a|c)?\$|[£€¥₹]) ?)?"
    r"(?:(?P<hour>\d{1,2})(?::(?P<minute>\d\d))? ?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<digits>\d{1,3}(?:[, \u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d,]*\d)"
    r"(?:(?P<ordinal>st|nd|rd|th)\b|[ \u00a0-]?(?P<scale>hundred|thousand|million|billion|trillion"
    r"|mn|bn|tn|k|m|(?(money)b|(?!)))\b)?"
    rf"|(?P<parts>{'|'.join(_SMALL[1:10])})[ -](?P<whole>{'|'.join(_WHOLES)})s?\b"
    rf"|(?P<words>(?:a (?=hundred|thousand|million|billion|dozen))?\b(?:{_WORD})\b"
    rf"(?:(?:[ -]|(?<=dred) and |(?<=sand) and |(?<=lion) and )(?:{_WORD})\b)*))"
    r"(?:[ \u00a0-]?(?P<unit>%|per ?cent\b|pct\b|percentage points?\b"
    r"|(?:us )?dollars?\b|pounds?\b|euros?\b|yen\b|rou?bles?\b|yuan\b|rupees?\b|usd\b|gbp\b|eur\b))?(?!\w)"
)


@dataclass(frozen=True, slots=True)
class Number:
    """A number, with its unit ("%", a currency's code, "clock" in minutes, "th" for a place in an order, or none).

    ``bound`` says on which side of it the truth may lie: "up to" is "most". ``start`` and ``end`` are its place in the
    text, with the words of the bound.
    """

    value: Decimal
    unit: str
    bound: Bound
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Values:
    """The numbers and the dates of a text, each in the order of the text; no two share a character."""

    numbers: tuple[Number, ...]
    dates: tuple[Date, ...]


def values_of(text: str) -> Values:
    """The numbers and dates that a text gives, in digits or in words."""
    dates = dates_of(text)
    for date_ in dates:  # so that no number is read out of a date
        text = text[: date_.start] + "\0" * (date_.end - date_.start) + text[date_.end :]
    return Values(tuple(_number(found) for found in _NUMBER.finditer(text)), dates)


# -- numbers


def _number(found: re.Match[str]) -> Number:
    bound = (found["bound"] or "").lower()
    kind: Bound = next((kind for kind, form in _BOUNDS.items() if bound and re.fullmatch(form, bound)), "")
    if found["hour"]:
        hours = int(found["hour"]) % 12 + 12 * (found["half"].lower() == "p")
        return Number(Decimal(60 * hours + int(found["minute"] or 0)), "clock", kind, *found.span())
    value, unit = _size(found), _unit(found)
    return Number(-value if found["sign"] else value, unit, kind, *found.span())


def _size(found: re.Match[str]) -> Decimal:
    if found["parts"]:
        return _WORDS[found["parts"].lower()] / _WHOLES[found["whole"].lower()]
    if not found["digits"]:
        return _spelt(re.split(r"[ ,-]+", found["words"].lower()))
    scale = (found["scale"] or "").lower()
    times = 1 if _is_metre(found) else _SCALES.get(scale, 1)
    return Decimal(re.sub(r"[,\s]", "", found["digits"])) * times


def _unit(found: re.Match[str]) -> str:
    if found["ordinal"]:
        return "th"
    said = (found["money"] or found["unit"] or "").lower().removeprefix("us ")
    said = re.sub(r"^per ?cent$", "%", said)
    return "m" if _is_metre(found) else _UNITS.get(said) or _UNITS.get(said.rstrip("s"), "")


def _is_metre(found: re.Match[str]) -> bool:
    """Whether "4.5m" may be a length: only money is shortened so without a doubt."""
    return (found["scale"] or "").lower() == "m" and not (found["money"] or found["unit"])


def _spelt(said: list[str]) -> Decimal:
    """The value of "two hundred and fourteen thousand"."""
    whole = part = Decimal(0)
    for word in said:
        if word in _WORDS:
            part = part * 12 if word == "dozen" and part else part + _WORDS[word]
        elif word == "hundred":
            part = (part or Decimal(1)) * 100
        elif word in _SCALES:
            whole, part = whole + (part or Decimal(1)) * _SCALES[word], Decimal(0)
    return whole + part


def same_number(one: Number, other: Number) -> bool:
    """Whether they say the same: "about" may be left out, "more than" and "up to" may not."""
    return one.value == other.value and one.unit == other.unit and _hard(one.bound) == _hard(other.bound)


def numbers_differ(claimed: Number, written: Number) -> bool:
    """Whether both cannot be right of one thing. One that is the other rounded, or near enough, does not differ."""
    if claimed.unit != written.unit or claimed.value == written.value:
        return False
    if _hard(claimed.bound) or _hard(written.bound):
        return claimed.bound == written.bound or _beyond(claimed, written) or _beyond(written, claimed)
    apart = abs(claimed.value - written.value)
    close = apart <= NEAR * max(abs(claimed.value), abs(written.value))
    return not (close and "about" in (claimed.bound, written.bound)) and not _rounds(written.value, claimed.value)


def _hard(bound: Bound) -> Bound:
    return "" if bound == "about" else bound


def _beyond(exact: Number, bounded: Number) -> bool:
    """Whether an exact number lies outside what the other allows."""
    value, limit = exact.value, bounded.value
    outside = {"over": value <= limit, "least": value < limit, "under": value >= limit, "most": value > limit}
    return not _hard(exact.bound) and outside.get(bounded.bound, False)


def _rounds(exact: Decimal, round_one: Decimal) -> bool:
    """Whether the second is the first with fewer figures."""
    figures = len(round_one.normalize().as_tuple().digits)
    if not exact or figures >= len(exact.normalize().as_tuple().digits):
        return False
    place = exact.adjusted() - figures + 1
    return exact.quantize(Decimal(1).scaleb(place)) == round_one if place < 28 else False
