"""What goes where: answers to standard output, everything else to standard error."""

import io
import json
import logging
import os
import sys
from typing import Any

from bot.render import safe


def prepare() -> None:
    """Make the streams fit for use, whatever is their encoding and whoever has closed them; log warnings to one."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # opened as nothing, lest a file of the store takes its number
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_RDWR), mode, encoding="utf-8"))
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a locale that lacks a character still shows the rest
    handler = logging.StreamHandler()  # with a level of its own, as some libraries set a lower one for themselves
    handler.setLevel(logging.WARNING)
    logging.basicConfig(format="%(message)s", handlers=[handler])


def drop_output() -> None:
    """Let what is still to be written to standard output go nowhere, silently."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
