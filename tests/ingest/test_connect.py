"""Who may open the store, who waits for whom, and what is said when it cannot be opened."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.errors import StoreError
from ingest.store import Store
from tests.ingest.small import SmallEmbedder, article, everything, put, seen, stored

ROOT = Path(__file__).parents[2]
CHROMA = shutil.which("chroma", path=str(Path(sys.executable).parent))
TEXT = "Cuba signed a pact with Russia. It was ratified on Wednesday."

OWNER = """
import sys
from pathlib import Path
from ingest.config import IngestSettings
from ingest.connect import open_store
with open_store(IngestSettings(home=Path(sys.argv[1]), embeddings="small", chroma_url="")):
    print("open", flush=True)
    sys.stdin.readline()
"""


def opened(home: Path, patience: float = 5) -> Store:
    return open_store(IngestSettings(home=home, embeddings="small", chroma_url=""), patience)


def at(url: str, home: Path) -> Store:
    return open_store(IngestSettings(home=home, embeddings="small", chroma_url=url))


def refusal(home: Path, patience: float = 0.1) -> str:
    with pytest.raises(StoreError) as refused:
        opened(home, patience)
    assert "\n" not in str(refused.value)
    return str(refused.value)


@pytest.fixture
def owner(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """Another process that has the store in ``tmp_path`` open until it reads a line."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path)], cwd=ROOT, stdin=-1, stdout=-1, text=True, bufsize=1
    )
    assert process.stdout
    assert process.stdout.readline() == "open\n"
    yield process
    process.kill()
    process.communicate()


def test_a_second_process_says_on_whom_it_waits_and_then_works(
    tmp_path: Path, owner: "subprocess.Popen[str]", caplog: pytest.LogCaptureFixture
) -> None:
    def leave() -> None:
        while not caplog.records:
            time.sleep(0.01)
        assert owner.stdin
        owner.stdin.write("\n")

    Thread(target=leave).start()
    with opened(tmp_path, patience=30) as store:
        put(store, article(TEXT))
    assert caplog.messages == [f"The store in {tmp_path} is in use by process {owner.pid}; waiting up to 30 s for it."]


def test_whoever_waits_in_vain_is_told_for_whom(tmp_path: Path, owner: "subprocess.Popen[str]") -> None:
    assert refusal(tmp_path) == (
        f"The store in {tmp_path} is still in use by process {owner.pid}. Stop that process, or try again later."
    )


def test_an_owner_that_is_killed_holds_nobody_up(
    tmp_path: Path, owner: "subprocess.Popen[str]", caplog: pytest.LogCaptureFixture
) -> None:
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    with opened(tmp_path, patience=0) as store:
        put(store, article(TEXT))
    assert not caplog.records


def test_a_process_that_opens_the_store_twice_waits_for_itself(tmp_path: Path) -> None:
    with opened(tmp_path):
        assert refusal(tmp_path).startswith(f"The store in {tmp_path} is still in use by this very process.")
    with opened(tmp_path) as store:
        closer = Thread(target=store.close)  # any thread may close it
        closer.start()
        closer.join()
        with opened(tmp_path, patience=0) as again:
            put(again, article(TEXT))


def test_only_chroma_touches_the_database_of_a_store_that_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(tmp_path).close()  # Chroma has not let go of its files yet: a second SQLite among them crashed the process
    monkeypatch.setattr("sqlite3.connect", lambda _: pytest.fail("a second SQLite in this process"))
    opened(tmp_path).close()


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there" / "yet"
    with opened(home):
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert stat.S_IMODE((home / "chroma").stat().st_mode) == 0o700


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert refusal(tmp_path / "file") == f"CITEDESK_HOME: {tmp_path}/file is a file, not a folder."
    assert (
        refusal(tmp_path / "file/below") == f"CITEDESK_HOME: {tmp_path}/file/below cannot be written: Not a directory."
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refusal(tmp_path) == f"CITEDESK_HOME: {tmp_path} cannot be written: Permission denied."


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.errors import StoreError
from tests.ingest.small import article, put
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with open_store(IngestSettings(home=Path(sys.argv[1]), embeddings="small", chroma_url="")) as store:
    put(store, article("It stays."))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
    try:
        put(store, article("It goes. " * 20_000, "/large"))
    except StoreError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print([each.source for each in store.articles()])
"""


def test_a_full_disk_is_said_in_one_line_and_does_no_harm(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    message, kept = ran.stdout.splitlines()
    assert message.startswith(f"The store in {tmp_path}: ")
    assert "free some space" in message.lower()
    assert kept == "['/news/pact.txt']"
    with opened(tmp_path) as store:
        assert {text for *_, text in seen(store)} == {"It stays."}
        assert not [id for id in everything(store)["texts"] if not id.startswith(store.articles()[0].id)]


# -- a server


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if CHROMA is None:
        pytest.skip("there is no chroma command here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    server = subprocess.Popen(
        [CHROMA, "run", "--path", str(folder), "--host", "127.0.0.1", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait()


def test_articles_can_be_kept_on_a_server(url: str, tmp_path: Path) -> None:
    with at(url, tmp_path) as store, at(url, tmp_path) as beside:
        put(store, article(TEXT))
        put(store, article(TEXT + " Kyiv protested."))
        kept = stored(beside, article(TEXT))
        assert beside.search("default", SmallEmbedder().embed_query(TEXT), 5)[0][0].version == kept.version
        assert beside.text(kept.id, article(TEXT).version) == TEXT
        assert beside.search("unknown", [0.1] * 8, 5) == []
        put(beside, article("Havana denied it.", "/b"))
        assert len(seen(store)) == 2
        for each in beside.articles():
            store.remove(each)
        left = {name: ids for name, ids in everything(store).items() if ids}
        assert left == {"catalogue": ["desk:default"]}
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_on_a_server_is_finished_and_what_lives_is_not(url: str, tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as alive:
        with at(url, tmp_path) as store:
            gone = subprocess.Popen([sys.executable, "-c", ""])
            gone.wait()
            for pid, id in ((gone.pid, "dead"), (alive.pid, "alive")):
                store._marks._me = f"{os.uname().nodename}/{pid}/x"
                store._marks.take("default", [id])
        with at(url, tmp_path) as store:
            assert [id for _, id in store._marks.left(alone=True)] == ["alive"]
            store.recover()
        alive.communicate(b"\n")


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "http://nobody.invalid:8000", "http://127.0.0.1:99999"])
def test_a_server_that_is_away(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as refused:
        at(address, tmp_path)
    assert str(refused.value).startswith(f"The Chroma server at {address}: ")
    assert "\n" not in str(refused.value)
    if address.endswith(":9"):
        assert "no Chroma server answers there. Start it, or correct CITEDESK_CHROMA_URL (" in str(refused.value)


def test_a_server_that_never_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.connect.SERVER_PATIENCE", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(
            StoreError, match=r"no Chroma server answers there. Start it, or correct CITEDESK_CHROMA_URL"
        ):
            at(f"http://127.0.0.1:{silent.getsockname()[1]}", tmp_path)


def test_a_server_that_goes_away(tmp_path: Path) -> None:
    if CHROMA is None:
        pytest.skip("there is no chroma command here")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [CHROMA, "run", "--path", str(tmp_path), "--port", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        try:
            httpx.get(f"http://127.0.0.1:{port}/api/v2/heartbeat")
            break
        except httpx.HTTPError:
            time.sleep(0.05)
    with at(f"http://127.0.0.1:{port}", tmp_path) as store:
        put(store, article(TEXT))
        server.kill()
        server.wait()
        for use in (
            store.articles,
            lambda: put(store, article(TEXT, "/b")),
            lambda: store.search("default", [0.1] * 8, 1),
        ):
            with pytest.raises(
                StoreError, match=r"no Chroma server answers there. Start it, or correct CITEDESK_CHROMA"
            ):
                use()


def test_a_server_that_refuses_the_password_does_not_have_it_shown(tmp_path: Path) -> None:
    with refusing() as port:
        settings = IngestSettings(home=tmp_path, chroma_url=f"http://ann:s3cret@127.0.0.1:{port}")
        with pytest.raises(StoreError, match="401 Unauthorized") as refused, open_store(settings):
            pass
    assert "s3cret" not in str(refused.value)


@contextmanager
def refusing() -> Iterator[int]:
    """The port of a server that lets nobody in."""

    class Refuse(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_error(401)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Refuse) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        yield server.server_port
        thread.join()
