"""What may be shown: a quote is read back from the stored text, character by character, or it is not shown."""

from collections.abc import Callable, Sequence

from bot.answer import Citation, Statement
from ingest.article import Span

TextOf = Callable[[str, str], str | None]
"""The normalised text of (article id, version) as the store has it."""


def proven(citation: Citation, text_of: TextOf) -> bool:
    """Whether the stored text has the quote exactly where the citation says, inside its passage."""
    text = text_of(citation.article_id, citation.version)
    span, passage = (citation.start, citation.end), citation.passage
    return (
        text is not None
        and 0 <= passage.start <= span[0] < span[1] <= passage.end <= len(text)
        and Span(*span).of(text) == citation.quote
    )


def verify(
    statements: Sequence[Statement], citations: Sequence[Citation], text_of: TextOf
) -> tuple[tuple[Statement, ...], tuple[Citation, ...]]:
    """The statements that rest on proven quotes only, and the citations they use, numbered from 1 as they come.

    A citation that cannot be proven is dropped, and so is each statement that names it or a number that is not
    there: half a foundation is none.
    """
    held = {citation.n: citation for citation in citations if proven(citation, text_of)}
    kept = [s for s in statements if s.citations and all(n in held for n in s.citations)]
    order = list(dict.fromkeys(n for statement in kept for n in statement.citations))
    number = {old: new for new, old in enumerate(order, start=1)}
    return (
        tuple(s.model_copy(update={"citations": tuple(dict.fromkeys(number[n] for n in s.citations))}) for s in kept),
        tuple(held[old].model_copy(update={"n": number[old]}) for old in order),
    )
