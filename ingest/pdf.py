"""PDF to paragraphs: lines by where they stand on the page, joined where one sentence runs on."""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ingest.article import normalise
from ingest.errors import SourceError
from ingest.metadata import Draft, clean_line, join_names
from ingest.plain import read_plain, take_header

if TYPE_CHECKING:
    from pypdf import PdfReader

MAX_PAGES = 1_000
MAX_CHARACTERS = 20_000_000

_PAGE_NUMBER = re.compile(r"[–—-]?\s*(?:page\s+)?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?\s*[–—-]?", re.I)
_SENTENCE_STOP = re.compile(r"[.!?…:。！？؟।][\"”’»)\]]*$")
_CUT_WORD = re.compile(r"([^\W\d_]+)[-\u2010\u00ad]$")
_NO_TITLE = re.compile(
    r"microsoft (?:word|powerpoint|excel)\b|untitled|\(?anonymous\)?$|about:blank|https?:|file:|print$|"
    r"layout \d|.*\.(?:docx?|pdf|indd|odt|rtf|tex|qxd|qxp|pages|txt|html?|pub|pptx?|ai)$",
    re.I,
)
_NO_AUTHOR = re.compile(
    r"(?:windows |default )?(?:user|owner|admin|administrator)$|unknown|anonymous|microsoft|adobe", re.I
)
# Endings that are no words: a word cut before one of them was one word.
_ENDING = re.compile(
    r"(?:[bcdfglmnprstvz]?(?:tion|sion|ment|ness|ship|ing|ly|ity|ance|ence|ous|ive|ism|ist)(?:s|ly)?|"
    r"[bcdfglmnprstvz]?(?:ed|ers?|est|ally|ies|ated|ating|ation|ations|tional))\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page: its text and where it stands, in points from the lower left corner."""

    text: str
    x: float
    y: float
    size: float


def read_pdf(data: bytes, name: str) -> Draft:
    """The article in a PDF. Its creation date is when the file was made, not the day of the news.

    Args:
        data: the bytes of the file.
        name: what to call the source in an error.

    Raises:
        SourceError: it is broken, encrypted, too long, or holds no text but pictures of it.
    """
    reader = _open(data, name)
    text = normalise("\n\n".join(paragraphs(_pages(reader, name))))
    if not any(c.isalnum() for c in text):
        raise SourceError(f"{name}: this PDF holds no text, only images; run it through OCR first")
    title, byline = _facts(reader)
    if title is None:
        found = read_plain(text)
        return Draft(found.text, found.title, byline or found.byline, found.published, url=found.url)
    return take_header(Draft(text, title, byline))


def _open(data: bytes, name: str) -> "PdfReader":
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    # What pypdf mutters about a file is told once, as our error, or not at all.
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = 0 if locked else len(reader.pages)
    except DependencyError as error:
        raise SourceError(f"{name}: this PDF is encrypted; save it without protection and try again") from error
    except Exception as error:
        # A broken file makes pypdf raise almost anything: KeyError, RecursionError, zlib.error and more.
        raise SourceError(f"{name}: this PDF is broken and cannot be read") from error
    if locked:
        raise SourceError(f"{name}: this PDF is encrypted; save it without its password and try again")
    if pages > MAX_PAGES:
        raise SourceError(f"{name}: this PDF has {pages} pages, more than {MAX_PAGES}; ingest the article alone")
    return reader


def _pages(reader: "PdfReader", name: str) -> list[list[Line]]:
    pages: list[list[Line]] = []
    left = MAX_CHARACTERS
    for page in reader.pages:
        chunks: list[tuple[str, float, float, float]] = []

        def note(text: Any, cm: Any, tm: Any, _font: Any, size: Any, chunks: Any = chunks) -> None:
            chunks.append((str(text), *_place(cm, tm, size)))

        page.extract_text(visitor_text=note)
        left -= sum(len(chunk[0]) for chunk in chunks)
        if left < 0:
            raise SourceError(f"{name}: this PDF unpacks to too much text; ingest the article alone")
        pages.append(list(_lines(chunks)))
    return _without_furniture(pages)


def _place(cm: Sequence[float], tm: Sequence[float], size: float) -> tuple[float, float, float]:
    """Where a piece of text stands on the page and how large it is, after both of its transformations."""
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    return x, y, abs(size * tm[3] * cm[3])


def _lines(chunks: Iterable[tuple[str, float, float, float]]) -> Iterator[Line]:
    """Pieces of text put together to lines, each where its first visible piece stands."""
    text, place = "", (0.0, 0.0, 0.0)
    for piece, *where in chunks:
        for number, part in enumerate(piece.split("\n")):
            if number:
                if text.strip():
                    yield Line(text, *place)
                text = ""
            if part.strip() and not text.strip():
                place = (where[0], where[1], where[2])
            text += part
    if text.strip():
        yield Line(text, *place)


def _without_furniture(pages: list[list[Line]]) -> list[list[Line]]:
    """The pages without page numbers and without the first and last lines that most pages repeat."""
    edges = Counter(text for page in pages for text in {line.text.strip() for line in (*page[:1], *page[-1:])})

    def furniture(line: Line) -> bool:
        text = line.text.strip()
        return bool(_PAGE_NUMBER.fullmatch(text)) or (edges[text] >= 3 and edges[text] * 2 > len(pages))

    for page in pages:
        while page and furniture(page[-1]):
            page.pop()
        while page and furniture(page[0]):
            page.pop(0)
    return pages


def paragraphs(pages: Iterable[Sequence[Line]]) -> Iterator[str]:
    """The lines of all pages as paragraphs, in reading order."""
    lines = [line for page in pages for line in page]
    if not lines:
        return
    leading = _leading(lines)
    width = sorted(len(line.text.strip()) for line in lines)[len(lines) * 9 // 10]
    words = Counter(re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", " ".join(line.text for line in lines).lower()))
    text = lines[0].text.strip()
    for above, below in pairwise(lines):
        if _breaks(above, below, leading, width):
            yield text
            text = below.text.strip()
        else:
            text = _joined(text, below.text.strip(), words)
    yield text


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance of lines for each point of type, so that a large headline of two lines stays one."""
    ratios = Counter(
        round((a.y - b.y) / b.size, 1)
        for a, b in pairwise(lines)
        if 0.8 * b.size < a.y - b.y < 3 * b.size and b.size == a.size
    )
    return min(ratios, key=lambda ratio: (-ratios[ratio], ratio), default=1.2)


def _breaks(above: Line, below: Line, leading: float, width: int) -> bool:
    """Whether a paragraph ends between two lines: by size, space, indent, or a last line left short."""
    if abs(above.size - below.size) > 0.1 * max(above.size, below.size):
        return True
    ended = bool(_SENTENCE_STOP.search(above.text.strip()))
    gap = above.y - below.y
    if gap < -0.5 * below.size or gap > 12 * below.size:
        # The next column or page: a sentence that is not over goes on there.
        return ended or not below.text.strip()[:1].islower()
    if gap > 1.3 * leading * below.size:
        return True
    if len(below.text) - len(below.text.lstrip()) >= 2 and above.text[:1].strip():
        return True
    indented = below.x - above.x > 0.8 * below.size
    short = len(above.text.strip()) < 0.75 * width
    return ended and (indented or short) and not below.text.strip()[:1].islower()


def _joined(text: str, line: str, words: Counter[str]) -> str:
    """Two lines of one paragraph. A hyphen at the end goes only where the whole is known to be one word."""
    cut = _CUT_WORD.search(text)
    if cut is None or not line[:1].islower():
        return f"{text} {line}"
    tail = re.match(r"[^\W\d_]+", line)
    whole = (cut.group(1) + tail.group()).lower() if tail else ""
    if text.endswith("\u00ad") or words[whole] or _ENDING.match(line):
        return text[:-1] + line
    return text + line


def _facts(reader: "PdfReader") -> tuple[str | None, str | None]:
    """Title and author from the document's information, where a person seems to have written them."""
    try:
        info = reader.metadata
        title, author = (clean_line(str(fact or "")) for fact in ((info.title, info.author) if info else ("", "")))
    except Exception:
        # Facts that cannot be read are facts that are not known; the text is there all the same.
        return None, None
    named = len(author.split()) > 1 and not _NO_AUTHOR.match(author)
    return (
        title if len(title.split()) > 1 and not _NO_TITLE.match(title) else None,
        join_names([author]) if named else None,
    )
