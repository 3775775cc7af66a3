"""What a sentence leans on: the sentences around it without which a quote would not say who or what it is about."""

import re
from collections.abc import Callable, Sequence
from itertools import chain

from bot.speech import VERBS
from ingest.article import Span

REACH = 6
"""Sentences to look at on each side for who speaks, and back for who "he" is."""
NEAR = 3
"""Sentences to go back for a thing that is mentioned again."""
STEPS = 2
"""How often what is leaned on may lean in its turn."""

_PRONOUNS = {
    **dict.fromkeys(("he", "him", "his"), "he"),
    **dict.fromkeys(("she", "her", "hers"), "she"),
    **dict.fromkeys(("they", "them", "their", "theirs"), "they"),
}
_PEOPLE = frozenset(_PRONOUNS.values())
_BEFORE = "before"
"""What is leaned on is the sentence before, not someone who may have been named further back."""

_PRONOUN = rf"(?i:{'|'.join(_PRONOUNS)}|it|its)\b"
_SPAN = "day|week|weekend|month|year|decade|century|morning|afternoon|evening|night|spring|summer|fall|autumn|winter"
_DATE = (
    "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October"
    "|November|December"
)
_START = r"[\s\"'“‘«(\[]*"
_LEAD = rf"{_START}(?i:(?:and|but|so|yet|then|now|however|instead|still|meanwhile|later|also),? )?"
_PHRASE = (
    rf"{_START}(?:In|On|At|By|For|With|Without|After|Before|During|From|Under|Despite|As|When|While|Since|Until|To"
    r"|Among|Through|Like|Unlike|Although|Though|If|Because)"
)
# A pronoun that a sentence opens with, or in its first phrase, or right after that, before anyone is named.
_WHO = re.compile(
    rf"{_LEAD}{_PRONOUN}"
    rf"|{_PHRASE} (?:[^A-ZÀ-Þ.;]{{0,60}}?(?<!\w)(?i:he|him|his|she|hers?)\b"
    rf"|(?:(?!\b(?:the|an?)\b)[^A-ZÀ-Þ.;]){{0,60}}?(?<!\w){_PRONOUN})"
    rf"|{_START}(?:In|On|At|By|During|Since|Until) (?:(?!the |an? )[\w.’'-]+,? ){{1,4}}?(?:he|she|they|it)\b"
)
# "It is unclear whether", and "After losing his seat, Trump": what is meant is said at once.
_SELF_SAID = re.compile(
    rf"{_LEAD}(?i:it) (?:is|was|remains|seems) (?:\w+ )?\w+ (?:that|whether|how|why|who|what|where|if)\b"
    rf"|{_PHRASE} \w+ing\b[^,]*, [A-ZÀ-Þ]"
)
# "This means", but not "This June"; "that year", but not "those who".
_POINTS = re.compile(
    rf"{_LEAD}(?i:this|these)\b(?! (?:{_DATE}|{_SPAN}|time)\b)|{_LEAD}(?i:that|those)\b(?! (?:who|in|with|of)\b)"
    rf"|{_LEAD}(?i:both|such|the (?:former|latter|two|pair|same|\d+-year-old))\b"
    rf"|\D*\bthat (?:same )?(?:{_SPAN})\b(?! (?:that|when|which|in)\b)"
)
# "The agreement is", "the ambassador told", with nothing to say which.
_THING = re.compile(rf"{_LEAD}[Tt]he ([a-z]{{3,}}) (?!(?:of|with|for|between|in|on|at|that|which|who|to|from)\b)[a-z]")
_TAKES_UP = re.compile(
    "accident|accord|agreement|announcement|attack|claims?|comments?|deal|decision|efforts?|figures?|findings?|incident"
    "|measures?|move|news|pact|plans?|proposals?|remarks?|results?|ruling|statement|suspects?|verdict|victims?"
)
"""Nouns that take up what may have been told in other words."""

_SPOKEN = re.compile(rf"\b(?:{VERBS})\b|\baccording to\b", re.I)
# "he said", "said he", "the minister said": someone speaks who is not named.
_SOMEONE = r"(?:[Hh]e|[Ss]he|[Tt]hey|[Tt]he ([a-z]{3,}))"
_UNNAMED = re.compile(
    rf"\b{_SOMEONE} (?:\w+ly |had |has |also |then )?(?:{VERBS})\b|(?:^|, ?)\s*(?:{VERBS}) {_SOMEONE}\b"
)
_NAME = re.compile(rf"(?<!^)(?<![.!?“\"] )\b(?!(?:{_DATE})\b)[A-ZÀ-Þ][\w’'-]+")
_WORD = re.compile(r"\w+")
_QUOTED = re.compile(r"„[^“”]*(?:[“”]|$)|“[^”]*(?:”|$)|\"[^\"]*(?:\"|$)|«[^»]*(?:»|$)")


def leaning(text: str, sentences: Sequence[Span], at: int) -> tuple[int, ...]:
    """The numbers of the sentences to quote when sentence ``at`` is quoted, in order, itself among them.

    A sentence of a quotation needs the one that says who speaks; "he said" and "in his view" need the last sentence
    that names him; a bare "it", "this" or "the agreement" needs the sentence before.
    """
    article = _Told(text, sentences)
    speaking = article.speaker(at)
    needed = {at, speaking, *article.support(at, article.leans(at))}
    if speaking != at:
        needed |= article.support(speaking, _unnamed(article.own_words(speaking)))
    return tuple(sorted(needed))


class _Told:
    """The sentences of an article, as they hang together."""

    def __init__(self, text: str, sentences: Sequence[Span]) -> None:
        self._text = text
        self._sentences = sentences

    def sentence(self, at: int) -> str:
        return self._sentences[at].of(self._text)

    def speaker(self, at: int) -> int:
        """The sentence that says who speaks in ``at``: itself, if it is no quotation or if nobody does."""
        first = last = at
        while first > max(0, at - REACH) and self._quoted_on(first):
            first -= 1
        while last + 1 < min(len(self._sentences), at + REACH) and self._quoted_on(last + 1):
            last += 1
        if first == at and not self.sentence(at).startswith(("“", "„", "«", '"')):
            return at
        for n in chain(range(at, last + 1), range(at - 1, first - 1, -1)):
            if _SPOKEN.search(self.own_words(n)):
                return n
        # Nothing but quotation: its speaker is the one who was last heard of.
        before = self._back(first, skip=lambda n: not self.own_words(n))
        return at if self.own_words(at) or not self.own_words(before) else before

    def leans(self, at: int) -> set[str]:
        """What a sentence points back at: "he", "she" or "they", a thing by its noun, or what was told before."""
        sentence, found = self.sentence(at), _unnamed(self.own_words(at))
        if (who := _WHO.match(sentence)) and not _SELF_SAID.match(sentence):
            found |= _people(who[0]) or {_BEFORE}
        if _POINTS.match(sentence):
            found.add(_BEFORE)
        if (thing := _THING.match(sentence)) and (_TAKES_UP.fullmatch(thing[1]) or self._mentions(at - 1, thing[1])):
            found.add(thing[1])
        return found

    def support(self, at: int, pointed: set[str], steps: int = STEPS) -> set[int]:
        """The sentences that say what a sentence points back at, and those that these need themselves."""
        found: set[int] = set()
        if at > 0 and steps:
            for what in pointed:
                n = self._meant(at, what)
                named = what in _PEOPLE and _NAME.search(self.sentence(n))
                found |= {n} if named else {n} | self.support(n, self.leans(n), steps - 1)
        return found

    def _meant(self, at: int, what: str) -> int:
        """The sentence before ``at`` in which that person or thing comes up."""
        if what in _PEOPLE:
            return self._back(at, skip=lambda n: what in self.leans(n) or not self.own_words(n))
        near = range(at - 1, max(at - 1 - NEAR, -1), -1)
        return next((n for n in near if what != _BEFORE and self._mentions(n, what)), self._back(at))

    def _mentions(self, at: int, noun: str) -> bool:
        return at >= 0 and re.search(rf"\b{noun}\b", self.sentence(at), re.I) is not None

    def _back(self, at: int, skip: Callable[[int], bool] = lambda _: False) -> int:
        """The last sentence before ``at`` that is no heading and need not be skipped."""
        before = at - 1
        while before > max(0, at - REACH) and (self._heading(before) or skip(before)):
            before -= 1
        return max(before, 0)

    def _heading(self, at: int) -> bool:
        return self.sentence(at)[-1].isalnum()

    def own_words(self, at: int) -> str:
        """A sentence without what is quoted in it: the words of whoever reports."""
        sentence = self.sentence(at)
        if self._quoted_on(at):
            closing = [place for place in map(sentence.find, '”»"') if place >= 0]
            sentence = sentence[min(closing) + 1 :] if closing else ""
        own = _QUOTED.sub(" ", sentence).strip()
        return own if any(map(str.isalnum, own)) else ""

    def _quoted_on(self, at: int) -> bool:
        """Whether a quotation that began earlier in the paragraph is still open where the sentence begins."""
        start = self._sentences[at].start
        before = self._text[self._text.rfind("\n\n", 0, start) + 1 : start]
        opening, closing = ("„", "“”") if "„" in before else ("“«", "”»")
        return _count(before, opening) > _count(before, closing) or before.count('"') % 2 == 1


def _unnamed(own: str) -> set[str]:
    """Who speaks in the words of a sentence, where they do not name anyone before."""
    spoken = _UNNAMED.search(own)
    if not spoken or _NAME.search(own[: spoken.start()]):
        return set()
    noun = spoken[1] or spoken[2]
    return {noun} if noun else _people(spoken[0])


def _people(words: str) -> set[str]:
    """The pronouns of people among some words: "he", "she", "they"."""
    return {_PRONOUNS[word] for word in _WORD.findall(words.lower()) if word in _PRONOUNS}


def _count(text: str, marks: str) -> int:
    return sum(map(text.count, marks))
