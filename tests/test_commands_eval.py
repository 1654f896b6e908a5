from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.evaluation.samples import SMALL, write_set
from tests.web.conftest import served
from typer.testing import CliRunner, Result

from civicbot.cli import application, main
from civicbot.settings import Settings
from civicbot.wiring import Service

Run = Callable[..., Result]


@pytest.fixture
def evals(tmp_path: Path, real_data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write_set(tmp_path / "evals")
    monkeypatch.setenv("CIVICBOT_EVALS", str(folder))
    monkeypatch.setenv("CIVICBOT_DATA", str(real_data))
    monkeypatch.setenv("CIVICBOT_EMBEDDER_LANGUAGES", "none")
    monkeypatch.delenv("CIVICBOT_TODAY", raising=False)
    return folder


@pytest.fixture
def run(evals: Path) -> Run:
    del evals
    return lambda *arguments: CliRunner().invoke(application, ["eval", "--set", "small", *arguments])


@pytest.fixture
def address(real_data: Path) -> Iterator[str]:
    settings = Settings(data=real_data, embedder_languages="none", rate_limit="off")
    service = Service(settings, patient=True)
    service.open()
    with served(service) as port:
        yield f"http://127.0.0.1:{port}"


def reports(evals: Path) -> list[Path]:
    return sorted((evals / "reports").iterdir())


def rows(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]


def test_both_runs_are_reported(run: Run, evals: Path) -> None:
    result = run("--fail-under", "1", "--wrong-over", "0")
    assert result.exit_code == 0, result.output
    assert "all" in result.stdout
    (folder,) = reports(evals)
    assert [row["run"] for row in rows(folder)] == ["wordings on"] * len(SMALL) + ["wordings off"] * len(SMALL)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert config["settings"]["today"] == "2026-11-22"
    assert config["splits"] == ["dev", "test"]


def test_a_gate_says_what_failed(run: Run, evals: Path) -> None:
    lines = [*SMALL[:1], SMALL[1] | {"must_include": [["7경"]]}, SMALL[2] | {"must_not_include": ["1.5 trillion"]}]
    write_set(evals, lines)
    result = run("--without-wordings", "--fail-under", "0.34", "--wrong-over", "0.3")
    assert result.exit_code == 1
    assert "Right (wordings off): 33.3 % (1 of 3; 6.1–79.2), less than 34 %." in result.stdout
    assert "Wrong (wordings off): 33.3 % (1 of 3; 6.1–79.2), more than 30 %." in result.stdout
    assert run("--without-wordings", "--fail-under", "0.33", "--wrong-over", "0.34").exit_code == 0
    assert [path.name.count("small") for path in reports(evals)] == [1, 1]


def test_showing_keeps_the_test_split_unread(run: Run, tmp_path: Path) -> None:
    write_set(tmp_path / "evals", [row | {"must_include": [["7경"]]} for row in SMALL if row["answerable"]])
    result = run("--without-wordings", "--show", "incomplete", "--output", str(tmp_path / "elsewhere"))
    assert "k2 [answered] AI 모빌리티 국가시범도시 총사업비\n" in result.stdout
    assert "k4" not in result.stdout
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1
    refused = run("--without-wordings", "--show", "refused", "--split", "test")
    assert "k3" not in refused.stdout


def test_with_records_as_a_server_keeps_them(run: Run, evals: Path, real_data: Path) -> None:
    assert run("--without-wordings", "--records").exit_code == 0
    (folder,) = reports(evals)
    assert json.loads((folder / "config.json").read_text(encoding="utf-8"))["records"] == "database"
    notices = [notice["kind"] for row in rows(folder) for notice in row["answer"]["notices"]]  # type: ignore[index]
    assert "not_recorded" not in notices
    assert not (real_data / "records.sqlite3").exists()


def test_a_part_of_a_set(run: Run, evals: Path) -> None:
    assert run("--without-wordings", "--split", "test", "--limit", "1").exit_code == 0
    assert [row["id"] for row in rows(reports(evals)[0])] == ["k3"]


def test_a_running_server_is_asked(run: Run, evals: Path, address: str) -> None:
    result = run("--url", address.replace("://", "://name:word@"), "--fail-under", "1")
    assert result.exit_code == 0, result.output
    (folder,) = reports(evals)
    assert [(row["run"], row["understood"]) for row in rows(folder)] == [("server", None)] * len(SMALL)
    config = (folder / "config.json").read_text(encoding="utf-8")
    assert json.loads(config)["server"] == address
    assert "word@" not in config


def test_what_cannot_be_asked(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--url", "http://127.0.0.1:9", "--without-wordings").exit_code == 2
    assert run("--url", "http://127.0.0.1:9", "--records").exit_code == 2
    for arguments, message in (
        (["--set", "small", "--url", "http://127.0.0.1:9"], "The server at http://127.0.0.1:9 cannot be asked"),
        (["--set", "small", "--url", "city.example"], "cannot be asked"),
        (["--set", "small", "--url", "http://city:door"], "'http://city:door' is no address"),
        (["--set", "large"], "Sets there: small"),
    ):
        with pytest.raises(SystemExit) as left:
            main(["eval", *arguments])
        assert left.value.code == 1
        assert message in " ".join(capsys.readouterr().err.split())
