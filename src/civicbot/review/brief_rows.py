"""Edits of briefs as the database keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from civicbot.records.tables import BriefEditFileRow, BriefEditRow
from civicbot.review.brief_files import Held, Place, digest_of
from civicbot.review.brief_nouns import BriefEdit, EditKind, UnknownBriefError

WRITING, WRITTEN, UNDONE, FAILED = "writing", "written", "undone", "failed"
"""Where an edit stands; ``writing`` outlives nothing but a process that was killed."""


def add_row(
    session: Session,
    row: BriefEditRow,
    held: Mapping[Place, Held],
    changes: Mapping[Place, bytes],
) -> int:
    """Adds an edit that is about to be written, with what stands in its files; gives its number."""
    session.add(row)
    session.flush()
    for place, data in changes.items():
        one = held[place]
        session.add(
            BriefEditFileRow(
                edit_id=row.id,
                path=place.path,
                before=one.raw,
                before_hash=one.digest,
                after_hash=digest_of(data),
            )
        )
    session.flush()
    return row.id


def row_of(session: Session, edit_id: int) -> tuple[BriefEditRow, Sequence[BriefEditFileRow]]:
    """An edit with its files.

    Raises:
        UnknownBriefError: there is none.
    """
    row = session.get(BriefEditRow, edit_id)
    if row is None:
        raise UnknownBriefError(f"There is no edit {edit_id!r}.")
    files = select(BriefEditFileRow).where(BriefEditFileRow.edit_id == edit_id).order_by(BriefEditFileRow.path)
    return row, session.scalars(files).all()


def give_up(session: Session, edit_id: int) -> None:
    """Notes that an edit was never written; its number stays taken."""
    session.execute(delete(BriefEditFileRow).where(BriefEditFileRow.edit_id == edit_id))
    row_of(session, edit_id)[0].state = FAILED


def restored(one: BriefEditFileRow) -> bytes | None:
    """What stood in a file before an edit, byte for byte; None where there was no file."""
    return None if one.before is None else one.before.encode()


def edit_of(row: BriefEditRow, files: Sequence[BriefEditFileRow]) -> BriefEdit:
    """An edit as it is told."""
    return BriefEdit(
        id=row.id,
        slug=row.slug,
        kind=EditKind(row.kind),
        gap=row.gap,
        paths=tuple(one.path for one in files),
        by=row.by,
        at=row.at,
        undone_by=row.undone_by,
        undone_at=row.undone_at,
    )


def new_row(slug: str, kind: EditKind, gap: str | None, by: str, at: datetime) -> BriefEditRow:
    """An edit that is about to be written."""
    return BriefEditRow(slug=slug, kind=kind.value, gap=gap, state=WRITING, by=by, at=at)
