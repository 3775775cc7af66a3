"""The tokens of a sentence: its words, with each name, number, date and quotation as one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.lexical import stems, words
from bot.names import Name, names_of
from bot.values import Number, values_of
from bot.wording import TIME, VERB, pattern
from bot.wording import kind as name_kind
from bot.written import Date

Kind = Literal[
    "word", "verb", "name", "number", "date", "quote", "pronoun",
    "prep", "det", "stop", "opener", "and", "not", "modal", "be",
]  # fmt: skip
CONTENT: frozenset[Kind] = frozenset(("word", "verb", "name", "number", "quote", "pronoun"))
"""What says something; the other kinds of token hold it together."""


def _set(text: str) -> frozenset[str]:
    return frozenset(words(text))


_DET = _set("the a an this these those its their his her our my your")
_PREP = _set(
    "of in on at to from with by for about against between under into during near below above across over along"
    " alongside among as behind beside besides beyond despite inside onto outside per than through throughout toward"
    " towards upon via within like"
)
_OPENER = _set(
    "that who which whom whose when after before because while if although though since unless until whether where so"
)
_NOT = _set(
    "not no never neither nor nobody none nothing without cannot refuse refuses refused fail fails failed decline"
    " declines declined hardly barely scarcely unable"
)
_MODAL = _set(
    "will would shall can could may might must should ll d likely unlikely probably possibly perhaps maybe allegedly"
    " reportedly apparently supposedly"
)
_BE = _set("is are was were be been being am lies stands remains re")
_LIGHT = _set("has have had having do does did also already just now then there away later still currently meanwhile")
_LIGHT |= _set("however ve m")
_PRONOUN = _set("he she it they him them we i you us")
_FORMS = (
    "see:saw,seen buy:bought send:sent tell:told hold:held build:built sell:sold pay:paid lead:led win:won"
    " lose:lost make:made take:took,taken give:gave,given find:found write:wrote,written know:knew,known"
    " show:showed,shown draw:drew,drawn swear:swore,sworn fly:flew,flown rise:rose,risen fall:fell,fallen"
    " grow:grew,grown meet:met leave:left begin:began,begun run:ran bring:brought catch:caught fight:fought"
    " strike:struck seek:sought spend:spent stand:stood speak:spoke,spoken choose:chose,chosen break:broke,broken"
    " come:came go:went,gone become:became get:got keep:kept say:said sing:sang sink:sank,sunk shoot:shot"
    " steal:stole,stolen throw:threw,thrown wear:wore bear:bore,born drive:drove,driven eat:ate,eaten"
    " hide:hid,hidden lay:laid put:put hit:hit cut:cut set:set shut:shut read:read beat:beat,beaten deal:dealt"
    " feel:felt hear:heard sit:sat sleep:slept teach:taught think:thought understand:understood"
    " withdraw:withdrew,withdrawn"
)
IRREGULAR = {form: base for base, forms in re.findall(r"(\w+):([\w,]+)", _FORMS) for form in forms.split(",")}
_SCORE = re.compile(r"(?<![\w–.,/-])(\d{1,3})[–-](\d{1,3})(?![\w–/-]|[.,]\d)")
_SPELLING = (("defence", "defense"), ("centre", "center"), ("programme", "program"), ("licence", "license"))
PARTICIPLE = pattern(rf"\w{{2,}}ed|{'|'.join(IRREGULAR)}")
_TIME = pattern(TIME)
_BASES = "|".join(set(IRREGULAR.values()))
_VERBAL = pattern(rf"(?:{VERB}|{_BASES})(?:e?s)?|{'|'.join(IRREGULAR)}")

_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*|\w+|[,;:()—–]")
_QUOTED = re.compile(r"[“\"]([^“”\"]{3,})(?:[”\"]|$)")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a name, a number, or a mark that holds others together.

    ``key`` is what it is compared by, ``prep`` the preposition that it hangs on, ``owner`` whether it is what the
    next word belongs to ("Russia's", "Russian"), ``segment`` the part of the sentence between marks where it stands.
    """

    kind: Kind
    text: str
    key: str
    start: int
    end: int
    value: Name | Number | Date | None = None
    prep: str = ""
    owner: bool = False
    segment: int = 0

    @property
    def says(self) -> bool:
        """Whether it says something of its own."""
        return self.kind in CONTENT

    @property
    def name_words(self) -> tuple[str, ...]:
        """What a name is compared by, or a word that may be one."""
        return self.value.telling if isinstance(self.value, Name) else (self.text,)


def tokens_of(text: str) -> list[Token]:
    """The tokens of a sentence in the order of its text, without words that add nothing."""
    return _segmented(_joined(_full(text)))


def _full(text: str) -> str:
    """The text with plain apostrophes, nothing contracted, and no mark at its end."""
    text = re.sub(r"\bwon't\b", "will not", text.replace("’", "'").replace("‘", "'").rstrip(" .!?"))
    text = _SCORE.sub(r"\1 to \2", text)
    return re.sub(r"n't\b", " not", text.replace("can't", "can not").replace("cannot", "can not"))


def _joined(text: str) -> list[Token]:
    whole: list[Token] = []
    for found in _QUOTED.finditer(text):
        if " " in found[1].strip():
            whole.append(Token("quote", found[1], plain_quote(found[1]), *found.span()))
    masked = _masked(text, whole)
    values = values_of(masked)
    whole += [Token("date", text[d.start : d.end], "", d.start, d.end, d) for d in values.dates]
    whole += [Token("number", text[n.start : n.end], str(n.value), n.start, n.end, n) for n in values.numbers]
    names = names_of(_masked(text, [token for token in whole if token.kind != "number"]))
    kept = [name for name in names if not any(t.start < name.end and name.start < t.end for t in whole)]
    whole += [_named(name, text) for name in kept]
    small = [
        token
        for found in _TOKEN.finditer(_masked(text, whole))
        if (token := _token(found.group().lower(), *found.span(), text)) is not None
    ]
    return sorted((*whole, *small), key=lambda token: token.start)


def _named(name: Name, text: str) -> Token:
    end = name.end + 2 * text.startswith("'s", name.end)
    return Token("name", text[name.start : end], " ".join(name.telling), name.start, end, name)


def plain_quote(quoted: str) -> str:
    """A quotation without what printing adds to it."""
    return " ".join(quoted.replace("’", "'").split()).strip(" .,;:!?")


def _masked(text: str, tokens: Sequence[Token]) -> str:
    for token in tokens:
        text = text[: token.start] + "\0" * (token.end - token.start) + text[token.end :]
    return text


def _token(word: str, start: int, end: int, text: str) -> Token | None:
    """A single word or mark, or nothing for a word that adds nothing."""
    if word in _LIGHT or (word == "s" and text[start - 1 : start] == "'"):
        return None
    kinds: tuple[tuple[Kind, frozenset[str]], ...] = (
        ("not", _NOT), ("det", _DET), ("prep", _PREP), ("opener", _OPENER), ("modal", _MODAL), ("be", _BE),
        ("pronoun", _PRONOUN), ("and", frozenset(("and", "or", "but"))), ("stop", frozenset(",;:()—–")),
    )  # fmt: skip
    kind = next((kind for kind, members in kinds if word in members), None)
    if kind:
        return Token(kind, word, word, start, end)
    return Token("word", word, stem(word), start, end)


def stem(word: str) -> str:
    """What a word is compared by, however it is spelt and inflected."""
    word = IRREGULAR.get(word, dict(_SPELLING).get(word, word))
    word = re.sub(r"(?<=\w{2}[^aeiou])our(?=s|ed|ing|able|$)", "or", re.sub(r"is(?=(?:e[sd]?|ing|ation)$)", "iz", word))
    return stems([word])[0]


def _segmented(tokens: list[Token]) -> list[Token]:
    """The tokens with their segments, prepositions and owners, and the verbs among the words told apart."""
    done: list[Token] = []
    segment, prep = 0, ""
    for at, token in enumerate(tokens):
        before = done[-1] if done else None
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        kind = _kind_between(before, token, after)
        segment += kind in ("stop", "opener", "and")
        prep = _hung_on(kind, token.text, before, prep)
        done.append(replace(token, kind=kind, prep=prep, segment=segment, owner=_owns(token, after)))
    alone = {token.segment for token in done} - {token.segment for token in done if token.says}
    return [replace(token, segment=_next_to(token.segment, alone, segment)) for token in done]


def _kind_between(before: Token | None, token: Token, after: Token | None) -> Kind:
    """The kind of a token where it stands: "that day", "before June", and whether "vote" is a verb."""
    if token.kind == "opener" and after and after.kind == "date":
        return "prep"
    if token.text == "that" and (before is None or (after and _TIME.fullmatch(after.text))):
        return "det"
    if token.kind == "word" and _VERBAL.fullmatch(token.text):
        after_prep = before is not None and before.kind == "prep" and before.text != "to"
        noun = before is not None and (before.kind == "det" or before.owner or after_prep)
        return "word" if noun else "verb"
    return token.kind


def _hung_on(kind: Kind, text: str, before: Token | None, prep: str) -> str:
    """The preposition that a token hangs on, given that of the token before it."""
    if kind == "prep":
        return text
    if kind == "det":
        return prep if before and before.kind == "prep" else ""
    if kind == "and":
        return prep
    return "" if kind in ("stop", "opener", "be", "modal", "not", "pronoun", "verb") else prep


def _owns(token: Token, after: Token | None) -> bool:
    if not token.says or after is None or not after.says:
        return False
    return token.kind == "name" and (token.text.endswith("'s") or name_kind(token.text) == "demonym")


def _next_to(segment: int, alone: set[int], last: int) -> int:
    """The segment that one with nothing but a date belongs to: the one after it, or else the one before."""
    return next((n for n in (*range(segment, last + 1), *range(segment, -1, -1)) if n not in alone), segment)
