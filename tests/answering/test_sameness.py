from __future__ import annotations

import pytest

from civicbot.answering.sameness import BEGIN, YES_NO, QuestionReader, Said
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
