from pathlib import Path

import pytest
from tests.library.checks.small import CLEAN, EN_BRIEF, EN_DIGEST, KO_BRIEF, KO_DIGEST, checked, line, papers, places

from civicbot.library.checks.figures import check_equal_figures, check_figure_data

LAND = line(EN_DIGEST, "land ministry")
BUDGET = line(EN_DIGEST, "4 billion won")
ASKED = CLEAN[KO_BRIEF].split("\n")[line(KO_BRIEF, "asked_on") - 1]


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("4 billion won", "40 billion won", BUDGET),
        ("4 billion won", "4 million won", BUDGET),
        ("The 2026 budget", "The 2027 budget", BUDGET),
        ("17 August 2025", "18 August 2025", LAND),
        ("17 August 2025", "17 August 2024", LAND),
        ("17 August 2025", "August 2025", LAND),
        ("in two cities", "in three cities", LAND),
        ("10 million square metres", "large sites", LAND),
    ],
)
def test_another_figure_in_one_language(tmp_path: Path, old: str, new: str, at: int) -> None:
    found = tuple(check_equal_figures(papers(tmp_path, (EN_DIGEST, old, new))))
    assert places(found) == [(EN_DIGEST, at, "text")]
    assert f"{KO_DIGEST}:{at}" in found[0].message


@pytest.mark.parametrize(
    ("korean", "english"),
    [
        ("40억 원이 담겼고 절반은", "0.004 trillion won, half"),
        ("40억 원이 담겼고 주 1회", "4 billion won, weekly"),
        ("40억 원과 1인당 4800만 원, 절반은", "4 billion won and 48 million won a head, half"),
        ("40억 원이 담겼고 두 곳은", "4 billion won, both"),
        (
            "40억 원이 담겼고 2026년 1월 3일부터 2월 4일까지",
            "4 billion won from 3 January 2026, until 4 February 2026, half",
        ),
        ("40억 원이 담겼고 2026년 1월 3일 뒤 2월 4일", "4 billion won after 3 January 2026, on 4 February 2026, half"),
    ],
)
def test_the_same_figures_in_another_notation(tmp_path: Path, korean: str, english: str) -> None:
    changes = (
        (KO_DIGEST, "40억 원이 담겼고 절반은", korean),
        (EN_DIGEST, "4 billion won for the AI City pilot, half", english),
    )
    assert list(check_equal_figures(papers(tmp_path, *changes))) == []


def test_the_whole_check_tells_of_it(tmp_path: Path) -> None:
    report = checked(tmp_path, (EN_DIGEST, "10 million square", "11 million square"))
    assert places(report.problems) == [(EN_DIGEST, LAND, "text")]
    assert "only Korean has 10000000; only English has 11000000" in report.problems[0].message


def data(folder: Path, row: str) -> list[tuple[str, int, str]]:
    """What is found in the Korean brief when another figure comes after its figures."""
    return places(tuple(check_figure_data(papers(folder, (KO_BRIEF, ASKED, f"{ASKED}\n  - {row}")))))


def test_two_current_values(tmp_path: Path) -> None:
    row = "{key: asked_on, value: 2026, unit: date, as_of: 2025-11-09, status: current, sources: [S001]}"
    at = line(KO_BRIEF, "asked_on") + 1
    assert data(tmp_path / "1", row) == [(KO_BRIEF, at, "figures.2.status")]
    assert data(tmp_path / "2", row.replace("current", "superseded")) == []
    marked = f"{row}\n  - {row.replace('2026', '2025-11').replace('current', 'disputed')}"
    assert data(tmp_path / "3", marked) == []
    assert data(tmp_path / "4", row.replace("value: 2026", "value: 2025-11-07")) == []


def test_a_value_that_no_sentence_tells(tmp_path: Path) -> None:
    at = line(KO_BRIEF, "asked_on") + 1
    rest = "as_of: 2025-11-09, status: current, sources: []}"
    row = "{key: other, value: 7000, unit: KRW, " + rest
    assert data(tmp_path / "1", row) == [(KO_BRIEF, at, "figures.2.value")]
    assert data(tmp_path / "2", row.replace("7000", "4.0e+9")) == []
    assert data(tmp_path / "3", row.replace("7000", "4.0e+9").replace("KRW", "USD")) == [
        (KO_BRIEF, at, "figures.2.value")
    ]
    assert data(tmp_path / "4", row.replace("7000", "2025-11").replace("KRW", "date")) == []


def test_a_value_that_its_source_does_not_tell(tmp_path: Path) -> None:
    report = checked(tmp_path, (KO_DIGEST, "40억", "41억"), (EN_DIGEST, "4 billion", "4.1 billion"))
    at = line(KO_BRIEF, "pilot_budget")
    found = [place for place in places(report.problems) if place[2].startswith("figures")]
    assert found == [(EN_BRIEF, at, "figures.0.sources"), (KO_BRIEF, at, "figures.0.sources")]


def test_a_source_that_is_not_there(tmp_path: Path) -> None:
    report = checked(tmp_path, (KO_BRIEF, "sources: [S001]}\n---", "sources: [S001, S077]}\n---"))
    assert (KO_BRIEF, line(KO_BRIEF, "asked_on"), "figures.1.sources") in places(report.problems)


def test_units_that_sentences_tell_otherwise(tmp_path: Path) -> None:
    sentence = "2025년 11월 7일 국회에서 들은 길이는 8.67km이고 비율은 16.6%입니다.[^S001]\n\n## 비용과 재원"
    rest = "as_of: 2025-11-09, status: current, sources: []}"
    rows = [
        "{key: length, value: 8670, unit: m, " + rest,
        "{key: share, value: 16.6, unit: percent, " + rest,
    ]
    changes = (
        (KO_BRIEF, "## 비용과 재원", sentence),
        (KO_BRIEF, ASKED, "\n".join([ASKED, *(f"  - {row}" for row in rows)])),
    )
    assert list(check_figure_data(papers(tmp_path, *changes))) == []
