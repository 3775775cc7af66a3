"""`citedesk` in real processes that need not import anything: forks of one that has.

Each has its own streams, settings, signals and end, and differs from ``python -m bot.cli`` in that the two seconds of
processor are spared which importing chromadb, langchain and discord.py takes. What a process does at its very start is
tested on one that is started in full.
"""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import NamedTuple

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.preloaded"])

NOTHING = Path(os.devnull)
Stream = Path | None
"""The file behind a standard stream; None is one that is closed."""


class Ran(NamedTuple):
    """What a command left."""

    status: int
    out: bytes
    err: bytes


def run(arguments: Sequence[str], folder: Path, settings: Mapping[str, str], stdin: bytes = b"") -> Ran:
    """A command from start to end, in that folder, under these settings and no others of Citedesk's."""
    with tempfile.TemporaryDirectory() as scratch:
        given, out, err = (Path(scratch) / name for name in ("in", "out", "err"))
        given.write_bytes(stdin)
        process = start(arguments, folder, settings, (given, out, err))
        process.join()
        return Ran(process.exitcode or 0, out.read_bytes(), err.read_bytes())


def start(
    arguments: Sequence[str],
    folder: Path,
    settings: Mapping[str, str],
    streams: tuple[Stream, Stream, Stream] = (NOTHING, NOTHING, NOTHING),
) -> ForkServerProcess:
    """A command that has begun; whoever starts it joins it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CITEDESK_", "DISCORD_"))}
    process = _CONTEXT.Process(target=_citedesk, args=(list(arguments), folder, {**kept, **settings}, streams))
    process.start()
    return process


def _citedesk(
    arguments: list[str], folder: Path, environment: dict[str, str], streams: tuple[Stream, Stream, Stream]
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    for number, stream in enumerate(streams):
        _put(number, stream, "r" if number == 0 else "a")
    from bot.cli import main

    main(arguments)


def _put(number: int, stream: Stream, mode: str) -> None:
    """Have that standard stream be that file, as a process finds it at its start."""
    name = ("stdin", "stdout", "stderr")[number]
    if stream is None:
        os.close(number)
        setattr(sys, name, None)
        return
    with stream.open(mode) as file:
        os.dup2(file.fileno(), number)
    buffering = 1 if number == 2 else -1
    setattr(sys, name, os.fdopen(number, mode, buffering, encoding="utf-8", closefd=False))
