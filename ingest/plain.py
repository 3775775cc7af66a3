"""Plain text: the lines above an article that are about it, told from the lines that are it."""

import re
from dataclasses import replace

from ingest.article import normalise
from ingest.metadata import Draft, clean_line, join_names, parse_date, public_url

MAX_TITLE = 160
MAX_DECK = 300
MAX_HEADER_LINES = 8

_ISO = r"\d{4}-\d{2}-\d{2}"
_DAY = rf"(?:{_ISO}|\d{{1,2}} [^\W\d_]{{3,12}}\.? \d{{4}}|[^\W\d_]{{3,12}}\.? \d{{1,2}}, \d{{4}})"
_INLINE_DATE = re.compile(rf"date(?:\s*:\s*|\s+)({_DAY})\s+(?=\S)", re.I)
_DATE_LABEL = re.compile(r"(?:date|published|posted|publication date)(?:\s+on)?\s*:?\s+(\S.*)", re.I)
_FIGURES_DATE = re.compile(r"(?:[^\W\d_]+\s*:?\s+)?\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}$")
_LABEL = re.compile(r"(title|headline|author|authors|byline|url|link)\s*:\s+(\S.*)", re.I)
_BY = re.compile(r"by:?\s+(\S.*)", re.I)
_CREDIT = re.compile(
    r"\b(?:staff|contributors?|(?:wire|staff) reports?|editorial board|correspondents?)$|^special to", re.I
)
_LIST_MARK = re.compile(r"[-*•·–—>]\s|\d+[.)]\s|\(?[a-z]\)\s")
_SENTENCE_STOP = re.compile(r"[.!?…。！？؟।][\"”’»)\]]*$")
_INITIALS_STOP = re.compile(r"(?:\b[A-Z]\.){2,}$")
_HALF_STOP = re.compile(r"[,;:–—-]$|[.!?…][\"”’»]$")
_TWO_SENTENCES = re.compile(r"[^\W\d_A-Z]{4,}[.!?][\"”’]?\s+[\"“‘]?[A-Z]")
_PLACE_LINE = re.compile(r"[A-Z]{3,}[A-Z .,'’-]* [–—] |[A-Z][A-Z .,'’-]+(?:,[^()]{1,40})?\([^()]+\)$")
_FOLLOW = re.compile(r"Follow (.{4,60}?) (?:on|at) (?:Facebook|Twitter|X|Instagram|Bluesky|Threads|LinkedIn)\b.{0,80}$")

_WORD = r"(?:[^\W\d_a-z][\w.'’-]*)"
_PARTICLE = r"(?:de|da|do|dos|das|del|della|di|du|la|le|van|von|der|den|ter|ten|bin|ibn|al|el|y|e|zu)"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_WORD}){{1,3}}")
_NO_NAME = re.compile(
    r"\b(?:the|a|an|this|that|our|us|its|his|her|their|all|news|times|post|daily|magazine|media|network|radio|tv|"
    r"press|popular|jan(?:uary)?|february|march|april|june|july|august|september|october|november|december)\b",
    re.I,
)


def read_plain(text: str) -> Draft:
    """The article in a plain text: its header lines become title, byline and date, the rest is the text."""
    draft = take_header(Draft(normalise(text)))
    return replace(draft, byline=draft.byline or _followed(draft.text))


def take_header(draft: Draft) -> Draft:
    """Move the lines at the top that are about the article out of its text.

    They are a date (``date 2025-10-08``, ``Published: 8 October 2025``), a byline (``By Ann Lee``), labelled
    lines (``Title: ...``) and a headline. A line is taken only where it cannot well be anything else, only if
    text is left after it, and never to replace what is known already. ``draft.text`` must be normalised.
    """
    for _ in range(MAX_HEADER_LINES):
        taken = _take_line(draft) or _take_under_deck(draft)
        if taken is None or not taken.text:
            return draft
        draft = taken
    return draft


def looks_like_names(text: str) -> bool:
    """Whether ``text`` reads as one or more people: ``Ann Lee``, ``ANN LEE and J. de la Cruz, Reuters``."""
    parts = [part.strip() for part in re.split(r",\s*and\b|,|\band\b|&|\||/", text.rstrip(" ,|"))]
    if len(text) > 150 or not parts or not all(parts):
        return False
    people = [part for part in parts if _is_person(part)]
    # What follows the people may be an office: "Ann Lee, Reuters", "Ann Lee | Staff Writer".
    return parts[0] in people and all(part in people or len(part.split()) <= 3 for part in parts)


def _is_person(text: str) -> bool:
    lower = [word for word in text.split() if word[0].islower()]
    capital = all(re.fullmatch(_PARTICLE, word) for word in lower)
    return capital and bool(_NAME.fullmatch(text)) and not _NO_NAME.search(text)


def _split_line(text: str) -> tuple[str, str]:
    """The first line and what stands after it."""
    line, _, rest = text.partition("\n")
    return line.strip(), rest


def _take_line(draft: Draft) -> Draft | None:
    """The draft without its first line, if that is metadata; None if it is text."""
    line, rest = _split_line(draft.text)
    left = rest.strip()
    if (inline := _INLINE_DATE.match(line)) and not line[inline.end()].islower():
        day = parse_date(inline.group(1))
        if day and draft.published in (None, day):
            return replace(draft, text=draft.text[inline.end() :].lstrip(), published=day)
    if known := _labelled(line, replace(draft, text=left)):
        return known
    if draft.title is not None:
        return replace(draft, text=left) if clean_line(line).casefold() == draft.title.casefold() else None
    return replace(draft, text=left, title=line) if _is_headline(line, rest) else None


def _labelled(line: str, draft: Draft) -> Draft | None:
    """The draft with what a date line, a byline or a labelled line says; None if it is none of these."""
    if len(line) > 200:
        return None
    dated = _DATE_LABEL.fullmatch(line)
    if day := parse_date(dated.group(1) if dated else line):
        return replace(draft, published=day) if draft.published in (None, day) else None
    if (by := _BY.fullmatch(line)) and looks_like_names(by.group(1)):
        byline = clean_line(by.group(1))
        return replace(draft, byline=byline) if draft.byline in (None, byline) else _same_people(draft, byline)
    if label := _LABEL.fullmatch(line):
        return _with_label(draft, label.group(1).lower(), label.group(2))
    return None


def _same_people(draft: Draft, byline: str) -> Draft | None:
    """The draft as it is, if the line only repeats, in its own words, who wrote the article."""
    known = set(re.findall(r"\w+", (draft.byline or "").casefold())) - {"and"}
    return draft if known and known <= set(re.findall(r"\w+", byline.casefold())) else None


def _with_label(draft: Draft, label: str, value: str) -> Draft | None:
    if label in ("title", "headline"):
        return replace(draft, title=value) if draft.title is None else None
    if label in ("author", "authors", "byline"):
        byline = join_names([value])
        return replace(draft, byline=byline) if byline and draft.byline is None else None
    url = public_url(value)
    return replace(draft, url=url) if url and draft.url is None else None


def _take_under_deck(draft: Draft) -> Draft | None:
    """A byline or date that stands under the headline's summary: it goes, the summary stays."""
    deck, _, rest = draft.text.partition("\n\n")
    if draft.title is None or len(deck) > MAX_DECK or not rest:
        return None
    line, after = _split_line(rest)
    known = _labelled(line, replace(draft, text=after.strip())) if after.strip() else None
    return replace(known, text=f"{deck}\n\n{known.text}") if known else None


def _is_headline(line: str, rest: str) -> bool:
    """Whether the first line is a headline: short, no sentence, set apart, and sentences come after it."""
    if not 3 <= len(line) <= MAX_TITLE or not any(c.isalpha() for c in line) or _LIST_MARK.match(line):
        return False
    following, _ = _split_line(rest.lstrip("\n"))
    signed = _labelled(following, Draft("")) is not None
    if not signed and _is_credit(line):
        return False
    if _HALF_STOP.search(line) or _TWO_SENTENCES.search(line) or _PLACE_LINE.match(line) or _FIGURES_DATE.match(line):
        return False
    stop = _SENTENCE_STOP.search(line)
    if stop and stop.group() not in ("?", "!", "？", "！") and not _INITIALS_STOP.search(line):
        return False
    return (signed or rest.startswith("\n")) and any(
        _SENTENCE_STOP.search(paragraph) for paragraph in rest.strip().split("\n\n")[:20]
    )


def _is_credit(line: str) -> bool:
    """Whether a line above a text names people or an agency rather than saying something."""
    words = line.split()
    cased = line.upper() != line.lower()
    names = looks_like_names(line) and max(len(part.split()) for part in re.split(r",|\band\b", line)) <= 3
    return names or bool(_CREDIT.search(line)) or (cased and len(words) < 4 and not any(w.islower() for w in words))


def _followed(text: str) -> str | None:
    """The author whom the last line asks to follow (``Follow Ann Lee on Facebook and Twitter.``)."""
    last = text.rpartition("\n")[2].strip()
    found = _FOLLOW.fullmatch(last)
    return clean_line(found.group(1)) if found and looks_like_names(found.group(1)) else None
