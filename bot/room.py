"""Where questions are answered: an open store, and a chain over it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.answer import Answer
from bot.asked import Asked

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.settings import Settings
    from ingest.store import Store


@dataclass(frozen=True, slots=True)
class Room:
    """An open store and a chain over it."""

    store: "Store"
    chain: "Runnable[dict[str, Any], Answer]"

    def answer(self, asked: Asked, history: Iterable[dict[str, str]] = ()) -> Answer:
        """The answer to a question, after the questions and answers before it."""
        return self.chain.invoke({"question": asked.question, "desks": list(asked.desks), "history": list(history)})


Opener = Callable[[], AbstractContextManager[Room]]


@contextmanager
def open_room(settings: "Settings") -> Iterator[Room]:
    """The room that the settings name. While it is open, other processes wait for the embedded store."""
    from bot.chain import build_chain
    from ingest.connect import open_store

    with open_store(settings) as store:
        yield Room(store, build_chain(settings, store=store))
