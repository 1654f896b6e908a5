"""What the chat page shows of a conversation: plain data that grows with every event of an answer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from civicbot.model import Answer, AnswerSentence
from civicbot.web.sources import Source

KEPT_TURNS = 30
"""How many questions and answers one page shows; older ones are dropped."""


@dataclass(frozen=True)
class Turn:
    """A question and what is known of its answer so far.

    Attributes:
        question: as it was typed; once it is answered or has failed, with personal data masked.
        stage: the stage that runs, None before the first and after the last.
        sentences: the verified sentences so far.
        sources: the sources that they cite, by rising number.
        answer: the whole answer, once it is there.
        problem: why there is no answer, a key of the texts' ``problems``.
    """

    question: str
    stage: str | None = None
    sentences: tuple[AnswerSentence, ...] = ()
    sources: tuple[Source, ...] = ()
    answer: Answer | None = None
    problem: str | None = None

    @property
    def pending(self) -> bool:
        """Whether the answer is still being made."""
        return self.answer is None and self.problem is None


@dataclass(frozen=True)
class View:
    """What the page shows of a conversation.

    Attributes:
        turns: questions and answers, oldest first.
        first: how many older turns were dropped; numbers turns for good.
        conversation_id: of the assistant's conversation, None before the first answer.
        alert: a message beside the question box, a key of the texts' ``problems``.
        alerts: how many alerts there have been, so that the page can tell the same one twice.
        note: a message above the conversation, a key of the texts' ``problems``.
    """

    turns: tuple[Turn, ...] = ()
    first: int = 0
    conversation_id: str | None = None
    alert: str | None = None
    alerts: int = 0
    note: str | None = None

    @property
    def asked(self) -> int:
        """How many questions have been asked, with those that were dropped."""
        return self.first + len(self.turns)

    @property
    def answers(self) -> tuple[str, ...]:
        """The ids of the answers that are shown, oldest first."""
        return tuple(turn.answer.id for turn in self.turns if turn.answer)

    def adding(self, turn: Turn) -> View:
        """The view with a new turn; the oldest are dropped when there are too many."""
        turns = (*self.turns, turn)
        dropped = max(0, len(turns) - KEPT_TURNS)
        return replace(self, turns=turns[dropped:], first=self.first + dropped, alert=None)

    def alerting(self, alert: str) -> View:
        """The view with a message beside the question box."""
        return replace(self, alert=alert, alerts=self.alerts + 1)

    def updating(self, turn: Turn) -> View:
        """The view with the newest turn replaced."""
        return replace(self, turns=(*self.turns[:-1], turn))
