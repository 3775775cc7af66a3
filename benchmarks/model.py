"""What a real language model does to the answers: told to cite and believed, checked by Citedesk, and no model at all.

``python -m benchmarks DATA model --base-url URL`` puts the questions on the single article, and some of XQuAD's, to all
four over the same passages, and prints a table of each. ``--shown FILE`` lists every sentence that was shown, with
what is cited for it, to be judged by hand: no script can say whether a sentence is supported.
"""

import json
import re
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from benchmarks.data import Question, mentions, xquad
from benchmarks.replies import Reply, believed, checked
from benchmarks.right import Bench, bench, converse, found
from benchmarks.stand import lacking
from bot.answer import Answer
from bot.calling import Caller, ModelError
from bot.chain import build_chain
from bot.model import ANY_KEY
from ingest.article import Span, normalise
from ingest.pipeline import ingest

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

ASKED = 100
"""Questions of XQuAD, unless told otherwise."""

SEED = 4
"""Of the choice among XQuAD's questions, which is the same for all."""

PATIENCE = 3600.0
"""Seconds that a model has for an answer: how fast it is, is not measured."""

MOST = 1024
"""Tokens of an answer; a model that writes more is repeating itself."""

TOLD = """\
Answer the question from the numbered passages. Cite your sources: after each sentence, write the number of the passage
that it is taken from, like this: [1]
If the passages do not answer the question, write: The articles do not say."""
"""What a model is told that is believed."""


@dataclass(frozen=True, slots=True)
class Patient(Caller):
    """A caller that gives a model all the time it wants, and keeps what it was asked and what it said.

    A failure of the model ends the benchmark.
    """

    heard: "list[tuple[Sequence[BaseMessage], str]]" = field(default_factory=list)

    def ask(self, messages: "Sequence[BaseMessage]", limit: float) -> Iterator[str]:
        try:
            said = "".join(Caller.ask(self, messages, PATIENCE))
        except ModelError as failed:  # which the chain would make good with quotes
            raise ConnectionError(str(failed)) from failed
        self.heard.append((messages, said))
        yield said


@dataclass(frozen=True, slots=True)
class Case:
    """Questions asked in turn on one desk, the last of which counts; ``answers`` are the words that answer it."""

    turns: Sequence[str]
    desk: str
    question: Question
    answers: Sequence[str]


Ask = Callable[[dict[str, Any]], Answer]

PLAIN, SAME, CHECKED, QUOTES = "plain prompt, believed", "Citedesk's prompt, believed", "Citedesk", "quotes alone"


def main(folder: Path, arguments: Sequence[str]) -> None:
    """Print a table for the single article, then one for XQuAD."""
    parser = ArgumentParser(prog="python -m benchmarks DATA model")
    parser.add_argument("--base-url", required=True, help="the address of an OpenAI-compatible server")
    parser.add_argument("--model", default="local", help="the model's name there")
    parser.add_argument("--questions", type=int, default=ASKED, help="of XQuAD, at most")
    parser.add_argument("--shown", type=Path, help="a file for every sentence, shown or dropped")
    given = parser.parse_args(arguments)
    listed: list[str] = []
    with bench() as on:
        caller = _patient(given.model, given.base_url)
        settings = on.settings.model_copy(update={"model": f"openai:{given.model}"})
        ask = build_chain(settings, store=on.store, caller=caller).invoke
        for name, cases in (("Article", on_article(folder, on)), ("XQuAD", on_xquad(folder, on, given.questions))):
            titles = {article.id: article.title for article in on.store.articles()}
            made = replies(cases, on.ask, ask, caller)
            print("\n".join(table(name, cases, made, titles)), flush=True)
            listed += [f"# {name}", *(line for n, case in enumerate(cases) for line in listing(case, made, n))]
            if given.shown:
                given.shown.write_text("\n\n".join(listed) + "\n")


def _patient(name: str, base_url: str) -> Patient:
    from langchain.chat_models import init_chat_model

    options: dict[str, Any] = {"base_url": base_url, "api_key": ANY_KEY, "temperature": 0, "max_tokens": MOST}
    model = init_chat_model(name, model_provider="openai", timeout=PATIENCE, max_retries=0, **options)
    return Patient(model, PATIENCE)


# -- what is asked


def on_article(folder: Path, on: Bench) -> list[Case]:
    """The questions on the single article; those without answers are not answered by it."""
    articles = next(at for at in (folder / "articles", folder.parent / "articles") if at.is_dir())
    list(ingest([str(path) for path in articles.glob("*.txt")], "article", on.store, on.embedder))
    (article,) = on.store.articles("article")
    text = on.store.text(article.id, article.version) or ""
    cases = []
    for line in (articles / "questions.jsonl").read_text().splitlines():
        given = json.loads(line)
        turns, answers = given.get("turns") or [given["question"]], given.get("answers", [])
        gold = [Span(*match.span()) for answer in answers for match in re.finditer(re.escape(answer), text)]
        cases.append(Case(turns, "article", Question(turns[-1], article.title, Span(0, len(text)), (*gold,)), answers))
    return cases


def on_xquad(folder: Path, on: Bench, count: int) -> list[Case]:
    """So many questions of XQuAD, all its articles on one desk."""
    articles, questions = xquad(folder)
    texts = {article.title: normalise(article.text) for article in articles}
    on.shelve([replace(article, text=texts[article.title]) for article in articles], "xquad")
    chosen = Random(SEED).sample(questions, ASKED)[:count]
    return [Case([q.text], "xquad", q, [*{gold.of(texts[q.title]) for gold in q.gold}]) for q in chosen]


# -- what becomes of it


def replies(cases: Sequence[Case], quote: Ask, ask: Ask, caller: Patient) -> dict[str, list[Reply]]:
    """What each of the four makes of the cases, by its name."""
    from langchain_core.messages import SystemMessage

    asked = []
    for n, case in enumerate(cases, 1):
        answer = converse(partial(_on_desk, ask, case.desk), case.turns)
        asked.append((answer, *caller.heard[-1]))
        print(f"asked {n} of {len(cases)}", file=sys.stderr)
    made: dict[str, list[Reply]] = {PLAIN: [], SAME: [], CHECKED: [], QUOTES: []}
    for n, (case, (answer, (_, prompt), said)) in enumerate(zip(cases, asked, strict=True), 1):
        plainly = "".join(caller.ask([SystemMessage(TOLD), prompt], PATIENCE))
        print(f"asked plainly {n} of {len(cases)}", file=sys.stderr)
        made[PLAIN].append(believed(plainly, prompt.text, answer.retrieved))
        made[SAME].append(believed(said, prompt.text, answer.retrieved))
        made[CHECKED].append(checked(said, answer))
        made[QUOTES].append(checked("", converse(partial(_on_desk, quote, case.desk), case.turns)))
    return made


def _on_desk(ask: Ask, desk: str, asked: Mapping[str, Any]) -> Answer:
    return ask({**asked, "desk": desk})


def table(
    name: str, cases: Sequence[Case], made: Mapping[str, Sequence[Reply]], titles: dict[str, str]
) -> Iterator[str]:
    """The figures of each of the four, as a table in Markdown."""
    columns = [figures(cases, of, titles) for of in made.values()]
    yield f"| {name} | {' | '.join(made)} |"
    yield "|---" * (len(columns) + 1) + "|"
    for row in columns[0]:
        if any(column[row] for column in columns):
            yield f"| {row} | {' | '.join(column[row] for column in columns)} |"


def figures(cases: Sequence[Case], made: Sequence[Reply], titles: dict[str, str]) -> dict[str, str]:
    """The figures of one of the four, each as so many of all."""
    asked = list(zip(cases, made, strict=True))
    answerable = [pair for pair in asked if pair[0].answers]
    unanswerable = [reply for case, reply in asked if not case.answers]
    shown = [sentence for reply in made for sentence in reply.shown]
    written = sum(reply.written for reply in made)
    return {
        "answer hit": _of([found(case.question, reply.ranges, titles) for case, reply in answerable]),
        "says the answer": _of([any(mentions(reply.text, a) for a in case.answers) for case, reply in answerable]),
        "answerable wrongly refused": _of([not reply.shown for _, reply in answerable]),
        "unanswerable refused": _of([not reply.shown for reply in unanswerable]),
        "sentences of the model": str(written or ""),
        "dropped": _share(sum(len(reply.dropped) for reply in made), written),
        "re-attributed": _share(sum(sentence.of == "moved" for sentence in shown), written),
        "sentences shown": str(len(shown)),
        "shown without a citation": str(sum(not sentence.cited for sentence in shown)),
        "cited words lack its number, name or quotation": str(
            sum(bool(sentence.cited and lacking(sentence.text, " ".join(sentence.cited))) for sentence in shown)
        ),
    }


def _of(hits: Sequence[bool]) -> str:
    return f"{sum(hits)} of {len(hits)}" if hits else ""


def _share(part: int, whole: int) -> str:
    return f"{part} ({part / whole:.2f})" if whole else ""


def listing(case: Case, made: Mapping[str, Sequence[Reply]], n: int) -> Iterator[str]:
    """What became of one case, for somebody who judges it by hand."""
    yield f"## {' / '.join(case.turns)}\n\nanswer: {' | '.join(case.answers) or 'none'}"
    for system in (PLAIN, CHECKED):
        reply = made[system][n]
        yield f"### {system}"
        for sentence in reply.shown:
            lacks = "; ".join(lacking(sentence.text, " ".join(sentence.cited))) if sentence.cited else "any citation"
            yield f"- {sentence.text} ({sentence.of}{f', lacking {lacks}' if lacks else ''})"
            yield from (f"  > {' '.join(words.split())}" for words in sentence.cited)
        yield from (f"- dropped: {sentence.text} {list(sentence.cited)}" for sentence in reply.dropped)
        if not reply.shown:
            yield "refused"
