"""A page from the web: http and https only, with its redirects, bytes and seconds capped as a whole."""

import asyncio
import re
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.errors import SourceError
from ingest.load import HTML, MARKDOWN, MAX_BYTES, MEDIA, PDF, TEXT, Loaded, sniff, too_large
from ingest.metadata import clean_line, public_url
from ingest.reach import ANYWHERE, Reach

if TYPE_CHECKING:
    import httpx

USER_AGENT = "Citedesk (reads a page that its user named)"
ACCEPT = "text/html, application/xhtml+xml, text/plain, text/markdown, application/pdf;q=0.9, */*;q=0.1"
MAX_REDIRECTS = 5

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
_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.I)
_SUFFIX = re.compile(r"\.\w+$")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a fetch may take: to connect, between two reads, and altogether, in seconds."""

    connect: float = 10.0
    read: float = 15.0
    total: float = 60.0


LIMITS = Limits()


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
    import httpx

    name = clean_line(public_url(url) or "")
    if not name:
        raise SourceError(f"{clean_line(url)}: not a valid URL")
    try:
        return asyncio.run(_within(limits, reach, url, name))
    except TimeoutError as error:
        raise SourceError(f"{name}: not read within {limits.total:g} seconds") from error
    except httpx.TimeoutException as error:
        raise SourceError(f"{name}: did not answer in time") from error
    except httpx.TransportError as error:
        raise SourceError(f"{name}: {_reason(error)}") from error
    except httpx.DecodingError as error:
        raise SourceError(f"{name}: sent a damaged answer") from error
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise SourceError(f"{name}: not a valid URL") from error


async def _within(limits: Limits, reach: Reach, url: str, name: str) -> Loaded:
    """Follow a URL, all hops and bytes together within the total, however slowly a server drips."""
    async with asyncio.timeout(limits.total), _client(limits, reach, name) as client:
        for _ in range(MAX_REDIRECTS + 1):
            async with client.stream("GET", url) as response:
                if not response.has_redirect_location:
                    return await _read(response, name)
                url = _next_hop(response, name)
    raise SourceError(f"{name}: too many redirects")


def _client(limits: Limits, reach: Reach, name: str) -> "httpx.AsyncClient":
    """A client that goes no further than it may; only one that may go anywhere asks the environment's proxies."""
    import httpx

    from ingest.transport import CheckedTransport

    # Encodings that are named here are bounded by what a chunk can unpack to; others are not asked for.
    headers = {"User-Agent": USER_AGENT, "Accept": ACCEPT, "Accept-Encoding": "gzip, deflate"}
    return httpx.AsyncClient(
        headers=headers,
        timeout=httpx.Timeout(limits.read, connect=limits.connect),
        transport=CheckedTransport(reach, name) if reach.public_only else None,
        trust_env=not reach.public_only,
        follow_redirects=False,
    )


def _next_hop(response: "httpx.Response", name: str) -> str:
    """The address that a redirect leads to. All that is asked for came through here or from the user."""
    url = str(response.url.join(response.headers["location"]))
    if public_url(url) is None:
        raise SourceError(f"{name}: redirects to an address that is not http(s)")
    return url


async def _read(response: "httpx.Response", name: str) -> Loaded:
    """The body of a page, refused as soon as it is clear that it is none."""
    if not response.is_success:
        reason = clean_line(response.reason_phrase, 60)
        raise SourceError(f"{name}: the server answered {response.status_code} {reason}".rstrip())
    declared, charset = _content_type(response.headers.get("content-type", ""))
    if declared not in _PAGES and declared not in _UNSAID:
        raise SourceError(f"{name}: not a page but {clean_line(declared, 80)}")
    if response.headers.get("content-encoding", "identity").strip().lower() not in _ENCODINGS:
        raise SourceError(f"{name}: packed in a way that was not asked for")
    data = await _body(response, name)
    source = public_url(str(response.url)) or name
    return Loaded(name, source, data, _media(declared, data, source, name), charset)


async def _body(response: "httpx.Response", name: str) -> bytes:
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > MAX_BYTES:
        raise too_large(name)
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > MAX_BYTES:
            raise too_large(name)
    if not data:
        raise SourceError(f"{name}: empty")
    return bytes(data)


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


def _reason(error: BaseException) -> str:
    """Why no connection came about, from the error at the bottom of the chain."""
    chain: list[BaseException] = []
    pending = [error]
    while pending and len(chain) < 30:
        link = pending.pop()
        chain.append(link)
        pending += [e for e in (link.__cause__, link.__context__) if e is not None and e not in chain]
        if isinstance(link, BaseExceptionGroup):
            pending += link.exceptions
    if any(isinstance(link, socket.gaierror) for link in chain):
        return "no such host, or no network to look it up"
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return "no secure connection: its certificate or TLS is at fault"
    if any(isinstance(link, ConnectionRefusedError) for link in chain):
        return "connection refused"
    return "cannot be reached" if type(error).__name__ == "ConnectError" else "broke off the connection"
