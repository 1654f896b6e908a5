from pathlib import Path

import pytest
from tests.library.checks.small import (
    CLEAN,
    EN_BRIEF,
    EN_DIGEST,
    KO_BRIEF,
    KO_DIGEST,
    TODAY,
    checked,
    line,
    papers,
    places,
)
from tests.library.corpora import write_corpus

from civicbot.library.checks.corpus import check_corpus
from civicbot.library.checks.mirror import pairs, sentence_pairs

COST = "The 2026 budget bill sets aside 4 billion won for the AI City pilot.[^S001]\n"


@pytest.mark.parametrize("name", [KO_DIGEST, EN_DIGEST, KO_BRIEF, EN_BRIEF])
def test_a_missing_twin(tmp_path: Path, name: str) -> None:
    files = {path: text for path, text in CLEAN.items() if path != name}
    report = check_corpus(write_corpus(tmp_path, files), today=TODAY)
    twin = f"{'en' if name.startswith('ko') else 'ko'}{name[2:]}"
    found = [problem for problem in report.problems if name in problem.message]
    assert places(tuple(found)) == [(twin, 1, "file")]


@pytest.mark.parametrize(
    ("name", "field", "old", "new"),
    [
        (EN_DIGEST, "url", "url: https://example.org/1", "url: https://example.org/2"),
        (EN_DIGEST, "accessed", "accessed: 2026-11-22", "accessed: 2026-11-21"),
        (EN_DIGEST, "topics", "topics: [ai_city]", "topics: [ai_city, people]"),
        (EN_DIGEST, "reliability", "reliability: press", "reliability: primary"),
        (EN_DIGEST, "supersedes", "supersedes: []", "supersedes: [S001]"),
        (EN_BRIEF, "entity", "entity: ai_city", "entity: gwangju"),
        (EN_BRIEF, "updated", "updated: 2026-11-22", "updated: 2026-11-21"),
        (EN_BRIEF, "topics", "topics: [ai_city]", "topics: [people]"),
    ],
)
def test_other_data(tmp_path: Path, name: str, field: str, old: str, new: str) -> None:
    report = checked(tmp_path, (name, old, new))
    assert places(report.problems) == [(name, line(name, old), field)]


def test_another_id_or_day_of_publication(tmp_path: Path) -> None:
    other = checked(tmp_path / "1", (EN_DIGEST, "id: S001", "id: S002"))
    assert (EN_DIGEST, line(EN_DIGEST, "id: S001"), "id") in places(other.problems)
    later = checked(tmp_path / "2", (EN_DIGEST, "published: 2025-11-09", "published: 2025-11-10"))
    assert [problem.message for problem in later.problems if KO_DIGEST in problem.message] == [
        f"{KO_DIGEST!r} has another value: 2025-11-09."
    ]


def test_other_figures(tmp_path: Path) -> None:
    place = line(EN_BRIEF, "pilot_budget")
    changed = checked(tmp_path / "1", (EN_BRIEF, "status: planned", "status: requested"))
    assert places(changed.problems) == [(EN_BRIEF, place, "figures.0")]
    fewer = checked(tmp_path / "2", (KO_BRIEF, CLEAN[KO_BRIEF].split("\n")[place], ""))
    assert places(fewer.problems) == [(EN_BRIEF, place + 1, "figures.1")]
    more = checked(tmp_path / "3", (EN_BRIEF, CLEAN[EN_BRIEF].split("\n")[place] + "\n", ""))
    assert [(file, field) for file, _, field in places(more.problems)] == [(EN_BRIEF, "figures.1")]


def test_other_facets(tmp_path: Path) -> None:
    report = checked(tmp_path, (EN_BRIEF, "## Cost and funding", "## Schedule"))
    assert places(report.problems) == [(EN_BRIEF, line(EN_BRIEF, "## Cost"), "heading")]
    assert "what, cost there, what, schedule here" in report.problems[0].message


def test_one_sentence_more(tmp_path: Path) -> None:
    brief = checked(tmp_path / "1", (EN_BRIEF, COST, COST + COST.replace("sets aside", "holds")))
    assert places(brief.problems) == [(EN_BRIEF, line(EN_BRIEF, "## Cost"), "text")]
    digest = checked(tmp_path / "2", (EN_DIGEST, "The land ministry", "Gwangju hopes for it.\nThe land ministry"))
    assert [field for _, _, field in places(digest.problems)] == ["text"]


def test_other_footnotes(tmp_path: Path) -> None:
    report = checked(tmp_path, (EN_BRIEF, COST, COST.replace("[^S001]", "[^S001][^S002]")))
    found = [problem for problem in report.problems if "none" in problem.message or "and S001" in problem.message]
    assert places(tuple(found)) == [(EN_BRIEF, line(EN_BRIEF, "4 billion won"), "footnote")]
    assert f"S001, S002 here and S001 at {KO_BRIEF}:{line(KO_BRIEF, '40억')}" in found[0].message


def test_pairs_of_sentences(tmp_path: Path) -> None:
    found = pairs(papers(tmp_path / "1"))
    assert [(korean.path, english.path) for korean, english in found] == [(KO_BRIEF, EN_BRIEF), (KO_DIGEST, EN_DIGEST)]
    assert [(ko.line, en.line) for ko, en in sentence_pairs(found[1])] == [(14, 14), (15, 15), (16, 16)]
    brief, digest = pairs(
        papers(tmp_path / "2", (EN_BRIEF, "## Cost", "## Other cost"), (EN_DIGEST, "4 billion won", "money.\nMoney"))
    )
    assert list(sentence_pairs(brief)) == []
    assert list(sentence_pairs(digest)) == []
