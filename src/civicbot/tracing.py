"""How answers come about, as OpenTelemetry spans: times and outcomes, never a word of what was asked.

An answer is told as one plain :class:`Run` when it is over, since its stages may run in several threads: whoever
streams an answer takes each next step wherever it happens to be.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from civicbot import __version__

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

OFF = "off"
ANSWER_SPAN = "civicbot.answer"
STAGE_SPAN = "civicbot.stage."

_PATH = "/v1/traces"
_TIMEOUT = 3
"""Seconds for one delivery; a collector that is away must not hold up a shutdown."""


@dataclass(frozen=True)
class StageTime:
    """A stage that ran; times are nanoseconds since the epoch."""

    name: str
    started: int
    ended: int

    @property
    def seconds(self) -> float:
        """How long it took."""
        return (self.ended - self.started) / 1e9


@dataclass(frozen=True)
class Run:
    """How one question was answered; times are nanoseconds since the epoch.

    Attributes:
        stages: those that ran, in order; the last one is missing when it failed.
        channel: how the question came in.
        answer: the answer's id; None when there is none.
        status: how it ended; None when there is no answer.
        language: the answer's language; None when there is no answer.
        error: the code of the error that ended it, None without.
    """

    started: int
    ended: int
    stages: tuple[StageTime, ...]
    channel: str
    answer: str | None = None
    status: str | None = None
    language: str | None = None
    error: str | None = None


Trace = Callable[[Run], None]


class Tracer(Protocol):
    """Takes runs and carries them to where they are looked at."""

    def __call__(self, run: Run, /) -> None:
        """Takes a run; never blocks and never raises."""

    def close(self) -> None:
        """Sends what is waiting, for some seconds at most."""


class NoTracer:
    """Drops every run."""

    def __call__(self, run: Run, /) -> None:
        """Does nothing."""
        del run

    def close(self) -> None:
        """Does nothing."""


class OtlpTracer:
    """Sends every run as a span with its stages below it, in the background, by OTLP over HTTP.

    What OpenTelemetry reads from the environment (``OTEL_TRACES_SAMPLER``, ``OTEL_RESOURCE_ATTRIBUTES``, …) counts.

    Args:
        endpoint: address of a collector; ``/v1/traces`` is added to one without a path.
    """

    def __init__(self, endpoint: str) -> None:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        resource = Resource.create({"service.name": "civicbot", "service.version": __version__})
        self._provider: TracerProvider = TracerProvider(resource=resource, shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=_whole(endpoint), timeout=_TIMEOUT)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("civicbot", __version__)

    def __call__(self, run: Run, /) -> None:
        """Queues the spans of a run."""
        from opentelemetry.context import Context
        from opentelemetry.trace import StatusCode, set_span_in_context

        # An empty context: whatever span is current in this thread is none of ours.
        span = self._tracer.start_span(
            ANSWER_SPAN, context=Context(), start_time=run.started, attributes=_attributes(run)
        )
        if run.error is not None:
            span.set_status(StatusCode.ERROR)
        below = set_span_in_context(span, Context())
        for stage in run.stages:
            child = self._tracer.start_span(STAGE_SPAN + stage.name, context=below, start_time=stage.started)
            child.end(stage.ended)
        span.end(run.ended)

    def close(self) -> None:
        """Sends what is waiting and stops."""
        self._provider.shutdown()


def open_tracer(traces: str) -> Tracer:
    """The tracer for the setting ``CIVICBOT_TRACES``: ``off``, or a collector's address."""
    return NoTracer() if traces == OFF else OtlpTracer(traces)


def _whole(endpoint: str) -> str:
    return endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + _PATH


def _attributes(run: Run) -> dict[str, str]:
    told = {
        "civicbot.channel": run.channel,
        "civicbot.answer": run.answer,
        "civicbot.status": run.status,
        "civicbot.language": run.language,
        "civicbot.error": run.error,
    }
    return {name: value for name, value in told.items() if value is not None}
