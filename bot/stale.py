"""Whether a past answer is still so: which of its quotes no longer stand in their articles."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from bot.answer import Answer, Citation
from bot.changes import nearest, stands
from ingest.article import Span
from ingest.store import Store


class Current(NamedTuple):
    """The name and the normalised text of the version that is current."""

    version: str
    text: str


CurrentOf = Callable[[str], Current | None]
"""The current version of an article by its id, None if it is gone."""


@dataclass(frozen=True, slots=True)
class Stale:
    """A citation whose quote no longer stands in its article.

    ``current`` is what the article is now, None if it is gone; ``now`` the sentence there that is nearest to the quote,
    None if there is none like it.
    """

    citation: Citation
    current: Current | None = None
    now: Span | None = None

    @property
    def sentence(self) -> str | None:
        """The sentence that is nearest now."""
        return self.now.of(self.current.text) if self.current and self.now else None


def stale(answer: Answer, current_of: CurrentOf) -> tuple[Stale, ...]:
    """The citations of an answer that no longer hold. A refusal rests on none: what it offers is merely near."""
    found = []
    for citation in answer.citations if answer.answered else ():
        current = current_of(citation.article_id)
        if current is None:
            found.append(Stale(citation))
        elif current.version != citation.version and not stands(citation.quote, current.text):
            found.append(Stale(citation, current, nearest(citation.quote, current.text)))
    return tuple(found)


def current_in(store: Store) -> CurrentOf:
    """The current versions of a store's articles, each read once."""

    @cache
    def current(id: str) -> Current | None:
        article = store.find([id]).get(id)
        text = article and store.text(id, article.version)
        return Current(article.version, text) if article and text else None

    return current


def row(stale: Stale) -> dict[str, Any]:
    """It as JSON: the old quote with its number, and what stands there ``now``, if anything does."""
    now = None
    if stale.current and stale.now:
        span = stale.now
        now = {"version": stale.current.version, "start": span.start, "end": span.end, "quote": stale.sentence}
    return {"n": stale.citation.n, "quote": stale.citation.quote, "gone": stale.current is None, "now": now}
