"""Where questions are answered: an open store, and a chain over it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.answer import Answer
from bot.asked import Asked

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable

    from bot.check import Checked
    from bot.lexical import LexicalIndexes
    from bot.settings import Settings
    from ingest.article import Article
    from ingest.embed import Embedder
    from ingest.load import Loaded
    from ingest.pipeline import Ingested
    from ingest.reach import Reach
    from ingest.store import Store

SIDE_BY_SIDE = 4
"""Questions that are worked on at a time: all share one lock of Python's, for which an event loop waits as well."""


@dataclass(frozen=True, slots=True)
class Room:
    """An open store, the chain over it, and what both were opened with."""

    store: "Store"
    chain: "Runnable[dict[str, Any], Answer]"
    indexes: "LexicalIndexes"
    settings: "Settings"

    def answer(self, asked: Asked, history: Iterable[dict[str, str]] = ()) -> Answer:
        """The answer to a question, after the questions and answers before it."""
        return self.chain.invoke(_given(asked, history))

    def stream(
        self, asked: Asked, history: Iterable[dict[str, str]] = (), within: float | None = None
    ) -> Iterator[Answer]:
        """The same as it grows: each answer has all of the one before, the last is the whole.

        ``within`` are the seconds that a model has for it, where it has fewer than usual.
        """
        limits = {} if within is None else {"within": within}
        return self.chain.stream(_given(asked, history) | limits)

    def answers(self, asked: Sequence[tuple[Asked, Iterable[dict[str, str]]]]) -> Sequence[Answer | Exception]:
        """The answers to many questions, or why there is none to one of them."""
        inputs = [_given(each, said) for each, said in asked]
        return self.chain.batch(inputs, {"max_concurrency": SIDE_BY_SIDE}, return_exceptions=True)

    def check(self, text: str, desks: Sequence[str]) -> tuple["Checked", ...]:
        """What the articles say of each sentence of a text.

        Raises:
            CheckError: it is empty or too long.
        """
        from bot.check import build_check

        return build_check(self.settings, store=self.store, indexes=self.indexes)(text, desks)

    def ingest(self, url: str, desk: str, reach: "Reach") -> list["Ingested"]:
        """Put a page on a desk, if it is within reach."""
        from ingest.pipeline import ingest

        return list(ingest([url], desk, self.store, self._embedder, reach=reach))

    def shelve(self, loaded: "Loaded", desk: str) -> list["Ingested"]:
        """Put bytes that were read already on a desk as an article.

        Raises:
            SourceError: they are none.
        """
        from ingest.extract import extract

        return self.put([extract(loaded)], desk)

    def put(self, articles: Sequence["Article"], desk: str) -> list["Ingested"]:
        """Put articles on a desk, one result an article."""
        from ingest.pipeline import shelve

        return shelve(articles, desk, self.store, self._embedder)

    @property
    def _embedder(self) -> "Embedder":
        from bot.chain import embedder_of

        return embedder_of(self.settings)


def _given(asked: Asked, history: Iterable[dict[str, str]]) -> dict[str, Any]:
    """What the chain takes."""
    return {"question": asked.question, "desks": list(asked.desks), "history": list(history)}


Opener = Callable[[], AbstractContextManager[Room]]


@contextmanager
def open_room(settings: "Settings") -> Iterator[Room]:
    """The room that the settings name. While it is open, other processes wait for the embedded store."""
    from bot.chain import build_chain
    from bot.lexical import LexicalIndexes
    from ingest.connect import open_store

    with open_store(settings) as store:
        indexes = LexicalIndexes(store, settings.home / "lexical")
        yield Room(store, build_chain(settings, store=store, indexes=indexes), indexes, settings)


@contextmanager
def open_served_room(settings: "Settings") -> Iterator[Room]:
    """The same, beside which other processes use the store too: for a process that runs for long."""
    from ingest.serve import serve_store

    with serve_store(settings), open_room(settings) as room:
        yield room
