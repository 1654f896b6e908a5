"""The one place where the rooms are put together; the web and the command line both start here."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date

from civicbot.answering.assistant import Assistant
from civicbot.answering.texts import examples
from civicbot.errors import CivicbotError, IndexDamagedError, IndexMissingError
from civicbot.generation import index_folder
from civicbot.health import Check, index_check, standing_checks
from civicbot.language.embedding import load_embedder
from civicbot.model import LANGUAGES, Document, Language, Question
from civicbot.records.memory import MemoryRecords
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.live import LiveIndex
from civicbot.settings import Settings

logger = logging.getLogger(__name__)


class Service:
    """Everything that answers questions, wired together; its methods may be called from many threads.

    Attributes:
        settings: the settings.
        records: conversations and feedback.
        index: the live index.
        assistant: the facade that answers.
    """

    def __init__(
        self, settings: Settings, *, patient: bool, observe: Callable[[str, float], None] | None = None
    ) -> None:
        """Wires the rooms; nothing is opened yet.

        Args:
            settings: the settings.
            patient: whether searches wait for the embedding model (command line) or go without it until it is
                loaded (server).
            observe: told the name and seconds of every pipeline stage.
        """
        self.settings = settings
        self.records = MemoryRecords()
        self._loader = EmbedderLoader(lambda: load_embedder(settings.embedder), patient=patient)
        self.index = LiveIndex(index_folder(settings.data), self._loader)
        self.assistant = Assistant(settings, self.index, self.records, observe=observe)
        self._started = False
        self._warm = threading.Event()
        self._stopping = threading.Event()

    def open(self) -> None:
        """Opens the live index generation in this thread.

        Raises:
            IndexMissingError: nothing has been indexed.
            IndexDamagedError: what has been indexed is not whole.
        """
        self.index.refresh()

    def start(self) -> None:
        """Opens the index in the background, follows new generations and loads the embedding model."""
        self._started = True
        self.index.watch()
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()

    def document(self, document_id: str) -> Document:
        """A document of the live library.

        Raises:
            UnknownDocumentError: there is none with this id.
            CivicbotError: the index is not open.
        """
        with self.index.reader() as generation:
            return generation.document(document_id)

    def examples(self, language: Language) -> Sequence[str]:
        """Six example questions of different topics."""
        return examples(language)

    def newest_date(self) -> date | None:
        """The newest publication date in the library; None while it is not open or has no dates."""
        try:
            with self.index.reader() as generation:
                return max((d.published for d in generation.documents if d.published is not None), default=None)
        except CivicbotError:
            return None

    def checks(self) -> list[Check]:
        """What an operator must know about the running service."""
        checks = [index_check(self.index)]
        if self.settings.dense_languages:
            checks.append(self._embedder_check())
        return [*checks, *self._warm_up_check(), *standing_checks(self.settings)]

    def close(self) -> None:
        """Stops the background work and closes the index."""
        self._stopping.set()
        self.index.close()

    def _warm_up(self) -> None:
        """Answers one question of each language as soon as there is an index, so that no resident waits for that."""
        while not self._stopping.wait(0.1):
            try:
                for language in LANGUAGES:
                    self.assistant.answer(Question(text=examples(language)[0]))
            except (IndexMissingError, IndexDamagedError):
                continue
            self._warm.set()
            # Only now: importing the model's packages takes seconds of both cores, and words alone answer meanwhile.
            if self.settings.dense_languages:
                self._loader.start()
            return

    def _warm_up_check(self) -> list[Check]:
        if self._warm.is_set() or not self._started:
            return []
        return [Check(name="warm-up", state="waiting", message="The first questions are being tried.")]

    def _embedder_check(self) -> Check:
        name = self.settings.embedder
        state = self._loader.state
        if state == "loading":
            return Check(
                name="embedder",
                state="warning",
                message=f"The embedding model {name!r} is being loaded; until then search goes by words alone.",
                hint="Wait some seconds.",
            )
        if state == "failed":
            return Check(
                name="embedder",
                state="warning",
                message=f"The embedding model {name!r} cannot be loaded; search goes by words alone.",
                hint="Run `civicbot doctor`.",
            )
        return Check(name="embedder", state="ok", message=f"The embedding model {name!r} is loaded.")
