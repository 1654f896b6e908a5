from __future__ import annotations

import os
from pathlib import Path

import pytest

from civicbot.errors import BenchmarkError
from civicbot.evaluation.benchmarks.files import GoldQuestion, ParagraphRow, read_paragraphs
from civicbot.evaluation.benchmarks.reading import holds_answer, measure_reading
from civicbot.settings import Settings

WORDS_ALONE = Settings(embedder_languages="none")
SHARED = Path(os.environ.get("CIVICBOT_BENCH_DATA") or Path(__file__).resolve().parents[4] / "shared" / "data")


def gold(question: str, *answers: str) -> GoldQuestion:
    return GoldQuestion(id=question, question=question, answers=answers)


PARAGRAPHS = (
    ParagraphRow(
        title="Pool",
        context="The pool was built in 1985. It has 1,200 lockers. Tom Brook was the architect of the pool.",
        questions=(
            gold("When was the pool built?", "1985"),
            gold("How many lockers does the pool have?", "1 200", "1200"),
            gold("Who was the architect of the pool?", "Ann Field"),
        ),
    ),
    ParagraphRow(title="Market", context="The market opens at six. It never closes."),
)


def test_scores_of_a_small_set() -> None:
    told = []
    scores = measure_reading(PARAGRAPHS, WORDS_ALONE, asked=lambda: told.append(1))
    assert (scores.questions, scores.paragraphs, len(told)) == (3, 2, 3)
    assert scores.best_sentence == scores.two_sentences == pytest.approx(2 / 3)
    lengths = (len("The pool was built in 1985."), len("It has 1,200 lockers."))
    assert scores.characters == pytest.approx((sum(lengths) + len("Tom Brook was the architect of the pool.")) / 3)
    assert scores.ms_per_question > 0
    assert set(scores.intervals) == {"best_sentence", "two_sentences"}
    assert all(low < 2 / 3 < high for low, high in scores.intervals.values())


def test_the_first_questions_only() -> None:
    assert measure_reading(PARAGRAPHS, WORDS_ALONE, limit=1).best_sentence == 1


def test_questions_without_an_answer_are_not_asked() -> None:
    paragraph = ParagraphRow(context="The pool is closed.", questions=(gold("Why?"), gold("When?", " ")))
    with pytest.raises(BenchmarkError, match="no question with an answer"):
        measure_reading([paragraph], WORDS_ALONE)


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("It has 1,200 lockers.", "1200 Lockers", True),
        ("２０００년에 열었다", "2000 년", True),
        ("It has 1,200 lockers.", "12 lockers", False),
        ("It has lockers.", " , ", False),
    ],
)
def test_answers_are_compared_without_spaces_commas_and_case(text: str, answer: str, held: bool) -> None:
    assert holds_answer(text, [answer]) is held


@pytest.mark.slow
@pytest.mark.parametrize(
    ("folder", "questions", "best", "two"), [("korquad1_dev", 300, 0.83, 0.90), ("xquad_en", 200, 0.72, 0.83)]
)
def test_public_sets_by_words_alone(folder: str, questions: int, best: float, two: float) -> None:
    path = SHARED / folder / "paragraphs.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"{str(path)!r} is not there; set CIVICBOT_BENCH_DATA to the folder of the public sets")
    scores = measure_reading(read_paragraphs(path), WORDS_ALONE, limit=questions)
    assert scores.best_sentence >= best
    assert scores.two_sentences >= two
