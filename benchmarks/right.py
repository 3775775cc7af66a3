"""Whether the answers are right: XQuAD, RealTime QA and the questions on single articles, through the real chain."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.data import Question, mentions, realtimeqa, weeks, xquad
from bot.answer import Answer, Citation, Retrieved
from bot.chain import build_chain
from bot.settings import Settings
from ingest.article import Article, Span, normalise
from ingest.connect import open_store
from ingest.embed import Embedder, load_embedder
from ingest.pipeline import ingest, shelve
from ingest.sentences import sentences
from ingest.store import Store

PARTS = 6
"""Desks among which the articles to be left out are divided, to ask for what a whole article would say."""


@dataclass(frozen=True)
class Bench:
    """A store of its own and the chain over it."""

    settings: Settings
    store: Store
    embedder: Embedder
    ask: Callable[[dict[str, Any]], Answer]

    def shelve(self, articles: Sequence[Article], desk: str) -> None:
        shelve(articles, desk, self.store, self.embedder)


@contextmanager
def bench() -> Iterator[Bench]:
    """An empty store in a folder that goes away."""
    with TemporaryDirectory() as home:
        settings = Settings(home=Path(home), model="quote", chroma_url="")
        with open_store(settings) as store:
            embedder = load_embedder(settings.embeddings, settings.home)
            yield Bench(settings, store, embedder, build_chain(settings, store=store).invoke)


def xquad_figures(folder: Path) -> dict[str, float]:
    """Evidence, answers and refusals on XQuAD; a question whose paragraph or article is left out has no answer."""
    articles, questions = xquad(folder)
    articles = [replace(article, text=normalise(article.text)) for article in articles]
    paragraphs = {a.title: sorted({q.paragraph for q in questions if q.title == a.title}) for a in articles}
    with bench() as on:
        on.shelve(articles, "all")
        for n in range(max(map(len, paragraphs.values()))):
            on.shelve([without(a, paragraphs[a.title][n : n + 1]) for a in articles], f"hard-{n}")
        for part in range(PARTS):
            on.shelve([a for n, a in enumerate(articles) if n % PARTS != part], f"easy-{part}")
        part_of = {article.title: n % PARTS for n, article in enumerate(articles)}
        asked = [(q, on.ask({"question": q.text, "desk": "all"})) for q in questions]
        hard = [
            on.ask({"question": q.text, "desk": f"hard-{paragraphs[q.title].index(q.paragraph)}"}) for q in questions
        ]
        easy = [on.ask({"question": q.text, "desk": f"easy-{part_of[q.title]}"}) for q in questions]
        titles = {a.id: a.title for a in on.store.articles("all")}
    answered = [answer for _, answer in asked if answer.answered]
    return {
        "evidence@1": mean(found(q, a.retrieved[:1], titles) for q, a in asked),
        "evidence@4": mean(found(q, a.retrieved[:4], titles) for q, a in asked),
        "answer hit": mean(a.answered and found(q, a.citations, titles) for q, a in asked),
        "answer hit of the first quote": mean(a.answered and found(q, a.citations[:1], titles) for q, a in asked),
        "sentences quoted": mean(sum(len(sentences(c.quote)) for c in a.citations) for a in answered),
        "answerable wrongly refused": mean(not a.answered for _, a in asked),
        "hard unanswerable refused": mean(not a.answered for a in hard),
        "easy unanswerable refused": mean(not a.answered for a in easy),
    }


def without(article: Article, paragraphs: Sequence[Span]) -> Article:
    """An article with paragraphs cut out."""
    text = article.text
    for span in sorted(paragraphs, reverse=True):
        text = text[: span.start] + text[span.end :]
    return replace(article, text=normalise(text))


def found(question: Question, ranges: Sequence[Citation | Retrieved], titles: dict[str, str]) -> bool:
    """Whether one of the ranges holds a gold answer, in the right article, by offsets."""
    return any(
        titles[r.article_id] == question.title and any(Span(r.start, r.end).covers(gold) for gold in question.gold)
        for r in ranges
    )


def realtimeqa_figures(folder: Path) -> dict[str, float]:
    """Evidence on news pages, over all weeks, asked where some page of the week holds the answer."""
    figures = dict.fromkeys(("asked", "evidence@1", "evidence@4", "evidence@10", "quoted"), 0.0)
    for week in weeks(folder):
        articles, quizzes = realtimeqa(folder, week)
        with bench() as on:
            on.shelve([replace(a, text=normalise(a.text)) for a in articles], "default")
            texts = {(a.id, a.version): on.store.text(a.id, a.version) or "" for a in on.store.articles("default")}
            for quiz in quizzes:
                if not any(mentions(f"{a.title}\n\n{a.text}", quiz.gold) for a in articles):
                    continue
                answer = on.ask({"question": quiz.text})
                passages = [texts[r.article_id, r.version][r.start : r.end] for r in answer.retrieved]
                figures["asked"] += 1
                for k in (1, 4, 10):
                    figures[f"evidence@{k}"] += any(mentions(passage, quiz.gold) for passage in passages[:k])
                figures["quoted"] += answer.answered and any(mentions(c.quote, quiz.gold) for c in answer.citations)
    return figures


def article_figures(article: Path, questions: Path) -> dict[str, float]:
    """Questions on one article: answered right, wrongly refused, wrongly answered. Wrong ones are listed."""
    figures = dict.fromkeys(("answerable", "right", "wrongly refused", "unanswerable", "wrongly answered"), 0.0)
    with bench() as on:
        list(ingest([str(article)], "default", on.store, on.embedder))
        for line in questions.read_text().splitlines():
            case = json.loads(line)
            answer = converse(on.ask, case.get("turns") or [case["question"]])
            if case.get("answerable", True):
                held = answer.answered and any(a in c.quote for a in case["answers"] for c in answer.citations)
                figures["answerable"] += 1
                figures["right"] += held
                figures["wrongly refused"] += not answer.answered
                wrong = not held
            else:
                figures["unanswerable"] += 1
                figures["wrongly answered"] += answer.answered
                wrong = answer.answered
            if wrong:
                print(f"  wrong: {answer.question} ({answer.standalone_question}) -> {answer.text[:300]}")
    return figures


def converse(ask: Callable[[dict[str, Any]], Answer], turns: Sequence[str]) -> Answer:
    """The answer to the last of some questions, each asked with those before it as history."""
    history: list[dict[str, str]] = []
    for turn in turns:
        answer = ask({"question": turn, "history": history})
        history.append({"question": answer.standalone_question, "answer": answer.text})
    return answer
