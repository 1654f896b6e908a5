"""Asking an assistant with a language model, and what is seen of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tests.services.chat_server import Asked, Reply, answer_of

from civicbot.answering.assistant import Assistant
from civicbot.answering.events import Event
from civicbot.answering.model.opening import LanguageModel
from civicbot.model import Answer, ModelWork, Question
from civicbot.records.memory import MemoryRecords

COST = "광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?"
WHERE = "Where will the national AI computing centre be built?"

_EVIDENCE = re.compile(r"<evidence number=\"(\d+)\"[^>]*>\n(.*?)\n</evidence>")


@dataclass
class Seen:
    """What a watch is told."""

    outcomes: list[tuple[str, str]] = field(default_factory=list)
    tokens: int = 0
    passed: int = 0
    dropped: int = 0

    def model_asked(self, purpose: str, outcome: str, seconds: float) -> None:
        assert seconds >= 0
        self.outcomes.append((purpose, outcome))

    def model_tokens(self, sent: int, received: int) -> None:
        self.tokens += sent + received

    def model_sentences(self, passed: int, dropped: int) -> None:
        self.passed += passed
        self.dropped += dropped


@dataclass
class Asking:
    """An assistant with its language model."""

    assistant: Assistant
    records: MemoryRecords
    model: LanguageModel
    seen: Seen

    def ask(self, text: str, conversation: str | None = None) -> Answer:
        return self.assistant.answer(Question(text=text, conversation_id=conversation))

    def events(self, text: str) -> list[Event]:
        return list(self.assistant.stream(Question(text=text)))

    def work(self, answer: Answer) -> ModelWork:
        work = self.records.exchange(answer.id).work
        assert work is not None
        return work


def evidence_in(asked: Asked) -> list[tuple[int, str]]:
    """The evidence of a prompt."""
    return [(int(number), text) for number, text in _EVIDENCE.findall(asked.text)]


def faithful(asked: Asked) -> Reply:
    """A model that repeats the first two pieces of evidence."""
    return Reply(text=answer_of(*((text, [number]) for number, text in evidence_in(asked)[:2])))


def plain(answer: Answer) -> str:
    """All that a reader sees of an answer but what differs from one to the next."""
    return answer.model_dump_json(exclude={"id", "conversation_id"})
