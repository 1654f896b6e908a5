from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from civicbot.answering.context import Candidate, Context
from civicbot.answering.parts import understood
from civicbot.answering.reading import Reader
from civicbot.answering.scoring import Scorer, trained_weights
from civicbot.answering.understanding import Understanding
from civicbot.evaluation.benchmarks.plain import PlainDocument, PlainLibrary, plain_library
from civicbot.model import Question
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit, HybridRetriever
from civicbot.settings import Settings

KOREAN = (
    PlainDocument(
        "a",
        "시립도서관은 1985년에 문을 열었다. 건축가 이하늘이 건물을 설계했다. 그는 벽돌을 좋아했다. "
        "지금은 책 3,000권과 직원 12명이 있다. 두 번째 분관은 2001년에 생겼다. 사람들은 본관을 ‘책 창고’라고 부른다.",
        "시립도서관",
    ),
    PlainDocument("b", "박물관은 1990년에 문을 열었다. 건축가 한바다가 건물을 설계했다. 직원은 40명이다.", "박물관"),
)
ENGLISH = (
    PlainDocument(
        "a",
        "The library of Maple Town opened in 1985. It was designed by Ann Field. She liked brick. It has 3,000 books "
        "and twelve rooms. It closed because the roof leaked. The second branch opened in 2001.",
        "Library",
    ),
    PlainDocument("b", "The museum opened in 1990. Its architect was Tom Brook. It lends nothing.", "Museum"),
)


@contextmanager
def opened(documents: tuple[PlainDocument, ...]) -> Iterator[PlainLibrary]:
    with plain_library(documents, Settings(embedder_languages="none")) as library:
        yield library


@pytest.fixture(scope="module")
def korean() -> Iterator[PlainLibrary]:
    with opened(KOREAN) as library:
        yield library


@pytest.fixture(scope="module")
def english() -> Iterator[PlainLibrary]:
    with opened(ENGLISH) as library:
        yield library


def asked(library: PlainLibrary, text: str) -> tuple[Understanding, tuple[Hit, ...]]:
    generation = library.generation
    context = Context(Question(text=text), generation, date(2026, 11, 22), text=text, language=library.language)
    return understood(context, text), HybridRetriever(generation=generation).search(text, library.language).hits


def ranked(library: PlainLibrary, text: str) -> list[Candidate]:
    understanding, hits = asked(library, text)
    return Scorer(library.generation, asked_as=True).candidates(understanding, hits)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("시립도서관은 언제 문을 열었나요?", "1985년"),
        ("시립도서관을 설계한 건축가는?", "이하늘"),
        ("시립도서관의 직원은 몇 명인가?", "12명"),
        ("시립도서관 본관을 뭐라고 부르나요?", "책 창고"),
        ("시립도서관의 두 번째 분관이 생긴 해는?", "2001년"),
        ("박물관을 설계한 사람은 누구인가?", "한바다"),
    ],
)
def test_korean_answers_come_first(korean: PlainLibrary, question: str, answer: str) -> None:
    assert answer in ranked(korean, question)[0].statement.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did the library open?", "1985"),
        ("Who designed the library of Maple Town?", "Ann Field"),
        ("How many books does the library have?", "3,000"),
        ("Why did the library close?", "roof"),
        ("In which year did the second branch of the library open?", "2001"),
        ("Who was the architect of the museum?", "Tom Brook"),
    ],
)
def test_english_answers_come_first(english: PlainLibrary, question: str, answer: str) -> None:
    assert answer in ranked(english, question)[0].statement.text


def features(library: PlainLibrary, question: str, sentence: str) -> dict[str, float]:
    understanding, hits = asked(library, question)
    reader = Reader(library.generation)
    reading = reader.reading(understanding, hits)
    for hit in hits:
        for place, statement in enumerate(hit.passage.statements):
            if sentence in statement.text:
                return reader.features(reading, hit, place)
    raise AssertionError(sentence)


def test_a_word_counts_where_it_is_found_first(english: PlainLibrary) -> None:
    found = features(english, "Who designed the brick library?", "designed by")
    shares = [found[f"read_{name}"] for name in ("told", "titled", "before", "after", "around")]
    assert all(share >= 0 for share in shares)
    assert sum(shares) == pytest.approx(1)
    assert found["read_told"] > 0 < found["read_titled"]
    # "brick" stands in the sentence after.
    assert found["read_after"] > 0 == found["read_around"]


def test_a_sentence_that_leans_takes_from_the_one_before(english: PlainLibrary) -> None:
    found = features(english, "What did the woman who designed it with Ann Field like?", "She liked")
    assert found["read_leaning"] == found["read_before"] > 0


def test_only_what_the_question_does_not_say_is_a_value(english: PlainLibrary) -> None:
    assert features(english, "When was 1985?", "opened in 1985")["read_value"] == -1
    assert features(english, "When did it open?", "opened in 1985")["read_value"] == 1
    assert features(english, "Who opened it?", "opened in 1985")["read_value"] == 0


def test_who_asks_for_a_name_that_is_new(english: PlainLibrary) -> None:
    assert features(english, "Who designed the library?", "designed by")["read_nameless"] == 0
    assert features(english, "Who is Ann Field, who designed it?", "designed by")["read_nameless"] == 1
    assert features(english, "What town designed it?", "She liked")["read_nameless"] == 0.5


def test_another_place_in_a_row_speaks_against(english: PlainLibrary) -> None:
    assert features(english, "When did the second branch open?", "second branch")["read_order"] == 1
    assert features(english, "When did the first branch open?", "second branch")["read_order"] == -1
    assert features(english, "When did the first branch open?", "opened in 1985")["read_order"] == 0


def test_features_are_those_of_the_weights(english: PlainLibrary) -> None:
    assert (
        trained_weights().rank_plain.keys() == features(english, "When did the library open?", "opened in 1985").keys()
    )


def test_nothing_found_nothing_ranked(korean: PlainLibrary) -> None:
    understanding, _ = asked(korean, "시립도서관은 언제?")
    assert Scorer(korean.generation, asked_as=True).candidates(understanding, ()) == []


def test_other_documents_are_ranked_as_before(generation: OpenGeneration) -> None:
    text = "국가AI컴퓨팅센터는 어디에 지어요?"
    context = Context(Question(text=text), generation, date(2026, 11, 22), text=text, language="ko")
    understanding = understood(context, text)
    hits = HybridRetriever(generation=generation).search(text, "ko").hits
    without = trained_weights().model_copy(update={"rank_plain": {}})
    shipped, before = (
        Scorer(generation, asked_as=True, weights=weights).candidates(understanding, hits)
        for weights in (trained_weights(), without)
    )
    assert [(c.statement, c.score) for c in shipped] == [(c.statement, c.score) for c in before]
