"""The articles on the desks, for the command line: found by the start of an id, listed, shown."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.render import safe
from bot.render.cited import day
from ingest.errors import CitedeskError
from ingest.store import Store
from ingest.stored import StoredArticle

HOW_TO_ADD = (
    "Add one: citedesk ingest SOURCE, a file, a folder or a URL; --sample adds the one that ships with Citedesk."
)
SHORTEST = 4  # characters of an id that name an article


class UnknownError(CitedeskError):
    """No article, or no version of it, goes by that name."""


def find(store: Store, id: str) -> StoredArticle:
    """The only article whose id begins so.

    Raises:
        UnknownError: there is none, or more than one.
    """
    found = (
        [article for article in store.articles() if article.id.startswith(id.lower())] if len(id) >= SHORTEST else []
    )
    if len(found) == 1:
        return found[0]
    if found:
        raise UnknownError(f"{id} is the start of {len(found)} ids: {', '.join(article.id for article in found)}.")
    raise UnknownError(f"There is no article {id!r}. citedesk articles lists those that there are.")


def version(article: StoredArticle, name: str | None) -> str:
    """The full name of a version, given the start of it with or without ``sha256:``; the current one for None.

    Raises:
        UnknownError: there is none, or more than one.
    """
    if name is None:
        return article.version
    start = "sha256:" + name.lower().removeprefix("sha256:")
    found = [v.name for v in article.versions if v.name.startswith(start)]
    if len(found) != 1 or len(start) < len("sha256:") + SHORTEST:
        raise UnknownError(f"{article.id} has no version {name!r}. citedesk show {article.id} lists those that it has.")
    return found[0]


def text(store: Store, article: StoredArticle, version: str) -> str:
    """The normalised text of a version.

    Raises:
        UnknownError: it is not kept.
    """
    kept = store.text(article.id, version)
    if kept is None:
        raise UnknownError(f"The text of {version} of {article.id} is not kept. Ingest {safe(article.source)} again.")
    return kept


def row(article: StoredArticle) -> dict[str, Any]:
    """An article as JSON."""
    facts = asdict(article)
    return {
        "article_id": article.id,
        "desk": article.desk,
        **{name: facts[name] for name in ("title", "byline")},
        "published": article.published.isoformat() if article.published else None,
        **{name: facts[name] for name in ("language", "source", "url")},
        "version": article.version,
        "passages": article.passages,
        "characters": article.characters,
        "versions": [
            {
                "version": v.name,
                "ingested": v.ingested.isoformat(),
                "superseded": v.superseded.isoformat() if v.superseded else None,
            }
            for v in article.versions
        ],
    }


def listing(articles: Iterable[StoredArticle]) -> Iterator[str]:
    """An article a line: its id, desk, date and title."""
    shown = list(articles)
    width = max((len(article.desk) for article in shown), default=0)
    for article in shown:
        published = article.published.isoformat() if article.published else ""
        yield f"{article.id}  {article.desk:{width}}  {published:10}  {safe(article.title)}"


def details(article: StoredArticle) -> Iterator[str]:
    """All that is known of an article."""
    facts = {
        "id": article.id,
        "desk": article.desk,
        "by": article.byline,
        "date": day(article.published) if article.published else None,
        "language": article.language,
        "source": article.source,
        "page": article.url,
        "passages": f"{article.passages:,}",
        "characters": f"{article.characters:,}",
    }
    yield safe(article.title)
    yield from (f"  {name:10}  {safe(fact)}" for name, fact in facts.items() if fact)
    for v in reversed(article.versions):
        state = f"superseded {_moment(v.superseded)}" if v.superseded else "current"
        yield f"  {'version':10}  {v.name}"
        yield f"  {'':10}  ingested {_moment(v.ingested)}, {state}"


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
