"""What operators can watch at /metrics, in Prometheus' text format."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from civicbot.model import Answer

MEDIA_TYPE = CONTENT_TYPE_LATEST
_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """The counters of one app, in a registry of its own so that apps do not share them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._answers = Counter(
            "civicbot_answers", "Answers given", ("status", "language", "channel"), registry=self._registry
        )
        self._seconds = Histogram(
            "civicbot_answer_seconds", "Seconds from question to answer", buckets=_SECONDS, registry=self._registry
        )
        self._stages = Histogram(
            "civicbot_stage_seconds",
            "Seconds of a pipeline stage",
            ("stage",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._rejected = Counter("civicbot_rejected", "Requests refused", ("reason",), registry=self._registry)
        self._errors = Counter(
            "civicbot_errors", "Questions that ended in an error", ("code",), registry=self._registry
        )
        self._ready = Gauge("civicbot_ready", "1 when /readyz says ready", registry=self._registry)
        self._index = Gauge(
            "civicbot_index_info",
            "The index generation of the newest answer",
            ("index", "app"),
            registry=self._registry,
        )

    def answered(self, answer: Answer, seconds: float, channel: str) -> None:
        """Counts an answer that took ``seconds``, asked through ``channel`` (``api``, ``page``)."""
        self._answers.labels(answer.status.value, answer.language, channel).inc()
        self._seconds.observe(seconds)
        self._index.clear()
        self._index.labels(answer.versions.index, answer.versions.app).set(1)

    def stage(self, name: str, seconds: float) -> None:
        """Notes how long a stage of the pipeline took."""
        self._stages.labels(name).observe(seconds)

    def rejected(self, reason: str) -> None:
        """Counts a refused request: ``rate``, ``origin``, ``size``."""
        self._rejected.labels(reason).inc()

    def failed(self, code: str) -> None:
        """Counts a question that ended in the error ``code``."""
        self._errors.labels(code).inc()

    def text(self, *, ready: bool) -> bytes:
        """All metrics as text."""
        self._ready.set(1 if ready else 0)
        return generate_latest(self._registry)
