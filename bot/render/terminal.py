"""An answer for a terminal: the statements, then each source once with its passage, the quote standing out.

Piped, it is plain text, a paragraph a line. Nothing in an article or a question is ever read as markup or as
an escape sequence.
"""

import io
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple, TextIO

from bot.answer import Answer, Citation
from bot.render import safe
from bot.render.cited import CORRECTED, Piece, by_article, day, numbered, passages, place, speakers, when
from bot.verify import TextOf

if TYPE_CHECKING:
    from bot.check import Checked

Style = Literal["plain", "quote", "around", "number"]
STYLES: dict[Style, str] = {"plain": "", "quote": "bold", "around": "dim", "number": "cyan"}
INDENT = 4


@dataclass(frozen=True, slots=True)
class Look:
    """How it is shown: wrapped to ``width`` or not at all, with the terminal's styles or with ``**`` for a quote."""

    width: int | None = None
    styled: bool = False


PLAIN = Look()


def look_of(stream: TextIO) -> Look:
    """What suits a stream: a terminal is wrapped and styled, unless ``NO_COLOR`` is set or it cannot."""
    if not stream.isatty():
        return PLAIN
    bare = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return Look(shutil.get_terminal_size().columns, styled=not bare)


def render(answer: Answer, text_of: TextOf, look: Look = PLAIN) -> str:
    """An answer as the lines to print. ``text_of`` gives the text that its citations point into."""
    return _laid(_answered(answer, text_of) if answer.answered else _refused(answer, text_of), look)


def render_checked(checked: "Checked", text_of: TextOf, look: Look = PLAIN) -> str:
    """A sentence that was checked as the lines to print: the verdict, why, and the passages that it stands on."""
    return _laid(_checked(checked, text_of), look)


def opening(answer: Answer, look: Look = PLAIN) -> str:
    """How the rendering of an answer begins, however it grows: its statements, or nothing as long as it has none."""
    if not answer.answered:
        return ""
    return _laid([Line(tuple(_statements(answer)))], look)


def heading(title: str, byline: str | None, published: date | None) -> str:
    """An article in a line: its title, who wrote it and when."""
    about = ([safe(byline)] if byline else []) + ([day(published)] if published else [])
    return f"{safe(title)} – {', '.join(about)}" if about else safe(title)


# -- what is shown, in lines of runs


class Run(NamedTuple):
    """Some text in one style."""

    text: str
    style: Style = "plain"


class Line(NamedTuple):
    """A paragraph. One that is not wrapped can be copied whole, such as an address."""

    runs: tuple[Run, ...] = ()
    indent: int = 0
    wrap: bool = True


def _answered(answer: Answer, text_of: TextOf) -> Iterator[Line]:
    yield Line(tuple(_statements(answer)))
    for citations in by_article(answer.citations):
        yield Line()
        numbers = Run(numbered(c.n for c in citations) + " ", "number")
        yield Line((numbers, Run(_heading(citations[0]))))
        yield from _beneath(citations, text_of, marked=True)


def _refused(answer: Answer, text_of: TextOf) -> Iterator[Line]:
    yield Line((Run(safe(answer.text)),))
    if answer.citations:
        yield Line()
    yield from _nearest(answer.citations, text_of)


def _checked(checked: "Checked", text_of: TextOf) -> Iterator[Line]:
    yield Line((Run(f"{checked.verdict}: ", "number"), Run(safe(checked.sentence))))
    if checked.reason:
        yield Line((Run(safe(checked.reason)),))
    if checked.verdict == "not found":
        yield from _nearest(checked.citations, text_of)
        return
    for citations in by_article(checked.citations):
        yield Line((Run(_heading(citations[0])),))
        yield from _beneath(citations, text_of, marked=True)


def _nearest(cited: Sequence[Citation], text_of: TextOf) -> Iterator[Line]:
    """What is offered where nothing is found, in which nothing stands out."""
    if cited:
        yield Line((Run("Nearest passage:" if len(cited) == 1 else "Nearest passages:"),))
    for citations in by_article(cited):
        yield Line((Run(_heading(citations[0])),))
        yield from _beneath(citations, text_of, marked=False)


def _statements(answer: Answer) -> Iterator[Run]:
    for at, statement in enumerate(answer.statements):
        yield Run(f"{' ' if at else ''}{safe(statement.text)} ")
        yield Run(numbered(statement.citations), "number")


def _heading(citation: Citation) -> str:
    return heading(citation.title, citation.byline, citation.published)


def _beneath(citations: list[Citation], text_of: TextOf, *, marked: bool) -> Iterator[Line]:
    """Under a heading: where the article is, each of its cited passages once, and the times that the quotes name."""
    first = citations[0]
    yield Line((Run(place(first.source, first.url)),), INDENT, wrap=False)
    if first.correction:
        yield Line((Run(f"{CORRECTED} {safe(first.correction.quote)}"),), INDENT)
    for said in speakers(citations) if marked else ():
        yield Line((Run(said),), INDENT)
    for pieces in passages(citations, text_of(first.article_id, first.version)):
        yield Line(tuple(_passage(pieces, marked=marked, numbers=marked and len(citations) > 1)), INDENT)
    if marked and (told := when(citations)):
        yield Line((Run(f"When: {told}"),), INDENT)


def _passage(pieces: list[Piece], *, marked: bool, numbers: bool) -> Iterator[Run]:
    for piece in pieces:
        yield Run(safe(piece.text), "quote" if piece.quoted and marked else "around")
        if piece.quoted and numbers:
            yield Run(" " + numbered(piece.numbers), "number")


# -- how it is shown


def _laid(lines: Iterable[Line], look: Look) -> str:
    if look.width is None:
        return "\n".join(" " * line.indent + "".join(map(_marked, line.runs)).rstrip() for line in lines)
    return _wrapped(lines, look.width, look.styled)


def _marked(run: Run) -> str:
    text = run.text.replace("**", "* *")  # an article cannot mark its own words as quoted
    return f"**{text}**" if run.style == "quote" else text


def _wrapped(lines: Iterable[Line], width: int, styled: bool) -> str:
    from rich.console import Console
    from rich.text import Text

    out = io.StringIO()
    console = Console(
        file=out,
        width=width,
        force_terminal=styled,
        color_system="standard" if styled else None,
        highlight=False,
        legacy_windows=False,
    )
    for line in lines:
        # A Text is made of pieces, never parsed: what looks like markup in it stays what it is.
        text = Text.assemble(*((run.text, STYLES[run.style]) if styled else _marked(run) for run in line.runs))
        for part in text.wrap(console, max(width - line.indent, 1)) if line.wrap and text else [text]:
            part.rstrip()
            console.print(Text(" " * line.indent if part else "").append_text(part), soft_wrap=True)
    return out.getvalue().removesuffix("\n")
