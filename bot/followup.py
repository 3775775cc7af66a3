"""The rules that make a follow-up stand alone.

A pronoun gives way to what it most likely means, a fragment ("And Venezuela?") is put into the question before it,
and a question too thin to search with gets the topic of the one before, in brackets.
"""

import re
from collections.abc import Sequence
from itertools import islice

from bot.said import Said, short
from bot.wording import (
    ACTING,
    AUXILIARY,
    CLAUSE,
    DO,
    MONTH,
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
    kind,
    named,
    names,
    pattern,
    people,
    phrases,
    plurals,
)

PRONOUNS = 4
"""How many pronouns of a question are looked at."""


LITTLE = 4
"""A question with more words of its own than these says what it is about."""


def rewritten(asked: str, said: Sequence[Said]) -> str:
    """The question with what it takes from the turns before, the last one first; empty where it takes nothing."""
    if not said:
        return ""
    return _completed(asked, said[0]) or _resolved(asked, said) or _continued(asked, said[0])


# Fragments: "And Venezuela?", "Why?", "In which countries?"

_AND = pattern(r"^(?:(?:and|but|so|ok|okay|well)\b,? )+")
_ABOUT = pattern(r"^(?:what|how) about ")
_QUESTION_ONLY = pattern(
    rf"(?:{PREPOSITION} )?{QUESTION_WORD}(?: (?:else|exactly|not))?"
    rf"(?: (?!(?:{AUXILIARY}|{VERB}|{PERSONAL}|{PREPOSITION})\b)(?!\w+s \w)[\w-]+){{0,2}}"
)
_LONGEST_FRAGMENT = 6


def _completed(asked: str, last: Said) -> str:
    """A fragment, put into the question before it."""
    text = asked.rstrip(" ?!.")
    bare = _AND.sub("", text)
    if _QUESTION_ONLY.fullmatch(bare):
        return _asked_again(bare, last)
    given = _ABOUT.sub("", bare)
    is_sentence = pattern(rf"\b(?:{AUXILIARY}|{QUESTION_WORD})\b").search(given)
    if given == text or not given or is_sentence or len(given.split()) > _LONGEST_FRAGMENT:
        return ""
    swapped = _swapped(given, last.question) if last.aux or last.wh else ""
    return f"{_opened(swapped)}{f' ({last.bracket})' if last.bracket else ''}?" if swapped else _joined(asked, last)


def _asked_again(question_word: str, last: Said) -> str:
    """The question before, with another question word."""
    noun, rest = last.noun, last.rest
    if not last.aux or (not pattern(DO).match(last.aux) and pattern(rf"(?:\w+(?:ing|en)|be|{VERB})\b").match(rest)):
        noun, rest = "", f"{noun} {rest}"
    return _opened(" ".join(f"{question_word} {last.aux.lower()} {rest} {noun}".split())) + "?"


def _swapped(given: str, question: str) -> str:
    """The question with ``given`` in the place of what is of its kind there, if anything is."""
    thing = pattern(rf"^{PREPOSITION} ").sub("", given)
    if pattern(rf"\b{TIME}\b").search(thing):
        leading = r"(?:\b(?:on|in) )?" if thing != given else ""
        times = pattern(rf"{leading}(?:\b{MONTH} )?\b{TIME}\b").finditer(question)
        return _put(given, question, [time.span() for time in times][-1:]) or f"{question} {given}"
    spans = [phrase.span() for phrase in phrases(question)]
    name = next(iter(names(thing)), "")
    wanted = kind(name) if name else "person" if pattern(rf"\b{ROLE}$").search(thing) else None
    if wanted is None:
        return _put(thing, question, spans[-1:])
    alike = [(at, at + len(other)) for at, other in named(question) if kind(other) == wanted]
    if wanted == "person":
        return _put(thing, question, alike[:1])
    around = [span for span in spans if name != thing and any(span[0] <= at < span[1] for at, _ in alike)]
    return _put(thing if around else thing.removeprefix("the "), question, around[-1:] or alike[-1:])


def _put(given: str, text: str, where: list[tuple[int, int]]) -> str:
    return "".join(text[:start] + given + text[end:] for start, end in where)


# Pronouns, and "the agreement" that was named before

_PRONOUN = pattern(
    r"\b(?:(?P<person>he|him|his|she|her|hers)|(?P<group>they|them|their|theirs)|(?P<thing>it|its)|(?P<place>there)"
    r"|(?P<pointed>this|that|these|those))\b"
)
_DEFINITE = pattern(
    rf"\b(?P<det>the|this|that|these|those)(?= (?!{TIME}\b)(?P<noun>[\w-]+)"
    rf"(?: (?:{AUXILIARY}|{VERB}|in|at|by)\b|\W*$| \w+\W*$))"
)
_OBVIOUS = r"(?:(?:un)?(?:likely|clear|known|necessary|common|fair|safe)|(?:im)?possible|(?:il)?legal|important|said)"
_IMPERSONAL = pattern(
    rf"it(?:['’]| (?:(?:is|was|be|been|not) )*(?:true \w|{_OBVIOUS} (?:that|to|for|how|whether)"
    r"|\w+ed (?:this \w+ )?(?:that|how|whether|when)|(?:seem|appear)s? |turn(?:s|ed) out"
    r"|that|who|from \w|mean (?:to|for|when|that)|(?:take|cost)s? \w+ \w+))"
)
_SENTENCE_BEFORE = pattern(r".{20,}\w{3}[.?!:]\W")
_EVENT = pattern(r"\b(?:happen|occur|take place|begin|start)")
_NOT_POINTED_AT = pattern(
    rf" (?:{TIME}|morning|afternoon|evening|summer|winter|spring|autumn|season|who|whose|\w+ (?:who|that|which)"
    rf"|{PREPOSITION})s?\b"
)
_SUBJECT_NEXT = pattern(rf"^(?:(?:{PREPOSITION} )?{QUESTION_WORD} (?:\w+ )?{AUXILIARY} )?$|\b{PREPOSITION} $")


def _resolved(asked: str, said: Sequence[Said]) -> str:
    """The question with its pronouns, or its "the agreement", in the meaning that they have from before."""
    done, at, unclear, points = "", 0, False, False
    for found in islice(_PRONOUN.finditer(asked), PRONOUNS):
        sort, word = found.lastgroup or "", found.group().lower()
        before, after = done + asked[at : found.start()], asked[found.end() :]
        if _means_within(sort, word, before, after):
            continue
        meant = _meant(sort, word, before, after, said)
        unclear = unclear or not meant
        points = points or (sort == "pointed" and not after.strip(" ?!."))
        if meant:
            done, at = before + meant, found.end()
    text = done + asked[at:] if done else _defined(asked, said)
    if points or (unclear and not text and len(_own(asked)) <= LITTLE):
        return _joined(text or asked, said[0])
    return _opened(text)


def _means_within(sort: str, word: str, before: str, after: str) -> bool:
    """Whether a pronoun means something in its own question, or nothing at all."""
    if sort == "place":
        counted = pattern(r"how m|what|which").match(before)
        exists = pattern(rf"\b(?:{AUXILIARY}|been|be) $").search(before) and (counted or after[:1] == " ")
        return bool(exists or pattern(rf" {AUXILIARY}\b").match(after))
    if sort == "pointed":
        return not _points(word, before, after)
    if _SENTENCE_BEFORE.match(before):
        return True
    if word == "it" and _IMPERSONAL.match(f"it{after}"):
        return True
    owns = _owns(word, after)
    inverted = not owns and pattern(rf"\b{AUXILIARY} $").search(before)
    scope = before[: len(before) - len(re.split(r",|\band\b|\bbut\b", before)[-1])] if inverted else before
    if owns and _asks_for_owner(word, before):
        return True
    if not _holds_meaning(sort, scope):
        return False
    is_subject = inverted or pattern(rf" (?:{AUXILIARY}|{VERB}s?)\b").match(after)
    return bool(owns or is_subject or pattern(rf"\b(?:{CLAUSE}|\w+ing)\b.* |, ").search(scope[1:]))


def _owns(word: str, after: str) -> bool:
    return word in ("his", "its", "their") or (word == "her" and bool(pattern(f" {WORD}").match(after)))


def _asks_for_owner(word: str, before: str) -> bool:
    """Whether the question asks who owns: "Which country withdrew its troops", but not "What is its role"."""
    asks = pattern(r"(?:who|which|what)\b.* $").match(before)
    helped = pattern(rf"\b{DO}\b|\b(?!ha[sd]|have){AUXILIARY} $").search(before)
    several = pattern(r"(?:which|what) (?:\w+ )?(?!has|was|is)\w+s ").match(before)
    return bool(asks and not helped and not (word == "its" and several))


def _holds_meaning(sort: str, scope: str) -> bool:
    """Whether the words before a pronoun hold what it may mean."""
    if sort == "person":
        return bool(people(scope) or pattern(rf"\b(?:an?|which|what|the) (?:\w+ )?{ROLE}\b").search(scope))
    words = pattern(rf"^{QUESTION_WORD}\b(?! [\w-]+ {VERB})").sub("", scope)
    things = [name for name in names(words) if kind(name) != "demonym"] or phrases(words)
    asked = pattern(rf"(?:which|what)(?: (?!{DO}\b)[\w-]+){{1,4}} {VERB}s? ").match(scope)
    return bool(things or asked or (sort == "group" and plurals(words)))


def _points(word: str, before: str, after: str) -> bool:
    """Whether a "that" or "this" points at something said before."""
    if _NOT_POINTED_AT.match(after):
        return False
    if word != "that" or not after.strip(" ?!."):
        return not ("," in before and before.count(" ") > 4)
    return bool(_SUBJECT_NEXT.search(before) and pattern(f" {WORD}").match(after))


def _meant(sort: str, word: str, before: str, after: str, said: Sequence[Said]) -> str:
    """What a pronoun means, in the form that it has there."""
    if sort == "pointed" or (sort == "thing" and _EVENT.search(after)):
        return ""
    acts = word == "it" and pattern(rf" {ACTING}\b").match(after)
    choices = (short(choice) for turn in said for choice in _choices(sort, turn, bool(acts)))
    meant = next((c for c in choices if c and c.removeprefix("the ") not in f"{before} {after}"), "")
    if meant and _owns(word, after):
        owner = core(meant)
        return owner + ("’" if owner.endswith("s") else "’s")
    return meant.split(" ", 1)[-1] if sort == "place" and before.endswith("from ") else meant


def _choices(sort: str, turn: Said, acts: bool) -> list[str]:
    if sort == "thing":
        return [*(turn.bodies if acts else ()), *turn.things]
    return [turn.person if sort == "person" else turn.group if sort == "group" else turn.place]


def _defined(asked: str, said: Sequence[Said]) -> str:
    """The question with its bare "the lawmaker" or "that agreement" as a turn before names it in full."""
    if len(_own(asked)) >= LITTLE:
        return ""
    for found in _DEFINITE.finditer(asked):
        determiner, noun = found["det"].lower(), found["noun"]
        pointed = _points(determiner, asked[: found.start()], asked[found.end() :])
        if names(asked) if determiner == "the" else not pointed:
            continue
        for turn in said:
            full = [turn.asked_noun] if noun in turn.noun.split() else []
            for phrase in (*phrases(turn.spoken), *phrases(turn.answer)):
                full += [f"the {phrase['core']}{phrase['more']}"] if phrase["core"].split()[-1] == noun else []
            if pattern(ROLE).fullmatch(noun):
                full = [f"the {noun} {name}" for name in turn.holders(noun)]
            if best := next((short(phrase) for phrase in full if len(phrase.split()) > 2), ""):
                return asked[: found.start()] + best + asked[found.end() + 1 + len(noun) :]
    return ""


# Questions too thin to search with

_GOES_ON = pattern(
    r"\b(?:afterwards?|else|as well|too|then|next|later|so|also|instead|exactly|(?:after|before) that)\b"
)
_SAYS_LITTLE = pattern(rf"{STOP}|{VAGUE}|be|been|others?|another|many|much|(?:any|every|some)\w+")
_OTHER = pattern(r"\b(?:other|another|others)\b(?! \w+ (?:for|of|to))")
_LEANS = pattern(r"who\b|(?:what|which|how many|how much) (?!is|are|was|were)")
_DEFINITE_NOUN = pattern(rf"\bthe (?:{WORD} )?({WORD})")
_ONLY_DEFINITE = pattern(rf"(?:{QUESTION_WORD}|{AUXILIARY}|be| )+the (?:[\w-]+ )?(?:[\w-]+ and )?(?!{VERB}\b)[\w-]+\W*")


def _continued(asked: str, last: Said) -> str:
    """A question with too little of its own to search with, and the topic of the one before."""
    own = _own(asked)
    if _GOES_ON.search(asked) and len(own) <= 3:
        return _joined(asked, last)
    if names(asked) or len(own) > 2:
        return ""
    nouns = [word for word in own if not pattern(rf"{VERB}s?|\w+ing").fullmatch(word)]
    heard = f"{last.question} {last.answer}".lower()
    known = any(word.lower() in heard for word in _DEFINITE_NOUN.findall(asked))
    thin = len(own) <= 1 and (not nouns or _LEANS.match(asked))
    return _joined(asked, last) if thin or known or _OTHER.search(asked) or _ONLY_DEFINITE.fullmatch(asked) else ""


def _own(asked: str) -> list[str]:
    """The words of a question that say what it is about."""
    return [word for word in re.findall(r"[\w-]+", _GOES_ON.sub(" ", asked)) if not _SAYS_LITTLE.fullmatch(word)]


def _joined(asked: str, last: Said) -> str:
    return f"{_opened(asked).rstrip(' ?!.')} ({last.topic})?" if last.topic else ""


def _opened(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:] if sentence[:1].isascii() else sentence
