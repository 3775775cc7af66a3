"""Opening the store: one process owns the embedded one, or serves it to the others; a server takes any number."""

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.request import getproxies_environment

import httpx

from ingest.chroma import Place
from ingest.config import IngestSettings
from ingest.errors import StoreError
from ingest.metadata import without_user
from ingest.owner import HOST, Served, leave_sound, note_failure, own, served
from ingest.repair import chroma_settings, discard_damaged, rebuild
from ingest.store import Store

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

log = logging.getLogger(__name__)

PATIENCE = 60.0
"""Seconds to wait for another process that has the embedded store."""

SERVER_PATIENCE = 10.0
"""Seconds to wait for a Chroma server's first answer."""


def open_store(settings: IngestSettings, patience: float = PATIENCE) -> Store:
    """The store that the settings name, ready to read and write; close it, or use it in a ``with``.

    The embedded store belongs to one opener at a time, and another says on whom it waits, and for how long; unless the
    owner serves it (see `ingest.serve`), for then they share it.

    Raises:
        StoreError: when it stays in use, cannot be reached, or cannot be read.
    """
    held = ExitStack()  # what closing the store gives back, the last first
    try:
        if settings.chroma_url:
            return _server(settings, held)
        while isinstance(found := own(settings.home, patience, held), Served):
            try:
                return _joined(settings, found, held)
            except _GoneError:
                held.close()  # it ended in this very moment: its store is to be had
        return _embedded(settings, found, held)
    except BaseException:
        held.close()
        raise


def _embedded(settings: IngestSettings, unsound: bool, held: ExitStack) -> Store:
    home = settings.home
    place = home_place(home)
    with place.failures():
        import chromadb

        damaged = make_ready(home, unsound, place)
        client: Any = chromadb.PersistentClient(chroma_folder(home), settings=chroma_settings())
        held.callback(client.close)
        store = mended(client, damaged, settings, place, held)
        held.callback(lambda: None if place.failed else leave_sound(home))
        return store


def _joined(settings: IngestSettings, found: Served, held: ExitStack) -> Store:
    place = _ServedPlace(settings.home, found)
    held.callback(lambda: note_failure(settings.home) if place.failed else None)
    with place.failures():
        return _shared(client_at(found.url, held), settings, place, held)


def _server(settings: IngestSettings, held: ExitStack) -> Store:
    url = settings.chroma_url
    place = Place(f"The Chroma server at {without_user(url)}")
    with place.failures():
        # Asked first, because Chroma's own client waits for an answer without end.
        httpx.get(f"{url}/api/v2/heartbeat", timeout=SERVER_PATIENCE).raise_for_status()
        return _shared(client_at(url, held), settings, place, held)


# -- what an owner does, whether it uses the store itself or serves it


def home_place(home: Path) -> Place:
    """The name of the embedded store in messages."""
    return Place(f"The store in {home}")


def chroma_folder(home: Path) -> Path:
    """Where the embedded Chroma keeps its files."""
    return home / "chroma"


def make_ready(home: Path, unsound: bool, place: Place) -> list[str]:
    """Prepare the folder for Chroma, which has not opened it yet: the collections whose vectors are lost."""
    (folder := chroma_folder(home)).mkdir(mode=0o700, exist_ok=True)
    if not (database := folder / "chroma.sqlite3").exists():
        _write_ahead(database)
    return discard_damaged(folder, place) if unsound else []


def mended(client: "ClientAPI", damaged: list[str], settings: IngestSettings, place: Place, held: ExitStack) -> Store:
    """The store of an owner, with nothing half done in it; closing it closes ``held``."""
    rebuild(client, damaged, place)
    store = Store(client, settings.embeddings, held.close, place)
    _recover(store, alone=True)
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


# -- what all users of a server do


class _GoneError(StoreError):
    """The process that served the store has ended."""


class _ServedPlace(Place):
    """A store that another process of this machine serves. When that has ended, this is what failures say."""

    def __init__(self, home: Path, found: Served) -> None:
        super().__init__(home_place(home).name)
        self._home, self._found = home, found

    @contextmanager
    def failures(self) -> Iterator[None]:
        failed_before = self.failed
        try:
            with super().failures():
                yield
        except _GoneError:
            raise
        except StoreError as error:
            if not error.__cause__ or served(self._home) == self._found:
                raise
            self.failed = failed_before
            raise _GoneError(
                f"{self.name}: process {self._found.pid}, which served it, has ended. Try again."
            ) from error


def client_at(url: str, held: ExitStack) -> "ClientAPI":
    """A client of the Chroma server at that address, until ``held`` is closed."""
    import chromadb

    _keep_proxies_off_this_machine()
    client: Any = chromadb.HttpClient(host=url, ssl=url.startswith("https:"), settings=chroma_settings())
    held.callback(client.close)
    return cast("ClientAPI", client)


def _keep_proxies_off_this_machine() -> None:
    """Chroma's client cannot be told so, and a proxy's 127.0.0.1 is another machine."""
    proxies = getproxies_environment()
    if proxies.keys() & {"http", "all"} and HOST not in (but := proxies.get("no", "")):
        os.environ["no_proxy"] = f"{but},{HOST}"


def _shared(client: "ClientAPI", settings: IngestSettings, place: Place, held: ExitStack) -> Store:
    store = Store(client, settings.embeddings, held.close, place)
    _recover(store, alone=False)
    return store


def _recover(store: Store, alone: bool) -> None:
    if recovered := store.recover(alone):
        log.warning("Finished what an earlier run had left half done: %d article(s).", recovered)
