"""Reading the benchmark data from a folder that is given: XQuAD and RealTime QA, as questions over articles."""

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.article import Article, Span


@dataclass(frozen=True, slots=True)
class Question:
    """A question and where its answer stands: the article's title, and the spans of the gold answers there.

    ``paragraph`` is the span of the paragraph that the question was written for.
    """

    text: str
    title: str
    paragraph: Span
    gold: tuple[Span, ...]

    @property
    def source(self) -> str:
        """The source of the question's article."""
        return f"questions:{self.title}"


def xquad(folder: Path) -> tuple[list[Article], list[Question]]:
    """The articles of XQuAD, their paragraphs joined by a blank line, and the questions on them."""
    articles, questions = [], []
    for entry in json.loads((folder / "xquad.en.json").read_text())["data"]:
        title = entry["title"].replace("_", " ")
        text = ""
        for paragraph in entry["paragraphs"]:
            # The same length as in the data, so that its offsets hold.
            context = unicodedata.normalize("NFC", paragraph["context"])
            assert len(context) == len(paragraph["context"])
            text += ("\n\n" if text else "") + context
            base = len(text) - len(context)
            for qa in paragraph["qas"]:
                starts = [(base + a["answer_start"], len(a["text"])) for a in qa["answers"]]
                gold = tuple(Span(start, start + length) for start, length in starts)
                questions.append(Question(qa["question"], title, Span(base, len(text)), gold))
        articles.append(Article(text=text, title=title, source=f"questions:{title}", language="en"))
    return articles, questions


OWN = Path(__file__).with_name("asked.txt")
"""News made up for this project, and questions on it in other words than its own; some it does not answer."""


def own(path: Path = OWN) -> tuple[list[Article], list[Question]]:
    """The articles of ``asked.txt`` and the questions on them; one without an answer has no gold."""
    articles, questions = [], []
    for block in re.split(r"^# ", path.read_text(encoding="utf-8"), flags=re.M)[1:]:
        told, *asked = re.split(r"^\? ", block, flags=re.M)
        title, text = told.strip().split("\n", 1)
        articles.append(Article(text=text, title=title, source=f"questions:{title}", language="en"))
        for question, _, answers in (line.strip().partition(" = ") for line in asked):
            golds = answers.split(" | ") if answers else []
            gold = tuple(Span(found.start(), found.end()) for g in golds for found in re.finditer(re.escape(g), text))
            questions.append(Question(question, title, _paragraph(text, gold), gold))
    return articles, questions


def _paragraph(text: str, gold: tuple[Span, ...]) -> Span:
    """The paragraph in which an answer stands."""
    if not gold:
        return Span(0, 0)
    start, end = text.rfind("\n\n", 0, gold[0].start), text.find("\n\n", gold[0].end)
    return Span(start + 2 if start >= 0 else 0, end if end >= 0 else len(text))


@dataclass(frozen=True, slots=True)
class Quiz:
    """A news question of one week and the choice that is right."""

    text: str
    gold: str


def realtimeqa(folder: Path, week: str) -> tuple[list[Article], list[Quiz]]:
    """The pages found for one week of RealTime QA, and the questions that one of them answers."""
    articles: dict[str, Article] = {}
    for line in (folder / "realtimeqa" / f"{week}_gcs.jsonl").read_text().splitlines():
        for page in json.loads(line)["search_result"]:
            if page["text"]:
                articles[page["url"]] = Article(
                    text=page["text"],
                    title=page["title"] or "",
                    source=page["url"],
                    url=page["url"],
                    published=_day(page["publish_date"]),
                )
    quizzes = []
    for line in (folder / "realtimeqa" / f"{week}_qa.jsonl").read_text().splitlines():
        item = json.loads(line)
        quizzes.append(Quiz(item["question_sentence"], item["choices"][int(item["answer"][0])]))
    return list(articles.values()), quizzes


def weeks(folder: Path) -> list[str]:
    """The weeks of RealTime QA that the folder has."""
    return sorted(path.name.removesuffix("_qa.jsonl") for path in (folder / "realtimeqa").glob("*_qa.jsonl"))


def mentions(text: str, answer: str) -> bool:
    """Whether a text holds an answer once case, accents, punctuation and articles are set aside."""
    return f" {_squash(answer)} " in f" {_squash(text)} "


def _squash(text: str) -> str:
    text = re.sub(r"[^a-z0-9 ]", " ", unicodedata.normalize("NFKD", text).lower())
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())


def _day(stamp: str | None) -> date | None:
    found = re.match(r"(\d{4})[/-](\d\d)[/-](\d\d)", stamp or "")
    return date(*map(int, found.groups())) if found else None
