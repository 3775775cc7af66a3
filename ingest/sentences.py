"""The sentences of a text, by character offsets.

A regular expression finds every place where a sentence could end, and a pure decision looks at a few
characters on both sides. Every look is bounded, so the time is linear whatever the text. English news
comes first; other languages and scripts come to no harm.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from ingest.article import Span

_REACH = 48  # how far a decision looks to either side
_STRONG = frozenset("。！？｡؟۔।॥።։")  # end a sentence whatever follows
_QUOTES = frozenset("\"'“”‘’„‚«»‹›「」『』")

_OPENING = "\"'“”‘’„«»(（[{—–"
_CLOSING = ".,;:!?…\"'”’)]"
_NO_PATH = frozenset(".@/\\_(=")

_NEWLINE = re.compile("\n")
_PARAGRAPH = re.compile(r"\n\s*\n")
_ITEM = re.compile(r"[^\S\n]*(?:[-*+•‣◦▪●·–—]|#{1,6}|\(?(?:\d{1,3}|[a-z])[.)])\s+\S")
# No possessive repeat of a group: Python before 3.11.5 leaves what it tried last in the match (gh-106052).
_STOP = re.compile(
    r"""(?P<url>(?:https?://|www\.)\S*[^\s.!?…,;:)\]}'"”’»>])
      | (?P<mark>[.!?…‼⁇⁈⁉。！？｡؟۔।॥።։]++(?:[ \u00a0][.…]++(?!\w))*)
        (?P<close>(?:[)\]}'"”’»›」』）】》〉¹²³⁰-⁹]|[“‘«](?!\w)|[ \u00a0\u202f]»(?!\w)
                    |\[(?:\d{1,3}|note\ \d{1,3}|citation\ needed|[a-z](?=\](?!\w)))\])*)""",
    re.VERBOSE,
)
_LEAD = re.compile(r"(\s*)([\s\"'“”‘’„‚«»‹›「『（(\[{\-–—]*)")
_LETTERS = re.compile(r"[^\W\d_]{1,24}")
_ENUMERATOR = re.compile(r"\d{1,3}|[A-Za-z]|[IVXLC]{1,5}")
_ACRONYM = re.compile(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}")
_HYPHEN = re.compile("[-–/]")
_ADDRESS = re.compile(r"https?://|www\.|[a-z][\w-]{2,40}\.(?:[a-z][\w-]{2,40}\.)?(?:com|org|net|edu|gov|info|io)\b")
_SPEECH = re.compile(
    r"(?:(?:I|we|he|she|they|[A-Z][\w’'-]{0,20}\.?)\s){1,4}(?:said|says|asked|asks|added|told|replied|responded"
    r"|wrote|writes|tweeted|shouted|yelled|cried|exclaimed|joked|quipped|recalled|wondered|posted)\b"
)


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Always before a name, so never the end of a sentence (when capitalised).
_TITLES = _words(
    """mr mrs ms mx dr drs prof profs gen lt col sen sens rep reps gov govs rev hon pres capt cmdr cdr
    sgt maj adm brig cpl pvt supt det insp amb messrs mme mlle fr msgr ald lieut asst atty"""
)
_NEVER = _words("e.g i.e eg ie cf vs v viz ca aka a.k.a esp incl resp")
# Not the end where a number follows.
_NUMBERED = _words("no nos p pp vol vols fig figs ch chap sec para ver ed eds est approx c sect op nr")
_DATES = _words("jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri")
# The end where a word follows that begins sentences and is seldom part of a name.
_SUFFIXES = _words(
    """jr sr inc corp ltd co cos llc plc bros st mt ft ave blvd rd sq hwy pkwy univ dept assn intl
    natl mfg gmbh sec al adj adv ext tel esq ph.d phd sci min govt approx est"""
)
_STATES = _words(
    """Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md Mass Mich Minn Miss Mo Mont Neb
    Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo N.Y N.J N.C S.C N.D S.D N.M N.H W.Va R.I D.C Ont
    Que"""
)
_STARTERS = _words(
    """The A An This That These Those He She It They We You I His Her Its Their Our My Your In On At
    By For From With Without After Before During Since When While Where What Who Why How If As But And
    Or So Yet Because Although Though However Meanwhile Also There Here Then Now Still Some Many Most
    Several Both Each Every Another Such No Not To Under Once Until Even Despite According Among
    Between Instead Moreover Nevertheless Officials Police Authorities Just Only Did Do Does Is Are
    Was Were Will Would Can Could Should Has Have Had Let Please"""
)
_CLOCK = _words(
    """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June
    July August September October November December Mon Tue Tues Wed Thu Thurs Fri Sat Sun Jan Feb Mar
    Apr Jun Jul Aug Sept Oct Nov Dec Eastern Pacific Central Mountain Greenwich Universal"""
)
_ABBREVIATIONS = _TITLES | _NEVER | _SUFFIXES | _NUMBERED
_ORDINAL = _words("Januar Februar März April Mai Juni Juli August September Oktober November Dezember Jahrhundert")
_DOMAINS = _words(
    """com net org io js gov edu co uk us de fr info biz tv app dev ai eu ca au ru py pdf html htm txt
    jpg png doc xls csv"""
)


def sentences(text: str) -> tuple[Span, ...]:
    """The spans of the sentences of a normalised text, in order.

    Every character that is not white space lies in exactly one of them; none crosses a paragraph break,
    and each begins and ends with a character that is not white space.
    """
    return tuple(span for paragraph in paragraphs(text) for span in paragraph)


def paragraphs(text: str) -> Iterator[list[Span]]:
    """The sentences, paragraph by paragraph."""
    start = 0
    for brk in (*_PARAGRAPH.finditer(text), None):
        end = brk.start() if brk else len(text)
        found = [span for lo, hi in _lines(text, start, end) for span in _sentences(text, lo, hi)]
        if found:
            yield found
        start = brk.end() if brk else end


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a paragraph that no sentence crosses: list items and headings on lines of their own."""
    if text.find("\n", start, end) < 0:
        yield start, end
        return
    ends = [start - 1, *(m.start() for m in _NEWLINE.finditer(text, start, end)), end]
    width = max(b - a - 1 for a, b in pairwise(ends))
    item = bool(_ITEM.match(text, start, ends[1]))
    lo = start
    for before, at, after in zip(ends, ends[1:], ends[2:], strict=False):
        marker = _ITEM.match(text, at + 1, after)
        # In running text a line may begin with a number and a stop by chance.
        next_item = bool(marker and (item or not marker[0][0].isdigit() or not text[at - 1].isalnum()))
        if next_item or _is_break(text, before + 1, at, after, width, item):
            yield lo, at
            lo, item = at + 1, next_item
    yield lo, end


def _is_break(text: str, before: int, at: int, after: int, width: int, item: bool) -> bool:
    """Whether the line break at ``at`` was meant, and is not just where a wrapped line was full."""
    if not (first := text[at + 1 : min(after, at + 1 + _REACH)].split(maxsplit=1)):
        return False
    if first[0][0].islower() or first[0][0].isdigit() or (item and text[at + 1].isspace()):
        return False
    if text.startswith("#", before) or not 40 <= width <= 160:  # too narrow or too wide for wrapped text
        return True
    return at - before + 1 + len(first[0]) < 0.75 * width


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    lo = start
    while lo < end and text[lo].isspace():
        lo += 1
    while end > lo and text[end - 1].isspace():
        end -= 1
    lower = text[lo:end].islower()  # written without capitals: then a small letter may begin a sentence
    for stop in _STOP.finditer(text, lo, end):
        if stop["mark"] and (following := _following(text, lo, stop, end, lower)):
            yield Span(lo, stop.end())
            lo = following
    if lo < end:
        yield Span(lo, end)


class _Place(NamedTuple):
    """What a decision knows: a stop, what stands before it and what comes after it."""

    stop: str
    close: str  # closing quotation marks, brackets and footnotes behind the stop
    token: str  # what stands directly before it, up to white space
    first: bool  # the sentence has nothing before the token
    comma: bool  # a comma stands before the token
    gap: bool  # white space follows
    lead: str  # opening quotation marks, brackets and dashes before the next word
    char: str  # the first character of the next word
    word: str  # its letters
    rest: str  # the word and what hangs on to it

    @property
    def starter(self) -> bool:
        return self.word in _STARTERS and self.rest[len(self.word) :][:1] not in (".", "-")

    @property
    def opened(self) -> bool:
        """One quotation ends and another begins."""
        return not _QUOTES.isdisjoint(self.close) and not _QUOTES.isdisjoint(self.lead)

    @property
    def small(self) -> bool:
        """A word that begins no sentence, unlike iPhone, example.com and the "[t]he" of a quotation."""
        changed = self.lead.endswith("[") and self.rest[1:2] == "]"
        return self.char.islower() and not (changed or self.word[1:2].isupper() or _ADDRESS.match(self.rest))


def _following(text: str, lo: int, stop: re.Match[str], hi: int, lower: bool) -> int:
    """Where the next sentence begins if one ends with ``stop``, otherwise 0."""
    opening = _LEAD.match(text, stop.end(), hi)
    if not opening or (i := opening.end()) >= hi:
        return 0
    ahead = text[i : min(hi, i + _REACH)]
    if i + len(ahead) == hi and not any(char.isalnum() for char in ahead):
        return 0  # a stray mark at the end is no sentence
    at = stop.start()
    left = text[max(lo, at - _REACH) : at].split()
    token = left[-1].lstrip(_OPENING) if left and not text[at - 1].isspace() else ""
    before = at - len(token)
    place = _Place(
        stop=stop["mark"],
        close=stop["close"],
        token=token,
        first=before - lo <= 4 and not text[lo:before].strip(_OPENING + " "),
        comma=len(left) > 1 and left[-2].endswith(","),
        gap=text[stop.end()].isspace(),
        lead=opening[2],
        char=ahead[0],
        word=m[0] if (m := _LETTERS.match(ahead)) else "",
        rest=ahead.split(maxsplit=1)[0],
    )
    return opening.end(1) if _ends(place, ahead, lower) else 0


def _ends(place: _Place, ahead: str, lower: bool) -> bool:
    if place.stop[-1] in _STRONG:
        return not (place.close and place.char in "とっ、，,")
    if not place.gap:
        return _ends_glued(place)
    if place.small and not lower:
        return False
    if "!" in place.stop or "?" in place.stop:
        said = place.close and (_SPEECH.match(ahead) or ("(" in place.lead and place.char.isdigit()))
        return not said and place.token != "Yahoo"
    if len(place.stop) > 1 or place.stop == "…":
        mid = place.char.isdigit() or place.token == place.word  # "I... I don't know"
        return not mid and (bool(place.token) or (place.starter and not place.first))
    return _ends_dot(place)


def _ends_dot(place: _Place) -> bool:
    """Whether a single full stop with white space behind it ends a sentence."""
    token, tail = place.token, _HYPHEN.split(place.token)[-1]
    key, number, goes_on = tail.lower(), place.char.isdigit(), not (place.starter or place.opened)
    if place.first and _ENUMERATOR.fullmatch(token):
        return False
    if key in _NEVER or (key in _TITLES and tail[0].isupper()):
        return False
    if number and (key in _NUMBERED or key in _DATES):
        return False
    if key in ("a.m", "p.m"):
        zone = place.word.isupper() and 2 <= len(place.word) <= 5
        return place.starter or not (number or zone or place.word in _CLOCK)
    if tail in _STATES and goes_on:  # "in Tampa, Fla. Mayors", not "the Fla. Senate", "TAMPA, Fla. (AP)"
        dotted = place.rest[len(place.word) :].startswith(".")
        return place.comma and tail == token and not (dotted or number or "(" in place.lead)
    if key in _DATES:
        return place.word not in _CLOCK
    initial = len(tail) == 1 and tail.isupper()
    if initial or key in _SUFFIXES or key in _TITLES or _ACRONYM.fullmatch(tail):
        return not goes_on
    return not (token.isdigit() and len(token) < 3 and place.word in _ORDINAL)


def _ends_glued(place: _Place) -> bool:
    """Whether a stop with no white space behind it ends a sentence: "the end.Next", but not "example.Com"."""
    token, word = place.token, place.word
    if not place.char.isupper() or "-" in place.lead or not (len(word) > 1 or word in _STARTERS):
        return False
    if word.lower() in _DOMAINS or not _NO_PATH.isdisjoint(place.rest.rstrip(_CLOSING) + token):
        return False
    if token in _STATES or token.lower() in _ABBREVIATIONS:
        return False
    ordinary = (len(token) > 1 and token[-1].islower()) or token[-2:].isdigit()
    return ordinary or len(place.stop + place.close) > 1


def is_item(text: str, start: int) -> bool:
    """Whether a list item or a marked heading begins here."""
    return bool(_ITEM.match(text, start))
