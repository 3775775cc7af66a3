"""``citedesk watch`` over a real store: what comes, what is kept over a restart, and how it ends."""

import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from bot import watching
from bot.settings import Settings
from bot.watching import Came, keep_up
from ingest.connect import open_store
from ingest.errors import StoreError
from ingest.store import Store
from tests.ingest.newsstand import Clock, Served, Stand, item, opened
from tests.ingest.small import SmallEmbedder

EVERY = 600.0


@pytest.fixture
def stand(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stand]:
    """A site, and models that are there at once."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(watching, "load_embedder", lambda *_: SmallEmbedder())
    with opened() as site:
        yield site


class Enough(Exception):  # noqa: N818 - nothing is wrong
    """That was the last round."""


def rounds(feed: str, *between: Callable[[], object]) -> list[list[str]]:
    """What came in each round: titles and failures; ``between`` rounds something happens."""
    clock = Clock()
    acts = iter(between)
    came: list[list[str]] = [[]]

    def wait(seconds: float) -> None:
        clock.wait(seconds)
        if (act := next(acts, None)) is None:
            raise Enough
        act()
        came.append([])

    with suppress(Enough):
        for each in keep_up([feed], "default", Settings.read(), clock.guest(), EVERY, wait):
            came[-1].append(f"{each.result.status} {each.article.title}" if isinstance(each, Came) else each)
    return came


def test_new_and_changed_articles_come_round_after_round(stand: Stand) -> None:
    first = stand.page("/1", "Cuba signed a pact.")
    feed = stand.feed(item(first))

    def changed() -> None:
        stand.page("/1", "Cuba did not sign.")
        stand.feed(item(stand.page("/2", "Peru signed.")), item(first, text="Corrected."))

    assert rounds(feed, lambda: None, changed) == [["added /1"], [], ["added /2", "updated /1"]]


def test_a_restart_forgets_nothing(stand: Stand) -> None:
    feed = stand.feed(item(stand.page("/1", "Cuba signed a pact.")), ETag='"one"')
    assert rounds(feed) == [["added /1"]]
    stand.taken()
    assert rounds(feed) == [[]]
    assert (stand.taken(), stand.headers[-1]["If-None-Match"]) == (["/feed"], '"one"')


def test_while_it_waits_others_use_the_store(stand: Stand) -> None:
    def use() -> None:
        with open_store(Settings.read(), patience=0) as store:
            assert len(store.articles()) == 1

    assert rounds(stand.feed(item(stand.page("/1", "Cuba signed."))), use) == [["added /1"], []]


def test_articles_that_the_store_does_not_take_wait_for_the_next_round(
    stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusals = [StoreError("The store is in use.")]

    @contextmanager
    def open_or_refuse(settings: Settings) -> Iterator[Store]:
        if refusals:
            raise refusals.pop()
        with open_store(settings) as store:
            yield store

    monkeypatch.setattr(watching, "open_store", open_or_refuse)
    feed = stand.feed(item(stand.page("/1", "Cuba signed.")))
    assert rounds(feed, lambda: None) == [["The store is in use."], ["added /1"]]
    assert stand.taken() == ["/feed", "/robots.txt", "/1"]  # and is not read twice


# -- the command


def test_one_round(citedesk: Any, stand: Stand) -> None:
    feed = stand.feed(item(stand.page("/1", "Cuba signed a pact.", head="<title>The \x1bpact</title>")))
    status, out, err = citedesk("watch", feed, "--once", "--desk", "news")
    assert (status, err) == (0, "")
    assert re.fullmatch(r"added      [0-9a-f]{16}  The pact  \(\d passages?\)\n", out)
    assert citedesk("watch", feed, "--once", "--desk", "news") == (0, "", "")


def test_one_round_as_json(citedesk: Any, stand: Stand) -> None:
    page = stand.page("/1", "Cuba signed a pact.")
    row = json.loads(citedesk("watch", stand.feed(item(page)), "--once", "--json").out)
    assert (row["source"], row["status"], row["error"]) == (page, "added", None)


def test_failures_are_a_line_each_and_the_exit_status(citedesk: Any, stand: Stand) -> None:
    stand.paths["/feed"] = Served(404)
    feed = f"{stand.address}/feed"
    err = f"citedesk: {feed}: the server answered 404 Not Found; tried again in 2 h\n"
    assert citedesk("watch", feed, "--once", "--every", "2h") == (1, "", err)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("while_it", ["waits", "reads"])
def test_a_signal_ends_it_at_once_and_cleanly(
    number: int, while_it: str, citedesk: Any, stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(when: object) -> None:
        if when in (EVERY, "/2"):
            os.kill(os.getpid(), number)
            sleep(1)

    sleep, stand.before = time.sleep, stop
    monkeypatch.setattr(time, "sleep", stop)
    pages = [stand.page("/1", "Cuba signed."), *([stand.page("/2", "Slow.")] if while_it == "reads" else [])]
    began = time.monotonic()
    status, out, err = citedesk("watch", stand.feed(*map(item, pages)))
    assert time.monotonic() - began < 10
    assert (status, err) == (0, "Looking every 10 min. Ctrl-C ends it.\n")
    assert out.startswith("added") == (while_it == "waits")
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        (["ftp://x.test/"], "'ftp://x.test/' is no http(s) address"),
        (["http://x.test/", "--every", "30s"], "'30s' is no time from 1m on"),
        (["http://x.test/", "--every", "soon"], "'soon' is no time from 1m on"),
        (["http://x.test/", "--desk", "No!"], "cannot be the name of a desk"),
        ([], "Missing argument"),
    ],
)
def test_wrong_usage(arguments: list[str], wrong: str, citedesk: Any) -> None:
    status, _, err = citedesk("watch", *arguments)
    assert status == 2
    assert wrong in " ".join(err.split())
