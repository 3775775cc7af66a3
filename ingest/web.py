"""One GET over http(s): its redirects, bytes and seconds capped as a whole, and no further than it may reach."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from ingest.errors import LaterError, SourceError
from ingest.metadata import clean_line, public_url
from ingest.reach import ANYWHERE, Reach

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
Read = Callable[["httpx.Response", str], Awaitable[T]]
"""Makes what is wanted of a response, whose body is not read yet, and of the name of its source."""

MAX_REDIRECTS = 5

_ENCODINGS = {"", "identity", "gzip", "x-gzip", "deflate"}
_PASSING = {408, 425, 429}  # besides all from 500 on


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a fetch may take: to connect, between two reads, and altogether, in seconds."""

    connect: float = 10.0
    read: float = 15.0
    total: float = 60.0


LIMITS = Limits()


def get(
    url: str,
    read: Read[T],
    headers: Mapping[str, str],
    reach: Reach = ANYWHERE,
    limits: Limits = LIMITS,
    redirects: int = MAX_REDIRECTS,
) -> T:
    """Ask for an address, following its redirects. Blocks; not to be called on a running event loop.

    Args:
        url: a http(s) URL.
        read: makes the result; it refuses what it does not want, and may take a response that redirects.
        headers: what is said besides, who asks among it.
        reach: where the address, and each that it redirects to, may lead.
        limits: how long all of it may take.
        redirects: how many are followed; with none, ``read`` is given the one that would be.

    Raises:
        LaterError: it did not answer in time, or at all.
        SourceError: it may not be reached, or is refused; one line.
    """
    import httpx

    name = clean_line(public_url(url) or "")
    if not name:
        raise SourceError(f"{clean_line(url)}: not a valid URL")
    try:
        return asyncio.run(_within(limits, reach, url, name, headers, redirects, read))
    except TimeoutError as error:
        raise LaterError(f"{name}: not read within {limits.total:g} seconds") from error
    except httpx.TimeoutException as error:
        raise LaterError(f"{name}: did not answer in time") from error
    except httpx.TransportError as error:
        raise LaterError(f"{name}: {_reason(error)}") from error
    except httpx.DecodingError as error:
        raise SourceError(f"{name}: sent a damaged answer") from error
    except (httpx.InvalidURL, UnicodeError, ValueError) as error:
        raise SourceError(f"{name}: not a valid URL") from error


def refused(response: "httpx.Response", name: str) -> SourceError:
    """The error for a status that is no success: one that may pass is a `LaterError`."""
    line = f"{name}: the server answered {response.status_code} {clean_line(response.reason_phrase, 60)}".rstrip()
    if response.status_code in _PASSING or response.status_code >= 500:
        return LaterError(line, _retry_after(response.headers))
    return SourceError(line)


async def body(response: "httpx.Response", most: int, name: str, too_large: SourceError) -> bytes:
    """The bytes of a response, ``most`` of them at most.

    Raises:
        SourceError: they are packed in a way that was not asked for; or ``too_large``.
    """
    if response.headers.get("content-encoding", "identity").strip().lower() not in _ENCODINGS:
        raise SourceError(f"{name}: packed in a way that was not asked for")
    length = response.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > most:
        raise too_large
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > most:
            raise too_large
    return bytes(data)


def next_hop(response: "httpx.Response", name: str) -> str:
    """The address that a redirect leads to. All that is asked for came through here or from the user.

    Raises:
        SourceError: it is not http(s).
    """
    url = str(response.url.join(response.headers["location"]))
    if public_url(url) is None:
        raise SourceError(f"{name}: redirects to an address that is not http(s)")
    return url


async def _within(
    limits: Limits, reach: Reach, url: str, name: str, headers: Mapping[str, str], redirects: int, read: Read[T]
) -> T:
    """Follow a URL, all hops and bytes together within the total, however slowly a server drips."""
    async with asyncio.timeout(limits.total), _client(limits, reach, name, headers) as client:
        for _ in range(redirects + 1):
            async with client.stream("GET", url) as response:
                if not redirects or not response.has_redirect_location:
                    return await read(response, name)
                url = next_hop(response, name)
    raise SourceError(f"{name}: too many redirects")


def _client(limits: Limits, reach: Reach, name: str, headers: Mapping[str, str]) -> "httpx.AsyncClient":
    """A client that goes no further than it may; only one that may go anywhere asks the environment's proxies."""
    import httpx

    from ingest.transport import CheckedTransport

    return httpx.AsyncClient(
        # Encodings that are named here are bounded by what a chunk can unpack to; others are not asked for.
        headers={"Accept-Encoding": "gzip, deflate", **headers},
        timeout=httpx.Timeout(limits.read, connect=limits.connect),
        transport=CheckedTransport(reach, name) if reach.public_only else None,
        trust_env=not reach.public_only,
        follow_redirects=False,
    )


def _retry_after(headers: "httpx.Headers") -> float:
    """The seconds that a server asks to wait, 0 if it does not. A date counts from its own clock, not from ours."""
    said = headers.get("retry-after", "").strip()
    if said.isdecimal():
        return float(said[:9])
    try:
        wait = parsedate_to_datetime(said) - parsedate_to_datetime(headers["date"])
    except (KeyError, TypeError, ValueError):
        return 0.0
    return max(wait, timedelta()).total_seconds()


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
