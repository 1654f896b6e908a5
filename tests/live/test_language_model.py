"""Asks the language model that the environment names; docs/language-models.md tells how."""

from __future__ import annotations

from pathlib import Path

import pytest

from civicbot.answering.model.opening import open_model
from civicbot.model import AnswerStatus, Question
from civicbot.settings import load_settings
from civicbot.wiring import Service

SETTINGS = load_settings()


@pytest.mark.live
@pytest.mark.skipif(SETTINGS.llm is None, reason="CIVICBOT_LLM is not set")
@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?", "1조5000억"),
        ("What is the total cost of the AI Mobility National New Town?", "1.5trillion"),
    ],
)
def test_a_real_model_answers(question: str, value: str, real_data: Path, tmp_path: Path) -> None:
    model = open_model(SETTINGS.model_copy(update={"data": tmp_path}))
    assert model is not None
    assert model.ask().strip()
    model.close()
    service = Service(SETTINGS.model_copy(update={"data": real_data, "embedder_languages": "none"}), patient=True)
    service.open()
    answer = service.assistant.answer(Question(text=question))
    work = service.records.exchange(answer.id).work
    service.close()
    assert answer.status is AnswerStatus.ANSWERED
    assert value in answer.text.replace(" ", "")
    assert work is not None
    assert work.sentences, f"the model came to nothing: {work.outcome}"
