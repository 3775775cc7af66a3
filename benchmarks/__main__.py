"""``python -m benchmarks DATA [PART ...]``: every figure, the peer's beside the project's, in one table.

DATA is a folder with ``xquad.en.json`` and ``realtimeqa/``, and ``articles/`` in it or beside it, which has an article
and ``questions.jsonl``. A PART is xquad, realtimeqa, articles or fast; without one, all of them (most of an hour).

``python -m benchmarks DATA model --base-url URL``: what a language model does to the answers (``--help`` says more).
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.data import mentions, realtimeqa, weeks, xquad
from benchmarks.fast import fast_figures
from benchmarks.model import main as compare
from benchmarks.peer import Peer
from benchmarks.right import article_figures, realtimeqa_figures, xquad_figures

Row = tuple[str, float | None, float]


def main(folder: Path, parts: list[str]) -> None:
    """Print the table."""
    print(f"{'':52}{'peer':>9}{'Citedesk':>10}{'ratio':>8}")
    for name, peer, project in (row for part in parts for row in PARTS[part](folder)):
        shown, ratio = (f"{peer:9.3f}", f"{project / peer:8.2f}") if peer else (f"{'':9}", "")
        print(f"{name:52}{shown}{project:10.3f}{ratio}", flush=True)


def on_xquad(folder: Path) -> Iterator[Row]:
    """Evidence, answers and refusals on XQuAD."""
    yield from _rows("XQuAD", xquad_figures(folder), peer_on_xquad(folder))


def on_realtimeqa(folder: Path) -> Iterator[Row]:
    """Evidence on news pages."""
    yield from _rows("RealTime QA", realtimeqa_figures(folder), peer_on_realtimeqa(folder))


def on_articles(folder: Path) -> Iterator[Row]:
    """Answers and refusals on single articles."""
    for articles in (folder / "articles", folder.parent / "articles"):
        for article in sorted(articles.glob("*.txt")):
            yield from _rows(article.stem, article_figures(article, articles / "questions.jsonl"), {})


def _rows(data: str, project: Mapping[str, float], peer: Mapping[str, float]) -> Iterator[Row]:
    for name, figure in project.items():
        yield f"{data}: {name}", peer.get(name), figure


def peer_on_xquad(folder: Path) -> dict[str, float]:
    """The peer's evidence on XQuAD."""
    articles, questions = xquad(folder)
    with TemporaryDirectory() as scratch:
        peer = Peer(Path(scratch))
        peer.ingest(articles)
        found = [(q, peer.search(q.text, 4)) for q in questions]
    return {
        f"evidence@{k}": sum(
            any(title == q.title and any(span.covers(gold) for gold in q.gold) for title, span, _ in passages[:k])
            for q, passages in found
        )
        / len(questions)
        for k in (1, 4)
    }


def peer_on_realtimeqa(folder: Path) -> dict[str, float]:
    """The peer's evidence on RealTime QA, as counts over all weeks."""
    hits = dict.fromkeys((f"evidence@{k}" for k in (1, 4, 10)), 0.0)
    for week in weeks(folder):
        articles, quizzes = realtimeqa(folder, week)
        with TemporaryDirectory() as scratch:
            peer = Peer(Path(scratch))
            peer.ingest(articles)
            for quiz in quizzes:
                if any(mentions(f"{a.title}\n\n{a.text}", quiz.gold) for a in articles):
                    passages = peer.search(quiz.text, 10)
                    for k in (1, 4, 10):
                        hits[f"evidence@{k}"] += any(mentions(text, quiz.gold) for _, _, text in passages[:k])
    return hits


PARTS = {"xquad": on_xquad, "realtimeqa": on_realtimeqa, "articles": on_articles, "fast": fast_figures}

if __name__ == "__main__":
    if sys.argv[2:3] == ["model"]:
        compare(Path(sys.argv[1]), sys.argv[3:])
    elif len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(PARTS):
        sys.exit(__doc__)
    else:
        main(Path(sys.argv[1]), sys.argv[2:] or list(PARTS))
