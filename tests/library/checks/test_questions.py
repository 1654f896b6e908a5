import pytest
from tests.library.corpora import corpus_file

from civicbot.library.checks.questions import check_questions
from civicbot.library.problems import Problem
from civicbot.library.questions import read_questions

GOOD = {
    "ko/questions/brt.md": "정류장은 41곳입니다.\n- 정류장 몇 개야\n- BRT 정류장 수\n",
    "en/questions/brt.md": "It has 41 stops.\n- how many stops\n- brt stops number\n",
}


def problems(changes: dict[str, str]) -> list[Problem]:
    files = {path: text for path, text in (GOOD | changes).items() if text}
    return list(check_questions(read_questions([corpus_file(path, text) for path, text in files.items()])))


def test_good_questions() -> None:
    assert problems({}) == []


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("It has 41 stops.\n- how many stops\n- how many stops\n", 1, "has 1 different questions, not 2 to 9"),
        ("It has 41 stops.\n" + "".join(f"- question {n}\n" for n in range(10)), 1, "has 10 different questions"),
        ("It has 41 stops.\n- 정류장 몇 개\n- stops\n", 2, "holds Korean letters in an English file"),
        ("It has 41 stops.\n- stops\n- " + "very " * 30 + "many?\n", 3, "characters, more than 120"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, line: int, message: str) -> None:
    (problem,) = problems({"en/questions/brt.md": text})
    assert (problem.file, problem.line) == ("en/questions/brt.md", line)
    assert message in problem.message


def test_both_languages_have_questions() -> None:
    (problem,) = problems({"en/questions/brt.md": ""})
    assert (problem.file, problem.message) == ("ko/questions/brt.md", "The brief has no questions in 'en'.")
