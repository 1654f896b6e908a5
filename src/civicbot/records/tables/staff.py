"""Staff: users, sessions, and the log of what they do."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from civicbot.records.tables.base import Base, UtcDateTime

NOT_IN_BACKUPS = frozenset({"staff_sessions", "staff_lockouts", "staff_flows"})
"""What lives for minutes or hours: a backup that is put back must not bring ended sessions to life again."""


class UserRow(Base):
    """A member of staff.

    Attributes:
        name: as it is logged in with, folded (see ``civicbot.review.people``).
        password: argon2's encoded hash; None for who logs in through the OpenID provider.
        issuer: the OpenID provider, with ``subject`` its own name of the user; None for users with a password.
    """

    __tablename__ = "staff_users"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    password: Mapped[str | None] = mapped_column(String(255))
    issuer: Mapped[str | None] = mapped_column(Text)
    subject: Mapped[str | None] = mapped_column(String(255))
    disabled: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_login_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class SessionRow(Base):
    """A log-in that has not been ended.

    Attributes:
        id: told in the audit log; it opens nothing.
        token: SHA-256 of the token in the cookie, in hex.
        seen_at: of the newest request, to within a minute.
        client: the address that it was opened from.
    """

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("staff_users.id", ondelete="CASCADE"), index=True)
    client: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LockoutRow(Base):
    """Failed log-ins under one name, whether there is such a user or not.

    Attributes:
        key: a keyed hash of the name, since people type passwords into the wrong field.
        failures: since the last log-in that went well.
        until: no log-in under this name before; None while there have been few failures.
    """

    __tablename__ = "staff_lockouts"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class FlowRow(Base):
    """A log-in that has been sent to the OpenID provider and is not back yet; it is deleted when it is.

    Attributes:
        key: SHA-256 of the state that the provider hands back.
        nonce: must stand in the provider's token.
        verifier: PKCE's secret.
        goal: where the log-in leads to, below /staff.
    """

    __tablename__ = "staff_flows"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    goal: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class AuditRow(Base):
    """A line of the log of what staff do; none is ever changed or deleted, which triggers see to.

    Attributes:
        id: one more than the line's before, without gaps.
        role: of the actor at that moment; None where nobody was logged in.
        session: the id of the actor's session; None for the command line.
        details: canonical JSON as text, since no database may reformat what is hashed.
        previous: the digest of the line before, 64 zeros for the first.
        digest: SHA-256 over ``previous`` and the line (see ``civicbot.review.audit``), in hex.
    """

    __tablename__ = "staff_audit"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    actor: Mapped[str] = mapped_column(String(128), index=True)
    role: Mapped[str | None] = mapped_column(String(16))
    session: Mapped[str | None] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(32), index=True)
    subject: Mapped[str] = mapped_column(Text)
    details: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditHeadRow(Base):
    """Where the log ends, so that a missing end is noticed; its only row has the id 1."""

    __tablename__ = "staff_audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
