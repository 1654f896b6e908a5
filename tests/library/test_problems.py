from hypothesis import given
from hypothesis import strategies as st

from civicbot.library.problems import Problem


def test_names_file_line_and_field() -> None:
    problem = Problem(file="ko/briefs/x.md", line=7, field="published", message="The field is missing.")
    assert str(problem) == "ko/briefs/x.md:7: [published] The field is missing."


@given(
    st.from_regex(r"[\w/ .-]{1,30}\.md", fullmatch=True),
    st.integers(1, 10_000),
    st.from_regex(r"[a-z0-9. ]{1,20}", fullmatch=True),
    st.text(),
)
def test_parse_reads_back_what_a_manifest_keeps(file: str, line: int, field: str, message: str) -> None:
    problem = Problem(file=file, line=line, field=field, message=message)
    assert Problem.parse(str(problem)) == problem


def test_parse_keeps_unknown_text_as_the_message() -> None:
    assert Problem.parse("something odd").message == "something odd"
