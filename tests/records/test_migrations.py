"""From the first version up, with data kept; and databases that this program must not touch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, text
from tests.records.conftest import mask
from tests.records.samples import exchange
from tests.records.steps import LATER, add_step

from civicbot.errors import RecordsVersionError
from civicbot.records import migrations
from civicbot.records.database import Database
from civicbot.records.rows import exchange_values
from civicbot.records.store import Records
from civicbot.records.tables import Base, ConversationRow, ExchangeRow


def test_the_steps_make_what_the_tables_say(database: Database) -> None:
    database.upgrade()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def test_an_upgrade_is_done_once(database: Database) -> None:
    assert database.version() is None
    assert database.upgrade() is True
    assert database.version() == migrations.newest()
    assert database.upgrade() is False


def test_data_of_the_first_version_is_kept(database: Database) -> None:
    kept = exchange("c1").model_copy(update={"work": None})
    with database.changing() as connection:
        assert migrations.migrate(connection, "0001")
        columns = dict.fromkeys(("created_at", "last_at"), kept.asked_at)
        row = columns | {"id": "c1", "language": "ko", "channel": "page", "site": None, "turns": 1}
        connection.execute(insert(ConversationRow).values(**row))
        values = exchange_values(kept)
        for later in ("approved", "work"):  # columns of later steps
            del values[later]
        connection.execute(insert(ExchangeRow).values(ordinal=1, **values))
    database.upgrade()
    assert database.version() == migrations.newest()
    assert Records(database, mask=mask).conversation("c1") == (kept,)


def test_a_later_step_keeps_what_is_there(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = Records(database, mask=mask)
    records.open()
    kept = exchange(records.start())
    records.remember(kept)
    add_step(monkeypatch, tmp_path / "migrations", "ALTER TABLE exchanges ADD COLUMN later VARCHAR(8)")
    assert database.upgrade() is True
    assert database.version() == LATER
    assert records.exchange(kept.answer.id) == kept
    with database.engine.connect() as connection:
        assert connection.execute(text("SELECT later FROM exchanges")).all() == [(None,)]


@pytest.mark.parametrize("version", ["9999", "0000", ""])
def test_an_unknown_version_is_left_alone(database: Database, version: str) -> None:
    database.upgrade()
    with database.changing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    for action in (database.upgrade, database.check):
        with pytest.raises(RecordsVersionError, match=f"of version '{version}'; this program knows versions up to"):
            action()
    assert database.version() == version


def test_a_check_changes_nothing(database: Database) -> None:
    database.check()
    assert database.version() is None
    database.upgrade()
    database.check()


def test_two_at_once_do_not_collide(address: str, opened: Callable[[str], Database]) -> None:
    databases = [opened(address) for _ in range(4)]
    begin = threading.Barrier(4)

    def upgrade(database: Database) -> bool:
        begin.wait()
        return database.upgrade()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(upgrade, databases))
    assert sorted(done) == [False, False, False, True]


def test_a_failed_step_leaves_nothing_behind(database: Database) -> None:
    def fail() -> None:
        with database.changing() as connection:
            migrations.migrate(connection)
            raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError, match="power"):
        fail()
    assert database.version() is None
    assert database.upgrade() is True
