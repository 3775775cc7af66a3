"""What a question asks for: its kind, the words that matter, and whether a sentence holds such a thing at all."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.lexical import stems, words
from bot.sought import Sought, sought
from bot.told import numbers
from ingest.words import WORD

Kind = Literal["when", "number", "who", "where", "why", "how", "what"]
KINDS: tuple[Kind, ...] = ("when", "number", "who", "where", "why", "how", "what")

# Words that say how something is asked or joined, not what is asked about.
_FUNCTION_WORDS = frozenset(
    words(
        "a an the of in on at to for by with from and or is are was were be been being do does did has have had it its"
        " this that these those as which who whom whose what when where why how many much he she they his her their i"
        " you we not there than then so such into about can could would should will may might also s name kind type"
    )
)

_CAPITALISED = re.compile(r"(?<!\w)[A-ZÀ-Þ][\w'’\-]*(?:\.[A-Z]\.?)*")
_PERSON = "person|man|woman|player|president|king|queen|author|leader|people|group|company|organi[sz]ation|team|name"
_PLACE = (
    "city|cities|country|countries|state|place|location|region|river|town|area|county|continent|building|street"
    "|stadium|island|school|university|nations?"
)
_QUANTITY = (
    "percent|percentage|number|amount|proportion|fraction|portion|population|age|size|temperature|distance|total"
    "|cost|price|length|height|width|score|record|rate|ratio|average"
)
_TIME_NOUN = "year|date|day|month|time|century|decade"
_PATTERNS: dict[Kind, str] = {
    "when": rf"when|(?:what|which)(?: \w+)? (?:{_TIME_NOUN})",
    "number": r"how (?:\w+ )?(?:many|much|old|long|far|tall|large|big|high|fast|often|deep|wide|hot|cold|heavy)"
    rf"|what (?:{_QUANTITY})|what (?:is|was|were|are) the (?:{_QUANTITY})",
    "who": rf"who|whom|whose|(?:what|which) (?:{_PERSON})",
    "where": rf"where|(?:what|which) (?:{_PLACE})",
    "why": r"why|what (?:reason|cause|caused|led)|for what (?:reason|purpose)",
    "how": "how",
}
_ASKED = {kind: re.compile(rf"\b(?:{pattern})\b", re.I) for kind, pattern in _PATTERNS.items()}


_ASKED_FOR = re.compile(
    r"\b(?:which|what) (?:(?!(?:is|are|was|were|do|does|did)\b)\w+ )?(country|countries|nations?|nationality|persons?"
    r"|people|places?|city|cities|towns?|company|companies|firms?|organi[sz]ations?|institutions?|groups?|years?|dates?"
    r"|days?|months?|sums?|amounts?|numbers?)\b|\bwhat (happens|happened|occurred)\b|\b(come|comes|came) from\b"
    r"|\b(called|named)\W*$",
    re.I,
)
"""Words that ask for a country or a place, which a sentence may well give without calling it one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read once.

    ``stems`` are those of the words that say what it is about, in order; ``units`` are the same with the words of
    one name together, for whoever is named "Frank Dario Jarrosay" in a question is "Jarrosay" in most sentences.
    """

    text: str
    kind: Kind
    stems: tuple[str, ...]
    units: tuple[tuple[str, ...], ...]
    all_stems: frozenset[str]
    names: tuple[str, ...]
    numbers: frozenset[str]
    sought: Sought


def read(question: str) -> Asked:
    """What a question asks for."""
    found = words(question)
    telling = [word for _, word in telling_words(question)]
    return Asked(
        text=question,
        kind=next((kind for kind, pattern in _ASKED.items() if pattern.search(question)), "what"),
        stems=tuple(stems(telling)),
        units=_units(question),
        all_stems=frozenset(stems(found)),
        names=tuple(word for word in names(question) if word.lower() not in _FUNCTION_WORDS),
        numbers=frozenset(numbers(question)),
        sought=sought(question),
    )


def _units(question: str) -> tuple[tuple[str, ...], ...]:
    named = set(words(" ".join(names(question))))
    units: list[list[str]] = []
    end = -2
    for (start, stop), word in telling_words(question):
        if start == end + 1 and word in named and units:
            units[-1].append(word)
        else:
            units.append([word])
        end = stop if word in named else -2
    return tuple(tuple(stems(unit)) for unit in units)


def telling_words(question: str) -> list[tuple[tuple[int, int], str]]:
    """The words that say what a question is about, and where they stand; all of them, if none does."""
    found = [(match.span(), match.group()) for match in WORD.finditer(question)]
    asked_for = {match.span(match.lastindex or 0) for match in _ASKED_FOR.finditer(question)}
    telling = [(span, word) for span, word in found if word.lower() not in _FUNCTION_WORDS and span not in asked_for]
    return telling or found


def names(sentence: str) -> list[str]:
    """The capitalised words of a sentence, without a first word that is capitalised only for being first."""
    found = [(match.start(), match.group()) for match in _CAPITALISED.finditer(sentence)]
    if found and not sentence[: found[0][0]].strip("“\"'‘( "):
        first = found[0][1]
        beside = len(found) > 1 and sentence[found[0][0] + len(first) : found[1][0]] == " "
        if first.lower() in _FUNCTION_WORDS or not (beside or (len(first) > 1 and first.isupper())):
            found = found[1:]
    return [word for _, word in found]
