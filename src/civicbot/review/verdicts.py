"""What staff say about answers."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from civicbot.model import Language
from civicbot.records.rows import storable
from civicbot.records.tables import ExchangeRow, ItemRow, MemberRow, SignalRow, VerdictNoteRow, VerdictRow
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note as note_in_log
from civicbot.review.claims import drop, locked_item, refuse_others
from civicbot.review.nouns import MOST_NOTE, ItemState, Verdict, VerdictRecord
from civicbot.review.queue_pages import verdicts_where
from civicbot.review.refusals import InvalidReviewError, UnknownItemError
from civicbot.review.store import Store


class Verdicts:
    """Stores verdicts.

    Args:
        store: the database.
        mask: takes personal data out of what staff write, in this language.
    """

    def __init__(self, store: Store, *, mask: Callable[[str, Language], str]) -> None:
        self._store = store
        self._mask = mask

    @guarded(Action.JUDGE)
    def judge(
        self, actor: Actor, item_id: int, verdict: Verdict, note: str = "", *, answer_id: str | None = None
    ) -> VerdictRecord:
        """Gives an item a verdict, which ends it; several over time, the newest counts.

        Args:
            actor: who judges.
            item_id: the item.
            verdict: the verdict.
            note: for colleagues; personal data in it is masked.
            answer_id: the answer that was looked at; the representative if None.

        Raises:
            InvalidReviewError: the note is too long.
            ClaimedError: somebody else is at it.
            UnknownItemError: there is no such item, or the answer is not in it.
        """
        if len(note) > MOST_NOTE:
            raise InvalidReviewError("The note is too long.", hint=f"Write {MOST_NOTE} characters at most.")
        with self._store.writing() as session:
            now = self._store.now()
            item = locked_item(session, item_id)
            refuse_others(item, actor, now)
            exchange = looked_at(session, item, answer_id)
            row = self._row(session, item, exchange)
            row.verdict, row.by, row.at = verdict.value, actor.name, now
            session.add(row)
            session.flush()
            told = storable(self._mask(note.strip(), "ko" if item.language == "ko" else "en"))
            if told:
                session.add(VerdictNoteRow(verdict_id=row.id, answer_id=exchange.answer_id, note=told))
            item.state, item.decided_at, item.verdict_id = ItemState.DONE.value, now, row.id
            drop(item)
            session.flush()
            note_in_log(
                session, actor, Action.JUDGE, f"item:{item_id}", verdict=verdict.value, answer=exchange.answer_id
            )
            return verdicts_where(session, VerdictRow.id == row.id)[0]

    @guarded(Action.READ_ITEM)
    def history(self, actor: Actor, item_id: int) -> tuple[VerdictRecord, ...]:
        """The verdicts on an item, the newest first; the reading is in the audit log, since notes may quote."""
        with self._store.writing() as session:
            found = verdicts_where(session, VerdictRow.item_id == item_id)
            note_in_log(session, actor, Action.READ_ITEM, f"item:{item_id}", verdicts=len(found))
            return found

    def _row(self, session: Session, item: ItemRow, exchange: ExchangeRow) -> VerdictRow:
        reasons = select(SignalRow.reason).where(SignalRow.answer_id == exchange.answer_id).order_by(SignalRow.reason)
        return VerdictRow(
            item_id=item.id,
            answer_id=exchange.answer_id,
            language=exchange.language,
            status=exchange.status,
            channel=exchange.channel,
            site=exchange.site,
            confidence=exchange.confidence,
            index_name=exchange.versions["index"],
            reasons=list(session.scalars(reasons)),
            residents=item.residents,
            asked_at=exchange.asked_at,
        )


def looked_at(session: Session, item: ItemRow, answer_id: str | None) -> ExchangeRow:
    """The exchange of an item that staff looked at.

    Args:
        session: for reading or writing.
        item: the item.
        answer_id: the answer; None for the representative.

    Raises:
        UnknownItemError: the answer is not in the item, or was deleted.
    """
    wanted = answer_id or item.representative
    found = (
        select(ExchangeRow)
        .join(MemberRow, MemberRow.answer_id == ExchangeRow.answer_id)
        .where(ExchangeRow.answer_id == wanted, MemberRow.item_id == item.id)
    )
    row = session.scalar(found)
    if row is None:
        raise UnknownItemError(f"The answer is not in item {item.id!r}, or was deleted.")
    return row
