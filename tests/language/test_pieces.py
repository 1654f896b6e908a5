from hypothesis import given
from hypothesis import strategies as st

from civicbot.language.pieces import pieces
from civicbot.language.tokens import Terms, Tokenizer

PLAIN = Tokenizer()
TEXT = st.text(st.sampled_from("가나다한국시는을 AIcity's1,5.-漢字İß²"), max_size=40)


def parts(text: str) -> set[str]:
    return {piece for piece in PLAIN.terms(text).pieces if " " not in piece}


def test_two_characters_of_hangul_three_of_other_scripts() -> None:
    assert pieces(["컴퓨팅센터"], []) == ["컴퓨", "퓨팅", "팅센", "센터"]
    assert pieces(["centre", "ai", "漢字圈"], []) == ["cen", "ent", "ntr", "tre", "ai", "漢字", "字圈"]


def test_scripts_are_parted() -> None:
    assert pieces(["28번버스", "npu센터"], []) == ["28", "번버", "버스", "npu", "센터"]


def test_neighbouring_tokens_are_paired() -> None:
    assert pieces([], ["ai", "city", "budget"]) == ["ai city", "city budget"]
    assert pieces([], ["city"]) == []


def test_a_text_that_says_nothing() -> None:
    assert pieces([], []) == pieces(["", "…", "-"], []) == []
    assert PLAIN.terms("") == PLAIN.terms("what is the") == Terms([], [])


def test_particles_and_endings_are_no_pieces() -> None:
    assert parts("광주의 예산을") == parts("광주 예산은") == {"광주", "예산"}
    # The stem shares a syllable with its ending.
    assert parts("늘렸습니다") == {"늘렸"}


def test_compounds_share_pieces_however_they_are_written() -> None:
    assert parts("데이터 센터") < parts("데이터센터")
    assert parts("플리머쓰") & parts("플리머스")


def test_english_words_share_pieces_that_stems_do_not() -> None:
    assert PLAIN.tokens("inventor") != PLAIN.tokens("invention")
    assert len(parts("inventor") & parts("invention")) == 4
    assert parts("The organization of the city's centers") == parts("organisation, city centres")


@given(TEXT)
def test_any_text_has_pieces(text: str) -> None:
    found = PLAIN.terms(text)
    assert found.tokens == PLAIN.tokens(text)
    assert all(piece and piece.strip() == piece for piece in found.pieces)
