from __future__ import annotations

import logging
from pathlib import Path

import pytest
from tests.retrieval.libraries import tiny_loader
from tests.review.desks import ALL, KIM, LEE, QUOTE, ROOT, DeskForTests, exchange

from civicbot.model import AnswerStatus, Considered, Feedback, NoticeKind
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action
from civicbot.review.audit import AuditLog
from civicbot.review.evidence_nouns import UnusedEvidence, WhyNot
from civicbot.review.evidence_views import EvidenceViews
from civicbot.review.items import Items
from civicbot.review.nouns import ItemView, Reason, Verdict
from civicbot.review.refusals import UnknownItemError

DISPUTED = (NoticeKind.DISPUTED,)
TOTAL = "2025년 8월 17일 발표된 AI 모빌리티 국가시범도시의 총사업비는 1조 5000억 원입니다."
REQUEST = "정진욱 의원은 2025년 11월 7일 국회에서 AI 시티 사업을 광주에서 추진해 달라고 요청했습니다."


def opened(desk: DeskForTests, answer_id: str) -> ItemView:
    return desk.items.open(KIM, desk.item_of(answer_id), answer_id=answer_id)


def weighed(text: str, confidence: float, *, used: bool = False, passage: str = "S001-ko.1") -> Considered:
    return Considered(
        document_id=passage.rpartition(".")[0],
        passage_id=passage,
        text=text,
        score=confidence * 10,
        confidence=confidence,
        used=used,
    )


def test_an_answer_stands_beside_its_passage_with_the_support_marked(desk: DeskForTests) -> None:
    view = opened(desk, desk.ask("AI 시티 예산은?", notices=DISPUTED))
    (sentence,) = view.sentences
    (evidence,) = sentence.evidence
    assert (sentence.text, sentence.origin_passage_id, sentence.confidence) == (QUOTE, "S001-ko.1", 0.9)
    assert evidence.passage_text is not None
    (support,) = evidence.support
    assert evidence.passage_text[support.start : support.end] == evidence.quote == QUOTE
    marked = [evidence.passage_text[span.start : span.end] for span in evidence.figures]
    assert [text.rstrip("도원 ") for text in marked] == ["2026년", "40억"]
    assert (evidence.missing, evidence.document_changed, evidence.number) == ((), False, 1)
    assert (evidence.title, evidence.publisher) == ("광주 AI 시티 요청", "광주일보")


def test_what_changed_in_the_library_is_told(desk: DeskForTests) -> None:
    kept = exchange("AI 시티 예산은?", sentence="예산은 50억 원입니다.")
    changed = kept.answer.citations[0].model_copy(update={"quote": "예산은 60억 원입니다."})
    gone = changed.model_copy(update={"number": 2, "document_id": "S900-ko", "passage_id": "S900-ko.1"})
    sentence = kept.answer.sentences[0].model_copy(update={"citations": (1, 2)})
    answer = kept.answer.model_copy(update={"citations": (changed, gone), "sentences": (sentence,)})
    desk.records.remember(kept.model_copy(update={"answer": answer}))
    view = opened(desk, answer.id)
    first, second = view.sentences[0].evidence
    assert (first.support, first.document_changed, first.missing) == ((), True, ("50억",))
    assert first.passage_text is not None
    assert (second.passage_text, second.document_changed) == (None, True)


def unused(desk: DeskForTests, *considered: Considered, **given: object) -> tuple[UnusedEvidence, ...]:
    answer = desk.ask(str(given.pop("question", "AI 시티 예산은?")), considered=considered, **given)
    return opened(desk, answer).unused


def test_what_was_not_used_and_why(desk: DeskForTests) -> None:
    found = unused(
        desk,
        weighed(QUOTE, 0.9, used=True),
        weighed("2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼습니다.", 0.85, passage="ai-city-ko.2"),
        weighed(REQUEST, 0.75),
        weighed(REQUEST.replace("요청", "촉구"), 0.2),
    )
    assert [(each.confidence, [one.why for one in each.reasons]) for each in found] == [
        (0.85, [WhyNot.SAME_AS]),
        (0.75, [WhyNot.LOWER_RANK]),
        (0.2, [WhyNot.BELOW_THRESHOLD]),
    ]
    same, lower, unsure = found
    assert same.reasons[0].sentence == 1
    assert lower.reasons[0].rank == 3
    assert unsure.reasons[0].threshold == 0.7
    assert lower.passage_text is not None
    assert lower.passage_text[lower.support[0].start : lower.support[0].end] == REQUEST
    assert unsure.support == ()
    assert (lower.title, lower.language, lower.url) == ("광주 AI 시티 요청", "ko", "https://example.org/1")


def test_another_year_and_another_thing_are_told(desk: DeskForTests) -> None:
    (found,) = unused(
        desk,
        weighed(TOTAL, 0.3, passage="ai-city-ko.2"),
        question="AI 모빌리티 국가시범도시 2027년 예산은?",
        status=AnswerStatus.NO_EVIDENCE,
    )
    assert [one.why for one in found.reasons] == [WhyNot.BELOW_THRESHOLD, WhyNot.OTHER_YEAR]
    assert found.reasons[1].names == ("2025",)


def test_what_a_rule_held_back(desk: DeskForTests) -> None:
    (found,) = unused(desk, weighed(REQUEST, 0.95), status=AnswerStatus.NO_EVIDENCE)
    assert [one.why for one in found.reasons] == [WhyNot.HELD_BACK]


def test_another_entity(library: LiveIndex) -> None:
    asked = exchange(
        "모빌리티 신도시는 누가 요청했어요?",
        status=AnswerStatus.NO_EVIDENCE,
        considered=(weighed("광주에서 추진해 달라는 요청이 있었습니다.", 0.8, passage="ai-city-ko.1"),),
    )
    with library.reader() as generation:
        assert generation.passage("ai-city-ko.1").entity == "ai_city"
        (found,) = EvidenceViews(generation).unused(asked)
    assert [(one.why, one.names) for one in found.reasons] == [(WhyNot.OTHER_ENTITY, ("ai_city",))]


def test_everything_about_an_item(desk: DeskForTests) -> None:
    first = desk.ask("AI 시티 예산은?", conversation="c1", notices=DISPUTED)
    desk.clock.move(minutes=1)
    desk.ask("그럼 위치는?", conversation="c1", standalone="AI 시티 그럼 위치는?")
    desk.clock.move(minutes=1)
    second = desk.ask("AI 시티의 예산은", site="buk", channel="widget")
    desk.ask("AI 시티의 예산은")
    desk.thumb_down(first, "010-1234-5678로 알려 주세요")
    desk.records.add_feedback(second, Feedback(helpful=True))
    ticket = desk.ticket(second)
    desk.feed.run()
    (item,) = [each for each in desk.queue.page(KIM, ALL).items if each.asked == 3]
    desk.verdicts.judge(LEE, item.id, Verdict.INCOMPLETE, "날짜도 필요")
    view = desk.items.open(KIM, item.id, answer_id=first)
    assert view.exchange.answer.id == first
    assert [each.question for each in view.conversation] == ["AI 시티 예산은?", "그럼 위치는?"]
    assert [(each.answer_id, each.reasons) for each in view.answers[:2]] == [
        (first, (Reason.THUMBS_DOWN, Reason.DISPUTED)),
        (second, (Reason.TICKET,)),
    ]
    assert [(each.text, each.asked) for each in view.wordings] == [("AI 시티의 예산은", 2), ("AI 시티 예산은?", 1)]
    assert [(each.answer_id, each.helpful, each.comment) for each in view.feedback] == [
        (second, True, None),
        (first, False, "[ko phone]로 알려 주세요"),
    ]
    assert [(each.code, each.item_id, each.message) for each in view.tickets] == [(ticket.code, item.id, "알려 주세요")]
    assert [(each.verdict, each.note, each.by) for each in view.verdicts] == [
        (Verdict.INCOMPLETE, "날짜도 필요", "lee")
    ]
    assert view.live_index is not None
    assert view.versions.index == "g1"
    assert ticket.code not in repr(view.tickets)


def test_opening_is_in_the_log_without_words_and_codes(desk: DeskForTests) -> None:
    answer = desk.ask("AI 시티 예산은?")
    ticket = desk.ticket(answer)
    view = opened(desk, answer)
    (line,) = AuditLog(desk.database).entries(ROOT, action=Action.READ_ITEM)
    assert (line.actor, line.subject) == ("kim", f"item:{view.item.id}")
    assert line.details == {"answer": answer, "tickets": 1}
    assert ticket.code not in repr(line)


def test_the_item_of_an_answer(desk: DeskForTests) -> None:
    answer = desk.ask("AI 시티 예산은?")
    assert desk.items.find(KIM, answer) is None
    assert desk.item_of(answer) == desk.item_of(desk.ask("AI 시티의 예산은"))


def test_no_item_is_read_that_cannot_be_noted(desk: DeskForTests) -> None:
    answer = desk.ask("AI 시티 예산은?", notices=DISPUTED)
    item = desk.item()
    other = desk.ask("AI 시티 위치는?", notices=DISPUTED)
    desk.feed.run()
    for item_id, answer_id in ((item.id, other), (item.id, "none"), (999, None), (999, answer)):
        with pytest.raises(UnknownItemError):
            desk.items.open(KIM, item_id, answer_id=answer_id)
    assert AuditLog(desk.database).entries(ROOT, action=Action.READ_ITEM) == []


def test_without_a_library_the_record_itself_is_shown(
    desk: DeskForTests, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    answer = desk.ask("AI 시티 예산은?", considered=(weighed(QUOTE, 0.9, used=True), weighed(REQUEST, 0.3)))
    desk.thumb_down(answer)
    item = desk.item()
    with caplog.at_level(logging.DEBUG):
        view = Items(desk.store, LiveIndex(tmp_path / "index", tiny_loader())).open(KIM, item.id)
    (evidence,) = view.sentences[0].evidence
    assert (evidence.quote, evidence.passage_text, evidence.document_changed) == (QUOTE, None, False)
    assert (view.unused[0].passage_text, view.unused[0].title) == (None, "S001-ko")
    assert view.live_index is None
    assert "예산" not in caplog.text
