from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.evaluation.samples import FOLLOW_UP_KO, make_answer, make_asked, make_item

from civicbot.errors import EvaluationError
from civicbot.evaluation.questions import Item
from civicbot.evaluation.report import Run, all_scores, configuration, write_report
from civicbot.settings import Settings

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
DEV, TEST = make_item(), Item.model_validate(FOLLOW_UP_KO)
RUNS = [
    Run("wordings on", (make_asked(DEV, make_answer()), make_asked(TEST, make_answer("모릅니다.")))),
    Run("wordings off", (make_asked(DEV, make_answer("모릅니다.")), make_asked(TEST, make_answer()))),
]


def test_a_report_is_a_folder(tmp_path: Path) -> None:
    config = configuration("small", [DEV, TEST], Settings(today=date(2026, 11, 22), data=tmp_path), None)
    folder, figures = write_report(tmp_path / "reports", "small", RUNS, config, NOW)
    assert folder == tmp_path / "reports" / "2026-11-22-small"
    assert sorted(path.name for path in folder.iterdir()) == [
        "answers.jsonl",
        "chart.svg",
        "config.json",
        "scores.json",
        "summary.md",
    ]
    written = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert written["runs"] == ["wordings on", "wordings off"]
    assert written["settings"]["today"] == "2026-11-22"
    assert written["answered_by"] == [{"app": "0", "index": "i"}]
    assert str(tmp_path) not in (folder / "config.json").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["run"], row["id"], row["verdict"]) for row in rows] == [
        ("wordings on", "k1", "correct"),
        ("wordings on", "k4", "incomplete"),
        ("wordings off", "k1", "incomplete"),
        ("wordings off", "k4", "correct"),
    ]
    assert rows[0]["answer"]["text"] == "총사업비는 1조 5000억 원입니다.[1]"
    assert rows[0]["milliseconds"] == 10.0
    assert rows[1]["history"] == FOLLOW_UP_KO["history"]
    scores = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    assert [(each["split"], each["run"], each["correct"]["hits"]) for each in scores] == [
        (each.split, each.run, each.correct.hits) for each in figures
    ]
    assert "2 questions, 2 of which the library can answer" in (folder / "summary.md").read_text(encoding="utf-8")


def test_the_figures_go_by_split_and_run() -> None:
    assert [(each.split, each.run, each.right.hits) for each in all_scores(RUNS)] == [
        ("dev", "wordings on", 1),
        ("dev", "wordings off", 0),
        ("test", "wordings on", 0),
        ("test", "wordings off", 1),
    ]


def test_no_report_is_overwritten(tmp_path: Path) -> None:
    config = configuration("small", [DEV], None, "http://city.example")
    names = [write_report(tmp_path, "small", RUNS[:1], config, NOW)[0].name for _ in range(3)]
    assert names == ["2026-11-22-small", "2026-11-22-small-2", "2026-11-22-small-3"]
    text = (tmp_path / names[0] / "summary.md").read_text(encoding="utf-8")
    assert "asked of the server at http://city.example (" in text


def test_the_configuration_tells_sets_apart() -> None:
    one, other = configuration("small", [DEV], None, None), configuration("small", [TEST], None, None)
    assert one["questions_sha256"] != other["questions_sha256"]
    assert one["packages"]["kiwipiepy"]


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    config = configuration("small", [DEV], None, None)
    with pytest.raises(EvaluationError, match="--output"):
        write_report(tmp_path / "file", "small", RUNS, config, NOW)
