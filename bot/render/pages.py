"""Text for Discord laid out in messages: none too long, and nothing torn that belongs together."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

BREAK = "\u200b"
"""Zero width space: nobody sees it, and what it stands in is no longer what it looked like."""

LIMIT = 2000
"""Characters of a message (Discord's documentation of messages, ``content``)."""

_JOINER = "\u200d"
_FLAG_LETTERS = ("\U0001f1e6", "\U0001f1ff")
_SKIN_TONES = ("\U0001f3fb", "\U0001f3ff")
_CLUSTER = 32  # characters that belong together at most: no script needs as many, a prank does
_WORD = 400  # characters of a word that is kept whole: a message has room for it beside a link


class Word(NamedTuple):
    """What no page break divides, in Discord's markdown.

    ``blank`` stands before it unless it opens a page; ``number`` follows it, never in bold.
    """

    text: str
    blank: str = " "
    bold: bool = False
    number: str = ""


Block = Sequence[Word]
"""Words that are kept on one page, where they fit on one."""


def units(text: str) -> int:
    """The length of a text as Discord's client counts it, in UTF-16 units: never less than its server counts."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clusters(text: str) -> Iterator[str]:
    """The characters of a text as they are read: with their accents, joined to one another, behind a backslash."""
    whole = ""
    for c in text:
        if whole and not (len(whole) < _CLUSTER and _belongs(whole, c)):
            yield whole
            whole = ""
        whole += c
    if whole:
        yield whole


def beginning(text: str, limit: int) -> str:
    """As many whole characters of a text as ``limit`` units have room for."""
    kept, left = [], limit
    for cluster in clusters(text):
        left -= units(cluster)
        if left < 0:
            break
        kept.append(cluster)
    return "".join(kept)


def words(text: str, blank: str = " ", *, bold: bool = False, numbers: Sequence[int] = ()) -> list[Word]:
    """A text that has been escaped as the words that it is, the last with the numbers of its citations."""
    found = [piece for word in text.split(" ") if word for piece in _pieces(word)]
    laid = [Word(piece, between, bold) for piece, between in found]
    if not laid:
        return []
    laid[0] = laid[0]._replace(blank=blank)
    if numbers:
        laid[-1] = laid[-1]._replace(number=f" [{numbers[0]}]")
    return [*laid, *(Word(f"[{n}]", "") for n in numbers[1:])]


def pages(blocks: Iterable[Block], limit: int = LIMIT) -> Iterator[str]:
    """The blocks in order, each page at most ``limit`` units long.

    A block that fits on a page is on one; a longer one is divided between its words.
    """
    page: list[Word] = []
    length = 0
    for block in blocks:
        if page and length + _length(block, page[-1]) > limit >= _length(block):
            yield _set(page)
            page, length = [], 0
        for word in block:
            more = _length((word,), page[-1] if page else None)
            if page and length + more > limit:
                yield _set(page)
                page, length, more = [], 0, _length((word,))
            page.append(word)
            length += more
    if page:
        yield _set(page)


def _belongs(whole: str, c: str) -> bool:
    return (
        whole == "\\"
        or (whole.endswith(_JOINER) and c != "\\")
        or unicodedata.category(c) in {"Mn", "Me", "Mc", "Cf"}
        or _SKIN_TONES[0] <= c <= _SKIN_TONES[1]
        or (len(whole) == 1 and all(_FLAG_LETTERS[0] <= letter <= _FLAG_LETTERS[1] for letter in whole + c))
    )


def _pieces(word: str) -> Iterator[tuple[str, str]]:
    """A word and what stands before it; one that is too long in pieces, which begin nothing that a line can begin."""
    blank = " "
    while units(word) > _WORD:
        piece = beginning(word, _WORD)
        yield piece, blank
        word, blank = BREAK + word[len(piece) :], ""
    yield word, blank


def _goes_on(before: Word | None, word: Word) -> bool:
    """Whether a word is bold together with the one before it."""
    return before is not None and before.bold and word.bold and not before.number


def _length(block: Block, before: Word | None = None) -> int:
    """The units that a block takes after a word, or at the top of a page."""
    length = 0
    for word in block:
        length += units((word.blank if before else "") + word.text + word.number)
        length += 4 if word.bold and not _goes_on(before, word) else 0
        before = word
    return length


def _set(page: Sequence[Word]) -> str:
    parts: list[str] = []
    for before, word, after in zip((None, *page), page, (*page[1:], None), strict=False):
        opens = "**" if word.bold and not _goes_on(before, word) else ""
        closes = "**" if word.bold and not (after and _goes_on(word, after)) else ""
        parts.append(f"{word.blank if before else ''}{opens}{word.text}{closes}{word.number}")
    return "".join(parts)
