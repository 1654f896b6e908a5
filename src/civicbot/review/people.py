"""Members of staff: their names, roles and passwords."""

from __future__ import annotations

import contextlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from sqlalchemy import delete, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.model import Noun
from civicbot.records.database import Database
from civicbot.records.tables import SessionRow, UserRow
from civicbot.review.access import Action, Actor, Role, guarded
from civicbot.review.audit import note
from civicbot.review.lockout import Lockout
from civicbot.review.passwords import Passwords, check_acceptable

Clock = Callable[[], datetime]
_NAME = re.compile(r"\w[\w.@+-]{0,63}")


class UserError(CivicbotError):
    """Something cannot be done with a user."""

    code = "user"
    hint = "`civicbot users list` shows all users."


class Person(Noun):
    """A member of staff.

    Attributes:
        external: whether they log in through the OpenID provider, which also tells their role.
        last_login_at: None before the first log-in.
    """

    name: str
    role: Role
    disabled: bool
    external: bool
    created_at: datetime
    last_login_at: datetime | None


def now_utc() -> datetime:
    """The time, aware."""
    return datetime.now(UTC)


def folded_name(name: str) -> str:
    """A name as it is stored and compared: width and case do not matter, and every database can hold it."""
    plain = unicodedata.normalize("NFKC", name).encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return plain.strip().casefold()


class People:
    """Keeps the users; what is changed counts from their next request on.

    Args:
        database: the database of the records.
        passwords: hashes them.
        lockout: forgotten with a new password.
        clock: tells the time.
    """

    def __init__(self, database: Database, passwords: Passwords, lockout: Lockout, clock: Clock = now_utc) -> None:
        self._database = database
        self._passwords = passwords
        self._lockout = lockout
        self._clock = clock

    def anybody(self) -> bool:
        """Whether there is a user at all; the log-in page says how to make the first one."""
        with self._database.reading() as session:
            return bool(session.scalar(select(exists().where(UserRow.id.is_not(None)))))

    @guarded(Action.MANAGE_USERS)
    def everybody(self, actor: Actor) -> list[Person]:
        """All users by name."""
        del actor
        with self._database.reading() as session:
            return [_person(row) for row in session.scalars(select(UserRow).order_by(UserRow.name))]

    @guarded(Action.MANAGE_USERS)
    def add(self, actor: Actor, name: str, role: Role, password: str) -> Person:
        """Makes a user.

        Raises:
            UserError: the name cannot be used, or is taken.
            PasswordError: the password must not be used.
        """
        name = checked_name(name)
        check_acceptable(password, name)
        hashed = self._passwords.hash(password)
        row = UserRow(name=name, role=role.value, password=hashed, disabled=False, created_at=self._clock())
        with _unique(name), self._database.writing() as session:
            session.add(row)
            session.flush()
            self._lockout.forgive(session, name)
            note(session, actor, Action.MANAGE_USERS, f"user:{name}", change="added", role=role.value)
            return _person(row)

    @guarded(Action.MANAGE_USERS)
    def set_role(self, actor: Actor, name: str, role: Role) -> Person:
        """Gives a user another role.

        Raises:
            UserError: there is no such user, it is the actor, or the OpenID provider tells the role.
        """
        with self._changing(actor, name) as (session, row):
            if row.issuer is not None:
                raise UserError(f"The role of {row.name!r} comes from the OpenID provider.", hint="Change it there.")
            before, row.role = row.role, role.value
            session.flush()
            note(session, actor, Action.MANAGE_USERS, f"user:{row.name}", change="role", role=role.value, before=before)
            return _person(row)

    @guarded(Action.MANAGE_USERS)
    def set_password(self, actor: Actor, name: str, password: str) -> None:
        """Gives a user another password, logs them out everywhere and forgets their failed log-ins.

        Raises:
            UserError: there is no such user, or they log in through the OpenID provider.
            PasswordError: the password must not be used.
        """
        check_acceptable(password, folded_name(name))
        hashed = self._passwords.hash(password)
        with self._changing(actor, name, oneself=True) as (session, row):
            self._replace_password(session, row, hashed)
            end_sessions(session, row)
            self._lockout.forgive(session, row.name)
            note(session, actor, Action.MANAGE_USERS, f"user:{row.name}", change="password")

    @guarded(Action.OWN_ACCOUNT)
    def has_password(self, actor: Actor) -> bool:
        """Whether the actor logs in with a password of ours, which they can change."""
        with self._database.reading() as session:
            return session.scalar(select(UserRow.password).where(UserRow.name == actor.name)) is not None

    @guarded(Action.OWN_ACCOUNT)
    def change_own_password(self, actor: Actor, old: str, new: str) -> None:
        """Changes the actor's own password and ends their other sessions.

        Raises:
            UserError: the old one is wrong, or the actor logs in through the OpenID provider.
            PasswordError: the new one must not be used.
            LockedOutError: the old one was wrong too often.
        """
        check_acceptable(new, actor.name)
        with self._database.writing() as session:
            self._lockout.attempt(session, actor.name, self._clock())
            stored = _found(session, actor.name).password
        if not self._passwords.check(stored, old):
            raise UserError("The old password is wrong.", hint="Type it again.", code="wrong_password")
        hashed = self._passwords.hash(new)
        with self._database.writing() as session:
            row = _found(session, actor.name)
            self._replace_password(session, row, hashed)
            end_sessions(session, row, but=actor.session)
            self._lockout.forgive(session, row.name)
            note(session, actor, Action.OWN_ACCOUNT, f"user:{row.name}", change="password")

    @guarded(Action.MANAGE_USERS)
    def disable(self, actor: Actor, name: str) -> None:
        """Lets a user in no more, and ends their sessions.

        Raises:
            UserError: there is no such user, or it is the actor.
        """
        with self._changing(actor, name) as (session, row):
            row.disabled = True
            end_sessions(session, row)
            note(session, actor, Action.MANAGE_USERS, f"user:{row.name}", change="disabled")

    @guarded(Action.MANAGE_USERS)
    def enable(self, actor: Actor, name: str) -> None:
        """Lets a disabled user in again.

        Raises:
            UserError: there is no such user.
        """
        with self._changing(actor, name) as (session, row):
            row.disabled = False
            note(session, actor, Action.MANAGE_USERS, f"user:{row.name}", change="enabled")

    @guarded(Action.MANAGE_USERS)
    def unlock(self, actor: Actor, name: str) -> None:
        """Forgets the failed log-ins of a user.

        Raises:
            UserError: there is no such user.
        """
        with self._changing(actor, name, oneself=True) as (session, row):
            self._lockout.forgive(session, row.name)
            note(session, actor, Action.MANAGE_USERS, f"user:{row.name}", change="unlocked")

    @guarded(Action.MANAGE_USERS)
    def remove(self, actor: Actor, name: str) -> None:
        """Deletes a user with their sessions; what they did stays in the audit log.

        Raises:
            UserError: there is no such user, or it is the actor.
        """
        with self._changing(actor, name) as (session, row):
            gone = row.name
            session.delete(row)
            session.flush()
            note(session, actor, Action.MANAGE_USERS, f"user:{gone}", change="removed")

    @contextlib.contextmanager
    def _changing(self, actor: Actor, name: str, *, oneself: bool = False) -> Iterator[tuple[Session, UserRow]]:
        with self._database.writing() as session:
            row = _found(session, folded_name(name))
            # So one admin is always left; the command line may do all.
            if not oneself and actor.session is not None and actor.name == row.name:
                raise UserError("You cannot do this to yourself.", hint="Ask another admin.", code="oneself")
            yield session, row

    @staticmethod
    def _replace_password(session: Session, row: UserRow, hashed: str) -> None:
        if row.issuer is not None:
            raise UserError(f"{row.name!r} logs in through the OpenID provider.", hint="Change the password there.")
        row.password = hashed
        session.flush()


def checked_name(name: str) -> str:
    """A name, folded.

    Raises:
        UserError: it cannot be used.
    """
    folded = folded_name(name)
    if _NAME.fullmatch(folded) is None:
        raise UserError(
            f"The name {name!r} cannot be used.", hint="Take up to 64 letters, digits and `.`, `_`, `-`, `+`, `@`."
        )
    return folded


def end_sessions(session: Session, user: UserRow, but: str | None = None) -> int:
    """Ends a user's sessions, but one if told; returns how many."""
    mine = SessionRow.user_id == user.id, SessionRow.id != (but or "")
    number = session.scalar(select(func.count()).select_from(SessionRow).where(*mine)) or 0
    session.execute(delete(SessionRow).where(*mine))
    return number


def _found(session: Session, name: str) -> UserRow:
    row = session.scalars(select(UserRow).where(UserRow.name == name).with_for_update()).first()
    if row is None:
        raise UserError(f"There is no user {name!r}.")
    return row


@contextlib.contextmanager
def _unique(name: str) -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise UserError(f"There is a user {name!r} already.") from None


def _person(row: UserRow) -> Person:
    return Person(
        name=row.name,
        role=Role(row.role),
        disabled=row.disabled,
        external=row.issuer is not None,
        created_at=row.created_at,
        last_login_at=row.last_login_at,
    )
