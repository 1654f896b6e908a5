"""Asking, seen from the web: every question is timed, counted and logged without its text."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager

from civicbot.answering.events import Event
from civicbot.errors import CivicbotError
from civicbot.model import Answer, Question
from civicbot.web.metrics import Metrics
from civicbot.web.ports import ServicePort

log = logging.getLogger(__name__)


class Desk:
    """Takes questions to the assistant.

    Args:
        service: the service behind the web.
        metrics: counts answers and errors.
    """

    def __init__(self, service: ServicePort, metrics: Metrics) -> None:
        self._service = service
        self._metrics = metrics

    def answer(self, question: Question) -> Answer:
        """Answers a question.

        Raises:
            CivicbotError: it cannot be answered; the text may be shown.
        """
        started = time.perf_counter()
        with self._counting():
            answer = self._service.assistant.answer(question)
        self._note(answer, time.perf_counter() - started, question)
        return answer

    def stream(self, question: Question) -> Iterator[Event]:
        """Answers a question step by step.

        Raises:
            CivicbotError: while it is iterated; it cannot be answered, the text may be shown.
        """
        started = time.perf_counter()
        with self._counting():
            for event in self._service.assistant.stream(question):
                if isinstance(event, Answer):
                    self._note(event, time.perf_counter() - started, question)
                yield event

    @contextmanager
    def _counting(self) -> Iterator[None]:
        """Counts what goes wrong inside, and lets it through."""
        try:
            yield
        except CivicbotError as error:
            self._metrics.failed(error.code)
            raise
        except Exception:
            self._metrics.failed("internal")
            raise

    def _note(self, answer: Answer, seconds: float, question: Question) -> None:
        self._metrics.answered(answer, seconds, question.channel, question.site)
        fields = {
            "answer": answer.id,
            "status": answer.status.value,
            "language": answer.language,
            "citations": len(answer.citations),
            "seconds": f"{seconds:.3f}",
            "channel": question.channel,
            "site": question.site or "-",
            "index": answer.versions.index,
        }
        log.info("answered", extra={"fields": fields})
