"""Where two texts differ."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from civicbot.review.impact_words import compared
from civicbot.review.updates_nouns import ComparedText


def marked(text: ComparedText) -> list[str]:
    return [text.text[span.start : span.end] for span in text.differing]


def test_the_words_that_differ_are_marked_on_both_sides() -> None:
    before, after = compared("총사업비는 6000억 원입니다.", "총사업비는 모두 7000억 원입니다.")
    assert marked(before) == ["6000억"]
    assert marked(after) == ["모두 7000억"]


def test_what_is_new_or_gone_is_marked_on_one_side() -> None:
    before, after = compared("a b", "a b  c d")
    assert (marked(before), marked(after)) == ([], ["c d"])
    before, after = compared("", "all")
    assert (marked(before), marked(after)) == ([], ["all"])


@given(st.text(alphabet="ab \n", max_size=30), st.text(alphabet="ab \n", max_size=30))
def test_what_is_not_marked_is_the_same(one: str, other: str) -> None:
    left = []
    for text in compared(one, other):
        kept, last = [], 0
        for span in text.differing:
            kept += text.text[last : span.start].split()
            last = span.end
        left.append([*kept, *text.text[last:].split()])
    assert left[0] == left[1]
    assert marked(compared(one, one)[0]) == []
