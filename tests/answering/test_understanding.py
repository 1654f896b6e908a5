from __future__ import annotations

import pytest

from civicbot.answering.lexicon import Kind
from civicbot.answering.understanding import Understanding, understand
from civicbot.language.detect import detect_language
from civicbot.model import Facet
from civicbot.retrieval.opened import OpenGeneration


def understood(generation: OpenGeneration, text: str) -> Understanding:
    return understand(text, detect_language(text), generation.glossary, generation.tokenizer, 2026)


@pytest.mark.parametrize(
    ("question", "entity"),
    [
        ("광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?", "ai_mobility"),
        ("모빌리티 신도시는 어디에 지어요?", "ai_mobility"),
        ("AI시티 예산", "ai_city"),
        ("국가AI컴퓨팅센터는 왜 해남으로 갔나요", "computing_center"),
        ("NPU 컴퓨팅센터 예산", "npu"),
        ("AX 실증밸리 기간", "ax_valley"),
        ("How much does the AI City pilot cost?", "ai_city"),
        ("Where is the national AI computing center?", "computing_center"),
        ("the NPU computing centre's budget", "npu"),
        ("Who runs the AX demonstration valley?", "ax_valley"),
    ],
)
def test_entities_are_found_by_their_names(generation: OpenGeneration, question: str, entity: str) -> None:
    assert understood(generation, question).entities[:1] == (entity,)


def test_a_place_or_a_city_is_no_project(generation: OpenGeneration) -> None:
    assert understood(generation, "광주에는 무엇이 있나요?").entities == ()


@pytest.mark.parametrize(
    ("question", "kind", "facet"),
    [
        ("총사업비가 얼마예요?", Kind.AMOUNT, Facet.COST),
        ("돈 얼마 들어", Kind.AMOUNT, Facet.COST),
        ("언제 착공해?", Kind.DATE, Facet.SCHEDULE),
        ("어디에 지어?", Kind.PLACE, Facet.PLACE),
        ("누가 추진하나요", Kind.PERSON, Facet.ACTORS),
        ("왜 하는 거야?", Kind.REASON, Facet.PURPOSE),
        ("How much will it cost?", Kind.AMOUNT, Facet.COST),
        ("When does it open?", Kind.DATE, Facet.SCHEDULE),
        ("Where is it?", Kind.PLACE, Facet.PLACE),
        ("Who runs it?", Kind.PERSON, Facet.ACTORS),
        ("Why is it needed?", Kind.REASON, Facet.PURPOSE),
    ],
)
def test_what_kind_of_value_is_asked(generation: OpenGeneration, question: str, kind: Kind, facet: Facet) -> None:
    asked = understood(generation, question)
    assert asked.kinds[:1] == (kind,)
    assert asked.facets[:1] == (facet,)


@pytest.mark.parametrize(
    ("question", "kind"), [("몇 명 뽑아요?", Kind.COUNT), ("How many GPUs are there?", Kind.COUNT)]
)
def test_counts(generation: OpenGeneration, question: str, kind: Kind) -> None:
    assert understood(generation, question).kinds == (kind,)


def test_how_far_it_has_come_is_no_place(generation: OpenGeneration) -> None:
    asked = understood(generation, "NPU센터는 지금 어디까지 진행됐나요?")
    assert asked.kinds == ()
    assert asked.facets[0] is Facet.STATUS


def test_the_counter_of_a_korean_number_is_known(generation: OpenGeneration) -> None:
    assert understood(generation, "AI 사관학교는 몇 명을 뽑나요?").unit == "명"
    assert understood(generation, "How many people?").unit is None


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("올해 예산", {"2026"}),
        ("내년 예산은?", {"2027"}),
        ("작년에는 얼마였어", {"2025"}),
        ("2025년과 2026년 예산", {"2025", "2026"}),
        ("next year's budget", {"2027"}),
        ("the budget last year", {"2025"}),
        ("총사업비", set()),
    ],
)
def test_years_are_resolved_against_the_clock(generation: OpenGeneration, question: str, years: set[str]) -> None:
    assert understood(generation, question).years == years


@pytest.mark.parametrize(
    ("question", "announced"),
    [
        ("시범도시가 선정됐나요?", True),
        ("입주 기업은 정해졌어?", True),
        ("Has the site been chosen?", True),
        ("Did Gwangju win the contest?", True),
        ("예산이 얼마야?", False),
        ("What is the AI City?", False),
    ],
)
def test_whether_something_was_announced(generation: OpenGeneration, question: str, announced: bool) -> None:
    assert understood(generation, question).announced is announced


def test_names_cues_and_small_talk_are_no_terms(generation: OpenGeneration) -> None:
    asked = understood(generation, "안녕하세요 AI 모빌리티 신도시 아파트 예산 좀 알려 주세요")
    assert {term.token: term.weight for term in asked.terms} == {"아파트": 1.0, "예산": 0.25}
