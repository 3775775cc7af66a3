"""One Runnable from a question to an answer that has been verified. Every front end invokes this one."""

import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from threading import Semaphore
from time import perf_counter
from typing import Any

from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda
from langchain_core.runnables.config import run_in_executor

from bot.answer import Answer, Citation, Retrieved, Timings, answer_text
from bot.cache import Answers
from bot.calling import Caller, ModelError
from bot.converse import Turn, standalone
from bot.draft import Draft, quoted, written
from bot.lexical import LexicalIndexes
from bot.model import load_model
from bot.period import Period, period, within
from bot.quote import Picked, cite, in_time, pick
from bot.retrieve import EVIDENCE, Evidence, Retriever
from bot.rewrite import rewrite
from bot.room import SIDE_BY_SIDE
from bot.settings import QUOTE, Settings
from bot.verify import TextOf, proven, verify
from ingest.article import DEFAULT_DESK
from ingest.connect import open_store
from ingest.embed import Embedder, load_embedder
from ingest.store import Store, check_desk

log = logging.getLogger(__name__)

Key = tuple[str, tuple[str, ...], tuple[Turn, ...], tuple[str, ...], date]


@dataclass(frozen=True, slots=True)
class _Asking:
    """A question on its way, with what each stage has found out.

    ``left`` are the seconds that the model still has, ``key`` what an answer is kept by, ``known`` one that was kept,
    ``period`` the time that the question is about. ``sought`` is the question as it is put to the articles, ``among``
    those that alone are searched, and ``searched`` says which they are.
    """

    question: str
    standalone: str
    desks: tuple[str, ...]
    text_of: TextOf
    started: float
    left: float = 0
    key: Key | None = None
    known: Answer | None = None
    period: Period | None = None
    sought: str = ""
    among: frozenset[str] | None = None
    searched: str | None = None
    evidence: tuple[Evidence, ...] = ()
    marks: Mapping[str, float] = field(default_factory=dict)

    def mark(self, stage: str, since: float) -> Mapping[str, float]:
        return {**self.marks, stage: round((perf_counter() - since) * 1000, 2)}


def build_chain(
    settings: Settings | None = None,
    *,
    store: Store | None = None,
    indexes: LexicalIndexes | None = None,
    caller: Caller | None = None,
    today: Callable[[], date] = date.today,
) -> Runnable[dict[str, Any], Answer]:
    """The chain that answers questions.

    It takes ``{"question": str}``, and besides ``"desks"`` (names; the command line's own by default), ``"desk"``
    (one name), ``"history"`` (earlier turns, oldest first, as ``{"question", "answer"}``) and ``"within"`` (seconds,
    where the model is to have fewer than usual). Its stream is of answers that only grow: each has all of the one
    before, the last is the whole.

    Args:
        settings: those of the environment, unless given.
        store: an open store; without one, the chain opens that of the settings and holds it.
        indexes: those of the store, to be shared with others that search it.
        caller: calls the model; without one, the chain makes the model of the settings ready.
        today: the day from which a question about "this week" is seen.

    Raises:
        CitedeskError: with a line that says what to do, here or when invoked.
    """
    settings = settings or Settings.read()
    if settings.model != QUOTE and caller is None:
        caller = Caller(load_model(settings))
    store = store or open_store(settings)
    indexes = indexes or LexicalIndexes(store, settings.home / "lexical")
    stages = _Stages(settings, store, embedder_of(settings), indexes, caller, today)
    return (
        RunnableLambda(stages.understand)
        | RunnableLambda(stages.retrieve)
        | RunnableGenerator(stages.answer, stages.aanswer)
    ).with_config(run_name="citedesk")


def embedder_of(settings: Settings) -> Embedder:
    """The embedder of the settings, the same one for everyone in this process."""
    return _embedder(settings.embeddings, settings.home)


@lru_cache(maxsize=1)
def _embedder(name: str, home: Path) -> Embedder:
    return load_embedder(name, home)


class _Stages:
    """The stages of the chain, over one store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        embedder: Embedder,
        indexes: LexicalIndexes,
        caller: Caller | None,
        today: Callable[[], date],
    ) -> None:
        self._settings = settings
        self._store = store
        self._embedder = embedder
        self._indexes = indexes
        self._caller = caller
        self._today = today
        self._answers = Answers(settings.cache)
        self._working = Semaphore(SIDE_BY_SIDE)  # while a model is waited for, any number may be under way

    def understand(self, given: Mapping[str, Any]) -> _Asking:
        started = perf_counter()
        question = " ".join(str(given["question"]).split())
        named = given.get("desks") or ([given["desk"]] if given.get("desk") else [DEFAULT_DESK])
        desks = tuple(dict.fromkeys(check_desk(desk) for desk in named))
        history = tuple(Turn(turn["question"], turn["answer"]) for turn in given.get("history") or ())
        asking = _Asking(
            question=question,
            standalone=question,
            desks=desks,
            text_of=lru_cache(maxsize=None)(self._store.text),  # each text is read once a question
            started=started,
        )
        if self._settings.cache:
            key = (question, desks, history, tuple(map(self._store.revision, desks)), self._today())
            asking = replace(asking, key=key, known=self._answers.get(key))
        if asking.known:
            return asking
        if self._caller is None:
            return replace(asking, standalone=standalone(question, history))
        limit = min(self._caller.limit, given.get("within", self._caller.limit))
        alone = _rewritten(question, history, self._caller, limit) or standalone(question, history)
        return replace(asking, standalone=alone, left=limit - (perf_counter() - started))

    def retrieve(self, asking: _Asking) -> _Asking:
        if asking.known:
            return asking
        since = perf_counter()
        asking = self._narrowed(asking)
        retriever = Retriever(
            store=self._store,
            embedder=self._embedder,
            indexes=self._indexes,
            desks=asking.desks,
            period=asking.period,
            among=asking.among,
        )
        with self._working:
            evidence = tuple(document.metadata[EVIDENCE] for document in retriever.invoke(asking.sought))
        return replace(asking, evidence=evidence, marks=asking.mark("retrieve", since))

    def _narrowed(self, asking: _Asking) -> _Asking:
        """The question as it is put to the articles of its time, or as it stands where none has a date."""
        wanted = period(asking.standalone, self._today())
        if wanted is None or not (wanted.narrows or wanted.rest):
            return replace(asking, period=wanted, sought=asking.standalone)
        articles = [article for desk in asking.desks for article in self._store.articles(desk)]
        dated = any(article.published for article in articles)
        among, searched = within(wanted, articles) if wanted.narrows else (None, None)
        sought = wanted.rest if dated and wanted.rest else asking.standalone
        return replace(asking, period=wanted, sought=sought, among=among, searched=searched)

    def answer(self, askings: Iterator[_Asking]) -> Iterator[Answer]:
        for asking in askings:
            yield from self._answered(asking)

    async def aanswer(self, askings: AsyncIterator[_Asking]) -> AsyncIterator[Answer]:
        """The same for an event loop, which never waits for it: each answer is made in a thread."""
        async for asking in askings:
            answers = self._answered(asking)
            while (answer := await run_in_executor(None, next, answers, None)) is not None:
                yield answer

    def _answered(self, asking: _Asking) -> Iterator[Answer]:
        if asking.known:
            yield asking.known.model_copy(update={"timings_ms": Timings(**asking.mark("total", asking.started))})
            return
        since = perf_counter()
        with self._working:
            picked = in_time(pick(asking.sought, asking.evidence, self._embedder), asking.evidence, asking.period)
        for draft in self._drafts(asking, picked):
            answer = self._verified(replace(asking, marks=asking.mark("answer", since)), picked, draft)
            if answer.answered:
                yield answer
        if not answer.answered:
            yield answer
        if asking.key and not draft.failed:
            self._answers.keep(asking.key, answer)

    def _drafts(self, asking: _Asking, picked: Picked) -> Iterator[Draft]:
        if not asking.evidence:
            yield Draft(notes=() if asking.searched else (_no_articles(asking.desks),))
        elif self._caller is None:
            yield quoted(picked, asking.evidence, asking.text_of)
        else:
            ask = partial(self._caller.ask, limit=asking.left)
            yield from written(asking.standalone, picked, asking.evidence, asking.text_of, ask)

    def _verified(self, asking: _Asking, picked: Picked, draft: Draft) -> Answer:
        statements, citations = verify(draft.statements, draft.citations, asking.text_of)
        ranked = sorted(zip(asking.evidence, picked.scores, strict=True), key=lambda found: -found[1])
        return Answer(
            question=asking.question,
            standalone_question=asking.standalone,
            desks=asking.desks,
            answered=bool(statements),
            text=answer_text(statements),
            statements=statements,
            citations=citations or _nearest([evidence for evidence, _ in ranked], asking.text_of),
            retrieved=tuple(_retrieved(evidence, score) for evidence, score in ranked),
            mode=draft.mode,
            model=self._settings.model,
            notes=(*filter(None, [asking.searched]), *draft.notes),
            timings_ms=Timings(**asking.mark("total", asking.started)),
        )


def _rewritten(question: str, history: Sequence[Turn], caller: Caller, limit: float) -> str | None:
    try:
        return rewrite(question, history, lambda messages, time: caller.ask(messages, min(time, limit)))
    except ModelError:
        return None  # the caller has logged it, and what it says is said of the answer


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
