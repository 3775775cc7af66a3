"""What a kill, a stranger or a full disk leave behind of a served store, and how the next owner goes on."""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from filelock import FileLock

from ingest.errors import StoreError
from ingest.owner import announce, served
from ingest.serve import serve_store
from tests.ingest.serving import ROOT, TEXT, eventually, is_gone, note, opened, owner, said, serving, settings, stranger
from tests.ingest.small import article, put, seen, stored

PARENT = """
import sys
from pathlib import Path
from ingest.config import IngestSettings
from ingest.serve import serve_store
with serve_store(IngestSettings(home=Path(sys.argv[1]), embeddings="small", chroma_url="")):
    print("serves", flush=True)
    sys.stdin.readline()
"""


def test_a_server_ends_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, str(tmp_path)], cwd=ROOT, stdin=-1, stdout=-1) as parent:
        assert parent.stdout
        assert parent.stdout.readline() == b"serves\n"
        with opened(tmp_path) as store:
            put(store, article(TEXT))
        child = owner(tmp_path)
        parent.kill()
    with opened(tmp_path) as store:  # although the child may take its time
        assert {text for *_, text in seen(store)} == {TEXT}
        assert not (tmp_path / "server.json").exists()
    eventually(lambda: is_gone(child))


def test_a_server_that_is_killed_can_be_replaced(tmp_path: Path) -> None:
    with serve_store(settings(tmp_path)) as first, opened(tmp_path) as store:
        put(store, article(TEXT))
        store._marks.take("default", ["left"])
        killed = owner(tmp_path)
        os.kill(killed, signal.SIGKILL)
        eventually(lambda: not first.alive())
        with pytest.raises(StoreError) as gone:
            store.articles()
        assert str(gone.value) == (f"The store in {tmp_path}: process {killed}, which served it, has ended. Try again.")
        with serve_store(settings(tmp_path)) as second:
            assert second.url == first.url
            assert stored(store, article(TEXT))  # the store that was open works again
            assert store._marks.left(alone=True) == []  # what was half done is mended
    assert note(tmp_path) == ""


@pytest.mark.parametrize("ends", ["asked to", pytest.param("with a request half sent", marks=pytest.mark.slow)])
def test_a_server_that_is_told_to_end_ends(ends: str, tmp_path: Path) -> None:
    with serve_store(settings(tmp_path)) as found, opened(tmp_path) as store, socket.socket() as half:
        put(store, article(TEXT))
        if ends != "asked to":
            half.connect(("127.0.0.1", said(tmp_path)["port"]))
            half.sendall(b"POST /api/v2/tenants HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n")
            half.sendall(b"Content-Length: 100\r\nExpect: 100-continue\r\n\r\n")
            assert half.recv(25) == b"HTTP/1.1 100 Continue\r\n\r\n"
        os.kill(owner(tmp_path), signal.SIGTERM)
        eventually(lambda: not found.alive())
    assert not (tmp_path / "server.json").exists()
    assert bool(note(tmp_path)) == (ends != "asked to")


def test_an_address_that_was_left_behind_is_not_believed(tmp_path: Path) -> None:
    opened(tmp_path).close()
    with stranger() as port:
        (tmp_path / "server.json").write_text(json.dumps({"port": port, "pid": os.getpid(), "catalogue": "another!"}))
        with FileLock(tmp_path / "store.lock"):
            (tmp_path / "store.lock").write_text(str(os.getpid()))
            with pytest.raises(StoreError, match="still in use by this very process"):
                opened(tmp_path, patience=0)
        with serve_store(settings(tmp_path)) as found:
            assert not found.url.endswith(f":{port}")  # and the stranger keeps the port
            assert served(tmp_path)


def test_an_address_where_nobody_is_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "store.lock").write_text("1")
    for left in (
        "",
        "[]",
        "{}",
        '{"port": 9, "pid": 1, "catalogue": "x"}',
        '{"port": 999999, "pid": 1, "catalogue": ""}',
    ):
        (tmp_path / "server.json").write_text(left)
        assert served(tmp_path) is None
    (tmp_path / "store.lock").write_text("")
    with opened(tmp_path, patience=0):
        assert not (tmp_path / "server.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="no limits for other processes here")
def test_a_disk_that_was_full_for_the_server_is_noted_for_the_next_owner(tmp_path: Path) -> None:
    with serving(tmp_path):
        with opened(tmp_path) as store:
            put(store, article(TEXT))
            unlimited = resource.prlimit(owner(tmp_path), resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))
            with pytest.raises(StoreError, match=f"The store in {tmp_path}: .*[Ff]ree some space"):
                put(store, article("It goes.", "/more"))
            resource.prlimit(owner(tmp_path), resource.RLIMIT_FSIZE, unlimited)
        pid = owner(tmp_path)
    assert note(tmp_path) == f"{pid} amiss"
    with opened(tmp_path) as store:
        assert {text for *_, text in seen(store)} == {TEXT}
    assert note(tmp_path) == ""


def test_a_store_that_cannot_be_served_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma/chroma.sqlite3").write_bytes(b"no database" * 1000)
    (tmp_path / "store.lock").write_text("1")
    with pytest.raises(StoreError) as refused, serve_store(settings(tmp_path)):
        pass
    assert str(refused.value).startswith(f"The store in {tmp_path}: it is damaged. Restore it from a copy, or set")
    assert "\n" not in str(refused.value)


def test_only_what_answers_is_announced(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    with pytest.raises(StoreError, match="its server does not answer at"):
        announce(tmp_path, port)
