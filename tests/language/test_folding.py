import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.folding import fold, without_surrogates


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("plain 1,500", "plain 1,500"),
        ("５０００억～６％", "5000억~6%"),
        ("99만㎡ ½ ① 10²", "99만㎡ ½ ① 10²"),
        ("٣ 月", "3 月"),
        (unicodedata.normalize("NFD", "3월 총액"), "3월 총액"),
    ],
)
def test_letters_are_folded(text: str, folded: str) -> None:
    assert fold(text).text == folded


def test_spans_lead_back_to_the_text() -> None:
    text = unicodedata.normalize("NFD", "광주 ５억 원")
    folded = fold(text)
    start = folded.text.index("5억")
    left, right = folded.span(start, start + 2)
    assert unicodedata.normalize("NFKC", text[left:right]) == "5억"


@given(st.text(st.characters() | st.sampled_from("가각갃\u1112\u1161\u11abé\u0301５㎡½①ﾊﾞ"), max_size=30))
def test_every_letter_knows_its_place(text: str) -> None:
    folded = fold(text)
    spans = [folded.span(n, n + 1) for n in range(len(folded.text))]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    # What has no form of its own in NFC is read the same in its place.
    assert "".join(folded.text) == fold(unicodedata.normalize("NFC", folded.text)).text
    if spans:
        assert (spans[0][0], spans[-1][1]) == (0, len(text))


def test_surrogates_are_replaced_one_for_one() -> None:
    assert without_surrogates("a\ud800b😀") == "a\ufffdb😀"
