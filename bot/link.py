"""Links that open at the quote: the address of the page with a text fragment, which browsers scroll to and mark.

What a browser does with one is fixed by https://wicg.github.io/scroll-to-text-fragment/: it looks for the first text
that matches, whatever its case, in whole words, and no term of a fragment reaches over the end of a paragraph.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from ingest.article import Span

LONGEST = 500
"""Characters of a link. Discord takes 512 behind a button, and 2,000 in a whole message."""

_EXACT = 8  # words of a quote that is looked for as it stands: in more, something else may stand on the page
_ENDS = (5, 3, 2, 1)  # words of its beginning and of its end that a longer one is looked for by
_AROUND = (3, 8)  # words before or after it that tell it from the same words elsewhere
_DIRECTIVE = ":~:"
# Where words are not spaced, a clause is what a browser surely takes for whole words.
_WORD = re.compile(r"[^\s、。，！？；：]+[、。，！？；：]*[”’」』）]*|\S")
_EDGE = r"(?:(?<!\w)|(?!\w))"
_ITEM = re.compile(r"^- ", re.MULTILINE)
# Between paragraphs, items of a list, cells of a table, as `ingest.html` writes them.
_BREAK = re.compile(r"\n(?:- )?| \| ")
_SITE = re.compile(r"[\w.-]+(?::\d+)?")
_KEPT = "!$&+,/:;=?@%#~"  # besides letters, digits and ``_.-``: no bracket, quote, star or backslash


def web_address(url: str) -> str | None:
    """A http(s) address with all that could end a link early percent-encoded; None for anything else.

    One with a user name is none: it looks like a page of another site.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not _SITE.fullmatch(parts.netloc):
        return None
    return quote(parts.geturl(), safe=_KEPT, errors="replace")


def outlet(url: str) -> str | None:
    """Whose page it is: the host without ``www.``, or None for no address of a page."""
    address = web_address(url)
    return unquote(urlsplit(address).hostname or "").removeprefix("www.") or None if address else None


def deep_link(url: str, text: str, span: Span, title: str = "") -> str | None:
    """The link that opens a page at a quote.

    Args:
        url: the page; a fragment that it has is kept.
        text: the article's text.
        span: the quote in it.
        title: what stands above the text on the page, if it is known: a quote may read the same.

    Returns:
        A link of at most `LONGEST` characters. It is the page alone where a browser would find other words first, or
        no words that are few enough; None when it is no http(s) page, or its address is too long.
    """
    address = web_address(url)
    page = address.partition(_DIRECTIVE)[0].removesuffix("#") if address else ""
    if not page or len(page) > LONGEST:
        return None
    opening = f"{page}{'' if '#' in page else '#'}{_DIRECTIVE}text="
    text, span = _on_the_page(text, span, title)
    elsewhere = ""  # the same words, should nothing tell the one place from the other
    for target, sure in _targets(text, span):
        link = opening + target.encoded() + (f"&text={elsewhere}" if elsewhere and not sure else "")
        found = target.find(text) if len(link) <= LONGEST else None
        if found == span:
            return link
        if found and not elsewhere and found.of(text) == span.of(text):
            elsewhere = target.encoded()
    return opening + elsewhere if elsewhere else page


def _on_the_page(text: str, span: Span, title: str) -> tuple[str, Span]:
    """The text with the title above it, and the quote without the mark of a list's item, which no browser finds."""
    above = f"{title}\n\n" if title else ""
    start = span.start
    if item := _ITEM.match(text, start, span.end):
        start = item.end()
    return above + text, Span(len(above) + start, len(above) + span.end)


class _Target(NamedTuple):
    """What a browser is told to look for: a text, or all from one text to the next that is ``end``."""

    start: str
    end: str
    before: str
    after: str

    def encoded(self) -> str:
        """As it stands in a fragment."""
        start, end, before, after = (_encoded(term) for term in self)
        return ",".join(filter(None, (before and f"{before}-", start, end, after and f"-{after}")))

    def find(self, text: str) -> Span | None:
        """What a browser would find first, were the page this text."""
        start, end, before, after = (_pattern(term) for term in self)
        whole = rf"{before}\s*({start}{f'.*?{end}' if end else ''})\s*{after}"
        found = re.search(whole, text, re.IGNORECASE | re.DOTALL)
        return Span(*found.span(1)) if found else None


def _targets(text: str, span: Span) -> Iterator[tuple[_Target, bool]]:
    """The ways to say where the quote is, the best first, and whether each is sure to be so on the page.

    It is not where a neighbouring paragraph has to tell the place: something that is no part of the article, such as
    a picture's caption, may stand between them.
    """
    blocks = _blocks(text)
    own = [n for n, block in enumerate(blocks) if block.start < span.end and span.start < block.end]
    if not own:
        return
    first, last, one = blocks[own[0]], blocks[own[-1]], len(own) == 1
    head = _words(text, max(first.start, span.start), min(first.end, span.end))
    tail = head if one else _words(text, last.start, min(last.end, span.end))
    if not head or not tail:
        return
    terms = [(text[span.start : span.end], "")] if one and len(head) <= _EXACT else []
    for n in _ENDS:
        if n <= len(head) // 2 or not one:
            terms.append((_stretch(text, head[:n]), _stretch(text, tail[-n:])))
    before, after = _words(text, first.start, span.start), _words(text, span.end, last.end)
    contexts = [("", ""), *_contexts(text, before, after)]
    yield from ((_Target(*term, *around), True) for term in terms for around in contexts)
    above, below = blocks[: own[0]][-1:], blocks[own[-1] + 1 :][:1]
    before = before or [word for block in above for word in _words(text, block.start, block.end)]
    after = after or [word for block in below for word in _words(text, block.start, block.end)]
    contexts = [*_contexts(text, before, after)]
    yield from ((_Target(*term, *around), False) for term in terms for around in contexts)


def _blocks(text: str) -> list[Span]:
    """The parts of a text that a browser takes for one each: no term reaches over the end of one."""
    breaks = [(0, 0), *(each.span() for each in _BREAK.finditer(text)), (len(text), len(text))]
    return [Span(end, start) for (_, end), (start, _) in pairwise(breaks) if end < start]


def _contexts(text: str, before: list[Span], after: list[Span]) -> Iterator[tuple[str, str]]:
    """What may be said to stand before and after: the words on one side, on the other, on both; few, then more."""
    for n in _AROUND:
        left, right = _stretch(text, before[-n:]), _stretch(text, after[:n])
        yield from ((left, ""), ("", right), (left, right))


def _words(text: str, start: int, end: int) -> list[Span]:
    return [Span(*word.span()) for word in _WORD.finditer(text, start, end)]


def _stretch(text: str, words: list[Span]) -> str:
    return text[words[0].start : words[-1].end] if words else ""


def _encoded(term: str) -> str:
    return quote(" ".join(term.split()), safe="", errors="replace").replace("-", "%2D")


def _pattern(term: str) -> str:
    return _EDGE + r"\s+".join(map(re.escape, term.split())) + _EDGE if term else ""
