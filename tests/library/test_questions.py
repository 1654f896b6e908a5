from hypothesis import given
from hypothesis import strategies as st
from tests.library.corpora import corpus_file

from civicbot.library.questions import Questions, read_questions

PATH = "en/questions/brt.md"
BRIEF = "en/briefs/brt.md"


def read(text: str | bytes) -> Questions:
    return read_questions([corpus_file(PATH, text)])


def test_sentences_and_their_questions() -> None:
    questions = read("One sentence.\n- a question?\n-  another   one\n\nSecond sentence.\n- a third\n- a third\n")
    assert questions.problems == ()
    assert questions.of(BRIEF, "One sentence.") == ("a question?", "another one")
    assert questions.of(BRIEF, "Second sentence.") == ("a third",)
    assert questions.of(BRIEF, "Third sentence.") == ()
    assert questions.of("en/briefs/other.md", "One sentence.") == ()


def test_what_cannot_be_used_is_reported_with_its_line() -> None:
    questions = read("- too early\nNo questions.\n\nOne sentence.\n- q\n\nOne sentence.\n- r\n")
    assert [(problem.line, problem.field) for problem in questions.problems] == [
        (1, "question"),
        (2, "sentence"),
        (7, "sentence"),
    ]
    assert questions.of(BRIEF, "One sentence.") == ("q",)


def test_a_file_that_is_not_utf8() -> None:
    (problem,) = read("광주".encode("cp949")).problems
    assert problem.message == "The file is not UTF-8 text; save it as UTF-8."


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    for _, entries in read(text).files.values():
        assert all(entry.questions and entry.line >= 1 for entry in entries.values())
