"""Keeping up with feeds: round after round, the store held only while something is put into it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from ingest.article import Article
from ingest.connect import open_store
from ingest.embed import load_embedder
from ingest.errors import StoreError
from ingest.known import recall, remember
from ingest.pipeline import Ingested, shelve
from ingest.polite import Guest
from ingest.watch import Seen, look

if TYPE_CHECKING:
    from bot.settings import Settings


class Came(NamedTuple):
    """An article that a feed brought, and what became of it."""

    article: Article
    result: Ingested


def keep_up(
    feeds: Sequence[str],
    desk: str,
    settings: "Settings",
    guest: Guest,
    every: float,
    wait: Callable[[float], object] | None,
) -> Iterator[Came | str]:
    """Look at feeds again and again, and put what is new on a desk: each article that came, a line for each failure.

    What is not kept when this is broken off is read once more after the next start. Articles that the store does not
    take now wait here for the next round.

    Args:
        feeds: their addresses.
        desk: where the articles go.
        settings: which store and which models.
        guest: reads what strangers serve.
        every: seconds from one round to the next.
        wait: lets them pass; None for one round alone.

    Raises:
        StoreError: the data folder cannot be written.
    """
    embedder = cache(lambda: load_embedder(settings.embeddings, settings.home))
    unkept: dict[str, Seen] = {}
    while True:
        for url in feeds:
            seen = unkept.pop(url, None) or look(url, recall(settings.home, desk, url), guest, every)
            yield from seen.said
            results: list[Ingested] = []
            try:
                if seen.articles:
                    with open_store(settings) as store:
                        results = shelve(seen.articles, desk, store, embedder())
            except StoreError as error:
                unkept[url] = replace(seen, said=())
                yield str(error)
                continue
            remember(settings.home, desk, url, seen.known)
            yield from map(Came, seen.articles, results)
        if wait is None:
            return
        wait(every)
