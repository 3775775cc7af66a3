"""Feeds and their pages over real connections, look after look, by a clock that only moves when it is waited for."""

import logging
import socket
from collections.abc import Iterator
from datetime import date

import pytest

from ingest import watch
from ingest.known import Known, Trouble, from_text, to_text
from ingest.polite import DAY, REST
from ingest.reach import Reach
from ingest.watch import TRIES, Seen, duration, look
from tests.ingest.newsstand import Clock, Served, Stand, item, opened

EVERY = 600.0


@pytest.fixture(scope="module")
def site() -> Iterator[Stand]:
    with opened() as stand:
        yield stand


@pytest.fixture
def stand(site: Stand, monkeypatch: pytest.MonkeyPatch) -> Stand:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    site.paths.clear()
    site.asked.clear()
    site.headers.clear()
    return site


@pytest.fixture
def clock() -> Clock:
    return Clock()


class Reader:
    """One who looks at a feed every ten minutes, and forgets nothing but what is not kept."""

    def __init__(self, clock: Clock, feed: str) -> None:
        self.clock, self.feed, self.guest, self.known = clock, feed, clock.guest(), Known()

    def look(self, after: float = EVERY) -> Seen:
        self.clock.now += after
        seen = look(self.feed, self.known, self.guest, EVERY)
        self.known = from_text(to_text(seen.known))
        return seen

    def titles(self, after: float = EVERY) -> list[str]:
        return [article.title for article in self.look(after).articles]


def test_what_is_new_is_read_once(stand: Stand, clock: Clock) -> None:
    first = stand.page("/1", "Cuba signed a pact.")
    reader = Reader(clock, stand.feed(item(first)))
    [article] = reader.look().articles
    assert (article.title, article.source, article.url) == ("/1", first, first)
    assert stand.taken() == ["/feed", "/robots.txt", "/1"]
    assert reader.titles() == []
    assert stand.taken() == ["/feed"]
    stand.feed(item(stand.page("/2", "Peru did not sign.")), item(first))
    assert reader.titles() == ["/2"]
    assert stand.taken() == ["/feed", "/2"]  # its robots.txt still holds


def test_what_has_changed_is_read_again(stand: Stand, clock: Clock) -> None:
    reader = Reader(clock, stand.feed(item(stand.page("/1", "Cuba signed."), text="Signed.")))
    [before] = reader.look().articles
    stand.page("/1", "Cuba did not sign.")
    stand.feed(item(f"{stand.address}/1", text="Not signed."))
    [after] = reader.look().articles
    assert before.source == after.source
    assert "did not sign" in after.text


def test_a_feed_that_is_as_it_was_is_not_sent_again(stand: Stand, clock: Clock) -> None:
    changed = "Wed, 08 Oct 2025 09:00:00 GMT"
    reader = Reader(clock, stand.feed(item(stand.page("/1", "Cuba signed.")), ETag='"one"', Last_Modified=changed))
    reader.look()
    assert "If-None-Match" not in stand.headers[0]
    assert reader.titles() == []
    assert (stand.headers[-1]["If-None-Match"], stand.headers[-1]["If-Modified-Since"]) == ('"one"', changed)
    assert reader.known.etag == '"one"'
    stand.feed(item(stand.page("/2", "Peru signed.")), ETag='"two"')
    assert reader.titles() == ["/2"]
    assert reader.known.etag == '"two"'


def test_what_a_page_lacks_the_feed_says(stand: Stand, clock: Clock) -> None:
    bare = stand.page("/bare", "Cuba signed a pact.", head="")
    full = stand.page(
        "/full", "Peru signed.", head='<title>Own</title><meta property="article:published_time" content="2024-01-02">'
    )
    said = [item(page, "Said & done", "Wed, 08 Oct 2025 23:30:00 -0500") for page in (bare, full)]
    articles = Reader(clock, stand.feed(*said)).look().articles
    assert [(article.title, article.published) for article in articles] == [
        ("Said & done", date(2025, 10, 8)),
        ("Own", date(2024, 1, 2)),
    ]


def test_a_feed_and_a_page_that_have_moved_are_followed(stand: Stand, clock: Clock) -> None:
    stand.page("/new/1", "Cuba signed.")
    stand.feed(item("1"), path="/new/feed")
    stand.paths["/new/1"], stand.paths["/new/one"] = Served(301, headers={"Location": "one"}), stand.paths["/new/1"]
    stand.paths["/feed"] = Served(301, headers={"Location": "/new/feed"})
    [article] = Reader(clock, f"{stand.address}/feed").look().articles
    assert article.source == f"{stand.address}/new/one"


def test_pages_of_a_host_are_asked_for_a_second_apart(stand: Stand, clock: Clock) -> None:
    reader = Reader(clock, stand.feed(*(item(stand.page(f"/{n}", f"Cuba signed {n} pacts.")) for n in range(3))))
    assert len(reader.look().articles) == 3
    assert clock.waited == [0, 1, 1, 1, 1]  # the feed, robots.txt, and each page


def test_a_site_may_ask_for_longer_pauses(stand: Stand, clock: Clock) -> None:
    stand.paths["/robots.txt"] = Served(body=b"User-agent: *\nCrawl-delay: 50\n")
    pages = [item(stand.page(f"/{n}", f"Cuba signed {n} pacts.")) for n in range(4)]
    reader = Reader(clock, stand.feed(*pages, ETag='"x"'))
    assert reader.titles() == ["/0", "/1"]  # at 51 and 101 s of the 120 that a look may take
    assert reader.known.etag == ""  # so that the rest comes
    assert reader.titles() == ["/2", "/3"]
    assert set(clock.waited) <= {0, 1, 50}


def test_what_robots_txt_forbids_is_not_read(stand: Stand, clock: Clock) -> None:
    stand.paths["/robots.txt"] = Served(body=b"User-agent: citedesk\nDisallow: /private\n\nUser-agent: *\nDisallow:\n")
    stand.page("/private/1", "Secret.")
    stand.page("/open", "Cuba signed.")
    stand.paths["/to"] = Served(302, headers={"Location": "/private/1"})
    reader = Reader(clock, stand.feed(*(item(f"{stand.address}/{path}") for path in ("private/1", "open", "to"))))
    seen = reader.look()
    assert [article.title for article in seen.articles] == ["/open"]
    refusal = f"{stand.address}/private/1: the site's robots.txt does not allow it to be read"
    assert seen.said == (refusal, refusal)
    assert "/private/1" not in stand.taken()
    assert reader.look().said == ()  # once is enough


@pytest.mark.parametrize(
    "robots",
    [Served(404), Served(301, headers={"Location": "/robots.txt"}), Served(body=b"Disallow: //[\nUser-agent:")],
)
def test_a_site_without_rules_may_be_read(stand: Stand, clock: Clock, robots: Served) -> None:
    stand.paths["/robots.txt"] = robots
    assert Reader(clock, stand.feed(item(stand.page("/1", "Cuba signed.")))).titles() == ["/1"]


def test_while_nobody_can_say_what_the_rules_are_nothing_is_read(stand: Stand, clock: Clock) -> None:
    stand.paths["/robots.txt"] = Served(503)
    reader = Reader(clock, stand.feed(*(item(stand.page(f"/{n}", "Cuba signed.")) for n in range(3))))
    [line] = reader.look().said
    assert line == f"{stand.address}/robots.txt: the server answered 503 Service Unavailable; tried again in 10 min"
    assert stand.taken() == ["/feed", "/robots.txt"]  # and is not asked three times
    del stand.paths["/robots.txt"]
    assert len(reader.look().articles) == 3


def test_a_feed_that_fails_is_left_alone_for_longer_each_time(stand: Stand, clock: Clock) -> None:
    reader = Reader(clock, f"{stand.address}/feed")
    stand.paths["/feed"] = Served(500)
    pauses = []
    for _ in range(10):
        assert reader.look(0).said
        assert reader.known.trouble
        pauses.append(reader.known.trouble.until - clock.now)
        assert stand.taken() == ["/feed"]
        assert reader.look(pauses[-1] - 1) == Seen(reader.known)
        assert stand.taken() == []
        clock.now += 1
    assert pauses == [600 * 2**n for n in range(8)] + [DAY, DAY]
    stand.feed(item(stand.page("/1", "Cuba signed.")))
    assert reader.titles(0) == ["/1"]
    assert reader.known.trouble is None


@pytest.mark.parametrize(
    ("served", "line"),
    [
        (Served(410), "the server answered 410 Gone"),
        (Served(body=b"<html><p>No feed."), "not a feed (RSS or Atom)"),
        (Served(body=b""), "not a feed (RSS or Atom)"),
        (Served(body=b"x", headers={"Content-Encoding": "br"}), "packed in a way that was not asked for"),
        (Served(302, headers={"Location": "file:///etc/passwd"}), "redirects to an address that is not http(s)"),
        (Served(body=bytes(5_000_001)), "larger than a feed may be"),
    ],
)
def test_a_feed_that_cannot_be_read_is_one_line(stand: Stand, clock: Clock, served: Served, line: str) -> None:
    stand.paths["/feed"] = served
    [said] = Reader(clock, f"{stand.address}/feed").look().said
    assert said == f"{stand.address}/feed: {line}; tried again in 10 min"


@pytest.mark.parametrize(
    ("asked", "headers"),
    [
        (7200, {"Retry-After": "7200"}),
        (7200, {"Retry-After": "Wed, 08 Oct 2025 11:00:00 GMT", "Date": "Wed, 08 Oct 2025 09:00:00 GMT"}),
        (DAY, {"Retry-After": "9999999999"}),
        (EVERY, {"Retry-After": "soon"}),
    ],
)
def test_a_server_says_how_long_it_wants_to_be_left_alone(
    stand: Stand, clock: Clock, asked: float, headers: dict[str, str]
) -> None:
    stand.paths["/feed"] = Served(429, headers=headers)
    reader = Reader(clock, f"{stand.address}/feed")
    reader.look()
    assert reader.known.trouble == Trouble(1, clock.now + asked)


def test_a_page_that_fails_is_tried_again_and_then_given_up(stand: Stand, clock: Clock) -> None:
    page = f"{stand.address}/1"
    stand.paths["/1"] = Served(502)
    reader = Reader(clock, stand.feed(item(page), ETag='"x"'))
    said = [*reader.look().said]
    for pause in (600, 1200, 2400):
        assert reader.look(pause - 1).said == ()
        said += reader.look(1).said
    assert said == [
        *(
            f"{page}: the server answered 502 Bad Gateway; tried again in {pause}"
            for pause in ("10 min", "20 min", "40 min")
        ),
        f"{page}: the server answered 502 Bad Gateway",
    ]
    assert len(said) == TRIES
    assert reader.look(DAY).said == ()
    stand.page("/1", "Cuba signed.")
    stand.feed(item(page, text="Mended."))
    assert reader.titles() == ["/1"]


def test_a_page_that_is_gone_or_is_none_is_said_once(stand: Stand, clock: Clock) -> None:
    stand.paths["/pic"] = Served(body=b"GIF89a", headers={"Content-Type": "image/gif"})
    stand.paths["/bare"] = Served(body=b"<html></html>", headers={"Content-Type": "text/html"})
    reader = Reader(clock, stand.feed(*(item(stand.address + path) for path in ("/gone", "/pic", "/bare"))))
    assert reader.look().said == (
        f"{stand.address}/gone: the server answered 404 Not Found",
        f"{stand.address}/pic: not a page but image/gif",
        f"{stand.address}/bare: no article text found in this page",
    )
    assert reader.look().said == ()


def test_a_host_in_trouble_is_left_alone_and_others_are_read(stand: Stand, clock: Clock) -> None:
    other = stand.address.replace("127.0.0.1", "localhost")
    stand.paths["/down"] = Served(503)
    pages = [f"{other}/down", stand.page("/1", "Cuba signed.").replace(stand.address, other), f"{stand.address}/1"]
    reader = Reader(clock, stand.feed(*map(item, pages)))
    assert [article.source for article in reader.look().articles] == [pages[2]]
    assert reader.guest.free(pages[0]) > clock.now + REST - 5
    assert [article.source for article in reader.look().articles] == [pages[1]]


def test_ten_thousand_entries_come_little_by_little_the_newest_first(
    stand: Stand, clock: Clock, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "PAGES", 2)
    many = [f"<item><link>/{n}</link><pubDate>2025-10-{1 + n // 2000:02}</pubDate></item>" for n in range(10_000)]
    for n in range(8000, 8004):
        stand.page(f"/{n}", f"Cuba signed {n} pacts.")
    reader = Reader(clock, stand.feed(*many, ETag='"x"'))
    with caplog.at_level(logging.WARNING):
        assert reader.titles() == ["/8000", "/8001"]
    assert caplog.messages == [
        f"{stand.address}/feed: 10,000 pages are new; the newest 2 come first, the others later."
    ]
    stand.feed(*many[8000:8003], ETag='"y"')
    assert reader.titles() == ["/8002"]
    assert reader.known.seen.keys() == {f"{stand.address}/{n}" for n in (8000, 8001, 8002)}  # no more than is listed


def test_who_may_read_public_pages_only_reads_no_others(stand: Stand, clock: Clock) -> None:
    feed = stand.feed(item(stand.page("/1", "Secret.")))
    guest = clock.guest(Reach())
    [line] = look(feed, Known(), guest, EVERY).said
    assert "not found on the public web" in line
    assert stand.taken() == []


def test_nobody_there(clock: Clock) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/feed"
    assert Reader(clock, address).look().said == (f"{address}: connection refused; tried again in 10 min",)


def test_an_address_never_shows_its_password(stand: Stand, clock: Clock) -> None:
    stand.paths["/feed"] = Served(body=b"<html>")
    [line] = Reader(clock, f"{stand.address}/feed".replace("://", "://me:secret@")).look().said
    assert line.startswith(f"{stand.address}/feed: not a feed")


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"etag": 1}', to_text(Known())[:-5]])
def test_what_cannot_be_understood_is_forgotten(text: str) -> None:
    assert from_text(text) == Known()


def test_what_is_known_is_kept_whole() -> None:
    known = Known('"e"', "today", {"http://x.test/": "1a"}, {"http://y.test/": Trouble(2, 7.5)}, Trouble(1, 9.0))
    assert from_text(to_text(known)) == known


@pytest.mark.parametrize(
    ("seconds", "said"), [(90, "90 s"), (60, "1 min"), (600, "10 min"), (3600, "1 h"), (5400, "90 min"), (DAY, "24 h")]
)
def test_a_pause_as_people_say_it(seconds: float, said: str) -> None:
    assert duration(seconds) == said
