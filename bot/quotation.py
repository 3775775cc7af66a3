"""Where a text quotes somebody: what stands between quotation marks, also over several paragraphs."""

import re
from functools import lru_cache
from typing import NamedTuple

_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_OPENING = re.compile(r"[“„«「]|(?<!\w)\"|(?<![\w’'])[‘'](?=\w)")
_CLOSING = {
    "“": re.compile("”"),
    "„": re.compile("[“”]"),
    "«": re.compile("»"),
    "「": re.compile("」"),
    '"': re.compile('"'),
    "‘": re.compile(r"(?<!\s)’(?!\w)"),
    "'": re.compile(r"(?<!\s)'(?!\w)"),
}
_SINGLE = "‘'"
"""Marks that are apostrophes where nothing closes them."""

_SHORT = 1_000
"""Characters after such a mark in which it is closed, or it is an apostrophe."""

MASK = "\0"
"""What stands in `own_words` for each quoted character."""


class Quotation(NamedTuple):
    """What is quoted, with its marks; quotations within it are part of it.

    ``goes_on`` says that it goes on from the one before, which the paragraph before had left open.
    """

    start: int
    end: int
    goes_on: bool


@lru_cache(maxsize=32)
def quotations(text: str) -> tuple[Quotation, ...]:
    """The quotations of a normalised text, in order. One that nothing closes ends with its paragraph."""
    found: list[Quotation] = []
    left_open = ""
    for paragraph in _PARAGRAPH.finditer(text):
        at, end = paragraph.span()
        goes_on = bool(left_open) and text.startswith(left_open, at)
        left_open = ""
        while opening := _OPENING.search(text, at, end):
            mark = opening[0]
            reach = min(end, opening.end() + _SHORT) if mark in _SINGLE else end
            closing = _CLOSING[mark].search(text, opening.end(), reach)
            if closing is None and mark in _SINGLE:
                at = opening.end()
                continue
            at = closing.end() if closing else end
            left_open = "" if closing else mark
            found.append(Quotation(opening.start(), at, goes_on and opening.start() == paragraph.start()))
    return tuple(found)


@lru_cache(maxsize=32)
def own_words(text: str) -> str:
    """The text with `MASK` for each quoted character: the words of whoever reports, where they stand."""
    parts, at = [], 0
    for start, end, _ in quotations(text):
        parts += [text[at:start], MASK * (end - start)]
        at = end
    return "".join((*parts, text[at:]))
