"""One Runnable from a question to an answer that has been verified. Every front end invokes this one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

from langchain_core.runnables import Runnable, RunnableLambda

from bot.answer import Answer, Citation, Retrieved, Statement, Timings, answer_text
from bot.converse import Turn, standalone
from bot.lexical import LexicalIndexes
from bot.quote import NOTHING, Picked, cite, pick, quote
from bot.retrieve import EVIDENCE, Evidence, Retriever
from bot.settings import QUOTE, Settings
from bot.verify import TextOf, proven, verify
from ingest.article import DEFAULT_DESK
from ingest.connect import open_store
from ingest.embed import Embedder, load_embedder
from ingest.errors import SettingsError
from ingest.store import Store, check_desk


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question on its way, with what each stage has found out."""

    question: str
    standalone: str
    desks: tuple[str, ...]
    text_of: TextOf
    started: float
    evidence: tuple[Evidence, ...] = ()
    picked: Picked = NOTHING
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    marks: Mapping[str, float] = field(default_factory=dict)

    def mark(self, stage: str, since: float) -> Mapping[str, float]:
        return {**self.marks, stage: round((perf_counter() - since) * 1000, 2)}


def build_chain(
    settings: Settings | None = None, *, store: Store | None = None, indexes: LexicalIndexes | None = None
) -> Runnable[dict[str, Any], Answer]:
    """The chain that answers questions.

    It takes ``{"question": str}``, and besides ``"desks"`` (names; the command line's own by default), ``"desk"``
    (one name) and ``"history"`` (earlier turns, oldest first, as ``{"question", "answer"}``).

    Args:
        settings: those of the environment, unless given.
        store: an open store; without one, the chain opens that of the settings and holds it.
        indexes: those of the store, to be shared with others that search it.

    Raises:
        CitedeskError: with a line that says what to do, here or when invoked.
    """
    settings = settings or Settings.read()
    if settings.model != QUOTE:
        raise SettingsError(
            f"CITEDESK_MODEL={settings.model}: this version answers with quotes alone. Set it to {QUOTE}."
        )
    store = store or open_store(settings)
    indexes = indexes or LexicalIndexes(store, settings.home / "lexical")
    stages = _Stages(settings, store, embedder_of(settings), indexes)
    return (
        RunnableLambda(stages.understand)
        | RunnableLambda(stages.retrieve)
        | RunnableLambda(stages.answer)
        | RunnableLambda(stages.verify)
    ).with_config(run_name="citedesk")


def embedder_of(settings: Settings) -> Embedder:
    """The embedder of the settings, the same one for everyone in this process."""
    return _embedder(settings.embeddings, settings.home)


@lru_cache(maxsize=1)
def _embedder(name: str, home: Path) -> Embedder:
    return load_embedder(name, home)


class _Stages:
    """The stages of the chain, over one store."""

    def __init__(self, settings: Settings, store: Store, embedder: Embedder, indexes: LexicalIndexes) -> None:
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._indexes = indexes

    def understand(self, given: Mapping[str, Any]) -> _Asking:
        started = perf_counter()
        question = " ".join(str(given["question"]).split())
        desks = given.get("desks") or ([given["desk"]] if given.get("desk") else [DEFAULT_DESK])
        history = [Turn(turn["question"], turn["answer"]) for turn in given.get("history") or ()]
        return _Asking(
            question=question,
            standalone=standalone(question, history),
            desks=tuple(dict.fromkeys(check_desk(desk) for desk in desks)),
            text_of=lru_cache(maxsize=None)(self._store.text),  # each text is read once a question
            started=started,
        )

    def retrieve(self, asking: _Asking) -> _Asking:
        since = perf_counter()
        retriever = Retriever(store=self._store, embedder=self._embedder, indexes=self._indexes, desks=asking.desks)
        evidence = tuple(document.metadata[EVIDENCE] for document in retriever.invoke(asking.standalone))
        notes = () if evidence else (_no_articles(asking.desks),)
        return replace(asking, evidence=evidence, notes=notes, marks=asking.mark("retrieve", since))

    def answer(self, asking: _Asking) -> _Asking:
        since = perf_counter()
        picked = pick(asking.standalone, asking.evidence, self._embedder)
        statements: Sequence[Statement] = ()
        citations: Sequence[Citation] = ()
        if picked.answered:
            statements, citations = quote(picked, asking.evidence, asking.text_of)
        return replace(
            asking,
            picked=picked,
            statements=tuple(statements),
            citations=tuple(citations),
            marks=asking.mark("answer", since),
        )

    def verify(self, asking: _Asking) -> Answer:
        statements, citations = verify(asking.statements, asking.citations, asking.text_of)
        ranked = sorted(zip(asking.evidence, asking.picked.scores, strict=True), key=lambda found: -found[1])
        return Answer(
            question=asking.question,
            standalone_question=asking.standalone,
            desks=asking.desks,
            answered=bool(statements),
            text=answer_text(statements),
            statements=statements,
            citations=citations or _nearest([evidence for evidence, _ in ranked], asking.text_of),
            retrieved=tuple(_retrieved(evidence, score) for evidence, score in ranked),
            mode="quote",
            model=self._settings.model,
            notes=asking.notes,
            timings_ms=Timings(**asking.mark("total", asking.started)),
        )


def _nearest(ranked: Sequence[Evidence], text_of: TextOf) -> tuple[Citation, ...]:
    """The passage nearest to a question that is refused."""
    if not ranked or (text := text_of(ranked[0].article.id, ranked[0].article.version)) is None:
        return ()
    nearest = cite(1, ranked[0], ranked[0].span, text)
    return (nearest,) if proven(nearest, text_of) else ()


def _retrieved(evidence: Evidence, score: float) -> Retrieved:
    return Retrieved(
        article_id=evidence.article.id,
        version=evidence.article.version,
        start=evidence.span.start,
        end=evidence.span.end,
        score=round(score, 4),
    )


def _no_articles(desks: Sequence[str]) -> str:
    where = f"desk {desks[0]!r}" if len(desks) == 1 else "these desks"
    option = "" if desks[0] == DEFAULT_DESK else f" --desk {desks[0]}"
    return f"There is no article on {where} yet. Add one: citedesk ingest{option} FILE, FOLDER or URL."
