"""What the tests of a served store share: servers, openers, strangers, and what is to be seen of them."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.serve import serve_store
from ingest.store import Store

ROOT = Path(__file__).parents[2]
TEXT = "Cuba signed a pact with Russia. It was ratified on Wednesday."


def settings(home: Path) -> IngestSettings:
    return IngestSettings(home=home, embeddings="small", chroma_url="")


def opened(home: Path, patience: float = 30) -> Store:
    return open_store(settings(home), patience)


def serving(home: Path) -> ExitStack:
    """A server of that home, until it is closed."""
    held = ExitStack()
    held.enter_context(serve_store(settings(home), patience=30))
    return held


def said(home: Path) -> dict[str, object]:
    return dict(json.loads((home / "server.json").read_text()))


def owner(home: Path) -> int:
    return int(str(said(home)["pid"]))


def note(home: Path) -> str:
    """What the owner's lock says: nothing when the store was left sound."""
    return (home / "store.lock").read_text()


def eventually(holds: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return state(pid).startswith("Z")  # its parent was killed, and nobody has taken note of its end yet


def state(pid: int) -> str:
    return subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


@contextmanager
def stranger() -> Iterator[int]:
    """A server on this machine that says yes to everything."""

    class Yes(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"id": "another", "nanosecond heartbeat": 1}')

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Yes) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()
