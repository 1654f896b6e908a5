"""What each detector finds, and the look-alikes that it leaves alone."""

from __future__ import annotations

import pytest

from civicbot.language.detect import detect_language
from civicbot.language.personal import PersonalKind, mask_personal

FOUND = {
    PersonalKind.REGISTRATION_NUMBER: [
        "900101-1234567",
        "9001011234567",
        "９００１０１－１２３４５６７",
        "900101 - 1 2 3 4 5 6 7",
        "구공공일공일 다시 일이삼사오육칠",
        "nine zero zero one zero one dash one two three four five six seven",
        "900101-1******",
        "900101-1......",
        "900101ㅡ5234567",
        "9O0101-l234567",
        "900101-1",
    ],
    PersonalKind.MOBILE: [
        "010-1234-5678",
        "01012345678",
        "010.1234.5678",
        "011-123-4567",
        "+82 10-1234-5678",
        "+82 (0)10 1234 5678",
        "공일공 일이삼사 오육칠팔",
        "공일공에 일이삼사에 오육칠팔",
        "영일영-1234-5678",
        "oh one oh, one two three four, five six seven eight",
        "0 1 0 - 1 2 3 4 - 5 6 7 8",
        "O1O-1234-5678",
        "010ㅡ1234ㅡ5678",
        "⓪①⓪-①②③④-⑤⑥⑦⑧",
        "010-12**-5678",
        "+1 213-555-0123",
    ],
    PersonalKind.LANDLINE: [
        "062-381-1234",
        "(062)381-1234",
        "062)381-1234",
        "02-123-4567",
        "+82 62 381 1234",
        "0505-123-4567",
        "070-1234-5678",
        "공육이에 삼팔일에 일이삼사",
    ],
    PersonalKind.CARD: ["4111 1111 1111 1111", "4111111111111111", "9410-1234-5678-9012", "3782-822463-10005"],
    PersonalKind.ACCOUNT: [
        "국민은행 123456-04-123456",
        "3333-01-1234567 카카오뱅크",
        "계좌번호 11012345678901",
        "account 110 123 456789",
        "Woori 1002-123-456789",
    ],
    PersonalKind.EMAIL: [
        "hong.gildong@naver.com",
        "hong (at) naver.com",
        "hong[at]gmail[dot]com",
        "hong 골뱅이 네이버 닷컴",
        "hong at gmail dot com",
        "ｈｏｎｇ＠ｎａｖｅｒ．ｃｏｍ",
    ],
    PersonalKind.PASSPORT: ["M12345678", "M123A4567", "여권 JR1234567", "passport no: AB1234567"],
    PersonalKind.DRIVER_LICENCE: ["11-12-123456-12", "서울 12-123456-12", "면허번호 110212345612"],
    PersonalKind.CAR_PLATE: ["12가 3456", "123가4567", "서울 32 바 1234", "차번호 12 로 3456", "my car 12GA3456"],
    PersonalKind.ADDRESS: [
        "광주광역시 서구 상무대로 1234, 101동 1203호",
        "첨단과기로208번길 17",
        "쌍촌동 123-45번지",
        "푸르지오 101동 1203호",
        "담양군 고서면 분향리 123",
        "17 Cheomdangwagi-ro 208beon-gil",
        "I live at 123 Sangmu-daero, Seo-gu",
        "101-dong 1203-ho",
    ],
    PersonalKind.NAME: [
        "제 이름은 홍길동입니다",
        "저는 북구에 사는 홍길동이에요",
        "저는 홍길동이라고 합니다",
        "제 이름은 응우옌 티 란입니다",
        "신청인: 홍길동",
        "성명 홍 길 동 연락처",
        "홍길동 드림",
        "My name is Kim Min-su",
        "my name is josé garcía and I live here",
        "Name: Kim, Min-su",
        "This is Lee Seo-yeon speaking",
    ],
}
KEPT = [
    "제 이름은 왜 필요한가요?",
    "이름, 나이, 이메일까지 적어야 하나요?",
    "건설사 이름이 뭐야?",
    "강기정 시장 이름으로 온 문자인가요?",
    "저는 육십대인데요",
    "안녕하세요 이용자입니다",
    "정진욱 의원은 뭐라고 했나요",
    "My name is on the list",
    "I'm called every morning by the AI care service",
    "Is Kang Gi-jung the mayor?",
    "1조 5000억 원, 1,500,000,000,000원",
    "2026-11-22 14:30부터 2026.12.31까지",
    "입금 2026-01-01 2026-12-31",
    "법률 제19234호 제12조 제3항, 공고 제2026-1234호",
    "12가지 서비스",
    "12조 3456억 원",
    "10주 2026년",
    "120, 110, 1345, 1588-1234",
    "시청 콜센터 062-613-2114로 전화하면 되나요?",
    "062-613-2114가 시청 대표전화인가요?",
    "사업자등록번호 123-45-67890",
    "법인등록번호 110111-1234567",
    "시설번호 900101-1234567",
    "예시에 900101-1234567이라고 적혀 있어요",
    "991332-1234567",
    "우체국 택배 6123-4567-8901",
    "상무대로는 언제 공사하나요, 8차로인가요?",
    "상무대로 50미터, 금남로 3가역",
    "광주광역시청(서구 내방로 111) 1층",
    "좌석02, 01번, 419번 버스",
    "GPU 8,192장, 4만7256㎡, v1.2.3, 2024-2028",
    "35.227812,126.843145",
    "오일팔 육이오 사일구",
    "look at gwangju.go.kr, @gwangju",
    "on March 5, Sangmu-daero will be closed",
    "1 2 3 4 5 6 7 8 9 10",
]


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in FOUND.items() for text in texts])
def test_found(kind: PersonalKind, text: str) -> None:
    masked = mask_personal(f"{text}", detect_language(text))
    assert kind in masked.kinds
    # A house's or a flat's number in the name of a road is all that may be left of an address.
    assert not any(letter.isdecimal() for letter in masked.text)


@pytest.mark.parametrize("particle", ["로 연락 주세요", "이에요", "입니다", "인데요", "을 남깁니다", "만 적었어요", ""])
def test_particles_are_no_part_of_a_number(particle: str) -> None:
    assert mask_personal(f"제 번호는 010-1234-5678{particle}", "ko").text == f"제 번호는 [휴대전화번호]{particle}"
    spoken = mask_personal(f"제 번호는 공일공 일이삼사 오육칠팔{particle}", "ko").text
    assert spoken == f"제 번호는 [휴대전화번호]{particle}"


@pytest.mark.parametrize("text", KEPT)
def test_kept(text: str) -> None:
    assert mask_personal(text, detect_language(text)).text == text


def test_a_school_is_anybodys() -> None:
    assert mask_personal("우리 학교 062-381-1234로 전화 주세요", "ko").kinds == (PersonalKind.LANDLINE,)
    assert mask_personal("Office (062) 381-1234, ask for me.", "en").kinds == (PersonalKind.LANDLINE,)
    assert mask_personal("전남대 대학 본부는 062-530-5114인가요?", "ko").kinds == ()


def test_a_public_number_does_not_hide_a_personal_one() -> None:
    text = "시청 대표전화 062-613-2114로 걸었더니 제 번호 010-1234-5678로 답이 왔어요"
    assert mask_personal(text, "ko").text == text.replace("010-1234-5678", "[휴대전화번호]")


def test_a_name_ends_with_its_sentence() -> None:
    assert mask_personal("My name is Kim Minsu. Should I go?", "en").text == "My name is [name]. Should I go?"
    assert mask_personal("제 이름은 John Smith. Is it open?", "ko").text == "제 이름은 [이름]. Is it open?"
    assert mask_personal("My name is J. Kim and I ask", "en").text == "My name is [name] and I ask"
