"""A language model on this machine that says what a test scripts: an OpenAI-compatible server over real sockets.

with serve_model() as model, chat(model.url) as llm:
    model.says(good(("Ann came.", 1)))
    assert llm.invoke("Who came?").text == "Ann came. [1]"
    assert "Who came?" in model.requests[0].prompt
"""

import select
import socket
import sys
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

from tests.model import wire
from tests.model.replies import End, Gate, Reply, Sent, Silence, Spoken, failure, words
from tests.model.wire import Request

if TYPE_CHECKING:
    from langchain_openai import ChatOpenAI

NAME = "scripted"
KEY = "sk-the-key-of-the-tests"

Script = str | Reply | Callable[[Request], str | Reply]
"""A reply, or what makes one of the request."""


class Model:
    """What the model is to say, and what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[Request] = []
        """Every chat completion that was asked for, in the order of arrival."""
        self._queue: deque[Script] = deque()
        self._always: Script | None = None
        self._asked = Condition()
        self._faults: list[Exception] = []

    def says(self, *scripts: Script) -> None:
        """Answer the next requests with these, one each, in order."""
        self._queue.extend(scripts)

    def always(self, script: Script) -> None:
        """Answer with this whenever nothing else is left to say."""
        self._always = script

    def fails(self, status: int, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> None:
        """Answer the next request with an error."""
        self.says(failure(status, body, headers))

    def wait_for(self, requests: int, within: float = 5.0) -> None:
        """Wait until the model has been asked so many times."""
        with self._asked:
            assert self._asked.wait_for(lambda: len(self.requests) >= requests, within), f"{len(self.requests)} came"

    @property
    def unsaid(self) -> int:
        """How many replies nobody has asked for."""
        return len(self._queue)

    def reply(self, request: Request) -> Reply:
        """What the script has for a request. Faults of the script are kept, for the test's end to raise."""
        with self._asked:
            self.requests.append(request)
            self._asked.notify_all()
            script = self._queue.popleft() if self._queue else self._always
        try:
            assert script is not None, f"the model was asked for more than was scripted: {request.prompt}"
            said = script(request) if callable(script) else script
        except Exception as fault:
            self._faults.append(fault)
            return failure(400)
        return words(said) if isinstance(said, str) else said

    def check(self) -> None:
        """Raise the first fault of the script."""
        for fault in self._faults:
            raise fault


class _Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "_Server"

    def do_GET(self) -> None:
        request = self._request()
        known = self.path == "/v1/models"
        self._send(request, Sent(200, wire.catalogue(NAME)) if known else failure(404))

    def do_POST(self) -> None:
        request = self._request()
        known = self.path == "/v1/chat/completions"
        match self.server.model.reply(request) if known else failure(404):
            case Spoken(end=end) as reply if request.streams:
                self._stream(request, reply)
                self.close_connection |= end is End.CUT
            case Spoken(end=End.ERROR):
                self._send(request, failure(500))
            case Spoken(gate=gate) as reply:
                if self._passes(gate):
                    self._send(request, Sent(200, wire.completion(request, reply)), reply.end)
            case Sent() as reply:
                self._send(request, reply)
            case Silence(gate):
                self._passes(gate)
                self.close_connection = True

    def _request(self) -> Request:
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        return Request(self.path, {name.lower(): value for name, value in self.headers.items()}, raw)

    def _send(self, request: Request, reply: Sent, end: End = End.WHOLE) -> None:
        body = wire.error(reply.status, request) if reply.body is None else reply.body
        sent = body if end is End.WHOLE else body[: len(body) // 2]
        self.send_response(reply.status)
        for name, value in ({"Content-Type": "application/json"} | dict(reply.headers)).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body if end is End.CUT else sent)))
        self.end_headers()
        self.wfile.write(sent)
        self.close_connection |= end is End.CUT

    def _stream(self, request: Request, reply: Spoken) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self._chunk(wire.opening(request))
        for text in reply.pieces:
            if not self._passes(reply.gate):
                return
            self._chunk(wire.piece(request, reply, text))
        if reply.end is not End.CUT:
            for event in wire.closing(request, reply):
                self._chunk(event)
            self._chunk(b"")

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _passes(self, gate: Gate | None) -> bool:
        """Wait at a gate, if there is one, for as long as the client does."""
        passed = gate is None or gate.passes(self._gone)
        self.close_connection |= not passed
        return passed

    def _gone(self) -> bool:
        """Whether the client has hung up: there is something to read, and it is the end."""
        readable, _, _ = select.select([self.connection], [], [], 0)
        return bool(readable) and not self.connection.recv(1, socket.MSG_PEEK)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    """A thread a connection, each of which ends with the server."""

    daemon_threads = False
    model: Model

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.connections: set[socket.socket] = set()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self.connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End every connection, also those that wait at a gate."""
        for connection in [*self.connections]:
            with suppress(OSError):  # its client may be first
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):  # clients may hang up when they please
            super().handle_error(request, client_address)


@contextmanager
def serve_model() -> Iterator[Model]:
    """A model to script, at ``url``; when nobody needs it any more, faults of the script are raised."""
    with _Server() as server:
        server.model = model = Model(f"http://127.0.0.1:{server.server_port}/v1")
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield model
        finally:
            server.shutdown()
            thread.join()
            server.hang_up()
    model.check()


@contextmanager
def nobody() -> Iterator[str]:
    """The address of a server that is not there: the port is taken, and nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


@contextmanager
def chat(url: str, **settings: Any) -> Iterator["ChatOpenAI"]:
    """langchain-openai's client of a server, without retries unless the settings say so.

    Its connections are its own, and closed. Otherwise they are those of a pool by address, kept until the process ends.
    For use without a loop; `async_chat` is for use in one.
    """
    import openai

    with openai.DefaultHttpxClient(verify=False) as connections:
        yield _client(url, connections, openai.DefaultAsyncHttpxClient(verify=False), settings)


@asynccontextmanager
async def async_chat(url: str, **settings: Any) -> AsyncIterator["ChatOpenAI"]:
    """The same for use in a loop, which must be the one that opened the connections and closes them."""
    import openai

    async with openai.DefaultAsyncHttpxClient(verify=False) as connections:
        yield _client(url, openai.DefaultHttpxClient(verify=False), connections, settings)


def _client(url: str, connections: object, in_loop: object, settings: dict[str, Any]) -> "ChatOpenAI":
    """A client with connections for either use; where none is given, reading the certificates takes its time."""
    from langchain_openai import ChatOpenAI

    defaults = {"model": NAME, "api_key": KEY, "max_retries": 0, "timeout": 5}
    return ChatOpenAI(base_url=url, http_client=connections, http_async_client=in_loop, **defaults | settings)
