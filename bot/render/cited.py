"""What every front end shows of a citation: where it is from, and its passage with the quotes in it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import PurePath
from typing import NamedTuple

from bot.answer import Attribution, Citation, Dated
from bot.render import safe

MOST_TIMES = 6
"""Times that are shown of one article: with more, nobody finds the one that matters."""


def day(of: date) -> str:
    """A date as it is read: 8 October 2025."""
    return f"{of.day} {of:%B %Y}"


def when(citations: Iterable[Citation]) -> str:
    """The times that quotes name from their article's day, as what they are: "on Tuesday (7 October 2025)"."""
    told = dict.fromkeys(f"{safe(dated.text)} ({_dated(dated)})" for c in citations for dated in c.dates)
    shown = [*told][:MOST_TIMES] + ["…"] * (len(told) > MOST_TIMES)
    return ", ".join(shown)


def _dated(dated: Dated) -> str:
    """A resolved time as it is read: 7 October 2025, the week of 6 October 2025, October 2025, 2025."""
    if dated.precision == "year":
        return dated.date
    if dated.precision == "week":
        return f"the week of {day(date.fromisoformat(f'{dated.date}-1'))}"
    if dated.precision == "month":
        return f"{date.fromisoformat(f'{dated.date}-01'):%B %Y}"
    return day(date.fromisoformat(dated.date))


def place(source: str, url: str | None) -> str:
    """Where an article can be opened: its page, or else the name of its file."""
    if url or "://" in source:
        return safe(url or source)
    return "standard input" if source == "-" else safe(PurePath(source).name)


def numbered(numbers: Iterable[int]) -> str:
    """The numbers of citations as they are shown: ``[1][2]``."""
    return "".join(f"[{n}]" for n in numbers)


def speakers(citations: Sequence[Citation]) -> list[str]:
    """Who says what is quoted from an article, a line each, with numbers where there are more quotes than one.

    What the article itself says has no line.
    """
    found: dict[str, list[int]] = {}
    for citation in citations:
        if citation.attribution:
            found.setdefault(_spoken(citation.attribution), []).append(citation.n)
    return [f"{numbered(of)} {said}" if len(citations) > 1 else said for said, of in found.items()]


def _spoken(by: Attribution) -> str:
    """An attribution as it is read: "Andriy Yusov, spokesman for the service, said"."""
    if by.speaker is None:
        told = by.cue[0].isalpha()
        return safe(f"somebody says so, or part of it: {by.cue}") if told else "a quotation of somebody"
    if by.cue == "according to":
        return safe(f"according to {by.speaker}" + (f", {by.role}" if by.role else ""))
    return safe(f"{by.speaker}, {by.role}, {by.cue}" if by.role else f"{by.speaker} {by.cue}")


def by_article(citations: Iterable[Citation]) -> list[list[Citation]]:
    """The citations of each version of an article together, in the order of their first numbers."""
    groups: dict[tuple[str, str], list[Citation]] = {}
    for citation in citations:
        groups.setdefault((citation.article_id, citation.version), []).append(citation)
    return list(groups.values())


CORRECTED = "This article carries a correction:"
"""What stands before the notice that an article was corrected."""


class Piece(NamedTuple):
    """Some of a passage: a quote with the numbers of its citations, or what stands around one."""

    text: str
    quoted: bool = False
    numbers: tuple[int, ...] = ()


def passages(citations: list[Citation], text: str | None) -> Iterator[list[Piece]]:
    """Each cited passage of an article once, in the order of its text, with the quotes told from what is around them.

    Args:
        citations: those of one version of an article.
        text: that version; without it, all that is known are the quotes.
    """
    if text is None:
        yield from ([Piece(citation.quote, True, (citation.n,))] for citation in citations)
        return
    quotes = _joined(_Stretch(c.start, c.end, (c.n,)) for c in citations)
    around = [_Stretch(min(c.start, c.passage.start), max(c.end, c.passage.end), (c.n,)) for c in citations]
    for passage in _joined(around):
        at, pieces = passage.start, []
        for start, end, numbers in quotes:
            if passage.start <= start < passage.end:
                pieces += [Piece(text[at:start]), Piece(text[start:end], True, numbers)]
                at = end
        yield [*pieces, Piece(text[at : passage.end])]


class _Stretch(NamedTuple):
    """Some of a text, and the citations that it belongs to."""

    start: int
    end: int
    numbers: tuple[int, ...]


def _joined(stretches: Iterable[_Stretch]) -> list[_Stretch]:
    """Those that overlap as one, in the order of the text."""
    joined: list[_Stretch] = []
    for start, end, numbers in sorted(stretches):
        if joined and start < joined[-1].end:
            last = joined.pop()
            joined.append(_Stretch(last.start, max(last.end, end), last.numbers + numbers))
        else:
            joined.append(_Stretch(start, end, numbers))
    return joined
