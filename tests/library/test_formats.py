from datetime import date
from pathlib import PurePosixPath

import pytest
from tests.library.corpora import BRIEF, DIGEST, NOTICE, corpus_file

from civicbot.library.formats import Draft, Reading, read_document
from civicbot.model import DocumentKind, Facet


def draft(path: str, text: str | bytes) -> Draft:
    reading = read_document(corpus_file(path, text))
    assert reading.draft is not None, reading.problems
    assert reading.problems == ()
    return reading.draft


def refused(path: str, text: str | bytes) -> Reading:
    reading = read_document(corpus_file(path, text))
    assert reading.draft is None
    return reading


def test_digest() -> None:
    document = draft("ko/sources/x.md", DIGEST).document
    assert (document.id, document.source_id, document.kind) == ("S001-ko", "S001", DocumentKind.SOURCE)
    assert (document.publisher, document.published) == ("광주일보", date(2025, 11, 9))
    assert len(document.content_hash) == 64


def test_brief() -> None:
    found = draft("ko/briefs/x.md", BRIEF)
    assert (found.document.id, found.document.kind) == ("ai-city-ko", DocumentKind.BRIEF)
    assert (found.document.entity, found.document.updated) == ("ai_city", date(2026, 11, 22))
    assert [section.facet for section in found.sections] == [Facet.WHAT, Facet.COST]
    assert found.sections[1].asked_as == ("예산이 얼마예요?", "AI 시티 돈 얼마 들어?")
    assert found.figure_lines == (9,)


@pytest.mark.parametrize(
    ("heading", "word"), [("비용", "no facet"), ("Cost and funding", "another language"), ("# 비용과 재원", "")]
)
def test_heading_that_is_no_facet_is_a_problem_and_its_text_stays(heading: str, word: str) -> None:
    text = BRIEF.replace("## 비용과 재원", f"## {heading}" if word else heading)
    reading = read_document(corpus_file("ko/briefs/x.md", text))
    assert reading.draft is not None
    if word:
        (problem,) = reading.problems
        assert (problem.line, problem.field) == (16, "heading")
        assert word in problem.message
        assert reading.draft.sections[1].facet is None
        assert reading.draft.sections[1].paragraphs
    else:
        assert reading.problems == ()


def test_plain_markdown() -> None:
    found = draft("notices/road works.md", NOTICE)
    assert (found.document.title, found.document.language) == ("Road works in Buk-gu", "en")
    assert found.document.kind is DocumentKind.DOCUMENT
    assert [section.heading for section in found.sections] == ["", "Detours"]


def test_plain_markdown_with_front_matter() -> None:
    front = "title: Notice\nlanguage: en\npublisher: Buk-gu\npublished: 2026-05-01\nlayout: post"
    text = f"---\n{front}\n---\n# Roads\n\n안녕.\n"
    found = draft("x.md", text)
    assert (found.document.title, found.document.language, found.document.publisher) == ("Notice", "en", "Buk-gu")
    assert found.document.published == date(2026, 5, 1)
    assert found.sections[0].heading == "Roads"
    bad = refused("x.md", text.replace("2026-05-01", "May"))
    assert [(p.line, p.field) for p in bad.problems] == [(5, "published")]


def test_text_file() -> None:
    found = draft("ko/안내문.txt", "\ufeff도로 공사 안내\r\n\r\n5월에 도로를 막습니다.\r\n")
    assert (found.document.title, found.document.language) == ("도로 공사 안내", "ko")
    assert draft("안내문.txt", "5월에 도로를 막습니다.").document.title == "안내문"


def test_language_by_folder_then_front_matter_then_detection() -> None:
    assert draft("en/x.txt", "광주입니다.").document.language == "en"
    assert draft("x.txt", "광주입니다.").document.language == "ko"
    assert draft("x.txt", "It is in Gwangju.").document.language == "en"


def test_language_that_contradicts_the_folder() -> None:
    reading = refused("en/sources/x.md", DIGEST)
    assert [(p.line, p.field) for p in reading.problems] == [(4, "language")]
    assert "'en'" in reading.problems[0].message


def test_ids_of_plain_documents_are_url_safe_and_unique() -> None:
    paths = ["a b.md", "a-b.md", "a_b.txt", "a/b.md", "안내.md", "공지.md", "A b.md", "x" * 200 + ".md"]
    ids = [draft(path, "Some words.").document.id for path in paths]
    assert len(set(ids)) == len(paths)
    for name in ids:
        assert name.isascii()
        assert name == PurePosixPath(name).name
        assert all(character.isalnum() or character == "-" for character in name)
        assert len(name) <= 80
    assert ids[0].startswith("a-b-")
    assert draft("a b.md", "Other words.").document.id == ids[0]


def test_a_digest_without_front_matter_is_refused_but_text_beside_it_is_plain() -> None:
    assert refused("ko/sources/x.md", "# 글\n").problems[0].field == "front matter"
    assert draft("ko/sources/x.txt", "글입니다.").document.kind is DocumentKind.DOCUMENT
    assert draft("sources/x.md", "글입니다.").document.kind is DocumentKind.DOCUMENT


def test_not_utf8_names_the_line() -> None:
    (problem,) = refused("x.md", b"one\ntwo\n\xb1\xa4\xc1\xd6\n").problems
    assert (problem.line, problem.field) == (3, "file")
    assert "UTF-8" in problem.message


@pytest.mark.parametrize("text", ["", "\n\n", "# Only a title\n", "---\ntitle: x\n---\n"])
def test_a_file_without_a_sentence(text: str) -> None:
    (problem,) = refused("x.md", text).problems
    assert problem.field == "text"


def test_comment_that_is_never_closed() -> None:
    reading = read_document(corpus_file("ko/briefs/x.md", BRIEF.replace("-->", "")))
    assert [(p.line, p.field) for p in reading.problems] == [(18, "comment")]
