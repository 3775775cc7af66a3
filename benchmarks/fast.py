"""How fast: ingest and a cold question against the peer, each in turn in one run; then what has no peer."""

import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.data import xquad
from benchmarks.peer import Peer
from benchmarks.right import bench
from ingest.article import normalise

RUNS = 5
PASSAGE = 700
"""Characters of an article that count as one passage, however each side cuts it."""


def fast_figures(folder: Path) -> list[tuple[str, float | None, float]]:
    """(measure, peer, project): passages a second, then seconds."""
    articles, questions = xquad(folder)
    articles = [replace(article, text=normalise(article.text)) for article in articles]
    passages = sum(len(article.text) for article in articles) / PASSAGE
    with TemporaryDirectory() as scratch:
        peer_rates, rates = [], []
        for run in range(3):
            peer = Peer(Path(scratch) / f"peer-{run}")
            peer_rates.append(passages / peer.ingest(articles))
            with bench() as on:
                started = perf_counter()
                on.shelve(articles, "default")
                rates.append(passages / (perf_counter() - started))
        with bench() as on:
            on.shelve(articles, "default")
            warm = [_seconds(lambda q=q: on.ask({"question": q.text})) for q in questions[:200]]
        home = Path(scratch) / "home"
        env = {**os.environ, "CITEDESK_HOME": str(home), "CITEDESK_MODEL": "quote", "CITEDESK_CHROMA_URL": ""}
        citedesk = [sys.executable, "-m", "bot.cli"]
        texts = Path(scratch) / "texts"
        texts.mkdir()
        for n, article in enumerate(articles):
            (texts / f"{n}.txt").write_text(article.text)
        _run([*citedesk, "ingest", str(texts)], env)
        question = questions[0].text
        peer_cold, cold, bare = [], [], []
        for _ in range(RUNS):
            command = [sys.executable, "-m", "benchmarks.peer", str(Path(scratch) / "peer-0"), question]
            peer_cold.append(_seconds(lambda c=command: _run(c, env)))
            cold.append(_seconds(lambda: _run([*citedesk, "ask", question], env)))
            bare.append(_seconds(lambda: _run([*citedesk, "--help"], env)))
    return [
        ("ingest, passages a second", median(peer_rates), median(rates)),
        ("cold ask, whole process, s", median(peer_cold), median(cold)),
        ("citedesk --help, s", None, median(bare)),
        ("warm question, median, s", None, median(warm)),
        ("warm question, 95th percentile, s", None, quantiles(warm, n=20)[-1]),
    ]


def _seconds(call: Callable[[], object]) -> float:
    started = perf_counter()
    call()
    return perf_counter() - started


def _run(command: Sequence[str], env: dict[str, str]) -> None:
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
