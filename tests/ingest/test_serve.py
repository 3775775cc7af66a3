"""One process serves the embedded store to the others: who finds it, and who waits for whom."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.config import IngestSettings
from ingest.connect import client_at
from ingest.serve import _child, _end, serve_store
from tests.ingest.serving import ROOT, TEXT, eventually, is_gone, note, opened, owner, said, serving, settings
from tests.ingest.small import SmallEmbedder, article, put, seen, stored

BESIDE = """
import sys
from pathlib import Path
from ingest.config import IngestSettings
from ingest.connect import open_store
from tests.ingest.small import article, put
with open_store(IngestSettings(home=Path(sys.argv[1]), embeddings="small", chroma_url="")) as store:
    put(store, article(sys.argv[2], "/beside"))
"""


# -- beside a server


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home whose store is served."""
    home = tmp_path_factory.mktemp("served")
    with serving(home):
        yield home


def test_what_a_second_process_ingests_is_seen_at_once(home: Path) -> None:
    with opened(home, patience=0) as store:
        subprocess.run([sys.executable, "-c", BESIDE, str(home), TEXT], cwd=ROOT, check=True)
        assert stored(store, article(TEXT, "/beside")).title == "The pact"
        assert "Cuba signed" in store.search("default", SmallEmbedder().embed_query(TEXT), 1)[0][0].text


def test_many_threads_share_a_store_that_is_served(home: Path) -> None:
    def work(n: int) -> set[str]:
        put(store, article(f"Thread {n} has its say.", f"/{n}"), desk="threads")
        return {text for *_, text in seen(store, "threads")}

    with opened(home) as store:
        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(work, range(16)))
        assert all(f"Thread {n} has its say." in texts for n, texts in enumerate(found))
        assert len(store.articles("threads")) == 16


def test_what_is_served_is_for_its_owner_on_this_machine_alone(home: Path) -> None:
    assert stat.S_IMODE((home / "server.json").stat().st_mode) == 0o600
    assert not list(home.glob("*.new"))
    with socket.socket() as other:
        other.settimeout(1)
        assert other.connect_ex(("127.0.0.2", said(home)["port"]))


def test_ctrl_c_in_a_terminal_reaches_the_parent_alone(home: Path) -> None:
    assert os.getpgid(owner(home)) != os.getpgid(0)


def test_what_is_served_already_is_not_served_twice(home: Path) -> None:
    before = said(home)
    with serve_store(settings(home)) as again:
        assert again.url.endswith(f":{before['port']}")
        assert again.alive()
    assert said(home) == before


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("no_proxy", "intranet.example")
    with opened(home, patience=0) as store:
        store.articles()
    assert os.environ["no_proxy"] == "intranet.example,127.0.0.1"


def test_a_copy_of_the_home_is_a_store_of_its_own(home: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(home, tmp_path / "copy")
    with opened(copy, patience=0) as store:
        put(store, article("Only in the copy."), desk="copy")
    with opened(home, patience=0) as store:
        assert "copy" not in store.desks()


# -- who waits for whom


def test_an_opener_that_waits_notices_the_server(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with ThreadPoolExecutor() as pool:
        server = pool.submit(serving, tmp_path)
        eventually(lambda: (tmp_path / "store.lock").exists() and note(tmp_path))
        with opened(tmp_path) as store:
            put(store, article(TEXT))
            pid = owner(tmp_path)
        server.result().close()
    assert caplog.messages == [f"The store in {tmp_path} is in use by process {pid}; waiting up to 30 s for it."]
    assert is_gone(pid)  # a parent waits for its child
    assert note(tmp_path) == ""
    assert not (tmp_path / "server.json").exists()


def test_a_server_waits_for_an_ingest_and_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with ThreadPoolExecutor() as pool:
        with opened(tmp_path) as store:
            server = pool.submit(serving, tmp_path)
            eventually(lambda: caplog.messages)
            put(store, article(TEXT))
        with server.result(), opened(tmp_path) as store:
            assert stored(store, article(TEXT))
    assert caplog.messages == [
        f"The store in {tmp_path} is in use by process {os.getpid()}; waiting up to 30 s for it."
    ]


def test_a_server_that_ends_just_as_it_is_found_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path) as server:

        def ends_first(url: str, held: ExitStack) -> object:
            server.close()
            return client_at(url, held)

        monkeypatch.setattr("ingest.connect.client_at", ends_first)
        with opened(tmp_path) as store:
            put(store, article(TEXT))
    assert note(tmp_path) == ""


def test_of_two_that_begin_at_once_one_serves_both(tmp_path: Path) -> None:
    with ThreadPoolExecutor() as pool, ExitStack() as held:
        both = [pool.submit(held.enter_context, serve_store(settings(tmp_path))) for _ in range(2)]
        first, second = (each.result() for each in both)
        assert first.url == second.url
        assert first.alive()
        assert second.alive()


def test_a_child_whose_parent_gives_up_waits_no_longer(tmp_path: Path) -> None:
    with FileLock(tmp_path / "store.lock"):
        child = _child(settings(tmp_path), patience=60)
        assert child.stdout
        assert child.stdout.readline().startswith(f"warning The store in {tmp_path} is in use by another process;")
        _end(child)
        assert child.returncode == 1
        assert note(tmp_path) == ""


def test_what_is_on_a_chroma_server_is_served_already(tmp_path: Path) -> None:
    elsewhere = IngestSettings(home=tmp_path, chroma_url="http://chroma.example:8000")
    with serve_store(elsewhere) as found:
        assert found.url == "http://chroma.example:8000"
        assert found.alive()
    assert not list(tmp_path.iterdir())
