"""Find the coefficients in ``bot/ranker.json``: ``python -m benchmarks.fit DATA`` (about ten minutes).

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
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.data import Question, own, xquad
from bot.closeness import closeness
from bot.features import Sentences, describe, names_a_stranger
from bot.lexical import LexicalIndexes
from bot.question import Asked, read
from bot.quote import READ
from bot.rank import ANSWERED_NAMES, FEW, FIRST_NAMES, FITTED, SECOND_NAMES, answered_row, descending, second_rows
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
FIRST, SECOND, THIRD = 0.3, 0.1, 0.01
"""How strongly each regression may lean on its features (the inverse of the penalty)."""

Table = NDArray[np.float64]
Found = dict[str, list["Case"]]
Judged = dict[str, list[tuple[Table, Table]]]


@dataclass(frozen=True)
class Case:
    """A question as one desk answers it. ``gold`` marks the sentences that hold the answer."""

    fold: int
    weight: float
    asked: Asked
    evidence: Sequence[Evidence]
    sentences: Sentences
    gold: Table


@dataclass(frozen=True)
class Looked:
    """What a first look makes of a case: the few best sentences, what the second regression sees, their closeness."""

    few: list[int]
    rows: Table
    close: Table


class Remembering(Embedder):
    """An embedder that reads no text twice: the same sentences come up under every condition."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dimension, self.max_tokens = embedder.name, embedder.dimension, embedder.max_tokens
        self._known: dict[Any, Any] = {}

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def embed_query(self, text: str) -> list[float]:
        if text not in self._known:
            self._known[text] = self._embedder.embed_query(text)
        vector: list[float] = self._known[text]
        return vector

    def embed_with_sentences(self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]) -> Any:
        keys = [(text, tuple(map(tuple, its))) for text, its in zip(texts, spans, strict=True)]
        new = [n for n, key in enumerate(keys) if key not in self._known]
        rows, parts = self._embedder.embed_with_sentences([texts[n] for n in new], [spans[n] for n in new])
        self._known.update(zip((keys[n] for n in new), zip(rows, parts, strict=True), strict=True))
        known = [self._known[key] for key in keys]
        return np.array([row for row, _ in known]), [part for _, part in known]


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
                            found[name].append(_case(question, kept[:READ], int(folds[n]), weight))
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


def _case(question: Question, evidence: Sequence[Evidence], fold: int, weight: float) -> Case:
    asked = read(question.text)
    sentences = describe(asked, evidence)
    gold = [
        evidence[rank].article.source == question.source
        and any(evidence[rank].sentences[at].covers(span) for span in question.gold)
        for rank, at in sentences.places
    ]
    return Case(fold, weight, asked, evidence, sentences, np.array(gold, np.float64))


def look(case: Case, first: Any, embedder: Embedder) -> Looked:
    """Look at a case with the first regression, and at its few best sentences word by word."""
    likelihoods = first.predict_proba(case.sentences.rows)[:, 1]
    few = descending(likelihoods)[:FEW]
    close = closeness(case.asked, case.evidence, [case.sentences.places[n] for n in few], embedder)
    return Looked(few, second_rows(case.sentences, likelihoods, few, close), close)


def fit(rows: Sequence[Table], labels: Sequence[Any], weights: Sequence[float], strength: float) -> Any:
    """A logistic regression on standardised features; a smaller ``strength`` keeps it simpler.

    ``labels`` and ``weights`` have one for each table of rows; a label is one for all of its rows or one for each.
    """
    sizes = [len(np.atleast_2d(table)) for table in rows]
    model = make_pipeline(StandardScaler(), LogisticRegression(C=strength, max_iter=5000))
    heavy = {"logisticregression__sample_weight": np.repeat(weights, sizes)}
    return model.fit(np.vstack(rows), np.concatenate([np.atleast_1d(label) for label in labels]), **heavy)


def fit_first(train: Sequence[Case]) -> Any:
    """Fit the first regression."""
    return fit([c.sentences.rows for c in train], [c.gold for c in train], [c.weight for c in train], FIRST)


@dataclass(frozen=True)
class Fitted:
    """The three regressions, fitted one on what the one before it makes of the cases."""

    first: Any
    second: Any
    answered: Any


def fit_all(train: Found, looked: dict[str, list[Looked]], first: Any) -> Fitted:
    """Fit the second and third regression on cases that the first has looked at."""
    pairs = [(c, seen) for name in ANSWERABLE for c, seen in zip(train[name], looked[name], strict=True)]
    weights = [c.weight for c, _ in pairs]
    second = fit([seen.rows for _, seen in pairs], [c.gold[seen.few] for c, seen in pairs], weights, SECOND)
    judged = [
        (answered_row(c.sentences, seen.few, second.predict_proba(seen.rows)[:, 1], seen.close), c)
        for name in (*ANSWERABLE, *UNANSWERABLE)
        for c, seen in zip(train[name], looked[name], strict=True)
    ]
    labels = [float(c.gold.any()) for _, c in judged]
    return Fitted(first, second, fit([row for row, _ in judged], labels, [c.weight for _, c in judged], THIRD))


def crossed(found: Found, embedder: Embedder) -> tuple[dict[str, list[Looked]], Judged, dict[str, Table]]:
    """What each case looks like, its few sentences with their likelihoods, and the likelihood of an answer.

    Each is by regressions that have not seen the case's article: the first look, too, so that the second and third
    regression learn from what they will meet.
    """
    looked: dict[str, list[Any]] = {name: [None] * len(cases) for name, cases in found.items()}
    for fold in range(FOLDS):
        train = [c for name in ANSWERABLE for c in found[name] if c.fold != fold]
        first = fit_first(train)
        for name, cases in found.items():
            for n, case in enumerate(cases):
                if case.fold == fold:
                    looked[name][n] = look(case, first, embedder)
    judged: Judged = {name: [(np.empty(0), np.empty(0))] * len(cases) for name, cases in found.items()}
    answered = {name: np.empty(len(cases)) for name, cases in found.items()}
    for fold in range(FOLDS):
        seen = {name: [n for n, c in enumerate(cases) if c.fold != fold] for name, cases in found.items()}
        models = fit_all(
            {name: [found[name][n] for n in seen[name]] for name in found},
            {name: [looked[name][n] for n in seen[name]] for name in found},
            None,
        )
        for name, cases in found.items():
            for n, case in enumerate(cases):
                if case.fold == fold:
                    at = looked[name][n]
                    second = models.second.predict_proba(at.rows)[:, 1]
                    row = answered_row(case.sentences, at.few, second, at.close)
                    known = not names_a_stranger(case.asked, case.evidence)
                    answered[name][n] = models.answered.predict_proba(row[None])[0, 1] * known
                    judged[name][n] = case.gold[at.few], second
    return looked, judged, answered


def hits(judged: Sequence[tuple[Table, Table]], within: float) -> tuple[float, float]:
    """The share of questions whose quotes hold the answer, and how many sentences are quoted on average."""
    quoted = [likelihoods >= within * likelihoods.max() for _, likelihoods in judged]
    held = [(gold[keep] > 0).any() for (gold, _), keep in zip(judged, quoted, strict=True)]
    return float(np.mean(held)), float(np.mean([keep.sum() for keep in quoted]))


def main(folder: Path) -> None:
    """Fit, print what to expect on unseen articles, and write the coefficients."""
    embedder = Remembering(load_embedder())
    found = cases(folder, embedder)
    looked, judged, answered = crossed(found, embedder)
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
    first = fit_first([c for name in ANSWERABLE for c in found[name]])
    models = fit_all(found, looked, first)
    fitted = {
        "refuse_below": round(refuse_below, 4),
        "quote_within": round(within, 4),
        "first": _coefficients(models.first, FIRST_NAMES),
        "second": _coefficients(models.second, SECOND_NAMES),
        "answered": _coefficients(models.answered, ANSWERED_NAMES),
    }
    FITTED.write_text(json.dumps(fitted, indent=1) + "\n")


def _coefficients(model: Any, names: Sequence[str]) -> dict[str, float]:
    """The coefficients on the features as they are, the scaling folded in."""
    scaler, regression = model[0], model[-1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - weights @ scaler.mean_)
    named = dict(zip(names, weights.tolist(), strict=True))
    return {"intercept": round(intercept, 5), **{name: round(weight, 5) for name, weight in named.items()}}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
