import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.detect import detect_language, has_hangul
from civicbot.model import LANGUAGES


@pytest.mark.parametrize(
    "text",
    [
        "광주 AI 시티가 뭐예요?",
        "AI City 예산은?",
        "AI for All, Gwangju 비전이 뭐야",
        "AI Mobility National New Town 총사업비 알려줘",
        "BRT는 언제 개통하나요",
        "모빌리티 신도시 AI for All",
    ],
)
def test_korean(text: str) -> None:
    assert detect_language(text) == "ko"


@pytest.mark.parametrize(
    "text", ["'What is the AI City' 가 무슨 뜻이에요?", "OpenAI와 SK의 데이터센터", "2026?", "", "🙂", "!!"]
)
def test_korean_is_the_citys_language(text: str) -> None:
    assert detect_language(text) == "ko"


@pytest.mark.parametrize(
    "text",
    [
        "What is the AI City?",
        "NPU",
        "What is 광주?",
        "Who runs 모두의 AI, 광주?",
        "What does 광주 인공지능산업융합집적단지 stand for?",
        "Tell me about 광주 AI 모빌리티 국가시범도시",
        "How much money is in the budget for the 국가 NPU 컴퓨팅센터 in Gwangju?",
        "budget",
    ],
)
def test_english(text: str) -> None:
    assert detect_language(text) == "en"


def test_a_document_is_in_the_language_of_its_larger_part() -> None:
    english = "The city said that it will build the centre. " * 5
    korean = "시는 센터를 짓겠다고 밝혔습니다. " * 5
    assert detect_language(english + korean[:19]) == "en"
    assert detect_language(korean + english[:45]) == "ko"


@given(st.text(st.sampled_from("가나다은는 ?.abWhatis1Ａｎｄㄱ"), max_size=40))
def test_the_form_of_letters_does_not_matter(text: str) -> None:
    found = detect_language(text)
    assert found in LANGUAGES
    assert detect_language(unicodedata.normalize("NFD", text)) == found
    assert detect_language(text.upper()) in LANGUAGES


def test_has_hangul() -> None:
    assert has_hangul("AI 시티")
    assert has_hangul(unicodedata.normalize("NFD", "시"))
    assert has_hangul("ㅋ")
    assert not has_hangul("AI City, 光州")
