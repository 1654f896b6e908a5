"""Answers as a stream of server-sent events."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from pydantic import BaseModel
from starlette.responses import Response, StreamingResponse

from civicbot.answering.events import Event, SentenceReady, StageStarted
from civicbot.errors import CivicbotError
from civicbot.web.errors import error_body, unexpected
from civicbot.web.schemas import SentenceEvent, StatusEvent

MEDIA_TYPE = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


def wants_stream(accept: str | None) -> bool:
    """Whether an ``Accept`` header asks for events; JSON wins unless events are named with at least its weight."""
    weights = {"application/json": 0.0, MEDIA_TYPE: 0.0}
    for item in (accept or "").lower().split(","):
        media, *parameters = (part.strip() for part in item.split(";"))
        if media in weights:
            weights[media] = _quality(parameters)
    return weights[MEDIA_TYPE] > 0 and weights[MEDIA_TYPE] >= weights["application/json"]


def _quality(parameters: list[str]) -> float:
    value = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return float(value)
    except ValueError:
        return 0.0


def event_response(events: Iterator[Event]) -> Response:
    """Streams an answer.

    The first event is waited for, so that a question that cannot be asked is answered by its HTTP status.

    Raises:
        CivicbotError: before the first event.
    """
    first = next(events)
    return StreamingResponse(_lines(chain([first], events)), media_type=MEDIA_TYPE, headers=_HEADERS)


def _lines(events: Iterator[Event]) -> Iterator[str]:
    try:
        for event in events:
            yield _line(event)
    except CivicbotError as error:
        yield _event("error", error_body(error))
    except Exception as error:  # noqa: BLE001 - the response has begun: the outermost boundary is here
        yield _event("error", unexpected(error, "stream"))


def _line(event: Event) -> str:
    if isinstance(event, StageStarted):
        return _event("status", StatusEvent(stage=event.stage))
    if isinstance(event, SentenceReady):
        return _event("sentence", SentenceEvent.of(event.sentence, event.new_citations))
    return _event("answer", event)


def _event(name: str, data: BaseModel) -> str:
    return f"event: {name}\ndata: {data.model_dump_json()}\n\n"
