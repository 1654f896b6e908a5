import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.library.markdown import Block, Comment, Heading, Line, Paragraph, Reference, read_markdown, tidy


def lines(text: str, *, keep_breaks: bool = False) -> list[str]:
    """The text of all lines, headings included."""
    found: list[str] = []
    for block in read_markdown(text, keep_breaks=keep_breaks):
        match block:
            case Heading(text=heading):
                found.append(heading)
            case Paragraph(lines=inner):
                found += [line.text for line in inner]
    return found


def test_headings_and_paragraphs_know_their_lines() -> None:
    blocks = read_markdown("# One\n\nFirst\nline.\n\nSub\n---\n\nSecond.\n", first_line=10)
    assert blocks == [
        Heading("One", 1, 10),
        Paragraph((Line("First line.", 12),)),
        Heading("Sub", 2, 15),
        Paragraph((Line("Second.", 18),)),
    ]


def test_every_source_line_is_a_line_where_breaks_are_kept() -> None:
    blocks = read_markdown("첫째 문장입니다.\n둘째 문장입니다.\n", first_line=5, keep_breaks=True)
    assert blocks == [Paragraph((Line("첫째 문장입니다.", 5), Line("둘째 문장입니다.", 6)))]


def test_footnotes_vanish_and_are_remembered() -> None:
    (block,) = read_markdown("총사업비는 1조 원입니다.[^S016][^S017] 다음입니다.[^S1]\n", keep_breaks=True)
    assert isinstance(block, Paragraph)
    (line,) = block.lines
    assert line.text == "총사업비는 1조 원입니다. 다음입니다."
    end = len("총사업비는 1조 원입니다.")
    assert line.references == (Reference("S016", end), Reference("S017", end), Reference("S1", len(line.text)))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A sentence [^1].", "A sentence."),
        ("A sentence[^1], and more.", "A sentence, and more."),
        ("A sentence. [^1] Another.", "A sentence. Another."),
        (
            "**굵게**는 강조, *기울임*, `코드`, [링크](http://a.b), ![그림](c.png)입니다.",
            "굵게는 강조, 기울임, 코드, 링크, 그림입니다.",
        ),
        ("**“인용”**입니다.", "“인용”입니다."),
        ("R&amp;D는 5 &lt; 6, 10\\*2, 10~20입니다.", "R&D는 5 < 6, 10*2, 10~20입니다."),
        ("A <b>bold</b> word<!-- aside -->.", "A bold word."),
        ("non\u00a0breaking\tand  wide\u3000space", "non breaking and wide space"),
        ("soft\u00adhyphen zero\u200bwidth &#8203;entity", "softhyphen zerowidth entity"),
        ("code `[^a-z]` stays", "code [^a-z] stays"),
    ],
)
def test_marks_are_gone_and_words_stay(source: str, text: str) -> None:
    assert lines(source) == [text]


def test_breaks() -> None:
    assert lines("one\ntwo  \nthree\\\nfour<br>five") == ["one two", "three", "four", "five"]


def test_lists_quotes_and_code() -> None:
    assert lines("- one\n- two\n  more\n    1. inner\n\n> quoted\n\n```sh\nmake run\n\nmake test\n```\n") == [
        "one",
        "two more",
        "inner",
        "quoted",
        "make run",
        "make test",
    ]


@pytest.mark.parametrize("date", ["2026. 1. 20. 발표했습니다.", "2025. 사업을 시작했습니다.", "99000) 원입니다."])
def test_a_line_that_starts_with_a_date_is_no_list(date: str) -> None:
    assert lines(date) == [date]


def test_a_numbered_list_loses_its_numbers() -> None:
    assert lines("1. apply\n2. wait\n") == ["apply", "wait"]


def test_table_rows_are_lines() -> None:
    blocks = read_markdown("intro\n\n| Item | Won[^1] |\n|---|---:|\n| Road | 5 |\n| | 6 |\n")
    assert blocks[1] == Paragraph((Line("Item | Won", 3, (Reference("1", 10),)), Line("Road | 5", 5), Line("6", 6)))


def test_comments_are_blocks_of_their_own() -> None:
    text = "## Cost\n\n<!-- asked as:\nHow much?\n-->\nIt is free.\n\n<!-- open\nLost.\n"
    assert read_markdown(text) == [
        Heading("Cost", 2, 1),
        Comment(" asked as:\nHow much?\n", 3),
        Paragraph((Line("It is free.", 6),)),
        Comment(" open\nLost.\n", 8, closed=False),
    ]


def test_html_blocks_keep_their_text_and_lines() -> None:
    text = "x\n\n<div>\n<p>Hello &amp; welcome</p>\n<script>\nno()\n</script>\nBye\n</div>\n"
    assert read_markdown(text)[1:] == [Paragraph((Line("Hello & welcome", 4), Line("Bye", 8)))]


def test_footnote_definitions_are_paragraphs() -> None:
    assert lines("Text.[^1]\n\n[^1]: http://example.org\n\n[^2]: The *note* itself.\n") == [
        "Text.",
        "http://example.org",
        "The note itself.",
    ]


def test_tidy_composes_hangul_and_drops_what_nobody_sees() -> None:
    decomposed = unicodedata.normalize("NFD", "광주")
    assert tidy(f"{decomposed}\r\nA\x00B\u200b\rC") == "광주\nA B\nC"


WORD = st.from_regex(r"[A-Za-z가-힣0-9]{1,8}", fullmatch=True)
SENTENCE = st.lists(WORD, min_size=1, max_size=6).map(lambda words: "x" + " ".join(words) + ".")
DECORATION = st.sampled_from(
    ["{}", "**{}**", "_{}_", "{}[^S1]", "[{}](http://a.b/c)", "`{}`", "- {}", "> {}", "## {}", "{} [^n]"]
)
BLOCK = st.lists(st.tuples(DECORATION, SENTENCE).map(lambda pair: pair[0].format(pair[1])), min_size=1, max_size=4)


@given(st.lists(BLOCK, min_size=1, max_size=6), st.booleans())
def test_no_word_is_lost_and_no_mark_is_left(blocks: list[list[str]], keep_breaks: bool) -> None:
    source = "\n\n".join("\n".join(block) for block in blocks)
    found = " ".join(lines(source, keep_breaks=keep_breaks))
    expected = re.sub(r"\[\^\w+\]|\]\(http://a.b/c\)|[*_`\[>#]|(?m:^- )", " ", source)
    assert found.split() == expected.split()


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    blocks: list[Block] = read_markdown(tidy(text))
    count = tidy(text).count("\n") + 1
    for block in blocks:
        for line in block.lines if isinstance(block, Paragraph) else ():
            assert line.text == " ".join(line.text.split()) != ""
            assert 1 <= line.number <= count
            assert all(0 <= reference.offset <= len(line.text) for reference in line.references)


@given(st.lists(SENTENCE.map(lambda text: text + "[^S1]"), min_size=1, max_size=5), st.integers(1, 50))
def test_kept_lines_are_where_they_were(sentences: list[str], first: int) -> None:
    (block,) = read_markdown("\n".join(sentences), first_line=first, keep_breaks=True)
    assert isinstance(block, Paragraph)
    assert [line.number for line in block.lines] == list(range(first, first + len(sentences)))
    assert [line.text + "[^S1]" for line in block.lines] == sentences
