"""Answers that were given, kept in memory for those who ask the same of an unchanged desk."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from bot.answer import Answer


class Answers:
    """The last ``size`` answers; none at all if that is 0. Any number of threads may share them."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._held: OrderedDict[Hashable, Answer] = OrderedDict()
        self._changing = Lock()

    def get(self, key: Hashable) -> Answer | None:
        """The answer that was kept, which now is the last to be forgotten."""
        with self._changing:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def keep(self, key: Hashable, answer: Answer) -> None:
        with self._changing:
            self._held[key] = answer
            self._held.move_to_end(key)
            while len(self._held) > self._size:
                self._held.popitem(last=False)
