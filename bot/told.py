"""What a sentence tells: times, numbers, reasons, means."""

import re

_MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december"
    "|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec"
)
_TIME = re.compile(
    rf"\b(?:1[0-9]{{3}}|20[0-9]{{2}})s?\b|\b(?:{_MONTHS})\b"
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b\d+(?:st|nd|rd|th)? centur(?:y|ies)\b"
    r"|\b(?:yesterday|today|tomorrow|last (?:week|month|year)|century|decade|\d{1,2}(?::\d\d)? ?[ap]\.?m)\b"
    r"|\b\d+ (?:BC|AD|BCE|CE)\b",
    re.I,
)
_NUMBER = re.compile(
    r"\d[\d,.]*\d|\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
    r"|million|billion|trillion|dozen|half|third|quarter|once|twice|both|single|first|second|none|several)s?\b",
    re.I,
)
_REASON = re.compile(
    r"\b(?:because|due to|since|as a result|so that|in order to|owing|caused?|reasons?|therefore|thus|led to"
    r"|leading to|for fear|(?:meant|intended|designed|supposed) (?:to|for)|aim(?:s|ed)? (?:to|at)|for the sake"
    r"|to (?:avoid|prevent|counter|combat|protect|stop|spare|help|keep|save|reduce|curb|let|make))\b",
    re.I,
)
_MEANS = re.compile(r"\b(?:by|through|using|via|with)\b", re.I)


def numbers(sentence: str) -> list[str]:
    """The numbers of a sentence, in digits or in words."""
    return [match.group().lower() for match in _NUMBER.finditer(sentence)]


def times(sentence: str) -> list[str]:
    """The words in a sentence that name a time."""
    return [match.group().lower() for match in _TIME.finditer(sentence)]


def gives_number(sentence: str) -> bool:
    """Whether a sentence has a number."""
    return _NUMBER.search(sentence) is not None


def gives_time(sentence: str) -> bool:
    """Whether a sentence names a time."""
    return _TIME.search(sentence) is not None


def gives_reason(sentence: str) -> bool:
    """Whether a sentence says why."""
    return _REASON.search(sentence) is not None


def gives_means(sentence: str) -> bool:
    """Whether a sentence says how."""
    return bool(_MEANS.search(sentence))
