"""What staff see of approved answers: lists, histories, and what their owners must look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import AwareDatetime
from sqlalchemy import and_, exists, func, select

from civicbot.model import AnswerStatus, Language, Noun
from civicbot.records.tables import (
    ApprovedEventRow,
    ApprovedRow,
    CorrectionRow,
    CorrectionVersionRow,
    CorrectionWordingRow,
    ExchangeRow,
    ItemRow,
    SignalRow,
)
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.alike import normal
from civicbot.review.approved_nouns import (
    Approved,
    ApprovedCounts,
    ApprovedEvent,
    ApprovedFilter,
    ApprovedState,
    Complaint,
    EventKind,
)
from civicbot.review.approved_rows import events_of, find, one_of
from civicbot.review.correction_nouns import CorrectedSentence
from civicbot.review.correction_rows import versions_of
from civicbot.review.nouns import ItemState, Reason
from civicbot.review.store import Store


class PublishedVersion(Noun):
    """A version that was published or waits, without residents' words.

    Attributes:
        wordings: with which it was published last.
        by: who wrote it.
    """

    version: int
    status: AnswerStatus
    sentences: tuple[CorrectedSentence, ...]
    wordings: tuple[str, ...]
    owner: str
    valid_until: date | None
    by: str
    at: AwareDatetime


class Unpublished(Noun):
    """A corrected answer whose newest version nobody has published, proposed or rejected yet.

    Attributes:
        question: as it is written there, which may still be a resident's words; None when those are deleted.
        by: who wrote the version.
    """

    correction_id: int
    version: int
    item_id: int
    language: Language
    question: str | None
    by: str
    at: AwareDatetime


class ApprovedReading:
    """Tells of approved answers, in which nothing is a resident's, and of corrected ones that wait to become some.

    Args:
        store: the database.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    @guarded(Action.READ_APPROVED)
    def get(self, actor: Actor, approved_id: int) -> Approved:
        """An approved answer as it stands now.

        Raises:
            UnknownApprovedError: there is none.
        """
        del actor
        with self._store.reading() as session:
            return one_of(session, approved_id)

    @guarded(Action.READ_APPROVED)
    def history(self, actor: Actor, approved_id: int) -> tuple[ApprovedEvent, ...]:
        """What has happened to an approved answer, the newest first.

        Raises:
            UnknownApprovedError: there is none.
        """
        del actor
        with self._store.reading() as session:
            one_of(session, approved_id)
            return events_of(session, approved_id)

    @guarded(Action.READ_APPROVED)
    def versions(self, actor: Actor, approved_id: int) -> tuple[PublishedVersion, ...]:
        """The versions that were published, or wait, the newest first.

        Raises:
            UnknownApprovedError: there is none.
        """
        del actor
        with self._store.reading() as session:
            approved = one_of(session, approved_id)
            told: dict[int, tuple[str, ...]] = {}
            for event in events_of(session, approved_id):
                if event.kind in (EventKind.PUBLISHED, EventKind.REVERTED, EventKind.PROPOSED):
                    told.setdefault(event.version, event.wordings)
            known = versions_of(session, approved.correction_id)
        return tuple(
            PublishedVersion(
                version=one.version,
                status=one.status,
                sentences=one.sentences,
                wordings=told[one.version],
                owner=one.owner,
                valid_until=one.valid_until,
                by=one.by,
                at=one.at,
            )
            for one in known
            if one.version in told
        )

    @guarded(Action.READ_APPROVED)
    def list(
        self, actor: Actor, *, state: ApprovedState | None = None, wanted: ApprovedFilter | None = None
    ) -> tuple[Approved, ...]:
        """Approved answers, those that need somebody first: suspended, proposed, live, withdrawn; new before old.

        Args:
            actor: who reads.
            state: only these; all if None.
            wanted: what else they must be like.
        """
        del actor
        wanted = wanted or ApprovedFilter()
        states = {one for one in (state, wanted.state) if one is not None}
        conditions = [ApprovedRow.state == one.value for one in states]
        if wanted.language is not None:
            conditions.append(ApprovedRow.language == wanted.language)
        if wanted.owner is not None:
            conditions.append(CorrectionVersionRow.owner == wanted.owner)
        if wanted.waiting is not None:
            waits = ApprovedRow.proposed_version
            conditions.append(waits.is_not(None) if wanted.waiting else waits.is_(None))
        words = [word for told in wanted.text.split() if (word := normal(told))]
        with self._store.reading() as session:
            found = find(session, *conditions)
        kept = [one for one in found if all(word in _searched(one) for word in words)]
        order = (ApprovedState.SUSPENDED, ApprovedState.PROPOSED, ApprovedState.LIVE, ApprovedState.WITHDRAWN)
        return tuple(sorted(kept, key=lambda one: order.index(one.state)))

    @guarded(Action.READ_APPROVED)
    def counts(self, actor: Actor) -> ApprovedCounts:
        """How many there are in each state."""
        del actor
        by_state = select(ApprovedRow.state, func.count()).group_by(ApprovedRow.state)
        waits = select(func.count()).where(ApprovedRow.proposed_version.is_not(None))
        with self._store.reading() as session:
            known = {ApprovedState(state): count for state, count in session.execute(by_state)}
            waiting = session.scalar(waits) or 0
        return ApprovedCounts(states={state: known.get(state, 0) for state in ApprovedState}, waiting=waiting)

    @guarded(Action.READ_APPROVED)
    def given(self, actor: Actor) -> Mapping[int, int]:
        """How many kept answers were given with each approved answer."""
        del actor
        counted = select(ExchangeRow.approved, func.count()).where(
            ExchangeRow.approved.is_not(None), ExchangeRow.channel != "desk"
        )
        with self._store.reading() as session:
            return {key: count for key, count in session.execute(counted.group_by(ExchangeRow.approved)) if key}

    @guarded(Action.READ_APPROVED)
    def of_item(self, actor: Actor, item_id: int) -> tuple[Approved, ...]:
        """The approved answers that belong to an item of the queue."""
        del actor
        with self._store.reading() as session:
            return find(session, CorrectionRow.item_id == item_id)

    @guarded(Action.READ_APPROVED)
    def mine(self, actor: Actor) -> tuple[Approved, ...]:
        """The suspended ones whose owner the actor is."""
        suspended = ApprovedRow.state == ApprovedState.SUSPENDED.value
        with self._store.reading() as session:
            return find(session, suspended, CorrectionVersionRow.owner == actor.name)

    @guarded(Action.READ_APPROVED)
    def unpublished(self, actor: Actor) -> tuple[Unpublished, ...]:
        """The corrected answers that wait for a publisher, those that wait longest first."""
        del actor
        row, newest, wording = CorrectionRow, CorrectionVersionRow, CorrectionWordingRow
        decided = exists().where(
            ApprovedRow.correction_id == row.id,
            ApprovedEventRow.approved_id == ApprovedRow.id,
            ApprovedEventRow.version == row.version,
        )
        found = (
            select(row.id, row.version, row.item_id, row.language, wording.text, newest.by, newest.at)
            .join(newest, and_(newest.correction_id == row.id, newest.version == row.version))
            .outerjoin(
                wording,
                and_(wording.correction_id == row.id, wording.version == row.version, wording.ordinal == 0),
            )
            .where(row.item_id.is_not(None), ~decided)
            .order_by(newest.at, row.id)
        )
        with self._store.reading() as session:
            return tuple(
                Unpublished(
                    correction_id=key, version=version, item_id=item_id or 0, language="ko" if told == "ko" else "en",
                    question=text, by=by, at=at,
                )
                for key, version, item_id, told, text, by, at in session.execute(found)
            )  # fmt: skip

    @guarded(Action.READ_APPROVED)
    def complaints(self, actor: Actor) -> tuple[Complaint, ...]:
        """The actor's approved answers that residents did not find helpful, where the item still waits."""
        said = (
            select(ExchangeRow.approved, SignalRow.item_id, func.count())
            .join(ExchangeRow, ExchangeRow.answer_id == SignalRow.answer_id)
            .join(ItemRow, ItemRow.id == SignalRow.item_id)
            .where(
                SignalRow.reason == Reason.APPROVED_THUMBS_DOWN.value,
                ItemRow.state == ItemState.OPEN.value,
                ExchangeRow.approved.is_not(None),
            )
            .group_by(ExchangeRow.approved, SignalRow.item_id)
            .order_by(ExchangeRow.approved, SignalRow.item_id)
        )
        with self._store.reading() as session:
            own = {one.id: one for one in find(session, CorrectionVersionRow.owner == actor.name)}
            return tuple(
                Complaint(approved_id=key, item_id=item_id, question=own[key].question, answers=count)
                for key, item_id, count in session.execute(said)
                if key in own
            )


def _searched(approved: Approved) -> str:
    texts = (*approved.wordings, *(sentence.text for sentence in approved.sentences))
    return "\n".join(normal(told) for told in texts)
