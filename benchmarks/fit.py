"""Find the coefficients in ``bot/ranker.json``: ``python -m benchmarks.fit DATA`` (about three minutes).

XQuAD's questions, and those of ``asked.txt``, are put to two kinds of desk, one with all the articles and one with the
question's own article alone; and again with the gold paragraph left out, where the right answer is a refusal. What is
printed is cross-validated: every figure is on articles that the fit has not seen.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from benchmarks.data import Question, own, xquad
from bot.closeness import closeness
from bot.features import Sentences, describe, names_a_stranger
from bot.lexical import LexicalIndexes
from bot.question import read
from bot.quote import READ
from bot.rank import ANSWERED_NAMES, FEW, FITTED, SENTENCE_NAMES, answered_row, descending, sentence_rows
from bot.retrieve import Evidence, Retriever
from ingest.config import IngestSettings
from ingest.connect import open_store
from ingest.embed import Embedder, load_embedder
from ingest.metadata import title_from
from ingest.pipeline import shelve

FOLDS = 6
WRONGLY_REFUSED = 0.07
"""The share of XQuAD's answerable questions that may be refused: the threshold of refusal follows from it.

At half of it, a third of those in ``asked.txt`` are refused instead of a half, but only three quarters of XQuAD's hard
unanswerable ones are, instead of six sevenths.
"""
OWN = 3.0
"""What a question of ``asked.txt`` weighs against one of XQuAD, which has more, all in the words of its articles."""
SENTENCES = 1.85
"""Sentences to quote on average, before those that are added because a quote leans on them."""

ANSWERABLE, UNANSWERABLE = ("all", "own"), ("all, hard", "own, hard", "all, easy", "all, none", "own, none")
SENTENCE, ANSWERED = 0.1, 0.03
"""How strongly each regression may lean on its features (the inverse of the penalty)."""

EITHER_WAY = ("length", "is_", "plainly_not", "not_offered", "no_", "goes_without", "place", "first", "sought",
              "passage_score", "passage_behind", "rank")  # fmt: skip
"""Parts of the names of features that may speak for an answer or against it."""

Table = NDArray[np.float64]
Found = dict[str, list["Case"]]
Judged = dict[str, list[tuple[Table, Table]]]
"""For each case, which of its few best sentences hold the answer, and their likelihoods."""


@dataclass(frozen=True)
class Case:
    """A question as one desk answers it: what is known of each sentence, and in ``gold`` whether it holds the answer.

    ``stranger`` says that the question names somebody of whom nothing was found.
    """

    fold: int
    weight: float
    sentences: Sentences
    close: Table
    rows: Table
    gold: Table
    stranger: bool


def cases(folder: Path, embedder: Embedder) -> Found:
    """Every question under every condition."""
    found: Found = {name: [] for name in (*ANSWERABLE, *UNANSWERABLE)}
    for weight, (articles, questions) in ((1.0, xquad(folder)), (OWN, own())):
        folds = np.random.default_rng(0).permutation(len(articles)) % FOLDS
        number = {article.title: n for n, article in enumerate(articles)}
        with tempfile.TemporaryDirectory() as home:
            settings = IngestSettings(home=Path(home), chroma_url="")
            with open_store(settings) as store:
                # As from plain text files, where a title is made of the first sentence; and as with a headline.
                shelve([replace(a, title=title_from(a.text)) for a in articles], "all", store, embedder)
                for article in articles:
                    shelve([article], f"own-{number[article.title]}", store, embedder)
                indexes = LexicalIndexes(store, settings.home / "lexical")
                for question in questions:
                    n = number[question.title]
                    for kind, desk in (("all", "all"), ("own", f"own-{n}")):
                        retriever = Retriever(store=store, embedder=embedder, indexes=indexes, desks=(desk,), k=30)
                        for name, kept in _conditions(kind, question, retriever.find(question.text)):
                            found[name].append(_case(question, kept[:READ], embedder, int(folds[n]), weight))
    return found


def _conditions(kind: str, question: Question, evidence: Sequence[Evidence]) -> Iterator[tuple[str, list[Evidence]]]:
    """The evidence with the answer in it, and what is left without its paragraph or its article."""
    if not question.gold:
        yield f"{kind}, none", list(evidence)
        return
    yield kind, list(evidence)
    yield f"{kind}, hard", [e for e in evidence if not _in_paragraph(e, question)]
    if kind == "all":
        yield "all, easy", [e for e in evidence if e.article.source != question.source]


def _in_paragraph(evidence: Evidence, question: Question) -> bool:
    span, paragraph = evidence.span, question.paragraph
    return evidence.article.source == question.source and span.start < paragraph.end and paragraph.start < span.end


def _case(question: Question, evidence: Sequence[Evidence], embedder: Embedder, fold: int, weight: float) -> Case:
    asked = read(question.text)
    sentences, close = describe(asked, evidence), closeness(asked, evidence, embedder)
    gold = [
        evidence[rank].article.source == question.source
        and any(evidence[rank].sentences[at].covers(span) for span in question.gold)
        for rank, at in sentences.places
    ]
    rows = sentence_rows(sentences, close)
    return Case(fold, weight, sentences, close, rows, np.array(gold, np.float64), names_a_stranger(asked, evidence))


@dataclass(frozen=True)
class Model:
    """A logistic regression over features as they are."""

    intercept: float
    weights: Table

    def __call__(self, rows: Table) -> Table:
        """The probability for each row."""
        return np.asarray(expit(rows @ self.weights + self.intercept))


def fit(rows: Table, labels: Table, weights: Table, strength: float, names: Sequence[str]) -> Model:
    """A logistic regression on standardised features; a smaller ``strength`` keeps it simpler.

    A feature that can only speak for an answer has no weight against it: what is said to be nearer, in more of the
    question's words, is never less likely. On few and short articles, unlike those of the fit, that is what holds.
    """
    means, scales = np.average(rows, axis=0, weights=weights), rows.std(axis=0)
    scales[scales == 0] = 1
    standard, signs = (rows - means) / scales, 2 * labels - 1

    def loss(at: Table) -> tuple[float, Table]:
        inner, margins = at[:-1], signs * (standard @ at[:-1] + at[-1])
        slope = -(weights * signs * expit(-margins))
        value = strength * (weights @ np.logaddexp(0, -margins)) + inner @ inner / 2
        return float(value), np.append(strength * (standard.T @ slope) + inner, strength * slope.sum())

    bounds = [*map(_bounds, names), (None, None)]
    found = minimize(loss, np.zeros(len(names) + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    inner = found[:-1] / scales
    return Model(float(found[-1] - means @ inner), inner)


def _bounds(name: str) -> tuple[float | None, float | None]:
    """What the weight of a feature may be."""
    if "title" in name:  # where an article has no headline, its title is its first sentence
        return 0.0, 0.0
    return (None, None) if any(part in name for part in EITHER_WAY) else (0.0, None)


def fit_sentence(cases: Sequence[Case]) -> Model:
    """Fit the regression that looks at sentences."""
    rows, gold = np.vstack([c.rows for c in cases]), np.concatenate([c.gold for c in cases])
    weights = np.repeat([c.weight for c in cases], [len(c.rows) for c in cases])
    return fit(rows, gold, weights, SENTENCE, SENTENCE_NAMES)


def fit_answered(cases: Sequence[Case], rows: Sequence[Table]) -> Model:
    """Fit the regression that says whether there is an answer, on what the other one makes of the cases."""
    gold, weights = np.array([float(c.gold.any()) for c in cases]), np.array([c.weight for c in cases])
    return fit(np.array(rows), gold, weights, ANSWERED, ANSWERED_NAMES)


def crossed(found: Found) -> tuple[dict[str, list[Table]], Judged, dict[str, Table]]:
    """What says of each case whether there is an answer, its few sentences, and the likelihood of an answer.

    Each is by regressions that have not seen the case's article: the one over sentences, too, so that the other one
    learns from what it will meet.
    """
    rows: dict[str, list[Any]] = {name: [None] * len(cases) for name, cases in found.items()}
    judged: Judged = {name: [(np.empty(0), np.empty(0))] * len(cases) for name, cases in found.items()}
    for fold in range(FOLDS):
        model = fit_sentence([c for name in ANSWERABLE for c in found[name] if c.fold != fold])
        for name, n, case in _held_out(found, fold):
            likelihoods = model(case.rows)
            few = descending(likelihoods)[:FEW]
            judged[name][n] = case.gold[few], likelihoods[few]
            rows[name][n] = answered_row(case.sentences, few, likelihoods[few], case.close[few])
    answered = {name: np.empty(len(cases)) for name, cases in found.items()}
    for fold in range(FOLDS):
        seen = [(c, row) for name in found for c, row in zip(found[name], rows[name], strict=True) if c.fold != fold]
        model = fit_answered([c for c, _ in seen], [row for _, row in seen])
        for name, n, case in _held_out(found, fold):
            answered[name][n] = 0 if case.stranger else float(model(rows[name][n]))
    return rows, judged, answered


def _held_out(found: Found, fold: int) -> Iterator[tuple[str, int, Case]]:
    return ((name, n, case) for name, cases in found.items() for n, case in enumerate(cases) if case.fold == fold)


def hits(judged: Sequence[tuple[Table, Table]], within: float) -> tuple[float, float]:
    """The share of questions whose quotes hold the answer, and how many sentences are quoted on average."""
    quoted = [likelihoods >= within * likelihoods.max() for _, likelihoods in judged]
    held = [(gold[keep] > 0).any() for (gold, _), keep in zip(judged, quoted, strict=True)]
    return float(np.mean(held)), float(np.mean([keep.sum() for keep in quoted]))


def main(folder: Path) -> None:
    """Fit, print what to expect on unseen articles, and write the coefficients."""
    found = cases(folder, load_embedder())
    rows, judged, answered = crossed(found)
    of_xquad = {name: np.array([case.weight == 1 for case in cases]) for name, cases in found.items()}
    refuse_below = float(
        np.quantile(np.concatenate([answered[name][of_xquad[name]] for name in ANSWERABLE]), WRONGLY_REFUSED)
    )
    chosen = [of for of, xquads in zip(judged["all"], of_xquad["all"], strict=True) if xquads]
    within = next(float(w) for w in np.linspace(0.02, 0.9, 89) if hits(chosen, w)[1] <= SENTENCES)
    for data, mine in (("XQuAD", True), ("asked.txt", False)):
        for name in ANSWERABLE:
            kept = [of for of, xquads in zip(judged[name], of_xquad[name], strict=True) if xquads == mine]
            (one, _), (share, mean) = hits(kept, 1), hits(kept, within)
            print(f"{data:10}{name:10} first sentence {one:.3f}, answer hit {share:.3f} with {mean:.2f} sentences")
        for name, values in answered.items():
            if (kept_values := values[of_xquad[name] == mine]).size:
                print(f"{data:10}{name:10} refused {np.mean(kept_values < refuse_below):.3f}")
    sentence = fit_sentence([c for name in ANSWERABLE for c in found[name]])
    every = [(c, row) for name in found for c, row in zip(found[name], rows[name], strict=True)]
    whole = fit_answered([c for c, _ in every], [row for _, row in every])
    fitted = {
        "refuse_below": round(refuse_below, 4),
        "quote_within": round(within, 4),
        "sentence": _coefficients(sentence, SENTENCE_NAMES),
        "answered": _coefficients(whole, ANSWERED_NAMES),
    }
    FITTED.write_text(json.dumps(fitted, indent=1) + "\n")


def _coefficients(model: Model, names: Sequence[str]) -> dict[str, float]:
    weights = zip(names, model.weights.tolist(), strict=True)
    return {"intercept": round(model.intercept, 5), **{name: round(weight, 5) for name, weight in weights}}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
