"""The log of what staff do: each line is hashed together with the one before, so that none can be changed unnoticed.

A line's digest is SHA-256 over the digest of the line before and the line's own fields as canonical JSON. Whoever
changes, removes or moves a line breaks the chain there; whoever rewrites the whole chain changes its head, which
``civicbot audit verify`` tells, to be noted elsewhere. The log holds no question text.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.orm import Session

from civicbot.model import Noun
from civicbot.records.database import Database
from civicbot.records.tables import AuditHeadRow, AuditRow
from civicbot.review.access import Action, Actor, Role, guarded

Detail = str | int | float | bool | list[str] | None

NOBODY = "-"
"""The actor of a line about somebody who is not logged in."""

FIRST = "0" * 64
"""What the first line follows."""

PAGE = 100
_BATCH = 500
_LOCK = 0x41554449
_ROW = AuditRow.__table__


class AuditEntry(Noun):
    """A line of the log.

    Attributes:
        role: of the actor at that moment; None where nobody was logged in.
        session: the id of the actor's session; None for the command line.
        subject: what was done it to, such as ``item:12`` or ``user:kim``.
    """

    id: int
    at: datetime
    actor: str
    role: str | None
    session: str | None
    action: str
    subject: str
    details: dict[str, Detail]


class Head(Noun):
    """Where the log ends: its last line's number and digest; 0 and zeros while it is empty."""

    last: int = 0
    digest: str = FIRST

    def __str__(self) -> str:
        return f"{self.last}:{self.digest}"


class Verified(Noun):
    """What a check of the whole log found.

    Attributes:
        rows: how many lines were right, from the first on.
        head: where the log ends.
        row: the number of the first line that is wrong; None when all are right.
        problem: what is wrong with it, empty when all are right.
    """

    rows: int
    head: Head
    row: int | None = None
    problem: str = ""


def note(session: Session, actor: Actor, action: Action, subject: str, **details: Detail) -> None:
    """Adds a line to the log, in the caller's own transaction; others that add one wait until that ends.

    Args:
        session: inside ``database.writing()``; call this last in the block.
        actor: who acts.
        action: what is done.
        subject: what it is done to, such as ``item:12``, ``ticket``, ``user:kim``, ``site:demo``: never a ticket's
            code or a resident's words.
        details: what else must be known, likewise without residents' words.
    """
    _append(session, actor.name, actor.role, actor.session, action, subject, details)


def note_nobody(session: Session, action: Action, subject: str, **details: Detail) -> None:
    """Adds a line about somebody who is not logged in; see :func:`note`."""
    _append(session, NOBODY, None, None, action, subject, details)


class AuditLog:
    """Reads and checks the log.

    Args:
        database: the database of the records.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @guarded(Action.READ_AUDIT)
    def entries(
        self,
        actor: Actor,
        *,
        before: int | None = None,
        person: str | None = None,
        action: Action | None = None,
        subject: str | None = None,
        limit: int = PAGE,
    ) -> list[AuditEntry]:
        """The newest lines first.

        Args:
            actor: who reads.
            before: only lines with a smaller number, for the next page.
            person: only what this actor did.
            action: only this.
            subject: only what was done to this.
            limit: how many at most.
        """
        del actor
        found = select(AuditRow).order_by(AuditRow.id.desc()).limit(limit)
        if before is not None:
            found = found.where(AuditRow.id < before)
        if person is not None:
            found = found.where(AuditRow.actor == person)
        if action is not None:
            found = found.where(AuditRow.action == action.value)
        if subject is not None:
            found = found.where(AuditRow.subject == subject)
        with self._database.reading() as session:
            return [_entry(row) for row in session.scalars(found)]

    @guarded(Action.READ_AUDIT)
    def verify(self, actor: Actor) -> Verified:
        """Checks every line of the log against the one before."""
        del actor
        with self._database.snapshot() as connection:
            return verify(connection)


def head_of(connection: Connection) -> Head:
    """Where the log ends, as it tells itself; :func:`verify` checks that."""
    row = connection.execute(select(AuditHeadRow.last, AuditHeadRow.digest)).first()
    return Head() if row is None else Head(last=row.last, digest=row.digest)


def verify(connection: Connection, noted: Head | None = None) -> Verified:
    """Checks every line of the log against the one before, in the state that the connection sees.

    Args:
        connection: sees one state throughout.
        noted: where the log ended at an earlier time, noted elsewhere: that line must still be there.
    """
    lines = select(_ROW).order_by(_ROW.c.id).execution_options(yield_per=_BATCH)
    with contextlib.closing(connection.execute(lines).mappings()) as rows:
        found = _follow(dict(row) for row in rows)
    if found.row is not None:
        return found
    told = head_of(connection)
    if told.last > found.head.last:
        return found.model_copy(update={"row": found.head.last + 1, "problem": "it is missing at the end"})
    if told != found.head:
        problem = "the log's head does not tell it as the last one, or with another digest"
        return found.model_copy(update={"row": found.head.last, "problem": problem})
    if noted is not None and _digest_at(connection, noted.last) != noted.digest:
        problem = "it is not the one that was noted: the log was written anew or cut"
        return found.model_copy(update={"row": noted.last, "problem": problem})
    return found


def digest_of(row: dict[str, Any]) -> str:
    """The digest that a line must have.

    Args:
        row: the line's fields by their column's name.
    """
    told = {name: row[name] for name in ("id", "actor", "role", "session", "action", "subject", "details")}
    told["at"] = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    line = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256((row["previous"] + line).encode("utf-8", "backslashreplace")).hexdigest()


def _append(
    session: Session,
    name: str,
    role: Role | None,
    session_id: str | None,
    action: Action,
    subject: str,
    details: dict[str, Detail],
) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    # SQLite lets one transaction write at a time, from its beginning.
    before = head_of(session.connection())
    row: dict[str, Any] = {
        "id": before.last + 1,
        "at": datetime.now(UTC),
        "actor": _clean(name),
        "role": role.value if role is not None else None,
        "session": session_id,
        "action": action.value,
        "subject": _clean(subject),
        "details": _clean(json.dumps(details, ensure_ascii=False, sort_keys=True, separators=(",", ":"))),
        "previous": before.digest,
    }
    row["digest"] = digest_of(row)
    session.execute(insert(AuditRow).values(**row))
    told = {"last": row["id"], "digest": row["digest"]}
    if before.last:
        session.execute(update(AuditHeadRow).values(**told))
    else:
        session.execute(insert(AuditHeadRow).values(id=1, **told))


def _digest_at(connection: Connection, number: int) -> str | None:
    return connection.execute(select(_ROW.c.digest).where(_ROW.c.id == number)).scalar() if number else FIRST


def _follow(rows: Iterable[dict[str, Any]]) -> Verified:
    head = Head()
    for row in rows:
        number, problem = head.last + 1, ""
        if row["id"] > number:
            problem = "it is missing"
        elif row["id"] < number:
            number, problem = row["id"], "there is no line of this number"
        elif row["previous"] != head.digest:
            problem = "it does not follow the line before: one of them was changed, moved or put in"
        elif row["digest"] != digest_of(row):
            problem = "it was changed"
        if problem:
            return Verified(rows=head.last, head=head, row=number, problem=problem)
        head = Head(last=number, digest=row["digest"])
    return Verified(rows=head.last, head=head)


def _clean(told: str) -> str:
    """A text that every database keeps as it is."""
    return told.encode("utf-8", "replace").decode("utf-8").replace("\0", "�")


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        role=row.role,
        session=row.session,
        action=row.action,
        subject=row.subject,
        details=json.loads(row.details),
    )
