"""Feeds as they come: well made, broken, and made to do harm."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.errors import SourceError
from ingest.feed import MOST, entries
from tests.ingest.newsstand import item

URL = "https://news.test/feed/world.xml"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom">
<entry><title>Older</title><link rel="alternate" href="/older"/><published>2025-10-07T23:30:00-05:00</published></entry>
<entry><title type="html">&lt;b&gt;Newer&lt;/b&gt; &amp;amp; better</title><link rel="enclosure" href="/a.mp3"/>
<link href="newer"/><updated>2025-10-09T00:00:00Z</updated></entry>
<entry><id>tag:news.test,2025:1</id><title>No page</title></entry></feed>"""


def rss(*items: str) -> bytes:
    return f'<rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'.encode()


def links(data: bytes) -> list[str]:
    return [entry.link for entry in entries(data, URL)]


def test_rss_says_where_the_pages_are_and_what_they_are_called() -> None:
    [entry] = entries(rss(item("https://news.test/pact", "Pact & peace", "Wed, 08 Oct 2025 23:30:00 -0500")), URL)
    assert (entry.link, entry.title, entry.published) == (
        *("https://news.test/pact", "Pact & peace"),
        date(2025, 10, 8),  # there it was still Wednesday
    )


def test_atom_does_too_and_the_newest_come_first() -> None:
    assert [(entry.link, entry.title, entry.published) for entry in entries(ATOM.encode(), URL)] == [
        ("https://news.test/feed/newer", "Newer & better", date(2025, 10, 9)),
        ("https://news.test/older", "Older", date(2025, 10, 7)),
    ]


def test_what_is_no_page_is_left_out_and_each_page_comes_once() -> None:
    names = ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.test", "", "http://[", "https://me:pw@x.test/a#b"]
    assert links(rss(*map(item, [*names, "https://x.test/a"]))) == ["https://x.test/a"]


def test_the_stamp_changes_with_what_the_feed_says() -> None:
    def stamp(data: bytes) -> str:
        return entries(data, URL)[0].stamp

    assert stamp(rss(item("/a"))) == stamp(rss(item("/a")))
    assert len({stamp(rss(item("/a", text=text))) for text in ("", "One.", "Two.")}) == 3
    assert stamp(ATOM.encode()) == stamp(ATOM.replace("better", "best").encode())  # it says when that was changed
    assert stamp(ATOM.encode()) != stamp(ATOM.replace("T00:00:00Z", "T09:00:00Z").encode())


def test_a_hostile_title_is_one_short_line() -> None:
    titles = ["a\nb\u202ec\u0007", "x" * 100_000, "<script>alert(1)</script>", "@everyone " * 90]
    for entry in entries(rss(*(item(f"/{n}", title) for n, title in enumerate(titles))), URL):
        assert entry.title.isprintable()
        assert len(entry.title) <= 300


@pytest.mark.parametrize("day", ["", "yesterday", "Wed, 99 Oct 2025 09:00:00", "2025-13-45", "0000-00-00", "9" * 50])
def test_a_day_that_is_none(day: str) -> None:
    assert entries(rss(item("/a", date=day)), URL)[0].published is None


def test_broken_xml_is_read_as_far_as_it_goes() -> None:
    whole = rss(item("/a", "Ham & eggs"), item("/b"))
    assert links(whole.replace(b"&amp;", b"&")) == ["https://news.test/a", "https://news.test/b"]
    assert links(whole[: whole.index(b"</item><item>")]) == ["https://news.test/a"]


def test_entities_that_grow_do_not() -> None:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE x [<!ENTITY e0 "ha">{grown}]>'.encode() + rss(item("/a", "T")).replace(b"T<", b"&e9;<")
    assert all(len(entry.title) <= 300 for entry in entries(bomb, URL))


def test_an_entity_reads_no_file() -> None:
    file = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + rss(item("/a", "T")).replace(b"T<", b"&e;<")
    assert "root" not in "".join(entry.title for entry in entries(file, URL))


def test_more_entries_than_anyone_writes_are_refused_unread() -> None:
    with pytest.raises(SourceError, match=r"^https://news.test/feed/world.xml: lists more than 20,000 entries$"):
        entries(b"<rss>" + b"<item>" * (MOST + 1), URL)


@pytest.mark.parametrize("data", [b"", b"<html><p>Hello", b"{}", b"\x00\xff", b"%PDF-1.7"])
def test_what_is_no_feed(data: bytes) -> None:
    with pytest.raises(SourceError, match=r"^https://news.test/f: not a feed \(RSS or Atom\)$"):
        entries(data, "https://me:secret@news.test/f")


PARTS = st.sampled_from(
    [
        "<rss>",
        "<item>",
        "</item>",
        "<title>",
        "<link>",
        "http://x.test/a",
        "</link>",
        "<![CDATA[",
        "]]>",
        "&x;",
        "<!",
        "é",
    ]
)


@given(st.lists(PARTS, max_size=12))
def test_whatever_comes_is_entries_or_no_feed(parts: list[str]) -> None:
    with suppress(SourceError):
        assert all(entry.link.startswith(("http://", "https://")) for entry in entries("".join(parts).encode(), URL))
