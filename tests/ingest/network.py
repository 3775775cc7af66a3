"""A network whose names and servers are all on this machine."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from ingest.reach import host_name

PUBLIC = "93.184.215.14"
PAGE = b"Cuba signed a pact."


def knows(**hosts: list[str]) -> Callable[[str], list[str]]:
    """A resolver that knows these hosts under ``.test``."""

    def resolve(host: str) -> list[str]:
        found = hosts.get(host_name(host).removesuffix(".test"))
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return found

    return resolve


@dataclass
class Site:
    """A server on loopback: where it is, what it redirects to, and the hosts that it was asked as."""

    port: int = 0
    to: str = ""
    asked: list[str] = field(default_factory=list)
    named_in_tls: list[str | None] = field(default_factory=list)


@contextmanager
def serving(address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """A server with a page, and with /to, which redirects, and /slow, which never comes to an end."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append(self.headers["Host"])
            self.send_response(302 if self.path == "/to" else 200)
            self.send_header("Location", site.to)
            self.send_header("Content-Type", "text/plain")
            self.send_header("Content-Length", "0" if self.path == "/to" else str(len(PAGE)))
            self.end_headers()
            try:
                for byte in PAGE if self.path == "/slow" else b"":
                    self.wfile.write(bytes([byte]))
                    time.sleep(0.1)
                self.wfile.write(PAGE if self.path == "/page" else b"")
            except OSError:
                pass  # the client has gone, as it should

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *args: object) -> None:
            pass  # a client that does not trust the certificate

    with Server((address, 0), Handler) as server:
        if tls:
            tls.sni_callback = lambda _, name, __: site.named_in_tls.append(name)
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        site.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield site
        server.shutdown()
        thread.join()
