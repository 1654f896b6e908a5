"""What operators can watch at /metrics, in Prometheus' text format; docs/operations.md says what each one means."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from civicbot.health import Check
from civicbot.model import Answer, Language

MEDIA_TYPE = CONTENT_TYPE_LATEST
PARTS = ("embedder", "records", "index", "llm")
"""The checks that are told as ``civicbot_degraded``: without these parts answers still come, but worse or unkept."""

_SECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_MODEL_SECONDS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0)
_NOT_READY = frozenset({"failed", "waiting"})


class Metrics:
    """The counters of one app, in a registry of its own so that apps do not share them; thread-safe."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        self._answers = Counter(
            "civicbot_answers", "Answers given", ("status", "language", "channel"), registry=registry
        )
        self._site_answers = Counter(
            "civicbot_site_answers", "Answers given on registered sites", ("site", "status"), registry=registry
        )
        self._seconds = _histogram("civicbot_answer_seconds", "Seconds from question to answer", registry)
        self._stages = _histogram("civicbot_stage_seconds", "Seconds of a pipeline stage", registry, "stage")
        self._rejected = Counter("civicbot_rejected", "Requests refused", ("reason",), registry=registry)
        self._errors = Counter("civicbot_errors", "Questions that ended in an error", ("code",), registry=registry)
        self._feedback = Counter("civicbot_feedback", "Feedback given on answers", ("helpful",), registry=registry)
        self._tickets = Counter("civicbot_tickets", "Questions left for staff", ("language",), registry=registry)
        self._tools = Counter(
            "civicbot_tool_calls", "Calls of the tools for other programs", ("tool", "result"), registry=registry
        )
        self._queue = Gauge("civicbot_records_queue", "Exchanges waiting to be written", registry=registry)
        self._outages = Counter(
            "civicbot_records_failures", "Times that the records could not be read or written", registry=registry
        )
        self._model = Counter(
            "civicbot_model", "Questions taken to the language model", ("purpose", "outcome"), registry=registry
        )
        self._model_seconds = Histogram(
            "civicbot_model_seconds",
            "Seconds that a question was with the language model",
            ("purpose",),
            buckets=_MODEL_SECONDS,
            registry=registry,
        )
        self._model_tokens = Counter(
            "civicbot_model_tokens", "Tokens of the language model", ("direction",), registry=registry
        )
        self._model_sentences = Counter(
            "civicbot_model_sentences", "Sentences of the language model", ("result",), registry=registry
        )
        self._rate_storage = Counter(
            "civicbot_rate_storage_failures", "Times that the shared count of questions was lost", registry=registry
        )
        self._ready = Gauge("civicbot_ready", "1 when /readyz says ready", registry=registry)
        self._degraded = Gauge(
            "civicbot_degraded", "1 when the service goes without this part", ("part",), registry=registry
        )
        self._index = Gauge(
            "civicbot_index_info", "The index generation of the newest answer", ("index", "app"), registry=registry
        )
        self._index_age = Gauge(
            "civicbot_index_age_seconds", "Seconds since the live index generation was made", registry=registry
        )

    def answered(self, answer: Answer, seconds: float, channel: str, site: str | None = None) -> None:
        """Counts an answer.

        Args:
            answer: what was given.
            seconds: how long it took.
            channel: through which it was asked, e.g. ``api``, ``page``, ``widget``.
            site: the registered site that it was asked on; never a name that somebody made up.
        """
        self._answers.labels(answer.status.value, answer.language, channel).inc()
        if site is not None:
            self._site_answers.labels(site, answer.status.value).inc()
        self._seconds.observe(seconds)
        self._index.clear()
        self._index.labels(answer.versions.index, answer.versions.app).set(1)

    def stage(self, name: str, seconds: float) -> None:
        """Notes how long a stage of the pipeline took."""
        self._stages.labels(name).observe(seconds)

    def rejected(self, reason: str) -> None:
        """Counts a refused request: ``rate``, ``site`` (its visitors), ``origin``, ``host``, ``size``, ``ticket``."""
        self._rejected.labels(reason).inc()

    def failed(self, code: str) -> None:
        """Counts a question that ended in the error ``code``; ``internal`` for one that nobody foresaw."""
        self._errors.labels(code).inc()

    def feedback(self, helpful: bool) -> None:
        """Counts feedback on an answer."""
        self._feedback.labels("true" if helpful else "false").inc()

    def ticket_opened(self, language: Language) -> None:
        """Counts a question left for staff."""
        self._tickets.labels(language).inc()

    def tool_called(self, tool: str, result: str) -> None:
        """Counts a call of a tool: ``ok``, or the code of the error that the caller was told."""
        self._tools.labels(tool, result).inc()

    def records_queue(self, waiting: int) -> None:
        """Notes how many exchanges wait to be written."""
        self._queue.set(waiting)

    def records_failed(self) -> None:
        """Counts a time that the records could not be read or written."""
        self._outages.inc()

    def model_asked(self, purpose: str, outcome: str, seconds: float) -> None:
        """Counts a question that was taken to the language model: ``written``, ``cached``, … or why it failed."""
        self._model.labels(purpose, outcome).inc()
        self._model_seconds.labels(purpose).observe(seconds)

    def model_tokens(self, sent: int, received: int) -> None:
        """Counts tokens of the language model."""
        self._model_tokens.labels("sent").inc(sent)
        self._model_tokens.labels("received").inc(received)

    def model_sentences(self, passed: int, dropped: int) -> None:
        """Counts sentences of the language model that their evidence supports, and those that were dropped."""
        self._model_sentences.labels("passed").inc(passed)
        self._model_sentences.labels("dropped").inc(dropped)

    def rate_storage_failed(self) -> None:
        """Counts a time that Redis was lost, where questions are counted."""
        self._rate_storage.inc()

    def text(self, checks: Iterable[Check], index_created: datetime | None) -> bytes:
        """All metrics as text.

        Args:
            checks: what ``/readyz`` says.
            index_created: when the live index generation was made, aware; None while nothing is open.
        """
        states = {check.name: check.state for check in checks}
        self._ready.set(int(not _NOT_READY & set(states.values())))
        for part in PARTS:
            self._degraded.labels(part).set(int(states.get(part, "ok") != "ok"))
        # No age is no number: comparisons with it, as in alarms, are false.
        age = math.nan if index_created is None else (datetime.now(UTC) - index_created).total_seconds()
        self._index_age.set(age)
        return generate_latest(self.registry)


def _histogram(name: str, text: str, registry: CollectorRegistry, *labels: str) -> Histogram:
    return Histogram(name, text, labels, buckets=_SECONDS, registry=registry)
