"""Whether a sentence of English news tells of what has been or of what is to come, as far as its verbs show it."""

import re
from typing import Literal

Tense = Literal["past", "ahead"]

WINDOW = 500
"""Characters before and after a place that are read for its tense."""

_COMING = r"(?:to|due|likely|going|poised|supposed|(?:schedul|slat|expect|plann)ed|(?:set|about) (?=to|for))"
_WISHED = r"(?:planned|hoped|expected|aimed|intended|wanted|sought|meant|threatened|prepared)"
_BOUND = r"(?:agreed|vowed|pledged|promised|decided|urged|asked|ordered|told|invited|voted|offered|chose)"
_OBJECT = r"(?: (?!on\b|in\b|at\b|that\b|last\b|this\b)[a-z’']+){0,2}?"
_ON = r"(?: (?:not|also|now|still|then|\w+ly|be|been|being|have))*(?: (?!on\b|in\b|at\b|by\b|last\b|this\b)[a-z]+)?"
_IRREGULAR = (
    "said told met went came won lost took held began got gave made saw knew thought found left sent brought bought"
    " built fought taught caught sought fell rose grew drew flew threw spoke broke chose wrote rode drove struck"
    " stood understood became ran sat led fled fed read put set hit cut shut let quit spread beat burst sold paid"
    " kept slept swept felt dealt meant spent bent lent hung swung stuck dug shot sank sang drank swam stole froze"
    " woke wore tore swore bore ate lay laid hid bid rang shook forgot forgave withdrew overthrew undertook arose"
    " heard did had was were has have been"
)

# Each form takes in what follows as part of it, so that nobody reads "closed" in "will be closed" as past.
_FORMS: tuple[tuple[str, str], ...] = (
    ("past", rf"(?:may|might|could|must|should|can)(?: not|n[’']t)? have{_ON}"),
    ("unclear", rf"would(?: not|n[’']t)? have{_ON}|(?:could|can)(?: ?not|n[’']t){_ON}"),
    ("unclear", rf"(?:was|were|been)(?: \w+ly)? {_COMING}\b(?: to\b)?{_ON}"),
    ("unclear", rf"{_WISHED} to\b{_ON}"),
    ("unclear", r"(?:was |were |been )?(?:cancell?|postpon|delay|(?:re)?schedul|plann|propos)ed\b|called off\b"),
    (
        "ahead",
        rf"(?:is|are|am|it[’']s)(?: \w+ly| now| also| not)? (?:{_COMING}|(?:plann|hop|aim)ing to)\b(?: to\b)?{_ON}",
    ),
    ("ahead", rf"(?:will|shall|won[’']t|\w+[’']ll|would|may|might|could|must|should|can)(?:n[’']t)?{_ON}"),
    ("ahead", rf"(?:(?:plan|expect|hope|aim|intend|want|seek|agree)s?|{_BOUND}{_OBJECT}) to\b{_ON}"),
    (
        "ahead",
        r"(?:begins?|starts|opens|reopens|resumes?|ends|expires?|closes|takes? (?:place|effect)|upcoming"
        r"|comes? into (?:force|effect))",
    ),
    ("unclear", rf"(?:is|are|am){_ON}"),
    ("past", rf"(?:{'|'.join(_IRREGULAR.split())})"),
    ("past", r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!-)(?!need|hundred|indeed|united|armed|aged|alleged)[a-z]{2,}ed"),
)
_CUE = re.compile("|".join(rf"(?P<{kind}{n}>\b(?:{form})\b)" for n, (kind, form) in enumerate(_FORMS)))
_CLAUSE = re.compile(
    r"[,;:—–()“”]| (?:and|but|which|who|that|after|following|since|before|when|because|while|as|where|if|although"
    r"|though|despite|over) "
)
_LOOKS_BACK = re.compile(r" (?:after|following|since|because|despite|over) $")
_DEADLINE = re.compile(r"\b(?:until|till?|by|before|ahead of|through|pending)(?: the| early| late)? $")
_EARLIER = re.compile(r"\b(?:had|last|ago|earlier|originally|previously|(?:1\d|20)\d\d)\b")


def tense(sentence: str, start: int, end: int) -> Tense | None:
    """The tense in which a sentence speaks of what it says at a place, such as "on Friday"; None where it is not clear.

    The verbs of the clause that the place is in count first, those before it before those after it. A deadline is
    ahead only of a verb that is: "was extended until Friday" and "stayed until Friday" look alike.
    """
    cut = max(start - WINDOW, 0)
    sentence, start, end = sentence[cut : end + WINDOW], start - cut, end - cut
    if sentence[:start].lower().endswith("since "):
        return "past"
    said = _without_capital(sentence)
    cues = [(cue.start(), cue.end(), str(cue.lastgroup).rstrip("0123456789")) for cue in _CUE.finditer(said)]
    edges = list(_CLAUSE.finditer(said))
    edge = max((edge for edge in edges if edge.end() <= start), key=lambda edge: edge.start(), default=None)
    opens = edge.start() if edge else 0
    closes = min((edge.start() for edge in edges if edge.start() >= end), default=len(said))
    before, after = [cue for cue in cues if cue[1] <= start], [cue for cue in cues if cue[0] >= end]
    kind = _last([cue for cue in before if cue[0] >= opens], said, start, end)
    kind = kind or next((kind for at, _, kind in after if at < closes), None)
    if kind is None and before:
        kind = before[-1][2]
        if kind == "ahead" and edge and _LOOKS_BACK.search(edge[0]):
            return None  # "will appeal after the ruling on Friday"
    kind = kind or next((kind for *_, kind in after), None)
    if kind == "ahead":
        return None if re.search(r"\bwould\b", said) and _EARLIER.search(said) else "ahead"
    return "past" if kind == "past" and not _DEADLINE.search(said[:start]) else None


def _without_capital(sentence: str) -> str:
    """A sentence as it would stand within another, where verbs are small; a month or a name keeps its own."""
    kept = sentence.startswith(("May ", "Will ")) and not sentence.endswith("?")
    return sentence if kept else sentence[:1].lower() + sentence[1:]


def _last(cues: list[tuple[int, int, str]], sentence: str, start: int, end: int) -> str | None:
    """What the verbs before a place say together: the one right before it, or any that looks ahead, or the last."""
    if not cues:
        return None
    opens, closes, kind = cues[-1]
    if sentence[closes:start].strip() in ("", "on", "in", "early on", "late on"):
        owned = sentence[end:].startswith(
            ("'s", "’s")
        )  # "postponed on Friday" has been, "postponed Friday's match" not
        return "past" if kind == "unclear" and sentence[opens:closes].endswith(("ed", "off")) and not owned else kind
    return "ahead" if any(kind == "ahead" for *_, kind in cues) else kind
