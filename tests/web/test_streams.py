from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.web.conftest import Running, check_error

from civicbot.model import Answer
from civicbot.web.streams import wants_stream

EVENTS = {"Accept": "text/event-stream"}


def parse(lines: Iterator[str]) -> Iterator[tuple[str, Any]]:
    """Reads server-sent events as a browser does."""
    name = "message"
    data: list[str] = []
    for line in lines:
        if not line:
            if data:
                yield name, json.loads("\n".join(data))
            name, data = "message", []
        elif line.startswith("event:"):
            name = line[6:].strip()
        elif line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))


def stream(site: Running, question: str, **more: object) -> list[tuple[str, Any]]:
    body = {"question": question, **more}
    with site.client.stream("POST", "/api/v1/answers", json=body, headers=EVENTS) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        return list(parse(response.iter_lines()))


def test_events_tell_stages_then_sentences_then_the_answer(site: Running) -> None:
    events = stream(site, "AI 모빌리티 국가시범도시 총사업비가 얼마야?")
    assert [name for name, _ in events] == ["status"] * 2 + ["sentence"] * 3 + ["answer"]
    assert [data for name, data in events if name == "status"] == [{"stage": "intake"}, {"stage": "retrieve"}]
    answer = Answer.model_validate(events[-1][1], strict=False)
    sentences = [data for name, data in events if name == "sentence"]
    assert [(one["text"], tuple(one["citations"])) for one in sentences] == [
        (one.text, one.citations) for one in answer.sentences
    ]
    assert [new for one in sentences for new in one["new_citations"]] == events[-1][1]["citations"]


def test_events_come_as_they_happen(site: Running) -> None:
    site.service.assistant.pause.clear()
    try:
        body = {"question": "How much?"}
        with site.client.stream("POST", "/api/v1/answers", json=body, headers=EVENTS) as response:
            events = parse(response.iter_lines())
            assert next(events)[0] == "status"
            assert next(events) == ("status", {"stage": "retrieve"})
            site.service.assistant.pause.set()
            assert [name for name, _ in events][-1] == "answer"
    finally:
        site.service.assistant.pause.set()


def test_an_error_in_the_middle_is_an_error_event(site: Running) -> None:
    name, data = stream(site, "boom goes the total cost")[-1]
    assert name == "error"
    assert data["error"]["code"] == "internal"
    assert "secret" not in str(data)


def test_what_cannot_be_asked_has_its_status(site: Running) -> None:
    def post(body: dict[str, str]) -> httpx.Response:
        return site.client.post("/api/v1/answers", json=body, headers=EVENTS)

    check_error(post({"question": "How much?", "conversation_id": "nobody"}), 404)
    check_error(post({"question": "\u200b"}), 422)
    check_error(post({"question": ""}), 422)


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("application/json", False),
        ("text/event-stream", True),
        ("Text/Event-Stream; charset=utf-8", True),
        ("application/json, text/event-stream", True),
        ("application/json, text/event-stream;q=0.5", False),
        ("text/event-stream;q=0", False),
        ("text/event-stream;q=high", False),
        ("text/html, text/event-stream;q=0.2, */*;q=0.1", True),
    ],
)
def test_events_are_sent_to_who_wants_them(accept: str | None, wanted: bool) -> None:
    assert wants_stream(accept) is wanted
