"""Accounts for tests: a clock that is set by hand, and hashes that take no time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from argon2 import PasswordHasher
from pydantic import SecretStr

from civicbot.records.database import Database
from civicbot.review.access import Actor, Role
from civicbot.review.accounts import Accounts, open_accounts
from civicbot.review.passwords import Passwords
from civicbot.review.people import now_utc
from civicbot.settings import Settings

ADMIN = Actor(name="cli:test", role=Role.ADMIN)
PASSWORD = "네 낱말로 된 비밀번호 하나"
CLIENT = "192.0.2.7"
SECRET = "0123456789abcdef0123456789abcdef"
START = datetime(2026, 11, 22, 9, tzinfo=UTC)


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def go(self, **span: float) -> None:
        self.now += timedelta(**span)


def quick_passwords() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def accounts_on(database: Database, clock: Clock | None = None, **settings: object) -> Accounts:
    """Accounts in a database, which is brought up to date."""
    database.upgrade()
    chosen = Settings(secret=SecretStr(SECRET), **settings)  # type: ignore[arg-type]
    return open_accounts(database, chosen, clock=clock or now_utc, passwords=quick_passwords())
