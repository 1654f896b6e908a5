from __future__ import annotations

import logging
import shutil
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from tests.records.conftest import mask
from tests.records.samples import ASKED, Kind, exchange

from civicbot.errors import SettingsError
from civicbot.records.database import WAIT_SECONDS, Database, database_url, error_name, is_outage, open_database
from civicbot.records.store import Records
from civicbot.records.tables import ConversationRow
from civicbot.settings import Settings


def settings(address: str) -> Settings:
    return Settings(database_url=SecretStr(address))


def sqlite_file(database: Database) -> Path:
    assert database.file is not None
    return database.file


def conversation(identifier: str = "c1") -> dict[str, object]:
    times = {"created_at": ASKED, "last_at": ASKED}
    return times | {"id": identifier, "language": "ko", "channel": "api", "site": None, "turns": 0}


def test_sqlite_in_the_data_folder_is_the_default(tmp_path: Path) -> None:
    database = open_database(Settings(data=tmp_path / "var"))
    assert database.file == tmp_path / "var" / "records.sqlite3"
    assert database.absent
    database.upgrade()
    assert not database.absent
    assert str(database.file) in database.where
    database.close()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_by_its_address(scheme: str) -> None:
    url = database_url(settings(f"{scheme}://me:s3cret@db.example:5433/civic?sslmode=require"))
    assert (url.drivername, url.host, url.database) == ("postgresql+psycopg", "db.example", "civic")
    database = Database(url)
    assert database.where == "PostgreSQL at db.example:5433, database civic"
    assert not database.absent
    assert "s3cret" not in repr(database.engine)


@pytest.mark.parametrize(
    "address",
    ["mysql://me:s3cret@db.example/x", "postgresql+asyncpg://me:s3cret@x/y", "s3cret", "sqlite://", "://s3cret:x@",
     "sqlite:///:memory:", "postgresql://me:s3cret@db.example:port/x"],
)  # fmt: skip
def test_another_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingsError) as caught:
        database_url(settings(address))
    assert "CIVICBOT_DATABASE_URL" in caught.value.message
    assert "s3cret" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_the_file_is_its_owners_and_in_wal(tmp_path: Path) -> None:
    database = open_database(Settings(data=tmp_path))
    database.upgrade()
    with database.writing() as session:
        session.execute(insert(ConversationRow).values(**conversation()))
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("records.sqlite3*")}
    assert modes == {0o600}
    with database.engine.connect() as connection:
        read = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in PRAGMAS}
    assert read == PRAGMAS
    database.close()


PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 1,
    "foreign_keys": 1,
    "secure_delete": 1,
    "busy_timeout": round(WAIT_SECONDS * 1000),
}


def test_nothing_of_a_block_that_fails_is_stored(database: Database) -> None:
    database.upgrade()

    def fail() -> None:
        with database.writing() as session:
            session.execute(insert(ConversationRow).values(**conversation()))
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError, match="middle"):
        fail()
    with database.reading() as session:
        assert session.scalars(select(ConversationRow)).all() == []


def test_a_snapshot_does_not_change_while_it_is_read(database: Database) -> None:
    database.upgrade()
    with database.snapshot() as connection:
        assert connection.execute(select(ConversationRow)).all() == []
        with database.writing() as session:
            session.execute(insert(ConversationRow).values(**conversation()))
        assert connection.execute(select(ConversationRow)).all() == []
    with database.reading() as session:
        assert len(session.scalars(select(ConversationRow)).all()) == 1


def test_a_locked_file_is_waited_for_and_not_for_long(tmp_path: Path) -> None:
    database = open_database(Settings(data=tmp_path))
    database.upgrade()
    other = sqlite3.connect(sqlite_file(database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError) as caught:
        database.probe()
    assert is_outage(caught.value)
    assert error_name(caught.value) == "OperationalError SQLITE_BUSY"
    with database.reading() as session:
        assert session.scalars(select(ConversationRow)).all() == []
    other.execute("ROLLBACK")
    other.close()
    database.probe()
    database.close()


def test_threads_wait_for_each_other_and_not_for_long(tmp_path: Path) -> None:
    database = open_database(Settings(data=tmp_path))
    database.upgrade()
    with database.writing(), pytest.raises(PoolTimeoutError) as caught:
        database.probe()
    assert is_outage(caught.value)
    database.probe()
    database.close()


def test_a_connection_in_use_when_the_database_is_closed_is_closed_once_it_is_done_with(database: Database) -> None:
    opened: list[object] = []
    closed: list[object] = []
    event.listen(database.engine, "connect", lambda connection, _: opened.append(connection))
    event.listen(database.engine, "close", lambda connection, _: closed.append(connection))
    with database.reading() as session:
        session.execute(text("SELECT 1"))
        database.close()
        assert len(closed) == len(opened) - 1
        session.execute(text("SELECT 1"))
    with database.reading() as session:
        session.execute(text("SELECT 1"))
    assert len(closed) == len(opened) == 2


def test_a_file_that_was_replaced_is_opened_anew(tmp_path: Path) -> None:
    records = Records(open_database(Settings(data=tmp_path / "var")), mask=mask)
    records.open()
    kept = exchange(records.start())
    records.remember(kept)
    shutil.move(tmp_path / "var", tmp_path / "away")
    (tmp_path / "var").mkdir()
    with pytest.raises(SQLAlchemyError):
        records.remember(exchange(records.start()))
    records.open()
    assert records.remember(exchange(records.start()))
    assert len(list(records.iter_exchanges())) == 1
    records.close()


def test_errors_say_nothing_of_what_was_to_be_stored(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    database.upgrade()

    def store(identifier: object) -> None:
        with database.writing() as session:
            session.execute(insert(ConversationRow).values(**conversation() | {"id": identifier, "turns": None}))

    with pytest.raises(IntegrityError) as caught:
        store("s3cret")
    assert not is_outage(caught.value)
    assert "s3cret" not in error_name(caught.value)
    with pytest.raises(StatementError) as unfit:
        store(object())
    assert not is_outage(unfit.value) or unfit.value.orig is not None
    assert "s3cret" not in caplog.text


def test_a_missing_table_is_an_outage(
    kind: Kind, address_of: Callable[[Kind], str], opened: Callable[[str], Database]
) -> None:
    database = opened(address_of(kind))
    with pytest.raises(SQLAlchemyError) as caught:
        database.probe()
    assert is_outage(caught.value)


def test_a_server_that_is_not_there(opened: Callable[[str], Database]) -> None:
    database = opened("postgresql://me:s3cret@127.0.0.1:1/x")
    with pytest.raises(OperationalError) as caught:
        database.probe()
    assert is_outage(caught.value)
    assert "s3cret" not in str(caught.value)
