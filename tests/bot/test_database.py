"""Where the records are, who may read them, and what is said when they cannot be opened, read or written."""

import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest

from bot.records import Votes
from bot.settings import Settings
from ingest.errors import SettingsError
from tests.bot.recorded import ANSWER, KINDS, NOW, POSTGRES, at, failure, log, place

ROOT = Path(__file__).parents[2]


def test_records_are_for_their_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there" / "yet"
    with at(home) as records:
        log(records)
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        files = list(home.iterdir())
        assert len(files) > 1
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_records_of_a_later_version_are_refused_and_left_as_they_are(tmp_path: Path) -> None:
    at(tmp_path).close()
    file = tmp_path / "records.sqlite3"
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE citedesk_schema SET number = number + 1")
        database.execute("DROP TABLE votes")
    assert failure(lambda: at(tmp_path)) == (
        f"The database {file}: a later version of Citedesk made it. Use that one, or a newer."
    )
    with closing(sqlite3.connect(file)) as database, pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.execute("SELECT * FROM votes")


def test_who_cannot_write_is_told_so_and_can_still_read(tmp_path: Path) -> None:
    with at(tmp_path, patience=0.05) as records:
        id = log(records)
        with closing(sqlite3.connect(tmp_path / "records.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert failure(lambda: records.vote(id, "1", 1, NOW)) == (
                f"The database {tmp_path}/records.sqlite3: others are writing to it. Try again in a moment."
            )
            assert records.logged(id)
        assert records.vote(id, "1", 1, NOW) == Votes(1, 0)


def test_records_that_are_deleted_while_they_are_open_are_missed(tmp_path: Path) -> None:
    with at(tmp_path) as records:
        (tmp_path / "records.sqlite3").unlink()
        assert failure(lambda: log(records)) == (
            f"The database {tmp_path}/records.sqlite3: it is gone. Restore it, and start again."
        )


def test_records_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"These are no records." * 100)
    assert failure(lambda: at(tmp_path)).startswith(f"The database {tmp_path}/records.sqlite3: it is damaged. Restore")


def test_a_home_that_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert failure(lambda: at(tmp_path / "file" / "home")) == (
        f"The database {tmp_path}/file/home/records.sqlite3 cannot be written: Not a directory."
    )


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from bot.database import RecordsError
from tests.bot.recorded import at, log
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with at(Path(sys.argv[1])) as records:
    log(records)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        log(records)
    except RecordsError as error:
        print(error)
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    print(log(records))
"""


def test_a_full_disk_is_said_in_one_line_and_does_no_harm(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said, later = ran.stdout.splitlines()
    assert said.startswith(f"The database {tmp_path}/records.sqlite3: the disk is full, or fails. Free some space")
    with at(tmp_path) as records:
        assert records.logged("a0")
        assert records.logged("a1") is None
        assert records.logged(later)


# -- by a URL


def test_another_file_can_be_named(tmp_path: Path) -> None:
    with at(tmp_path / "home", f"sqlite:///{tmp_path}/elsewhere/bot.sqlite3") as records:
        assert records.logged(log(records))
    assert not (tmp_path / "home").exists()
    assert stat.S_IMODE((tmp_path / "elsewhere/bot.sqlite3").stat().st_mode) == 0o600


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_a_missing_driver_is_named_with_the_line_to_type(
    scheme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    assert failure(lambda: at(tmp_path, f"{scheme}://ann:s3cret@host/name"), SettingsError) == (
        "CITEDESK_DATABASE_URL needs a package that is not installed: pip install 'psycopg[binary]'"
    )


def test_an_unknown_kind_of_database_is_refused(tmp_path: Path) -> None:
    assert failure(lambda: at(tmp_path, "nosuch://ann:s3cret@host/name"), SettingsError) == (
        "CITEDESK_DATABASE_URL is for an unknown database. Use postgresql://..."
    )


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("records.sqlite3", "this is no URL of a database, such as postgresql://user:password@host/name."),
        (
            "postgresql://a:s3cret@h:port/d",
            "this is no URL of a database, such as postgresql://user:password@host/name.",
        ),
        ("sqlite://", "this SQLite is in no file, so that nothing would be kept; sqlite:////path names one."),
    ],
)
def test_a_url_that_cannot_be_one_is_refused_at_start(
    url: str, message: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CITEDESK_DATABASE_URL", url)
    assert failure(Settings.read, SettingsError) == f"CITEDESK_DATABASE_URL: {message}"


def test_the_password_is_not_shown_with_the_settings(tmp_path: Path) -> None:
    assert "s3cret" not in repr(Settings(home=tmp_path, database_url="postgresql://ann:s3cret@host/name"))


@pytest.mark.skipif(not POSTGRES, reason="CITEDESK_TEST_POSTGRES names no PostgreSQL to test with")
def test_a_database_that_is_away_is_said_in_one_line_without_its_address(tmp_path: Path) -> None:
    assert failure(lambda: at(tmp_path, "postgresql://ann:s3cret@127.0.0.1:9/name")) == (
        "The database of CITEDESK_DATABASE_URL: no database answers there. Start it, or correct CITEDESK_DATABASE_URL."
    )


# -- other processes, and kills


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    with place(request.param) as url:
        yield url


LOGGER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.answer import Answer
from bot.records import Asker, open_records
from bot.settings import Settings
answer = Answer.model_validate_json(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with open_records(Settings(home=Path(sys.argv[2]), database_url=sys.argv[3])) as records:
    for _ in range(int(sys.argv[4])):
        print(records.log(answer, Asker("7", "70", "700"), datetime.now(UTC), "settings"), flush=True)
"""


@contextmanager
def loggers(home: Path, url: str, answers: int, processes: int = 1) -> Iterator[list["subprocess.Popen[str]"]]:
    """Processes that log answers, all from now on, and print the id of each that is kept."""
    command = [sys.executable, "-c", LOGGER, ANSWER.model_dump_json(), str(home), url, str(answers)]
    with ExitStack() as running:
        started = [
            running.enter_context(subprocess.Popen(command, cwd=ROOT, stdin=-1, stdout=-1, text=True))
            for _ in range(processes)
        ]
        for process in started:
            assert process.stdout
            assert process.stdout.readline() == "ready\n"
        for process in started:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()
        yield started


def test_processes_that_start_together_make_the_records_together(url: str, tmp_path: Path) -> None:
    with loggers(tmp_path, url, answers=5, processes=3) as processes:
        said = [process.communicate()[0].split() for process in processes]
    assert [len(ids) for ids in said] == [5, 5, 5]
    with at(tmp_path, url) as records:
        assert all(records.logged(id) for ids in said for id in ids)


def test_whatever_was_logged_before_a_kill_is_there_after_it(url: str, tmp_path: Path) -> None:
    with loggers(tmp_path, url, answers=1_000_000) as (process,):
        assert process.stdout
        said = [process.stdout.readline().strip() for _ in range(40)]
        process.kill()
        *rest, _ = process.communicate()[0].split("\n")  # the last line may be half one
    with at(tmp_path, url) as records:
        for id in (*said, *rest):
            logged = records.logged(id)
            assert logged
            assert logged.answer == ANSWER
