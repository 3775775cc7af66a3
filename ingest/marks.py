"""Marks in the catalogue: which articles are being changed and by whom, so that what a kill left is found."""

import os
import platform
import time
import uuid
from collections.abc import Collection

from ingest.chroma import Record, Records
from ingest.errors import StoreError

LEASE = 15 * 60.0
"""Seconds after which a mark from another machine counts as left behind."""


class Marks:
    """The marks of one open store. At most one process at a time has the mark of an article."""

    def __init__(self, catalogue: Records) -> None:
        self._catalogue = catalogue
        self._me = f"{platform.node()}/{os.getpid()}/{uuid.uuid4().hex}"

    def take(self, desk: str, ids: Collection[str]) -> list[str]:
        """Mark the articles as being changed; those are returned that a change before had left half done.

        Raises:
            StoreError: when another process is changing one of them; then none is marked.
        """
        about = {"kind": "pending", "desk": desk, "by": self._me, "since": int(time.time()), "change": uuid.uuid4().hex}
        mine = {_key(id): Record(_key(id), about | {"article_id": id}) for id in ids}
        self._catalogue.add(list(mine.values()))
        others = [mark for mark in self._catalogue.of(mine, "metadatas") if mark.metadata != mine[mark.id].metadata]
        if any(self._held(mark) for mark in others):
            self._catalogue.delete([key for key in mine if key not in {mark.id for mark in others}])
            raise StoreError("Another process is changing the same article. Try again when it is done.")
        if others:
            self._catalogue.put([mine[mark.id] for mark in others])
        return [str(mark.metadata["article_id"]) for mark in others]

    def clear(self, ids: Collection[str]) -> None:
        """The change of these articles is complete."""
        self._catalogue.delete([_key(id) for id in ids])

    def left(self, alone: bool) -> list[tuple[str, str]]:
        """(desk, article id) of what was left half done. ``alone``: nobody else can be at work, so every mark is."""
        marks = self._catalogue.where("metadatas", kind="pending")
        return [
            (str(mark.metadata["desk"]), str(mark.metadata["article_id"]))
            for mark in marks
            if alone or not self._held(mark)
        ]

    def _held(self, mark: Record) -> bool:
        """Whether another process is still at it."""
        by = str(mark.metadata["by"])
        node, pid, _ = by.rsplit("/", 2)
        expired = time.time() - float(mark.metadata["since"]) > LEASE
        return by != self._me and not expired and (node != platform.node() or _alive(int(pid)))


def _key(id: str) -> str:
    return f"pending:{id}"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
