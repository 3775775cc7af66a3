"""The database of the records: SQLite in a file, or a server by its URL. What fails there is one line to act on."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, create_engine, event, func, insert, make_url, select, update
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError

from bot.settings import Settings
from bot.tables import SCHEMA, metadata, schema
from ingest.errors import CitedeskError, SettingsError

PATIENCE = 5.0
"""Seconds to wait for others that write. A transaction takes milliseconds: who waits longer waits in vain."""

SERVER_PATIENCE = "10"
"""Seconds to wait for a PostgreSQL server's first answer, as its URL says it."""

_STARTING = 0x43495445
"""The PostgreSQL advisory lock of who looks for the tables: any number that nobody else takes."""

# What a driver says, and what that means; the first that fits. Its own words are never shown: they may quote the URL.
_REMEDIES = {
    ("is locked", "lock timeout", "queuepool limit"): "others are writing to it. Try again in a moment",
    ("is full", "no space left", "disk i/o error"): (
        "the disk is full, or fails. Free some space and try again; what was kept before is still there"
    ),
    ("readonly", "read-only", "permission denied", "unable to open"): "it cannot be written. Check who owns it",
    ("malformed", "not a database"): "it is damaged. Restore it from a copy, or move it away to begin anew",
    ("authentication failed", "no password"): "it refuses the user or the password. Correct CITEDESK_DATABASE_URL",
    ("does not exist", "no such table"): "it is not there, or only in part. Create or restore it, and start again",
    ("connect", "terminat", "timeout", "resolve", "translate host"): (
        "no database answers there. Start it, or correct CITEDESK_DATABASE_URL"
    ),
}


class RecordsError(CitedeskError):
    """The records cannot be opened, read or written."""


class Database(AbstractContextManager["Database"]):
    """An open database. Threads may share it; whatever fails there is a `RecordsError` that begins with ``place``."""

    def __init__(self, engine: Engine, place: str, file: Path | None = None) -> None:
        self._reader = engine
        self._writer = engine.execution_options(writing=True)
        self._place = place
        self._file = file

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        self._reader.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment and changes nothing."""
        with self._failures(), self._reader.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose changes are all kept at the end, or none of them if something fails."""
        with self._failures(), self._writer.begin() as connection:
            yield connection

    def prepare(self) -> None:
        """Make the tables that are not there yet.

        Raises:
            RecordsError: when a later version made them.
        """
        with self.writing() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(select(func.pg_advisory_xact_lock(_STARTING)))
            schema.create(connection, checkfirst=True)
            number = connection.scalar(select(schema.c.number))
            if number is None:
                connection.execute(insert(schema).values(number=SCHEMA))
            elif number > SCHEMA:
                raise RecordsError(f"{self._place}: a later version of Citedesk made it. Use that one, or a newer.")
            metadata.create_all(connection)

    @contextmanager
    def _failures(self) -> Iterator[None]:
        # SQLite goes on writing to a file that was deleted, as long as it has it open.
        if self._file and not self._file.exists():
            raise RecordsError(f"{self._place}: it is gone. Restore it, and start again.")
        try:
            yield
        except (SQLAlchemyError, UnicodeError) as error:
            raise RecordsError(f"{self._place}: {_reason(error)}.") from error


def open_database(settings: Settings, patience: float = PATIENCE) -> Database:
    """The database that the settings name, with its tables; close it, or use it in a ``with``.

    Raises:
        SettingsError: when the URL is for an unknown database, or for one that needs a package that is not installed.
        RecordsError: when it cannot be opened, or a later version of Citedesk made it.
    """
    given = settings.database_url.get_secret_value()
    url = make_url(given) if given else URL.create("sqlite", database=str(settings.home / "records.sqlite3"))
    if url.get_backend_name() == "sqlite":
        file = Path(url.database or "")
        _make(file)
        database = Database(_sqlite(url, patience), f"The database {file}", file)
    else:
        database = Database(_server(url), "The database of CITEDESK_DATABASE_URL")
    try:
        database.prepare()
    except BaseException:
        database.close()
        raise
    return database


def add(connection: Connection, table: Table, **row: Any) -> bool:
    """Add a row. False if it is there already; then it stays as it is."""
    try:
        with connection.begin_nested():
            connection.execute(insert(table).values(row))
    except IntegrityError:
        return False
    return True


def put(connection: Connection, table: Table, key: dict[str, str], **values: Any) -> None:
    """Write values into the row of that key, or add one.

    Raises:
        RecordsError: when they refer to what is not in the records.
    """
    change = update(table).filter_by(**key).values(values)
    # Where it cannot be added, either another has just done so, or it refers to an answer that is not there.
    if not (
        connection.execute(change).rowcount
        or add(connection, table, **key, **values)
        or connection.execute(change).rowcount
    ):
        raise RecordsError("There is no such answer in the records.")


def _make(file: Path) -> None:
    """Make a file that is for its owner alone; those that SQLite puts beside it will be too."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.touch(mode=0o600)
    except OSError as error:
        raise RecordsError(f"The database {file} cannot be written: {error.strerror or error}.") from None


def _sqlite(url: URL, patience: float) -> Engine:
    # Without an isolation level, Python's driver begins no transactions of its own.
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": patience, "isolation_level": None})

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _: object) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Who is going to write waits for its turn now: after it has read, it could only be turned away.
        writing = connection.get_execution_options().get("writing")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _server(url: URL) -> Engine:
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg", query={"connect_timeout": SERVER_PATIENCE, **url.query})
    try:
        return create_engine(url, hide_parameters=True, pool_pre_ping=True)
    except NoSuchModuleError:
        raise SettingsError("CITEDESK_DATABASE_URL is for an unknown database. Use postgresql://...") from None
    except ImportError as error:
        package = "psycopg[binary]" if url.drivername == "postgresql+psycopg" else error.name or url.drivername
        raise SettingsError(
            f"CITEDESK_DATABASE_URL needs a package that is not installed: pip install '{package}'"
        ) from None


def _reason(error: Exception) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error).lower()
    fitting = (remedy for signs, remedy in _REMEDIES.items() if any(sign in said for sign in signs))
    return next(fitting, f"it failed ({type(error).__name__})")
