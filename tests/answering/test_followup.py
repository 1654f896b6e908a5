from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from civicbot.answering.context import Context
from civicbot.answering.followup import FollowUp
from civicbot.language.detect import detect_language
from civicbot.model import Facet, Question
from civicbot.retrieval.opened import OpenGeneration


@dataclass(frozen=True)
class Earlier:
    question: str
    standalone: str


def rewritten(generation: OpenGeneration, text: str, *earlier: str) -> Context:
    context = Context(
        question=Question(text=text),
        generation=generation,
        today=date(2026, 11, 22),
        text=text,
        standalone=text,
        language=detect_language(text),
        earlier=tuple(Earlier(question, question) for question in earlier),
    )
    return FollowUp()(context)


@pytest.mark.parametrize(
    ("question", "earlier", "entity"),
    [
        ("그럼 언제 착공해?", "AI 모빌리티 국가시범도시 총사업비는?", "ai_mobility"),
        ("어디에 지어?", "AI 모빌리티 국가시범도시 총사업비는?", "ai_mobility"),
        ("And who pays for it?", "What is the AX demonstration valley?", "ax_valley"),
        ("그럼 NPU 컴퓨팅센터는?", "국가AI컴퓨팅센터는 어디에 있어요?", "npu"),
        ("What about the NPU computing centre?", "Where is the national AI computing centre?", "npu"),
        ("국가AI컴퓨팅센터", "위치가 어디예요?", "computing_center"),
    ],
)
def test_what_is_left_unsaid_comes_from_the_question_before(
    generation: OpenGeneration, question: str, earlier: str, entity: str
) -> None:
    context = rewritten(generation, question, earlier)
    assert context.parts[0].asked.entities[:1] == (entity,)
    assert context.parts[0].asked.facets


def test_a_new_topic_is_not_dragged_along(generation: OpenGeneration) -> None:
    text = "AX 실증밸리 사업 기간은 언제까지인가요?"
    assert rewritten(generation, text, "AI 모빌리티 국가시범도시 총사업비는?").standalone == text
    unrelated = "오늘 점심 메뉴로 김치찌개 어때?"
    assert rewritten(generation, unrelated, "AI 모빌리티 국가시범도시 총사업비는?").standalone == unrelated


def test_without_a_conversation_nothing_is_added(generation: OpenGeneration) -> None:
    assert rewritten(generation, "언제 착공해?").standalone == "언제 착공해?"


@pytest.mark.parametrize(
    ("question", "facets"),
    [
        ("AX 실증밸리는 사업비가 얼마고 언제까지 해?", [Facet.COST, Facet.SCHEDULE]),
        ("AX 실증밸리 사업비와 위치 알려 줘", [Facet.COST, Facet.PLACE]),
        ("How much is the AX demonstration valley and when does it end?", [Facet.COST, Facet.SCHEDULE]),
        ("AX 실증밸리 총사업비는?", [Facet.COST]),
    ],
)
def test_a_question_is_cut_into_its_parts(generation: OpenGeneration, question: str, facets: list[Facet]) -> None:
    parts = rewritten(generation, question).parts
    assert [part.asked.facets[0] for part in parts] == facets
    assert all(part.asked.entities == ("ax_valley",) for part in parts)
