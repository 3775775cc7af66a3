"""Pauses that last until a test ends them."""

import asyncio


class Pauses:
    """Stands in for `asyncio.sleep`: seconds pass when a test says so."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        """How long each pause was to be, in order."""
        self._going_on: list[asyncio.Future[None]] = []
        self._begun = asyncio.Event()
        self._none = False

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)
        if self._none:
            return
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._going_on.append(over)
        self._begun.set()
        try:
            await over
        finally:
            self._going_on.remove(over)

    async def end(self, seconds: float) -> None:
        """Wait for a pause of so many seconds to begin, and end it."""
        while not self._going_on:
            self._begun.clear()
            await self._begun.wait()
        assert self.asked[-1] == seconds, f"it pauses for {self.asked[-1]} s"
        self._going_on[-1].set_result(None)
        await asyncio.sleep(0)  # what was waiting goes on

    def run(self) -> None:
        """End all pauses, now and from now on."""
        self._none = True
        for over in self._going_on:
            over.set_result(None)

    @property
    def pausing(self) -> bool:
        return bool(self._going_on)
