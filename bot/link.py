"""Links that open at the quote: the address of the page with a text fragment, which browsers scroll to and mark.

What a browser does with one is fixed by https://wicg.github.io/scroll-to-text-fragment/: it looks for the first text
that matches, whatever its case, in whole words, and no term of a fragment reaches over the end of a paragraph.
"""

import re
from collections.abc import Iterator
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


def deep_link(url: str, text: str, span: Span) -> str | None:
    """The link that opens a page at a quote.

    Args:
        url: the page; a fragment that it has is kept.
        text: the article's text.
        span: the quote in it.

    Returns:
        A link of at most `LONGEST` characters. It is the page alone where a browser would find other words first, or
        no words that are few enough; None when it is no http(s) page, or its address is too long.
    """
    address = web_address(url)
    page = address.partition(_DIRECTIVE)[0].removesuffix("#") if address else ""
    if not page or len(page) > LONGEST:
        return None
    opening = f"{page}{'' if '#' in page else '#'}{_DIRECTIVE}text="
    elsewhere = None
    for target in _targets(text, span):
        link = opening + target.encoded()
        found = target.find(text) if len(link) <= LONGEST else None
        if found == span:
            return link
        if found and elsewhere is None and found.of(text) == span.of(text):
            elsewhere = link  # the same words, should nothing tell the one place from the other
    return elsewhere or page


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


def _targets(text: str, span: Span) -> Iterator[_Target]:
    """The ways to say where the quote is, the best first."""
    first_end = text.find("\n", span.start, span.end)
    last_start = text.rfind("\n", span.start, span.end) + 1
    one_line = first_end < 0
    head = _words(text, span.start, span.end if one_line else first_end)
    tail = head if one_line else _words(text, last_start, span.end)
    before = _words(text, text.rfind("\n", 0, span.start) + 1, span.start)
    after = _words(text, span.end, line if (line := text.find("\n", span.end)) >= 0 else len(text))
    if not head or not tail:
        return
    contexts = [("", "")]
    for n in _AROUND:
        left, right = _stretch(text, before[-n:]), _stretch(text, after[:n])
        contexts += [(left, ""), ("", right), (left, right)]
    terms = [(text[span.start : span.end], "")] if one_line and len(head) <= _EXACT else []
    for n in _ENDS:
        if n <= len(head) // 2 or not one_line:
            terms.append((_stretch(text, head[:n]), _stretch(text, tail[-n:])))
    for start, end in terms:
        for left, right in contexts:
            yield _Target(start, end, left, right)


def _words(text: str, start: int, end: int) -> list[Span]:
    return [Span(*word.span()) for word in _WORD.finditer(text, start, end)]


def _stretch(text: str, words: list[Span]) -> str:
    return text[words[0].start : words[-1].end] if words else ""


def _encoded(term: str) -> str:
    return quote(" ".join(term.split()), safe="", errors="replace").replace("-", "%2D")


def _pattern(term: str) -> str:
    return _EDGE + r"\s+".join(map(re.escape, term.split())) + _EDGE if term else ""
