from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from civicbot.answering.gate.decide import SentenceGate
from civicbot.cli import application
from civicbot.errors import QuestionSetError
from civicbot.evaluation.gate_set import as_data, gate_scores, judge, read_gate_set
from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer

RIGHT, WRONG = "트램은 2027년 5월 착공했습니다.", "트램은 2028년 5월 착공했습니다."


def line(number: int, sentence: str, corruption: str = "", split: str = "dev") -> dict[str, object]:
    evidence = {"document_id": "S1-ko", "text": RIGHT, "published": None, "publisher": None}
    return {
        "id": f"ko-{number}",
        "lang": "ko",
        "split": split,
        "sentence": sentence,
        "evidence": [evidence],
        "cites": [0],
        "faithful": not corruption,
        "corruption": corruption,
    }


def write(folder: Path, *rows: dict[str, object]) -> Path:
    (folder / "gate").mkdir()
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "gate" / "ko.jsonl").write_text(text, encoding="utf-8")
    (folder / "gate" / "en.jsonl").write_text("", encoding="utf-8")
    return folder


def test_caught_and_dropped_are_counted(tmp_path: Path) -> None:
    items = read_gate_set(
        write(tmp_path, line(1, RIGHT), line(2, WRONG), line(3, WRONG, "date"), line(4, RIGHT, "date"))
    )
    scores = gate_scores(judge(SentenceGate(Glossary({}), Tokenizer()), items))
    assert (scores.caught.hits, scores.caught.total) == (1, 2)
    assert (scores.dropped.hits, scores.dropped.total) == (1, 2)
    assert scores.kinds["date"].total == 2
    assert set(scores.groups) == {"faithful, ko, same language", "corrupted, ko, same language"}
    assert scores.rules == {"date": 1}
    assert not scores.met
    assert as_data(scores)["met"] is False


@pytest.mark.parametrize("row", [line(1, RIGHT) | {"cites": [3]}, line(1, RIGHT) | {"faithful": "perhaps"}])
def test_a_bad_line_is_named(tmp_path: Path, row: dict[str, object]) -> None:
    with pytest.raises(QuestionSetError, match=r"ko\.jsonl, line 1"):
        read_gate_set(write(tmp_path, row))


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match=r"ko\.jsonl"):
        read_gate_set(tmp_path)


@pytest.mark.parametrize(("wrong", "code"), [("date", 0), ("", 1)])
def test_the_command_fails_below_its_targets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str, code: int
) -> None:
    monkeypatch.setenv("CIVICBOT_EVALS", str(write(tmp_path, line(1, RIGHT), line(2, WRONG, wrong))))
    result = CliRunner().invoke(application, ["eval", "gate", "--json"])
    assert result.exit_code == code, result.output
    assert json.loads(result.stdout)["met"] is (code == 0)


def test_the_command_prints_both_shares_of_a_split(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path, line(1, RIGHT), line(2, WRONG, "date"), line(3, RIGHT, "date", split="test"))
    monkeypatch.setenv("CIVICBOT_EVALS", str(folder))
    result = CliRunner().invoke(application, ["eval", "gate", "--split", "dev"])
    assert result.exit_code == 0, result.output
    assert "100.0 % (1 of 1;" in result.stdout
    assert "0.0 % (0 of 1;" in result.stdout
