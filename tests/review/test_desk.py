"""The whole desk over the real library, as the server wires it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from pydantic import SecretStr
from tests.review.desks import KIM, LEE, OPEN, ROOT

from civicbot.model import AnswerStatus, Feedback, Question, TicketState
from civicbot.review.nouns import ItemState, QueueFilter, Reason, Verdict
from civicbot.settings import Settings
from civicbot.wiring import Service

QUESTION = "AX 실증밸리 총사업비는?"


def wait_for(there: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not there():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_from_a_complaint_to_a_correction(real_data: Path, address: str) -> None:
    settings = Settings(data=real_data, embedder_languages="none", database_url=SecretStr(address))
    service = Service(settings, patient=False, records="database")
    try:
        service.start()
        desk = service.review
        assert desk is not None
        wait_for(lambda: service.index_created() is not None)
        answer = service.assistant.answer(Question(text=QUESTION, channel="page"))
        service.assistant.answer(Question(text="AX 실증밸리의 총사업비는 얼마", channel="widget"))
        service.records.add_feedback(answer.id, Feedback(helpful=False, comment="제 번호는 010-2345-6789"))
        ticket = service.records.open_ticket(answer.id, "정확한 금액을 알려 주세요")
        # The background brings it in; whoever is in a hurry refreshes.
        wait_for(lambda: desk.queue.page(KIM, QueueFilter(reason=Reason.TICKET)).total == 1)
        (item,) = desk.queue.page(KIM, QueueFilter(reason=Reason.TICKET)).items
        assert (item.question, item.open_tickets) == (QUESTION, 1)
        assert {each.reason for each in item.reasons} >= {Reason.TICKET, Reason.THUMBS_DOWN}
        desk.queue.claim(KIM, item.id)
        view = desk.items.open(KIM, item.id)
        assert view.exchange.answer == answer
        assert "2345" not in repr(view)
        assert all(evidence.support for sentence in view.sentences for evidence in sentence.evidence)
        assert view.unused
        draft = desk.corrections.prefill(KIM, item.id)
        assert draft.status is AnswerStatus.ANSWERED
        assert all(each.sound for each in desk.corrections.check(KIM, draft.sentences))
        hit = desk.corrections.search(KIM, QUESTION, "ko")[0]
        assert hit.highlights
        saved = desk.corrections.save(KIM, item.id, draft)
        assert [sentence.text for sentence in saved.sentences] == [sentence.text for sentence in answer.sentences]
        desk.replies.reply(KIM, ticket.code, "확인했습니다.", close=True)
        assert service.records.ticket(ticket.code).state is TicketState.CLOSED
        desk.verdicts.judge(KIM, item.id, Verdict.INCOMPLETE, "전화 010-2345-6789")
        done = desk.items.open(LEE, item.id)
        assert done.item.state is ItemState.DONE
        assert done.verdicts[0].note is not None
        assert "2345" not in done.verdicts[0].note
        desk.queue.refresh(LEE)
        assert item.id not in {each.id for each in desk.queue.page(LEE, OPEN).items}
        assert desk.audit.verify(ROOT).row is None
    finally:
        service.close()
