"""URLs, against a real server on loopback that behaves well and badly."""

import gzip
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from ingest.errors import SourceError
from ingest.extract import extract
from ingest.fetch import USER_AGENT, fetch
from ingest.load import HTML, MARKDOWN, PDF, TEXT, load
from ingest.web import LIMITS, Limits

QUICK = Limits(connect=1, read=0.4, total=0.9)
SLOW_PATHS = ("/silent", "/drip-head", "/drip")
BOMB = gzip.compress(bytes(30_000_000), 1)
PAGE = "<html><title>Pact signed</title><article><p>Café owners in Havana said that a pact was signed.</p>"
BODIES: dict[str, tuple[str | None, bytes]] = {
    "/page": ("text/html; charset=utf-8", PAGE.encode()),
    "/latin": (
        "text/html; charset=ISO-8859-2",
        "<html><p>Łódź said on Friday that it would sign.".encode("iso-8859-2"),
    ),
    "/plain": ("text/plain", b"Cuba signed a pact."),
    "/raw/readme.md": ("text/plain; charset=utf-8", b"# Title\n\nText."),
    "/report": ("application/octet-stream", b"%PDF-1.7 ..."),
    "/notes.txt": ("application/octet-stream", b"Cuba signed a pact."),
    "/untyped": (None, b"<!doctype html><p>x"),
    "/image": ("image/png", b"\x89PNG"),
    "/data": ("application/json", b"{}"),
    "/archive": ("application/octet-stream", b"PK\x03\x04"),
    "/feed": ("application/rss+xml", b"<rss/>"),
    "/nothing": ("text/html", b""),
}


class Server(BaseHTTPRequestHandler):
    """Answers by path; what a path does is its name."""

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path in BODIES:
            kind, body = BODIES[path]
            self.answer(200, body, {"Content-Type": kind} if kind else {})
        elif path in ("/missing", "/broken"):
            self.answer(404 if path == "/missing" else 503, b"<html>sorry")
        elif path == "/agent":
            self.answer(200, self.headers["User-Agent"].encode(), {"Content-Type": "text/plain"})
        elif path == "/moved":
            self.answer(301, b"", {"Location": "/page?from=moved"})
        elif path == "/loop":
            self.answer(302, b"", {"Location": "/loop"})
        elif path == "/away":
            self.answer(302, b"", {"Location": "file:///etc/passwd"})
        else:
            self.misbehave(path)

    def misbehave(self, path: str) -> None:
        html = {"Content-Type": "text/html"}
        try:
            if path == "/silent":
                time.sleep(1.5)
            elif path == "/drip-head":
                for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100:
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.1)
            elif path == "/drip":
                self.answer(200, b"", html | {"Content-Length": "1000"})
                for _ in range(100):
                    self.wfile.write(b"x")
                    time.sleep(0.1)
            elif path == "/says-huge":
                self.answer(200, b"", html | {"Content-Length": "99999999999"})
            elif path == "/huge":
                self.answer(200, b"", html | {"Content-Length": ""})
                for _ in range(400):
                    self.wfile.write(b"x" * 100_000)
            elif path == "/bomb":
                self.answer(200, BOMB, html | {"Content-Encoding": "gzip"})
            elif path == "/bad-gzip":
                self.answer(200, b"no gzip", html | {"Content-Encoding": "gzip"})
            elif path == "/packed-twice":
                self.answer(200, b"x", html | {"Content-Encoding": "gzip, gzip"})
            elif path == "/cut":
                self.answer(200, b"half", html | {"Content-Length": "1000"})
        except OSError:
            pass  # the client has gone, as it should

    def answer(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | (headers or {})).items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.daemon_threads = True
    server.block_on_close = False
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


def refusal(url: str) -> str:
    began = time.monotonic()
    with pytest.raises(SourceError) as caught:
        fetch(url, limits=QUICK if url.endswith(SLOW_PATHS) else LIMITS)
    assert time.monotonic() - began < 10
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_page_comes_with_its_address_and_becomes_an_article(site: str) -> None:
    loaded = load(f"{site}/page")
    assert (loaded.source, loaded.media, loaded.charset) == (f"{site}/page", HTML, "utf-8")
    article = extract(loaded)
    assert (article.url, article.title) == (f"{site}/page", "Pact signed")
    assert article.text == "Café owners in Havana said that a pact was signed."


def test_the_charset_of_the_header_reaches_the_text(site: str) -> None:
    assert extract(load(f"{site}/latin")).text == "Łódź said on Friday that it would sign."


def test_after_a_redirect_the_source_is_where_it_led(site: str) -> None:
    assert load(f"{site}/moved").source == f"{site}/page?from=moved"


def test_names_and_fragments_in_an_address_are_not_kept(site: str) -> None:
    loaded = load(site.replace("://", "://user:secret@") + "/page#part")
    assert (loaded.name, loaded.source) == (f"{site}/page", f"{site}/page")


@pytest.mark.parametrize(
    ("path", "media"),
    [
        ("/plain", TEXT),
        ("/raw/readme.md", MARKDOWN),
        ("/report", PDF),
        ("/notes.txt", TEXT),
        ("/untyped", HTML),
    ],
)
def test_what_a_page_is(site: str, path: str, media: str) -> None:
    assert load(site + path).media == media


def test_the_server_learns_who_asks(site: str) -> None:
    assert load(f"{site}/agent").data.decode() == USER_AGENT
    assert "Citedesk" in USER_AGENT


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing", "the server answered 404 Not Found"),
        ("/broken", "the server answered 503 Service Unavailable"),
        ("/loop", "too many redirects"),
        ("/away", "redirects to an address that is not http(s)"),
        ("/image", "not a page but image/png"),
        ("/data", "not a page but application/json"),
        ("/archive", "not a page but application/octet-stream"),
        ("/feed", "not a page but application/rss+xml"),
        ("/nothing", "empty"),
        ("/silent", "did not answer in time"),
        ("/drip-head", "not read within 0.9 seconds"),
        ("/drip", "not read within 0.9 seconds"),
        ("/says-huge", "larger than 20 MB; split it or ingest the article alone"),
        ("/huge", "larger than 20 MB; split it or ingest the article alone"),
        ("/bomb", "larger than 20 MB; split it or ingest the article alone"),
        ("/bad-gzip", "sent a damaged answer"),
        ("/packed-twice", "packed in a way that was not asked for"),
        ("/cut", "broke off the connection"),
    ],
)
def test_what_is_no_page_is_one_clear_line(site: str, path: str, reason: str) -> None:
    assert refusal(site + path) == f"{site}{path}: {reason}"


def test_nobody_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    assert refusal(f"http://127.0.0.1:{port}/x").endswith(": connection refused")


def test_no_such_host(monkeypatch: pytest.MonkeyPatch) -> None:
    def lookup(*_args: object, **_kwargs: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert refusal("http://nobody.invalid/x").endswith(": no such host, or no network to look it up")


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a:99999999/", "http:///path", "http://x y/"])
def test_what_is_no_address(url: str) -> None:
    assert refusal(url).endswith(": not a valid URL")
