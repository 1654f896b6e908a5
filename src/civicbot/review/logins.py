"""Logging in, by password or through the OpenID provider; each try is in the audit log."""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.model import Noun
from civicbot.records.database import Database
from civicbot.records.tables import UserRow
from civicbot.review.access import Action, Actor, Role
from civicbot.review.audit import note, note_nobody
from civicbot.review.lockout import LockedOutError, Lockout
from civicbot.review.passwords import LONGEST, Passwords
from civicbot.review.people import Clock, checked_name, folded_name, now_utc
from civicbot.review.sessions import Sessions

UNKNOWN = "user:?"
"""The subject of a failed log-in under a name that nobody has: what was typed may be a password."""


class LogInError(CivicbotError):
    """Somebody cannot log in; it does not tell whether the name or the password is wrong.

    Attributes:
        locked_seconds: for how long the name is locked now, 0 when it is not.
    """

    code = "log_in"
    hint = "Check both and try again."

    def __init__(
        self, message: str, *, locked_seconds: int = 0, hint: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.locked_seconds = locked_seconds


class Identity(Noun):
    """Who somebody is, as a verified token of the OpenID provider says.

    Attributes:
        issuer: the provider.
        subject: the provider's own, lasting name of the user.
        name: what the user is called here.
        role: None when the provider's roles are none of ours.
    """

    issuer: str
    subject: str
    name: str
    role: Role | None


class LoggedIn(Noun):
    """A log-in that went well; the token goes into the cookie and nowhere else."""

    token: str
    actor: Actor

    def __repr__(self) -> str:
        return f"LoggedIn({self.actor.name!r})"

    __str__ = __repr__


class LogIns:
    """Lets users in.

    Args:
        database: the database of the records.
        passwords: checks them.
        lockout: counts failures.
        sessions: opens sessions.
        clock: tells the time.
    """

    def __init__(
        self,
        database: Database,
        passwords: Passwords,
        lockout: Lockout,
        sessions: Sessions,
        clock: Clock = now_utc,
    ) -> None:
        self._database = database
        self._passwords = passwords
        self._lockout = lockout
        self._sessions = sessions
        self._clock = clock

    def with_password(self, name: str, password: str, client: str) -> LoggedIn:
        """Logs somebody in by name and password; it takes as long for a name that nobody has.

        Args:
            name: as it was typed.
            password: as it was typed.
            client: the address, for the audit log.

        Raises:
            LogInError: it is not so.
            LockedOutError: too many log-ins under this name have failed.
        """
        name = folded_name(name)[:LONGEST]
        try:
            with self._database.writing() as session:
                lock = self._lockout.attempt(session, name, self._clock())
                user = _named(session, name)
                stored = user.password if user is not None and not user.disabled else None
        except LockedOutError:
            with self._database.writing() as session:
                known = _named(session, name) is not None
                note_nobody(session, Action.LOG_IN_FAILED, _subject(name, known), client=client, why="locked")
            raise
        right = self._passwords.check(stored, password)
        fresh = self._passwords.hash(password) if right and stored and self._passwords.is_outdated(stored) else stored
        with self._database.writing() as session:
            user = _named(session, name)
            # What was read before the slow check may have changed since.
            if right and user is not None and not user.disabled and user.password == stored:
                user.password = fresh
                self._lockout.forgive(session, user.name)
                return self._opened(session, user, client, "password")
            why = "disabled" if user is not None and user.disabled else "wrong"
            subject = _subject(name, user is not None)
            note_nobody(session, Action.LOG_IN_FAILED, subject, client=client, why=why)
            seconds = round(lock.total_seconds()) if lock is not None else 0
            if seconds:
                note_nobody(session, Action.LOCK_OUT, subject, client=client, seconds=seconds)
        raise LogInError("The name or the password is wrong.", locked_seconds=seconds)

    def with_provider(self, identity: Identity, client: str) -> LoggedIn:
        """Logs somebody in whom the OpenID provider knows; at the first time a user is made.

        Raises:
            LogInError: none of the provider's roles is ours, the user is disabled, or the name is another user's.
        """
        try:
            with self._database.writing() as session:
                user = _external(session, identity)
                problem = _refused(session, user, identity)
                if problem is None:
                    return self._enter_external(session, user, identity, client)
                subject = UNKNOWN if user is None else f"user:{user.name}"
                note_nobody(session, Action.LOG_IN_FAILED, subject, client=client, why=problem.code)
        except IntegrityError:
            # Two first log-ins at once.
            raise LogInError("The log-in met another one.", hint="Try again.", code="again") from None
        raise problem

    def _enter_external(self, session: Session, user: UserRow | None, identity: Identity, client: str) -> LoggedIn:
        assert identity.role is not None  # refused before
        role, change = identity.role, ""
        if user is None:
            user = UserRow(
                name=external_name(identity.name),
                role=role.value,
                issuer=identity.issuer,
                subject=identity.subject,
                disabled=False,
                created_at=self._clock(),
            )
            session.add(user)
            change = "added"
        elif user.role != role.value:
            user.role = role.value
            change = "role"
        logged_in = self._opened(session, user, client, "oidc")
        if change:
            subject = f"user:{user.name}"
            note(session, logged_in.actor, Action.OWN_ACCOUNT, subject, change=change, role=role.value, by="oidc")
        return logged_in

    def _opened(self, session: Session, user: UserRow, client: str, how: str) -> LoggedIn:
        user.last_login_at = self._clock()
        session.flush()
        token, actor = self._sessions.open(session, user, client)
        note(session, actor, Action.LOG_IN, f"user:{user.name}", client=client, how=how)
        return LoggedIn(token=token, actor=actor)


def external_name(name: str) -> str:
    """What a user of the OpenID provider is called here: what names cannot hold becomes ``-``.

    Raises:
        UserError: nothing is left of it.
    """
    return checked_name(re.sub(r"[^\w.@+-]+", "-", folded_name(name)).lstrip(".@+-")[:64])


def _refused(session: Session, user: UserRow | None, identity: Identity) -> LogInError | None:
    if identity.role is None:
        return LogInError(
            "None of your roles at the provider may use the staff desk.", hint="Ask an admin for one.", code="no_role"
        )
    if user is not None:
        if user.disabled:
            return LogInError("This user is disabled.", hint="Ask an admin.", code="disabled")
        return None
    # Never joined with the user who has the name: whoever can choose a name at the provider would become them.
    if _named(session, external_name(identity.name)) is not None:
        return LogInError("Another user has your name already.", hint="Ask an admin.", code="name_taken")
    return None


def _external(session: Session, identity: Identity) -> UserRow | None:
    same = UserRow.issuer == identity.issuer, UserRow.subject == identity.subject
    return session.scalars(select(UserRow).where(*same)).first()


def _named(session: Session, name: str) -> UserRow | None:
    return session.scalars(select(UserRow).where(UserRow.name == name)).first()


def _subject(name: str, known: bool) -> str:
    return f"user:{name}" if known else UNKNOWN
