"""What an operator is told about a language model: at the start, by the doctor and by the running service."""

from __future__ import annotations

import logging

import pytest
from tests.answering.model.asking import COST, faithful
from tests.services.chat_server import KEY, ChatServer, Reply

from civicbot.answering.model.opening import open_model
from civicbot.errors import SettingsError
from civicbot.health import Check, doctor_checks
from civicbot.model import Question
from civicbot.settings import Settings
from civicbot.wiring import Service


@pytest.fixture(autouse=True)
def _others_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is set for other programs must not matter."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-somebody-elses")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/elsewhere")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-somebody-elses")
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "ls-somebody-elses")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9")


def settings(server: ChatServer, service: Service, **changes: object) -> Settings:
    update = {"llm": "openai:scripted-1", "llm_base_url": server.url, **changes}
    return Settings.model_validate(service.settings.model_dump() | update)


def test_none_is_set(service: Service) -> None:
    assert open_model(service.settings) is None
    versions = service.versions()
    assert versions is not None
    assert (versions.prompt, versions.model) == (None, None)


@pytest.mark.parametrize("llm", ["nobody:knows", "anthropic:claude", "ollama:qwen"])
def test_what_cannot_be_used_is_told_at_the_start(llm: str, service: Service, server: ChatServer) -> None:
    with pytest.raises(SettingsError) as error:
        Service(settings(server, service, llm=llm, llm_api_key="sk-5ecret"), patient=True)
    assert llm in str(error.value)
    assert "5ecret" not in str(error.value) + repr(error.value)


def test_without_a_key_nobodys_key_is_sent(server: ChatServer, service: Service) -> None:
    server.script = faithful
    open_ = Service(settings(server, service), patient=True)
    open_.open()
    answer = open_.assistant.answer(Question(text=COST))
    versions = open_.versions()
    open_.close()
    assert answer.versions.model == "scripted-1"
    assert versions == answer.versions
    headers = {name.lower(): value for name, value in server.asked[0].headers.items()}
    assert headers["authorization"] == "Bearer none"
    assert "somebody-elses" not in str(headers)


def test_the_running_service_tells_of_an_open_circuit(
    server: ChatServer, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    open_ = Service(settings(server, service, llm_api_key="sk-wrong-1"), patient=True)
    open_.open()
    with caplog.at_level(logging.DEBUG):
        before = found(open_.checks())
        open_.assistant.answer(Question(text=COST))
        after = found(open_.checks())
    open_.close()
    assert (before.state, after.state) == ("ok", "warning")
    assert "key" in after.message
    assert "sk-wrong" not in caplog.text + after.message


def found(checks: list[Check]) -> Check:
    (check,) = (check for check in checks if check.name == "llm")
    return check


@pytest.fixture
def doctored(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doctor without what takes long and is tested elsewhere."""
    ok = Check(name="other", state="ok", message="")
    for name in ("_model", "_index", "_records", "_port"):
        monkeypatch.setattr(f"civicbot.health.{name}", lambda _: ok)


@pytest.mark.usefixtures("doctored")
@pytest.mark.parametrize(
    ("reply", "key", "state", "said"),
    [
        (Reply(text="OK"), KEY, "ok", "answers"),
        (Reply(text="OK"), "sk-wrong-1", "warning", "CIVICBOT_LLM_API_KEY"),
        (Reply(status=404, message="no such model"), KEY, "warning", "CIVICBOT_LLM_BASE_URL"),
        (Reply(status=429), KEY, "warning", "limit"),
    ],
)
def test_the_doctor_asks_it(
    reply: Reply, key: str, state: str, said: str, server: ChatServer, service: Service
) -> None:
    server.script = lambda _: reply
    check = found(doctor_checks(settings(server, service, llm_api_key=key)))
    assert check.state == state
    assert said in check.message + check.hint
    assert "sk-" not in check.message + check.hint


@pytest.mark.usefixtures("doctored")
def test_the_doctor_tells_what_is_wrong_with_the_setting(server: ChatServer, service: Service) -> None:
    check = found(doctor_checks(settings(server, service, llm="nobody:knows")))
    assert check.state == "failed"
    assert "nobody:knows" in check.message
