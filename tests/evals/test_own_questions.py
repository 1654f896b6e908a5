"""The library's own questions, asked again."""

from __future__ import annotations

from evals.own_questions import fared, own_questions

from civicbot.model import Question
from civicbot.retrieval.opened import OpenGeneration
from civicbot.wiring import Service


def test_every_sentence_keeps_its_questions(generation: OpenGeneration) -> None:
    questions = own_questions(generation)
    assert len(questions) > 10_000
    assert all(sentences for sentences in questions.values())
    opening = "광주시는 2025년 12월 3일 AI영재고를 2026년 착공해 2027년 3월 개교하는 것이 목표라고 밝혔습니다."
    assert opening in questions["AI영재고 언제 개교해?", "ko"]
    assert ("AI영재고 언제 개교해?", "en") not in questions


def test_how_a_question_fared(service: Service) -> None:
    question = "Why did Gwangju lose the computing centre?"
    answer = service.assistant.answer(Question(text=question))
    told = frozenset({answer.sentences[0].text})
    assert fared(answer, told) == "own"
    assert fared(answer, frozenset({"Something else."})) == "other"
    back = service.assistant.answer(Question(text="AI 신도시 예산이 얼마야"))
    assert fared(back, told) == "clarification"
    unpublished = service.assistant.answer(Question(text="당지기 전화번호가 뭐예요?"))
    assert fared(unpublished, frozenset(sentence.text for sentence in unpublished.sentences)) == "close"
    assert fared(unpublished, told) == "no_evidence"
