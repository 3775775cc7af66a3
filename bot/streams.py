"""What goes where: answers to standard output, everything else to standard error."""

import json
import sys
from typing import Any

from bot.render import safe


def out(line: str) -> None:
    """A line of what was asked for."""
    print(line, flush=True)


def part(text: str) -> None:
    """A part of such a line, of which more is to come."""
    print(text, end="", flush=True)


def emit(row: dict[str, Any]) -> None:
    """An object as one line of JSON: pure ASCII, so that no terminal and no locale can misread it."""
    print(json.dumps(row), flush=True)


def note(line: str) -> None:
    """A line about what is going on."""
    print(safe(line), file=sys.stderr, flush=True)
