import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from civicbot.cli import application, main

Run = Callable[..., Result]
CORPUS = '{"id": "bus", "text": "Bus 28 stops at the market."}\n{"id": "pool", "text": "The pool is closed."}\n'
QUERIES = '{"id": "1", "question": "Is the pool closed?", "relevant": ["pool"]}\n'
PARAGRAPHS = (
    '{"title": "Pool", "context": "The pool is closed on Mondays.", '
    '"questions": [{"id": "1", "question": "On which day is the pool closed?", "answers": ["Mondays"]}]}\n'
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CIVICBOT_EMBEDDER_LANGUAGES", "none")
    for name, text in (("corpus", CORPUS), ("queries", QUERIES), ("paragraphs", PARAGRAPHS)):
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def invoke(command: str, *arguments: str) -> Result:
        files = [str(folder / each) if each.endswith(".jsonl") else each for each in arguments]
        return CliRunner().invoke(application, ["bench", command, *files])

    return invoke


@pytest.mark.parametrize(
    "files", [("--corpus", "corpus.jsonl", "--queries", "queries.jsonl"), ("--paragraphs", "paragraphs.jsonl")]
)
def test_retrieval(run: Run, files: tuple[str, ...]) -> None:
    result = run("retrieval", *files, "--json", "--limit", "5")
    assert result.exit_code == 0, result.output
    scores = json.loads(result.stdout)
    assert scores["hit@1"] == scores["hit@5"] == scores["hit@10"] == scores["recall@10"] == scores["ndcg@10"] == 1
    assert scores["queries"] == 1
    assert scores["ms_per_query"] > 0
    shown = run("retrieval", *files).stdout
    assert "hit@1" in shown
    assert "1 questions" in shown


def test_reading(run: Run) -> None:
    result = run("reading", "--paragraphs", "paragraphs.jsonl", "--json", "--limit", "5")
    assert result.exit_code == 0, result.output
    scores = json.loads(result.stdout)
    assert scores["best_sentence"] == scores["two_sentences"] == scores["questions"] == 1
    assert scores["characters"] == len("The pool is closed on Mondays.")
    shown = run("reading", "--paragraphs", "paragraphs.jsonl").stdout
    assert "best_sentence" in shown
    assert "1 questions, 1 paragraphs" in " ".join(shown.split())


@pytest.mark.parametrize(
    "files",
    [
        (),
        ("--corpus", "corpus.jsonl"),
        ("--corpus", "corpus.jsonl", "--paragraphs", "paragraphs.jsonl"),
    ],
)
def test_retrieval_needs_one_set(run: Run, files: tuple[str, ...]) -> None:
    result = run("retrieval", *files)
    assert result.exit_code == 2
    assert "--paragraphs alone" in result.output


def test_a_bad_file_is_told_without_a_traceback(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["bench", "retrieval", "--paragraphs", str(folder / "none.jsonl")])
    assert caught.value.code == 1
    assert "cannot be read" in capsys.readouterr().err
