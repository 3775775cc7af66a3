"""A turn of a conversation, read: its question taken apart, and what a pronoun after it may mean."""

import re
from dataclasses import dataclass
from functools import cached_property

from bot.answer import REFUSAL
from bot.wording import (
    AUXILIARY,
    BARE,
    DO,
    NAME,
    PERSONAL,
    PREPOSITION,
    QUESTION_WORD,
    ROLE,
    STOP,
    TIME,
    VAGUE,
    VERB,
    WORD,
    core,
    is_plural,
    kind,
    listed,
    named,
    names,
    pattern,
    people,
    phrases,
    plurals,
)

PUT_IN, WIDTH = 12, 120
"""The most words, and characters, that are taken from them at once."""

SURE = 3.0
"""How surely a name that only an answer holds must be a person's to be meant: see ``people``."""

_ASKING = pattern(
    rf"^(?:(?:and|but|so|ok|well),? )*(?P<wh>(?:{PREPOSITION} )?{QUESTION_WORD})(?:['’]s)?(?: else)?\b"
    rf"(?:(?P<noun>(?: (?!(?:{AUXILIARY}|{VERB}(?! {AUXILIARY})|{PERSONAL})\b)[\w'’.-]+){{0,5}}?)"
    rf" (?P<aux>{AUXILIARY})\b)?"
    r"(?P<rest>.*)$"
)
_WITHOUT_AUXILIARY = pattern(rf"^(?P<noun>(?: (?!(?:{VERB}|\w+s)\b)[\w-]+){{0,4}} [\w-]+)(?P<rest> {VERB}s?\b.*)$")
_YES_OR_NO = pattern(rf"^(?P<aux>{AUXILIARY}) (?P<rest>.*)$")
_TOLD = pattern(r"^(?:(?:tell me|describe|explain)(?: more)?(?: about)? )?(?P<rest>.*)$")
_NOT_ASKED_FOR = pattern(rf"\b(?:{ROLE}|{TIME}|(?!people){VAGUE})s?\b")
_PLACE_ASKED = pattern(r"where|\b(?:place|island|city|town|country|countries)$")
_WHERE = re.compile(r"\b(?:in|on|at|to|from|of|near|before|with) (?:the )?(?=[A-ZÀ-Þ])")
_BRACKET = re.compile(r"\s*\(([^()]*)\)\W*$")
_MARKS = re.compile(r"\[\d+\]|https?://\S{1,200}|<[^<>]{1,60}>|[^\w\s.,;:!?'’“”\"&-]")


@dataclass(frozen=True)
class Said:
    """A turn, read. "Which treaty did Russia sign" has the noun "treaty", the auxiliary "did", the rest "Russia sign".

    ``bracket`` is the topic that was joined to the question when it was made to stand alone. What is missing is empty.
    """

    question: str
    answer: str
    wh: str = ""
    noun: str = ""
    aux: str = ""
    rest: str = ""
    bracket: str = ""

    @classmethod
    def read(cls, question: str, answer: str) -> "Said":
        """Read a turn. Only its words are kept."""
        answer = _clean(answer)
        bracket = _clean(found[1]) if (found := _BRACKET.search(question)) else ""
        question = _clean(_BRACKET.sub("", question)).rstrip(" ?!.")
        answer = "" if answer == REFUSAL else answer
        asking = _ASKING.match(question) or _YES_OR_NO.match(question) or _TOLD.match(question)
        parts = {name: (part or "").strip() for name, part in asking.groupdict().items()} if asking else {}
        nominal = pattern(r"(?:what|which|whose|many|much)$").search(parts.get("wh", "")) and not parts["aux"]
        if nominal and (found := _WITHOUT_AUXILIARY.match(f" {parts['rest']}")):
            parts |= {name: part.strip() for name, part in found.groupdict().items()}
        return cls(question, answer, bracket=bracket, **parts)

    @cached_property
    def topic(self) -> str:
        """What the question is about, as the words of it that do not ask."""
        return short(self.bracket or f"{self.noun} {self.rest}")

    @cached_property
    def spoken(self) -> str:
        return f"{self.question}, {self.bracket}" if self.bracket else self.question

    @cached_property
    def bodies(self) -> list[str]:
        """The countries, places and organisations that the question names."""
        return [name for name in names(self.spoken) if kind(name) in ("place", "body")]

    @cached_property
    def person(self) -> str:
        """Whom "he" may mean: who is the answer of a "who", else whom the question names, or the answer presents."""
        asked = people(self.spoken)
        new = [(score, name) for score, name in people(self.answer, self.question) if name not in self.spoken]
        best = max(new, default=(0.0, ""), key=lambda person: person[0])
        asks_who = pattern(r"\bwho").search(self.wh) or pattern(rf"\b{ROLE}s?$").search(self.noun)
        if new and asks_who and not (asked and self.aux in ("is", "was", "are", "were")):
            return best[1]
        if asked or best[0] >= SURE:
            return asked[0][1] if asked else best[1]
        role = pattern(rf"\bthe (?:[\w-]+ )?{ROLE}\b(?: (?:of|to|for) (?-i:{NAME}))?").search(self.question)
        return role.group() if role else ""

    def holders(self, role: str) -> list[str]:
        """The persons of whom the turn says that they are, say, an ambassador."""
        text = f"{self.spoken}. {self.answer}"
        found = [(name, re.escape(name)) for _, name in people(text)]
        return [
            name
            for name, this in found
            if re.search(rf"{this},[^.,]{{0,40}}\b{role}\b|\b{role}\b[^.,]{{0,20}} {this}", text)
        ]

    @cached_property
    def asked_noun(self) -> str:
        """What "Which treaty did Russia sign" asks for, as "the treaty that Russia sign"."""
        if not self.noun or _NOT_ASKED_FOR.search(self.noun):
            return ""
        aux = "" if pattern(DO).fullmatch(self.aux) else self.aux
        return short(f"the {self.noun} that {aux} {self.rest}")

    @cached_property
    def things(self) -> list[str]:
        """What "it" may mean, likeliest first: what is asked for, what the question speaks of, what the answer does."""
        new = [
            f"the {found['core']}{found['more']}"
            for found in phrases(self.answer)
            if found["core"].split()[-1].lower() not in self.question.lower()
        ]
        new = [thing for thing in new if not pattern(rf"\b{ROLE}\b").search(core(thing))]
        what = pattern(r"\bwhat").search(self.wh)
        objects = new[:1] if what and self.aux and not self.noun else []
        subject = pattern(rf"^{VERB}s? ").sub("", self.rest)
        bare = not self.wh or (what and len(subject.split()) <= 4)
        subjects = [subject] if bare and not pattern(rf"\b(?:{STOP}|{VERB})\b").search(subject) else []
        found = [self.asked_noun, *self._things_asked(), *objects, *subjects, *self.bodies, *names(self.spoken), *new]
        return [short(thing) for thing in found if thing and not is_plural(thing)]

    def _things_asked(self) -> list[str]:
        things = []
        for found in phrases(self.spoken):
            thing = pattern(rf"^.*\b{VAGUE} (?:of|for) (?:the )?").sub("", f"{found['core']}{found['more']}")
            governed = pattern(rf"\b{PREPOSITION} $").search(self.spoken[: found.start()])
            ends = found.end() == len(self.question) and not found["more"]
            if ends and pattern(DO).fullmatch(self.aux) and not governed:
                thing = thing.rpartition(" ")[0]  # the verb: "When did the war end"
            if found["det"].endswith(("'s", "’s")):
                owner = pattern(rf"((?:{WORD} ){{0,3}}{WORD})['’]s$").search(self.spoken[: found.end("det")])
                things += [owner[1]] if owner else []
            if not pattern(rf"|.*\b(?:{VAGUE}|{BARE})|(?:.* )?\w|.*\b{ROLE}\b.*").fullmatch(core(thing)):
                things.append(f"the {thing}")
        return things

    @cached_property
    def group(self) -> str:
        """Whom or what "they" may mean."""
        asked = self.asked_noun if is_plural(self.noun) else ""
        several = listed(self.answer) if asked and not pattern("many$").search(self.wh) else ""
        return short(next(filter(None, [several, asked, *plurals(self.spoken), *self.bodies, self.person]), ""))

    @cached_property
    def place(self) -> str:
        """Where "there" is, with the preposition."""
        asks_where = _PLACE_ASKED.search(f"{self.wh} {self.noun}")
        for text, known in ((self.answer if asks_where else "", self.spoken), (self.spoken, "")):
            for found in _WHERE.finditer(text):
                name = next((name for at, name in named(text[found.end() :][:80]) if at == 0), "")
                if name and name not in known:
                    preposition = found.group().split()[0]
                    return f"{preposition if preposition in ('on', 'at', 'near') else 'in'} {name}"
        if asks_where and self.aux and names(self.rest):
            return f"in {names(self.rest)[0]}"
        places = [name for name in self.bodies if kind(name) == "place"]
        spoken = [f"at the {found['core']}{found['more']}" for found in phrases(self.spoken)]
        return f"in {places[-1]}" if places else short(next(iter(spoken), ""))


def short(phrase: str) -> str:
    """As many words as are put in at once."""
    words = phrase.split()[:PUT_IN]
    while words and len(" ".join(words)) > WIDTH:
        words.pop()
    return " ".join(words)


def _clean(text: str) -> str:
    return " ".join(_MARKS.sub(" ", text).split())
