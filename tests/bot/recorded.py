"""Records to test with: where they are, what is logged in them, and what is said when they fail."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest

from bot.answer import Answer
from bot.asked import Asked
from bot.database import RecordsError
from bot.records import Asker, Records, open_records
from bot.settings import Settings
from ingest.errors import CitedeskError
from tests.bot.conftest import fake_answer

POSTGRES = os.environ.get("CITEDESK_TEST_POSTGRES", "")
"""The URL of a PostgreSQL database in which the tests may make schemas and drop them; empty: none."""

KINDS = ["sqlite", "postgresql"] if POSTGRES else ["sqlite"]

NOW = datetime(2026, 3, 1, 12, 30, 0, 250, tzinfo=UTC)
ASKER = Asker("7", "70", "700")
ANSWER = fake_answer(Asked("Who came? 🗞", ("g7", "default")))


def at(home: Path, url: str = "", patience: float = 5) -> Records:
    """Records whose answers are called a0, a1, ..."""
    ids = (f"a{n}" for n in count())
    return open_records(Settings(home=home, database_url=url), new_id=lambda: next(ids), patience=patience)


@contextmanager
def place(kind: str) -> Iterator[str]:
    """The URL of an empty database of that kind. SQLite has none: it is in the data folder."""
    if kind == "sqlite":
        yield ""
        return
    from sqlalchemy import create_engine, make_url, text

    name = f"citedesk_{secrets.token_hex(4)}"
    url = make_url(POSTGRES).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE SCHEMA {name}"))
        yield url.update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
        connection.execute(text(f"DROP SCHEMA {name} CASCADE"))
    engine.dispose()


def log(records: Records, answer: Answer = ANSWER, asker: Asker = ASKER) -> str:
    return records.log(answer, asker, NOW, "settings")


def failure(use: Callable[[], object], kind: type[CitedeskError] = RecordsError) -> str:
    with pytest.raises(kind) as failed:
        use()
    assert "\n" not in str(failed.value)
    return str(failed.value)
