"""What is to be shown for a question, as quotes or as a model writes it, and what is said of how it came about."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.answer import Citation, Statement
from bot.calling import ModelError
from bot.lexical import stems, terms
from bot.question import telling_words
from bot.quote import Picked, cite, quote
from bot.retrieve import Evidence
from bot.supported import support
from bot.verify import TextOf
from bot.write import Written, messages, read, within_budget

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MOST = 12
"""Sentences that a model may add to an answer; one that says more is repeating itself."""

ON_TOPIC = 1 / 3
"""The share of a question's words that the quotes under a model's sentence must have where quoting finds no answer."""

INSTEAD = "The articles' own sentences are shown instead."
BESIDE = "The articles' own sentences are added."

Ask = Callable[["Sequence[BaseMessage]"], Iterator[str]]
"""Asks a model; it may raise ModelError at any piece."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Statements and the citations that they rest on, which are still to be proven; ``mode`` is who wrote them.

    ``failed``: it would be another if the model had not failed.
    """

    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    mode: Literal["quote", "llm"] = "quote"
    notes: tuple[str, ...] = ()
    failed: bool = False

    def plus(self, text: str, citations: Sequence[Citation]) -> "Draft":
        """The draft with one statement more; a quote that it has already keeps its number."""
        held = {_place(citation): citation for citation in self.citations}
        for citation in citations:
            held.setdefault(_place(citation), citation.model_copy(update={"n": len(held) + 1}))
        numbers = tuple(dict.fromkeys(held[_place(citation)].n for citation in citations))
        said = Statement(text=text, citations=numbers)
        return replace(self, statements=(*self.statements, said), citations=tuple(held.values()))


def quoted(picked: Picked, evidence: Sequence[Evidence], text_of: TextOf) -> Draft:
    """The sentences that answer, as they stand."""
    if not picked.answered:
        return Draft()
    statements, citations = quote(picked, evidence, text_of)
    return Draft(tuple(statements), tuple(citations))


def written(question: str, picked: Picked, evidence: Sequence[Evidence], text_of: TextOf, ask: Ask) -> Iterator[Draft]:
    """What a model writes from evidence, growing by what the articles support; the last draft has all, and the notes.

    There must be some evidence. Quotes take the model's place where it fails, where nothing of what it wrote is
    supported, or where it finds no answer although one is plain to see.
    """
    ranked = [found for _, found in sorted(zip(picked.scores, evidence, strict=True), key=lambda pair: -pair[0])]
    passages = within_budget(ranked)
    draft, dropped, refused, failure = Draft(mode="llm"), 0, False, None
    try:
        for sentence in read(ask(messages(question, passages))):
            if sentence.refuses:
                refused = True
            elif not any(sentence.text == said.text for said in draft.statements):
                citations = _supporting(sentence, passages, ranked, text_of)
                dropped += not citations
                if citations and not picked.answered and not _on_topic(question, citations):
                    refused = True  # true as it may be, it is no answer
                elif citations:
                    draft = draft.plus(sentence.text, citations)
                    yield draft
            if len(draft.statements) >= MOST:
                break
        if not (draft.statements or dropped or refused):
            failure = ModelError("empty")
    except ModelError as failed:
        failure = failed
    told = _Told(dropped, refused, failure)
    quotes = quoted(picked, evidence, text_of)
    if draft.statements:
        yield _ended(draft, told, picked, evidence, quotes)
    elif quotes.statements and (picked.sure or not told.refused_alone):
        yield replace(quotes, notes=(told.reason, INSTEAD), failed=told.failed)
    elif told.refused_alone:
        yield draft
    else:
        yield Draft(notes=(told.reason,), failed=told.failed)


@dataclass(frozen=True, slots=True)
class _Told:
    """What became of an answer of a model: sentences that were dropped, whether it refused, and how it failed."""

    dropped: int
    refused: bool
    failure: ModelError | None

    @property
    def failed(self) -> bool:
        return self.failure is not None

    @property
    def refused_alone(self) -> bool:
        return self.refused and not self.dropped and not self.failure

    @property
    def reason(self) -> str:
        """Why nothing of it is shown."""
        if self.failure:
            return str(self.failure)
        if self.dropped:
            return _left_out(self.dropped)
        return "The model found no answer in the articles."


def _ended(draft: Draft, told: _Told, picked: Picked, evidence: Sequence[Evidence], quotes: Draft) -> Draft:
    """A draft that will not grow, with its notes, and with the quotes if what is missing may be the very answer."""
    notes: tuple[str, ...] = ()
    if told.failure:
        notes += (f"{told.failure} What it had written until then is shown.",)
    if told.dropped:
        notes += (_left_out(told.dropped),)
    missing = quotes.statements and not _has_best(draft, picked, evidence)
    if notes and missing:
        held = {citation.n: citation for citation in quotes.citations}
        for statement in quotes.statements:
            if all(statement.text != said.text for said in draft.statements):
                draft = draft.plus(statement.text, [held[n] for n in statement.citations])
        notes += (BESIDE,)
    return replace(draft, notes=notes, failed=told.failed)


def _has_best(draft: Draft, picked: Picked, evidence: Sequence[Evidence]) -> bool:
    """Whether a draft rests on the sentence that answers best."""
    number, at = picked.sentences[0]
    article, best = evidence[number].article, evidence[number].sentences[at]
    return any(
        (c.article_id, c.version) == (article.id, article.version) and c.start < best.end and best.start < c.end
        for c in draft.citations
    )


def _supporting(
    sentence: Written, passages: Sequence[Evidence], ranked: Sequence[Evidence], text_of: TextOf
) -> list[Citation]:
    """The quotes that say what a sentence says: of the passages that it cites, or else of the first other that does."""
    if sentence.reaches_out:
        return []
    cited = [passages[n - 1] for n in sentence.cited if 0 < n <= len(passages)]
    found = [citation for passage in cited if (citation := _quote_for(sentence, passage, text_of))]
    if found:
        return found
    others = (_quote_for(sentence, passage, text_of) for passage in ranked if passage not in cited)
    return [citation for citation in [next(filter(None, others), None)] if citation]


def _on_topic(question: str, citations: Sequence[Citation]) -> bool:
    asked = set(stems([word for _, word in telling_words(question)]))
    heard = set(terms(" ".join(f"{citation.title} {citation.quote}" for citation in citations)))
    return len(asked & heard) >= ON_TOPIC * len(asked)


def _quote_for(sentence: Written, passage: Evidence, text_of: TextOf) -> Citation | None:
    text = text_of(passage.article.id, passage.article.version)
    span = support(sentence.text, passage, text_of)
    return None if text is None or span is None else cite(1, passage, span, text)


def _left_out(count: int) -> str:
    if count == 1:
        return "One sentence of the model was left out: the articles do not support it."
    return f"{count} sentences of the model were left out: the articles do not support them."


def _place(citation: Citation) -> tuple[str, str, int, int]:
    return citation.article_id, citation.version, citation.start, citation.end
