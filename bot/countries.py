"""Countries and those who live there: "Cuban" and "Cuba" are one, and "which country" asks for either."""

import re
from functools import lru_cache
from pathlib import Path

_FILE = Path(__file__).with_name("countries.txt")
"""A country a line: its names, then what its people and things are called."""


def countries(text: str) -> frozenset[str]:
    """The countries that a text names, or speaks of as "the Dane" and "Danish butter", each by its first name."""
    country, pattern = _gazetteer()
    return frozenset(country[found.group(1)] for found in pattern.finditer(text))


def peoples(text: str) -> frozenset[str]:
    """The countries of which a text calls something by its people: "Danish" and "the Dane", but not "Denmark"."""
    country, pattern = _gazetteer()
    found = {match.group(1) for match in pattern.finditer(text)}
    return frozenset(country[name] for name in found if country[name] != name)


def without_countries(name: str) -> str:
    """A name without the countries in it: "Bank of England" is still a bank."""
    return _gazetteer()[1].sub(" ", name)


@lru_cache(maxsize=1)
def _gazetteer() -> tuple[dict[str, str], re.Pattern[str]]:
    lines = [line.split(", ") for line in _FILE.read_text(encoding="utf-8").splitlines()]
    country = {name: names[0] for names in lines for name in names}
    longest = sorted(country, key=len, reverse=True)  # "North Korean" before "North Korea" before "Korea"
    return country, re.compile(rf"(?<![\w-])(?=[A-Z])({'|'.join(map(re.escape, longest))})(?:s\b|(?!\w))")


@lru_cache(maxsize=1)
def kin() -> dict[str, str]:
    """For each word of what a country's people are called, the word of its name: "cuban" is of "cuba"."""
    pairs: dict[str, str] = {}
    for names in (line.split(", ") for line in _FILE.read_text(encoding="utf-8").splitlines()):
        of_first = names[0].lower().split()
        for name in names[1:]:
            words = name.lower().split()
            if len(words) == len(of_first):
                pairs.update(zip(words, of_first, strict=True))
    return pairs
