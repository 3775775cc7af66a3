"""What an article is: small frozen types, the normal form of its text, and the names it goes by."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
_PARAGRAPH_BREAK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_AROUND = re.compile(r"\A[\s\ufeff]+|[\s\ufeff]+\Z")

STDIN = "-"
"""The source of what was read from standard input."""

DEFAULT_DESK = "default"
"""The desk of whoever names none: the command line's own."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character offsets ``[start, end)`` into the normalised text of one version."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def of(self, text: str) -> str:
        """The exact characters that the span covers."""
        return text[self.start : self.end]

    def covers(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Article:
    """One piece of news as it stood when it was read. What its source did not say is None.

    ``text`` is normalised (`normalise`); ``source`` is where the bytes came from (an absolute path, a
    URL, or ``-`` for stdin) and ``url`` the http(s) page that a reader can open, if there is one.
    """

    text: str
    title: str
    source: str
    byline: str | None = None
    published: date | None = None
    language: str | None = None
    url: str | None = None

    @property
    def version(self) -> str:
        """The name of this text: ``sha256:`` and the digest of the normalised text in UTF-8."""
        return "sha256:" + hashlib.sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences that is embedded and searched as one.

    ``sentences`` lie inside ``span`` in order; all offsets are into the article's normalised text.
    """

    span: Span
    sentences: tuple[Span, ...]


def normalise(text: str) -> str:
    r"""The form of a text that every offset refers to.

    Unicode NFC, ``\n`` as the only line end, exactly one blank line between paragraphs, and no blank
    space or byte order mark around the whole. Nothing else is changed or lost.
    """
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", text)).replace("\u2029", "\n\n")
    return _AROUND.sub("", _PARAGRAPH_BREAK.sub("\n\n", text))


def article_id(desk: str, article: Article) -> str:
    """The lasting name of an article: the same source on the same desk is the same article, whatever its text.

    Standard input is no place that could be read again, so what comes from there is known by its text.
    """
    source = article.version if article.source == STDIN else article.source
    return hashlib.sha256(f"{desk}\n{source}".encode()).hexdigest()[:16]
