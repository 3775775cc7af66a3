"""Names in English news by whom or what they name: a last name, initials or an adjective may stand for the whole."""

import re
from dataclasses import dataclass
from functools import cache

from bot.lexical import words
from bot.wording import AUXILIARY, CLAUSE, DETERMINER, PERSONAL, PREPOSITION, QUESTION_WORD, ROLE, kind, pattern

_PART = (
    r"(?:(?:[A-Z]\.){2,}|(?:Dr|Mr|Mrs|Ms|Prof|Sen|Rep|Gov|Gen|Col|Lt|Capt|St)\.(?= [A-ZÀ-Þ])"
    r"|(?:[aA](?:[ln]|[stz]h?|r)|[eE]l)-(?=[A-ZÀ-Þ])[^\W\d_]+(?:-[^\W\d_]+)*"
    r"|[A-ZÀ-Þ](?:\.(?= [A-ZÀ-Þ])|[^\W\d_]*(?:[-’'][A-ZÀ-Þ]?[^\W\d_]{2,})*\d{0,2}))"
)
_LINK = r"(?:de|del|della|da|di|dos|van|von|der|den|bin|ibn|al|el|la|le|du)"
_INSTITUTION = (
    r"(?:House|University|Ministry|Minister|Bank|Department|Bureau|Republic|Court|Board|Council|Institute|Gulf|Bay"
    r"|Isle|Prince|Duke|Church|School|College|Museum|Secretary|Chamber|Union|Federation|Kingdom|Emirates|Office)"
)
_NAME = re.compile(rf"(?<![\w@#/])(?P<name>{_PART}(?: (?:{_LINK} ){{0,2}}{_PART})*(?: \d{{1,3}}[a-z]\b)?)")
_OF = re.compile(rf"{_INSTITUTION}$")
_NO_NAME = pattern(
    rf"(?:{AUXILIARY}|{CLAUSE}|{DETERMINER}|{PERSONAL}|{PREPOSITION}|{QUESTION_WORD}|i|we|you|no|not|nobody|some|about"
    r"|yes|up|more|most|many|several|half|both|only|nearly|currently|earlier|later|local|staff|according|without|all"
    r"|each|every|none|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)"
)
_TITLE = pattern(
    rf"(?:{ROLE}|mr|mrs|ms|dr|sir|dame|lord|lady|prof|professor|sen|rep|gov|gen|lt|col|capt|captain|councill?or|deputy"
    r"|prime|vice|judge|justice|inspector|bishop|father|sister|u\.s|us)\.?"
)
_SIDE = frozenset(words("north south east west new upper lower central saint san los el great old"))
_COMMON = frozenset(
    words(
        "road street house university city board council county river island school college bank court union party"
        " ministry department agency station bridge church hospital museum office company lines group fund times news"
    )
)
_ALIASES = (
    ("united states", "us", "usa", "america", "american", "united states of america"),
    ("united kingdom", "uk", "britain", "british", "great britain"),
    ("united nations", "un"),
    ("european union", "eu"),
    ("france", "french"),
    ("netherlands", "dutch"),
    ("germany", "german"),
    ("spain", "spanish"),
    ("switzerland", "swiss"),
    ("greece", "greek"),
    ("denmark", "danish"),
    ("norway", "norwegian"),
    ("poland", "polish"),
    ("sweden", "swedish"),
    ("turkey", "turkish", "türkiye"),
    ("wales", "welsh"),
    ("ireland", "irish"),
    ("scotland", "scottish"),
    ("philippines", "philippine", "filipino"),
    ("thailand", "thai"),
    ("finland", "finnish"),
)
_ALIAS = {name: names[0] for names in _ALIASES for name in names}
_GOVERNED_FROM = (
    "russia:moscow,kremlin ukraine:kyiv,kiev cuba:havana venezuela:caracas north korea:pyongyang south korea:seoul"
    " china:beijing japan:tokyo united states:washington,pentagon united kingdom:london,westminster france:paris"
    " germany:berlin italy:rome spain:madrid european union:brussels iran:tehran iraq:baghdad syria:damascus"
    " turkey:ankara egypt:cairo saudi arabia:riyadh israel:jerusalem india:delhi pakistan:islamabad"
    " afghanistan:kabul poland:warsaw belarus:minsk georgia:tbilisi norway:oslo sweden:stockholm finland:helsinki"
    " greece:athens portugal:lisbon ireland:dublin canada:ottawa australia:canberra taiwan:taipei vietnam:hanoi"
)
_SEATS = {
    seat: country
    for country, seats in re.findall(r"([a-z]+(?: [a-z]+)?):([a-z,]+)", _GOVERNED_FROM)
    for seat in seats.split(",")
}
"""Where a country is governed from, which often stands for the country."""


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is written, without a possessive ending: its words, and its place in the text."""

    words: tuple[str, ...]
    start: int
    end: int

    @property
    def telling(self) -> tuple[str, ...]:
        """Its words in lower case without titles, or with them if it has no others."""
        words = tuple(word.lower().rstrip(".") for word in self.words)
        return tuple(word for word in words if not _TITLE.fullmatch(word)) or words


def names_of(text: str) -> tuple[Name, ...]:
    """The names of a text. A capitalised word that opens a sentence counts only together with another one."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        start, parts = match.start(), match["name"].split(" ")
        while parts and _NO_NAME.fullmatch(parts[0].rstrip(".")):
            start, parts = start + len(parts[0]) + 1, parts[1:]
        opening = start == 0 or not text[:start].strip("“‘\"'( —–")
        if parts and not (opening and len(parts) == 1 and not _is_sure(parts[0])):
            end = start + len(" ".join(parts))
            parts[-1] = re.sub(r"['’]s$", "", parts[-1])
            name = Name(tuple(parts), start, start + len(" ".join(parts)))
            if found and text[found[-1].end : name.start] in (" of ", " of the ") and _OF.search(found[-1].words[-1]):
                before = found.pop()
                name = Name((*before.words, *name.words), before.start, end)
            found.append(name)
    return tuple(found)


def _is_sure(word: str) -> bool:
    """Whether a word is a name even where it opens a sentence."""
    initials = len(word) > 1 and word.replace(".", "").isupper()
    return initials or word.endswith(("'s", "’s")) or kind(word) in ("place", "demonym")


@cache
def same_words(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names, given by their telling words, name the same."""
    short, long = sorted((one, other), key=len)
    if _canonical(one) == _canonical(other):
        return True
    if len(short) == len(long):
        return all(_kin(a, b) or _is_initial(a, b) or _is_initial(b, a) for a, b in zip(short, long, strict=True))
    if _SIDE.intersection(long) != _SIDE.intersection(short) or set(short) <= _COMMON:
        return False
    if len(short) == 1:
        return short[0] == long[-1] and short[0] not in _COMMON and len(long) <= 4
    return (short[-1] == long[-1] or short[0] == long[0]) and all(
        any(_kin(word, whole) or _is_initial(word, whole) for whole in long) for word in short
    )


def may_be_same(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two names might after all name the same, or one the seat of the other."""
    if same_words(one, other) or set(one) & set(other) - _COMMON:
        return True
    first, second = _canonical(one), _canonical(other)
    seat, governed = _SEATS.get(first), _SEATS.get(second)
    return (
        seat == second
        or governed == first
        or (seat is not None and seat == governed)
        or _initials(one) == "".join(other)
        or _initials(other) == "".join(one)
    )


def _canonical(words: tuple[str, ...]) -> str:
    text = " ".join(word.replace(".", "") for word in words)
    return _ALIAS.get(text, text)


def _initials(words: tuple[str, ...]) -> str:
    return "".join(word[:1] for word in words)


def _is_initial(word: str, whole: str) -> bool:
    return len(word) == 1 and whole.startswith(word)


@cache
def _kin(one: str, other: str) -> bool:
    """Whether they are one word, or a country and what is of it: Cuba and Cuban, Ukraine and Ukrainian."""
    if one == other or (one in _ALIAS and _ALIAS[one] == _ALIAS.get(other)):
        return True
    short, long = sorted((one, other), key=len)
    if kind(short) != "place":
        return False
    stem = short.rstrip("aeoy") if len(short) > 4 else short
    return bool(re.fullmatch(rf"{re.escape(stem)}(?:[aey])?(?:n|an|ian|ean|ese|i|nian)", long))
