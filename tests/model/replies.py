"""What a scripted model may answer with: words, in the pieces in which they arrive, and whatever else a server does."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from threading import Condition, Event


class Gate:
    """Holds back what the server sends until the test lets it go."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._leave = 0.0
        self.left = Event()
        """Set when the reader hung up while something was held back."""

    def let(self, pieces: float = math.inf) -> None:
        """Let so many more pieces pass, or all that are to come."""
        with self._changed:
            self._leave += pieces
            self._changed.notify_all()

    def passes(self, gone: Callable[[], bool]) -> bool:
        """Wait until one piece may pass; no when the reader has ``gone`` before."""
        with self._changed:
            while self._leave < 1:
                self._changed.wait(0.02)
                if gone():
                    self.left.set()
                    return False
            self._leave -= 1
            return True


class End(Enum):
    """How a reply comes to its end."""

    WHOLE = auto()
    CUT = auto()
    """The connection is lost."""
    EARLY = auto()
    """The response ends as it should, what it says does not: no finish reason, no ``[DONE]``; half of the JSON."""
    ERROR = auto()
    """An error in the middle of a stream, which began with 200; an error 500 where nothing is streamed."""


@dataclass(frozen=True)
class Spoken:
    """Words. ``refuses``: in the field ``refusal``, with no content.

    ``gate`` holds back every piece of a stream, and the whole of what is not streamed.
    """

    pieces: tuple[str, ...]
    finish: str = "stop"
    refuses: bool = False
    gate: Gate | None = None
    end: End = End.WHOLE

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True)
class Sent:
    """A response as it stands. With no ``body``, the error that goes with the status, as OpenAI words it."""

    status: int
    body: bytes | None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Silence:
    """Not a byte; the connection is closed when the gate lets it, at once if there is none."""

    gate: Gate | None = None


Reply = Spoken | Sent | Silence


def good(*sentences: tuple[str | int, ...]) -> str:
    """An answer as it should be written, from sentences with the numbers of what they cite: ``("Ann came.", 1, 2)``."""
    return " ".join(f"{text} {''.join(f'[{n}]' for n in numbers)}" for text, *numbers in sentences)


def words(text: str, *, finish: str = "stop", gate: Gate | None = None) -> Spoken:
    """A text, a word a piece, each with the space before it. ``finish`` may be ``length`` or ``content_filter``."""
    return Spoken(_words(text), finish, gate=gate)


def pieces(*parts: str) -> Spoken:
    """A text in exactly these pieces: ``"20", ",000 men. [", "1]"``."""
    return Spoken(parts)


def refusal(text: str) -> Spoken:
    """What the model's makers let it say in place of an answer: no content, and the field ``refusal``."""
    return Spoken(_words(text), refuses=True)


def cut(text: str, *, after: int) -> Spoken:
    """A reply whose connection is lost after so many words."""
    return Spoken(_words(text)[:after], end=End.CUT)


def early(text: str, *, after: int) -> Spoken:
    """A reply that ends after so many words as if a server between had thought it complete."""
    return Spoken(_words(text)[:after], end=End.EARLY)


def broken(text: str, *, after: int) -> Spoken:
    """A reply in which the server fails after so many words."""
    return Spoken(_words(text)[:after], end=End.ERROR)


def long(characters: int, sentence: str = "Cuba signed a pact. [1]") -> Spoken:
    """The same sentence again and again, up to exactly so many characters, ten sentences a piece."""
    stretch = f"{sentence} " * 10
    return Spoken(tuple(stretch[: characters - start] for start in range(0, characters, len(stretch))))


def failure(status: int, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Sent:
    """An error, as OpenAI words it or with a body of its own."""
    return Sent(status, body, headers or {})


def raw(body: bytes, content_type: str = "application/json") -> Sent:
    """A success that holds this, whatever was asked for."""
    return Sent(200, body, {"Content-Type": content_type})


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\s*\S+|\s+\Z", text))
