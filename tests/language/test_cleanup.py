import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.errors import InvalidQuestionError
from civicbot.language.cleanup import MAXIMUM_QUESTION, clean_question, clean_text

ANY_TEXT = st.text(st.characters(categories=None, exclude_categories=()), max_size=60)
# Marks that hide, next to letters that they could hide between.
MARKS = st.text(
    st.sampled_from(
        "가나 ab\n\t\u00a0\u3000\u200b\u200e\u202e\u2066\ufeff\u00ad\u1160\u3164\ue007f\ufffe\u0000é\u0301"
    ),
    max_size=30,
)


def invisible(text: str) -> list[str]:
    """Letters that a reader cannot see, but for plain blanks."""
    return [c for c in text if c != " " and (c.isspace() or unicodedata.category(c) in {"Cc", "Cf", "Cs"})]


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  AI 시티\t예산은 \r\n 얼마예요? ", "AI 시티 예산은 얼마예요?"),
        ("광주", "광주"),
        ("전각\u3000공백\u00a0과 \u2003넓은 공백", "전각 공백 과 넓은 공백"),
        ("zero\u200bwidth soft\u00adhyphen \ufeffBOM", "zerowidth softhyphen BOM"),
        ("\u200e2026\u200e-\u200e11\u200e-\u200e22", "2026-11-22"),
        ("채움\u3164문자", "채움 문자"),
        ("99만㎡, ½, 5０", "99만㎡, ½, 5０"),
        ("❤\ufe0f 👨\u200d👩\u200d👧", "❤ 👨👩👧"),
    ],
)
def test_what_is_typed_is_cleaned(typed: str, cleaned: str) -> None:
    assert clean_text(typed) == cleaned == clean_question(typed)


def test_decomposed_korean_is_composed() -> None:
    assert clean_question(unicodedata.normalize("NFD", "광주 AI 시티")) == "광주 AI 시티"


@pytest.mark.parametrize(
    "letter",
    ["\x00", "\x07", "\x1b", "\x7f", "\u202e", "\u2066", "\ufffe", "\ud83d", "\U000e0041", "\ufff9", "\U0001ffff"],
)
def test_hidden_letters_are_refused(letter: str) -> None:
    with pytest.raises(InvalidQuestionError) as caught:
        clean_question(f"AI 시티{letter} 예산은?")
    assert "hidden" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("blank", ["", "   ", "\n\t", "\u200b\ufeff", "\u3164\u1160", "\u2800"])
def test_nothing_is_not_a_question(blank: str) -> None:
    with pytest.raises(InvalidQuestionError, match="empty"):
        clean_question(blank)


def test_the_length_counts_after_cleaning() -> None:
    assert len(clean_question("가 " * 500 + "   \u200b")) == 999
    decomposed = unicodedata.normalize("NFD", "광" * MAXIMUM_QUESTION)
    assert clean_question(decomposed) == "광" * MAXIMUM_QUESTION
    with pytest.raises(InvalidQuestionError, match="1,001"):
        clean_question("광" * (MAXIMUM_QUESTION + 1))


@given(ANY_TEXT | MARKS)
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_text(text)
    assert clean_text(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(ANY_TEXT | MARKS)
def test_a_cleaned_question_hides_nothing(text: str) -> None:
    try:
        question = clean_question(text)
    except InvalidQuestionError:
        return
    # Format marks of other scripts (the Arabic number sign …) are to be seen.
    assert [c for c in invisible(question) if unicodedata.bidirectional(c) not in {"AN", "AL", "L"}] == []
    assert "  " not in question
    assert question == question.strip() != ""
    assert clean_question(question) == question
