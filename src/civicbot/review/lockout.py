"""Names under which too many log-ins have failed: no further one for a while, whether there is such a user or not."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.records.dialects import insert_or_ignore
from civicbot.records.tables import LockoutRow

FREE = 5
"""How many log-ins may fail before the name is locked."""

LOCKS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""For how long the name is locked after the last free failure and after each further one; the last goes on."""

FORGOTTEN = timedelta(days=1)
"""After this time without a failure, all are forgotten."""


class LockedOutError(CivicbotError):
    """Too many log-ins under a name have failed.

    Attributes:
        seconds: until the next one may be tried, at least 1.
    """

    code = "locked_out"

    def __init__(self, seconds: int) -> None:
        minutes = ceil(seconds / 60)
        wait = f"Wait {minutes} minute{'' if minutes == 1 else 's'}"
        super().__init__(
            "Too many log-ins under this name have failed.",
            hint=f"{wait}, or ask an admin for `civicbot users unlock NAME`.",
        )
        self.seconds = seconds


class Lockout:
    """Counts failed log-ins in the database, so that all processes know of them.

    Args:
        secret: keys the hashes of names.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def attempt(self, session: Session, name: str, now: datetime) -> timedelta | None:
        """Counts a log-in as failed before it is tried, so that many at once get no more tries than one by one.

        :meth:`forgive` it when it goes well.

        Args:
            session: inside ``database.writing()``.
            name: as it was typed, folded.
            now: aware.

        Returns:
            For how long the name is locked if this log-in fails; None while more may be tried.

        Raises:
            LockedOutError: the name is locked; nothing is counted.
        """
        key = self._key(name)
        session.execute(delete(LockoutRow).where(LockoutRow.last_at < now - FORGOTTEN))
        empty = {"key": key, "failures": 0, "last_at": now, "until": None}
        session.execute(insert_or_ignore(session.get_bind().dialect.name, LockoutRow), empty)
        row = session.scalars(select(LockoutRow).where(LockoutRow.key == key).with_for_update()).one()
        if row.until is not None and row.until > now:
            raise LockedOutError(max(1, ceil((row.until - now).total_seconds())))
        row.failures += 1
        row.last_at = now
        lock = LOCKS[min(row.failures - FREE, len(LOCKS) - 1)] if row.failures >= FREE else None
        row.until = now + lock if lock else None
        session.flush()
        return lock

    def forgive(self, session: Session, name: str) -> None:
        """Forgets the failures of a name."""
        session.execute(delete(LockoutRow).where(LockoutRow.key == self._key(name)))

    def _key(self, name: str) -> str:
        return hmac.new(self._secret, f"lockout:{name}".encode("utf-8", "replace"), hashlib.sha256).hexdigest()
