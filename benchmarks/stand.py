"""A necessary check of a sentence against the words cited for it, apart from the project's own and much coarser.

What fails it may still be true, and what passes it may be false: it says where to look first.
"""

import re

from benchmarks.data import mentions

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CAPITAL = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w’'-]*")
_QUOTED = re.compile(r"[“\"«]([^“”\"«»]+)[”\"»]")
_WHEN = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|I)$"
)


def lacking(sentence: str, cited: str) -> list[str]:
    """The numbers, names and quoted strings of a sentence that the words cited for it do not have."""
    numbers = {_worth(number) for number in _NUMBER.findall(cited)}
    names = {name for name in _CAPITAL.findall(sentence) if not _WHEN.fullmatch(name)}
    return [
        *(number for number in _NUMBER.findall(sentence) if _worth(number) not in numbers),
        *sorted(name for name in names if re.sub(r"['’]s?$", "", name).casefold() not in cited.casefold()),
        *(quoted for quoted in _QUOTED.findall(sentence) if not mentions(cited, quoted)),
    ]


def _worth(number: str) -> str:
    return number.replace(",", "").lstrip("0")
