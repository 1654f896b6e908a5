from pathlib import Path

import pytest
from tests.library.checks.small import (
    CLEAN,
    EN_BRIEF,
    EN_DIGEST,
    GLOSSARY,
    KO_BRIEF,
    KO_DIGEST,
    TODAY,
    broken,
    checked,
    line,
    places,
)
from tests.library.corpora import write_corpus

from civicbot.errors import IngestError
from civicbot.library.checks.corpus import check_corpus
from civicbot.settings import REPOSITORY


def test_a_clean_corpus_passes_and_other_documents_are_let_be(tmp_path: Path) -> None:
    folder = write_corpus(
        tmp_path / "corpus", {**CLEAN, "notices/road.txt": "Road works in May\n\nNo date is known yet"}
    )
    report = check_corpus(folder, today=TODAY)
    assert report.problems == ()
    assert report.warnings == ()
    assert report.files == 5


def test_what_ingest_reports_is_reported(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        (KO_DIGEST, "accessed: 2026-11-22", "accessed: yesterday"),
        (EN_BRIEF, "## Cost and funding", "## Costs"),
    )
    found = places(report.problems)
    assert (KO_DIGEST, line(KO_DIGEST, "accessed"), "accessed") in found
    assert (EN_BRIEF, line(EN_BRIEF, "## Cost"), "heading") in found
    # The digest that cannot be read is there; that its sentences are missing is told where they are cited.
    assert {place for place in found if place[0] == KO_BRIEF and place[2] == "footnote"}
    assert not [problem for problem in report.problems if "There is no" in problem.message]
    assert list(report.problems) == sorted(report.problems, key=lambda p: (p.file, p.line, p.field, p.message))


def test_a_file_that_cannot_be_opened(tmp_path: Path) -> None:
    folder = broken(tmp_path)
    (folder / "notice.txt").symlink_to(tmp_path / "nowhere")
    assert places(check_corpus(folder, today=TODAY).problems) == [("notice.txt", 1, "file")]


def test_footnotes_that_are_missing_or_lead_nowhere(tmp_path: Path) -> None:
    report = checked(
        tmp_path,
        (KO_BRIEF, "요청했습니다.[^S001]", "요청했습니다."),
        (EN_BRIEF, "Gwangju.[^S001]", "Gwangju.[^S009]"),
    )
    found = places(report.problems)
    assert (KO_BRIEF, line(KO_BRIEF, "정진욱"), "footnote") in found
    assert (EN_BRIEF, line(EN_BRIEF, "Rep. Jung"), "footnote") in found


@pytest.mark.parametrize("text", ["entities: [", "entities: {ai_city: {kind: ship}}", b"\xff"])
def test_a_glossary_that_cannot_be_read(tmp_path: Path, text: str | bytes) -> None:
    folder = broken(tmp_path)
    (folder / GLOSSARY).write_bytes(text.encode() if isinstance(text, str) else text)
    assert places(check_corpus(folder, today=TODAY).problems) == [(GLOSSARY, 1, "file")]


def test_own_words_are_checked_when_the_article_is_there(tmp_path: Path) -> None:
    folder = broken(tmp_path)
    article = tmp_path / "article.txt"
    absent = check_corpus(folder, today=TODAY, article=article)
    assert absent.problems == ()
    assert len(absent.notes) == 1
    assert str(article) in absent.notes[0]
    assert len(check_corpus(folder, today=TODAY).notes) == 1
    article.write_text("It is said that the land ministry said on 17 August 2025 that all is well.", encoding="utf-8")
    report = check_corpus(folder, today=TODAY, article=article)
    assert places(report.problems) == [(EN_DIGEST, line(EN_DIGEST, "land ministry"), "text")]
    assert report.notes == ()


def test_an_article_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="cannot be read"):
        check_corpus(broken(tmp_path), today=TODAY, article=tmp_path)


def test_old_sources_are_warnings(tmp_path: Path) -> None:
    report = check_corpus(broken(tmp_path), today=TODAY, stale_days=100)
    assert report.problems == ()
    assert places(report.warnings) == [(EN_DIGEST, line(EN_DIGEST, "published"), "published")]


def test_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="not there"):
        check_corpus(tmp_path / "nowhere", today=TODAY)


@pytest.mark.slow
def test_the_corpus_of_this_repository_passes() -> None:
    article = REPOSITORY.parent / "shared" / "research" / "seed-article.txt"
    report = check_corpus(REPOSITORY / "corpus", today=TODAY, article=article)
    assert [str(problem) for problem in report.problems] == []
    assert report.files >= 2 * (160 + 20)
