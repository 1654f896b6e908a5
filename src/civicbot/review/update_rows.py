"""Library updates in the database, and why one cannot be prepared or decided."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.model import Language
from civicbot.records.rows import storable
from civicbot.records.tables import LibraryUpdateCaseRow, LibraryUpdateRow
from civicbot.review.impact import ORDER
from civicbot.review.impact_words import compared
from civicbot.review.updates_nouns import (
    MOST_REASON,
    CaseKind,
    CaseSeen,
    ImpactCase,
    ImpactClass,
    Progress,
    Report,
    Side,
    SourceChange,
    Stage,
    Update,
    UpdateKind,
    UpdateState,
)

PREPARE, PUBLISH = "prepare", "publish"
"""The slots: one update at a time is in each."""


class UpdateRunningError(CivicbotError):
    """An update is being prepared already."""

    code = "update_running"
    hint = "Wait until it is ready, or stop it."


class UnknownUpdateError(CivicbotError):
    """There is no such update."""

    code = "unknown_update"
    hint = "`civicbot updates list` shows which there are."


class UpdateStateError(CivicbotError):
    """An update is not in a state in which this can be done."""

    code = "update_state"
    hint = "Open it again to see how it stands."


class StaleUpdateError(CivicbotError):
    """The library or the corpus is another one by now: the report tells of what is over."""

    code = "stale_update"
    hint = "Prepare the update again."


class BlockedUpdateError(CivicbotError):
    """A rule keeps an update from being published without a reason."""

    code = "blocked_update"
    hint = "Read the report; to publish all the same, give a reason."


class NoPreviousError(CivicbotError):
    """There is no generation to go back to."""

    code = "no_previous"
    hint = "Correct the corpus and prepare an update instead."


def row_of(session: Session, update_id: int) -> LibraryUpdateRow:
    """An update that nobody else changes until the transaction ends.

    Raises:
        UnknownUpdateError: there is none with this id.
    """
    row = session.get(LibraryUpdateRow, update_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise UnknownUpdateError(f"There is no library update {update_id!r}.")
    return row


def in_state(row: LibraryUpdateRow, *states: UpdateState) -> None:
    """Refuses an update in another state.

    Raises:
        UpdateStateError: saying in which it is.
    """
    if row.state not in {state.value for state in states}:
        raise UpdateStateError(f"The library update {row.id} is {row.state!r}.")


def reason_told(reason: str | None) -> str | None:
    """A reason as it is stored; None for none.

    Raises:
        UpdateStateError: it is too long.
    """
    told = " ".join(storable(reason or "").split())
    if len(told) > MOST_REASON:
        raise UpdateStateError(
            f"The reason has {len(told)} characters.", hint=f"Say it in {MOST_REASON} characters at most."
        )
    return told or None


def update_of(row: LibraryUpdateRow, live: str | None) -> Update:
    """The update in a row.

    Args:
        row: the row.
        live: the generation that is live now.
    """
    state = UpdateState(row.state)
    progress = None
    if state is UpdateState.PREPARING and row.stage is not None:
        progress = Progress(stage=Stage(row.stage), step=row.step, done=row.done, total=row.total)
    return Update(
        id=row.id,
        kind=UpdateKind(row.kind),
        state=state,
        started_by=row.started_by,
        started_at=row.started_at,
        base=row.base,
        generation=row.generation,
        progress=progress,
        report=Report.model_validate(row.report) if row.report is not None else None,
        stale=state is UpdateState.READY and row.base != live,
        finished_at=row.finished_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
        problem=row.problem,
    )


def case_row(update_id: int, case: ImpactCase) -> LibraryUpdateCaseRow:
    """A case as it is stored."""
    return LibraryUpdateCaseRow(
        update_id=update_id,
        kind=case.kind.value,
        impact=case.impact.value,
        rank=ORDER.index(case.impact),
        subject=case.subject,
        answer_id=case.answer_id,
        language=case.language,
        question=case.question,
        asked=case.asked,
        before=case.before.model_dump(mode="json"),
        after=case.after.model_dump(mode="json"),
        sources=[each.model_dump(mode="json") for each in case.sources],
    )


def case_of(row: LibraryUpdateCaseRow) -> ImpactCase:
    """The case in a row."""
    language: Language = "ko" if row.language == "ko" else "en"
    return ImpactCase(
        kind=CaseKind(row.kind),
        impact=ImpactClass(row.impact),
        language=language,
        question=row.question,
        before=Side.model_validate(row.before),
        after=Side.model_validate(row.after),
        subject=row.subject,
        answer_id=row.answer_id,
        asked=row.asked,
        sources=tuple(SourceChange.model_validate(each) for each in row.sources),
    )


def seen(rows: Sequence[LibraryUpdateCaseRow]) -> tuple[CaseSeen, ...]:
    """Cases as they are shown, with the words that differ."""
    found = []
    for row in rows:
        case = case_of(row)
        before, after = compared(case.before.text, case.after.text)
        found.append(CaseSeen(id=row.id, case=case, before=before, after=after))
    return tuple(found)
