"""`civicbot eval approved`, over the real library and small sets of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from civicbot.cli import application, main
from civicbot.evaluation.same_questions import read_pairs

Run = Callable[..., Result]
QUESTION = {"approved": "a", "question": "BRT 정류장은 몇 개인가요?", "variants": ["BRT 정류장 개수"]}
SAME = QUESTION | {"id": "a-p1", "split": "dev", "asked": "비알티 정류장이 몇 개예요?", "same": True, "change": ""}
OTHER = QUESTION | {"id": "a-n1", "split": "dev", "asked": "BRT 버스는 몇 대인가요?", "same": False, "change": "kind"}
MISSED = SAME | {"id": "a-p2", "asked": "정류장 이름이 예쁜 버스"}
MISLABELLED = OTHER | {"id": "a-n2", "split": "test", "asked": "BRT 정류장 개수는?", "change": "part"}


@pytest.fixture
def evals(tmp_path: Path, real_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "evals"
    (folder / "approved").mkdir(parents=True)
    for name, value in {"DATA": str(real_data), "EVALS": str(folder), "EMBEDDER_LANGUAGES": "none"}.items():
        monkeypatch.setenv(f"CIVICBOT_{name}", value)
    return folder


@pytest.fixture
def run(evals: Path) -> Run:
    del evals
    return lambda *arguments: CliRunner().invoke(application, ["eval", "approved", *arguments])


def write(evals: Path, *lines: dict[str, object], language: str = "ko") -> None:
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    (evals / "approved" / f"{language}.jsonl").write_text(text + "\n\n", encoding="utf-8")


def test_all_paraphrases_and_no_near_miss(run: Run, evals: Path) -> None:
    write(evals, SAME, OTHER)
    result = run()
    assert result.exit_code == 0, result.output
    assert "100.0 % (1 of 1" in " ".join(result.output.split())
    assert "0 of 1" in result.output


def test_a_false_match_fails_and_is_named_for_dev_only(run: Run, evals: Path) -> None:
    write(evals, SAME, MISLABELLED, MISLABELLED | {"id": "a-n3", "split": "dev", "change": "city"})
    result = run()
    assert result.exit_code == 1
    assert "False match (ko, city): a-n3" in result.output
    assert "a-n2" not in result.output
    assert "False match (ko, part): a question of the test split" in result.output


def test_too_few_paraphrases_fail(run: Run, evals: Path) -> None:
    write(evals, SAME, MISSED, OTHER)
    assert run().exit_code == 1
    assert run("--fail-under", "0.5").exit_code == 0


def test_a_split_alone(run: Run, evals: Path) -> None:
    write(evals, SAME, MISLABELLED)
    assert run("--split", "dev").exit_code == 0
    assert run("--split", "test").exit_code == 1


def test_a_paraphrase_of_one_that_matches_another_is_a_false_match(run: Run, evals: Path) -> None:
    other = {"approved": "b", "question": "BRT 버스는 몇 대인가요?", "variants": []}
    wrong = SAME | other | {"id": "b-p1", "asked": "BRT 정류장 개수가 궁금해요"}
    write(evals, SAME, OTHER | other | {"id": "b-n1", "asked": "BRT 요금은?"}, wrong)
    result = run("--json", "--fail-under", "0")
    assert result.exit_code == 1
    (figures,) = json.loads(result.output)
    assert figures["false"] == [{"id": "b-p1", "split": "dev", "change": "pool"}]


def test_figures_as_json(run: Run, evals: Path) -> None:
    write(evals, SAME, MISSED, OTHER)
    write(
        evals,
        SAME | {"question": "Who runs AI Dangjigi?", "variants": [], "asked": "who is in charge of ai dangjigi"},
        language="en",
    )
    korean, english = json.loads(run("--json").output)
    assert (korean["language"], korean["matched"], korean["paraphrases"], korean["share"]) == ("ko", 1, 2, 0.5)
    assert korean["interval"][0] < 0.5 < korean["interval"][1]
    assert korean["changes"] == {"kind": {"false": 0, "of": 1}}
    assert (english["language"], english["matched"], english["near_misses"]) == ("en", 1, 0)


def test_no_pairs_at_all(evals: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="1"):
        main(["eval", "approved"])
    assert "holds no such pairs" in capsys.readouterr().err
    assert read_pairs(evals, "en") == ()


@pytest.mark.parametrize("line", ["{", "[]", '{"id": "a"}'])
def test_a_line_that_is_no_pair_is_named(evals: Path, capsys: pytest.CaptureFixture[str], line: str) -> None:
    (evals / "approved" / "ko.jsonl").write_text(json.dumps(SAME) + "\n" + line, encoding="utf-8")
    with pytest.raises(SystemExit, match="1"):
        main(["eval", "approved"])
    assert "line 2" in capsys.readouterr().err


def test_the_set_of_the_project_can_be_read() -> None:
    folder = Path(__file__).parent.parent / "evals"
    for language in ("ko", "en"):
        pairs = read_pairs(folder, "ko" if language == "ko" else "en")
        assert sum(not pair.same for pair in pairs) >= 200
        assert len({pair.id for pair in pairs}) == len(pairs)
        splits: dict[str, set[str]] = {}
        for pair in pairs:
            splits.setdefault(pair.approved, set()).add(pair.split)
        assert all(len(found) == 1 for found in splits.values())
