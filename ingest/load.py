"""Where articles come from: a path, a folder, a URL or standard input, read as bytes within bounds."""

import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.errors import SourceError
from ingest.metadata import clean_line, is_web
from ingest.reach import ANYWHERE, Reach

MAX_BYTES = 20_000_000

TEXT, MARKDOWN, HTML, PDF = "text/plain", "text/markdown", "text/html", "application/pdf"
MEDIA = {".txt": TEXT, ".md": MARKDOWN, ".markdown": MARKDOWN, ".html": HTML, ".htm": HTML, ".pdf": PDF}

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)
_HTML_START = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b",
    re.I | re.S,
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """The bytes of one source.

    ``name`` is what is printed: the source as the user gave it or as it was found in a folder. ``source`` is
    what the article is known by: an absolute path, the URL that answered, or ``-``. ``media`` is one of the
    four kinds that can be read, ``charset`` what a server said of the encoding.
    """

    name: str
    source: str
    data: bytes
    media: str
    charset: str | None = None


def discover(sources: Iterable[str], reach: Reach = ANYWHERE) -> Iterator[str]:
    """The single sources in what the user named: folders are walked in sorted order, the rest passes through.

    Hidden files and folders are left out, and a folder that links lead back to is read once. A folder without
    articles, or one that cannot be read, comes out as itself: `load` then says what is wrong with it.
    No folder is looked into when only public pages may be read.
    """
    for source in sources:
        if not reach.public_only and source != "-" and not _SCHEME.match(source) and os.path.isdir(source):
            yield from _walk(source)
        else:
            yield source


def load(source: str, reach: Reach = ANYWHERE) -> Loaded:
    """Read one source, as `discover` gave it.

    Args:
        source: a path, a http(s) URL, or ``-`` for standard input.
        reach: where it may come from.

    Raises:
        SourceError: it may not or cannot be read, is empty or too large, or is not a page; one line that names it.
    """
    name = clean_line(source)
    if is_web(source):
        from ingest.fetch import fetch

        return fetch(source, reach)
    if reach.public_only:
        raise SourceError(f"{name}: not a web address; give one that begins with https:// or http://")
    if not name:
        raise SourceError("the name of a source is empty; give a file, a folder or a URL")
    if source == "-":
        return _load_stdin()
    if scheme := _SCHEME.match(source):
        raise SourceError(f"{name}: cannot read {scheme.group()} addresses; give a http(s) URL, a file or a folder")
    return _load_path(source, name)


def of_bytes(name: str, source: str, data: bytes) -> Loaded:
    """Bytes that were read already, of the kind that their beginning or the name's ending says.

    Raises:
        SourceError: there are none, or too many.
    """
    _check_size(data, name)
    return Loaded(name, source, data, PDF if data.startswith(b"%PDF-") else MEDIA.get(_suffix(source)) or sniff(data))


def sniff(data: bytes) -> str:
    """What bytes of unknown kind are, by how they begin: PDF, HTML, or else text."""
    if b"%PDF-" in data[:1024]:
        return PDF
    return HTML if _HTML_START.match(data[:4096]) else TEXT


def too_large(name: str) -> SourceError:
    """The error for a source that is over the limit."""
    return SourceError(f"{name}: larger than {MAX_BYTES // 1_000_000} MB; split it or ingest the article alone")


def _walk(top: str) -> Iterator[str]:
    """The article files under a folder, each folder's entries in sorted order."""
    seen: set[tuple[int, int]] = set()
    found = False
    pending = [top]
    while pending:
        path = pending.pop()
        try:
            info = os.stat(path)
            if not stat.S_ISDIR(info.st_mode):
                found = True
                yield path
                continue
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
            names = sorted((n for n in os.listdir(path) if not n.startswith(".")), reverse=True)
        except OSError:
            found = True
            yield path
            continue
        pending.extend(child for n in names if _wanted(child := os.path.join(path, n)))
    if not found:
        yield top


def _wanted(path: str) -> bool:
    """A folder, or a file whose suffix says that it is an article; no pipe is opened unasked."""
    return os.path.isdir(path) or (_suffix(path) in MEDIA and (os.path.isfile(path) or not os.path.exists(path)))


def _suffix(path: str) -> str:
    return os.path.splitext(path)[1].lower()


def _load_stdin() -> Loaded:
    try:
        data = sys.stdin.buffer.read(MAX_BYTES + 1)
    except OSError as error:
        raise SourceError(f"-: cannot read standard input: {_reason(error)}") from error
    _check_size(data, "standard input")
    return Loaded("-", "-", data, sniff(data))


def _load_path(source: str, name: str) -> Loaded:
    try:
        source.encode()
        path = Path(source).resolve()
        data = _read_file(path, name)
    except UnicodeEncodeError as error:
        raise SourceError(f"{name}: the file's name is not valid UTF-8; rename it") from error
    except (OSError, ValueError, RuntimeError) as error:
        raise SourceError(f"{name}: {_reason(error)}") from error
    return of_bytes(name, str(path), data)


def _read_file(path: Path, name: str) -> bytes:
    info = path.stat()
    if stat.S_ISDIR(info.st_mode):
        os.listdir(path)
        raise SourceError(f"{name}: no articles in this folder (looked for {', '.join(MEDIA)})")
    if not stat.S_ISREG(info.st_mode) and not stat.S_ISFIFO(info.st_mode):
        raise SourceError(f"{name}: not a file")
    if info.st_size > MAX_BYTES:
        raise too_large(name)
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _check_size(data: bytes, name: str) -> None:
    if len(data) > MAX_BYTES:
        raise too_large(name)
    if not data:
        raise SourceError(f"{name}: empty")


def _reason(error: Exception) -> str:
    """What the system said, in the words that a person would use."""
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "cannot be read: permission denied"
    return (error.strerror if isinstance(error, OSError) else None) or "cannot be read"
