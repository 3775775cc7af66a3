"""Answers of the command line, jotted down in the data folder until somebody looks into the records.

To import what the records need takes longer than to write a line, and nobody who asks is to wait for it.
"""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from bot.answer import Answer
from bot.settings import Settings
from bot.streams import note

PATIENCE = 2.0
"""Seconds to wait for others that write or take a line; either takes milliseconds."""

_LINES, _LOCK = "asked.jsonl", "asked.lock"


class Jotted(BaseModel):
    """An answer, when it was asked for, the id that it will have in the records, and `Settings.shaping` of then."""

    model_config = ConfigDict(frozen=True)

    id: str
    asked_at: AwareDatetime
    settings_hash: str
    answer: Answer


def keeper(settings: Settings) -> Callable[[Answer], None]:
    """What keeps the answers of a run. One that cannot be kept is given all the same, and a line says why it is not."""

    def keep(answer: Answer) -> None:
        line = Jotted(
            id=secrets.token_hex(8), asked_at=datetime.now(UTC), settings_hash=settings.shaping, answer=answer
        )
        try:
            jot(settings.home, line)
        except OSError as error:
            note(f"citedesk: this question is not kept in the record: {error.strerror or error}.")

    return keep


def jot(home: Path, jotted: Jotted) -> None:
    """Add a line to those in the data folder.

    Raises:
        OSError: it cannot be written.
    """
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(home), os.fdopen(os.open(home / _LINES, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "w") as file:
        file.write(f"\n{jotted.model_dump_json()}\n")  # on a line of its own, whatever a full disk cut short before


def hand_over(home: Path, keep: Callable[[Jotted], object]) -> None:
    """Give every line to ``keep``, the oldest first, and forget them. If it fails, all of them stay."""
    path = home / _LINES
    if not path.exists():
        return
    with _alone(home):
        for line in path.read_bytes().splitlines():
            try:
                jotted = Jotted.model_validate_json(line)
            except ValidationError:
                continue  # blank, or cut short by a full disk, as was said then
            keep(jotted)
        os.truncate(path, 0)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    from filelock import FileLock

    with FileLock(home / _LOCK, timeout=PATIENCE):
        yield
