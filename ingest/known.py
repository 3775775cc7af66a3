"""What is known of a feed from one round to the next, and the file that keeps it over a restart."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.errors import StoreError


@dataclass(frozen=True, slots=True)
class Trouble:
    """How often in a row something has failed, and until which moment it is left alone."""

    times: int
    until: float


@dataclass(frozen=True, slots=True)
class Known:
    """A feed as it was when it was last read.

    ``etag`` and ``modified`` are what its server called that state, empty unless everything in it is dealt with.
    ``seen`` has the stamp of each of its entries whose page was read or given up, by its link, ``failed`` the pages
    that are to be tried again, ``trouble`` how it goes with the feed itself.
    """

    etag: str = ""
    modified: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)
    failed: Mapping[str, Trouble] = field(default_factory=dict)
    trouble: Trouble | None = None


def to_text(known: Known) -> str:
    """As a line of JSON, for a file or a table."""
    return json.dumps(asdict(known))


def from_text(text: str) -> Known:
    """What `to_text` made, or nothing if it is not that: the feed is then read as if for the first time."""
    try:
        said: dict[str, Any] = json.loads(text)
        return Known(
            etag=str(said["etag"]),
            modified=str(said["modified"]),
            seen={str(link): str(stamp) for link, stamp in said["seen"].items()},
            failed={str(link): _trouble(of) for link, of in said["failed"].items()},
            trouble=_trouble(said["trouble"]) if said["trouble"] else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return Known()


def _trouble(said: Mapping[str, Any]) -> Trouble:
    return Trouble(int(said["times"]), float(said["until"]))


def recall(home: Path, desk: str, url: str) -> Known:
    """What is kept of a feed for a desk; nothing if there is nothing that can be read."""
    try:
        return from_text(_file(home, desk, url).read_text())
    except (OSError, UnicodeDecodeError):
        return Known()


def remember(home: Path, desk: str, url: str, known: Known) -> None:
    """Keep what is known of a feed: wholly or, whatever happens, as it was before.

    Raises:
        StoreError: the data folder cannot be written.
    """
    file = _file(home, desk, url)
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = file.with_suffix(".new")
        new.write_text(to_text(known))
        new.replace(file)
    except OSError as error:
        raise StoreError(f"CITEDESK_HOME: {file} cannot be written: {error.strerror or error}.") from None


def _file(home: Path, desk: str, url: str) -> Path:
    """A file by a name that has neither the address nor a password that may be in it."""
    name = sha256(f"{desk}\n{url}".encode()).hexdigest()[:32]
    return home / "feeds" / f"{name}.json"
