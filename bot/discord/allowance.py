"""How much one person and one server may ask, so that nobody takes the bot from the others."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from math import ceil

MINUTE = 60.0


@dataclass
class Allowance:
    """So many questions within a minute for each key; 0 is any number.

    Args:
        each_minute: how many.
        clock: seconds that only grow.
    """

    each_minute: int
    clock: Callable[[], float]
    _taken: dict[str, deque[float]] = field(default_factory=dict)

    def wait(self, key: str) -> int:
        """Seconds until the key may ask again, 0 if it may now."""
        if not self.each_minute:
            return 0
        taken = self._recent(key)
        return ceil(taken[0] + MINUTE - self.clock()) if len(taken) >= self.each_minute else 0

    def take(self, key: str) -> None:
        """Count a question of this key."""
        if self.each_minute:
            taken = self._taken.pop(key, deque())  # and to the end: those that go first are who asked longest ago
            self._taken[key] = taken
            taken.append(self.clock())

    def _recent(self, key: str) -> deque[float]:
        before = self.clock() - MINUTE
        for known in [key, *list(self._taken)[:2]]:  # a little of what nobody asks for any more goes with every call
            taken = self._taken.get(known, deque())
            while taken and taken[0] <= before:
                taken.popleft()
            if not taken:
                self._taken.pop(known, None)
        return self._taken.get(key, deque())
