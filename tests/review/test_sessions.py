"""Sessions end when they should, and only their hash is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select
from tests.review.doors import ADMIN, CLIENT, PASSWORD, Clock, accounts_on

from civicbot.errors import RecordsUnavailableError
from civicbot.records.database import Database
from civicbot.records.tables import SessionRow
from civicbot.review.access import Action, Role
from civicbot.review.accounts import Accounts


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    accounts = accounts_on(database, clock, staff_idle_minutes=60, staff_session_hours=12)
    accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)
    return accounts


def log_in(accounts: Accounts) -> str:
    return accounts.logins.with_password("kim", PASSWORD, CLIENT).token


def test_a_token_is_random_and_stored_nowhere(accounts: Accounts, database: Database) -> None:
    tokens = {log_in(accounts) for _ in range(3)}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {43}
    with database.reading() as session:
        rows = session.scalars(select(SessionRow)).all()
    stored = str([vars(row) for row in rows])
    assert len(rows) == 3
    assert not any(token in stored for token in tokens)


@pytest.mark.parametrize("token", [None, "", "x", "x" * 43, "\ud800", "\0"])
def test_what_is_no_token_opens_nothing(accounts: Accounts, token: str | None) -> None:
    log_in(accounts)
    assert accounts.sessions.actor(token) is None
    accounts.sessions.end(token)


def test_an_unused_session_ends(accounts: Accounts, clock: Clock) -> None:
    token = log_in(accounts)
    clock.go(minutes=59, seconds=59)
    assert accounts.sessions.actor(token, active=False) is not None
    clock.go(seconds=1)
    assert accounts.sessions.actor(token) is None


def test_use_keeps_a_session_but_what_the_page_does_by_itself_does_not(accounts: Accounts, clock: Clock) -> None:
    used, left = log_in(accounts), log_in(accounts)
    for _ in range(4):
        clock.go(minutes=20)
        assert accounts.sessions.actor(used) is not None
        accounts.sessions.actor(left, active=False)
    assert accounts.sessions.actor(left) is None


def test_no_session_outlasts_its_day(accounts: Accounts, clock: Clock) -> None:
    token = log_in(accounts)
    for _ in range(23):
        clock.go(minutes=30)
        assert accounts.sessions.actor(token) is not None
    clock.go(minutes=30)
    assert accounts.sessions.actor(token) is None


def test_use_is_written_down_once_a_minute(accounts: Accounts, clock: Clock, database: Database) -> None:
    token, start = log_in(accounts), clock.now

    def seen() -> object:
        with database.reading() as session:
            return session.scalars(select(SessionRow.seen_at)).one()

    clock.go(seconds=59)
    accounts.sessions.actor(token)
    assert seen() == start
    clock.go(seconds=1)
    accounts.sessions.actor(token)
    assert seen() == clock.now


def test_logging_out(accounts: Accounts) -> None:
    here, there = log_in(accounts), log_in(accounts)
    accounts.sessions.end(here)
    assert accounts.sessions.actor(here) is None
    assert accounts.sessions.actor(there) is not None
    assert accounts.audit.entries(ADMIN, limit=1)[0].action == Action.LOG_OUT
    accounts.sessions.end(here)
    assert len(accounts.audit.entries(ADMIN, action=Action.LOG_OUT)) == 1


def test_logging_out_everywhere(accounts: Accounts) -> None:
    tokens = [log_in(accounts) for _ in range(3)]
    kim = accounts.sessions.actor(tokens[0])
    assert kim is not None
    own = accounts.sessions.own(kim)
    assert [one.own for one in own].count(True) == 1
    assert {one.client for one in own} == {CLIENT}
    assert accounts.sessions.end_own(kim) == 3
    assert [accounts.sessions.actor(token) for token in tokens] == [None] * 3
    log_in(accounts)
    assert accounts.sessions.end_all(ADMIN, "KIM") == 1
    assert accounts.sessions.end_all(ADMIN, "kim") == 0


def test_ended_sessions_are_deleted_at_the_next_log_in(accounts: Accounts, clock: Clock, database: Database) -> None:
    log_in(accounts)
    clock.go(hours=2)
    log_in(accounts)
    with database.reading() as session:
        assert len(session.scalars(select(SessionRow)).all()) == 1


def test_another_process_knows_of_it_all(accounts: Accounts, database: Database, clock: Clock) -> None:
    other = accounts_on(database, clock)
    token = log_in(accounts)
    actor = other.sessions.actor(token)
    assert actor is not None
    assert actor.name == "kim"
    other.sessions.end(token)
    assert accounts.sessions.actor(token) is None


def test_without_the_database_nobody_is_let_in(tmp_path: Path) -> None:
    from sqlalchemy import URL

    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    database = Database(URL.create("sqlite", database=str(tmp_path / "fine.sqlite3")))
    accounts = accounts_on(database)
    database.close()
    lost = Database(URL.create("sqlite", database=str(tmp_path / "file" / "records.sqlite3")))
    accounts.sessions._database = lost
    with pytest.raises(RecordsUnavailableError):
        accounts.sessions.actor("x" * 43)
    lost.close()
