"""A web page to the article in it: trafilatura finds the text, the page's own markup says the rest."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ingest.article import normalise
from ingest.errors import SourceError
from ingest.metadata import Draft
from ingest.page import page_facts
from ingest.plain import take_header

# Below this trafilatura's balanced mode takes whatever the page holds, menus included.
RESCUED_BELOW = 250


def read_html(page: str, name: str, source: str) -> Draft:
    """The article in a page.

    Args:
        page: the characters of the page.
        name: what to call the source in an error.
        source: where it came from; relative addresses are resolved against it if it is a URL.

    Raises:
        SourceError: the page has no main text.
    """
    from trafilatura import load_html

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = load_html(page)
    body = _main_text(page)
    text = normalise("\n\n".join(_paragraphs(body))) if body is not None else ""
    if tree is None or not any(c.isalnum() for c in text):
        raise SourceError(f"{name}: no article text found in this page")
    return take_header(replace(page_facts(tree, source), text=text))


def _main_text(page: str) -> Any | None:
    """The element that holds the article: precise reading says whether there is one, the fuller is kept."""
    precise = _extracted(page, precise=True)
    if precise is None or len(_flat(precise)) < RESCUED_BELOW:
        return precise
    return _extracted(page, precise=False)


def _extracted(page: str, *, precise: bool) -> Any | None:
    from trafilatura import bare_extraction

    document = bare_extraction(page, include_comments=False, include_tables=True, favor_precision=precise)
    body = getattr(document, "body", None)
    return body if body is not None and _flat(body) else None


def _flat(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _paragraphs(body: Any) -> Iterator[str]:
    """The blocks of the text, each one a paragraph; list items and table rows are lines of one."""
    for block in body.iterchildren("*"):
        if block.tag == "list":
            yield "\n".join(f"- {_line(item)}" for item in block.iterchildren("*") if _line(item))
        elif block.tag == "table":
            yield "\n".join(_row(row) for row in block.iter("row"))
        elif block.tag in ("quote", "div") and len(block) and not (block.text or "").strip():
            yield from _paragraphs(block)
        else:
            yield _text(block)
        if (block.tail or "").strip():
            yield " ".join(block.tail.split())


def _text(block: Any) -> str:
    """The text of one block; its line breaks stay, two of them end a paragraph."""
    return "".join(_pieces(block)).strip()


def _pieces(block: Any) -> Iterator[str]:
    keeps_lines = block.tag in ("quote", "code")
    if block.text:
        yield block.text if keeps_lines else _spaced(block.text)
    for child in block.iterchildren("*"):
        if child.tag == "lb":
            yield "\n"
        else:
            if child.tag in ("p", "list", "item", "head"):
                yield "\n\n"
            yield from _pieces(child)
        if child.tail:
            yield child.tail if keeps_lines else _spaced(child.tail)


def _spaced(text: str) -> str:
    """The text with the line ends of its source file, which mean nothing in HTML, as spaces."""
    return " ".join(text.split("\n")) if "\n" in text else text


def _line(element: Any) -> str:
    return " ".join(_text(element).split())


def _row(row: Any) -> str:
    return " | ".join(_line(cell) for cell in row.iterchildren("*"))
