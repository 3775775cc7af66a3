"""What the words of an English news text are, told from their form alone: names, persons, noun phrases.

The classes of words are lists. None is complete; each is long enough for questions about news.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Literal

Kind = Literal["person", "place", "body", "demonym"]


def _any(words: str) -> str:
    return rf"(?:{'|'.join(words.split())})"


DO = _any("did does do")
AUXILIARY = _any("did does do is are was were has have had will would can could should may might must")
QUESTION_WORD = (
    r"(?:what|which|whose|whom|who|when|where|why|how(?: (?:many|much|long|old|often|far|big|large|high|common))?)"
)
PREPOSITION = _any("of in on at to from with by for about against between under over into during since near below")
CLAUSE = _any("that when after before because while if as who which until since although and but whether where")
DETERMINER = (
    r"(?:the|an?|its|their|his|her|our|this|that|these|those|all|any|(?!it|that|what|who|s?he|there|how)\w+['’]s)"
)
PERSONAL = "he|she|it|they|him|them|there|then|not|else|also"
SPEECH = _any(
    "said says say told tells tell asserted stated claimed argued insisted noted wrote explained declared announced"
    " warned asked replied testified concluded acknowledged admitted suggested estimated reported revealed spoke speaks"
)
ACTING = _any("say sign send fly build plan want expect announce agree join open unveil approve ratify deny accuse buy")
VERB = _any(
    f"{SPEECH} {ACTING} pass ask claim call sell pay attack invade withdraw promise offer deploy support help seek hope"
    " try answer apply allow begin bring come compare cost cover cause differ end exist fight get give go happen"
    " include"
    " keep know last lead limit make mean meet need permit place put rank run set start station suggest take think use"
    " win work lose kill die acknowledge consider leave lie stand speak testify link report came made born show decide"
    " defeat implode oppose own eat live choose create design discover hit strike carry cut raise rise fall grow vote"
    " elect appoint resign arrest charge release fire hire beat score host hold move visit arrive return launch test"
    " develop produce drop increase reduce demand threaten condemn criticize praise blame confirm reject refuse accept"
    r" order ban block close occur remain become found led held won lost sold paid given taken covers"
    " allows includes means makes takes gives gets goes comes requires wants needs bans helps becomes remains shows"
    r" \w+ed"
)
ROLE = _any(
    "ambassador president minister chancellor secretary spokesman spokeswoman spokesperson lawmaker senator official"
    " leader expert musician analyst general commander chief director author actor actress singer player coach king"
    " queen pope judge lawyer governor mayor chairman founder officer soldier man woman prisoner witness journalist"
    " reporter"
)
MONTH = _any("january february march april may june july august september october november december")
TIME = rf"(?:{MONTH}|{_any('mon tues wednes thurs fri satur sun')}day|year|month|week|day|date|today|(?:1\d|20)\d\d)"
VAGUE = _any("kind type sort amount number percentage share part reason name way term people")
BARE = _any("first last other main most same only best next one")
STOP = rf"(?:{AUXILIARY}|{PREPOSITION}|{CLAUSE}|{DETERMINER}|{QUESTION_WORD}|{PERSONAL}|\w+ly)"
WORD = rf"(?!(?:{STOP}|{VERB}|{TIME})\b)[\w-]+"
"""A word that may be part of a noun phrase."""

_PLACE = _any(
    "afghanistan africa america arabia argentina asia australia austria bangladesh belarus belgium bolivia brazil"
    " britain bulgaria cambodia canada chile china colombia congo croatia cuba denmark ecuador egypt england estonia"
    " ethiopia europe finland france gaza germany ghana greece guatemala haiti havana honduras hungary iceland india"
    " indonesia iran iraq ireland island islands israel italy jamaica japan kazakhstan kenya kingdom korea kosovo"
    " kuwait kyiv latvia lebanon libya lithuania malaysia mali mexico moldova mongolia morocco moscow myanmar nepal"
    " netherlands nicaragua niger nigeria norway pakistan palestine panama paraguay peru philippines poland portugal"
    " pyongyang qatar republic romania russia rwanda scotland senegal serbia singapore slovakia somalia spain states"
    " sudan sweden switzerland syria taiwan tanzania thailand tunisia turkey uganda ukraine uruguay venezuela vietnam"
    " wales washington yemen zambia zealand zimbabwe caracas beijing london paris berlin tokyo brussels city county"
)
_BODY = _any(
    "house senate congress duma parliament representatives nations union council ministry agency service intelligence"
    " party court bank university army news inc corp company committee commission department kremlin pentagon tass"
    " office museum school college hospital bowl cup league club prize award act war battle administration"
    " association organization foundation institute street market airport church agreement treaty islamic"
)
_DEMONYM = r"\w+(?:[iaeb]an|[ir]can|ish|ese|german|iraqi|israeli)s?"
_CAPITAL = r"(?:[A-ZÀ-Þ]\.|[A-ZÀ-Þ][\w-]{0,30}\b)"
NAME = rf"\b(?:U\.[SKN]\.|{_CAPITAL})(?: (?:(?:of|the|de|del|da|von|van|bin|al) ){{0,2}}{_CAPITAL}){{0,6}}"
_NAME = re.compile(NAME)
_NO_NAME = re.compile(rf"(?:{STOP}|{VERB}|{TIME}|without|local)\b ?", re.I)
_TITLE = re.compile(rf"\b(?:{ROLE}|Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|U\.S|Prime|{_DEMONYM})\.? ", re.I)
_TITLED = re.compile(rf"{_TITLE.pattern}$", re.I)
_APPOSED = re.compile(rf", (?:an?|the|who|whose|described|once|now|[\w.]+['’]s|{_DEMONYM}) ", re.I)
_GOES_ON_SMALL = re.compile(rf" (?!(?:{AUXILIARY}|{VERB}|{CLAUSE}|{PREPOSITION}|\w+ly)\b)[a-z]")
_PHRASE = re.compile(
    rf"\b(?P<det>{DETERMINER}) (?P<core>(?!(?:{STOP}|{TIME})\b)[\w-]+(?: {WORD}){{0,3}})"
    rf"(?P<more>(?: (?:of|on|with|between|against|about|for|in(?= (?-i:[A-ZÀ-Þ])))(?: (?:the|an?))?"
    rf"(?: {WORD}(?: and(?= (?-i:[A-ZÀ-Þ])))?){{1,3}}){{0,2}})",
    re.I,
)
_PLURAL = re.compile(
    r"\b(?:[A-ZÀ-Þ][\w-]{1,20} ){0,3}(?!(?:does|has|this)\b)[\w-]{2,20}[^\Wsui]s\b|\b(?:\w{0,9}men|\w{0,6}people)\b"
)
_LIST = re.compile(rf"{NAME}(?:, {NAME}){{0,9}},? and (?:the )?{NAME}")


@cache
def pattern(text: str) -> re.Pattern[str]:
    """A pattern of this project's own that ignores case."""
    return re.compile(text, re.I)


def named(text: str) -> Iterator[tuple[int, str]]:
    """Where the names of a text stand, and the names, without titles; of four words or more, the last two."""
    for found in _NAME.finditer(text):
        start, name = found.start(), found.group()
        while lead := (_NO_NAME.match(name) or _TITLE.match(name)):
            start, name = start + lead.end(), name[lead.end() :]
        opens = start == 0 or text[:start].endswith((". ", "” ", "“"))
        doubtful = opens and " " not in name and _GOES_ON_SMALL.match(text, start + len(name))
        if name[:1].isupper() and not _NO_NAME.fullmatch(name) and not doubtful:
            short = " ".join(name.split()[-2:]) if len(name.split()) > 3 else name
            yield start + len(name) - len(short), short


def names(text: str) -> list[str]:
    """The names in a text."""
    return [name for _, name in named(text)]


def kind(name: str) -> Kind:
    """What a name most likely names."""
    if pattern(rf"\b{_PLACE}$").search(name):
        return "place"
    if pattern(_DEMONYM).fullmatch(name):
        return "demonym"
    return "body" if pattern(rf"(?:.* )?(?:{_BODY}|{TIME}|(?-i:[A-Z][A-Z.]+))").fullmatch(name) else "person"


def people(text: str, near: str = "") -> list[tuple[float, str]]:
    """The persons whom a text names, in order, each with how surely it is one and how prominent.

    A full name, a title or an apposition speak for it, so do a verb of speech, an early place, and a
    sentence that has words of the text it is to be ``near``.
    """
    found = []
    wanted = set(re.findall(r"\w{4,}", near.lower()))
    for start, name in named(text):
        if kind(name) != "person":
            continue
        before, after = text[max(0, start - 24) : start], text[start + len(name) : start + len(name) + 40]
        sentence = text[text.rfind(". ", 0, start) + 1 :].split(". ", 1)[0].lower()
        score = 2 * (" " in name) + 2 * bool(_TITLED.search(before)) + 2 * bool(_APPOSED.match(after))
        score += bool(pattern(rf" (?:\w+ )?{SPEECH}\b").match(after))
        score += bool(pattern(rf"\b(?:{SPEECH}|by|alongside) $").search(before))
        shared = len(wanted.intersection(re.findall(r"\w{4,}", sentence))) / (len(wanted) or 1)
        found.append((score + shared - 0.2 * text.count(". ", 0, start), name))
    return found


def phrases(text: str) -> list[re.Match[str]]:
    """The noun phrases that begin with "the" or the like, as ``det``, ``core`` and what follows it, ``more``."""
    return list(_PHRASE.finditer(text))


def plurals(text: str) -> list[str]:
    """The noun phrases that speak of more than one."""
    return [found.group() for found in _PLURAL.finditer(text)]


def listed(text: str) -> str:
    """The first "A, B and C" of names, or nothing."""
    found = _LIST.search(text)
    return found.group() if found else ""


def core(phrase: str) -> str:
    """A noun phrase without what is hung on to it."""
    return pattern(rf" (?:{PREPOSITION}|that) ").split(phrase)[0]


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase speaks of more than one."""
    return bool(
        re.search(r"(?:[^\Wsui]s|people|men|women)$", core(phrase))
        and not re.search(r"(?:news|politics|series|States|Nations)$", core(phrase))
    )
