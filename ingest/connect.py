"""Opening the store: one process owns the embedded one, by a lock; a server takes any number."""

import logging
import os
import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import httpx

from ingest.chroma import Place
from ingest.config import IngestSettings
from ingest.errors import StoreError
from ingest.repair import chroma_settings, discard_damaged, rebuild
from ingest.store import Store

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds to wait for another process that has the embedded store."""

SERVER_PATIENCE = 10.0
"""Seconds to wait for a Chroma server's first answer."""


def open_store(settings: IngestSettings, patience: float = PATIENCE) -> Store:
    """The store that the settings name, ready to read and write; close it, or use it in a ``with``.

    The embedded store belongs to one opener at a time: another says on whom it waits, and for how long.

    Raises:
        StoreError: when it stays in use, cannot be reached, or cannot be read.
    """
    held = ExitStack()  # what closing the store gives back, the last first
    try:
        return _server(settings, held) if settings.chroma_url else _embedded(settings, patience, held)
    except BaseException:
        held.close()
        raise


def _embedded(settings: IngestSettings, patience: float, held: ExitStack) -> Store:
    folder = settings.home / "chroma"
    place = Place(f"The store in {settings.home}")
    path, unsound = _own(settings.home, patience, held)
    with place.failures():
        import chromadb

        folder.mkdir(mode=0o700, exist_ok=True)
        if not (database := folder / "chroma.sqlite3").exists():
            _write_ahead(database)
        damaged = discard_damaged(folder, place) if unsound else []
        client: Any = chromadb.PersistentClient(folder, settings=chroma_settings())
        held.callback(client.close)
        rebuild(client, damaged, place)
        store = Store(client, settings.embeddings, held.close, place)
        _recover(store, alone=True)
        held.callback(lambda: None if place.failed else path.write_text(""))
        return store


def _write_ahead(database: Path) -> None:
    """Begin a database whose changes SQLite writes ahead, so that one waits for the disk once, not four times.

    Only ever a new file: Chroma has an SQLite of its own, which closes a file some time after its client, and two
    SQLites with one file in one process crash it (https://www.sqlite.org/howtocorrupt.html, "multiple copies").
    """
    new = database.with_suffix(".new")
    with closing(sqlite3.connect(new)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    new.replace(database)


def _server(settings: IngestSettings, held: ExitStack) -> Store:
    url = settings.chroma_url
    place = Place(f"The Chroma server at {url}")
    with place.failures():
        # Asked first, because Chroma's own client waits for an answer without end.
        httpx.get(f"{url}/api/v2/heartbeat", timeout=SERVER_PATIENCE).raise_for_status()
        import chromadb

        client: Any = chromadb.HttpClient(host=url, ssl=url.startswith("https:"), settings=chroma_settings())
        held.callback(client.close)
        store = Store(client, settings.embeddings, held.close, place)
        _recover(store, alone=False)
        return store


def _recover(store: Store, alone: bool) -> None:
    if recovered := store.recover(alone):
        log.warning("Finished what an earlier run had left half done: %d article(s).", recovered)


def _own(home: Path, patience: float, held: ExitStack) -> tuple[Path, bool]:
    """Take the lock: its file, and whether the owner before left the store unsound.

    The file has the owner's number, until the store is closed with nothing amiss.
    """
    from filelock import FileLock, Timeout

    path = home / "store.lock"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(path, thread_local=False)  # whichever thread closes the store gives it back
        try:
            lock.acquire(blocking=False)
        except Timeout:
            owner = _owner(path)
            log.warning("The store in %s is in use by %s; waiting up to %.0f s for it.", home, owner, patience)
            try:
                lock.acquire(timeout=patience, poll_interval=0.05)
            except Timeout:
                raise StoreError(
                    f"The store in {home} is still in use by {owner}. Stop that process, or try again later."
                ) from None
        held.callback(lock.release)
        unsound = bool(_number(path))
        path.write_text(str(os.getpid()))
    except FileExistsError:
        raise StoreError(f"CITEDESK_HOME: {home} is a file, not a folder.") from None
    except OSError as error:
        raise StoreError(f"CITEDESK_HOME: {home} cannot be written: {error.strerror or error}.") from None
    return path, unsound


def _owner(path: Path) -> str:
    number = _number(path)
    if number == str(os.getpid()):
        return "this very process"
    return f"process {number}" if number else "another process"


def _number(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
