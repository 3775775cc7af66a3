"""One call to a language model: its words as they come, tried again where that helps, within a time limit."""

import logging
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Literal, cast

from ingest.errors import CitedeskError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage, BaseMessageChunk

log = logging.getLogger(__name__)

LIMIT = 50.0
"""Seconds that a model has for a question, all tries together: the quote answer then still comes within a minute."""

TRIES = 3
"""How often a server is asked that fails before its first word."""

PAUSE = 1.0
"""Seconds to wait before the second try, twice as many before the third, unless the server says how many."""

Why = Literal[
    "slow", "key", "forbidden", "unknown", "busy", "failing", "lost", "unread", "declined", "rejected", "empty",
]  # fmt: skip

WHY: dict[Why, str] = {
    "slow": "The model took too long.",
    "key": "The model's server does not accept the key.",
    "forbidden": "The model's server does not let this key use the model.",
    "unknown": "The model's server has no such model; check CITEDESK_MODEL and CITEDESK_MODEL_BASE_URL.",
    "busy": "The model's server has had too many requests.",
    "failing": "The model's server failed.",
    "lost": "The connection to the model's server was lost.",
    "unread": "What the model's server sent could not be read.",
    "declined": "The model declined to answer.",
    "rejected": "The model's server rejected the request.",
    "empty": "The model wrote nothing.",
}
_STATUS: dict[int, Why] = {401: "key", 403: "forbidden", 404: "unknown", 408: "slow", 429: "busy"}
_HELPS: frozenset[Why] = frozenset(("busy", "failing", "lost"))
"""What may be over a moment later."""


def failure_of(note: str) -> Why | None:
    """How the model failed, where a note of an answer begins by saying so."""
    return next((why for why, said in WHY.items() if note.startswith(said)), None)


class ModelError(CitedeskError):
    """The model gave no answer, or not the whole of one. What it says never holds what the server said."""

    def __init__(self, why: Why) -> None:
        super().__init__(WHY[why])
        self.why = why


@dataclass(frozen=True, slots=True)
class Caller:
    """A model, the seconds that it has for a question, and the clock that its calls go by."""

    model: "BaseChatModel"
    limit: float = LIMIT
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep

    def ask(self, messages: "Sequence[BaseMessage]", limit: float) -> Iterator[str]:
        """What the model says, in pieces as they come. To stop reading hangs up.

        Args:
            messages: what it is asked.
            limit: seconds for all of it, further tries included.

        Raises:
            ModelError: at any piece.
        """
        if limit <= 0:
            raise ModelError("slow")
        until = self.clock() + limit
        for attempt in range(TRIES):
            begun = False
            try:
                for piece in self._said(messages, until):
                    begun = True
                    yield piece
                return
            except _TryError as refused:
                pause = refused.after if refused.after is not None else PAUSE * 2**attempt
                helps = refused.why in _HELPS and not begun and attempt + 1 < TRIES
                if not helps or self.clock() + pause >= until:
                    log.warning("The model failed: %s.", refused.what)
                    raise ModelError(refused.why) from None
                self.sleep(pause)

    def _said(self, messages: "Sequence[BaseMessage]", until: float) -> Iterator[str]:
        """The text of the chunks of one try, read in a thread of its own: a clock ends it whatever the server does."""
        chunks: SimpleQueue[BaseMessageChunk | Exception | None] = SimpleQueue()
        left = Event()

        def read() -> None:
            try:
                said = cast(
                    "Generator[BaseMessageChunk]", self.model.stream(list(messages))
                )  # it is one, if not in name
                with closing(said) as stream:
                    for chunk in stream:
                        chunks.put(chunk)
                        if left.is_set():
                            return
                chunks.put(None)
            except Exception as error:  # providers fail in their own ways; what it was is told apart where it is read
                chunks.put(error)

        since, tokens = self.clock(), ""
        Thread(target=copy_context().run, args=(read,), name="model", daemon=True).start()
        try:
            while (chunk := self._next(chunks, until)) is not None:
                if isinstance(chunk, Exception):
                    raise _refusal(chunk) from None
                tokens = _tokens(chunk) or tokens
                if text := chunk.text:
                    yield str(text)
        finally:
            left.set()
            log.info("The model was asked for %.1f s%s.", self.clock() - since, tokens)

    def _next(
        self, chunks: "SimpleQueue[BaseMessageChunk | Exception | None]", until: float
    ) -> "BaseMessageChunk | Exception | None":
        try:
            return chunks.get(timeout=max(until - self.clock(), 0))
        except Empty:
            raise _TryError("slow", "no answer in time") from None


class _TryError(Exception):
    """Why a try gave nothing, by what error, and how many seconds the server asks for before the next."""

    def __init__(self, why: Why, what: str, after: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.what = what
        self.after = after


def _refusal(error: Exception) -> _TryError:
    response = getattr(error, "response", None)
    status = getattr(error, "status_code", None) or getattr(response, "status_code", None)
    kinds = " ".join(kind.__name__.lower() for kind in type(error).__mro__)
    why = _by_status(status) if isinstance(status, int) and status >= 400 else _by_kind(kinds)
    what = f"{type(error).__name__}, status {status}"  # and not the error's words, which may hold the key
    return _TryError(why, what, _retry_after(getattr(response, "headers", None)))


def _by_status(status: int) -> Why:
    return _STATUS.get(status, "failing" if status >= 500 else "rejected")


def _by_kind(kinds: str) -> Why:
    """Why, from the names of the classes of an error: all that the libraries have in common."""
    if "timeout" in kinds:
        return "slow"
    if "refusal" in kinds:
        return "declined"
    lost = ("connect", "protocol", "network", "readerror", "writeerror")
    if any(word in kinds for word in lost):
        return "lost"
    return "failing" if "apierror" in kinds and "validation" not in kinds else "unread"


def _retry_after(headers: object) -> float | None:
    """The seconds that a server asks to be left alone, where it says so in seconds."""
    said = headers.get("retry-after", "") if isinstance(headers, Mapping) else ""
    try:
        return max(float(said), 0.0)
    except ValueError:
        return None


def _tokens(chunk: "BaseMessageChunk") -> str:
    used = getattr(chunk, "usage_metadata", None)
    return f": {used['input_tokens']} tokens read, {used['output_tokens']} written" if used else ""
