"""One call of the language model with all that guards it: circuit breaker, budgets, time limits."""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field

from civicbot.answering.model.breaker import Breaker
from civicbot.answering.model.budget import DayBudget
from civicbot.answering.model.client import ChatClient, Limits, Message, Usage, estimated_tokens
from civicbot.answering.model.failures import Failure, ModelFailedError
from civicbot.answering.model.watch import ModelWatch
from civicbot.settings import Settings


@dataclass
class Spent:
    """What one question has used with the model so far.

    Attributes:
        started: on :func:`time.monotonic`'s clock.
        finished: why the last call stopped, as the server puts it.
    """

    started: float = field(default_factory=time.monotonic)
    sent: int = 0
    received: int = 0
    finished: str = ""

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.started

    @property
    def tokens(self) -> int:
        """Sent and received."""
        return self.sent + self.received


class Caller:
    """Calls the model; thread-safe.

    Args:
        settings: limits and budgets.
        client: the model.
        breaker: of its server.
        budget: of the day.
        watch: told of the tokens.
    """

    def __init__(
        self, settings: Settings, client: ChatClient, breaker: Breaker, budget: DayBudget, watch: ModelWatch
    ) -> None:
        self._settings = settings
        self._client = client
        self._breaker = breaker
        self._budget = budget
        self._watch = watch

    def stream(
        self, messages: Sequence[Message], spent: Spent, tokens: int, seconds: float
    ) -> Generator[str, None, None]:
        """The text of an answer as it comes.

        Args:
            messages: the prompt.
            spent: what the question has used; this call is added to it.
            tokens: that may be received.
            seconds: after the question's start by which the call is over.

        Raises:
            ModelFailedError: while it is iterated.
        """
        reserved = sum(estimated_tokens(message.text) for message in messages) + tokens
        if spent.tokens + reserved > self._settings.llm_tokens_per_question:
            raise ModelFailedError(Failure.QUESTION_BUDGET)
        self._breaker.enter()
        usage, begun = Usage(), False
        if not self._budget.take(reserved):
            self._breaker.left()
            raise ModelFailedError(Failure.DAY_BUDGET)
        limits = Limits(self._settings.llm_first_token_seconds, spent.started + seconds, tokens)
        try:
            for piece in self._client.stream(messages, limits, usage):
                begun = True
                yield piece
        except ModelFailedError as error:
            self._breaker.failed(error)
            raise
        except GeneratorExit:
            # Whoever listened has heard enough, or has gone.
            (self._breaker.succeeded if begun else self._breaker.left)()
            raise
        else:
            self._breaker.succeeded()
        finally:
            self._budget.settle(reserved, usage.sent + usage.received)
            self._watch.model_tokens(usage.sent, usage.received)
            spent.sent += usage.sent
            spent.received += usage.received
            spent.finished = usage.finished
