"""A feed, RSS or Atom, to the entries that it lists."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from email.utils import parsedate
from hashlib import sha256
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from ingest.errors import SourceError
from ingest.metadata import clean_line, public_url

MOST = 20_000
"""Entries of a feed: where more are opened, it was made to keep its readers busy."""

_OPENED = re.compile(rb"<(?:item|entry)\b", re.I)
_TAG = re.compile(r"<[^<>]*>")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_LONGEST = 10_000  # characters of a title that are looked at; `clean_line` keeps far fewer


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that a feed names: a http(s) address, and what the feed says of it.

    ``stamp`` stands for all that the feed says: it changes when the feed says that the page has.
    """

    link: str
    title: str
    published: date | None
    stamp: str


def entries(data: bytes, url: str) -> tuple[Entry, ...]:
    """The entries of a feed, newest first, each page once; those that name no page are left out.

    Broken XML is read as far as it can be understood. Nothing is fetched, and no entity is read from elsewhere.

    Args:
        data: the feed.
        url: where it came from; links may be relative to it.

    Raises:
        SourceError: it is no feed.
    """
    import feedparser

    name = clean_line(public_url(url) or url)
    if len(_OPENED.findall(data)) > MOST:
        raise SourceError(f"{name}: lists more than {MOST:,} entries")
    try:
        # As a file, for a text could also be an address or a path. Its HTML is not shown, so it need not be cleaned.
        parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # a parser that meets bytes of a stranger's making
        raise SourceError(f"{name}: cannot be read as a feed ({type(error).__name__})") from error
    if not parsed.get("version") and not parsed.entries:
        raise SourceError(f"{name}: not a feed (RSS or Atom)")
    found: dict[str, Entry] = {}
    for entry in _entries(parsed.entries, url):
        found.setdefault(entry.link, entry)
    return tuple(sorted(found.values(), key=lambda each: each.published or date.min, reverse=True))


def _entries(items: list[Any], url: str) -> Iterator[Entry]:
    for item in map(dict, items):  # feedparser's own mappings would look for a value under other names too
        if link := _address(url, item.get("link")):
            yield Entry(link, _title(item), _day(item.get("published") or item.get("updated")), _stamp(item))


def _address(base: str, link: Any) -> str | None:
    try:
        return public_url(urljoin(base, link)) if isinstance(link, str) and link.strip() else None
    except ValueError:
        return None


def _title(item: Any) -> str:
    """The title as text: some feeds write HTML there."""
    title = str(item.get("title") or "")[:_LONGEST]
    if (item.get("title_detail") or {}).get("type") in ("text/html", "application/xhtml+xml"):
        title = unescape(_TAG.sub("", title))
    return clean_line(title)


def _day(said: Any) -> date | None:
    """The day as it is written, whatever its hour is elsewhere; RFC 822 in RSS, RFC 3339 in Atom."""
    said = str(said or "").strip()[:100]
    try:
        if _ISO.match(said):
            return date.fromisoformat(said[:10])
        parts = parsedate(said)
        return date(*parts[:3]) if parts else None
    except (ValueError, OverflowError, IndexError, TypeError):
        return None


def _stamp(item: Any) -> str:
    """Of the moment of its last change, if the feed has it; else of everything that it says."""
    said = item.get("updated") or [item.get(name) for name in ("title", "published", "summary", "content")]
    return sha256(repr(said).encode(errors="replace")).hexdigest()[:16]
