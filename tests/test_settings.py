from datetime import date
from pathlib import Path

import pytest
from pydantic import ValidationError

from civicbot.errors import SettingsError
from civicbot.settings import REPOSITORY, Settings, load_settings


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CIVICBOT_{name.upper()}", raising=False)


def test_the_defaults_need_nothing() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.embedder) == ("127.0.0.1", 8000, "bundled")
    assert settings.corpus == REPOSITORY / "corpus"
    assert (settings.corpus / "README.md").exists()
    assert settings.contact is None
    assert settings.answers_per_minute == 30
    assert settings.dense_languages == {"en"}
    assert all(field.description for field in Settings.model_fields.values())


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {
        "PORT": "9000",
        "DATA": str(tmp_path),
        "EMBEDDER_LANGUAGES": "ko,en",
        "RATE_LIMIT": "off",
        "TODAY": "2026-11-22",
        "CONTACT": "062-120",
        "ASKED_AS": "false",
        "LOG_LEVEL": "debug",
    }.items():
        monkeypatch.setenv(f"CIVICBOT_{name}", value)
    settings = load_settings()
    assert (settings.port, settings.data, settings.contact) == (9000, tmp_path, "062-120")
    assert settings.dense_languages == {"ko", "en"}
    assert settings.answers_per_minute is None
    assert settings.current_date() == date(2026, 11, 22)
    assert (settings.asked_as, settings.log_level_number) == (False, 10)


def test_overrides_win(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_PORT", "9000")
    assert load_settings(port=9001).port == 9001


@pytest.mark.parametrize("blank", ["", "  "])
def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("CIVICBOT_CONTACT", blank)
    monkeypatch.setenv("CIVICBOT_TODAY", blank)
    settings = load_settings()
    assert (settings.contact, settings.today) == (None, None)
    assert abs(settings.current_date() - date.today()).days <= 1


def test_no_language_may_be_dense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_EMBEDDER_LANGUAGES", "none")
    assert load_settings().dense_languages == frozenset()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "abc"),
        ("RATE_LIMIT", "0"),
        ("RATE_LIMIT", "-1"),
        ("RATE_LIMIT", "many"),
        ("EMBEDDER", ""),
        ("EMBEDDER_LANGUAGES", "fr"),
        ("EMBEDDER_LANGUAGES", "ko,"),
        ("EMBEDDER_LANGUAGES", "none,ko"),
        ("TODAY", "yesterday"),
        ("TODAY", "2026-02-30"),
        ("LOG_LEVEL", "loud"),
        ("ASKED_AS", "perhaps"),
    ],
)
def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"CIVICBOT_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert caught.value.message.startswith(f"CIVICBOT_{name} cannot be {value!r}: ")
    assert "README" in caught.value.hint


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"LLM": "gpt-x"}, "CIVICBOT_LLM"),
        ({"LLM": "openai:name"}, "CIVICBOT_LLM_API_KEY"),
        ({"LLM_BASE_URL": "http://127.0.0.1:11434/v1"}, "needs CIVICBOT_LLM"),
        ({"LLM_API_KEY": "sk-5ecret"}, "needs CIVICBOT_LLM"),
        ({"LLM": "openai:name", "LLM_BASE_URL": "127.0.0.1:11434"}, "CIVICBOT_LLM_BASE_URL"),
        ({"LLM": "openai:name", "LLM_BASE_URL": "http://key@host/v1"}, "CIVICBOT_LLM_BASE_URL"),
        ({"LLM": "openai:name", "LLM_API_KEY": "sk-5ecret", "LLM_TOTAL_SECONDS": "5"}, "CIVICBOT_LLM_TOTAL_SECONDS"),
        ({"LLM": "openai:name", "LLM_API_KEY": "sk-5ecret", "LLM_CONCURRENCY": "0"}, "CIVICBOT_LLM_CONCURRENCY"),
    ],
)
def test_a_language_model_is_set_wholly_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"CIVICBOT_{name}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert said in str(error.value)
    assert "5ecret" not in str(error.value)


def test_a_language_model_and_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_LLM", "openai:name")
    monkeypatch.setenv("CIVICBOT_LLM_API_KEY", "sk-5ecret")
    settings = load_settings()
    assert settings.llm == "openai:name"
    assert "5ecret" not in repr(settings)
    monkeypatch.setenv("CIVICBOT_LLM", " ")
    monkeypatch.setenv("CIVICBOT_LLM_API_KEY", "")
    assert load_settings().llm is None
