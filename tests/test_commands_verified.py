"""`civicbot eval --set verified` and `civicbot verified export`, over the real library and records of their own."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.review.desks import KIM
from tests.web.conftest import served
from typer.testing import CliRunner, Result

from civicbot.cli import application, main
from civicbot.evaluation.questions import read_set
from civicbot.model import Question
from civicbot.records.opening import opened
from civicbot.review.access import Action
from civicbot.review.accounts import command_line
from civicbot.review.audit import AuditLog
from civicbot.review.nouns import Verdict
from civicbot.review.view_nouns import NewSwitch, SwitchScope
from civicbot.settings import Settings, load_settings
from civicbot.wiring import Service

RIGHT = "AX 실증밸리 총사업비는?"
WRONG = "What is the total project cost of the AI Mobility National New Town?"
UNKNOWN = "국가AI컴퓨팅센터는 어디에 들어서나요?"


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory, real_data: Path) -> Settings:
    """Records with three questions: answered rightly; to be refused; wrong, without a correction."""
    address = SecretStr(f"sqlite:///{tmp_path_factory.mktemp('judged')}/records.sqlite3")
    settings = Settings(data=real_data, database_url=address, embedder_languages="none", rate_limit="off")
    verdicts = {RIGHT: Verdict.CORRECT, WRONG: Verdict.SHOULD_HAVE_REFUSED, UNKNOWN: Verdict.WRONG}
    with serving(settings) as service:
        assert service.review is not None
        for question, verdict in verdicts.items():
            answer = service.assistant.answer(Question(text=question, channel="page"))
            service.review.queue.refresh(KIM)
            item = service.review.items.find(KIM, answer.id)
            assert item is not None
            service.review.verdicts.judge(KIM, item, verdict)
    return settings


@contextlib.contextmanager
def serving(settings: Settings) -> Iterator[Service]:
    service = Service(settings, patient=True, records="database")
    try:
        service.open()
        yield service
    finally:
        service.close()


@pytest.fixture
def evals(tmp_path: Path, judged: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of sets, in surroundings in which the command finds the records."""
    assert judged.database_url is not None
    folder = tmp_path / "evals"
    folder.mkdir()
    address = judged.database_url.get_secret_value()
    given = {"DATA": str(judged.data), "DATABASE_URL": address, "EVALS": str(folder), "EMBEDDER_LANGUAGES": "none"}
    for name, value in given.items():
        monkeypatch.setenv(f"CIVICBOT_{name}", value)
    yield folder
    shutil.rmtree(judged.data / "reports", ignore_errors=True)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, list(arguments))


@pytest.mark.usefixtures("evals")
def test_cases_are_asked_and_counted(real_data: Path) -> None:
    result = run("eval", "--set", "verified", "--fail-under", "0.5")
    assert result.exit_code == 0, result.output
    told = " ".join(result.stdout.split())
    assert "50.0 % (1 of 2; 9.5–90.5)" in told
    assert "Open cases, of which only the wrong answer is known: 1; 1 of them are answered so again." in told
    assert f"v2 wrong [answered]: {WRONG}" in result.stdout
    assert f"v3 wrong [answered] open: {UNKNOWN}" in result.stdout
    assert RIGHT not in result.stdout
    (folder,) = (real_data / "reports").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    kept = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    for question in (RIGHT, WRONG, UNKNOWN):
        assert question not in kept
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert (config["set"], config["questions"], config["open"]) == ("verified", 2, 1)
    rows = [json.loads(row) for row in (folder / "answers.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(row["id"], row["verdict"], row["run"]) for row in rows] == [
        ("v1", "correct", "wordings on"),
        ("v2", "wrong", "wordings on"),
    ]


@pytest.mark.usefixtures("evals")
def test_a_gate_and_a_folder_of_ones_own(tmp_path: Path) -> None:
    result = run("eval", "--set", "verified", "--fail-under", "0.6", "--output", str(tmp_path / "mine"))
    assert result.exit_code == 1
    assert "less than 60 %" in result.stdout
    assert "It holds residents' words" in result.stdout
    (folder,) = (tmp_path / "mine").iterdir()
    assert WRONG in (folder / "answers.jsonl").read_text(encoding="utf-8")


@pytest.mark.usefixtures("evals")
def test_a_server_is_asked_as_it_is_and_the_command_whatever_is_paused(judged: Settings) -> None:
    arguments = ("eval", "--set", "verified", "--limit", "1", "--fail-under", "1")
    with serving(judged) as service, served(service) as port:
        at_server = (*arguments, "--url", f"http://127.0.0.1:{port}")
        result = run(*at_server)
        assert result.exit_code == 0, result.output
        assert "Right: 100.0 % (1 of 1" in result.stdout
        assert service.review is not None
        new = NewSwitch(scope=SwitchScope.EVERYTHING, reason="점검", text_ko="점검 중입니다.", text_en="Under way.")
        switch = service.review.switches.set(command_line(), new)
        try:
            paused = run(*at_server)
            assert paused.exit_code == 1
            assert f"v1 missed [paused]: {RIGHT}" in paused.stdout
            here = run(*arguments)
            assert here.exit_code == 0, here.output
        finally:
            service.review.switches.lift(command_line(), switch.id, None)


@pytest.mark.usefixtures("evals")
def test_what_cannot_be_asked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", f"sqlite:///{tmp_path}/empty.sqlite3")
    assert run("eval", "--set", "verified", "--without-wordings").exit_code == 2
    assert run("eval", "--set", "verified", "--records").exit_code == 2
    with pytest.raises(SystemExit) as left:
        main(["eval", "--set", "verified"])
    assert left.value.code == 1
    assert "There are no records yet." in capsys.readouterr().err
    assert not (tmp_path / "empty.sqlite3").exists()
    with opened(load_settings()) as database:
        database.upgrade()
    with pytest.raises(SystemExit):
        main(["eval", "--set", "verified"])
    assert "No answer has been judged yet." in capsys.readouterr().err


def test_an_export_is_a_question_set(evals: Path, judged: Settings) -> None:
    result = run("verified", "export", str(evals / "staff.jsonl"))
    assert result.exit_code == 0, result.output
    assert (evals / "staff.jsonl").stat().st_mode & 0o077 == 0
    first, second = read_set(evals, "staff")
    assert (first.id, first.lang, first.question, first.answerable) == ("v1", "ko", RIGHT, True)
    assert first.must_include
    assert (second.answerable, second.type, second.must_include) == (False, "unanswerable", ())
    asked = run("eval", "--set", "staff", "--without-wordings", "--wrong-over", "0.5")
    assert asked.exit_code == 0, asked.output
    with opened(judged) as database:
        entry = AuditLog(database).entries(command_line())[0]
    assert (entry.action, entry.details) == (Action.EXPORT_VERIFIED, {"format": "civicbot", "cases": 2})


@pytest.mark.usefixtures("evals")
def test_an_export_for_ragas_has_its_fields(tmp_path: Path) -> None:
    assert run("verified", "export", "--format", "ragas", str(tmp_path / "ragas.jsonl")).exit_code == 0
    rows = [json.loads(row) for row in (tmp_path / "ragas.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [set(row) for row in rows] == [
        {"user_input", "response", "retrieved_contexts", "reference", "reference_contexts", "reference_context_ids"}
    ] * 2
    right, refused = rows
    assert right["user_input"] == RIGHT
    assert right["response"] == right["reference"]
    assert right["retrieved_contexts"]
    assert set(right["reference_contexts"]) <= set(right["retrieved_contexts"])
    assert refused["reference"] == "I could not find this in the public sources that this assistant holds."
    assert refused["reference_contexts"] == []
    assert "won" in refused["response"]


@pytest.mark.usefixtures("evals")
def test_a_file_is_never_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "there.jsonl").write_text("mine", encoding="utf-8")
    with pytest.raises(SystemExit):
        main(["verified", "export", str(tmp_path / "there.jsonl")])
    assert "is there already" in capsys.readouterr().err
    assert (tmp_path / "there.jsonl").read_text(encoding="utf-8") == "mine"
