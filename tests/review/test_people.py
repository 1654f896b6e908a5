"""Users: made, changed and removed, each time noted and in force at the next request."""

from __future__ import annotations

import pytest
from tests.review.doors import ADMIN, CLIENT, PASSWORD, Clock, accounts_on

from civicbot.records.database import Database
from civicbot.review.access import Action, Actor, NotAllowedError, Role
from civicbot.review.accounts import Accounts, command_line
from civicbot.review.logins import LogInError
from civicbot.review.passwords import PasswordError
from civicbot.review.people import UserError, checked_name

OTHER = "우산 기차 소나무 달력"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(database: Database, clock: Clock) -> Accounts:
    accounts = accounts_on(database, clock)
    accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)
    return accounts


def changes(accounts: Accounts) -> list[object]:
    return [entry.details.get("change") for entry in reversed(accounts.audit.entries(ADMIN, subject="user:kim"))]


def log_in(accounts: Accounts, name: str = "kim", password: str = PASSWORD) -> str:
    return accounts.logins.with_password(name, password, CLIENT).token


def test_nobody_is_there_by_default(database: Database) -> None:
    accounts = accounts_on(database)
    assert not accounts.people.anybody()
    assert accounts.people.everybody(ADMIN) == []
    accounts.people.add(ADMIN, "kim", Role.ADMIN, PASSWORD)
    assert accounts.people.anybody()


def test_a_new_user(accounts: Accounts, clock: Clock) -> None:
    (kim,) = accounts.people.everybody(ADMIN)
    assert (kim.name, kim.role, kim.disabled, kim.external) == ("kim", Role.REVIEWER, False, False)
    assert (kim.created_at, kim.last_login_at) == (clock.now, None)
    clock.go(hours=1)
    log_in(accounts)
    assert accounts.people.everybody(ADMIN)[0].last_login_at == clock.now
    assert changes(accounts)[0] == "added"


def test_names_are_folded_and_unique(accounts: Accounts) -> None:
    assert accounts.people.add(ADMIN, " 이순신 ", Role.ADMIN, PASSWORD).name == "이순신"
    for taken in ("KIM", "ｋｉｍ", "kim "):
        with pytest.raises(UserError, match="'kim' already"):
            accounts.people.add(ADMIN, taken, Role.ADMIN, PASSWORD)
    assert log_in(accounts, "KIM")


@pytest.mark.parametrize("name", ["", " ", "a b", "a:b", "cli:root", "-", "a/b", "a\n", "x" * 65, "<b>", ".a", "a\0b"])
def test_names_that_cannot_be_used(name: str) -> None:
    if name == "a\n":
        assert checked_name(name) == "a"
        return
    with pytest.raises(UserError, match="cannot be used"):
        checked_name(name)


def test_a_bad_password_makes_no_user(accounts: Accounts) -> None:
    with pytest.raises(PasswordError):
        accounts.people.add(ADMIN, "lee", Role.ADMIN, "short")
    assert [person.name for person in accounts.people.everybody(ADMIN)] == ["kim"]


def test_a_role_is_in_force_at_the_next_request(accounts: Accounts) -> None:
    token = log_in(accounts)
    accounts.people.set_role(ADMIN, "kim", Role.PUBLISHER)
    actor = accounts.sessions.actor(token)
    assert actor is not None
    assert actor.role is Role.PUBLISHER
    entry = accounts.audit.entries(ADMIN, action=Action.MANAGE_USERS)[0]
    assert entry.details == {"change": "role", "role": "publisher", "before": "reviewer"}


def test_a_disabled_user_is_out_at_once_and_stays_out(accounts: Accounts) -> None:
    token = log_in(accounts)
    accounts.people.disable(ADMIN, "kim")
    assert accounts.sessions.actor(token) is None
    with pytest.raises(LogInError):
        log_in(accounts)
    accounts.people.enable(ADMIN, "kim")
    assert accounts.sessions.actor(token) is None
    assert log_in(accounts)
    assert changes(accounts)[:3] == ["added", None, "disabled"]


def test_a_new_password_ends_all_sessions(accounts: Accounts) -> None:
    token = log_in(accounts)
    accounts.people.set_password(ADMIN, "kim", OTHER)
    assert accounts.sessions.actor(token) is None
    with pytest.raises(LogInError):
        log_in(accounts)
    assert log_in(accounts, password=OTHER)


def test_ones_own_password(accounts: Accounts) -> None:
    here, there = log_in(accounts), log_in(accounts)
    kim = accounts.sessions.actor(here)
    assert kim is not None
    assert accounts.people.has_password(kim)
    with pytest.raises(UserError, match="old password is wrong"):
        accounts.people.change_own_password(kim, "no", OTHER)
    with pytest.raises(PasswordError):
        accounts.people.change_own_password(kim, PASSWORD, "short")
    accounts.people.change_own_password(kim, PASSWORD, OTHER)
    assert accounts.sessions.actor(here) == kim
    assert accounts.sessions.actor(there) is None
    assert log_in(accounts, password=OTHER)


def test_a_removed_user_leaves_only_the_log(accounts: Accounts) -> None:
    token = log_in(accounts)
    accounts.people.remove(ADMIN, "kim")
    assert accounts.sessions.actor(token) is None
    assert accounts.people.everybody(ADMIN) == []
    assert changes(accounts) == ["added", None, "removed"]
    assert accounts.audit.verify(ADMIN).row is None
    # Somebody new with the old name gets no old session.
    accounts.people.add(ADMIN, "kim", Role.ADMIN, PASSWORD)
    assert accounts.sessions.actor(token) is None


def test_admins_do_not_shut_themselves_out(accounts: Accounts) -> None:
    accounts.people.add(ADMIN, "lee", Role.ADMIN, PASSWORD)
    lee = accounts.sessions.actor(log_in(accounts, "lee"))
    assert lee is not None
    for change in (
        lambda: accounts.people.set_role(lee, "LEE", Role.REVIEWER),
        lambda: accounts.people.disable(lee, "lee"),
        lambda: accounts.people.remove(lee, "lee"),
    ):
        with pytest.raises(UserError, match="to yourself"):
            change()
    accounts.people.set_password(lee, "lee", OTHER)
    accounts.people.remove(ADMIN, "lee")


def test_unknown_users_are_named(accounts: Accounts) -> None:
    for change in (
        lambda: accounts.people.set_role(ADMIN, "lee", Role.ADMIN),
        lambda: accounts.people.set_password(ADMIN, "lee", PASSWORD),
        lambda: accounts.people.disable(ADMIN, "lee"),
        lambda: accounts.people.enable(ADMIN, "lee"),
        lambda: accounts.people.unlock(ADMIN, "lee"),
        lambda: accounts.people.remove(ADMIN, "lee"),
        lambda: accounts.sessions.end_all(ADMIN, "lee"),
    ):
        with pytest.raises(UserError, match="no user 'lee'"):
            change()


def test_only_admins_manage_users(accounts: Accounts) -> None:
    publisher = Actor(name="lee", role=Role.PUBLISHER, session="s")
    with pytest.raises(NotAllowedError, match="this takes admin"):
        accounts.people.set_role(publisher, "lee", Role.ADMIN)


def test_the_command_line_is_nobodys_name() -> None:
    actor = command_line()
    assert actor.role is Role.ADMIN
    assert actor.session is None
    with pytest.raises(UserError):
        checked_name(actor.name)
