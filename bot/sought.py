"""What sort of thing a question wants to hear, and whether a sentence offers one that the question did not name."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from bot.countries import countries, peoples, without_countries
from bot.told import gives_number, gives_reason, gives_time

Sort = Literal["country", "person", "body", "place", "named", "money", "age", "duration", "count", "date", "reason", ""]
"""A "body" is a company, a ministry, a team; "named" is whatever else is asked for as "which treaty" or "which ship".
The empty sort is that of questions of which nothing is known."""

_SORTS_OF_NAMES: tuple[Sort, ...] = ("country", "person", "body", "place")

_NOUNS: dict[Sort, str] = {
    "country": r"countr(?:y|ies)|nations?|nationality|nationalities",
    "person": r"persons?|people|m[ae]n|wom[ae]n|politicians?|presidents?|ministers?|chancellors?|secretary|spokes\w+"
    r"|lawmakers?|senators?|officials?|leaders?|experts?|musicians?|analysts?|generals?|directors?|authors?|act(?:or|ress)"
    r"|singers?|players?|coach|kings?|queens?|popes?|judges?|lawyers?|governors?|mayors?|founders?|officers?|soldiers?"
    r"|artists?|scientists?|researchers?|writers?|poets?|painters?|relatives?|members?|councillors?|emperors?",
    "body": r"compan(?:y|ies)|firms?|banks?|organi[sz]ations?|agenc(?:y|ies)|authorit(?:y|ies)|institut(?:e|ion)s?"
    r"|part(?:y|ies)|teams?|clubs?|newspapers?|publishers?|universit(?:y|ies)|museums?|ministr(?:y|ies)|groups?|bands?"
    r"|airlines?|manufacturers?|operators?|networks?|churche?s?|courts?|council|committee|association",
    "place": r"places?|cit(?:y|ies)|towns?|locations?|regions?|rivers?|areas?|count(?:y|ies)|continents?|buildings?"
    r"|streets?|stadiums?|islands?|schools?|villages?|ports?|airports?|provinces?|states?|capitals?|mountains?|lakes?"
    r"|venues?|seas?",
    "money": r"sums?|prices?|fines?|salar(?:y|ies)|wages?|fares?|fees?",
    "named": r"names?|titles?",
    "duration": r"durations?",
    "count": r"numbers?|percent(?:age)?|shares?|proportions?|quantit(?:y|ies)|amounts?",
    "date": r"years?|dates?|days?|months?|centur(?:y|ies)|decades?|weeks?",
}
"""The nouns by which each sort is asked for."""
_ASKED_FOR = re.compile(
    r"\b(?:which|what|whose)((?: (?!(?:is|are|was|were|be|do|does|did|has|have|had|can|could|will|would|may|might"
    r"|should|shall|the|an?|of|in|on|to|by|for|from|with|and|that)\b)[\w’'-]+){1,4})"
    r"|\b(?:what|which) (?:is|was|are|were) the ([\w-]+(?: [\w-]+)?)(?= (?:of|for)\b)",
    re.I,
)
# "Who", "how long", "why": the sorts that are asked for without a noun.
_PHRASED: tuple[tuple[Sort, re.Pattern[str]], ...] = (
    ("reason", re.compile(r"\bwhy\b|\bwhat (?:reason|cause|caused|led)\b|\bfor what (?:reason|purpose)\b", re.I)),
    ("age", re.compile(r"\bhow old\b|\bwhat age\b", re.I)),
    ("duration", re.compile(r"\bhow (?:long|many (?:\w+ )?(?:years|months|weeks|days|hours|minutes|seconds))\b", re.I)),
    (
        "money",
        re.compile(
            r"\bhow much\b.*\b(?:cost|costs|pay|pays|paid|spend|spent|earn|earns|earned|worth|charge|charges|charged"
            r"|invest|invested|lend|lent|owe|owes|owed|money|receive|receives|received|price|priced)\b",
            re.I,
        ),
    ),
    ("count", re.compile(r"\bhow (?:many|much)\b", re.I)),
    ("date", re.compile(r"\b(?:when|since when)\b", re.I)),
    ("person", re.compile(r"\b(?:who|whom|whose)\b", re.I)),
    ("place", re.compile(r"\bwhere\b", re.I)),
)

_HELPER = re.compile(r" (?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|might)\b", re.I)
_QUESTION_WORD = re.compile(r"\b(?:who|whom|whose|what|which|when|where|why|how)\b", re.I)

_CAPITALISED = r"[A-ZÀ-Þ][\w’'-]*\w"
_NAME = re.compile(rf"{_CAPITALISED}(?: (?:(?:of|the|de|del|da|von|van|bin|al|on|and) )?{_CAPITALISED})*")
_NO_NAME = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|october"
    r"|november|december|the|an?|in|on|at|it|he|she|they|his|her|its|their|this|that|these|those|we|you|but|and|as|if"
    r"|for|from|with|by|after|before|when|while|under|one|two|half|nobody|not|no|all|most|both|many|some|other|each"
    r"|there|then|now|what|who|how|why|which|where|since|until|during|according|mr|mrs|ms|dr|president|minister",
    re.I,
)
# What is too large to be a city, a river, an island.
_LARGE = re.compile(
    r"(?:(?:North|South|Central|Latin|East|West) )?(?:Africa|America|Asia|Europe)|(?:West|East)ern Hemisphere"
)
_SOMEONE = re.compile(
    rf"\b((?:{_CAPITALISED} )?{_CAPITALISED})(?:[-’]born\b|,| (?:who|told|said|says|had|has|was|is|\w+ed)\b"
    r"|(?: [\w-]+){0,2}? (?:nationals?|citizens?|m[ae]n|wom[ae]n|people|cook|nurse|judge|pilot|student"
    r"|[\w-]+(?:er|or|ist|ian|ant|cian)s?)\b)"
)
"""A word that may say of which people someone is: "Danish cook" and "the Dane told", but not "Danish government"."""
_MONEY = re.compile(
    r"[$€£¥]\s?\d|\b(?:dollars?|euros?|pounds?|francs?|cents?|yen|yuan|rupees?|kwacha|pesos?|kron[ae]r?|roubles?"
    r"|rubles?|bitcoins?|reals?|reais|shillings?|free of charge|without (?:a|any) (?:fee|charge))\b",
    re.I,
)
_SMALL = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
)
_AGE = re.compile(
    rf"\baged?\b|\b(?:\d+|{_SMALL})[- ]years?[- ]old\b|, \d{{1,3}}(?:,|\.|$)|\bof \d\d\b|\bfor (?:\d+|{_SMALL})$"
    rf"|\b(?:\d+|{_SMALL})\b(?! percent)",
    re.I,
)
_DURATION = re.compile(
    rf"\b(?:\d[\d.,]*|an?|{_SMALL}|half|several|few)[ -](?:\w+ )?(?:a )?"
    r"(?:century|centuries|decades?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|nights?)\b"
    r"|\b(?:since|until|overnight|for (?:decades|centuries|years|months|weeks|days|hours))\b",
    re.I,
)
_WAYS: dict[str, str] = {
    "from": "from|of|in",
    "to": "to|in|for|at",
    "in": "in|at|on|near",
    "at": "at|in|on",
    "on": "on|in|at",
}
"""The prepositions that an answer may have for that of the question."""
_PREPOSITION = "with|from|to|in|at|on|for|by|of|against|about|near|under|through|into"
_AT_END = re.compile(rf"\b({_PREPOSITION})\W*$", re.I)
_AT_START = re.compile(rf"^\W*({_PREPOSITION}) (?:which|what|whom|where)\b", re.I)
_REACH = 60
"""Characters between a preposition and the name that it goes with: "with the communist government of Cuba"."""


@dataclass(frozen=True)
class Sought:
    """What a question wants to hear: its sort, the noun by which it asks, the preposition that it leaves at its end.

    ``governor`` is the word before that preposition: "pact" in "sign a pact with?".
    """

    question: str
    sort: Sort
    noun: str
    preposition: str
    governor: str

    @property
    def is_plain(self) -> bool:
        """Whether a sentence that offers such a thing can be told from one that does not: names are everywhere."""
        return self.sort in ("country", "money", "duration", "date", "reason")

    @cached_property
    def _countries(self) -> frozenset[str]:
        return countries(self.question)

    @property
    def _small(self) -> bool:
        """Whether a place is sought that is no country."""
        return (
            self.sort == "place"
            and bool(self.noun)
            and not self.noun.startswith(("place", "location", "region", "area"))
        )

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(re.findall(r"\w+", self.question.lower()))

    def offered(self, sentence: str) -> bool:
        """Whether a sentence has something of the sort that the question does not name itself."""
        match self.sort:
            case "country":
                of_someone = self.noun.startswith("nationalit")
                told = (
                    {people for found in _SOMEONE.finditer(sentence) for people in peoples(found.group(1))}
                    if of_someone
                    else countries(sentence)
                )
                return bool(told - self._countries)
            case "place":
                return (not self._small and bool(countries(sentence) - self._countries)) or self._new_name(sentence)
            case "named":
                return self.noun.rstrip("s") in sentence.lower() or self._new_name(sentence)
            case "person" | "body":
                return self._new_name(sentence)
            case "money":
                return _MONEY.search(sentence) is not None
            case "age":
                return _AGE.search(sentence) is not None
            case "duration":
                return _DURATION.search(sentence) is not None
            case "count":
                return gives_number(sentence)
            case "date":
                return gives_time(sentence)
            case "reason":
                return gives_reason(sentence)
        return True

    def goes_with(self, sentence: str) -> bool:
        """Whether what is offered stands as the question has it.

        That is after its preposition, and after the word that the preposition goes with: "sign a pact with?" is
        answered by "a pact with Cuba". A "treaty" must be called one.
        """
        called = self._called(sentence)
        if self.sort == "named" and self.noun not in ("name", "title"):
            return called
        if not self.preposition or self.sort not in _SORTS_OF_NAMES or (called and self.sort != "country"):
            return self.offered(sentence)
        # "The Dane", "Norwegian lawmakers": where someone is from
        if self.preposition in ("from", "of") and countries(sentence) - self._countries:
            return True
        ways = _WAYS.get(self.preposition, self.preposition)
        governor = rf"\b{re.escape(self.governor)}\w*[^.;:]{{0,{_REACH}}}?" if self.governor else ""
        found = re.search(rf"{governor}\b((?:{ways}) [^.;:,“”]{{1,{_REACH}}})", sentence, re.I)
        return found is not None and self.offered(found.group(1))

    def _called(self, sentence: str) -> bool:
        """Whether a sentence calls something what the question calls it: "the newspaper El Norte"."""
        noun = re.escape(self.noun.removesuffix("s"))
        return bool(noun) and re.search(rf"\b{noun}", sentence, re.I) is not None

    def _new_name(self, sentence: str) -> bool:
        for found in _NAME.finditer(sentence):
            name = found.group() if self.sort == "place" and not self._small else without_countries(found.group())
            name = _LARGE.sub(" ", name) if self._small else name
            words = [word for word in re.findall(_CAPITALISED, name) if not _NO_NAME.fullmatch(word)]
            opens = not re.search(r"\w", sentence[: found.start()])
            if opens and len(words) == 1 and found.group() == words[0] and not _goes_on(sentence[found.end() :]):
                continue
            if any(word.lower() not in self._words and word.lower().rstrip("s") not in self._words for word in words):
                return True
        return False


def _goes_on(rest: str) -> bool:
    """Whether what follows the first word of a sentence lets it be a name: a comma, a verb, "’s"."""
    return re.match(r"(?:’s|'s|,| (?:is|was|has|had|will|would|said|says|told|\w+ed)\b)", rest) is not None


def sought(question: str) -> Sought:
    """What a question wants to hear."""
    found = _ASKED_FOR.search(question)
    phrase = [re.sub("['’]s$", "", word) for word in _phrase(found)] if found else []
    known = ((sort, word) for word in phrase for sort, nouns in _NOUNS.items() if re.fullmatch(nouns, word))
    first = _QUESTION_WORD.search(question)
    asked = first.start() if first else 0
    sort: Sort = next((sort for sort, pattern in _PHRASED if pattern.match(question, asked)), "")
    noun = ""
    if phrase:
        helped = found and _HELPER.match(question, found.end())
        other: Sort = "named" if question[asked : asked + 5].lower() == "which" else sort
        sort, noun = next(known, (other, phrase[-1 if helped else 0]))
    at = _AT_END.search(question) or _AT_START.search(question)
    governor = re.search(r"(\w{4,}) $", question[: at.start()]) if at else None
    come = governor and governor.group(1).lower() in ("come", "comes", "came")
    return Sought(
        question, sort, noun, at.group(1).lower() if at else "", governor.group(1) if governor and not come else ""
    )


def _phrase(found: re.Match[str]) -> list[str]:
    """The words after "which" or "what", up to the verb."""
    return (found.group(1) or found.group(2)).lower().split()
