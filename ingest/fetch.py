"""A page from the web, read whole or refused as soon as it is clear that it is none."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.errors import SourceError
from ingest.load import HTML, MARKDOWN, MAX_BYTES, MEDIA, PDF, TEXT, Loaded, sniff, too_large
from ingest.metadata import clean_line, public_url
from ingest.reach import ANYWHERE, Reach
from ingest.web import LIMITS, Limits, body, get, refused

if TYPE_CHECKING:
    import httpx

USER_AGENT = "Citedesk (reads a page that its user named)"
ACCEPT = "text/html, application/xhtml+xml, text/plain, text/markdown, application/pdf;q=0.9, */*;q=0.1"

_PAGES = {
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "text/plain": TEXT,
    "text/markdown": MARKDOWN,
    "text/x-markdown": MARKDOWN,
    "application/pdf": PDF,
    "application/x-pdf": PDF,
}
_UNSAID = {"", "application/octet-stream", "binary/octet-stream"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_SUFFIX = re.compile(r"\.\w+$")


def fetch(url: str, reach: Reach = ANYWHERE, limits: Limits = LIMITS) -> Loaded:
    """Read a page, following its redirects. Blocks; not to be called on a running event loop.

    Args:
        url: a http(s) URL.
        reach: where it, and each address that it redirects to, may lead.
        limits: how long it may take.

    Raises:
        SourceError: it may not be reached, did not answer in time or at all, answered an error, or is not a
            page; one line.
    """
    return get(url, read_page, {"User-Agent": USER_AGENT, "Accept": ACCEPT}, reach, limits)


async def read_page(response: "httpx.Response", name: str) -> Loaded:
    """The page in a response.

    Raises:
        SourceError: it is none, is empty or too large, or the server answered an error.
    """
    if not response.is_success:
        raise refused(response, name)
    declared, charset = _content_type(response.headers.get("content-type", ""))
    if declared not in _PAGES and declared not in _UNSAID:
        raise SourceError(f"{name}: not a page but {clean_line(declared, 80)}")
    data = await body(response, MAX_BYTES, name, too_large(name))
    if not data:
        raise SourceError(f"{name}: empty")
    source = public_url(str(response.url)) or name
    return Loaded(name, source, data, _media(declared, data, source, name), charset)


def _content_type(header: str) -> tuple[str, str | None]:
    """The media type of a ``Content-Type`` header and its charset."""
    kind, _, parameters = header.partition(";")
    found = _CHARSET.search(parameters)
    return kind.strip().lower(), found.group(1) if found else None


def _media(declared: str, data: bytes, url: str, name: str) -> str:
    """What the page is: as declared, unless it was left open or is plainly a PDF."""
    suffix = _SUFFIX.search(urlsplit(url).path.lower())
    named = MEDIA.get(suffix.group()) if suffix else None
    if data.startswith(b"%PDF-"):
        return PDF
    if declared in _PAGES:
        return MARKDOWN if _PAGES[declared] == TEXT and named == MARKDOWN else _PAGES[declared]
    found = sniff(data)
    if found == TEXT and declared and named is None:
        raise SourceError(f"{name}: not a page but {declared}")
    return named if found == TEXT and named in (TEXT, MARKDOWN) else found
