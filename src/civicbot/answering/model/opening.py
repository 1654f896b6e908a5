"""Putting the language model together from the settings."""

from __future__ import annotations

from civicbot.answering.gate.library import gate_of
from civicbot.answering.gate.nouns import GateEvidence
from civicbot.answering.model.breaker import Breaker
from civicbot.answering.model.budget import DayBudget
from civicbot.answering.model.calling import Caller, Spent
from civicbot.answering.model.client import ChatClient, Message
from civicbot.answering.model.failures import Failure
from civicbot.answering.model.prompts import load_prompts
from civicbot.answering.model.rewriting import Rewriter
from civicbot.answering.model.watch import ModelWatch, Unwatched
from civicbot.answering.model.writing import Writer
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings

_TRIAL = "Reply with the one word OK."


class LanguageModel:
    """The language model of a service; its parts are thread-safe.

    Attributes:
        name: the model's, as told in ``versions.model``.
        prompt: the version of the prompts, as told in ``versions.prompt``.
        rewriter: of follow-ups.
        writer: of answers.
        breaker: of its server.

    Args:
        settings: the settings, with a language model.
        watch: told how it fares.

    Raises:
        SettingsError: it cannot be used as it is set, or a prompt is missing.
    """

    def __init__(self, settings: Settings, watch: ModelWatch) -> None:
        prompts = load_prompts(settings.prompts)
        self._client = ChatClient(settings)
        self.breaker = Breaker()
        self._settings = settings
        budget = DayBudget(settings.data, settings.llm_tokens_per_day, settings.current_date)
        self._caller = Caller(settings, self._client, self.breaker, budget, watch)
        self.name = self._client.name
        self.prompt = prompts.version
        self.rewriter = Rewriter(settings, self.name, self._caller, prompts, watch)
        self.writer = Writer(settings, self.name, self._caller, prompts, watch)

    @property
    def problem(self) -> Failure | None:
        """Why nothing is sent to its server just now; None while questions are."""
        return self.breaker.problem

    def prepare(self, generation: OpenGeneration) -> None:
        """Does beforehand what the first written answer would wait for; takes a second."""
        import langsmith.run_helpers

        del langsmith
        sample = next((p.statements[0].text for p in generation.passages if p.language == "ko" and p.statements), "")
        evidence = GateEvidence(document_id="", text=f"{sample} {sample}", language="ko")
        gate_of(generation).check(sample[:-1], "ko", [evidence])

    def ask(self) -> str:
        """Asks for one word, to see that the server answers.

        Raises:
            ModelFailedError: it does not.
        """
        tokens = 64
        return "".join(
            self._caller.stream([Message("user", _TRIAL)], Spent(), tokens, self._settings.llm_total_seconds)
        )

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()


def open_model(settings: Settings, watch: ModelWatch | None = None) -> LanguageModel | None:
    """The language model that is set; None where none is.

    Raises:
        SettingsError: as :class:`LanguageModel`.
    """
    return None if settings.llm is None else LanguageModel(settings, watch or Unwatched())
