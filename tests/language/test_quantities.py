import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.language.test_numerals import korean

from civicbot.language.quantities import QuantityKind, figures, figures_hold, quantities

AMOUNTS = st.integers(1, 10**8 - 1).map(lambda number: number * 10**6)
TEXTS = st.text(
    st.characters()
    | st.sampled_from(list("0123456789,.%~-–$₩조억만천원년월일시분기 half one two to and of March 두 세 하반기")),
    max_size=60,
)


def plain(number: int, power: int) -> str:
    """Number / 10**power in decimal digits, exactly."""
    whole, rest = divmod(number, 10**power)
    return f"{whole}.{rest:0{power}d}".rstrip("0").rstrip(".")


def values(text: str) -> list[str]:
    return [quantity.value for quantity in quantities(text)]


def kinds(text: str) -> list[QuantityKind]:
    return [quantity.kind for quantity in quantities(text)]


@given(AMOUNTS)
def test_an_amount_is_the_same_in_both_languages(won: int) -> None:
    expected = [str(won)]
    written = [f"{korean(won)} 원", f"{korean(won, '')}원", f"₩{won:,}", f"{won} won"]
    for word, power in (("million", 6), ("billion", 9), ("trillion", 12)):
        written += [
            f"{plain(won, power)} {word} won",
            f"KRW {plain(won, power)} {word}",
            f"{plain(won, power)}-{word}-won",
        ]
    for text in written:
        assert values(f"It is {text}.") == expected, text
        assert kinds(text) == ["money"], text
        assert figures_hold(text, written[0])


@given(TEXTS)
def test_any_text_holds_its_own_figures(text: str) -> None:
    assert figures_hold(text, text)
    assert figures_hold("", text)
    found = quantities(text)
    assert figures(text) == {quantity.value for quantity in found}
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    assert all(0 <= q.start < q.end <= len(text) and q.value for q in found)


@given(TEXTS)
def test_the_form_of_letters_does_not_matter(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert values(unicodedata.normalize("NFD", composed)) == values(composed)


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_full_width_digits(whole: int, part: int) -> None:
    text = f"{whole:,}.{part}% 및 {whole}명"
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c != " " else c for c in text)
    assert values(wide) == values(text)
    spans = [(q.start, q.end) for q in quantities(text)]
    assert [(q.start, q.end) for q in quantities(wide)] == spans


@pytest.mark.parametrize(
    ("korean_text", "english_text", "expected"),
    [
        ("총사업비는 1조 5000억 원입니다.", "The total is 1.5 trillion won.", ["1500000000000"]),
        ("163억 8000만 원", "16.38 billion won", ["16380000000"]),
        ("5~20조 원", "5 to 20 trillion won", ["5000000000000", "20000000000000"]),
        ("5억~20억 달러", "$500 million to $2 billion", ["500000000 USD", "2000000000 USD"]),
        ("50억~200억 달러", "US$5-20 billion", ["5000000000 USD", "20000000000 USD"]),
        ("5조에서 20조 원", "between 5 and 20 trillion won", ["5000000000000", "20000000000000"]),
        ("약 99만㎡", "about 990,000 square metres", ["990000"]),
        ("16.6%", "16.6 percent", ["16.6%"]),
        ("50프로가", "fifty per cent", ["50%"]),
        ("5~10%", "5 to 10 percent", ["5%", "10%"]),
        ("30여 명", "about 30 people", ["30"]),
        ("1만 5000장", "15,000 units", ["15000"]),
        ("5개국 6개 사업", "six projects in five countries", ["5", "6"]),
        ("300개에서 100만 개로", "from 300 to 1 million", ["300", "1000000"]),
        ("88.5페타플롭스", "88.5 petaflops", ["88.5"]),
        ("18시부터 8시 30분까지", "from 18:00 to 08:30", ["18:00", "08:30"]),
        ("2025년 8월 17일 기준 40억 원", "4 billion won as of 17 August 2025", ["2025-08-17", "4000000000"]),
        ("2천만 달러", "20 million dollars", ["20000000 USD"]),
        ("3분의 2", "two-thirds of it", ["2/3"]),
        ("수백억 원", "tens of billions of won", []),
    ],
)
def test_what_residents_and_the_library_write(korean_text: str, english_text: str, expected: list[str]) -> None:
    assert values(korean_text) == expected
    assert sorted(values(english_text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 3.3 trillion won in 2025 to 10.1 trillion won", ["3300000000000", "2025", "10100000000000"]),
        ("phase 2 and 600 billion won", ["2", "600000000000"]),
        ("11 projects and 5 billion won", ["11", "5000000000"]),
        ("뉴스1은 10년 만에", ["10"]),
        ("H100 8장, K-AI2, S012", ["8"]),
        ("제3조, 5프로그램", ["3", "5"]),
        ("2026년 3월 20~30일", ["2026-03-20", "2026-03-30"]),
        ("2025년 3조 3000억 원", ["2025", "3300000000000"]),
        ("10m² and 10²", ["10", "10"]),
    ],
)
def test_numbers_are_not_mixed_up(text: str, expected: list[str]) -> None:
    assert values(text) == expected


def test_kinds() -> None:
    assert kinds("2026년 예산 40억 원은 16.6% 늘어 18:30에 8명이") == ["date", "money", "percent", "time", "number"]
    assert kinds("2000명, 2,000 people") == ["number", "number"]
    assert kinds("in 2026") == ["date"]


def test_spans_stand_in_the_text() -> None:
    text = unicodedata.normalize("NFD", "사업비는 ４０억 원, 기간은 3월부터입니다.")
    spans = [unicodedata.normalize("NFKC", text[q.start : q.end]) for q in quantities(text)]
    assert spans == ["40억", "3월"]


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It began in 2025.", "It began on 17 August 2025."),
        ("8월 17일에 시작했습니다.", "2025년 8월 17일에 시작했습니다."),
        ("2026년 하반기에 착공합니다.", "2026년 9월에 착공합니다."),
        ("The second half of 2026", "in the third quarter of 2026"),
        ("2026년 3월 30일 마감", "2026년 3월 20일부터 30일까지"),
        ("AI 2단계", "the second phase of the AI project"),
        ("phase 1", "phase one"),
        ("절반이 찬성했습니다.", "20명 가운데 10명"),
        ("The two firms met on 10 March 2026.", "A와 B는 2026년 3월 10일 만났습니다."),
        ("No figure at all.", ""),
        ("2026-H2", "2026년 상반기에 고시하고 하반기에 설계"),
    ],
)
def test_a_claim_that_holds(claim: str, evidence: str) -> None:
    assert figures_hold(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("It began on 17 August 2025.", "It began in August 2025."),
        ("8월에 시작했습니다.", "2025년 10월 8일에 시작했습니다."),
        ("2026년 하반기에 착공합니다.", "2026년 6월에 착공합니다."),
        ("2026년 하반기에 착공합니다.", "2026년에 착공합니다."),
        ("nine lawmakers", "eight lawmakers"),
        ("200억 달러", "200억 원"),
        ("16.6%", "16.6명"),
        ("1조 5000억 원", "1조 원과 5000억 원"),
        ("600 billion won", "600 million won"),
        ("18시부터", "6시부터"),
        ("2026년 예산 40억 원", "2025년 예산 40억 원"),
    ],
)
def test_a_claim_that_does_not_hold(claim: str, evidence: str) -> None:
    assert not figures_hold(claim, evidence)


def test_a_comma_parts_numbers_too() -> None:
    assert values("서울,5조 원,3월,7명.40%") == ["5000000000000", "--03", "7", "40%"]
    assert values("3,4 and 1,500") == ["3", "4", "1500"]


def test_nonsense_does_not_raise() -> None:
    for text in (
        "9" * 5000 + "조",
        "1," + "000," * 900 + "000 billion",
        "1조" * 500,
        "0000년 00월",
        "٣조 ٥",
        "\ud800 5억",
    ):
        assert figures_hold(text, text)
