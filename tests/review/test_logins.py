"""Logging in by password and through a provider."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher
from pydantic import SecretStr
from sqlalchemy import select
from tests.review.doors import ADMIN, CLIENT, PASSWORD, Clock, accounts_on

from civicbot.records.database import Database
from civicbot.records.tables import UserRow
from civicbot.review.access import Action, Role
from civicbot.review.accounts import Accounts, open_accounts
from civicbot.review.logins import Identity, LogInError, external_name
from civicbot.review.passwords import Passwords
from civicbot.review.people import UserError
from civicbot.settings import Settings

ISSUER = "https://login.city.example"


@pytest.fixture
def accounts(database: Database) -> Accounts:
    accounts = accounts_on(database, Clock())
    accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)
    return accounts


def identity(subject: str = "1", name: str = "Lee", role: Role | None = Role.REVIEWER) -> Identity:
    return Identity(issuer=ISSUER, subject=subject, name=name, role=role)


def test_who_logs_in(accounts: Accounts) -> None:
    entered = accounts.logins.with_password("Kim", PASSWORD, CLIENT)
    assert (entered.actor.name, entered.actor.role) == ("kim", Role.REVIEWER)
    assert entered.token not in repr(entered)
    assert entered.token not in str(entered)
    (line,) = accounts.audit.entries(ADMIN, action=Action.LOG_IN)
    assert (line.actor, line.session, line.details) == (
        "kim",
        entered.actor.session,
        {"client": CLIENT, "how": "password"},
    )


@pytest.mark.parametrize("name", ["kim", "nobody", "", "\0", "x" * 5000, "\ud800"])
def test_the_same_answer_whatever_is_wrong(accounts: Accounts, name: str) -> None:
    with pytest.raises(LogInError) as caught:
        accounts.logins.with_password(name, "wrong password", CLIENT)
    assert str(caught.value) == "The name or the password is wrong. Check both and try again."
    assert (caught.value.code, caught.value.locked_seconds) == ("log_in", 0)


def test_each_try_costs_one_hash_whether_the_name_is_known_or_not(database: Database) -> None:
    counted: list[str | None] = []

    class Counting(Passwords):
        """Counts the checks."""

        def check(self, stored: str | None, password: str) -> bool:
            counted.append(stored)
            return super().check(stored, password)

    database.upgrade()
    passwords = Counting(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    accounts = open_accounts(database, Settings(secret=SecretStr("x" * 32)), passwords=passwords)
    accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)
    for name in ("kim", "nobody"):
        with pytest.raises(LogInError):
            accounts.logins.with_password(name, "wrong password", CLIENT)
    assert [stored is None for stored in counted] == [False, True]


def test_a_hash_by_old_parameters_is_made_anew(accounts: Accounts, database: Database) -> None:
    old = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)).hash(PASSWORD)

    def stored() -> str | None:
        with database.reading() as session:
            return session.scalars(select(UserRow.password)).one()

    with database.writing() as session:
        session.scalars(select(UserRow)).one().password = old
    accounts.logins.with_password("kim", PASSWORD, CLIENT)
    renewed = stored()
    assert renewed is not None
    assert "$m=8,t=1,p=1$" in renewed
    accounts.logins.with_password("kim", PASSWORD, CLIENT)
    assert stored() == renewed


def test_a_user_of_the_provider_is_made_once_and_follows_its_role(accounts: Accounts) -> None:
    first = accounts.logins.with_provider(identity(), CLIENT)
    assert (first.actor.name, first.actor.role) == ("lee", Role.REVIEWER)
    again = accounts.logins.with_provider(identity(name="renamed", role=Role.ADMIN), CLIENT)
    assert (again.actor.name, again.actor.role) == ("lee", Role.ADMIN)
    actor = accounts.sessions.actor(first.token)
    assert actor is not None
    assert actor.role is Role.ADMIN
    (lee,) = (person for person in accounts.people.everybody(ADMIN) if person.external)
    assert lee.role is Role.ADMIN
    told = [entry.details for entry in accounts.audit.entries(ADMIN, action=Action.OWN_ACCOUNT)]
    assert told == [
        {"change": "role", "role": "admin", "by": "oidc"},
        {"change": "added", "role": "reviewer", "by": "oidc"},
    ]


def test_a_user_of_the_provider_has_no_password_and_no_other_role(accounts: Accounts) -> None:
    lee = accounts.logins.with_provider(identity(), CLIENT).actor
    assert not accounts.people.has_password(lee)
    with pytest.raises(LogInError):
        accounts.logins.with_password("lee", "", CLIENT)
    with pytest.raises(UserError, match="through the OpenID provider"):
        accounts.people.set_password(ADMIN, "lee", PASSWORD)
    with pytest.raises(UserError, match="comes from the OpenID provider"):
        accounts.people.set_role(ADMIN, "lee", Role.ADMIN)
    with pytest.raises(UserError, match="wrong"):
        accounts.people.change_own_password(lee, "", PASSWORD)


@pytest.mark.parametrize(
    ("who", "code"),
    [
        (identity(role=None), "no_role"),
        (identity(name="KIM"), "name_taken"),
        (identity("2", "gone"), "disabled"),
    ],
)
def test_who_is_refused(accounts: Accounts, who: Identity, code: str) -> None:
    accounts.logins.with_provider(identity("2", "gone"), CLIENT)
    accounts.people.disable(ADMIN, "gone")
    with pytest.raises(LogInError) as caught:
        accounts.logins.with_provider(who, CLIENT)
    assert caught.value.code == code
    assert accounts.audit.entries(ADMIN, action=Action.LOG_IN_FAILED)[0].details["why"] == code


def test_who_loses_their_role_is_refused_from_then_on(accounts: Accounts) -> None:
    accounts.logins.with_provider(identity(), CLIENT)
    with pytest.raises(LogInError, match="None of your roles"):
        accounts.logins.with_provider(identity(role=None), CLIENT)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("Lee, Soon-Shin", "lee-soon-shin"),
        ("lee@city.example", "lee@city.example"),
        ("...x", "x"),
        ("이 순신", "이-순신"),
    ],
)
def test_names_of_the_provider(told: str, name: str) -> None:
    assert external_name(told) == name


def test_a_name_of_which_nothing_is_left(accounts: Accounts) -> None:
    with pytest.raises(UserError):
        accounts.logins.with_provider(identity(name="!!!"), CLIENT)
