"""What is noted of a question while it is answered, for whoever traces it."""

from __future__ import annotations

import time

from civicbot.model import Answer
from civicbot.tracing import Run, StageTime


class Watching:
    """What is noted of a question while it is answered."""

    def __init__(self, channel: str) -> None:
        self.stages: list[StageTime] = []
        self.answer: Answer | None = None
        self.error: str | None = None
        self._channel = channel
        self._started, self._clock = time.time_ns(), time.perf_counter_ns()

    def run(self) -> Run:
        """The question as it is told to a trace."""
        answer = self.answer
        return Run(
            started=self._started,
            ended=self._started + time.perf_counter_ns() - self._clock,
            stages=tuple(self.stages),
            channel=self._channel,
            answer=answer.id if answer else None,
            status=answer.status.value if answer else None,
            language=answer.language if answer else None,
            error=self.error,
        )
