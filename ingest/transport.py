"""HTTP to the very addresses that were checked, so that a name cannot mean another one when it is connected to."""

import asyncio
from contextlib import suppress

import httpx

from ingest.errors import LaterError, SourceError
from ingest.reach import Reach


class CheckedTransport(httpx.AsyncBaseTransport):
    """Sends a request to an address that its host may be reached at, and to no other.

    The server still sees the name, as ``Host`` and in TLS, and its certificate must be the name's.
    No proxy is asked: it would look names up by itself.
    """

    def __init__(self, reach: Reach, name: str, wire: httpx.AsyncBaseTransport | None = None) -> None:
        """Take what may be reached, what refusals call the source, and what sends the requests."""
        self._reach, self._name = reach, name
        # No connection is used twice: it is known by its address, and the certificate was another name's.
        self._wire = wire or httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request, to the next address if one does not take the connection.

        Raises:
            LaterError: the host may not be reached, or nobody knows it now; which of the two is not said.
            SourceError: the URL has a password in it.
        """
        if request.url.userinfo:
            raise SourceError(f"{self._name}: has a user name or a password in it; give the address without")
        host = request.url.raw_host.decode("ascii")
        addresses = await asyncio.to_thread(self._reach.addresses, host)
        if not addresses:
            raise LaterError(
                f"{self._name}: not found on the public web; check the address "
                "(whoever runs Citedesk can allow an internal host by CITEDESK_INTERNAL_HOSTS)"
            )
        for address in addresses[:-1]:
            with suppress(httpx.ConnectError, httpx.ConnectTimeout):
                return await self._wire.handle_async_request(_to(address, host, request))
        return await self._wire.handle_async_request(_to(addresses[-1], host, request))

    async def aclose(self) -> None:
        await self._wire.aclose()


def _to(address: str, host: str, request: httpx.Request) -> httpx.Request:
    """The request with the address in the place of the host's name, which stays in its headers and in TLS."""
    return httpx.Request(
        request.method,
        request.url.copy_with(host=address),
        headers=request.headers,
        stream=request.stream,
        extensions=request.extensions | {"sni_hostname": host.removesuffix(".")},
    )
