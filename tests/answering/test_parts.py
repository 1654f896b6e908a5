from __future__ import annotations

from datetime import date

import pytest

from civicbot.answering.context import Context, Part
from civicbot.answering.lexicon import Kind
from civicbot.answering.parts import MOST_PARTS, split_parts
from civicbot.language.detect import detect_language
from civicbot.model import Facet, Question
from civicbot.retrieval.opened import OpenGeneration


def parts(generation: OpenGeneration, text: str) -> tuple[Part, ...]:
    context = Context(
        question=Question(text=text),
        generation=generation,
        today=date(2026, 11, 22),
        text=text,
        standalone=text,
        language=detect_language(text),
    )
    return split_parts(context, text)


@pytest.mark.parametrize(
    "question",
    [
        "주청사 위치를 지금 못박으면 통합에 방해된다고 말한 게 누구였지?",
        "When did the ChatGPT people and SK shake hands?",
        "오픈AI랑 SK는 언제 손을 잡았나요?",
        "Who runs the buses and the taxis of the test city?",
        "AX 실증밸리 총사업비는?",
        "안녕하세요, 저는 북구에 살고 아이가 둘인데요. AI영재고는 언제 열어요?",
        "Tell me about the AI City",
    ],
)
def test_what_asks_one_thing_is_one_part(generation: OpenGeneration, question: str) -> None:
    (part,) = parts(generation, question)
    assert part.text == question


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        (
            "How long is the line, how many stops does it have and how often do buses run?",
            [Kind.SIZE, Kind.COUNT, Kind.COUNT],
        ),
        ("AX 실증밸리는 사업비가 얼마고 언제까지 해?", [Kind.AMOUNT, Kind.DATE]),
        (
            "AI 사관학교는 몇 명을 뽑고 언제 모집하나요? 지원금은 얼마예요?",
            [Kind.COUNT, Kind.DATE, Kind.AMOUNT],
        ),
        ("Who runs the AX demonstration valley, and why?", [Kind.PERSON, Kind.REASON]),
    ],
)
def test_every_piece_that_asks_by_itself_is_a_part(
    generation: OpenGeneration, question: str, kinds: list[Kind]
) -> None:
    assert [part.asked.kinds[0] for part in parts(generation, question)] == kinds


def test_what_stands_beside_the_question_is_no_part(generation: OpenGeneration) -> None:
    found = parts(generation, "I work at a bank and love trains. How much is the AX valley, and when does it end?")
    assert [part.asked.kinds[0] for part in found] == [Kind.AMOUNT, Kind.DATE]
    assert not any("bank" in part.text for part in found)


def test_a_part_inherits_the_project_and_the_year(generation: OpenGeneration) -> None:
    cost, place = parts(generation, "2026년 AX 실증밸리 사업비와 위치 알려 줘")
    assert [cost.asked.facets[0], place.asked.facets[0]] == [Facet.COST, Facet.PLACE]
    assert cost.asked.entities == place.asked.entities == ("ax_valley",)
    assert cost.asked.years == place.asked.years == {"2026"}
    assert "실증밸리" in place.text


def test_a_comparison_has_a_part_for_each_side(generation: OpenGeneration) -> None:
    sides = parts(generation, "국가AI컴퓨팅센터와 NPU센터 사업비를 비교해 주세요")
    assert [side.asked.entities for side in sides] == [("computing_center",), ("npu",)]
    assert "NPU" not in sides[0].text
    assert all(side.asked.facets[0] is Facet.COST for side in sides)


def test_no_more_parts_than_can_be_answered(generation: OpenGeneration) -> None:
    question = "How much is the AX valley, when does it start, where is it, who runs it and why is it needed?"
    assert len(parts(generation, question)) == MOST_PARTS


@pytest.mark.parametrize(
    "question",
    [
        "What is the national AI data centre and what is the National AI Computing Centre? Where is each of them?",
        "국가AI데이터센터랑 국가AI컴퓨팅센터는 뭐야? 각각 어디에 있어?",
    ],
)
def test_what_is_asked_of_each_is_asked_of_all(generation: OpenGeneration, question: str) -> None:
    found = parts(generation, question)
    placed = [part.asked.entities for part in found if Kind.PLACE in part.asked.kinds]
    assert {key for keys in placed for key in keys} == {"data_center", "computing_center"}
    assert all(len(keys) == 1 for keys in placed)


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("어젯밤에 시청에 전화했더니 AI가 받던데.. 그거 이름이 뭐고 언제부터 그런 거예요?", "전화했더니"),
        ("An AI picked up when I rang city hall. What is it called and when was that?", "rang"),
    ],
)
def test_a_part_that_says_nothing_by_itself_keeps_what_was_told_before(
    generation: OpenGeneration, question: str, before: str
) -> None:
    found = parts(generation, question)
    assert len(found) == 2
    assert all(before in part.text and part.asked.terms for part in found)
