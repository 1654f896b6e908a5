"""All that has to do with who may come in, put together once."""

from __future__ import annotations

import getpass
import os
from dataclasses import dataclass
from datetime import timedelta

from civicbot.records.database import Database
from civicbot.review.access import Actor, Role
from civicbot.review.audit import AuditLog
from civicbot.review.flows import Flows
from civicbot.review.lockout import Lockout
from civicbot.review.logins import LogIns
from civicbot.review.passwords import Passwords
from civicbot.review.people import Clock, People, now_utc
from civicbot.review.secret import server_secret
from civicbot.review.sessions import Sessions
from civicbot.settings import Settings


@dataclass(frozen=True)
class Accounts:
    """Users, sessions, log-ins and the log of what was done; thread-safe.

    Attributes:
        secret: of the server, for cookies.
    """

    people: People
    sessions: Sessions
    logins: LogIns
    flows: Flows
    audit: AuditLog
    secret: bytes


def open_accounts(
    database: Database, settings: Settings, *, clock: Clock = now_utc, passwords: Passwords | None = None
) -> Accounts:
    """Puts the accounts together; the database is not opened yet.

    Args:
        database: of the records.
        settings: how long sessions last, and the secret.
        clock: tells the time.
        passwords: hashes them.

    Raises:
        SettingsError: the server's secret cannot be made or read.
    """
    passwords = passwords or Passwords()
    secret = server_secret(settings)
    lockout = Lockout(secret)
    idle, longest = timedelta(minutes=settings.staff_idle_minutes), timedelta(hours=settings.staff_session_hours)
    sessions = Sessions(database, idle=idle, longest=longest, clock=clock)
    return Accounts(
        people=People(database, passwords, lockout, clock),
        sessions=sessions,
        logins=LogIns(database, passwords, lockout, sessions, clock),
        flows=Flows(database, clock),
        audit=AuditLog(database),
        secret=secret,
    )


def command_line() -> Actor:
    """Whoever types commands: they can read and write the database anyway, so they may do all.

    The name holds a colon, which no user's name can.
    """
    try:
        account = getpass.getuser()
    except (OSError, KeyError):  # a container's user may have no name
        account = str(os.getuid())
    return Actor(name=f"cli:{account}"[:64], role=Role.ADMIN)
