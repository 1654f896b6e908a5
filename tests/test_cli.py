from __future__ import annotations

import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.library.corpora import CORPUS, write_corpus
from typer.testing import CliRunner, Result

from civicbot import __version__
from civicbot.cli import application, main
from civicbot.model import Answer

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, real_data: Path) -> Run:
    monkeypatch.setenv("CIVICBOT_DATA", str(real_data))
    monkeypatch.setenv("CIVICBOT_EMBEDDER_LANGUAGES", "none")
    monkeypatch.setenv("CIVICBOT_TODAY", "2026-11-22")

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(application, list(arguments))

    return invoke


def test_version(run: Run) -> None:
    result = run("--version")
    assert (result.exit_code, result.stdout.strip()) == (0, f"civicbot {__version__}")


@pytest.mark.parametrize(
    ("question", "status", "value"),
    [
        ("광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?", "answered", "1조5000억"),
        ("How much does the 2026 budget set aside for the AI City pilot?", "answered", "4billionwon"),
        ("AI 모빌리티 신도시 아파트 분양가는?", "no_evidence", ""),
    ],
)
def test_ask_as_json(run: Run, question: str, status: str, value: str) -> None:
    result = run("ask", question, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    Answer.model_validate(answer)
    assert answer["status"] == status
    assert value in answer["text"].replace(" ", "").replace(",", "")
    assert bool(answer["citations"]) is (status == "answered" or bool(answer["sentences"]))


def test_ask_for_people(run: Run) -> None:
    result = run("ask", "AX 실증밸리 총사업비는?")
    assert result.exit_code == 0
    assert "6000억 원" in result.stdout
    assert "[1]" in result.stdout
    assert "http" in result.stdout


def test_ask_in_a_language(run: Run) -> None:
    assert json.loads(run("ask", "AI 시티", "--language", "en", "--json").stdout)["language"] == "en"
    assert run("ask", "AI 시티", "--language", "fr").exit_code == 2


def test_an_impossible_question_says_what_to_do(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    del run
    with pytest.raises(SystemExit) as exit_:
        main(["ask", "   "])
    assert exit_.value.code == 1
    assert "1 to 1,000 characters" in capsys.readouterr().err


def test_without_an_index_it_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path))
    with pytest.raises(SystemExit) as exit_:
        main(["ask", "AI 시티가 뭐야?"])
    assert exit_.value.code == 1
    assert "civicbot ingest" in capsys.readouterr().err


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("CIVICBOT_PORT", "99999")
    with pytest.raises(SystemExit):
        main(["doctor"])
    assert "CIVICBOT_PORT" in capsys.readouterr().err


def test_corpus_stats_and_check(run: Run, tmp_path: Path) -> None:
    stats = run("corpus", "stats")
    assert stats.exit_code == 0
    assert "194" in stats.stdout
    folder = write_corpus(tmp_path / "corpus", CORPUS)
    checked = run("corpus", "check", str(folder))
    assert checked.exit_code == 1
    assert "problems" in checked.stdout


@pytest.mark.slow
def test_ingest_ask_and_doctor_with_the_bundled_model(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("CIVICBOT_CORPUS", str(write_corpus(tmp_path / "corpus", CORPUS)))
    first = CliRunner().invoke(application, ["ingest"])
    assert first.exit_code == 0, first.output
    assert "is live" in first.stdout
    again = CliRunner().invoke(application, ["ingest"])
    assert "Nothing changed" in again.stdout

    (tmp_path / "corpus" / "ko" / "sources" / "broken.md").write_text("---\nid: [\n---\n문장.\n", encoding="utf-8")
    broken = CliRunner().invoke(application, ["ingest"])
    assert broken.exit_code == 1
    assert "ko/sources/broken.md:" in broken.stdout

    answer = CliRunner().invoke(
        application, ["ask", "How much does the budget bill set aside for the AI City?", "--json"]
    )
    assert "4 billion won" in json.loads(answer.stdout)["text"]

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("CIVICBOT_PORT", str(taken.getsockname()[1]))
        checked = CliRunner().invoke(application, ["doctor"])
    assert checked.exit_code == 0, checked.output
    for name in ("python", "packages", "model", "index", "port", "contact"):
        assert name in checked.stdout
    assert "CIVICBOT_CONTACT" in checked.stdout
    assert "cannot be used" in checked.stdout
    capsys.readouterr()
