"""Whether a sentence of an article says what a statement says, says otherwise, or neither.

A statement is supported when it is the article's sentence with nothing changed and only such things left out as do
not change what the rest says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Literal

from bot.align import Way, is_strict, near, same_token, sound, ways
from bot.lexical import stems, words
from bot.names import may_be_same
from bot.reading import Reading, active, plain
from bot.tokens import Token
from bot.values import Number, numbers_differ
from bot.written import Date, same_date

Verdict = Literal["supported", "contradicted"]

WAYS = 24
"""Ways to find a statement's words in a sentence that are looked at, at most."""

OTHERS = 2
"""Things besides the one that differs that a contradicted statement must at least share with the article."""

_ADMITTED = frozenset(stems(words("accord acknowledge admit confirm reveal")))
"""Verbs (stems) of saying that speak for what is said."""

_NEUTRAL = frozenset(stems(words("say tell state report accord write explain declare note add")))
_PLAIN_TIME = frozenset(("", "in", "on", "at", "of", "during", "for", "from"))


@dataclass(frozen=True, slots=True)
class Finding:
    """What a sentence says of a statement; ``reason`` says in words what differs."""

    verdict: Verdict
    reason: str | None = None


def compare(claim: Reading, written: Reading, published: date | None) -> Finding | None:
    """What an article's sentence says of a claim; None if it says nothing of it for sure.

    Args:
        claim: the statement to be checked.
        written: the article's sentence.
        published: the day that the article is of.
    """
    as_they_stand = _compared(plain(claim), plain(written), published)
    if as_they_stand and as_they_stand.verdict == "supported":
        return as_they_stand
    return _compared(active(claim), active(written), published) or as_they_stand


def _compared(claim: Reading, written: Reading, published: date | None) -> Finding | None:
    if not _is_statement(claim) or not _same_speaker(claim, written):
        return None
    for way in islice(ways(claim, written, same_token), WAYS):
        finding = _judge(claim, written, way, published)
        if finding:
            return finding
    for differing in _rivals(claim, written):
        same = partial(_same_but_for, differing)
        for way in islice(ways(claim, written, same), WAYS):
            if sound(claim, written, way) and _other_date(claim, written, way, published) is True:
                finding = _other_value(claim, written, way, differing, published)
                if finding and _denials(claim) == _denials(written, way):
                    return finding
    return None


def _denials(reading: Reading, way: Way | None = None) -> int:
    """How often it says "not", in the segments that a claim is found in or in all."""
    tokens = reading.tokens if way is None else near(reading, way)
    return sum(token.kind == "not" for token in (*tokens, *reading.speaker))


def _is_statement(claim: Reading) -> bool:
    """Whether it says something of something, as a heading or a name alone does not."""
    verbs = any(token.kind in ("verb", "be", "modal") for token in claim.tokens)
    quoted = bool(claim.said) and any(token.kind == "quote" for token in claim.tokens)
    return quoted or len(claim.content) > (1 if verbs else OTHERS + 1)


def _same_speaker(claim: Reading, written: Reading) -> bool:
    """Whether both are said by the same, or the article itself says what the claim does."""
    said = [token for token in claim.speaker if token.says]
    if not claim.said:
        first = min((claim.tokens[at] for at in claim.content), key=lambda token: token.start)
        return first.kind != "pronoun" and (not written.said or written.said in _ADMITTED)
    if any(token.kind == "pronoun" for token in said):
        return False
    verbs = claim.said == written.said or (claim.said in _NEUTRAL and written.said not in ("", "deni"))
    heard = [token for token in written.speaker if token.says]
    return verbs and bool(said) and all(any(same_token(one, other) for other in heard) for one in said)


# -- when


def _other_date(claim: Reading, written: Reading, way: Way, published: date | None) -> Token | Literal[True] | None:
    """True if every date of the claim is the article's; the article's if the only one is another; else None."""
    segments = {token.segment for token in (*near(written, way), *written.speaker)}
    dates = [token for token in written.dates if token.segment in segments]
    held = [[_agree(claimed, token, published) for token in dates] for claimed in claim.dates]
    if all(True in one for one in held):
        return True
    wrong = [n for n, one in enumerate(held) if True not in one]
    others = [token for token, agrees in zip(dates, held[wrong[0]], strict=True) if agrees is False]
    elsewhere = any(_agree(claim.dates[wrong[0]], token, published) for token in written.dates)
    return others[0] if len(wrong) == len(others) == 1 and not elsewhere else None


def _agree(claimed: Token, token: Token, published: date | None) -> bool | None:
    one, other = claimed.value, token.value
    alike = claimed.prep == token.prep or {claimed.prep, token.prep} <= _PLAIN_TIME
    if not (alike and isinstance(one, Date) and isinstance(other, Date)):
        return None
    return same_date(one, other, published)


# -- the verdict


def _judge(claim: Reading, written: Reading, way: Way, published: date | None) -> Finding | None:
    when = _other_date(claim, written, way, published)
    if when is None or not sound(claim, written, way):
        return None
    claimed, said = _denials(claim), _denials(written, way)
    if claimed == said and when is True:
        whole = not (claimed or is_strict(claim)) or _is_whole(claim, written, way, published)
        return Finding("supported") if whole else None
    if claimed == said and when is not True and len(claim.content) >= OTHERS:
        [wrong] = [token for token in claim.dates if _agree(token, when, published) is False]
        return Finding("contradicted", _not_but(when.text, wrong.text))
    if abs(claimed - said) == 1 and when is True and len(claim.content) > OTHERS:
        reason = "The article says that it is so." if claimed > said else "The article says that it is not so."
        return Finding("contradicted", reason) if _is_whole(claim, written, way, published) else None
    return None


def _is_whole(claim: Reading, written: Reading, way: Way, published: date | None) -> bool:
    """Whether nothing that the article says there is left out of the claim."""
    here = near(written, way)
    segments = {token.segment for token in here}
    dates = [token for token in written.dates if token.segment in segments]
    return sum(token.says for token in here) == len(way) and all(
        any(_agree(claimed, token, published) for claimed in claim.dates) for token in dates
    )


def _not_but(said: str, claimed: str) -> str:
    return f"The article says {said}, not {claimed}."


def _rivals(claim: Reading, written: Reading) -> Iterator[tuple[Token, ...]]:
    """The numbers, or the name, that may be all that a claim has otherwise than a sentence."""
    heard = [token for token in written.tokens if token.says]
    strange = [at for at in claim.content if not any(same_token(claim.tokens[at], token) for token in heard)]
    tokens = tuple(claim.tokens[at] for at in strange)
    kinds = [token.kind for token in tokens]
    pair = kinds == ["number", "number"] and strange[1] - strange[0] <= 2
    if kinds == ["number"] or pair or (kinds == ["name"] and _is_other(tokens[0], heard)):
        yield tokens


def _is_other(name: Token, heard: Sequence[Token]) -> bool:
    """Whether a name is surely none of those that a sentence has."""
    return not any(token.kind == "name" and may_be_same(name.name_words, token.name_words) for token in heard)


def _same_but_for(differing: tuple[Token, ...], claimed: Token, token: Token) -> bool:
    if claimed not in differing:
        return same_token(claimed, token)
    one, other = claimed.value, token.value
    if isinstance(one, Number) and isinstance(other, Number):
        return numbers_differ(one, other)
    return claimed.kind == token.kind == "name"


def _other_value(
    claim: Reading, written: Reading, way: Way, differing: tuple[Token, ...], published: date | None
) -> Finding | None:
    """What differs, if enough else is the same for it to be the same thing that is spoken of."""
    others = [claim.tokens[at] for at in claim.content if claim.tokens[at] not in differing]
    places = [place for at, place in zip(claim.content, way, strict=True) if claim.tokens[at] in differing]
    said = [written.tokens[place] for place in places]
    measured = bool(claim.dates) or any(token.kind == "number" for token in others)
    if differing[0].kind == "name":  # two may have done the same, but hardly on one day or for one sum
        beside = written.tokens[max(places[0] - 1, 0) : places[0] + 2]
        listed = said[0].prep != "between" and any(token.kind == "and" for token in beside)
        enough = measured and len(others) > OTHERS and not listed and _is_whole(claim, written, way, published)
    else:
        definite = any(token.kind == "name" for token in others)
        definite |= any(token.kind == "det" and token.text not in ("a", "an") for token in claim.tokens)
        enough = (measured or definite) and len(others) >= OTHERS
    texts = [" to ".join(token.text for token in tokens) for tokens in (said, differing)]
    return Finding("contradicted", _not_but(*texts)) if enough else None
