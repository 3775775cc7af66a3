"""A statement taken apart for comparison: what is said in the order of who does what, when, and who says so.

There is no grammar here, only lists of small words and the order of things, so whoever compares has to be wary.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.lexical import stems, words
from bot.tokens import PARTICIPLE, Token, stem, tokens_of
from bot.wording import kind as name_kind

_SAID = frozenset(
    stems(
        words(
            "say state add note write explain announce declare report reply insist claim argue warn suggest acknowledge"
            " admit confirm reveal tell deny believe testify estimate"
        )
    )
)
_DATELINE = re.compile(r"^[A-Z]{3}[^—–]{0,50}? (?:—|–|--?) ")
SPEAKER_WORDS = 12
"""Tokens that name who said something, at most."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence, read. ``tokens`` are without dates and without who says it.

    ``said`` is the stem of the verb of saying, empty where the sentence speaks for itself.
    """

    tokens: tuple[Token, ...]
    dates: tuple[Token, ...]
    speaker: tuple[Token, ...] = ()
    said: str = ""

    @property
    def content(self) -> tuple[int, ...]:
        """Where in ``tokens`` something is said."""
        return tuple(at for at, token in enumerate(self.tokens) if token.says)


def read(text: str, *, inside: bool = False) -> Reading:
    """Read a sentence; ``inside`` says that a quotation from before goes on in it."""
    text = f"“{text}" if inside else _DATELINE.sub("", text)
    speaker, said, tokens = _attributed(tokens_of(text))
    dates = [token for token in (*tokens, *speaker) if token.kind == "date"]
    who = [token for token in speaker if token.says or token.kind in ("not", "modal")]
    return Reading(tuple(_undated(tokens)), tuple(dates), tuple(who), said)


def _undated(tokens: list[Token]) -> list[Token]:
    """The tokens without the dates and the prepositions before them; a comma after one divides nothing."""
    dates = {at for at, token in enumerate(tokens) if token.kind == "date"}
    dates |= {at for at, token in enumerate(tokens) if token.kind == "prep" and at + 1 in dates}
    soft = {at for at, token in enumerate(tokens) if token.kind == "stop" and at - 1 in dates}
    return [replace(t, text="") if at in soft else t for at, t in enumerate(tokens) if at not in dates]


# -- whom a pronoun means


def antecedent(reading: Reading, before: Reading) -> Reading | None:
    """A sentence with its first pronoun replaced by what the sentence before it is about, if that is plain.

    "He" and "she" are the only person whom the sentence before names; "it" is what that begins with.
    """
    said = [token for token in (*reading.tokens, *reading.speaker) if token.says]
    pronoun = min(said, key=lambda token: token.start, default=None)
    if reading.speaker and any(token.kind == "pronoun" for token in reading.speaker):
        pronoun = next(token for token in reading.speaker if token.kind == "pronoun")
    if pronoun is None or pronoun.kind != "pronoun" or pronoun.text not in ("he", "she", "it"):
        return None
    meant = _topic(before) if pronoun.text == "it" else _person(before)
    if not meant:
        return None
    put = [replace(token, prep=pronoun.prep, segment=pronoun.segment, owner=False) for token in meant]
    return replace(reading, tokens=_put(reading.tokens, pronoun, put), speaker=_put(reading.speaker, pronoun, put))


def _put(tokens: tuple[Token, ...], pronoun: Token, meant: list[Token]) -> tuple[Token, ...]:
    return tuple(new for token in tokens for new in (meant if token == pronoun else [token]))


def _person(before: Reading) -> list[Token]:
    named = [token for token in (*before.tokens, *before.speaker) if token.kind == "name"]
    people = {token.key: token for token in named if name_kind(token.key) == "person" and " " in token.key}
    return list(people.values()) if len(people) == 1 else []


def _topic(before: Reading) -> list[Token]:
    tokens = before.tokens
    end = next((at for at, token in enumerate(tokens) if token.kind not in ("det", "word", "name")), len(tokens))
    return [] if before.said or end > 4 else [token for token in tokens[:end] if token.says]


# -- who says it


def _attributed(tokens: list[Token]) -> tuple[tuple[Token, ...], str, list[Token]]:
    """Who says it, the stem of the verb of saying, and what is said."""
    for at, token in enumerate(tokens):
        if token.key == stem("according") and tokens[at + 1 : at + 2] and tokens[at + 1].text == "to":
            end = next((n for n in range(at, len(tokens)) if n > at and tokens[n].kind == "stop"), len(tokens))
            if at == 0 or end == len(tokens):
                return tuple(tokens[at + 2 : end]), "accord", [*tokens[: max(at - 1, 0)], *tokens[end + 1 :]]
    said = [at for at, token in enumerate(tokens) if token.says and token.key in _SAID]
    return _leading(tokens, said) or _trailing(tokens, said) or ((), "", tokens)


def _leading(tokens: list[Token], said: list[int]) -> tuple[tuple[Token, ...], str, list[Token]] | None:
    """The same of a sentence that begins so: X said that."""
    if not said or not 0 < said[0] <= SPEAKER_WORDS or any(t.kind == "verb" for t in tokens[: said[0]]):
        return None
    at, after = said[0], tokens[said[0] + 1 :]
    that = next((n for n, token in enumerate(after[:6]) if token.text == "that"), None)
    if that is not None and not any(token.kind == "verb" for token in after[:that]):
        return tuple(tokens[:at]), tokens[at].key, after[that + 1 :]
    bare = after and (after[0].kind in ("quote", "det", "name", "pronoun", "number") or after[0].text in (":", ","))
    if tokens[at].key == "say" and bare:
        return tuple(tokens[:at]), "say", after[after[0].kind == "stop" :]
    return None


def _trailing(tokens: list[Token], said: list[int]) -> tuple[tuple[Token, ...], str, list[Token]] | None:
    """The same of a sentence that ends so: X said, or said X."""
    for at in reversed(said):
        ends = [n for n in range(at) if tokens[n].kind in ("stop", "quote")]
        if not ends:
            continue
        before, after = tokens[ends[-1] + 1 : at], tokens[at + 1 :]
        plain = not any(token.kind == "verb" or token.text == "that" for token in (*before, *after))
        ended = not after or after[0].kind in ("prep", "date", "opener") or tokens[at].key == "tell" or not before
        who = before or after
        if plain and ended and len(who) <= SPEAKER_WORDS and any(token.says for token in who):
            return tuple(who), tokens[at].key, tokens[: ends[-1] + (tokens[ends[-1]].kind == "quote")]
    return None


# -- the active voice


def plain(reading: Reading) -> Reading:
    """The reading with its words as they stand; each verb in the passive counts as another verb."""
    passive = {
        done
        for at, token in enumerate(reading.tokens)
        if token.kind == "be" and (done := _participle(reading.tokens, at))
    }
    return replace(
        reading,
        tokens=tuple(
            replace(token, kind="verb", prep="", key=f"be {token.key}") if at in passive else token
            for at, token in enumerate(reading.tokens)
        ),
    )


def active(reading: Reading) -> Reading:
    """The reading with each "B was seen by A" turned into "A seen B", and "B was seen" into "seen B"."""
    tokens, at = list(reading.tokens), 0
    while at < len(tokens):
        done = _participle(tokens, at) if tokens[at].kind == "be" else None
        if done is not None and (start := _subject(tokens, at)) < at:
            by, end = _agent(tokens, done)
            early = start + (at - start - 1 if at - start > 1 and _is_adverb(tokens, at) else at - start)
            subject, between = tokens[start:early], [token for token in tokens[early:done] if token.kind != "be"]
            agent = [replace(token, prep="") for token in tokens[by + 1 : end]]
            verb = replace(tokens[done], kind="verb", prep="")
            moved = [*agent, *between, verb, *subject, *tokens[done + 1 : by]]
            tokens = [*tokens[:start], *moved, *tokens[end:]]
            at = start + len(agent) + len(between) + 1 + len(subject)
        else:
            at += 1
    return replace(reading, tokens=tuple(tokens))


def _is_adverb(tokens: Sequence[Token], be: int) -> bool:
    """Whether what stands before "been" goes with the verb: "had first been seen"."""
    word = tokens[be - 1]
    return tokens[be].text == "been" and (word.text.endswith("ly") or word.text in ("first", "last", "once"))


def _participle(tokens: Sequence[Token], be: int) -> int | None:
    """Where the participle after a form of "be" stands."""
    for at in range(be + 1, min(be + 5, len(tokens))):
        token = tokens[at]
        if token.kind in ("word", "verb") and PARTICIPLE.fullmatch(token.text):
            return at
        if token.kind not in ("be", "not", "modal", "word"):
            return None
    return None


def _subject(tokens: list[Token], be: int) -> int:
    """Where the subject of a form of "be" begins."""
    start = be
    while start and not _joins(tokens, start - 1):
        start -= 1
    modal = next((n for n in range(start, be) if tokens[n].kind in ("modal", "not")), be)
    return start if modal >= start else be


def _joins(tokens: list[Token], at: int) -> bool:
    """Whether a clause may begin after a token."""
    token, before = tokens[at], tokens[at - 1] if at else None
    comma = before is not None and before.kind == "stop"
    return token.kind in ("opener", "verb") or (token.kind == "and" and (comma or token.text == "but"))


def _agent(tokens: list[Token], done: int) -> tuple[int, int]:
    """Where "by" and its agent stand after a participle: (by, end), both the same where there is none."""
    for by in range(done + 1, len(tokens)):
        token = tokens[by]
        if token.kind in ("stop", "opener", "verb", "and", "be"):
            break
        if token.text == "by":
            end = by + 1
            while end < len(tokens) and (tokens[end].kind in ("det", "name", "word") or tokens[end].owner):
                end += 1
            if any(t.kind == "name" or t.kind == "word" for t in tokens[by + 1 : end]):
                return by, end
            break
    return done + 1, done + 1
