from __future__ import annotations

import pytest

from civicbot.answering.sought import Sought, Thing, sought_words, squeezed
from civicbot.language.detect import detect_language


def sought(question: str) -> Sought:
    return sought_words(detect_language(question)).sought(question)


@pytest.mark.parametrize(
    ("question", "thing", "noun"),
    [
        ("도서관은 언제 문을 열었나요?", Thing.DATE, ""),
        ("도서관이 문을 연 날짜는?", Thing.DATE, "날짜"),
        ("도서관이 문을 연 해는?", Thing.YEAR, "해"),
        ("도서관은 몇 년에 문을 열었나요?", Thing.YEAR, ""),
        ("공사는 몇 년 동안 했나요?", Thing.NUMBER, ""),
        ("책은 몇 권 있나요?", Thing.NUMBER, ""),
        ("도서관의 면적은?", Thing.NUMBER, "면적"),
        ("누가 도서관을 설계했나?", Thing.PERSON, ""),
        ("도서관을 설계한 건축가는?", Thing.PERSON, "건축가"),
        ("관장의 이름은 무엇인가?", Thing.NAME, "이름"),
        ("도서관은 어디에 있나요?", Thing.PLACE, ""),
        ("도서관이 있는 도시는?", Thing.PLACE, "도시"),
        ("도서관은 왜 문을 닫았나요?", Thing.REASON, ""),
        ("문을 닫은 이유는?", Thing.REASON, "이유"),
        ("도서관은 어떤 난방을 쓰나요?", Thing.OTHER, "난방"),
        ("총독관저는?", Thing.OTHER, "총독관저"),
        ("When did the library open?", Thing.DATE, ""),
        ("In which year did the library open?", Thing.YEAR, "year"),
        ("How many books does the library have?", Thing.NUMBER, ""),
        ("Who designed the library?", Thing.PERSON, ""),
        ("Which heating designed for it does it use?", Thing.NAME, "heating"),
        ("What poet opened the library?", Thing.PERSON, "poet"),
        ("Where is the library?", Thing.PLACE, ""),
        ("What town is the library in?", Thing.PLACE, "town"),
        ("Why did it close?", Thing.REASON, ""),
        ("What was the last book that the man who left it wrote?", Thing.OTHER, ""),
    ],
)
def test_what_is_looked_for(question: str, thing: Thing, noun: str) -> None:
    found = sought(question)
    assert (found.thing, found.noun) == (thing, noun)


@pytest.mark.parametrize(
    ("question", "sentence", "counted"),
    [
        ("책은 몇 권 있나요?", "책 3,000권이 있다.", True),
        ("책은 몇 권 있나요?", "직원은 12명이다.", False),
        ("How many readers came?", "About 300 new readers came.", True),
        ("How many readers came?", "Readers came by bus 28.", False),
        ("Who came?", "300 readers came.", False),
    ],
)
def test_what_is_counted(question: str, sentence: str, counted: bool) -> None:
    words = sought_words(detect_language(question))
    assert words.counts(words.sought(question).unit, sentence) is counted


@pytest.mark.parametrize(
    ("thing", "sentence", "values"),
    [
        (Thing.YEAR, "도서관은 1985년 3월에 문을 열었다.", {"1985년"}),
        (Thing.DATE, "도서관은 3월 5일에 문을 열었다.", {"3월", "5일"}),
        (Thing.DATE, "공사는 3년간 이어졌다.", set()),
        (Thing.NUMBER, "2001년에 직원은 12명, 분관은 세 곳이었다.", {"12", "세곳"}),
        (Thing.YEAR, "It opened in 1985 and has 1,850 seats.", {"1985"}),
        (Thing.DATE, "It opened in March, in the 19th century.", {"march", "19thcentury"}),
        (Thing.NUMBER, "In 1985 it had twelve rooms and 40 seats.", {"twelve", "40"}),
        (Thing.REASON, "It closed because the roof leaked.", {"because"}),
    ],
)
def test_values(thing: Thing, sentence: str, values: set[str]) -> None:
    found = sought_words(detect_language(sentence)).values(thing, sentence)
    assert values <= found
    assert bool(found) == bool(values)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("이 방을 뭐라고 부르나요?", "사람들은 이 방을 별빛방이라고 부른다."),
        ("도서관의 별명은?", "‘책 창고’로 불린다."),
        ("What is the room called?", "It is known as the star room."),
    ],
)
def test_naming(question: str, sentence: str) -> None:
    assert sought(question).naming
    assert sought_words(detect_language(sentence)).tells_name(sentence)


@pytest.mark.parametrize(
    ("text", "orders"),
    [
        ("두 번째 도서관", {"second"}),
        ("최초의 도서관", {"first"}),
        ("제3관", {"third"}),
        ("The last library", {"last"}),
        ("the 2nd floor", {"second"}),
        ("도서관", set()),
    ],
)
def test_places_in_a_row(text: str, orders: set[str]) -> None:
    assert sought_words(detect_language(text)).orders(text) == orders


@pytest.mark.parametrize(
    ("sentence", "leans"),
    [
        ("그는 책을 썼다.", True),
        ("이때 문을 열었다.", True),
        ("이름은 없다.", False),
        ("She wrote a book.", True),
        ("Items are lent for a week.", False),
    ],
)
def test_sentences_that_lean_on_the_one_before(sentence: str, leans: bool) -> None:
    assert sought_words(detect_language(sentence)).refers_back(sentence) is leans


def test_squeezed() -> None:
    assert squeezed("AI  City\n시범") == "aicity시범"
