"""Names are locked after failures, for longer each time, known or not, in every process."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select
from tests.review.doors import ADMIN, CLIENT, PASSWORD, Clock, accounts_on

from civicbot.records.database import Database
from civicbot.records.tables import AuditRow, LockoutRow
from civicbot.review.access import Action, Role
from civicbot.review.accounts import Accounts
from civicbot.review.lockout import LockedOutError
from civicbot.review.logins import LoggedIn, LogInError


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    accounts = accounts_on(database, clock)
    accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)
    return accounts


def fail(accounts: Accounts, name: str = "kim", times: int = 1) -> list[int]:
    """Fails to log in; returns the seconds that the name was locked for each time."""
    locked = []
    for _ in range(times):
        with pytest.raises(LogInError, match="The name or the password is wrong") as caught:
            accounts.logins.with_password(name, "wrong password", CLIENT)
        locked.append(caught.value.locked_seconds)
    return locked


def log_in(accounts: Accounts, name: str = "kim") -> LoggedIn:
    return accounts.logins.with_password(name, PASSWORD, CLIENT)


@pytest.mark.parametrize("name", ["kim", "nobody-has-this"])
def test_locks_grow(accounts: Accounts, clock: Clock, name: str) -> None:
    assert fail(accounts, name, 5) == [0, 0, 0, 0, 60]
    for seconds, then in ((60, 300), (300, 900), (900, 900)):
        with pytest.raises(LockedOutError, match="have failed") as caught:
            log_in(accounts, name)
        assert caught.value.seconds == seconds
        clock.go(seconds=seconds)
        assert fail(accounts, name) == [then]


def test_the_right_password_does_not_open_a_locked_name(accounts: Accounts, clock: Clock) -> None:
    fail(accounts, times=5)
    clock.go(seconds=59)
    with pytest.raises(LockedOutError):
        log_in(accounts)
    clock.go(seconds=1)
    assert log_in(accounts).actor.name == "kim"


def test_success_forgets_failures(accounts: Accounts) -> None:
    fail(accounts, times=4)
    log_in(accounts)
    assert fail(accounts, times=5) == [0, 0, 0, 0, 60]


def test_a_day_forgets_failures(accounts: Accounts, clock: Clock, database: Database) -> None:
    fail(accounts, times=4)
    fail(accounts, "nobody-has-this")
    clock.go(days=1, seconds=1)
    assert fail(accounts) == [0]
    with database.reading() as session:
        assert len(session.scalars(select(LockoutRow)).all()) == 1


def test_an_admin_unlocks(accounts: Accounts) -> None:
    fail(accounts, times=5)
    accounts.people.unlock(ADMIN, "kim")
    log_in(accounts)
    fail(accounts, times=5)
    accounts.people.set_password(ADMIN, "kim", PASSWORD)
    log_in(accounts)


def test_others_are_not_locked(accounts: Accounts) -> None:
    accounts.people.add(ADMIN, "lee", Role.REVIEWER, PASSWORD)
    fail(accounts, times=5)
    assert log_in(accounts, "lee")


def test_case_and_width_are_no_new_name(accounts: Accounts) -> None:
    for name in ("kim", "KIM", "ｋｉｍ", " kim"):
        fail(accounts, name)
    assert fail(accounts, "Kim") == [60]


def test_every_process_knows(accounts: Accounts, database: Database, clock: Clock) -> None:
    other = accounts_on(database, clock)
    fail(accounts, times=3)
    assert fail(other, times=2) == [0, 60]
    with pytest.raises(LockedOutError):
        log_in(accounts)


def test_many_at_once_get_no_more_tries(accounts: Accounts) -> None:
    begin = threading.Barrier(8)

    def attempt(_: int) -> str:
        begin.wait()
        try:
            log = accounts.logins.with_password("kim", "wrong password", CLIENT)
        except (LogInError, LockedOutError) as error:
            return error.code
        return log.actor.name

    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(attempt, range(8)))
    assert found == ["locked_out"] * 3 + ["log_in"] * 5


def test_the_log_tells_failures_and_locks_without_what_was_typed(accounts: Accounts, database: Database) -> None:
    fail(accounts, times=5)
    with pytest.raises(LockedOutError):
        log_in(accounts)
    typed = "my-password-in-the-wrong-field"
    fail(accounts, typed)
    entries = accounts.audit.entries(ADMIN)
    assert [entry.details["why"] for entry in entries if entry.action == Action.LOG_IN_FAILED] == [
        "wrong",
        "locked",
        *["wrong"] * 5,
    ]
    assert [entry.subject for entry in entries[:2]] == ["user:?", "user:kim"]
    (lock,) = accounts.audit.entries(ADMIN, action=Action.LOCK_OUT)
    assert lock.details == {"client": CLIENT, "seconds": 60}
    with database.reading() as session:
        stored = [*session.scalars(select(LockoutRow.key)), *session.scalars(select(AuditRow.subject))]
    assert not any(typed in str(each) or each == "kim" for each in stored)
