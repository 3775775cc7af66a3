"""One look at a feed: what is new in it or has changed, read page by page."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from ingest.article import Article
from ingest.errors import LaterError, SourceError
from ingest.extract import extract
from ingest.feed import Entry, entries
from ingest.known import Known, Trouble
from ingest.metadata import Draft, public_url
from ingest.polite import DAY, Guest
from ingest.web import body, refused

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

T = TypeVar("T")

MAX_FEED = 5_000_000
"""Bytes of a feed at most."""

PAGES = 50
"""Pages that are read of a feed at a time, the newest; the others wait for the next look."""

BUDGET = 120.0
"""Seconds in which they are begun. Where a host wants longer pauses, fewer are read."""

TRIES = 4
"""How often a page is tried that fails for a reason that may pass."""

ACCEPT = "application/atom+xml, application/rss+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a feed brought: what is known now, to be kept once the articles are; a line for each failure."""

    known: Known
    articles: tuple[Article, ...] = ()
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Feed:
    """A feed as its server sent it. ``data`` is None if it is as it was."""

    url: str
    data: bytes | None
    etag: str
    modified: str


def look(url: str, known: Known, guest: Guest, every: float) -> Seen:
    """Ask a feed what is new, and read the pages that are new or have changed since.

    What fails for a reason that may pass is left alone for ``every`` seconds, then twice as long each time, up to a
    day, or as long as its server asks. Nothing here raises for what a stranger's server does.

    Args:
        url: the feed, which the user named; its robots.txt is for those whom nobody sent.
        known: what the last look left.
        guest: reads, waits for its turn, and knows the time.
        every: seconds from one look to the next.
    """
    now = guest.clock()
    if _resting(known.trouble, now) or guest.free(url) > now + BUDGET:
        return Seen(known)
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    try:
        feed = guest.ask(url, _read_feed, {"Accept": ACCEPT} | {name: said for name, said in asked.items() if said})
        listed = None if feed.data is None else entries(feed.data, feed.url)
    except SourceError as error:
        trouble = _once_more(known.trouble, error, every, guest.clock())
        return Seen(replace(known, trouble=trouble), said=(_later(error, trouble, guest.clock()),))
    if listed is None:
        return Seen(replace(known, trouble=None))
    return _read_new(feed, listed, known, guest, every)


def _read_new(feed: _Feed, listed: tuple[Entry, ...], known: Known, guest: Guest, every: float) -> Seen:
    """Read the pages of entries that are not known as they are now."""
    now = guest.clock()
    new = [entry for entry in listed if known.seen.get(entry.link) != entry.stamp]
    seen, failed = _still(known.seen, listed), _still(known.failed, new)
    articles: list[Article] = []
    said: list[str] = []
    if len(new) > PAGES:
        log.warning(
            "%s: %s pages are new; the newest %d come first, the others later.", feed.url, f"{len(new):,}", PAGES
        )
    due = [entry for entry in new if not _resting(failed.get(entry.link), now)]
    # What has failed comes last: its host may be left alone again for it.
    for entry in sorted(due, key=lambda each: each.link in failed)[:PAGES]:
        if max(guest.free(entry.link), guest.clock()) > now + BUDGET:
            continue
        trouble = failed.pop(entry.link, None)
        try:
            page = guest.page(entry.link)
            articles.append(extract(page, otherwise=Draft("", title=entry.title, published=entry.published)))
        except SourceError as error:
            again = _once_more(trouble, error, every, guest.clock())
            if isinstance(error, LaterError) and again.times < TRIES:
                failed[entry.link] = again
                said.append(_later(error, again, guest.clock()))
                continue
            said.append(str(error))
        seen[entry.link] = entry.stamp
    dealt_with = all(seen.get(entry.link) == entry.stamp for entry in listed)
    state = (feed.etag, feed.modified) if dealt_with else ("", "")
    return Seen(Known(*state, seen, failed), tuple(articles), tuple(said))


async def _read_feed(response: "httpx.Response", name: str) -> _Feed:
    url = public_url(str(response.url)) or name
    etag, modified = (response.headers.get(header, "")[:1000] for header in ("etag", "last-modified"))
    if response.status_code == 304:
        return _Feed(url, None, etag, modified)
    if not response.is_success:
        raise refused(response, name)
    data = await body(response, MAX_FEED, name, SourceError(f"{name}: larger than a feed may be"))
    return _Feed(url, data, etag, modified)


def _still(kept: Mapping[str, T], listed: Iterable[Entry]) -> dict[str, T]:
    """What is kept of the entries that are still listed."""
    return {entry.link: kept[entry.link] for entry in listed if entry.link in kept}


def _resting(trouble: Trouble | None, now: float) -> bool:
    return trouble is not None and now < trouble.until


def _once_more(trouble: Trouble | None, error: SourceError, every: float, now: float) -> Trouble:
    """The trouble after another failure."""
    times = trouble.times if trouble else 0
    pause = max(every * 2 ** min(times, 20), error.after if isinstance(error, LaterError) else 0.0)
    return Trouble(times + 1, now + min(pause, DAY))


def _later(error: SourceError, trouble: Trouble, now: float) -> str:
    return f"{error}; tried again in {duration(trouble.until - now)}"


def duration(seconds: float) -> str:
    """A time as people say it, to two digits or so: ``90 s``, ``10 min``, ``5 h``."""
    seconds = round(seconds)
    for unit, name in ((3600, "h"), (60, "min")):
        if seconds >= 2 * unit or seconds == unit:
            return f"{round(seconds / unit)} {name}"
    return f"{seconds} s"
