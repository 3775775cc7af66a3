"""The words by which a sentence says that somebody says something, and the words that name who does."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.introduced import READ
from bot.quotation import MASK
from bot.subject import DAY, FINITE, JOINT, LEAD, RELATIVE, first_subject, phrase, subject_before, subject_behind
from bot.wording import PREPOSITION, pattern
from ingest.article import Span

VERBS = (
    "said|says|say|told|tells|asserted|asserts|stated|states|added|adds|claimed|claims|argued|argues|insisted|noted"
    "|notes|wrote|writes|explained|declared|announced|warned|warns|asked|replied|answered|testified|concluded"
    "|continued|recalled|acknowledged|admitted|suggested|estimated|reported|remarked|observed|tweeted|posted|urged"
    "|denied|stressed"
)
"""Verbs of saying, as news has them."""

_ALWAYS = (
    "said|says|told|tells|asserted|asserts|stated|claimed|argued|argues|insisted|insists|warned|warns|testified"
    "|acknowledged|acknowledges|admitted|admits|tweeted|denied|denies|alleged|alleges|contended|conceded|complained"
    "|cautioned|vowed|maintains|accused|accuses"
)
"""Those that speak of nothing but saying, whatever follows."""

_MORE = (
    "reports|announces|confirmed|confirms|explains|believes|predicted|predicts|revealed|disclosed|joked|quipped|thinks"
    "|maintained|promised|pledged|responded|commented|repeated|emphasised|emphasized|counters|countered|shouted"
    "|whispered|cried|mused|lamented|protested|hinted|implied|testifies|suggests|estimates|concludes"
)
_MANY = "say|claim|argue|insist|warn|believe|deny|allege|acknowledge|admit"
_BESIDE = (
    rf"(?: (?:on|in|at|to|during|late|early|last|this|by|from|after|{DAY}|yesterday|today)\b[^,;:{MASK}]{{0,70}}?)?"
)
_CONTENT = re.compile(rf"{_BESIDE} (?:that|how)\b|{_BESIDE}[:,]? ?{MASK}")
_TAIL = re.compile(
    rf"\s*(?:[.!?]|$|,|{MASK}|(?:on|in|at|to|during|late|early|last|this|by|from|after|before|when|while|as|for|through"
    rf"|via|adding|yesterday|today|earlier|later|again|afterwards|minutes|hours|{DAY})\b)"
)
_NOTHING = re.compile(
    r" (?:nothing|little)\b(?! \w+ed\b| (?:is|was|ha[sd]|had|will|would|can|could)\b)"
    r"| (?:no more|so|goodbye|yes|no)(?=[.,;]|$)|ly\b| (?:\d[\d,.]* |the )?(?:lives|victory)\b"
)
_ENTRY = re.compile(r" (?:him|her|them|entry|access|bail|visas?)\b")
_STORY = re.compile(r" (?:of|about|(?:an? |the )?(?:lies?|jokes?|story|stories|truth))\b")
_OTHERWISE = {"denied": _ENTRY, "denies": _ENTRY, "told": _STORY, "tells": _STORY}
"""What may follow a verb that then speaks of something else."""

_CUE = re.compile(
    rf"""
      \b(?P<according>[Aa]ccording\ to)\b
    | \b(?P<view>[Ii]n\ (?P<whose>his|her|their|its|(?:[A-ZÀ-Þ][\w-]*\s?){{1,4}}[’']s)(?:\ own)?
        \ (?:view|opinion|reading|words|account|telling|eyes))\b
    | \b(?P<hedge>[Rr]eportedly|[Aa]llegedly|[Ss]upposedly|[Pp]urportedly)\b
    | \b(?:is|are|was|were)\ (?:\w+\ )?
        (?P<held>believed|said|thought|reported|understood|rumoured|rumored|alleged|claimed)\ to\b
    | \b(?:[Ii]t|[Tt]here)\ (?:is|was|has\ been)\ (?:\w+\ )?
        (?P<passive>said|reported|claimed|alleged|announced|rumoured|believed|thought|argued)\b
    | \b(?:was|were|is)\ (?P<quoted>quoted)\ (?:[^.,{MASK}]{{1,40}}\ )?as\ saying\b
    | \b(?P<quoting>quoted)\ (?P<quotee>[^.,{MASK}]{{2,60}}?)\ as\ saying\b
    | \bwhat\ (?P<naming>[^,;.{MASK}]{{2,60}}?)\ (?:had\ |has\ |have\ )?
        (?P<named>called|calls|call|described\ as|termed|dubbed)\ {MASK}
    | \b(?P<calls>called|calls)\b(?=\ [^,;:.{MASK}]{{1,60}}\ {MASK}|\ it\ )
    | \b(?P<describes>described|describes)\b(?=\ [^,;:.{MASK}]{{1,60}}\ as\ (?:\w+\ ){{0,3}}{MASK})
    | \b(?P<verb>{VERBS}|{_ALWAYS}|{_MORE}|{_MANY})\b
    """,
    re.VERBOSE,
)
_SUBORDINATE = pattern(
    r"\b(?:after|when|before|because|while|although|though|since|if|as|whether|until|unless|whose|where|than|once)\b"
)
_NOT_FINITE = pattern(
    r"(?:\b(?:to|not|never|would|could|will|might|may|can|should|must|shall|did|does|do|cannot|without|be|been|being|by"
    r"|of|the|an?|this|that|its|own)|n[’']t)$"
)
_PASSIVE = re.compile(r"\b(?:was|were|is|are|has been|have been|had been)$")
_ADVERBS = re.compile(
    r"(?:\s+(?:also|later|then|now|has|have|had|only|simply|further|again|previously|afterwards|once|still|since"
    r"|himself|herself|itself|themselves|both|all|first|[a-z]+ly))+$"
)
_JOINED = re.compile(rf"\w[^{MASK}]*, (?:and|but|so|yet) (?:[^,{MASK}]{{0,60}}, |the |an? )?$")
_AS = pattern(r"(?:just )?as ")
_PLURAL = pattern(r"(?:[^\Ws’']s|people|police|media|men|women|many|some|most|they)\b(?![’'])")
_WHO = r"(?:who|which|that|whom)"


class Saying(NamedTuple):
    """What says that somebody says something: the cue, and the words that name who does, if any plainly do.

    ``beside`` tells that the sentence also says something of its own.
    """

    cue: Span
    who: Span | None
    beside: bool = False


def saying(own: str, sentence: Span) -> Saying | None:
    """The words of a sentence that say that somebody says what it tells; None where it speaks for itself.

    Of several they are the first, or those that the sentence ends with: "X said that Y had left, Z told us".

    Args:
        own: the text with its quotations masked.
        sentence: a sentence of it.
    """
    found = [*_sayings(own, Span(sentence.start, min(sentence.end, sentence.start + READ)))]
    if len(found) > 1 and MASK not in sentence.of(own) and _trails(own, sentence, found[-1]):
        return found[-1]
    return found[0] if found else None


def _trails(own: str, sentence: Span, last: Saying) -> bool:
    """Whether a sentence ends with who says all of it: "Soldiers told them to leave, Ben Cole wrote"."""
    if last.who is None or last.who.end > last.cue.start:
        return False
    before, rest = own[sentence.start : last.who.start].rstrip(), own[last.cue.end : sentence.end]
    return before.endswith(",") and re.fullmatch(rf"(?:{_BESIDE})[.!?]?", rest) is not None


def _sayings(own: str, sentence: Span) -> Iterator[Saying]:
    """Every one of them in order; "reportedly" comes last, for it does not say who reports."""
    hedges: list[Saying] = []
    for cue in _CUE.finditer(own, sentence.start, sentence.end):
        if cue["hedge"]:
            hedges.append(Saying(Span(*cue.span("hedge")), None))
        elif found := _by_kind(own, sentence, cue):
            yield found
    yield from hedges


def _by_kind(own: str, sentence: Span, cue: re.Match[str]) -> Saying | None:
    kind = next(kind for kind, words in cue.groupdict().items() if words is not None)
    at = Span(*cue.span(kind))
    match kind:
        case "held" | "passive":
            return Saying(at, None)
        case "according":
            return Saying(at, subject_behind(own, min(at.end + 1, sentence.end), sentence.end))
        case "view":
            start, end = cue.span("whose")
            return Saying(at, Span(start, end - 2 * cue["whose"].endswith(("’s", "'s"))))
        case "quoting":
            return Saying(at, phrase(own, Span(*cue.span("quotee"))))
        case "naming":
            return Saying(Span(*cue.span("named")), Span(*cue.span("naming")))
        case "quoted":
            return _verb(own, sentence, cue.start(), at, sure=True)
        case _:
            return _verb(own, sentence, at.start, at, sure=kind != "verb")


def _verb(own: str, sentence: Span, start: int, cue: Span, *, sure: bool) -> Saying | None:
    """A verb of saying with its subject, before ``start`` or behind the verb; ``sure`` that it is one here."""
    rest, word = own[cue.end : sentence.end], cue.of(own)
    before = _ADVERBS.sub("", own[sentence.start : start].rstrip(" "))
    if not before or _NOT_FINITE.search(before) or _NOTHING.match(rest):
        return None
    content = _CONTENT.match(rest) is not None
    if _PASSIVE.search(before):
        return Saying(cue, None) if word in ("told", "warned") and content else None
    always = re.fullmatch(_ALWAYS, word) is not None
    quoted = before.rstrip(",").endswith(MASK)  # “...,” said X
    plain = before.endswith(",") and always  # The vote was fair, said X
    if quoted or (plain and subject_before(own, sentence.start, sentence.start + len(before)) is None):
        return Saying(cue, subject_behind(own, min(cue.end + 1, sentence.end), sentence.end))
    several = re.fullmatch(_MANY, word) is not None
    if several and not _are_many(before):
        return None
    fronted = ("," in before or MASK in before) and _TAIL.match(rest) is not None
    otherwise = rest.startswith(",") or (word in _OTHERWISE and _OTHERWISE[word].match(rest) is not None)
    if not (sure or content or fronted or ((always or several) and not otherwise)):
        return None
    return _with_subject(own, sentence, before, cue)


def _with_subject(own: str, sentence: Span, before: str, cue: Span) -> Saying | None:
    """A verb with who does it, told by the words before it; None where its clause is only a circumstance."""
    end, clause = sentence.start + len(before), _clause(before)
    if re.search(r"\b(?:and|but)$", before):
        return Saying(cue, first_subject(own, Span(sentence.start, end)))
    if before.endswith(","):
        who = subject_before(own, sentence.start, end)
        return Saying(cue, who, beside=who is not None and _JOINED.search(own[sentence.start : who.start]) is not None)
    words = before[clause:].lstrip()
    start = end - len(words)
    if (as_told := _AS.match(words)) and _TAIL.match(own[cue.end : sentence.end]):
        return Saying(cue, phrase(own, Span(start + as_told.end(), end)))
    if (joint := JOINT.search(words)) and _does(words[: joint.start()]):
        return Saying(cue, phrase(own, Span(start + joint.end(), end)), beside=True)
    circumstance = _SUBORDINATE.search(words) and not LEAD.match(words)
    if circumstance or re.match(rf"{_WHO}\b", words) or re.search(rf"\b{_WHO}$", words):
        return None
    joined = JOINT.match(words) and MASK not in before[:clause] and any(map(str.isalnum, before[:clause]))
    return Saying(cue, subject_before(own, sentence.start, end), beside=bool(joined))


def _are_many(before: str) -> bool:
    """Whether several people may do what the verb behind some words says: "officials say", not "his claim"."""
    head = re.split(rf" (?:{PREPOSITION}) ", before[_clause(before) :])[0]
    return _PLURAL.search(head) is not None and not head.endswith(("’s", "'s"))


def _does(words: str) -> bool:
    """Whether some words, besides relative clauses, tell what somebody did: "Prices rose"."""
    return any(FINITE.fullmatch(word) for word in RELATIVE.split(words)[0].split())


def _clause(before: str) -> int:
    """Where the clause begins that goes up to a verb."""
    marks = re.finditer(rf"[{MASK};:—–(,]", before.rstrip(" ,"))
    return max((mark.end() for mark in marks), default=0)
