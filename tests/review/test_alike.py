from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer
from civicbot.model import Language
from civicbot.review.alike import normal, signature
from civicbot.settings import REPOSITORY

GLOSSARY = Glossary.load(Path(REPOSITORY) / "corpus" / "glossary.yaml")
TOKENIZER = Tokenizer(GLOSSARY.user_words)
ASKED = datetime(2026, 11, 22, 3, tzinfo=UTC)
PROJECTS = sorted(key for key, entity in GLOSSARY.entities.items() if entity.brief)
ASKS: dict[Language, list[str]] = {
    "ko": [
        "{name} 총사업비가 얼마예요?",
        "{name} {year}년 예산이 얼마인가요?",
        "{name}에 {number}억 원이 들어가나요?",
        "{year}년에 {name} 착공하나요?",
    ],
    "en": [
        "How much does {name} cost?",
        "What is the {year} budget of {name}?",
        "Will {number} billion won go into {name}?",
        "Will work on {name} begin in {year}?",
    ],
}


def key(question: str, language: Language = "ko", asked_at: datetime = ASKED) -> str:
    return signature(question, language, asked_at, GLOSSARY, TOKENIZER).key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("국가AI컴퓨팅센터 총사업비가 얼마예요?", "국가 AI 컴퓨팅센터 총사업비는 얼마인가요"),
        (
            "국가AI컴퓨팅센터 총사업비가 얼마예요?",
            "안녕하세요, 국가 인공지능 컴퓨팅센터 총사업비가 얼마인지 궁금합니다.",
        ),
        ("AX 실증밸리 위치 알려줘", "AX 실증밸리의 위치 좀 알려 주세요!"),
        ("2026년 AI 시티 예산", "AI 시티 2026년 예산은?"),
        ("광주 BRT는 언제 개통하나요?", "광주 BRT 언제 개통해요?"),
    ],
)
def test_the_same_question_in_korean(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("How much does the AI City cost?", "how much does AI City cost"),
        ("How much does the AI City pilot cost?", "Hello, how much does the AI City pilot cost, please?"),
        ("Where is the national AI data centre?", "Where is the National AI Data Center?"),
    ],
)
def test_the_same_question_in_english(one: str, other: str) -> None:
    assert key(one, "en") == key(other, "en")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("국가AI컴퓨팅센터 총사업비가 얼마예요?", "국가AI데이터센터 총사업비가 얼마예요?"),
        ("2026년 AI 시티 예산은?", "2027년 AI 시티 예산은?"),
        ("AI 시티 예산이 40억 원인가요?", "AI 시티 예산이 400억 원인가요?"),
        ("AI 시티는 언제 시작해요?", "AI 시티는 왜 시작해요?"),
        ("AI 시티는 누가 시작해요?", "AI 시티는 어디서 시작해요?"),
        ("여기서 신청이 되나요?", "여기서 신청이 안 되나요?"),
        ("AI 시티 사업을 광주에서 했나요?", "AI 시티 사업을 광주에서 하나요?"),
        ("AX 실증밸리 1단계 사업비", "AX 실증밸리 2단계 사업비"),
        ("첫 번째 설명회는 언제예요?", "두 번째 설명회는 언제예요?"),
        ("부산도 AI 시티예요?", "대구도 AI 시티예요?"),
        ("AI 시티 총 예산은?", "AI 시티 예산은?"),
    ],
)
def test_other_questions_in_korean(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("When does the AI City open?", "Where does the AI City open?"),
        ("Can I apply for the AI City?", "Can't I apply for the AI City?"),
        ("Will the AI City be built?", "Was the AI City built?"),
        ("Does the city pay the company?", "Does the company pay the city?"),
        ("The bus from Baegun to Maegok", "The bus from Maegok to Baegun"),
        ("Who runs the AI City?", "Who ran the AI City in 2024?"),
        ("Is AI City bigger than AX demonstration valley?", "Is AX demonstration valley bigger than AI City?"),
    ],
)
def test_other_questions_in_english(one: str, other: str) -> None:
    assert key(one, "en") != key(other, "en")


def test_the_languages_are_kept_apart() -> None:
    assert key("AI City", "ko") != key("AI City", "en")


def test_times_that_move_mean_the_day_of_asking() -> None:
    later = datetime(2027, 1, 4, 3, tzinfo=UTC)
    assert key("AI 시티 내년 예산은?") != key("AI 시티 내년 예산은?", asked_at=later)
    assert key("AI 시티 오늘 행사 있나요?") != key("AI 시티 오늘 행사 있나요?", asked_at=later)
    assert key("AI City events next month", "en") != key("AI City events next month", "en", later)
    assert key("AI 시티 예산은?") == key("AI 시티 예산은?", asked_at=later)
    # Half past midnight in Korea is the day before elsewhere.
    midnight = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
    assert key("AI 시티 오늘 행사 있나요?") != key("AI 시티 오늘 행사 있나요?", asked_at=midnight)


def test_what_holds_no_content_word_is_compared_as_it_stands() -> None:
    assert key("그건요?") != key("저건요?")
    assert key("??") == key("!!")
    assert key("") == key(" ")
    assert key("\ud83d") == key("?")


def test_placeholders_of_personal_data_do_not_count() -> None:
    assert key("[휴대전화번호] AI 시티 예산은?") == key("AI 시티 예산은?")


def test_a_key_tells_no_words() -> None:
    assert len(key("AI 시티 예산은?")) == 64
    assert "시티" not in key("AI 시티 예산은?")


def test_normal_knows_no_blanks_marks_and_cases() -> None:
    assert normal("ＡＩ 모빌리티, 국가-시범도시?") == normal("ai모빌리티 국가시범도시") == "ai모빌리티국가시범도시"
    assert normal("100% _ ·") == "100"


things = st.tuples(st.sampled_from(PROJECTS), st.integers(2020, 2035), st.integers(2, 9_999))


@given(language=st.sampled_from(["ko", "en"]), which=st.integers(0, 3), one=things, other=things)
def test_another_entity_year_or_number_is_another_question(
    language: Language,
    which: int,
    one: tuple[str, int, int],
    other: tuple[str, int, int],
) -> None:
    asks = ASKS[language][which]

    def put(thing: tuple[str, int, int]) -> tuple[str, tuple[object, ...]]:
        project, year, number = thing
        name = GLOSSARY.entities[project].names(language).name
        told = (project, *((year,) if "{year}" in asks else ()), *((number,) if "{number}" in asks else ()))
        return asks.format(name=name, year=year, number=number), told

    (question, told), (another, told_there) = put(one), put(other)
    assert (key(question, language) == key(another, language)) is (told == told_there)


@given(first=st.integers(0, 10**13), second=st.integers(0, 10**13))
def test_numbers_never_run_together(first: int, second: int) -> None:
    one, other = (f"예산이 {number}원인가요?" for number in (first, second))
    assert (key(one) == key(other)) is (first == second)
