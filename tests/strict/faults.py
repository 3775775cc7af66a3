"""What the strict Discord refuses with: one error of a kind, or the faults of a form with their places in it."""

from collections.abc import Iterable, Iterator, Sized
from typing import Any, NamedTuple

Payload = dict[str, Any]


class Fault(NamedTuple):
    """One thing that is wrong with a form: where, Discord's name for it, and the sentence that goes with it."""

    path: tuple[str | int, ...]
    code: str
    message: str


class RefusedError(Exception):
    """An answer that is no success, as Discord words it."""

    def __init__(self, status: int, code: int, message: str, errors: Payload | None = None) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code, self.message, self.errors = status, code, message, errors

    @property
    def body(self) -> Payload:
        return {"code": self.code, "message": self.message} | ({"errors": self.errors} if self.errors else {})


def check(faults: Iterable[Fault]) -> None:
    """Refuse a form that has faults: 400, code 50035, each fault at its place."""
    if found := list(faults):
        raise RefusedError(400, 50035, "Invalid Form Body", nested(found))


def nested(faults: Iterable[Fault]) -> Payload:
    """Faults in the shape that Discord gives them: an object along the path, the list of faults at its end."""
    errors: Payload = {}
    for path, code, message in faults:
        at = errors
        for step in path:
            at = at.setdefault(str(step), {})
        at.setdefault("_errors", []).append({"code": code, "message": message})
    return errors


def size(value: Sized | None, least: int, most: int, *path: str | int) -> Iterator[Fault]:
    """A text or a list that is to have ``least`` to ``most`` characters or members; none counts as empty.

    A character is a code point: Discord's API is written in Python, so an emoji outside the basic plane is one.
    """
    long = len(value or ())
    if least and value is None:
        yield Fault(path, "BASE_TYPE_REQUIRED", "This field is required")
    elif not least <= long <= most:
        said = f"Must be between {least} and {most} in length." if least else f"Must be {most} or fewer in length."
        yield Fault(path, "BASE_TYPE_BAD_LENGTH" if least else "BASE_TYPE_MAX_LENGTH", said)


def choice(value: object, allowed: Iterable[object], *path: str | int) -> Iterator[Fault]:
    """A value that is to be one of those allowed."""
    options = list(allowed)
    if value not in options:
        yield Fault(path, "BASE_TYPE_CHOICES", f"Value must be one of {options}.")


def address(url: object, *path: str | int, schemes: tuple[str, ...] = ("http", "https")) -> Iterator[Fault]:
    """An address that may be linked to."""
    if not isinstance(url, str) or url.partition("://")[0].lower() not in schemes:
        yield Fault(path, "URL_TYPE_INVALID_SCHEME", f"Scheme must be one of {schemes}.")
