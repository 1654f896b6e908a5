from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from civicbot.library.markdown import Line, Paragraph, read_markdown
from civicbot.library.sentences import Cut, cut_free, cut_written
from civicbot.model import LANGUAGES, Language


def written(source: str, language: Language = "ko") -> list[tuple[str, tuple[str, ...]]]:
    (block,) = read_markdown(source, keep_breaks=True)
    assert isinstance(block, Paragraph)
    (line,) = block.lines
    return [(line.text[cut.start : cut.end], cut.references) for cut in cut_written(line, language)]


def test_one_line_is_one_sentence() -> None:
    assert written("사업비는 1조 5000억 원입니다.[^S1][^S2]") == [("사업비는 1조 5000억 원입니다.", ("S1", "S2"))]
    assert written("Rep. Jung asked No. 10 for 1.5 trillion won.[^S1]", "en") == [
        ("Rep. Jung asked No. 10 for 1.5 trillion won.", ("S1",))
    ]


def test_footnotes_and_full_stops_part_sentences() -> None:
    assert written("첫째입니다.[^S1] 둘째입니다.[^S2][^S2]") == [("첫째입니다.", ("S1",)), ("둘째입니다.", ("S2",))]
    assert written("One is here. Two is here.[^S2]", "en") == [("One is here.", ()), ("Two is here.", ("S2",))]
    assert written("사업[^S1]은 셋째입니다[^S2].") == [("사업은 셋째입니다.", ("S1", "S2"))]


def test_long_runs_are_cut_at_white_space() -> None:
    line = Line("word " * 50 + "end", 1)
    cuts = cut_free(line, "en", limit=40)
    assert all(cut.end - cut.start <= 40 for cut in cuts)
    assert " ".join(line.text[cut.start : cut.end] for cut in cuts) == line.text
    assert cut_free(Line("x" * 90, 1), "en", limit=40) == [Cut(0, 40), Cut(40, 80), Cut(80, 90)]


@given(
    st.text(alphabet=st.sampled_from('가나다 abc.?!"”,다요1'), max_size=120),
    st.sampled_from(LANGUAGES),
    st.integers(5, 40),
)
def test_every_visible_character_is_in_exactly_one_sentence(text: str, language: Language, limit: int) -> None:
    line = Line(" ".join(text.split()), 1)
    for cuts in (cut_written(line, language), cut_free(line, language, limit=limit)):
        covered = "".join(line.text[cut.start : cut.end] for cut in cuts)
        assert covered.replace(" ", "") == line.text.replace(" ", "")
        assert all(a.end <= b.start for a, b in pairwise(cuts))
        assert all(line.text[cut.start : cut.end].strip() == line.text[cut.start : cut.end] != "" for cut in cuts)
