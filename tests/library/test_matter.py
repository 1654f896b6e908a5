from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.corpora import BRIEF, DIGEST

from civicbot.library.matter import BriefMatter, Matter, PlainMatter, SourceMatter, check, split_matter
from civicbot.library.problems import Problem


def matter(text: str, *, required: bool = True) -> Matter:
    found = split_matter(text, "x.md", required=required)
    assert isinstance(found, Matter), found
    return found


def problem(text: str) -> Problem:
    found = split_matter(text, "x.md", required=True)
    assert isinstance(found, Problem)
    return found


def test_good_front_matter() -> None:
    source = matter(DIGEST)
    front = check(SourceMatter, source, "x.md")
    assert isinstance(front, SourceMatter)
    assert front.published == date(2025, 11, 9)
    assert source.body_line == 13
    assert DIGEST.split("\n")[source.body_line - 1 :] == source.body.split("\n")
    brief = check(BriefMatter, matter(BRIEF), "x.md")
    assert isinstance(brief, BriefMatter)
    assert brief.figures[0].value == 4.0e9
    assert brief.figures[0].as_of == date(2025, 11, 9)


@pytest.mark.parametrize(
    ("written", "value"),
    [("1.5e12", 1.5e12), ("1500000000000", 1.5e12), ("2026-06", "2026-06"), ("2026-06-03", "2026-06-03")],
)
def test_figure_values(written: str, value: float | str) -> None:
    front = check(BriefMatter, matter(BRIEF.replace("4.0e9", written)), "x.md")
    assert isinstance(front, BriefMatter)
    assert front.figures[0].value == value


@pytest.mark.parametrize(
    ("old", "new", "line", "field", "word"),
    [
        ("publisher: 광주일보\n", "", 1, "publisher", "missing"),
        ("topics: [ai_city]", "topic: [ai_city]", 9, "topic", "no such field"),
        ("published: 2025-11-09", "published: 2025-13-09", 7, "published", "date"),
        ("published: 2025-11-09", "published: 20251109", 7, "published", "YYYY-MM-DD"),
        ("published: 2025-11-09", "published: 9 November", 7, "published", "YYYY-MM-DD"),
        ("accessed: 2026-11-22", "accessed: null", 8, "accessed", "date"),
        ("language: ko", "language: jp", 4, "language", "'ko' or 'en'"),
        ("reliability: press", "reliability: good", 10, "reliability", "primary"),
        ("topics: [ai_city]", "topics: ai_city", 9, "topics", "tuple"),
        ("topics: [ai_city]", "topics:\n  - ai_city\n  - 5", 11, "topics.1", "string"),
        ("title: 광주 AI 시티 요청", "title: 5", 3, "title", "string"),
        ("title: 광주 AI 시티 요청", "title: ' '", 3, "title", "match"),
        ("url: https://example.org/1", "url: example.org", 6, "url", "http"),
        ("id: S001", "id: 'S 001'", 2, "id", "match"),
    ],
)
def test_a_bad_field_is_named_with_its_line(old: str, new: str, line: int, field: str, word: str) -> None:
    assert old in DIGEST
    found = check(SourceMatter, matter(DIGEST.replace(old, new)), "x.md")
    assert isinstance(found, list)
    assert (field, True) in {(p.field, word in p.message) for p in found}
    lines = {p.field: p.line for p in found}
    # A missing field has no line of its own.
    assert lines[field] == line


def test_a_bad_figure_is_named_by_its_place() -> None:
    text = BRIEF.replace("as_of: 2025-11-09", "as_of: soon")
    found = check(BriefMatter, matter(text), "x.md")
    assert isinstance(found, list)
    assert [(p.field, p.line) for p in found] == [("figures.0.as_of", 9)]
    found = check(BriefMatter, matter(BRIEF.replace("value: 4.0e9", "value: [1]")), "x.md")
    assert isinstance(found, list)
    assert {(p.field, p.line) for p in found} == {("figures.0.value", 9)}


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("no front matter\n", 1, "front matter"),
        ("---\nid: x\nnever closed\n", 1, "front matter"),
        ("---\n- a\n---\n", 2, "front matter"),
        ("---\n---\n", 2, "front matter"),
        ("---\nid: S1\ntitle: a: b\n---\n", 3, "front matter"),
        ("---\nid: S1\ntitle: 'open\n---\n", 3, "front matter"),
        ("---\nid: S1\nurl: u\nid: S2\n---\n", 4, "id"),
        ("---\nid: !!int x\n---\n", 2, "front matter"),
        ("---\nid: !!python/object:os.system x\n---\n", 2, "front matter"),
        ("---\n? [a]\n: b\n---\n", 2, "front matter"),
        ("---\na: " + "[" * 3000 + "\n---\n", 2, "front matter"),
    ],
)
def test_broken_blocks_are_problems(text: str, line: int, field: str) -> None:
    found = problem(text)
    assert (found.line, found.field) == (line, field)


def test_plain_documents_need_none() -> None:
    assert matter("just text", required=False).body == "just text"
    between_rules = "---\nSome words.\n---\nMore."
    assert matter(between_rules, required=False).body == between_rules
    front = check(PlainMatter, matter("---\ntitle: T\nlayout: post\n---\nx", required=False), "x.md")
    assert isinstance(front, PlainMatter)
    assert front.title == "T"


@given(st.text())
def test_any_front_matter_gives_fields_or_a_problem(head: str) -> None:
    found = split_matter(f"---\n{head}\n---\nbody\n", "x.md", required=True)
    if isinstance(found, Matter):
        checked = check(SourceMatter, found, "x.md")
        assert isinstance(checked, SourceMatter) or all(p.line >= 1 and p.field for p in checked)
    else:
        assert 1 <= found.line <= head.count("\n") + 3
