from __future__ import annotations

import pytest

from civicbot.answering.asking import YES_NO
from civicbot.answering.sameness import BEGIN, QuestionReader, Said
from civicbot.model import LANGUAGES, Language
from civicbot.retrieval.opened import OpenGeneration


@pytest.fixture
def readers(generation: OpenGeneration) -> dict[Language, QuestionReader]:
    return {language: QuestionReader(generation, language, 2026) for language in LANGUAGES}


def read(readers: dict[Language, QuestionReader], text: str) -> Said:
    return readers["en" if text.isascii() else "ko"].read(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("BRT는 언제 개통하나요?", {"?when"}),
        ("BRT는 왜 언제 개통할지 모르나요?", {"?when", "?why"}),
        ("AX 실증밸리는 언제부터 언제까지 하나요?", {"?period"}),
        ("BRT 노선이 어떻게 되나요?", {"?value"}),
        ("AI 당지기가 뭐예요?", {"?what"}),
        ("AI 당지기 번호가 뭐예요?", {"?value"}),
        ("BRT가 개통됐나요?", {YES_NO}),
        ("BRT 사업", set()),
        ("When does the BRT open?", {"?when"}),
        ("Is the BRT open?", {YES_NO}),
        ("Site of the gifted school", {"?where"}),
        ("How big is the site of the gifted school?", {"?value"}),
        ("Who runs AI Dangjigi?", {"?who"}),
        ("길이 너무 막혀서요, BRT는 언제 개통하나요?", {"?when"}),
        ("AI 당지기를 어디서 운영하나요?", {"?who"}),
        ("AI 당지기 문의는 어디로 하나요?", {"?where"}),
        ("BRT가 개통됐는지 알려 주세요", {YES_NO}),
        ("BRT 개통 여부", {YES_NO}),
        ("Is there a date for the opening of the BRT?", {"?when"}),
        ("May I ask when work on the site of the gifted school begins?", {"?when"}),
        ("From when to when does the AX valley run?", {"?value"}),
    ],
)
def test_what_is_asked(readers: dict[Language, QuestionReader], text: str, asks: set[str]) -> None:
    assert read(readers, text).asks == asks


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("국가AI컴퓨팅센터 예산", {"computing_center"}),
        ("오룡동에 있는 데이터센터는 누가 운영해요?", {"data_center"}),
        ("해남 컴퓨팅센터 말고 AX 실증밸리 예산은요?", {"ax_valley"}),
        ("통합특별시는 언제 출범해요?", {"merger"}),
        ("광주 국비는 얼마예요?", set()),
        ("who runs the data centre here in Gwangju", {"data_center"}),
        ("What is the gifted scool?", {"ai_gifted_school"}),
        ("What does the gifted shcool cost?", {"ai_gifted_school"}),
        ("brt route", {"brt"}),
    ],
)
def test_what_is_named(readers: dict[Language, QuestionReader], text: str, entities: set[str]) -> None:
    assert read(readers, text).entities == entities


def test_what_leads_to_the_question_says_nothing(readers: dict[Language, QuestionReader]) -> None:
    said = read(readers, "조카가 고등학생이라 관심이 많은데요, AI영재고는 언제 개교하나요?")
    assert said.terms == {BEGIN}
    assert "고등학생" in said.around or "조카" in said.around
    assert read(readers, "My niece is keen on maths. When does the AI gifted school open?").terms == {BEGIN}


def test_what_comes_after_the_question_may_narrow_it(readers: dict[Language, QuestionReader]) -> None:
    assert "청소년" in read(readers, "BRT 요금이 얼마예요? 청소년이요.").terms


@pytest.mark.parametrize("word", ["자주", "다시", "직접", "먼저", "안", "못", "실제", "새로"])
def test_small_words_that_make_another_question(readers: dict[Language, QuestionReader], word: str) -> None:
    plain, other = (read(readers, text) for text in ("BRT는 누가 운영하나요?", f"BRT는 누가 {word} 운영하나요?"))
    assert other.terms > plain.terms


def test_what_is_counted_tells_numbers_apart(readers: dict[Language, QuestionReader]) -> None:
    floors, classes = (read(readers, f"AI영재고는 몇 {unit}인가요?").terms for unit in ("층", "학급"))
    assert floors != classes


def test_years_are_resolved(readers: dict[Language, QuestionReader]) -> None:
    assert read(readers, "올해 BRT 예산은?").figures == read(readers, "2026년 BRT 예산은?").figures == {"2026"}
    assert read(readers, "Next year's BRT budget").figures == {"2027"}


def test_a_clause_that_describes_a_project_does_not_tell_which(readers: dict[Language, QuestionReader]) -> None:
    assert "야간" not in read(readers, "시청 야간 전화를 받는 AI 당지기가 뭐예요?").terms
    assert "야간" in read(readers, "AI 당지기의 야간 번호가 뭐예요?").terms


def test_only_the_part_of_a_name_that_asks_nothing_names(readers: dict[Language, QuestionReader]) -> None:
    assert "=route" in read(readers, "What is the BRT route?").terms


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("AX 실증밸리로 기업을 몇 개 모았나요?", "past"),
        ("AX 실증밸리로 기업을 몇 개 모을 계획인가요?", "planned"),
        ("AX 실증밸리 기업은 몇 개인가요?", ""),
        ("How many jobs did the AX valley bring?", "past"),
        ("How many jobs will the AX valley bring?", "planned"),
    ],
)
def test_what_has_been_and_what_is_meant_to_be(readers: dict[Language, QuestionReader], text: str, tense: str) -> None:
    assert read(readers, text).tense == tense


def test_a_verb_that_nobody_knows_says_nothing(readers: dict[Language, QuestionReader]) -> None:
    assert read(readers, "BRT 요금을 얼마나 쟁이나요?").terms == read(readers, "BRT 요금이 얼마나 되나요?").terms
    assert read(readers, "BRT 요금을 얼마나 깎나요?").terms != read(readers, "BRT 요금이 얼마나 되나요?").terms


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("착공 말고 BRT 요금이 얼마인가요?", False),
        ("국비 말고 BRT 요금이 얼마인가요?", True),
    ],
)
def test_what_is_set_aside(readers: dict[Language, QuestionReader], text: str, *, around: bool) -> None:
    assert ("=other" in read(readers, text).around) is around
