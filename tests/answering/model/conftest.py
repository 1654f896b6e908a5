"""A chat server and assistants that have their answers written by it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from tests.answering.model.asking import Asking, Seen
from tests.services.chat_server import KEY, ChatServer

from civicbot.answering.assistant import Assistant
from civicbot.answering.model.opening import LanguageModel
from civicbot.records.memory import MemoryRecords
from civicbot.settings import Settings
from civicbot.wiring import Service


@pytest.fixture
def server() -> Iterator[ChatServer]:
    server = ChatServer()
    yield server
    server.close()


@pytest.fixture
def written(server: ChatServer, service: Service, tmp_path: Path) -> Iterator[Callable[..., Asking]]:
    """Makes assistants whose language model is the scripted server; settings may be given by name."""
    models: list[LanguageModel] = []

    def make(**changes: object) -> Asking:
        settings = Settings.model_validate(
            {
                "data": tmp_path,
                "today": service.settings.today,
                "embedder_languages": "none",
                "llm": "openai:scripted-1",
                "llm_base_url": server.url,
                "llm_api_key": SecretStr(KEY),
                "llm_first_token_seconds": 5,
            }
            | changes
        )
        seen = Seen()
        model = LanguageModel(settings, seen)
        models.append(model)
        records = MemoryRecords()
        assistant = Assistant(settings, service.index, records, model=model)
        with service.index.reader() as generation:
            model.prepare(generation)
        return Asking(assistant, records, model, seen)

    yield make
    for model in models:
        model.close()
