"""Where in an article's sentence the things stand that a statement says, if they say the same there.

The statement's words must all be there, in their order and on the same prepositions, and what the sentence has besides
must be of a kind that can be left out. Whatever is not known to be harmless is taken to be harmful.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from bot.lexical import words
from bot.names import Name, same_words
from bot.reading import Reading
from bot.tokens import IRREGULAR, Token
from bot.values import Number, same_number

Way = tuple[int, ...]
"""Where in the tokens of a sentence each thing that a claim says is found."""

Same = Callable[[Token, Token], bool]
"""Whether a claim's token and an article's are taken to say the same."""

LONGEST = 100
"""Things that a statement of one sentence may say; what has more is a list, and is not found."""

STEPS = 2_000
"""Places that are looked at for the things of a claim, before what repeats itself so much is given up."""

_GAP = 40  # tokens between two words that a statement has side by side


def _set(text: str) -> frozenset[str]:
    return frozenset(words(text))


_NARROWING = _set(
    "few fewer most some half no only nearly almost hardly former ex deputy vice assistant acting alleged suspected"
    " fake potential possible proposed planned future late would likely failed false partly wrongly falsely attempted"
    " supposed self other another first last second third next wrong toy mock"
)
"""Words that cannot be left out before another without changing what it means."""

_STRICT = _set("all every each any only always never most entire whole none everyone everybody nothing first last")
"""Words that say something of more than their sentence: beside them nothing may be left out."""

_FACTIVE = _set("because after since while although though as when and but which who where so whereas")
"""Words after which a sentence tells a fact of its own, unlike "that", "if" or "whether"."""

_CLOSE = _set("of for between than like as without")
"""Prepositions after which it is not plain what a clause that follows belongs to: "the aide of Smith, who"."""

_IFS = _set("if unless whether provided until")
_MODALS = {"would": "will", "ll": "will", "shall": "will", "d": "will", "could": "can", "might": "may"}
_LIKE_PREPOSITIONS = ({"in", "on", "at"}, {"about", "of"})
_NUMBER_PREPOSITIONS = _set("from by to at under above below over")


# -- the same things, in the same order


def same_token(claimed: Token, token: Token) -> bool:
    """Whether two tokens say the same."""
    one, other = claimed.value, token.value
    if isinstance(one, Number) or isinstance(other, Number):
        return isinstance(one, Number) and isinstance(other, Number) and same_number(one, other)
    if claimed.kind == "quote" or token.kind == "quote":
        return claimed.kind == token.kind and claimed.key in token.key
    if isinstance(one, Name) or isinstance(other, Name):
        return same_words(claimed.name_words, token.name_words)
    return claimed.key == token.key and (claimed.kind == "pronoun") == (token.kind == "pronoun")


def ways(claim: Reading, written: Reading, same: Same) -> Iterator[Way]:
    """The ways to find the claim in a sentence, in its order, with nothing between that matters."""
    strict, tokens = is_strict(claim), written.tokens
    steps = iter(range(STEPS))
    dead: set[tuple[int, int]] = set()  # (thing of the claim, place of the one before) from where there is no way

    def follow(n: int, way: Way) -> Iterator[Way]:
        if n == len(claim.content):
            yield way
            return
        last = way[-1] if way else -1
        if (n, last) in dead:
            return
        found = False
        for place in range(last + 1, len(tokens) if not way else min(last + 1 + _GAP, len(tokens))):
            if next(steps, None) is None:
                return
            if fits(n, last, place):
                for whole in follow(n + 1, (*way, place)):
                    found = True
                    yield whole
        if not found:
            dead.add((n, last))

    def fits(n: int, last: int, place: int) -> bool:
        claimed, token = claim.tokens[claim.content[n]], tokens[place]
        before = claim.tokens[claim.content[0] : claim.content[n]]
        if not (token.says and same(claimed, token)):
            return False
        if not _hangs_alike(claimed, token, opens=all(token.says for token in before)):
            return False
        between = claim.tokens[claim.content[n - 1] + 1 : claim.content[n]]
        return n == 0 or _may_skip(between, tokens, last, place, strict)

    if len(claim.content) <= min(LONGEST, len(written.content)):
        yield from follow(0, ())


def is_strict(claim: Reading) -> bool:
    """Whether a claim says something of all, or of none but these, so that nothing may be left out beside it."""
    return any(claim.tokens[at].text in _STRICT for at in claim.content)


def _hangs_alike(claimed: Token, token: Token, *, opens: bool) -> bool:
    """Whether both hang on the same preposition, and on the same side of a possessive.

    What ``opens`` a claim may hang on one in the sentence: whether it can stand without that is seen later.
    """
    if claimed.owner != token.owner and "name" in (claimed.kind, token.kind):
        return False
    one, other = claimed.prep, token.prep
    if claimed.kind == "number":
        one, other = (prep if prep in _NUMBER_PREPOSITIONS else "" for prep in (one, other))
        return one == other or ({one, other} <= {"", "by", "at"})
    return one == other or (opens and not one) or any({one, other} <= like for like in _LIKE_PREPOSITIONS)


def _may_skip(between: Sequence[Token], tokens: Sequence[Token], start: int, end: int, strict: bool) -> bool:
    """Whether what stands between two words in the article can be left out between them in the claim."""
    skipped = tokens[start + 1 : end]
    says = [token for token in skipped if token.says]
    joins, claimed_joins = (_texts(part, "and") for part in (skipped, between))
    openers, claimed_openers = (_texts(part, "opener") for part in (skipped, between))
    is_so = bool(_texts(between, "be"))
    if not claimed_openers <= openers or not claimed_joins <= joins or (is_so and not _texts(skipped, "be", "stop")):
        return False
    if not says:
        stopped = _texts(skipped, "stop") - {""} and not _texts(between, "stop", "be") and not openers and not joins
        is_more = bool(_texts(skipped, "be")) and not is_so and not openers
        return not (stopped or is_more) and joins == claimed_joins and openers - claimed_openers <= {"who", "which"}
    aged = tokens[end].kind == "number" and [token.kind for token in between] == ["stop"]  # "Ann Lee, 45, won"
    if strict or aged:
        return False
    while skipped[-1].kind in ("modal", "not", "be", "det"):  # they go with what follows
        skipped = skipped[:-1]
    return (
        _is_aside(skipped)
        or _is_phrase(skipped)
        or _is_other_deed(skipped, tokens[end])
        or _is_attribute(skipped, tokens[start], tokens[end])
    )


def _texts(tokens: Sequence[Token], *kinds: str) -> frozenset[str]:
    return frozenset(token.text for token in tokens if token.kind in kinds)


def _is_aside(skipped: Sequence[Token]) -> bool:
    """Between two marks: ", who speaks for the service,"."""
    return len(skipped) > 2 and skipped[0].kind == skipped[-1].kind == "stop"


def _is_phrase(skipped: Sequence[Token]) -> bool:
    """Nothing but what a preposition leads: "with Cuba", not "to widen"."""
    infinitive = skipped[0].text == "to" and skipped[1].kind == "word"
    holds = all(token.kind in ("prep", "det", "word", "name", "number") for token in skipped)
    return skipped[0].kind == "prep" and holds and not infinitive


def _is_other_deed(skipped: Sequence[Token], after: Token) -> bool:
    """Another thing that the same one did: ", who speaks for the service, came and"."""
    ends = [at for at, token in enumerate(skipped) if token.kind == "stop"]
    deed = skipped[ends[-1] + 1 :] if ends and skipped[0].kind == "stop" and len(ends) > 1 else skipped
    verbs = [at for at, token in enumerate(deed) if token.kind == "verb"]
    joined = deed[-1].kind == "and" and deed[-1].text != "or" and after.kind == "verb"
    apart = any(token.kind in ("stop", "not", "modal") for token in deed[:-1])
    return joined and verbs == [0] and not apart and _texts(deed, "opener") <= {"before", "after"}


def _is_attribute(skipped: Sequence[Token], before: Token, after: Token) -> bool:
    """What only describes the word after it: the "strategic" of a partnership. Adverbs describe anything."""
    said = [token for token in skipped if token.says]
    if any(token.kind != "word" or token.text in _NARROWING for token in said):
        return False
    if all(token.text.endswith("ly") for token in said) and not _texts(skipped, "prep", "and", "opener", "stop"):
        return True
    lead = len(skipped) - len(said)
    led = all(token.kind in ("det", "prep") for token in skipped[:lead]) and tuple(skipped[lead:]) == tuple(said)
    return led and after.kind in ("word", "name") and (before.kind == "verb" or lead > 0)


# -- what is around them


def sound(claim: Reading, written: Reading, way: Way) -> bool:
    """Whether the words that a claim is found in say by themselves what they say in the whole sentence."""
    ifs = {token.text for token in written.tokens} & _IFS - {token.text for token in claim.tokens}
    return (
        not ifs
        and _modals_agree(claim, near(written, way))
        and _begins(claim, written, way)
        and _ends(written.tokens, way[-1])
    )


def near(written: Reading, way: Way) -> list[Token]:
    """The tokens of the segments that the claim is found in."""
    segments = {written.tokens[place].segment for place in way}
    return [token for token in written.tokens if token.segment in segments]


def _modals_agree(claim: Reading, near: Sequence[Token]) -> bool:
    claimed, said = (
        {_MODALS.get(token.text, token.text) for token in tokens if token.kind == "modal"}
        for tokens in (claim.tokens, near)
    )
    past = any(token.text.endswith("ed") or token.text in IRREGULAR for token in claim.tokens)
    return claimed == said or (said - claimed == {"will"} and claimed <= said and not past)


def _begins(claim: Reading, written: Reading, way: Way) -> bool:
    """Whether a clause begins where the claim does; or whether the claim says of a name what is set beside it."""
    tokens, at = written.tokens, way[0]
    first, *more = claim.content
    is_so = bool(more) and bool(_texts(claim.tokens[first + 1 : more[0]], "be"))
    if is_so and tokens[at].kind == "name" and tokens[at + 1].kind == "stop" and way[1] <= at + 3:
        return not any(token.kind == "and" for token in tokens[at : way[-1] + 2])
    told_apart = any(_is_told_apart(tokens[start + 1 : end]) for start, end in pairwise(way))
    led = bool(claim.tokens[first].prep)
    while at and (
        tokens[at - 1].kind == "det"
        or (tokens[at - 1].kind == "word" and tokens[at].kind != "verb" and tokens[at - 1].text not in _NARROWING)
    ):
        at -= 1
    if led and at and tokens[at - 1].kind == "prep":
        at -= 1
    if at == 0:
        return True
    before = tokens[at - 1]
    if told_apart and (before.kind == "verb" or (before.kind == "prep" and before.text not in _CLOSE)):
        return True
    return before.kind in ("stop", "and") or (before.kind == "opener" and before.text in _FACTIVE)


def _is_told_apart(skipped: Sequence[Token]) -> bool:
    """Whether a clause begins here that only adds something to what stands before it: ", which was"."""
    opened = len(skipped) > 1 and skipped[0].kind == "stop" and skipped[1].text in ("who", "which")
    return opened and not any(token.says for token in skipped)


def _ends(tokens: Sequence[Token], last: int) -> bool:
    """Whether nothing that belongs to the claim's last word follows it."""
    if last + 1 >= len(tokens):
        return True
    token, after = tokens[last], tokens[last + 1]
    if after.kind == "prep":
        return token.kind not in ("verb", "number") or after.text != "to"
    if after.kind == "and":
        return token.kind != "number"
    return after.kind in ("stop", "opener")
