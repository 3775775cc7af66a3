"""Titles, bylines, dates, languages and addresses: small facts, cleaned and never guessed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

MAX_LINE = 300
MAX_MADE_TITLE = 90

# Bidirectional marks, embeddings, overrides and isolates, and zero-width characters that mean nothing. The
# joiners U+200C and U+200D stay: Persian and emoji need them.
_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF, *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_ISO_DATE = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\s*\d{1,2}:\d\d[\d:.,Zz +−-]*(?:[A-Z]{1,5})?)?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T[\d:.,Z+-]*)?")
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-](\d{1,2}|[a-z]{3})[/-](\d{1,2})(?:[/-]|$)")
# Those whose month names are tried after the English ones; all that dateparser knows would take it seconds.
_LANGUAGES = [
    "es",
    "fr",
    "de",
    "pt",
    "it",
    "nl",
    "pl",
    "ru",
    "uk",
    "tr",
    "ar",
    "fa",
    "zh",
    "ja",
    "ko",
    "sv",
    "da",
    "nb",
    "fi",
    "el",
    "cs",
    "hu",
    "ro",
    "id",
    "vi",
]
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_CLOCK = re.compile(
    r"(?:\bat\s+|[,|·–-]\s*)?\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s*(?:[ap]\.?m\.?)?(?:\s+[A-Z]{2,4}\b)?", re.I
)
_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]+)*)(?:,[^()\n—–]{1,40}?)?\s*(?:\([^()\n]{1,40}\))?\s*[—–-]{1,2}\s+"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…。！？؟।])[\"”’»)\]]*(?:\s+|$)|(?<=[。！？])")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|St|Gen|Col|Sen|Rep|Gov|Lt|Sgt|Prof|vs|No|Jr|Sr|U\.S|U\.K|U\.N))\.$"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What one format's reader found, before the article is made of it: raw text and what came with it."""

    text: str
    title: str | None = None
    byline: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None


def clean_line(text: str, limit: int = MAX_LINE) -> str:
    """One safe line: no control characters or bidirectional overrides, single spaces, ``limit`` at most."""
    text = unicodedata.normalize("NFC", text).translate(_INVISIBLE)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cs")
    return shorten(" ".join(text.split()), limit)


def shorten(line: str, limit: int) -> str:
    """The line, or as many whole words of it as fit into ``limit`` characters with an ellipsis after them."""
    if len(line) <= limit:
        return line
    cut = line[:limit]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut[:-1]).rstrip(" ,;:–—-") + "…"


def title_from(text: str) -> str:
    """A title made from the first sentence, without its dateline, cut at a word if it is long."""
    paragraphs = [clean_line(p, 10 * MAX_LINE) for p in text.split("\n\n", 4)[:4]]
    # A name or an agency above the text is not what it says.
    first = next((p for p in paragraphs if len(p.split()) > 5 or _SENTENCE_END.search(p)), paragraphs[0])
    dateline = _DATELINE.match(first)
    if dateline and dateline.end() < len(first):
        first = first[dateline.end() :]
    for end in _SENTENCE_END.finditer(first):
        sentence = first[: end.end()].strip()
        if len(sentence) > MAX_MADE_TITLE:
            break
        if not _ABBREVIATED.search(sentence):
            return sentence
    return shorten(first, MAX_MADE_TITLE)


def parse_date(text: str) -> date | None:
    """The day that ``text`` names: ISO or with its month by name; otherwise None.

    ``03/04/2025`` is two different days to two readers, so it is none; nor is a relative date a date.
    """
    text = clean_line(text)
    if len(text) > 80:
        return None
    for pattern, parts in ((_ISO_DATE, (1, 3, 4)), (_COMPACT_DATE, (1, 2, 3))):
        if found := pattern.fullmatch(text):
            return _day(*(found.group(part) for part in parts))
    return _named_date(text)


def date_in_url(url: str) -> date | None:
    """The day in a path such as ``/2023/03/08/`` or ``/2023/mar/08/``, if the address carries one."""
    found = _URL_DATE.search(urlsplit(url).path.lower()) if is_web(url) else None
    if found is None:
        return None
    year, month, day = found.groups()
    if month in _MONTHS:
        month = str(_MONTHS.index(month) + 1)
    return _day(year, month, day) if month.isdigit() else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


@lru_cache(maxsize=256)
def _named_date(text: str) -> date | None:
    """A date with its month by name. The clock is taken out first, so the day stays as it was printed."""
    text = _CLOCK.sub(" ", text).strip(" ,|·–-")
    if len(_YEAR.findall(text)) != 1 or not re.search(r"[^\W\d_]", text) or re.search(r"\d\s*/\s*\d", text):
        return None
    if not 2 <= len(re.findall(r"\d+", text)) <= 3 or len(text.split()) > 9:
        return None
    import dateparser

    settings = {
        "STRICT_PARSING": True,
        "REQUIRE_PARTS": ["day", "month", "year"],
        "PARSERS": ["absolute-time"],
    }
    for languages in (["en"], _LANGUAGES):
        if parsed := dateparser.parse(text, languages=languages, settings=settings):
            return parsed.date()
    return None


def clean_language(tag: str | None) -> str | None:
    """A language tag such as ``en`` or ``pt-BR``, or None when it is not one."""
    tag = (tag or "").strip().replace("_", "-")
    return tag if len(tag) <= 35 and _LANGUAGE.fullmatch(tag) else None


def is_web(address: str) -> bool:
    """Whether the address is a http(s) URL."""
    return address.lower().startswith(("http://", "https://"))


def public_url(address: str) -> str | None:
    """A http(s) URL without user name, password and fragment; None for anything else."""
    address = address.strip()
    if not is_web(address) or re.search(r"[\s<>\"\\\x00-\x1f\x7f]", address) or len(address) > 2000:
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    host = f"[{host}]" if ":" in host else host
    return urlunsplit((parts.scheme.lower(), f"{host}:{port}" if port else host, parts.path, parts.query, ""))


def without_user(text: str) -> str:
    """A text without the user names and passwords of the addresses in it, so that it can be shown."""
    return re.sub(r"(?:(?<=://)|^)[^/?#\s'\"]*@", "", text)


def page_url(claimed: str | None, source: str) -> str | None:
    """The page that a reader can open: the address an article claims, where it may claim it.

    A page that was fetched may only speak for its own host; otherwise it is the address it was fetched from.
    """
    fetched = public_url(source)
    claim = public_url(claimed) if claimed else None
    if fetched is None or (claim and _site(claim) == _site(fetched)):
        return claim or fetched
    return fetched


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def join_names(names: Iterable[str]) -> str | None:
    """``A``, ``A and B`` or ``A, B and C``: each name once, addresses and handles left out."""
    kept: dict[str, str] = {}
    for name in names:
        name = re.sub(r"^by[:\s]\s*", "", clean_line(name), flags=re.I).strip(" ,;|")
        if any(c.isalpha() for c in name) and not re.search(r"://|^www\.|@|^/", name):
            kept.setdefault(name.casefold(), name)
    *others, last = kept.values() or [""]
    return clean_line(f"{', '.join(others)} and {last}" if others else last) or None


def names_in(value: Any) -> list[str]:
    """The author names in a string, a ``{"name": ...}`` mapping, or a list of either."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return names_in(value.get("name"))
    if isinstance(value, list):
        return [name for item in value[:50] if not isinstance(item, list) for name in names_in(item)]
    return []
