"""Who has the embedded store: a lock that one process holds, and the address where that process serves it to others.

The lock tells the truth, because it ends with the process that holds it, however that ends. An address in the home may
be left over from a process that was killed, so it counts only while the lock names the same process, and only if what
answers there has this home's own catalogue.
"""

import json
import logging
import os
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from ingest.errors import StoreError

if TYPE_CHECKING:
    from filelock import BaseFileLock

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
"""Where a store is served: to this machine alone. Any user of the machine may reach it, for Chroma's server asks nobody
who they are."""

ANSWER = 2.0
"""Seconds for a server on this machine to answer; whoever waits asks again."""

POLL = 0.05
"""Seconds between two looks at what another process has."""

_LOCK, _ADDRESS = "store.lock", "server.json"
_AMISS = " amiss"
_CATALOGUE = "api/v2/tenants/default_tenant/databases/default_database/collections/catalogue"


@dataclass(frozen=True, slots=True)
class Served:
    """Where a store is served and by which process; ``catalogue`` is the id that Chroma gave its catalogue."""

    port: int
    pid: int
    catalogue: str

    @property
    def url(self) -> str:
        return address(self.port)


def address(port: int) -> str:
    """The address of a server on this machine."""
    return f"http://{HOST}:{port}"


def own(home: Path, patience: float, held: ExitStack) -> bool | Served:
    """Take the store until ``held`` is closed: whether the owner before left it unsound.

    While another process has it this waits, up to ``patience`` seconds, and says on whom. If that process serves the
    store, or begins to, nothing is taken, and the answer is where.

    Raises:
        StoreError: when it stays in use, or the home cannot be written.
    """
    from filelock import FileLock

    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(home / _LOCK, thread_local=False)  # whichever thread closes the store gives it back
        if found := _wait_for(lock, home, patience):
            return found
        held.callback(lock.release)
        renounce(home)  # an owner that was killed could not
        unsound = bool(_note(home))
        (home / _LOCK).write_text(str(os.getpid()))
    except FileExistsError:
        raise StoreError(f"CITEDESK_HOME: {home} is a file, not a folder.") from None
    except OSError as error:
        raise StoreError(f"CITEDESK_HOME: {home} cannot be written: {error.strerror or error}.") from None
    return unsound


def _wait_for(lock: "BaseFileLock", home: Path, patience: float) -> Served | None:
    """Take the lock, or say where its holder serves the store."""
    from filelock import Timeout

    end = None
    while True:
        try:
            lock.acquire(blocking=False)
            return None
        except Timeout:
            if found := served(home):
                return found
        owner = _owner(home)
        if end is None:
            end = time.monotonic() + patience
            log.warning("The store in %s is in use by %s; waiting up to %.0f s for it.", home, owner, patience)
        if time.monotonic() >= end:
            raise StoreError(f"The store in {home} is still in use by {owner}. Stop that process, or try again later.")
        time.sleep(POLL)


def leave_sound(home: Path) -> None:
    """Note, as the owner, that nothing was left half written, unless somebody noted that the store failed."""
    if _note(home) == str(os.getpid()):
        (home / _LOCK).write_text("")


def note_failure(home: Path) -> None:
    """Note, as another process than the owner, that the store failed: the next owner looks whether it is sound."""
    with (home / _LOCK).open("a") as file:
        file.write(_AMISS)


def announce(home: Path, port: int) -> None:
    """Tell the other processes, as the owner, that the store is served there.

    Raises:
        StoreError: when no catalogue answers there.
    """
    if not (catalogue := _catalogue_at(address(port))):
        raise StoreError(f"The store in {home}: its server does not answer at {address(port)}. Try again.")
    new = home / f"{_ADDRESS}.new"
    with open(new, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        json.dump(asdict(Served(port, os.getpid(), catalogue)), file)
    new.replace(home / _ADDRESS)


def renounce(home: Path) -> None:
    """Tell the other processes, as the owner, that the store is not served."""
    (home / _ADDRESS).unlink(missing_ok=True)


def served(home: Path) -> Served | None:
    """Where this home's store is served, if it is."""
    said = last_served(home)
    alive = said and _note(home).split()[:1] == [str(said.pid)] and _catalogue_at(said.url) == said.catalogue
    return said if alive else None


def last_served(home: Path) -> Served | None:
    """Where the store is served, or was by an owner that was killed."""
    try:
        return Served(**json.loads((home / _ADDRESS).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _catalogue_at(url: str) -> str | None:
    """The id of the catalogue of the Chroma that answers there, if one does."""
    try:
        found = httpx.get(f"{url}/{_CATALOGUE}", timeout=ANSWER, trust_env=False)  # never by a proxy
        return str(found.raise_for_status().json()["id"])
    except (httpx.HTTPError, httpx.InvalidURL, ValueError, TypeError, KeyError):
        return None


def _owner(home: Path) -> str:
    number = next(iter(_note(home).split()), "")
    if number == str(os.getpid()):
        return "this very process"
    return f"process {number}" if number.isdigit() else "another process"


def _note(home: Path) -> str:
    """What the lock's file says: the owner's number, nothing if it left the store sound, and what went amiss."""
    try:
        return (home / _LOCK).read_text().strip()
    except OSError:
        return ""
