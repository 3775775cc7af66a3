"""What an answer is. The JSON of the command line, the Python API and the front ends are this one shape."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from bot.calendar import Unit

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage
    from langchain_core.messages.content import Annotation

REFUSAL = "The articles do not say."
"""The one sentence of refusal: what is shown, and what a model is told to write."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Range(_Frozen):
    """Half-open character offsets into the normalised text of one version."""

    start: int
    end: int


class Retrieved(Range):
    """A passage that the search put forward, best first; ``score`` runs from 0 to 1."""

    article_id: str
    version: str
    score: float


class Attribution(_Frozen):
    """Whose words a quote gives.

    ``speaker`` is a name or a description as the article has it, a name as it stands in full. It is None where
    somebody says so, or says a part of it, and no one name plainly holds for the whole. ``role`` is what the article
    says of them ("spokesman for the port"); ``cue`` what tells that somebody says it, "said" or "according to", or
    else the mark that opens the quotation.
    """

    speaker: str | None
    role: str | None
    cue: str


class Notice(Range):
    """What an article says of its own correction, word for word: the quote stands there as that of a citation does."""

    quote: str


class Dated(Range):
    """A time that a quote names only as seen from its article's day, such as "on Tuesday", and which it is.

    ``text`` stands at ``start`` to ``end`` of the article's text as the quote does; ``date`` is ISO 8601 as far as
    ``precision`` goes: 2025-10-07, 2025-W41 (a week), 2025-10, 2025.
    """

    text: str
    date: str
    precision: Unit


class Citation(Range):
    """A quote, where exactly it stands, and where that came from.

    ``text[start:end] == quote`` holds in the named version of the article. ``dates`` are in the order of the quote.
    Without an ``attribution`` it is what the article itself says.
    """

    n: int
    article_id: str
    version: str
    title: str
    byline: str | None
    published: date | None
    source: str
    url: str | None
    link: str | None
    quote: str
    passage: Range
    correction: Notice | None = None
    dates: tuple[Dated, ...] = ()
    attribution: Attribution | None = None


class Statement(_Frozen):
    """One sentence of an answer and the numbers of the citations that it rests on."""

    text: str
    citations: tuple[int, ...]


class Timings(_Frozen):
    """Milliseconds spent on each stage."""

    retrieve: float = 0
    answer: float = 0
    total: float = 0


class Answer(_Frozen):
    """What is shown for one question.

    A refusal has ``answered`` false and no statements; its citations are then the nearest passages,
    offered as such. ``answer["text"]`` and ``answer.text`` are the same.
    """

    question: str
    standalone_question: str
    desks: tuple[str, ...]
    answered: bool
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    retrieved: tuple[Retrieved, ...]
    mode: Literal["quote", "llm"]
    model: str
    notes: tuple[str, ...]
    timings_ms: Timings

    def __getitem__(self, key: str) -> Any:
        if key not in type(self).model_fields:
            raise KeyError(key)
        return getattr(self, key)

    def __add__(self, later: "Answer") -> "Answer":
        """What is known of an answer that comes bit by bit: the later one has all of the earlier."""
        return later

    def message(self) -> "AIMessage":
        """The answer as a message of LangChain, each statement annotated with its citations."""
        from langchain_core.messages import AIMessage
        from langchain_core.messages.content import create_text_block

        return AIMessage(content_blocks=[create_text_block(self.text, annotations=[*self._annotations()])])

    def _annotations(self) -> "Iterator[Annotation]":
        """A citation in LangChain's form for each number of each statement; start and end are places in the text."""
        from langchain_core.messages.content import create_citation

        cited, start = {citation.n: citation for citation in self.citations}, 0
        for statement in self.statements:
            start = self.text.index(statement.text, start)
            end = start + len(statement.text)
            for citation in (cited[n] for n in statement.citations):
                yield create_citation(
                    url=citation.link or citation.url,
                    title=citation.title,
                    start_index=start,
                    end_index=end,
                    cited_text=citation.quote,
                )
            start = end


def answer_text(statements: tuple[Statement, ...]) -> str:
    """The running text of an answer: each statement followed by its numbers, ``... [1] ... [2][3]``."""
    if not statements:
        return REFUSAL
    return " ".join(f"{s.text} {''.join(f'[{n}]' for n in s.citations)}" for s in statements)
