from pathlib import Path

import pytest
from tests.library.checks.small import (
    CLEAN,
    EN_BRIEF,
    EN_DIGEST,
    KO_BRIEF,
    KO_DIGEST,
    NAME,
    TODAY,
    checked,
    line,
    places,
)
from tests.library.corpora import write_corpus

from civicbot.library.checks.corpus import check_corpus

ONE_MORE = "정진욱 의원은 2025년 11월 7일 AI 시티 사업을 광주에서 추진해 달라고 국회에서 요청했습니다.[^S001]\n"


def renamed(folder: Path, name: str, published: str = "2025-11-09") -> list[tuple[str, int, str]]:
    files = {
        path.replace(NAME, name): text.replace("published: 2025-11-09", f"published: {published}")
        for path, text in CLEAN.items()
    }
    return places(check_corpus(write_corpus(folder / "corpus", files), today=TODAY).problems)


def test_file_names_of_digests(tmp_path: Path) -> None:
    for name in ("Kwangju-20251109-city.md", "kwangju-city.md", "20251109-city.md", "kwangju-20251109.md"):
        found = renamed(tmp_path / name, name)
        assert found == [(f"en/sources/{name}", 1, "file"), (f"ko/sources/{name}", 1, "file")], name


def test_the_date_of_the_file_name(tmp_path: Path) -> None:
    place = line(KO_DIGEST, "published")
    wrong = "kwangju-ilbo-20251108-city.md"
    assert renamed(tmp_path / "1", wrong)[0] == (f"en/sources/{wrong}", place, "published")
    undated = "kwangju-ilbo-undated-city.md"
    assert renamed(tmp_path / "2", undated)[0] == (f"en/sources/{undated}", place, "published")
    assert renamed(tmp_path / "3", undated, "null") == []
    assert renamed(tmp_path / "4", NAME, "null")[0] == (EN_DIGEST, place, "published")


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [
        ("topics", "topics: [ai_city]", "topics: []"),
        ("supersedes.0", "supersedes: []", "supersedes: [S999]"),
        ("accessed", "accessed: 2026-11-22", "accessed: 2025-11-08"),
    ],
)
def test_data_of_digests(tmp_path: Path, field: str, old: str, new: str) -> None:
    report = checked(tmp_path, (KO_DIGEST, old, new), (EN_DIGEST, old, new))
    place = line(KO_DIGEST, old.split(":", maxsplit=1)[0] + ":")
    assert places(report.problems) == [(EN_DIGEST, place, field), (KO_DIGEST, place, field)]


@pytest.mark.parametrize(
    ("field", "old", "new"),
    [("id", "id: ai-city", "id: ai-town"), ("entity", "entity: ai_city", "entity: ai_town")],
)
def test_data_of_briefs(tmp_path: Path, field: str, old: str, new: str) -> None:
    report = checked(tmp_path, (KO_BRIEF, old, new), (EN_BRIEF, old, new))
    place = line(KO_BRIEF, old)
    assert places(report.problems) == [(EN_BRIEF, place, field), (KO_BRIEF, place, field)]


def test_three_to_eight_wordings(tmp_path: Path) -> None:
    place = (KO_BRIEF, line(KO_BRIEF, "<!--"), "comment")
    assert places(checked(tmp_path / "1", (KO_BRIEF, "AI 시티란\n", "")).problems) == [place]
    eight = "AI 시티란\n" + "".join(f"AI 시티 {letter}\n" for letter in "가나다라마")
    assert places(checked(tmp_path / "2", (KO_BRIEF, "AI 시티란\n", eight)).problems) == []
    assert places(checked(tmp_path / "3", (KO_BRIEF, "AI 시티란\n", eight + "뭐야?\n")).problems) == [place]
    wordings = CLEAN[KO_BRIEF][CLEAN[KO_BRIEF].index("<!--") : CLEAN[KO_BRIEF].index("-->") + 3]
    none = checked(tmp_path / "4", (KO_BRIEF, wordings, ""))
    assert places(none.problems) == [(KO_BRIEF, line(KO_BRIEF, "## 무엇"), "comment")]


def test_order_of_facets(tmp_path: Path) -> None:
    report = checked(tmp_path, (KO_BRIEF, "## 무엇인가요", "## 일정"), (EN_BRIEF, "## What it is", "## Schedule"))
    assert places(report.problems) == [
        (EN_BRIEF, line(EN_BRIEF, "## Cost"), "heading"),
        (KO_BRIEF, line(KO_BRIEF, "## 비용"), "heading"),
    ]


def test_a_facet_comes_once(tmp_path: Path) -> None:
    report = checked(
        tmp_path, (KO_BRIEF, "## 비용과 재원", "## 무엇인가요"), (EN_BRIEF, "## Cost and funding", "## What it is")
    )
    assert places(report.problems) == [
        (EN_BRIEF, line(EN_BRIEF, "## Cost"), "heading"),
        (KO_BRIEF, line(KO_BRIEF, "## 비용"), "heading"),
    ]


def test_a_facet_without_sentence_and_a_sentence_without_facet(tmp_path: Path) -> None:
    empty = checked(tmp_path / "1", (KO_BRIEF, ONE_MORE, ""))
    assert (KO_BRIEF, line(KO_BRIEF, "## 무엇"), "heading") in places(empty.problems)
    early = checked(tmp_path / "2", (KO_BRIEF, "## 무엇인가요\n", f"{ONE_MORE}\n## 무엇인가요\n"))
    # A problem of a whole section names the place where its text begins.
    assert (KO_BRIEF, line(KO_BRIEF, "## 무엇") - 1, "heading") in places(early.problems)


def test_one_sentence_one_line(tmp_path: Path) -> None:
    both = checked(
        tmp_path / "1",
        (EN_DIGEST, "in Gwangju.\nThe 2026", "in Gwangju. The 2026"),
    )
    assert places(both.problems) == [(EN_DIGEST, line(EN_DIGEST, "Rep. Jung"), "text")]
    assert "More than one" in both.problems[0].message
    unfinished = checked(tmp_path / "2", (KO_DIGEST, "절반은 국비입니다.", "절반은 국비"))
    assert places(unfinished.problems) == [(KO_DIGEST, line(KO_DIGEST, "절반"), "text")]
