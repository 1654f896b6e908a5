"""Approved answers: published by staff, given to whoever asks the same question, with the history of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicbot.model import Language, Noun
from civicbot.records.rows import exchange_of, storable
from civicbot.records.tables import ApprovedRow, ItemRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.approved_checks import checked_wordings, demand_in_time, demand_sound
from civicbot.review.approved_items import let_rest
from civicbot.review.approved_nouns import (
    MOST_REASON,
    Approved,
    ApprovedState,
    EventKind,
)
from civicbot.review.approved_reading import ApprovedReading
from civicbot.review.approved_refusals import SecondPersonError, UnknownApprovedError
from civicbot.review.approved_rows import (
    Happened,
    add_event,
    alone,
    events_of,
    free_wordings,
    one_of,
    refuse_twice,
    row_of,
    set_wordings,
)
from civicbot.review.audit import note
from civicbot.review.correction_nouns import Correction
from civicbot.review.correction_rows import residents_words, versions_of
from civicbot.review.correction_saving import Checked, checked, cleaned, own_draft
from civicbot.review.correction_saving import store as store_correction
from civicbot.review.refusals import (
    ChangedMeanwhileError,
    InvalidReviewError,
    UnknownCorrectionError,
    UnknownItemError,
)
from civicbot.review.store import Store
from civicbot.review.verdicts import looked_at


class Publishing(Noun):
    """A version with the wordings that it is published with, as it was checked.

    Attributes:
        index: the generation that it was checked against.
    """

    correction: Correction
    wordings: tuple[str, ...]
    index: str


class ApprovedAnswers(ApprovedReading):
    """Publishes, withdraws and tells of approved answers; thread-safe, and safe beside other processes.

    Every change is one transaction: whoever is killed in the middle has changed nothing.

    Args:
        store: the database.
        index: the live library, which what is published is checked against once more.
        mask: takes personal data out of a text in this language; a wording that it changes is not published.
        two_persons: whether one publisher proposes, and another one confirms.
        today: the day in Korean time.
        changed: told when something has changed, so that this process gives it at once.
    """

    def __init__(
        self,
        store: Store,
        index: LiveIndex,
        *,
        mask: Callable[[str, Language], str],
        two_persons: bool,
        today: Callable[[], date],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(store)
        self._index = index
        self._mask = mask
        self._two = two_persons
        self._today = today
        self._changed = changed

    @property
    def two_persons(self) -> bool:
        """Whether one publisher proposes, and another one confirms."""
        return self._two

    @guarded(Action.PUBLISH)
    def publish(
        self, actor: Actor, correction_id: int, version: int, wordings: Sequence[str] | None = None
    ) -> Approved:
        """Publishes the newest version of a corrected answer, or proposes it where that takes two persons.

        Args:
            actor: who publishes.
            correction_id: the corrected answer.
            version: the one that was read; refused when there is a newer one.
            wordings: those that the publisher has read and confirmed, the question first; None for all of the
                version's as they are.

        Raises:
            UnsoundCorrectionError: the live library does not support a sentence any more.
            DuplicateApprovedError: another approved answer has one of the wordings.
            PersonalWordingError: a wording holds personal data.
            InvalidReviewError: something else keeps it from being published.
            ChangedMeanwhileError: there is a newer version.
            UnknownCorrectionError: there is no such corrected answer.
        """
        with self._store.reading() as session:
            newest = _versions(session, correction_id)[0]
        if newest.version != version:
            raise ChangedMeanwhileError(newest.version, newest.by)
        ready = self._ready(newest, wordings)

        def enter(session: Session) -> Approved:
            newest = _versions(session, correction_id)[0]
            if newest.version != version:
                raise ChangedMeanwhileError(newest.version, newest.by)
            return self._enter(session, actor, ready, EventKind.PUBLISHED)

        return self._written(enter)

    @guarded(Action.PUBLISH)
    def approve_as_is(
        self, actor: Actor, item_id: int, *, answer_id: str | None = None, wordings: Sequence[str] | None = None
    ) -> Approved:
        """Publishes an item's answer as it was given: it is stored as a corrected answer and published at once.

        Args:
            actor: who publishes.
            item_id: the item.
            answer_id: the answer; the representative if None.
            wordings: those that the publisher has read and confirmed, the question first; None for the residents'.

        Raises:
            ClaimedError: somebody else is at the item.
            UnknownItemError: there is no such item, or the answer is not in it.
            CivicbotError: as :meth:`publish`.
        """
        kept, checked_words = self._as_given(actor, item_id, answer_id, wordings)

        def enter(session: Session) -> Approved:
            correction = store_correction(session, actor, item_id, kept, self._store.now())
            ready = Publishing(correction=correction, wordings=checked_words, index=kept.index)
            return self._enter(session, actor, ready, EventKind.PUBLISHED)

        return self._written(enter)

    @guarded(Action.PUBLISH)
    def confirm(self, actor: Actor, approved_id: int, version: int | None = None) -> Approved:
        """Publishes what another person has proposed.

        Args:
            actor: who confirms.
            approved_id: the approved answer.
            version: the one that was read; refused when another one waits by now.

        Raises:
            SecondPersonError: the actor has proposed it.
            UnknownApprovedError: nothing waits.
            CivicbotError: as :meth:`publish`.
        """
        with self._store.reading() as session:
            waiting = one_of(session, approved_id)
            proposal = waiting.proposal
            if proposal is None or version not in (None, proposal.version):
                raise UnknownApprovedError(f"No such version of the approved answer {approved_id!r} waits.")
            correction = _version(session, waiting.correction_id, proposal.version)
        if self._two and proposal.by == actor.name:
            raise SecondPersonError(proposal.by)
        ready = self._ready(correction, proposal.wordings)

        def go_live(session: Session) -> Approved:
            if one_of(session, approved_id).proposal != proposal:
                raise UnknownApprovedError(f"Another version of the approved answer {approved_id!r} waits by now.")
            return self._go_live(session, actor, ready, EventKind.PUBLISHED, proposed=proposal.by)

        return self._written(go_live)

    @guarded(Action.PUBLISH)
    def reject(self, actor: Actor, approved_id: int, reason: str = "") -> Approved:
        """Refuses what waits; what was given before goes on. Whoever proposed it takes it back so.

        Raises:
            UnknownApprovedError: nothing waits.
        """

        def end(session: Session) -> Approved:
            row = row_of(session, approved_id)
            if row.proposed_version is None:
                raise UnknownApprovedError(f"Nothing of the approved answer {approved_id!r} waits.")
            rejected, wordings = row.proposed_version, list(row.proposed_wordings)
            _no_proposal(row)
            if row.state == ApprovedState.PROPOSED:
                row.state = ApprovedState.WITHDRAWN.value
                free_wordings(session, row)
            told = self._reason(reason)
            self._add(session, row, EventKind.REJECTED, actor, version=rejected, reason=told, wordings=wordings)
            self._note(session, actor, row, "reject", version=rejected)
            return one_of(session, approved_id)

        return self._written(end)

    @guarded(Action.PUBLISH)
    def withdraw(self, actor: Actor, approved_id: int, reason: str = "") -> Approved:
        """Takes an approved answer back, for good or until it is published again; the pipeline answers instead.

        Raises:
            UnknownApprovedError: there is none, or it is withdrawn already.
        """

        def end(session: Session) -> Approved:
            row = row_of(session, approved_id)
            if row.state == ApprovedState.WITHDRAWN:
                raise UnknownApprovedError(f"The approved answer {approved_id!r} is withdrawn already.")
            before = one_of(session, approved_id)
            row.state, row.suspended, row.changes = ApprovedState.WITHDRAWN.value, None, []
            _no_proposal(row)
            free_wordings(session, row)
            self._add(session, row, EventKind.WITHDRAWN, actor, reason=self._reason(reason))
            let_rest(session, before, self._store.now())
            self._note(session, actor, row, "withdraw")
            return one_of(session, approved_id)

        return self._written(end)

    @guarded(Action.PUBLISH)
    def revert(self, actor: Actor, approved_id: int, version: int) -> Approved:
        """Publishes an earlier version again, with the wordings that it had; two persons where that takes two.

        Raises:
            UnknownApprovedError: that version was never published.
            CivicbotError: as :meth:`publish`; an earlier version may cite what the library has no more.
        """
        with self._store.reading() as session:
            approved = one_of(session, approved_id)
            published = (EventKind.PUBLISHED, EventKind.REVERTED)
            earlier = [one for one in events_of(session, approved_id) if one.kind in published]
            wordings = next((one.wordings for one in earlier if one.version == version), None)
            if wordings is None:
                raise UnknownApprovedError(f"Version {version!r} of approved answer {approved_id!r} was never given.")
            correction = _version(session, approved.correction_id, version)
        ready = self._ready(correction, wordings)
        return self._written(lambda session: self._enter(session, actor, ready, EventKind.REVERTED))

    def _ready(self, correction: Correction, wordings: Sequence[str] | None) -> Publishing:
        """A version that may be published, as the live library and the calendar are now."""
        own = (correction.question or "", *correction.variants)
        clean = checked_wordings(own if wordings is None else wordings, correction.language, self._mask)
        demand_in_time(correction, self._today())
        with self._index.reader() as generation:
            demand_sound(generation, correction.sentences)
            return Publishing(correction=correction, wordings=clean, index=generation.name)

    def _as_given(
        self, actor: Actor, item_id: int, answer_id: str | None, wordings: Sequence[str] | None
    ) -> tuple[Checked, tuple[str, ...]]:
        with self._store.reading() as session:
            item = session.get(ItemRow, item_id)
            if item is None:
                raise UnknownItemError(f"There is no item {item_id!r}.")
            exchange = exchange_of(looked_at(session, item, answer_id))
            words = tuple(residents_words(session, item_id))
        with self._index.reader() as generation:
            draft = own_draft(generation, exchange, words)
            if draft.status is not exchange.answer.status:
                raise InvalidReviewError(
                    f"An answer that is {exchange.answer.status.value!r} cannot be approved.",
                    hint="Write a corrected answer instead.",
                )
            own = (draft.question, *draft.variants)
            clean = checked_wordings(own if wordings is None else wordings, draft.language, self._mask)
            named = draft.model_copy(update={"question": clean[0], "variants": clean[1:]})
            return checked(cleaned(named, actor, self._mask), generation), clean

    def _enter(self, session: Session, actor: Actor, ready: Publishing, kind: EventKind) -> Approved:
        """Publishes, or proposes."""
        if self._two:
            return self._propose(session, actor, ready)
        return self._go_live(session, actor, ready, kind, proposed=None)

    def _propose(self, session: Session, actor: Actor, ready: Publishing) -> Approved:
        row = self._row(session, ready)
        refuse_twice(session, row.language, ready.wordings, row.id)
        row.proposed_version, row.proposed_wordings = ready.correction.version, list(ready.wordings)
        row.proposed_by, row.proposed_at = actor.name, self._store.now()
        if row.state in (ApprovedState.WITHDRAWN, ApprovedState.PROPOSED):
            row.state, row.version = ApprovedState.PROPOSED.value, ready.correction.version
            row.index_name = ready.index
            set_wordings(session, row, ready.wordings)
        told = list(ready.wordings)
        self._add(session, row, EventKind.PROPOSED, actor, version=row.proposed_version, wordings=told)
        self._note(session, actor, row, "propose", version=row.proposed_version)
        return one_of(session, row.id)

    def _go_live(
        self, session: Session, actor: Actor, ready: Publishing, kind: EventKind, *, proposed: str | None
    ) -> Approved:
        now = self._store.now()
        row = self._row(session, ready)
        refuse_twice(session, row.language, ready.wordings, row.id)
        before = one_of(session, row.id)
        row.state, row.version, row.index_name = ApprovedState.LIVE.value, ready.correction.version, ready.index
        row.suspended, row.changes = None, []
        row.published_by, row.published_at, row.checked_on = actor.name, now, self._today()
        at = row.proposed_at if proposed is not None else None
        _no_proposal(row)
        row.proposed_by, row.proposed_at = proposed, at
        set_wordings(session, row, ready.wordings)
        self._add(session, row, kind, actor, wordings=list(ready.wordings))
        let_rest(session, before, now)
        self._note(session, actor, row, kind.value, version=row.version, proposed_by=proposed)
        return one_of(session, row.id)

    def _row(self, session: Session, ready: Publishing) -> ApprovedRow:
        """The row of a corrected answer's approved answer; a new one where there is none."""
        correction = ready.correction
        known = session.scalar(select(ApprovedRow.id).where(ApprovedRow.correction_id == correction.id))
        if known is not None:
            return row_of(session, known)
        row = ApprovedRow(
            correction_id=correction.id,
            language=correction.language,
            state=ApprovedState.WITHDRAWN.value,
            version=correction.version,
            proposed_wordings=[],
            index_name=ready.index,
            changes=[],
        )
        session.add(row)
        session.flush()
        return row

    def _add(
        self,
        session: Session,
        row: ApprovedRow,
        kind: EventKind,
        actor: Actor,
        *,
        version: int | None = None,
        reason: str | None = None,
        wordings: Sequence[str] = (),
    ) -> None:
        session.flush()
        told = Happened(kind, actor.name, self._store.now(), row.index_name, version, reason, wordings=wordings)
        add_event(session, row, told)

    def _note(self, session: Session, actor: Actor, row: ApprovedRow, change: str, **more: int | str | None) -> None:
        details = {"change": change, "correction": row.correction_id, **more}
        note(session, actor, Action.PUBLISH, f"approved:{row.id}", **details)

    def _reason(self, reason: str) -> str | None:
        return storable(" ".join(reason.split())[:MOST_REASON]) or None

    def _written(self, change: Callable[[Session], Approved]) -> Approved:
        """Changes something, all of it or nothing, and has this process give it at once."""
        with self._store.writing() as session:
            alone(session)
            approved = change(session)
        self._changed()
        return approved


def _versions(session: Session, correction_id: int) -> tuple[Correction, ...]:
    found = versions_of(session, correction_id)
    if not found:
        raise UnknownCorrectionError(f"There is no correction {correction_id!r}.")
    return found


def _version(session: Session, correction_id: int, version: int) -> Correction:
    for each in _versions(session, correction_id):
        if each.version == version:
            return each
    raise UnknownCorrectionError(f"The correction {correction_id!r} has no version {version!r}.")


def _no_proposal(row: ApprovedRow) -> None:
    row.proposed_version, row.proposed_wordings = None, []
    row.proposed_by = row.proposed_at = None
