"""Sessions: who is logged in, and for how long. Only the hash of a session's token is stored."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from civicbot.errors import RecordsUnavailableError
from civicbot.model import Noun
from civicbot.records.database import Database, is_outage
from civicbot.records.tables import SessionRow, UserRow
from civicbot.review.access import Action, Actor, Role, guarded
from civicbot.review.audit import note
from civicbot.review.people import Clock, UserError, end_sessions, folded_name, now_utc

TOKEN_BYTES = 32
"""Randomness of a token, 256 bits."""

SEEN_EVERY = timedelta(minutes=1)
"""How often a session's last use is written down; a write for every request would make others wait."""


class OpenSession(Noun):
    """A log-in that has not ended.

    Attributes:
        client: the address that it was opened from.
        own: whether it is the one that asks.
    """

    id: str
    client: str
    created_at: datetime
    seen_at: datetime
    own: bool


class Sessions:
    """Opens, finds and ends sessions; every request asks the database anew.

    Args:
        database: the database of the records.
        idle: a session ends when it was not used for so long.
        longest: it ends so long after the log-in in any case.
        clock: tells the time.
    """

    def __init__(self, database: Database, *, idle: timedelta, longest: timedelta, clock: Clock = now_utc) -> None:
        self._database = database
        self._idle = idle
        self._longest = longest
        self._clock = clock

    def open(self, session: Session, user: UserRow, client: str) -> tuple[str, Actor]:
        """Opens a session for a user who has proved who they are, in the caller's transaction.

        Returns:
            The new token, which is told nowhere else, and the actor.
        """
        now = self._clock()
        self._delete_ended(session, now)
        token, name = secrets.token_urlsafe(TOKEN_BYTES), uuid.uuid4().hex
        row = SessionRow(
            id=name, token=_hashed(token), user_id=user.id, client=client[:64], created_at=now, seen_at=now
        )
        session.add(row)
        session.flush()
        return token, Actor(name=user.name, role=Role(user.role), session=name)

    def actor(self, token: str | None, *, active: bool = True) -> Actor | None:
        """Who a token belongs to, as of now; None when it opens nothing (any more).

        Args:
            token: from the cookie.
            active: whether this counts as use; what a page asks by itself from time to time does not.

        Raises:
            RecordsUnavailableError: the database cannot be reached.
        """
        if not token:
            return None
        now = self._clock()
        try:
            with self._database.reading() as session:
                found = session.execute(_of(token)).first()
            if found is None:
                return None
            row, user = found
            if user.disabled or row.created_at + self._longest <= now or row.seen_at + self._idle <= now:
                return None
            if active and now - row.seen_at >= SEEN_EVERY:
                self._seen(row.id, now)
            return Actor(name=user.name, role=Role(user.role), session=row.id)
        except SQLAlchemyError as error:
            if not is_outage(error):
                raise
            raise RecordsUnavailableError("Who is logged in cannot be looked up just now.") from error

    def end(self, token: str | None) -> None:
        """Ends the session of a token, if there is one: a log-out, or a new log-in in its place."""
        if not token:
            return
        with self._database.writing() as session:
            found = session.execute(_of(token)).first()
            if found is None:
                return
            row, user = found
            actor = Actor(name=user.name, role=Role(user.role), session=row.id)
            session.delete(row)
            session.flush()
            note(session, actor, Action.LOG_OUT, f"user:{user.name}")

    @guarded(Action.OWN_ACCOUNT)
    def own(self, actor: Actor) -> list[OpenSession]:
        """The actor's sessions that have not ended, the newest first."""
        now = self._clock()
        found = (
            select(SessionRow)
            .join(UserRow)
            .where(UserRow.name == actor.name)
            .where(SessionRow.created_at > now - self._longest, SessionRow.seen_at > now - self._idle)
            .order_by(SessionRow.created_at.desc())
        )
        with self._database.reading() as session:
            return [
                OpenSession(
                    id=row.id,
                    client=row.client,
                    created_at=row.created_at,
                    seen_at=row.seen_at,
                    own=row.id == actor.session,
                )
                for row in session.scalars(found)
            ]

    @guarded(Action.OWN_ACCOUNT)
    def end_own(self, actor: Actor) -> int:
        """Logs the actor out everywhere; returns how many sessions ended."""
        return self._end_all(actor, actor.name, Action.LOG_OUT)

    @guarded(Action.MANAGE_USERS)
    def end_all(self, actor: Actor, name: str) -> int:
        """Logs a user out everywhere; returns how many sessions ended.

        Raises:
            UserError: there is no such user.
        """
        return self._end_all(actor, folded_name(name), Action.MANAGE_USERS)

    def _end_all(self, actor: Actor, name: str, action: Action) -> int:
        with self._database.writing() as session:
            user = session.scalars(select(UserRow).where(UserRow.name == name)).first()
            if user is None:
                raise UserError(f"There is no user {name!r}.")
            ended = end_sessions(session, user)
            note(session, actor, action, f"user:{name}", change="logged out everywhere", sessions=ended)
            return ended

    def _seen(self, session_id: str, now: datetime) -> None:
        try:
            with self._database.writing() as session:
                session.execute(update(SessionRow).where(SessionRow.id == session_id).values(seen_at=now))
        except SQLAlchemyError as error:
            # Somebody else writes for long: the next request says it again.
            if not is_outage(error):
                raise

    def _delete_ended(self, session: Session, now: datetime) -> None:
        ended = or_(SessionRow.created_at <= now - self._longest, SessionRow.seen_at <= now - self._idle)
        session.execute(delete(SessionRow).where(ended))


def _of(token: str) -> Select[SessionRow, UserRow]:
    same = SessionRow.token == _hashed(token)
    return select(SessionRow, UserRow).join(UserRow, UserRow.id == SessionRow.user_id).where(same)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
