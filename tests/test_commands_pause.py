"""Pausing from the command line, as an operator does it at night."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from civicbot.cli import application
from civicbot.errors import CivicbotError
from civicbot.model import AnswerStatus, Question
from civicbot.records.database import open_database
from civicbot.review.access import Action, Actor, Role
from civicbot.review.audit import AuditLog
from civicbot.settings import Settings
from civicbot.wiring import Service

ADMIN = Actor(name="kim", role=Role.ADMIN)


@pytest.fixture
def data(real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own, with the index of the real corpus."""
    (tmp_path / "index").symlink_to(real_data / "index")
    for name, value in (("DATA", str(tmp_path)), ("EMBEDDER_LANGUAGES", "none"), ("DATABASE_URL", "")):
        monkeypatch.setenv(f"CIVICBOT_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(application, list(arguments))


def told(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, CivicbotError), result.output
    return str(result.exception)


@pytest.mark.usefixtures("data")
def test_everything_is_paused_and_goes_on() -> None:
    assert "Nothing is paused" in told("switches")
    output = told("pause", "--reason", "점검", "--for", "2h", "--text-ko", "곧 돌아옵니다.")
    assert "Paused: everything until" in output
    assert "곧 돌아옵니다." in output
    assert "civicbot resume 1" in output
    assert "곧 돌아옵니다." in told("ask", "AX 실증밸리 총사업비는?")
    listed = told("switches")
    assert "점검" in listed
    assert "everything" in listed
    assert "Lifted: everything" in told("resume", "--reason", "끝남")
    assert "6000억" in told("ask", "AX 실증밸리 총사업비는?")
    assert "Nothing is paused" in told("resume")
    past = told("switches", "--past")
    assert "lifted" in past
    assert "끝남" in past


@pytest.mark.usefixtures("data")
def test_one_topic_by_its_name() -> None:
    assert "Paused: topic npu" in told("pause", "--reason", "정정", "--topic", "NPU센터", "--until", "2099-01-01 09:00")
    assert "2099-01-01 09:00 KST" in told("switches")
    assert "국가 NPU 컴퓨팅센터에 관한" in told("ask", "국가 NPU 컴퓨팅센터는 지금 어디까지 진행됐나요?")
    assert "6000억" in told("ask", "AX 실증밸리 총사업비는?")


@pytest.mark.usefixtures("data")
def test_of_several_the_ids_must_be_given() -> None:
    for language in ("ko", "en"):
        told("pause", "--reason", "왜", "--language", language)
    assert "2 switches are on" in refused("resume")
    assert "Still paused" in told("resume", "1")
    told("pause", "--reason", "왜")
    told("resume", "--all")
    assert "Nothing is paused" in told("switches")
    assert "No switch 1 pauses anything" in refused("resume", "1")


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--reason", " "), "reason is missing"),
        (("--reason", "왜", "--site", "demo"), "no site 'demo'"),
        (("--reason", "왜", "--topic", "달"), "no topic '달'"),
        (("--reason", "왜", "--language", "fr"), "no language 'fr'"),
        (("--reason", "왜", "--until", "2001-01-01 00:00"), "is over"),
    ],
)
def test_what_is_refused_pauses_nothing(arguments: tuple[str, ...], said: str) -> None:
    assert said in refused("pause", *arguments)
    assert "Nothing is paused" in told("switches")


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--reason", "왜", "--site", "a", "--topic", "b"),
        ("--reason", "왜", "--for", "soon"),
        ("--reason", "왜", "--until", "tomorrow"),
        ("--reason", "왜", "--until", "2099-01-01", "--for", "2h"),
    ],
)
def test_what_is_not_understood(arguments: tuple[str, ...]) -> None:
    assert run("pause", *arguments).exit_code == 2


def test_a_server_goes_by_it_and_the_log_tells_it(data: Path) -> None:
    settings = Settings(data=data, embedder_languages="none")
    service = Service(settings, patient=True, records="database")
    try:
        service.open()
        question = Question(text="AX 실증밸리 총사업비는?")
        assert service.assistant.answer(question).status is AnswerStatus.ANSWERED
        assert (service.paused("ko"), "switches" in {check.name for check in service.checks()}) == (None, False)
        assert service.views is not None
        told("pause", "--reason", "왜")
        time.sleep(1)
        assert service.assistant.answer(question).status is AnswerStatus.PAUSED
        assert service.paused("en") == "The assistant is paused at the moment. Please ask again a little later."
        assert "switches" in {check.name for check in service.checks()}
        service.views.switches.lift(ADMIN, 1)
        assert service.assistant.answer(question).status is AnswerStatus.ANSWERED
    finally:
        service.close()
    database = open_database(settings)
    entries = AuditLog(database).entries(ADMIN, action=Action.SWITCH)
    database.close()
    assert [entry.details["change"] for entry in entries] == ["lift", "set"]
    assert entries[1].actor.startswith("cli:")


def test_no_database_is_made_for_asking(data: Path) -> None:
    assert "6000억" in told("ask", "AX 실증밸리 총사업비는?")
    assert not list(data.glob("records*"))
