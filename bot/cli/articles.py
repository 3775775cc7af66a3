"""The commands for what is on the desks: ``ingest``, ``watch``, ``articles``, ``show``, ``diff``, ``remove``."""

import re
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.frame import DONE, FAILED, Id, Json, OneDesk, app, one_desk, read_settings
from bot.render import safe
from bot.streams import emit, note, out
from ingest.article import DEFAULT_DESK

if TYPE_CHECKING:
    from ingest.pipeline import Ingested

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
OFTEN = 60  # seconds: no feed is asked more often


@app.command()
def ingest(
    sources: Annotated[
        list[str] | None, typer.Argument(metavar="SOURCE", help="Files, folders, URLs, or - for standard input.")
    ] = None,
    desk: Annotated[
        str, typer.Option("--desk", metavar="NAME", callback=one_desk, help="The desk to put the articles on.")
    ] = DEFAULT_DESK,
    sample: Annotated[bool, typer.Option("--sample", help="Ingest the article that ships with Citedesk.")] = False,
    as_json: Json = False,
) -> None:
    """Put articles on a desk."""
    if not sources and not sample:
        raise typer.BadParameter("name a source, or --sample", param_hint="SOURCE")
    from bot.progress import Bar
    from ingest import pipeline
    from ingest.connect import open_store
    from ingest.embed import load_embedder
    from ingest.sample import ARTICLE

    settings = read_settings()
    named = [str(ARTICLE)] * sample + (sources or [])
    failed = False
    with open_store(settings) as store, Bar() as bar:
        embedder = load_embedder(settings.embeddings, settings.home)
        for result in pipeline.ingest(named, desk, store, embedder, progress=bar):
            bar.clear()
            failed |= result.status == "failed"
            if as_json:
                emit(result.to_json())
            elif result.article_id is None:
                note(f"citedesk: {result.error}")
            else:
                article = store.find([result.article_id]).get(result.article_id)
                out(_became(result, article.title if article else result.source))
    raise typer.Exit(FAILED if failed else DONE)


@app.command()
def watch(
    feeds: Annotated[list[str], typer.Argument(metavar="FEED_URL", help="RSS or Atom feeds.")],
    every: Annotated[
        str, typer.Option(metavar="TIME", help="How long to wait from one look to the next: 90s, 10m, 2h, 1d.")
    ] = "10m",
    desk: Annotated[
        str, typer.Option("--desk", metavar="NAME", callback=one_desk, help="The desk to put the articles on.")
    ] = DEFAULT_DESK,
    once: Annotated[bool, typer.Option("--once", help="Look once and leave: for cron.")] = False,
    as_json: Json = False,
) -> None:
    """Keep up with feeds: put their new and changed articles on a desk, until Ctrl-C or SIGTERM."""
    import signal
    import time

    seconds = _seconds(every)
    for each in feeds:
        _check_feed(each)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    failed = False
    try:
        from bot.watching import keep_up
        from ingest.polite import Guest
        from ingest.reach import ANYWHERE
        from ingest.watch import duration

        settings = read_settings()
        guest = Guest(ANYWHERE, time.time, time.sleep)
        if not once:
            note(f"Looking every {duration(seconds)}. Ctrl-C ends it.")
        wait = None if once else time.sleep
        for came in keep_up([*dict.fromkeys(feeds)], desk, settings, guest, seconds, wait):
            if isinstance(came, str):
                failed = True
                note(f"citedesk: {came}")
            elif came.result.status == "unchanged":
                continue
            elif as_json:
                emit(came.result.to_json())
            else:
                out(_became(came.result, came.article.title))
    except KeyboardInterrupt:  # how it is meant to end
        failed = False
    finally:
        signal.signal(signal.SIGTERM, before)
    raise typer.Exit(FAILED if failed else DONE)


def _became(result: "Ingested", title: str) -> str:
    """What became of an article, in a line."""
    count = f"{result.passages} {'passage' if result.passages == 1 else 'passages'}"
    return f"{result.status:9}  {result.article_id}  {safe(title)}  ({count})"


def _seconds(every: str) -> int:
    said = re.fullmatch(r"(\d{1,6})([smhd])", every.strip().lower())
    seconds = int(said[1]) * SECONDS[said[2]] if said else 0
    if seconds < OFTEN:
        raise typer.BadParameter(f"{every!r} is no time from 1m on, such as 10m, 2h or 1d", param_hint="--every")
    return seconds


def _check_feed(url: str) -> None:
    from ingest.metadata import clean_line, public_url, without_user

    if public_url(url) is None:
        raise typer.BadParameter(f"{without_user(clean_line(url))!r} is no http(s) address", param_hint="FEED_URL")


@app.command()
def articles(desk: OneDesk = None, as_json: Json = False) -> None:
    """List the articles, newest first."""
    from bot import shelf
    from ingest.connect import open_store

    with open_store(read_settings()) as store:
        found = store.articles(desk)
    if as_json:
        for article in found:
            emit(shelf.row(article))
        return
    for line in shelf.listing(found):
        out(line)
    if not found:
        note(f"There is no article{f' on the desk {desk}' if desk else ''} yet. {shelf.HOW_TO_ADD}")


@app.command()
def show(
    id: Id,
    text: Annotated[bool, typer.Option("--text", help="The text exactly as every offset counts it.")] = False,
    version: Annotated[
        str | None,
        typer.Option(metavar="VERSION", help="With --text: of this version; the start of its name will do."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show an article: what is known of it and its versions, or its text."""
    if version is not None and not text:
        raise typer.BadParameter("goes with --text", param_hint="--version")
    from bot import shelf
    from ingest.connect import open_store

    with open_store(read_settings()) as store:
        article = shelf.find(store, id)
        name = shelf.version(article, version)
        words = shelf.text(store, article, name) if text else ""
    if as_json:
        emit(shelf.row(article) | ({"version": name, "characters": len(words), "text": words} if text else {}))
    elif text:
        sys.stdout.flush()
        sys.stdout.buffer.write(words.encode())
    else:
        for line in shelf.details(article):
            out(line)


@app.command()
def diff(
    id: Id,
    version: Annotated[
        str | None,
        typer.Option("--from", metavar="VERSION", help="Since this version; the start of its name will do."),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show what changed in an article since the version before, sentence by sentence."""
    from bot import changes, shelf
    from ingest.connect import open_store

    with open_store(read_settings()) as store:
        article = shelf.find(store, id)
        if version is None and len(article.versions) == 1:
            note(f"{article.id} has one version only: nothing has changed since it was ingested.")
            return
        names = (shelf.version(article, version or article.versions[-2].name), article.version)
        before, after = ((name, shelf.text(store, article, name)) for name in names)
    found = changes.changes(before[1], after[1])
    if not found:
        note("No sentence differs.")
    if as_json:
        for change in found:
            emit(changes.row(change, before, after))
    elif found:
        out(safe(article.title))
        for sign, name in zip("-+", names, strict=True):
            out(f"{sign} {name}")
        for change in found:
            out("")
            for sign, span, text in (("-", change.before, before[1]), ("+", change.after, after[1])):
                if span:
                    out(f"{sign} {safe(span.of(text))}")


@app.command()
def remove(id: Id, as_json: Json = False) -> None:
    """Take an article off its desk, with every version of it."""
    from bot import shelf
    from ingest.connect import open_store

    with open_store(read_settings()) as store:
        article = shelf.find(store, id)
        store.remove(article)
    if as_json:
        emit(shelf.row(article))
    else:
        out(f"removed  {article.id}  {safe(article.title)}")
