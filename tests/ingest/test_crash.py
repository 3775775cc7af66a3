"""A kill at any moment of an ingest leaves a store that the next run completes.

The work is done by forks of one driver process (this file, run as a program), so that a kill costs no new imports.
"""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
KILLS, RANDOM_KILLS = 6, 3  # at even steps, and at any time, for each of three changes

State = dict[str, Any]


@pytest.mark.slow
@pytest.mark.parametrize("change", ["first", "update", "remove"])
def test_an_ingest_that_is_killed_is_completed_by_the_next_run(change: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, __file__, change, str(tmp_path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    report = json.loads(ran.stdout)
    assert report["kills"] >= KILLS
    assert {"before", "after"} <= set(report["found"])  # some kills came before the change counted, some after


# -- the driver: everything below runs in its own process


def write_news(folder: Path, updated: bool) -> list[str]:
    folder.mkdir(exist_ok=True)
    for name in ("cuba", "havana", "kyiv"):
        paragraphs = [f"{name.title()} has {n} reasons. The pact says so in article {n}." for n in range(12)]
        if updated and name == "cuba":
            paragraphs[3:6] = ["A new paragraph stands here. It replaces three."]
        (folder / f"{name}.txt").write_text("\n\n".join(paragraphs))
    return [str(folder)]


def open_at(home: Path) -> Any:
    from ingest.config import IngestSettings
    from ingest.connect import open_store

    return open_store(IngestSettings(home=home, embeddings="small", chroma_url=""))


def do(change: str, home: Path, news: Path, step: Callable[[], None] = lambda: None) -> None:
    """Make the change; ``step`` is called before and after each write to Chroma."""
    from ingest.pipeline import ingest
    from tests.ingest.small import NOW, SmallEmbedder

    with open_at(home) as store:
        server = store._client._server
        server.bindings = Stepping(server.bindings, step)
        if change == "remove":
            for article in store.articles():
                if article.source.endswith("cuba.txt"):
                    store.remove(article)
        else:
            sources = write_news(news, updated=change == "update")
            for result in ingest(sources, "default", store, SmallEmbedder(), now=lambda: NOW):
                assert result.status in ("added", "updated", "unchanged"), result


class Stepping:
    """Chroma's Rust half, with a step before and after each of its writes."""

    def __init__(self, real: Any, step: Callable[[], None]) -> None:
        self.real, self.step = real, step

    def __getattr__(self, name: str) -> Any:
        call = getattr(self.real, name)
        if name not in ("add", "upsert", "delete", "create_collection"):
            return call

        def stepped(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = call(*args, **kwargs)
            self.step()
            return result

        return stepped


def state(home: Path) -> State:
    """What the store says of each article, by every way to ask; nothing may be there besides."""
    from tests.ingest.small import everything, seen

    with open_at(home) as store:
        articles = store.articles()
        found = seen(store)
        words = dict(store.words("default"))
        said = {}
        for article in articles:
            passages = [hit for hit, _ in store.fetch("default", [id for id in words if id.startswith(article.id)])]
            text = store.text(article.id, article.version)
            assert len(passages) == article.passages
            assert all(hit.version == article.version and hit.text == hit.passage.span.of(text) for hit in passages)
            assert {hit.text for hit in passages} == {text for id, _, text in found if id == article.id}
            said[article.source.rpartition("/")[2]] = [
                article.version,
                [[version.name, bool(version.superseded)] for version in article.versions],
                [store.text(article.id, version.name) for version in article.versions],
                sorted(hit.id for hit in passages),
            ]
        kept = everything(store)
        assert len(words) == len(found) == sum(article.passages for article in articles)
        assert not [id for id in kept["catalogue"] if id.startswith("pending:")]
        versions = {f"{article.id}/{version.name}" for article in articles for version in article.versions}
        assert {id.rpartition("/")[0] for id in kept["texts"]} == versions
        return said


def forked(work: Callable[[], Any], kill_after: float | None = None) -> Any:
    """What the work returns when a fork of this process does it; None if it was killed."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(writing, json.dumps([work()]).encode())
            status = 0
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise SystemExit("a fork failed; it said why above")
    return json.loads(said)[0] if said else None


def dying_at(step: int) -> Callable[[], None]:
    """A step that kills its own process the n-th time."""
    left = [step]

    def count() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return count


def counted(change: str, home: Path, news: Path) -> int:
    steps: list[int] = []
    do(change, home, news, lambda: steps.append(1))
    return len(steps)


def campaign(change: str, folder: Path) -> dict[str, Any]:
    import ingest.store
    from ingest import repair

    ingest.store.SYNC = 10  # so that indexes are written again and again
    repair._use_apart = use_in_fork
    start, home, news = folder / "start", folder / "home", folder / "news"
    start.mkdir()
    import_for_all_forks(folder)
    if change != "first":
        forked(lambda: do("first", start, news))
    before = forked(lambda: state(start))
    shutil.copytree(start, home)
    began = time.monotonic()
    steps = forked(lambda: counted(change, home, news))
    seconds = time.monotonic() - began
    after = forked(lambda: state(home))
    assert after != before
    found: list[str] = []

    def killed(kill_after: float | None = None, step: Callable[[], None] = lambda: None) -> None:
        shutil.rmtree(home)
        shutil.copytree(start, home)
        forked(lambda: do(change, home, news, step), kill_after)
        now = forked(lambda: state(home))
        for name in {*before, *after, *now}:
            assert now.get(name) in (before.get(name), after.get(name)), (change, name)
        found.append("before" if now == before else "after" if now == after else "between")
        forked(lambda: do(change, home, news))
        assert forked(lambda: state(home)) == after

    for n in range(KILLS):
        killed(step=dying_at(1 + n * (steps - 1) // (KILLS - 1)))
    for _ in range(RANDOM_KILLS):
        killed(kill_after=random.uniform(0, seconds))
    return {"kills": len(found), "steps": steps, "found": found}


def import_for_all_forks(folder: Path) -> None:
    """Import here what a run needs; Chroma itself is never started here, for its threads do not survive a fork."""

    def trial() -> list[str]:
        do("first", folder / "trial", folder / "trial news")
        state(folder / "trial")
        return list(sys.modules)

    for name in forked(trial):
        with suppress(ImportError):
            import_module(name)


def use_in_fork(folder: Path, but: list[str]) -> list[str]:
    """As the repair does it, in a fork instead of a new process."""
    from ingest import repair

    with tempfile.TemporaryFile("w+") as out:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            try:
                repair._use_collections(str(folder), but)
                sys.stdout.flush()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        out.seek(0)
        return ["", *out.read().splitlines()]


if __name__ == "__main__":
    print(json.dumps(campaign(sys.argv[1], Path(sys.argv[2]))))
