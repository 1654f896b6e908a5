"""The queue's item of an approved answer: it comes back when the answer is suspended, and rests when that is over.

An item holds questions of residents, which are deleted in time; an approved answer stays. So an item may be gone when
it is needed: then the desk itself asks the question (channel ``desk``), in the city's own words, and is answered with
the approved answer. No statistic counts such an exchange.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, insert, select, update
from sqlalchemy.orm import Session

from civicbot import __version__
from civicbot.model import Answer, AnswerSentence, Citation, Exchange, Versions
from civicbot.records.dialects import insert_or_ignore, next_turn
from civicbot.records.rows import conversation_values, exchange_values
from civicbot.records.tables import ApprovedRow, CorrectionRow, ExchangeRow, ItemRow, MemberRow, SignalRow
from civicbot.review.alike import normal, signature
from civicbot.review.approved_nouns import Approved, ApprovedState
from civicbot.review.claims import drop
from civicbot.review.correction_nouns import CitedSentence
from civicbot.review.nouns import ItemState, Reason
from civicbot.review.queue_feed import Names
from civicbot.review.queue_intake import Taken, settle, take_in
from civicbot.review.queue_rules import risk

_REASON = Reason.APPROVED_SUSPENDED


def is_told(item_id: int | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that an item tells of a suspension."""
    return (SignalRow.item_id == item_id, SignalRow.reason == _REASON.value)


def bring_back(session: Session, approved: Approved, names: Names, now: datetime) -> int:
    """Puts the item of a suspended approved answer back into the queue; returns its id.

    Args:
        session: for writing.
        approved: the approved answer.
        names: what questions are compared by.
        now: the time, aware.
    """
    item_id, answer_id = _place(session, approved, names, now)
    correction = CorrectionRow.id == approved.correction_id
    session.execute(update(CorrectionRow).where(correction).values(item_id=item_id))
    if not session.scalar(select(exists().where(*is_told(item_id)))):
        signal = {"answer_id": answer_id, "reason": _REASON.value, "item_id": item_id, "at": now}
        session.execute(insert(SignalRow), [signal])
        _weigh(session, [answer_id])
        settle(session, [item_id], now, woken=[item_id])
    return item_id


def let_rest(session: Session, approved: Approved, now: datetime) -> None:
    """Takes the reason from the item of an approved answer that is not suspended any more.

    The item goes back to where it was: to those that are done, if the suspension alone had brought it back and nobody
    has complained since. What was said before the verdict was looked at then.
    """
    item = session.get(ItemRow, approved.item_id, with_for_update=True) if approved.item_id is not None else None
    if item is None or _others(session, approved):
        return
    told = dict(session.execute(select(SignalRow.answer_id, SignalRow.at).where(*is_told(item.id))).all())
    if not told:
        return
    decided, was_open = item.decided_at is not None, item.state == ItemState.OPEN
    brought_back = item.opened_at in told.values()
    session.execute(delete(SignalRow).where(*is_told(item.id)))
    _weigh(session, told)
    settle(session, [item.id], now)
    session.expire_all()
    newer = select(exists().where(SignalRow.item_id == item.id, SignalRow.at > item.opened_at))
    rests = item.state == ItemState.QUIET or (brought_back and not session.scalar(newer))
    if was_open and decided and rests:
        item.state = ItemState.DONE.value
        drop(item)
        session.flush()


def _others(session: Session, approved: Approved) -> bool:
    """Whether the item tells of another suspended approved answer as well."""
    found = (
        select(ApprovedRow.id)
        .join(CorrectionRow, CorrectionRow.id == ApprovedRow.correction_id)
        .where(
            CorrectionRow.item_id == approved.item_id,
            ApprovedRow.id != approved.id,
            ApprovedRow.state == ApprovedState.SUSPENDED.value,
        )
    )
    return session.scalar(found.limit(1)) is not None


def _weigh(session: Session, answer_ids: Collection[str]) -> None:
    """Works out the risk of some answers anew."""
    rows = session.execute(select(SignalRow.answer_id, SignalRow.reason).where(SignalRow.answer_id.in_(answer_ids)))
    found: dict[str, set[Reason]] = {answer_id: set() for answer_id in answer_ids}
    for answer_id, reason in rows:
        found[answer_id].add(Reason(reason))
    for answer_id, reasons in found.items():
        session.execute(update(MemberRow).where(MemberRow.answer_id == answer_id).values(risk=risk(reasons)))


def _place(session: Session, approved: Approved, names: Names, now: datetime) -> tuple[int, str]:
    """The item that it belongs to, and the answer there to tell of it beside; made where there is none."""
    if approved.item_id is not None and (answer := _newest(session, approved.item_id)) is not None:
        return approved.item_id, answer
    key = signature(approved.question, approved.language, now, names.glossary, names.tokenizer).key
    item_id = session.scalar(select(ItemRow.id).where(ItemRow.key == key))
    if item_id is not None and (answer := _newest(session, item_id)) is not None:
        return item_id, answer
    answer = _asked_by_the_desk(session, approved, key, now)
    found = session.scalar(select(MemberRow.item_id).where(MemberRow.answer_id == answer))
    assert found is not None, "what was taken in belongs to an item"
    return found, answer


def _newest(session: Session, item_id: int) -> str | None:
    """The latest answer of an item; None when it has none, or is gone."""
    newest = select(MemberRow.answer_id).where(MemberRow.item_id == item_id)
    return session.scalar(newest.order_by(MemberRow.asked_at.desc(), MemberRow.answer_id).limit(1))


def _asked_by_the_desk(session: Session, approved: Approved, key: str, now: datetime) -> str:
    exchange = desk_exchange(approved, now)
    connection = session.connection()
    dialect = connection.dialect.name
    values = exchange_values(exchange)
    values["ordinal"] = connection.execute(next_turn(dialect), conversation_values(exchange)).scalar_one()
    connection.execute(insert_or_ignore(dialect, ExchangeRow), values)
    taken = Taken(
        answer_id=exchange.answer.id,
        conversation_id=exchange.answer.conversation_id,
        asked_at=now,
        status=exchange.answer.status.value,
        channel=exchange.channel,
        site=None,
        language=approved.language,
        key=key,
        search=normal(approved.question),
        case=None,
        feedback_seen=0,
        feedback_at=None,
        tickets_seen=0,
    )
    take_in(session, [taken], now)
    return exchange.answer.id


def desk_exchange(approved: Approved, now: datetime) -> Exchange:
    """The exchange in which the desk reminds of an approved answer."""
    numbers: dict[tuple[str, str], Citation] = {}
    sentences = []
    for sentence in approved.sentences:
        used = [
            numbers.setdefault((cited.document_id, cited.quote_hash), _citation(cited, len(numbers) + 1)).number
            for cited in sentence.citations
        ]
        sentences.append(AnswerSentence(text=sentence.text, citations=tuple(dict.fromkeys(used))))
    citations = tuple(numbers.values())
    marked = (one.text + "".join(f"[{number}]" for number in one.citations) for one in sentences)
    answer = Answer(
        id=uuid.uuid4().hex,
        conversation_id=uuid.uuid4().hex,
        status=approved.status,
        language=approved.language,
        text=" ".join(marked),
        sentences=tuple(sentences),
        citations=citations,
        as_of=max((one.published for one in citations if one.published is not None), default=None),
        confidence=1.0,
        versions=Versions(app=__version__, index=approved.index),
    )
    return Exchange(
        question=approved.question,
        standalone=approved.question,
        answer=answer,
        asked_at=now,
        seconds=0.0,
        channel="desk",
        approved=approved.id,
    )


def _citation(cited: CitedSentence, number: int) -> Citation:
    fields = cited.model_dump(include={"quote", "document_id", "passage_id", "title", "publisher", "published", "url"})
    return Citation(number=number, language=cited.language, **fields)
