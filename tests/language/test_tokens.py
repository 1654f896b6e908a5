import threading
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.tokens import Token, Tokenizer

PLAIN = Tokenizer()
ANY_TEXT = st.text(st.characters(exclude_categories=()) | st.sampled_from("가나다ㄱ AI1.,'’s㎡５\x00"), max_size=40)
MIXED = st.text(st.sampled_from("가나다라마한국시는을 AIcity's1,5.-"), max_size=30)


def tokens(text: str) -> list[str]:
    return PLAIN.tokens(text)


@given(ANY_TEXT)
def test_any_text_has_tokens(text: str) -> None:
    found = tokens(text)
    assert all(token and token == token.lower() and token.strip() == token for token in found if token.isascii())
    assert found == [token.text for token in PLAIN.analyse(text)]


@given(MIXED)
def test_the_form_of_letters_does_not_matter(text: str) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    # A full-width apostrophe is folded to a plain one, like any other letter.
    assert tokens(unicodedata.normalize("NFD", text)) == tokens(text) == tokens(wide)


def test_korean_content_words() -> None:
    assert tokens("광주는 예산을 늘렸습니다.") == ["광주", "예산", "늘리"]
    assert PLAIN.analyse("예산을 늘렸습니다.") == [Token("예산"), Token("늘리", verbal=True)]


def test_names_are_marked() -> None:
    marked = {token.text: token.name for token in PLAIN.analyse("서울에서 Kakao 예산을 봤습니다.")}
    assert marked["서울"]
    assert marked["kakao"]
    assert not marked["예산"]


def test_english_stems_without_stop_words() -> None:
    assert tokens("What are the programmes of the city’s centres?") == tokens("program, City, centre")
    assert tokens("don't") == tokens("DON’T")


@pytest.mark.parametrize(
    ("american", "british"),
    [
        ("center", "centre"),
        ("centers", "centres"),
        ("program", "programmes"),
        ("organization", "organisation"),
        ("specialized", "specialised"),
        ("square meters", "square metres"),
        ("labor", "labour"),
        ("neighborhood", "neighbourhood"),
        ("defense", "defence"),
    ],
)
def test_one_spelling(american: str, british: str) -> None:
    assert tokens(american) == tokens(british)


@pytest.mark.parametrize("word", ["size", "prize", "laboratory", "programming", "parameter", "centered"])
def test_words_of_one_spelling_stay(word: str) -> None:
    (plain,) = tokens(word)
    assert plain[:4] == word[:4]
    assert "our" not in plain
    assert "isi" not in plain


@pytest.mark.parametrize(
    "text", ["1,500 16.6%", "2025-08-17", "18:30", "3/4", "K-AI", "the city's café", "H100", "C++", "R&D", "don’t"]
)
def test_english_and_numbers_are_the_same_among_korean(text: str) -> None:
    assert tokens(f"광주 {text} 광주") == ["광주", *tokens(text), "광주"]


def test_marks_are_no_tokens() -> None:
    assert tokens("광주 % ~ + 🙂 \x00 · ㎡") == ["광주", "m", "2"]
    assert tokens("#광주 #AI시티") == tokens("광주 AI시티")


def test_user_words_stay_whole() -> None:
    assert Tokenizer(["솔라시도"]).tokens("솔라시도에 짓습니다") == ["솔라시도", "짓"]
    assert "솔라시도" not in tokens("솔라시도에 짓습니다")


def test_threads_get_the_same_tokens() -> None:
    text = "AI City programmes 광주 예산 2026"
    expected = tokens(text)
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.extend(tokens(text) for _ in range(50))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 200
