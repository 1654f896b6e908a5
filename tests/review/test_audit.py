"""The audit log: added to by many at once, changed by nobody, and what is wrong with it is named."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, text, update
from sqlalchemy.exc import DatabaseError, DataError
from tests.records.conftest import KINDS
from tests.records.samples import Kind
from tests.review.doors import ADMIN

from civicbot.records.backup import backup, restore
from civicbot.records.database import Database
from civicbot.records.guards import unguarded
from civicbot.records.tables import AuditHeadRow, AuditRow, SessionRow
from civicbot.review.access import Action, Actor, NotAllowedError, Role
from civicbot.review.audit import FIRST, AuditLog, Head, head_of, note, note_nobody, verify

KIM = Actor(name="김", role=Role.REVIEWER, session="0" * 32)
TABLE = AuditRow.__table__


def fill(database: Database, lines: int = 5) -> None:
    database.upgrade()
    for number in range(1, lines + 1):
        with database.writing() as session:
            note(session, KIM, Action.JUDGE, f"item:{number}", verdict="wrong", sentences=["a", "b"], score=0.5)


def check(database: Database, noted: Head | None = None) -> tuple[int | None, str]:
    with database.snapshot() as connection:
        found = verify(connection, noted)
    return found.row, found.problem


def tamper(database: Database, change: Callable[[Connection], Any]) -> None:
    """What somebody can do who may change the tables themselves."""
    with database.changing() as connection, unguarded(connection):
        change(connection)


def test_lines_are_read_newest_first_and_filtered(database: Database) -> None:
    fill(database, 3)
    with database.writing() as session:
        note_nobody(session, Action.LOG_IN_FAILED, "user:?", client="::1", why="wrong")
    log = AuditLog(database)
    assert [entry.id for entry in log.entries(ADMIN)] == [4, 3, 2, 1]
    last = log.entries(ADMIN, action=Action.LOG_IN_FAILED)[0]
    assert (last.actor, last.role, last.session) == ("-", None, None)
    (first,) = log.entries(ADMIN, subject="item:1")
    assert first.details == {"verdict": "wrong", "sentences": ["a", "b"], "score": 0.5}
    assert (first.actor, first.role, first.session) == ("김", "reviewer", KIM.session)
    assert [entry.id for entry in log.entries(ADMIN, person="김", before=3, limit=1)] == [2]
    assert log.verify(ADMIN).rows == 4
    with pytest.raises(NotAllowedError):
        log.entries(KIM)


def test_an_empty_log_is_right(database: Database) -> None:
    database.upgrade()
    assert check(database) == (None, "")
    with database.engine.connect() as connection:
        assert head_of(connection) == Head(last=0, digest=FIRST)


def test_what_fails_leaves_no_line(database: Database) -> None:
    fill(database, 1)

    def fail() -> None:
        with database.writing() as session:
            note(session, KIM, Action.JUDGE, "item:9")
            raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        fail()
    assert check(database) == (None, "")
    assert [entry.id for entry in AuditLog(database).entries(ADMIN)] == [1]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE staff_audit SET actor = 'lee' WHERE id = 2",
        "DELETE FROM staff_audit WHERE id = 5",
        "DELETE FROM staff_audit",
    ],
)
def test_the_database_refuses_changes(database: Database, statement: str) -> None:
    fill(database)

    def run() -> None:
        with database.transaction() as connection:
            connection.execute(text(statement))

    with pytest.raises(DatabaseError, match="only added to"):
        run()
    assert check(database) == (None, "")


def test_a_line_cannot_be_replaced_by_inserting(database: Database, kind: Kind) -> None:
    fill(database)
    statement = (
        "INSERT OR REPLACE INTO staff_audit SELECT id, at, 'lee', role, session, action, subject, details, previous, "
        "digest FROM staff_audit WHERE id = 2"
        if kind == "sqlite"
        else "TRUNCATE staff_audit"
    )

    def run() -> None:
        with database.transaction() as connection:
            connection.execute(text(statement))

    with pytest.raises(DatabaseError, match="only added to"):
        run()
    assert check(database) == (None, "")


def others(column: str, value: Any) -> list[Any]:
    """Values that may stand in the place of one."""
    if column == "at":
        return [value + timedelta(microseconds=1), value - timedelta(days=400)]
    if column in ("previous", "digest"):
        return [FIRST if value != FIRST else "1" * 64, value[:-1] + ("0" if value[-1] != "0" else "1"), value.upper()]
    found = ["", "x", f"{value} ", str(value).upper(), f"{value}0"]
    return [other for other in [*found, *([None] if column in ("role", "session") else [])] if other != value]


def test_a_change_of_any_field_of_any_line_is_named(database: Database) -> None:
    fill(database)
    tried = 0
    for number in range(1, 6):
        for column in (each for each in TABLE.columns if each.name != "id"):
            with database.engine.connect() as connection:
                value = connection.execute(select(column).where(TABLE.c.id == number)).scalar_one()
            for other in others(column.name, value):
                with database.changing() as connection, unguarded(connection):
                    try:
                        with connection.begin_nested() as point:
                            connection.execute(
                                update(AuditRow).where(TABLE.c.id == number).values({column.name: other})
                            )
                            stored = connection.execute(select(column).where(TABLE.c.id == number)).scalar_one()
                            found = verify(connection)
                            point.rollback()
                    except DataError:  # too long for the column: it cannot stand there at all
                        continue
                if stored == value:  # PostgreSQL cuts spaces that are too many
                    continue
                assert (found.row, bool(found.problem)) == (number, True), f"{column.name} = {other!r}"
                tried += 1
    assert tried > 120
    assert check(database) == (None, "")


@pytest.mark.parametrize(
    ("statements", "row", "problem"),
    [
        (["DELETE FROM staff_audit WHERE id = 3"], 3, "it is missing"),
        (["DELETE FROM staff_audit WHERE id = 1"], 1, "it is missing"),
        (["DELETE FROM staff_audit WHERE id = 5"], 5, "it is missing at the end"),
        (["DELETE FROM staff_audit WHERE id > 2"], 3, "it is missing at the end"),
        (["DELETE FROM staff_audit"], 1, "it is missing at the end"),
        (["UPDATE staff_audit SET id = 9 WHERE id = 5"], 5, "it is missing"),
        (["UPDATE staff_audit SET id = 0 WHERE id = 1"], 0, "there is no line of this number"),
        (
            [
                "UPDATE staff_audit SET id = 99 WHERE id = 2",
                "UPDATE staff_audit SET id = 2 WHERE id = 3",
                "UPDATE staff_audit SET id = 3 WHERE id = 99",
            ],
            2,
            "it does not follow the line before: one of them was changed, moved or put in",
        ),
        (["UPDATE staff_audit_head SET last = 4"], 5, "the log's head does not tell it as the last one, or with "),
        (["DELETE FROM staff_audit_head"], 5, "the log's head does not tell it as the last one, or with "),
    ],
)
def test_missing_and_moved_lines_are_named(database: Database, statements: list[str], row: int, problem: str) -> None:
    fill(database)
    tamper(database, lambda connection: [connection.execute(text(one)) for one in statements])
    found = check(database)
    assert found[0] == row
    assert found[1].startswith(problem)


def test_a_chain_that_was_written_anew_is_told_by_what_was_noted(database: Database) -> None:
    fill(database)
    with database.engine.connect() as connection:
        noted = head_of(connection)
    assert check(database, noted) == (None, "")
    fill(database, 1)
    assert check(database, noted) == (None, "")

    def forge(connection: Connection) -> None:
        connection.execute(delete(AuditRow))
        connection.execute(delete(AuditHeadRow))

    tamper(database, forge)
    fill(database, 7)
    assert check(database) == (None, "")
    row, problem = check(database, noted)
    assert row == 5
    assert "not the one that was noted" in problem


_ONE = st.text(max_size=40)
_DETAILS = st.dictionaries(
    st.text(st.characters(categories=["Ll"]), min_size=1, max_size=8).filter(
        lambda name: name not in ("session", "actor", "action", "subject")
    ),
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _ONE | st.lists(_ONE, max_size=3),
    max_size=4,
)


@settings(max_examples=60)
@given(name=_ONE, subject=_ONE, details=_DETAILS)
def test_whatever_is_noted_is_kept_and_verifies(
    tmp_path_factory: pytest.TempPathFactory, name: str, subject: str, details: dict[str, Any]
) -> None:
    database = _shared(tmp_path_factory)
    with database.writing() as session:
        note(session, Actor(name=name, role=Role.ADMIN), Action.SWITCH, subject, **details)
    assert check(database) == (None, "")
    entry = AuditLog(database).entries(ADMIN, limit=1)[0]
    if not any(character == "\0" or "\ud800" <= character <= "\udfff" for character in name + subject):
        assert (entry.actor, entry.subject) == (name, subject)


_DATABASES: list[Database] = []


def _shared(folders: pytest.TempPathFactory) -> Database:
    from sqlalchemy import URL

    if not _DATABASES:
        database = Database(URL.create("sqlite", database=str(folders.mktemp("audit") / "records.sqlite3")))
        database.upgrade()
        _DATABASES.append(database)
    return _DATABASES[0]


def test_many_threads_make_one_chain(database: Database) -> None:
    database.upgrade()

    def write(number: int) -> None:
        for turn in range(5):
            with database.writing() as session:
                note(session, KIM, Action.CLAIM, f"item:{number}", turn=turn)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(6)))
    assert check(database) == (None, "")
    assert len(AuditLog(database).entries(ADMIN)) == 30


_WRITER = """
import sys
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError
from civicbot.records.database import Database
from civicbot.review.access import Action, Actor, Role
from civicbot.review.audit import note
database = Database(make_url(sys.argv[1]))
done = 0
while done < 20:
    try:
        with database.writing() as session:
            note(session, Actor(name=sys.argv[2], role=Role.ADMIN), Action.SWITCH, "switch:1", turn=done)
        done += 1
    except SQLAlchemyError:  # the other process writes for long
        pass
database.close()
"""


def test_two_processes_make_one_chain(database: Database) -> None:
    database.upgrade()
    url = database.engine.url.render_as_string(hide_password=False)
    writers = [subprocess.Popen([sys.executable, "-c", _WRITER, url, name]) for name in ("one", "two")]
    assert [writer.wait(120) for writer in writers] == [0, 0]
    assert check(database) == (None, "")
    assert len(AuditLog(database).entries(ADMIN)) == 40


@pytest.mark.parametrize("target", KINDS)
def test_a_backup_brings_the_log_along_and_no_session(
    database: Database,
    target: Kind,
    address_of: Callable[[Kind], str],
    opened: Callable[[str], Database],
    tmp_path: Path,
) -> None:
    from tests.review.doors import CLIENT, PASSWORD, accounts_on

    fill(database, 3)
    accounts = accounts_on(database)
    accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)
    accounts.logins.with_password("kim", PASSWORD, CLIENT)
    archive = tmp_path / "backup.zip"
    backup(database, archive)
    other = opened(address_of(target))
    fill(other, 4)
    restore(other, archive, force=True, keep=tmp_path)
    assert check(other) == (None, "")
    assert [entry.id for entry in AuditLog(other).entries(ADMIN)] == [5, 4, 3, 2, 1]
    with other.reading() as session:
        assert session.scalars(select(SessionRow)).all() == []
    # The triggers are back, and the chain goes on.
    with pytest.raises(DatabaseError, match="only added to"), other.transaction() as connection:
        connection.execute(text("DELETE FROM staff_audit"))
    fill(other, 1)
    assert check(other) == (None, "")
