"""A site on loopback with feeds and pages that a test changes, and a clock that moves when it is waited for."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from xml.sax.saxutils import escape

from ingest.polite import Guest
from ingest.reach import ANYWHERE, Reach
from ingest.web import Limits

PAGE = "<html>{head}<article><p>{text}</p><p>It was so on Friday, as everybody said who had been there.</p></article>"


@dataclass
class Served:
    """What a path answers."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Stand:
    """The site: what it serves by path, and what it was asked, with what was said besides."""

    address: str
    paths: dict[str, Served] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    before: Callable[[str], object] = lambda _: None
    """Called with each path before it is answered."""

    def page(self, path: str, text: str, head: str = "<title>{path}</title>") -> str:
        """Have a page there; its address."""
        body = PAGE.format(head=head.format(path=path), text=text)
        self.paths[path] = Served(body=body.encode(), headers={"Content-Type": "text/html; charset=utf-8"})
        return self.address + path

    def feed(self, *items: str, path: str = "/feed", **headers: str) -> str:
        """Have a feed of these items there; its address."""
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{"".join(items)}</channel></rss>'
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.paths[path] = Served(body=body.encode(), headers={"Content-Type": "application/rss+xml"} | named)
        return self.address + path

    def taken(self) -> list[str]:
        """What was asked since this was last looked at."""
        asked, self.asked = self.asked, []
        return asked


def item(link: str, title: str = "A title", date: str = "Wed, 08 Oct 2025 09:00:00 GMT", text: str = "") -> str:
    return (
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link><pubDate>{date}</pubDate>"
        f"<description>{escape(text)}</description></item>"
    )


@contextmanager
def opened() -> Iterator[Stand]:
    stand = Stand("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            stand.asked.append(self.path)
            stand.headers.append(dict(self.headers))
            stand.before(self.path)
            served = stand.paths.get(self.path, Served(404))
            same = served.headers.get("ETag", "") == self.headers.get("If-None-Match")
            self.send_response_only(304 if same else served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", "0" if same else str(len(served.body)))
            self.end_headers()
            self.wfile.write(b"" if same else served.body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *args: object) -> None:
            pass  # the client has gone, as it should

    with Server(("127.0.0.1", 0), Handler) as server:
        stand.address = f"http://127.0.0.1:{server.server_address[1]}"
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield stand
        server.shutdown()
        thread.join()


@dataclass
class Clock:
    """Time that passes when it is waited for."""

    now: float = 1_000_000.0
    waited: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds

    def guest(self, reach: Reach = ANYWHERE) -> Guest:
        return Guest(reach, lambda: self.now, self.wait, Limits(connect=2, read=2, total=5))
