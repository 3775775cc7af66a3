"""Serving the embedded store: a child process owns it and runs Chroma's own server, so that others can work beside it.

The child is this module, run as a program. It lives as long as its standard input is open, so that it ends with its
parent, even one that is killed. On its standard output it tells the parent how it goes, a line each: ``warning`` and
what is the matter, then ``ready``, or ``error`` and what to do.
"""

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from ingest.config import IngestSettings
from ingest.connect import PATIENCE, chroma_folder, client_at, home_place, make_ready, mended
from ingest.errors import CitedeskError, StoreError
from ingest.owner import HOST, POLL, Served, address, announce, last_served, leave_sound, own, renounce, served

log = logging.getLogger(__name__)

START = 30.0
"""Seconds for Chroma's server to begin to listen."""

FINISH = 3.0
"""Seconds for it to finish its requests: one that stands half sent would keep it for ever."""

TRIES = 5
"""Ports to try, each of which was free a moment before."""


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the store is served, and whether it still is: ``alive`` may ask the server, so it may take 2 seconds."""

    url: str
    alive: Callable[[], bool]


@contextmanager
def serve_store(settings: IngestSettings, patience: float = PATIENCE) -> Iterator[Serving]:
    """Serve the embedded store while the context lasts; `ingest.connect.open_store` finds it, in every process.

    What is served already, by a Chroma server of the settings or by another process, is only named. When it is no
    longer alive, serve it again: if the port is still free, stores that were open work again.

    Args:
        settings: which store.
        patience: seconds to wait for another process that has the store to itself.

    Raises:
        StoreError: when it stays in use, or cannot be read or served.
    """
    home = settings.home
    if settings.chroma_url:
        yield Serving(settings.chroma_url, alive=lambda: True)
    elif found := served(home):
        yield _of_another(found, home)
    else:
        child = _child(settings, patience)
        try:
            _wait_until_ready(child, home)
            if not (found := last_served(home)):
                raise _ended(child, home)
            ours = found.pid == child.pid
            yield Serving(found.url, lambda: child.poll() is None) if ours else _of_another(found, home)
        finally:
            _end(child)


def _of_another(found: Served, home: Path) -> Serving:
    return Serving(found.url, alive=lambda: served(home) == found)


def _child(settings: IngestSettings, patience: float) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", __name__, str(settings.home), settings.embeddings, str(patience)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,  # Ctrl-C is for the parent, which ends the child when it needs the store no more
    )


def _wait_until_ready(child: "subprocess.Popen[str]", home: Path) -> None:
    for line in child.stdout or ():
        word, _, said = line.rstrip("\n").partition(" ")
        match word:
            case "warning":
                log.warning("%s", said)
            case "error":
                raise StoreError(said)
            case "ready":
                return
    raise _ended(child, home)


def _ended(child: "subprocess.Popen[str]", home: Path) -> StoreError:
    return StoreError(f"{home_place(home).name}: the process that serves it ended (status {child.wait()}). Try again.")


def _end(child: "subprocess.Popen[str]") -> None:
    for pipe in filter(None, (child.stdin, child.stdout)):
        pipe.close()
    try:
        child.wait(2 * FINISH)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


# -- the child: everything below runs in a process of its own


def main(home: str, embeddings: str, patience: str) -> None:
    """Own the store in ``home`` and serve it until standard input closes, or a signal says to end."""
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # where Chroma's server says what it does
    logging.basicConfig(stream=out, format="warning %(message)s", level=logging.WARNING)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, _told_to_end)
    Thread(target=_end_with_parent, daemon=True).start()
    settings = IngestSettings(home=Path(home), embeddings=embeddings, chroma_url="")
    status = 1
    try:
        _serve(settings, float(patience), ready=lambda: out.write("ready\n"))
        status = 0
    except CitedeskError as error:
        with suppress(BrokenPipeError):  # nobody is left to be told
            out.write(f"error {error}\n")
    except SystemExit:
        pass
    os._exit(status)  # Python cannot end the threads of a server that hangs, or is half started


def _told_to_end(*_: object) -> None:
    # Chroma's server has a handler of its own, which calls this one, and begins to end.
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, signal.SIG_IGN)
    sys.exit()


def _end_with_parent() -> None:
    os.read(0, 1)  # not sys.stdin, whose lock Python would wait for when it ends
    os.kill(os.getpid(), signal.SIGTERM)


def _serve(settings: IngestSettings, patience: float, ready: Callable[[], object]) -> None:
    home, place = settings.home, home_place(settings.home)
    last = last_served(home)
    with ExitStack() as held, place.failures():
        found = own(home, patience, held)
        if isinstance(found, Served):
            ready()
            return
        damaged = make_ready(home, found, place)
        ended, port = _start(chroma_folder(home), last)
        with ExitStack() as mending:
            mended(client_at(address(port), mending), damaged, settings, place, mending)
        _serve_until_told(ended, home, port, ready)


def _serve_until_told(ended: Event, home: Path, port: int, ready: Callable[[], object]) -> None:
    try:
        try:
            announce(home, port)
            ready()
            while not ended.wait(1.0):  # not for ever: a signal may reach another thread, and this one has to see it
                pass
        finally:
            renounce(home)
    except SystemExit:
        if not ended.wait(FINISH):
            raise
        leave_sound(home)  # where Chroma ended by itself, the next owner looks


def _start(folder: Path, last: Served | None) -> tuple[Event, int]:
    """Run Chroma's server in a thread: what is set when it has ended, and its port."""
    for port in _ports(last):
        ended = Event()  # not Thread.join, which takes a thread for ended when a signal interrupts it
        Thread(target=_run, args=(folder, port, ended), daemon=True).start()
        end = time.monotonic() + START
        while not ended.wait(POLL) and time.monotonic() < end:  # where the port is taken, it has ended at once
            if _listens(port):
                return ended, port
    raise StoreError(f"Chroma's server found no free port on {HOST}. Try again.")


def _run(folder: Path, port: int, ended: Event) -> None:
    from chromadb_rust_bindings import cli

    try:
        cli(["chroma", "run", "--path", str(folder), "--host", HOST, "--port", str(port)])
    finally:
        ended.set()


def _ports(last: Served | None) -> Iterator[int]:
    """Ports to try: the last one first, for those who still have its address."""
    if last:
        yield last.port
    for _ in range(TRIES):
        with socket.socket() as free:
            free.bind((HOST, 0))
            port = free.getsockname()[1]
        yield port


def _listens(port: int) -> bool:
    """Whether this very process listens there. An answer would not do: a stranger may have taken the port meanwhile."""
    return any(_listens_at(int(number), port) for number in os.listdir("/dev/fd"))


def _listens_at(descriptor: int, port: int) -> bool:
    try:
        opened = socket.socket(fileno=descriptor)
    except OSError:
        return False  # no socket, or closed meanwhile
    try:
        return bool(opened.getsockname() == (HOST, port) and opened.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
    except OSError:
        return False
    finally:
        opened.detach()  # it is not ours to close


if __name__ == "__main__":
    main(*sys.argv[1:])
