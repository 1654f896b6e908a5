from hypothesis import given
from hypothesis import strategies as st

from civicbot.library.markdown import Paragraph, tidy
from civicbot.library.plaintext import read_text, text_title


def texts(text: str) -> list[list[str]]:
    return [[line.text for line in block.lines] for block in read_text(text) if isinstance(block, Paragraph)]


def test_blank_lines_part_paragraphs_and_short_lines_stay() -> None:
    assert texts("접수 안내\n\n기간: 5월\n장소: 시청\n\n\n문의 없음\n") == [
        ["접수 안내"],
        ["기간: 5월", "장소: 시청"],
        ["문의 없음"],
    ]


def test_wrapped_lines_are_joined() -> None:
    first = "The city closes the road past the library for the whole month of May"
    assert texts(f"{first}\nand opens it again in June.\nBuses run.") == [
        [f"{first} and opens it again in June.", "Buses run."]
    ]
    assert texts(f"{first}\n- an item") == [[first, "- an item"]]
    korean = "광주광역시는 도서관 앞 도로를 오월 한 달 동안 모두 막고 버스를 다른 길로 돌려"
    assert texts(f"{korean}\n운행합니다.") == [[f"{korean} 운행합니다."]]


def test_line_numbers() -> None:
    block = read_text("a\n\n\nb\nc")[1]
    assert isinstance(block, Paragraph)
    assert [line.number for line in block.lines] == [4, 5]


def test_title_is_a_first_line_that_is_no_sentence() -> None:
    assert text_title(read_text("도로 공사 안내\n\n본문입니다.")) == "도로 공사 안내"
    assert text_title(read_text("본문입니다.\n\n더 있습니다.")) == ""
    assert text_title(read_text("only one paragraph")) == ""
    assert text_title([]) == ""


@given(st.text())
def test_nothing_is_lost(text: str) -> None:
    found = [line for paragraph in texts(tidy(text)) for line in paragraph]
    assert " ".join(found).split() == tidy(text).split()
