"""How far an ingest is, for a terminal."""

import sys
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING

from bot.render import safe

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

NAME_WIDTH = 40


class Bar(AbstractContextManager["Bar"]):
    """A bar on standard error while something is read, where that is a terminal; nothing elsewhere."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: TaskID | None = None

    def __call__(self, name: str, done: int, total: int) -> None:
        """Show that this source is being read, and how many of its passages are embedded."""
        if not sys.stderr.isatty():
            return
        if self._progress is None or self._task is None:
            self._progress = _progress()
            self._task = self._progress.add_task("")
            self._progress.start()
        name = safe(name)
        shown = name if len(name) <= NAME_WIDTH else f"…{name[1 - NAME_WIDTH :]}"
        self._progress.update(self._task, description=shown, completed=done, total=total or None)

    def clear(self) -> None:
        """Take the bar away, so that a line can be printed where it was."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def __exit__(self, *exc: object) -> None:
        self.clear()


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn

    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        # What goes to standard output stays there.
        redirect_stdout=False,
        redirect_stderr=False,
    )
