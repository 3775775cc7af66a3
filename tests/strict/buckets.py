"""Rate limits as Discord keeps them: a bucket a route and channel, and one for all requests."""

import math
import time
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.strict.faults import Payload

VIA = {"Via": "1.1 google"}
"""What Discord's own refusals carry; discord.py takes a 429 without it for a ban and gives up."""
MAJOR = ("channel", "guild", "token")


class Verdict(NamedTuple):
    """What becomes of a request: its headers, and the body of a 429 where it is refused."""

    headers: dict[str, str]
    refusal: Payload | None = None


@dataclass(slots=True)
class _Window:
    until: float
    used: int = 0


@dataclass(slots=True)
class Buckets:
    """``limits``: by method and route, how many requests in how many seconds; ``overall``: the same for all routes.

    Time is the computer's own, for by it the library waits. ``announced``: whether the answers say how much is left,
    by which a well-behaved library never meets a 429.
    """

    limits: dict[str, tuple[int, float]] = field(default_factory=dict)
    overall: tuple[int, float] | None = (50, 1.0)
    announced: bool = True
    _windows: dict[str, _Window] = field(default_factory=dict)

    def take(self, method: str, route: str, params: dict[str, str], *, counted: bool) -> Verdict:
        """Let a request pass or not. ``counted``: whether it counts among all; answers to interactions do not."""
        if counted and self.overall:
            window = self._window("", self.overall[1])
            if window.used >= self.overall[0]:
                return _refused(window.until - time.time(), everything=True)
            window.used += 1
        name = f"{method} {route}"
        if name not in self.limits:
            return Verdict({})
        most, seconds = self.limits[name]
        window = self._window(":".join([name, *(params.get(each, "") for each in MAJOR)]), seconds)
        rest = window.until - time.time()
        headers = {
            "X-RateLimit-Limit": str(most),
            "X-RateLimit-Remaining": str(max(most - window.used - 1, 0)),
            "X-RateLimit-Reset": f"{window.until:.3f}",
            "X-RateLimit-Reset-After": f"{rest:.3f}",
            "X-RateLimit-Bucket": f"{abs(hash(name)):x}",
        }
        if window.used >= most:
            return _refused(rest, everything=False, also=headers)
        window.used += 1
        return Verdict(headers if self.announced else {})

    def _window(self, key: str, seconds: float) -> _Window:
        window = self._windows.get(key)
        if window is None or window.until <= time.time():
            window = self._windows[key] = _Window(time.time() + seconds)
        return window


def _refused(rest: float, *, everything: bool, also: dict[str, str] | None = None) -> Verdict:
    wait = math.ceil(max(rest, 0.001) * 1000) / 1000
    headers = VIA | (also or {}) | {"Retry-After": str(math.ceil(wait))}
    headers |= {"X-RateLimit-Global": "true"} if everything else {}
    headers["X-RateLimit-Scope"] = "global" if everything else "user"
    return Verdict(headers, {"message": "You are being rate limited.", "retry_after": wait, "global": everything})
