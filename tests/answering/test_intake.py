from __future__ import annotations

import logging
from datetime import date

import pytest

from civicbot.answering.assistant import Assistant
from civicbot.answering.context import Context
from civicbot.answering.intake import Intake
from civicbot.errors import InvalidQuestionError
from civicbot.language.personal import PersonalKind
from civicbot.model import AnswerStatus, NoticeKind, Question
from civicbot.records.memory import MemoryRecords
from civicbot.retrieval.opened import OpenGeneration
from civicbot.wiring import Service

PHONE = "010-1234-5678"


def taken_in(generation: OpenGeneration, text: str) -> Context:
    question = Question(text=text)
    return Intake(MemoryRecords())(Context(question=question, generation=generation, today=date(2026, 11, 22)))


def test_nothing_keeps_what_was_masked(generation: OpenGeneration) -> None:
    context = taken_in(generation, f"제 이름은 홍길동이고 {PHONE}로 연락 주세요. AI 시티 예산은?")
    assert context.question.text == "제 이름은 [이름]이고 [휴대전화번호]로 연락 주세요. AI 시티 예산은?"
    assert context.masked == (PersonalKind.NAME, PersonalKind.MOBILE)
    assert PHONE not in repr(context)
    assert "홍길동" not in repr(context)


def test_what_is_asked_is_read_without_the_placeholders(generation: OpenGeneration) -> None:
    context = taken_in(generation, f"{PHONE}로 연락 주세요. AI 시티 예산은?")
    assert context.text == context.standalone == "AI 시티 예산은?"


def test_a_question_of_nothing_else_is_left_with_its_placeholder(generation: OpenGeneration) -> None:
    assert taken_in(generation, PHONE).text == "[휴대전화번호]"


def test_a_plain_question_is_only_cleaned(generation: OpenGeneration) -> None:
    context = taken_in(generation, " AI\u200b 시티  예산은\t4억 원? ")
    assert context.text == context.question.text == "AI 시티 예산은 4억 원?"
    assert context.masked == ()


def test_the_limits_are_those_of_what_was_typed(generation: OpenGeneration) -> None:
    with pytest.raises(InvalidQuestionError):
        taken_in(generation, "가" * 1001)


@pytest.mark.parametrize(
    ("question", "status", "kinds"),
    [
        (f"{PHONE}로 문자 주세요. AX 실증밸리 총사업비는?", AnswerStatus.ANSWERED, "휴대전화번호"),
        ("제 주민번호는 900101-1234567입니다. 내일 날씨 어때?", AnswerStatus.OUT_OF_SCOPE, "주민등록번호"),
        ("My name is Kim Minsu. Should I buy land near the mobility town?", AnswerStatus.REFUSED, "name"),
    ],
)
def test_the_resident_is_told_whatever_the_answer(
    service: Service, question: str, status: AnswerStatus, kinds: str
) -> None:
    answer = service.assistant.answer(Question(text=question))
    assert answer.status is status
    told = [notice.text for notice in answer.notices if notice.kind is NoticeKind.MASKED]
    assert len(told) == 1
    assert kinds in told[0]
    assert PHONE not in answer.model_dump_json()


def test_the_answer_is_that_of_the_question_alone(service: Service) -> None:
    plain = service.assistant.answer(Question(text="AX 실증밸리 총사업비는?"))
    masked = service.assistant.answer(Question(text="제 차 12가 3456, AX 실증밸리 총사업비는?"))
    assert masked.sentences == plain.sentences


@pytest.mark.parametrize("question", [PHONE, "900101-1234567", "제 이름은 홍길동입니다", "hong@naver.com"])
def test_personal_data_alone_gets_a_plain_answer(service: Service, question: str) -> None:
    answer = service.assistant.answer(Question(text=question))
    assert answer.status in {AnswerStatus.NO_EVIDENCE, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.CLARIFICATION}
    assert question not in answer.model_dump_json()


def test_no_log_line_holds_it(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        Assistant(service.settings, service.index, service.records).answer(Question(text=f"{PHONE} AI 시티 예산은?"))
    assert "1234-5678" not in caplog.text


def test_contacts_are_collected_once_for_a_generation(generation: OpenGeneration) -> None:
    intake = Intake(MemoryRecords())
    context = Context(question=Question(text="AI 시티가 뭐예요?"), generation=generation, today=date(2026, 11, 22))
    intake(context)
    held = intake._contacts
    intake(context)
    assert intake._contacts is held
