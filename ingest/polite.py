"""Reading strangers' sites as a guest: one page at a time, some time apart, and none that robots.txt forbids."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

from ingest.errors import LaterError, SourceError
from ingest.fetch import ACCEPT, read_page
from ingest.load import Loaded
from ingest.reach import Reach
from ingest.web import LIMITS, MAX_REDIRECTS, Limits, Read, get, next_hop, refused

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

AGENT = "Citedesk"
"""What robots.txt may call this reader."""

USER_AGENT = f"{AGENT} (follows a feed that its user named)"

APART = 1.0
"""Seconds between two requests to one host, unless its Crawl-delay says more."""

REST = 300.0
"""Seconds for which a host in trouble is left alone, unless it asks for more; at most a day of them."""

DAY = 86_400.0

KEPT = 3600.0
"""Seconds for which a robots.txt holds. RFC 9309, section 2.4, allows a day."""

MAX_ROBOTS = 512_000
"""Bytes of a robots.txt, the rest of which is not read. RFC 9309, section 2.5: no fewer than 500 KiB."""


class Guest:
    """One reader of any number of hosts; not to be shared by threads.

    Args:
        reach: where it may go.
        clock: the moment, in seconds.
        wait: lets that many seconds pass.
        limits: how long a request may take.
    """

    def __init__(
        self, reach: Reach, clock: Callable[[], float], wait: Callable[[float], object], limits: Limits = LIMITS
    ) -> None:
        self.clock = clock
        self._reach, self._wait, self._limits = reach, wait, limits
        self._free: dict[str, float] = {}
        self._rules: dict[str, tuple[float, RobotFileParser]] = {}

    def free(self, url: str) -> float:
        """The moment from which the host of an address may be asked again."""
        return self._free.get(_host(url), 0.0)

    def ask(self, url: str, read: Read[T], headers: Mapping[str, str], redirects: int = MAX_REDIRECTS) -> T:
        """Ask for an address, as `ingest.web.get` does, when it is its host's turn.

        Raises:
            SourceError: as there.
        """
        self._wait(max(0.0, self.free(url) - self.clock()))
        apart = self._apart(url)
        try:
            return get(url, read, {"User-Agent": USER_AGENT, **headers}, self._reach, self._limits, redirects)
        except LaterError as error:
            apart = max(REST, min(error.after, DAY))
            raise
        finally:
            self._free[_host(url)] = self.clock() + apart

    def page(self, url: str) -> Loaded:
        """The page at an address that nobody named but a feed.

        Raises:
            LaterError: it cannot be read now, or its host does not say now whether it may be.
            SourceError: it may not be read, or is no page.
        """
        name = url
        for _ in range(MAX_REDIRECTS + 1):
            if not _allowed(self._rules_of(url), url):
                raise SourceError(f"{url}: the site's robots.txt does not allow it to be read")
            found = self.ask(url, _page_or_hop, {"Accept": ACCEPT}, redirects=0)
            if isinstance(found, Loaded):
                return found
            url = found
        raise SourceError(f"{name}: too many redirects")

    def _rules_of(self, url: str) -> RobotFileParser:
        """What the robots.txt of an address says, read anew when it is time to."""
        now, site = self.clock(), _site(url)
        if site not in self._rules or self._rules[site][0] <= now:
            self._rules = {site: kept for site, kept in self._rules.items() if kept[0] > now}
            self._free = {host: free for host, free in self._free.items() if free > now}
            self._rules[site] = now + KEPT, self._ask_rules(site)
            self._free[_host(url)] = self.clock() + self._apart(url)
        return self._rules[site][1]

    def _ask_rules(self, site: str) -> RobotFileParser:
        try:
            return self.ask(f"{site}/robots.txt", _read_rules, {"Accept": "text/plain"})
        except LaterError:
            raise
        except SourceError:  # none that could be read: section 2.3.1.3
            return _rules("")

    def _apart(self, url: str) -> float:
        _, rules = self._rules.get(_site(url), (0.0, None))
        return max(APART, float(rules.crawl_delay(AGENT) or 0) if rules else 0.0)


async def _page_or_hop(response: "httpx.Response", name: str) -> Loaded | str:
    return next_hop(response, name) if response.has_redirect_location else await read_page(response, name)


async def _read_rules(response: "httpx.Response", name: str) -> RobotFileParser:
    if not response.is_success:
        raise refused(response, name)
    data = bytearray()
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) >= MAX_ROBOTS:
            break
    return _rules(data[:MAX_ROBOTS].decode("utf-8", "replace"))


def _rules(said: str) -> RobotFileParser:
    """What a robots.txt means, the first line that fits going before the rest; wildcards inside paths mean nothing."""
    rules = RobotFileParser()
    try:
        rules.parse(said.removeprefix("\ufeff").splitlines())
    except ValueError:  # a path that cannot be one
        return _rules("")
    return rules


def _allowed(rules: RobotFileParser, url: str) -> bool:
    try:
        return rules.can_fetch(AGENT, url)
    except ValueError as error:
        raise SourceError(f"{url}: not a valid URL") from error


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _site(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
