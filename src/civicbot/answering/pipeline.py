"""The stages in order, as a LangChain runnable that can also tell where it stands."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda

from civicbot.answering.context import Context
from civicbot.answering.events import StageStarted
from civicbot.tracing import StageTime


class Stage(Protocol):
    """A step of the pipeline: a pure function of the context, with a stable name."""

    @property
    def name(self) -> str:
        """The name told in events and timings."""

    def __call__(self, context: Context) -> Context:
        """Returns the context with what this stage found out."""


class AnswerPipeline(Runnable[Context, Context]):
    """Runs a context through the stages until one of them has made it final; the last stage always runs.

    Args:
        stages: in order; the last one verifies, whatever ended the question.
    """

    def __init__(self, stages: Sequence[Stage]) -> None:
        self._stages = [(stage.name, RunnableLambda(stage.__call__, name=stage.name)) for stage in stages]

    def steps(
        self, context: Context, config: RunnableConfig | None = None
    ) -> Iterator[StageStarted | StageTime | Context]:
        """Yields each stage's name as it starts, its times as it ends, and the finished context last."""
        last = len(self._stages) - 1
        for place, (name, stage) in enumerate(self._stages):
            if context.final and place < last:
                continue
            yield StageStarted(stage=name)
            # The length is measured on a clock that never jumps.
            started, clock = time.time_ns(), time.perf_counter_ns()
            context = stage.invoke(context, config)
            yield StageTime(name, started, started + time.perf_counter_ns() - clock)
        yield context

    def until(self, name: str, context: Context) -> Context:
        """Returns the context as the stage ``name`` leaves it, or as an earlier one that ended the question."""
        for stage_name, stage in self._stages:
            if not context.final:
                context = stage.invoke(context)
            if stage_name == name:
                break
        return context

    def invoke(self, input: Context, config: RunnableConfig | None = None, **kwargs: Any) -> Context:
        """Runs the stages and returns the finished context."""
        del kwargs
        result = input
        for step in self.steps(input, config):
            if isinstance(step, Context):
                result = step
        return result
