"""What the tests of the command line share: a data folder of one's own, and the command run in this process."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.answer import Answer, Citation, Range, Statement, Timings, answer_text
from bot.asked import Asked
from bot.check import Checked, claims_of
from bot.cli import main
from bot.settings import Settings
from ingest import sample
from ingest.connect import open_store
from ingest.embed import load_embedder
from ingest.pipeline import ingest
from ingest.stored import StoredArticle, Version

ROOT = Path(__file__).parents[2]


class Ran(NamedTuple):
    """What a command left: its exit status and what it printed."""

    status: int
    out: str
    err: str


Citedesk = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, in force, and no other setting."""
    for name in os.environ:
        if name.startswith(("CITEDESK_", "DISCORD_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CITEDESK_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


@pytest.fixture(scope="session")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the sample article on the desk ``default``; not to be changed.

    Made by another process, because Chroma closes its files some time after its client, and no copy may be half one.
    """
    folder = tmp_path_factory.mktemp("shelved")
    subprocess.run([sys.executable, "-m", "tests.bot.conftest", str(folder)], cwd=ROOT, check=True)
    return folder


def shelve_sample(folder: Path) -> None:
    embedder = load_embedder(cache=folder)
    with open_store(Settings(home=folder)) as store:
        moment = datetime(2025, 10, 9, 8, 0, tzinfo=UTC)
        assert [*ingest([str(sample.ARTICLE)], "default", store, embedder, now=lambda: moment)]


@pytest.fixture
def stocked(home: Path, shelved: Path) -> Path:
    """A data folder of one's own with the sample article, in force."""
    shutil.copytree(shelved, home)
    return home


@pytest.fixture
def citedesk(home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Citedesk]:
    """Runs the command."""

    def run(*arguments: str, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capfd.readouterr()
        with pytest.raises(SystemExit) as left:
            main([*arguments])
        return Ran(int(left.value.code or 0), *capfd.readouterr())

    return run


class FakeStore:
    """The texts and the desks of no store."""

    def __init__(self, desks: dict[str, int]) -> None:
        self._desks = desks

    def text(self, article_id: str, version: str) -> str:
        return "Ann came. Ben left."

    def desks(self) -> tuple[str, ...]:
        return tuple(self._desks)

    def articles(self, desk: str) -> list[StoredArticle]:
        version = Version("sha256:1", datetime(2025, 10, 9, tzinfo=UTC))
        return [
            StoredArticle(f"{desk}{n}", desk, "A title", "/a.md", None, date(2025, 10, 8), None, None, 1, 9, (version,))
            for n in range(self._desks.get(desk, 0))
        ]


class FakeRoom:
    """Rooms in which "Who ...?" is answered and anything else refused; what was asked in them is kept."""

    def __init__(self, **desks: int) -> None:
        self.store = FakeStore(desks or {"default": 1})
        self.asked: list[tuple[str, tuple[str, ...], list[str]]] = []
        self.opened = 0
        self.now_open = 0
        self.fails: BaseException | None = None

    @contextmanager
    def open(self, settings: object = None) -> Iterator["FakeRoom"]:
        self.opened += 1
        self.now_open += 1
        try:
            yield self
        finally:
            self.now_open -= 1

    def answer(self, asked: Asked, history: Iterable[dict[str, str]] = ()) -> Answer:
        if self.fails:
            raise self.fails
        self.asked.append((asked.question, asked.desks, [turn["question"] for turn in history]))
        return fake_answer(asked)

    def stream(self, asked: Asked, history: Iterable[dict[str, str]] = ()) -> Iterator[Answer]:
        """The answer, begun and whole."""
        answer = self.answer(asked, history)
        yield answer.model_copy(update={"notes": ()})
        yield answer

    def check(self, text: str, desks: Sequence[str]) -> tuple[Checked, ...]:
        """That Ann came is supported, that somebody else did is contradicted, and nothing else is found."""
        self.asked.append((text, tuple(desks), []))
        return tuple(
            Checked(sentence="Ann came.", verdict="supported", citations=(CITED,))
            if claim == "Ann came."
            else Checked(sentence=claim, verdict="contradicted", citations=(CITED,), reason="The article says Ann.")
            if claim.endswith(" came.")
            else Checked(sentence=claim, verdict="not found", citations=(CITED,))
            for claim in claims_of(text)
        )


CITED = Citation(
    n=1,
    article_id="a1",
    version="sha256:1",
    title="A title",
    byline=None,
    published=date(2025, 10, 8),
    source="/a.md",
    url=None,
    link=None,
    quote="Ann came.",
    start=0,
    end=9,
    passage=Range(start=0, end=19),
)


def fake_answer(asked: Asked) -> Answer:
    said = (Statement(text="Ann came.", citations=(1,)),) if asked.question.startswith("Who") else ()
    return Answer(
        question=asked.question,
        standalone_question=f"{asked.question} (alone)",
        desks=asked.desks,
        answered=bool(said),
        text=answer_text(said),
        statements=said,
        citations=(CITED,),
        retrieved=(),
        mode="quote",
        model="quote",
        notes=() if said else ("A note.",),
        timings_ms=Timings(),
    )


ANSWERED = """\
Ann came. [1]

[1] A title – 8 October 2025
    a.md
    **Ann came.** Ben left.
"""
REFUSED = """\
The articles do not say.

Nearest passage:
A title – 8 October 2025
    a.md
    Ann came. Ben left.
"""


@pytest.fixture
def room() -> FakeRoom:
    return FakeRoom()


@pytest.fixture
def answered() -> str:
    """The answer of a `FakeRoom` as it is printed."""
    return ANSWERED


@pytest.fixture
def refused() -> str:
    """Its refusal."""
    return REFUSED


if __name__ == "__main__":
    shelve_sample(Path(sys.argv[1]))
