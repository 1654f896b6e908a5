from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.personal import Found, PersonalKind, mask_personal, public_contacts, without_placeholders
from civicbot.language.personal.words import words
from civicbot.model import LANGUAGES, Language

# Pieces that meet in all orders: personal data, what looks like it, cues, letters that mean something to a detector.
PIECES = (
    "010-1234-5678",
    "공일공 일이삼사 오육칠팔",
    "900101-1234567",
    "900101-1******",
    "062-381-1234",
    "hong@naver.com",
    "hong at gmail dot com",
    "5327 5012 3456 7890",
    "국민은행 123456-04-123456",
    "12가 3456",
    "M12345678",
    "11-12-123456-12",
    "광주 서구 상무대로 1234",
    "101동 1203호",
    "17 Cheomdangwagi-ro 208beon-gil",
    "제 이름은 홍길동입니다",
    "my name is Kim Minsu",
    "[전화번호]",
    "[phone number]",
    "시청",
    "집",
    "계좌",
    "1조 5000억 원",
    "2026-11-22",
    "제12조",
    "０１０",
    "\u200b",
    "\ue000",
    "5\ufe0f\u20e3",
    "ᄒ\u1161\u11ab",
    "-",
    " ",
    ".",
    "\n",
    "은",
    "로",
    "1",
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join),
)


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_masking_again_changes_nothing(text: str, language: Language) -> None:
    once = mask_personal(text, language)
    again = mask_personal(once.text, language)
    assert again.text == once.text
    assert again.found == ()


@given(TEXTS, st.sampled_from(LANGUAGES))
def test_offsets_lead_from_the_original_to_the_masked_text(text: str, language: Language) -> None:
    masked = mask_personal(text, language)
    pieces, done = [], 0
    for found in masked.found:
        assert done <= found.start < found.end <= len(text)
        pieces += [text[done : found.start], words().placeholders[language][found.kind]]
        done = found.end
    assert "".join(pieces) + text[done:] == masked.text


@given(st.text(alphabet=st.characters(categories=["Ll", "Zs", "Po"], exclude_characters="@＠﹫"), max_size=60))
def test_letters_without_digits_or_cues_stay(text: str) -> None:
    if not any(cue in text.lower() for cue in ("name", " at ", "i am", "i'm", "call me")):
        assert mask_personal(text, "en").found == () or "i" in text


@given(TEXTS)
def test_contacts_are_collected_from_anything(text: str) -> None:
    assert all(public_contacts([text]))


@pytest.mark.parametrize(
    "text",
    [
        "1 " * 2000,
        "일" * 4000,
        "a@" * 2000,
        "010-" * 1000,
        "가로 1 " * 800,
        "1-" * 2000,
        "제 이름은 " * 600,
        "my name is " * 360,
        "a at " * 800,
        "A" * 4000,
        "상무대로 " * 800,
        "123 Sangmu-" * 360,
        "0" * 4000,
        " " * 4000,
        "서구 " * 1300,
        "[전화번호]" * 570,
        "abc dot " * 500,
        "안녕하세요 " * 660,
        "국민은행 1-" * 500,
    ],
    ids=lambda text: text[:10],
)
def test_hostile_texts_end(text: str) -> None:
    assert len(mask_personal(text, "ko").text) <= 4 * len(text)


def test_a_masked_text_reads_as_before() -> None:
    text = "제 이름은 홍길동이고 ０１０ 1234 5678로 연락 주세요. AI 시티 예산은 4억 원인가요?"
    masked = mask_personal(text, "ko")
    assert masked.text == "제 이름은 [이름]이고 [휴대전화번호]로 연락 주세요. AI 시티 예산은 4억 원인가요?"
    assert masked.kinds == (PersonalKind.NAME, PersonalKind.MOBILE)
    assert masked.found == (Found(PersonalKind.NAME, 6, 9), Found(PersonalKind.MOBILE, 12, 25))
    assert mask_personal(text, "en").text.startswith("제 이름은 [name]이고 [mobile number]로")


def test_placeholders_are_never_found() -> None:
    for language in LANGUAGES:
        every = words().placeholders[language]
        assert set(every) == set(PersonalKind)
        text = " ".join(f"제 계좌 {placeholder} 1234입니다" for placeholder in every.values())
        assert mask_personal(text, language).found == ()


def test_contacts_of_the_library_stay() -> None:
    public = public_contacts(["문의: 광주시 AI과 (062) 613-2114, ai@korea.kr\n당직 010-9999-0000"])
    assert public == {"0626132114", "ai@korea.kr", "01099990000"}
    text = "+82 62-613-2114나 AI@korea.kr, 010 9999 0000에 물어보면 되나요? 제 번호는 010-1234-5678이에요."
    assert mask_personal(text, "ko", public).text == text.replace("010-1234-5678", "[휴대전화번호]")


@pytest.mark.parametrize(
    ("masked", "asked"),
    [
        ("[휴대전화번호]로 연락 주세요. AI 시티 예산은?", "AI 시티 예산은?"),
        ("제 차 [차량번호]인데 자율주행차 몇 대예요?", "자율주행차 몇 대예요?"),
        ("Call me on [mobile number]. Where is it?", "Call me on. Where is it?"),
        ("My name is [name]. Where is it?", "Where is it?"),
        ("AI 시티 예산은?", "AI 시티 예산은?"),
    ],
)
def test_what_is_asked_is_left(masked: str, asked: str) -> None:
    assert without_placeholders(masked) == asked
