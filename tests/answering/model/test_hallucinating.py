"""With a model that hallucinates no more answers are wrong than without any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from tests.answering.model.asking import Asking
from tests.answering.model.hallucinating import hallucinate
from tests.services.chat_server import ChatServer

from civicbot.evaluation.answerers import LocalAnswerer
from civicbot.evaluation.questions import read_set
from civicbot.evaluation.running import run
from civicbot.judging import Verdict
from civicbot.settings import REPOSITORY
from civicbot.wiring import Service

EVERY = 12
"""Of the dev questions each twelfth one is asked; `civicbot eval` with CIVICBOT_LLM set asks all of them."""


@pytest.mark.slow
def test_no_more_is_wrong(server: ChatServer, service: Service, written: Callable[..., Asking]) -> None:
    server.script = hallucinate
    asking = written(llm_tokens_per_day=100_000_000)
    items = [item for item in read_set(REPOSITORY / "evals", "gwangju") if item.split == "dev"][::EVERY]
    today = service.settings.current_date()
    verdicts = {
        name: {each.item.id: each.verdict for each in run(items, LocalAnswerer(assistant, service.index, today))}
        for name, assistant in (("extractive", service.assistant), ("written", asking.assistant))
    }
    counts = {name: Counter(found.values()) for name, found in verdicts.items()}
    assert asking.seen.passed > 0 < asking.seen.dropped
    assert counts["written"][Verdict.WRONG] <= counts["extractive"][Verdict.WRONG], counts
    worse = {
        key
        for key, verdict in verdicts["written"].items()
        if verdict is Verdict.WRONG and verdicts["extractive"][key] is not Verdict.WRONG
    }
    assert not worse
