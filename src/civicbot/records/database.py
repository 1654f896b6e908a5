"""The database of the records, an SQLite file or PostgreSQL: how it is opened, read, written and brought up to date."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from civicbot.errors import SettingsError
from civicbot.records import migrations
from civicbot.records.tables import ConversationRow
from civicbot.settings import Settings

FILE = "records.sqlite3"
"""The SQLite database's name in the data folder."""

_SWITCH_SECONDS = 0.01
WAIT_SECONDS = 0.5
"""How long a write waits for other writers of an SQLite file; a resident's answer waits for it."""

_MIGRATION_SECONDS = 60
_CONNECTIONS = {"pool_size": 8, "max_overflow": 24, "pool_timeout": 2.0}
# libpq takes no connect_timeout below 2 seconds.
_POSTGRESQL: dict[str, str | int] = {"connect_timeout": 2, "tcp_user_timeout": 3000, "application_name": "civicbot"}
_STATEMENT_MS = 3000
_MIGRATION_LOCK = 0x43495649
_WRITES = "civicbot_writes"
_CREATING = threading.Lock()


class Database:
    """An engine and what it needs; thread-safe. Nothing is opened before it is first used.

    Args:
        url: from :func:`database_url`.

    Attributes:
        engine: SQLAlchemy's engine; it never logs the values that go in and out.
        file: the SQLite file, None for PostgreSQL.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self.file = Path(str(url.database)) if url.get_backend_name() == "sqlite" else None
        self._writer = threading.Lock() if self.file is not None else None
        self.engine = _postgresql(url) if self.file is None else _sqlite(url, self.file)
        self._writing = self.engine.execution_options(**{_WRITES: True})
        self._closed = False

        @event.listens_for(self.engine, "checkin")
        def _leave(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
            if self._closed:
                entry.close()

    @property
    def where(self) -> str:
        """Where the records are, without user and password."""
        if self.file is not None:
            return f"SQLite, {self.file}"
        port = f":{self._url.port}" if self._url.port else ""
        return f"PostgreSQL at {self._url.host or 'the local socket'}{port}, database {self._url.database}"

    @property
    def absent(self) -> bool:
        """Whether there is no SQLite file yet; opening it would make one."""
        return self.file is not None and not self.file.exists()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database."""
        with Session(self.engine) as session:
            yield session

    @contextlib.contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are stored, all of them, when the block ends well."""
        with self._turn(), Session(self._writing) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Like :meth:`writing`, for where a session's comfort costs too much time."""
        with self._turn(), self._writing.begin() as connection:
            yield connection

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection for long reading: it sees one state throughout, and no timeout ends it."""
        with self.engine.connect() as connection:
            if self.file is None:
                connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                self._unhurried(connection)
                yield connection

    @contextlib.contextmanager
    def changing(self) -> Iterator[Connection]:
        """A connection for long changes, stored when the block ends well; only one at a time, over all processes."""
        with self._turn(), self.engine.connect() as connection:
            connection.execution_options(**{_WRITES: True})
            if self.file is not None:
                _wait(connection, _MIGRATION_SECONDS)
            try:
                with connection.begin():
                    self._unhurried(connection)
                    if self.file is None:
                        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
                    yield connection
            finally:
                if self.file is not None:
                    _wait(connection, WAIT_SECONDS)

    def version(self) -> str | None:
        """The version of the tables; None while there are none."""
        with self.engine.connect() as connection:
            return migrations.version_of(connection)

    def upgrade(self) -> bool:
        """Makes the tables, or brings them up to date; two processes may do it at once.

        Returns:
            Whether anything had to be done.

        Raises:
            RecordsVersionError: they are of a version that this program does not know.
            SQLAlchemyError: the database cannot be used.
        """
        if self.version() == migrations.newest():
            return False
        with self.changing() as connection:
            return migrations.migrate(connection)

    def check(self) -> None:
        """Tries the database as it is, and changes nothing.

        Raises:
            RecordsVersionError: the tables are of a version that this program does not know.
            SQLAlchemyError: they cannot be read or written.
        """
        found = self.version()
        if found is not None:
            migrations.check(found)
        if found == migrations.newest():
            self.probe()

    def probe(self) -> None:
        """Tries whether the tables can be written.

        Raises:
            SQLAlchemyError: they cannot.
        """
        with self.writing() as session:
            session.execute(update(ConversationRow).where(ConversationRow.id == "").values(turns=ConversationRow.turns))

    def close(self) -> None:
        """Closes the connections; one that another thread still uses is closed when that thread is done with it."""
        # Disposing of a pool leaves those alone that are lent, and nobody would close them later.
        self._closed = True
        self.engine.dispose()

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        # SQLite lets one write at a time and makes the others poll; in one process a lock is fairer and quicker.
        if self._writer is None:
            yield
            return
        if not self._writer.acquire(timeout=WAIT_SECONDS):
            raise PoolTimeoutError("another thread is writing")
        try:
            yield
        finally:
            self._writer.release()

    def _unhurried(self, connection: Connection) -> None:
        if self.file is None:
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SET LOCAL lock_timeout = 0"))


def database_url(settings: Settings) -> URL:
    """Where the records are kept: CIVICBOT_DATABASE_URL, or a file in the data folder.

    Raises:
        SettingsError: the setting names no database that we know; the message never repeats it.
    """
    if settings.database_url is None:
        return URL.create("sqlite", database=str(settings.data / FILE))
    try:
        url = make_url(settings.database_url.get_secret_value())
    except (ArgumentError, ValueError):
        raise _unusable("is no address of a database") from None
    if url.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        return url
    raise _unusable("names neither PostgreSQL nor an SQLite file")


def open_database(settings: Settings) -> Database:
    """The database that the settings name; nothing is opened yet.

    Raises:
        SettingsError: the setting names no database that we know.
    """
    return Database(database_url(settings))


def is_outage(error: SQLAlchemyError) -> bool:
    """Whether an error is the database's and not the fault of what was to be stored."""
    if isinstance(error, DataError | IntegrityError):
        return False
    return isinstance(error, DBAPIError | DatabaseError | DisconnectionError | PoolTimeoutError)


def error_name(error: SQLAlchemyError) -> str:
    """An error as logs may tell it: its kind and code. Its message may hold what was to be stored."""
    cause = getattr(error, "orig", None)
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    return f"{type(error).__name__} {code}" if code else type(error).__name__


def _unusable(what: str) -> SettingsError:
    return SettingsError(
        f"CIVICBOT_DATABASE_URL {what}.", hint="Write postgresql://user:password@host/database, or leave it out."
    )


def _compact(value: Any) -> str:
    # Korean stays readable, also for whoever looks for personal data in the file.
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _postgresql(url: URL) -> Engine:
    arguments = {name: value for name, value in _POSTGRESQL.items() if name not in url.query}
    engine = create_engine(
        url,
        hide_parameters=True,
        json_serializer=_compact,
        pool_pre_ping=True,
        connect_args=arguments,
        **_CONNECTIONS,
    )

    @event.listens_for(engine, "connect")
    def _limit(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        cursor.execute(f"SET statement_timeout = {_STATEMENT_MS}")
        cursor.execute(f"SET lock_timeout = {_STATEMENT_MS}")
        cursor.close()
        connection.commit()

    return engine


def _sqlite(url: URL, file: Path) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        json_serializer=_compact,
        connect_args={"timeout": WAIT_SECONDS},
        **_CONNECTIONS,
    )

    @event.listens_for(engine, "do_connect")
    def _create(*_: Any) -> None:
        # Made here, for only its owner to read; what goes wrong shows when SQLite opens it. A file that is there must
        # not be opened: closing it again would give up the locks of this process's other connections, and a command
        # that ends would take itself for the last user and delete the journal that they write to.
        with _CREATING, contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["file"] = _identity(file)
        connection.isolation_level = None  # transactions begin where we say, below
        _write_ahead(connection)
        for pragma in ("synchronous = NORMAL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "checkout")
    def _still_there(_: DBAPIConnection, entry: ConnectionPoolEntry, __: Any) -> None:
        # A file that was deleted or replaced can still be written, and nobody would find what is written.
        if entry.info["file"] != _identity(file):
            raise DisconnectionError("the file was replaced")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        # A write lock taken later, after reading, could fail at once, whatever the time to wait.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _write_ahead(connection: Any) -> None:
    """Switches to WAL; SQLite does not wait for its turn there when another connection switches a new file, too."""
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(_SWITCH_SECONDS)
        else:
            return


def _identity(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _wait(connection: Connection, seconds: float) -> None:
    pooled = connection.connection
    pooled.cursor().execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
