"""The one place where the rooms are put together; the web and the command line both start here."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Literal, Protocol

from civicbot.answering.assistant import Assistant
from civicbot.answering.findings import Findings
from civicbot.answering.model.opening import open_model
from civicbot.answering.model.watch import ModelWatch
from civicbot.answering.protocols import Asked, NoRulings
from civicbot.answering.texts import examples, texts
from civicbot.answering.versions import versions_of
from civicbot.errors import CivicbotError, IndexDamagedError, IndexMissingError
from civicbot.generation import index_folder
from civicbot.health import Check, index_check, language_model_check, records_check, standing_checks
from civicbot.language.embedding import load_embedder
from civicbot.language.personal import mask_personal
from civicbot.library.publishing import previous_name
from civicbot.model import LANGUAGES, AnswerStatus, Document, Language, Question, Versions
from civicbot.records.database import Database, open_database
from civicbot.records.live_sites import LiveSites, NoSites
from civicbot.records.memory import MemoryRecords
from civicbot.records.resilient import ResilientRecords, Watch
from civicbot.records.retention import Retention
from civicbot.records.store import Records
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.accounts import open_accounts
from civicbot.review.approved_watch import open_approved_watch
from civicbot.review.desk import ReviewDesk, open_desk
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.public_nouns import Reading
from civicbot.review.store import Store
from civicbot.review.update_keeper import UpdateKeeper, open_updates
from civicbot.review.views import open_views
from civicbot.settings import Settings
from civicbot.tracing import Trace

logger = logging.getLogger(__name__)


class Watching(Watch, ModelWatch, Protocol):
    """Is told how what may fail fares."""


class Service:
    """Everything that answers questions, wired together; its methods may be called from many threads.

    Attributes:
        settings: the settings.
        records: conversations, feedback and tickets.
        index: the live index.
        assistant: the facade that answers.
        sites: the registered sites.
        views: the staff desk's switches and views; None while records are kept in memory.
        review: all services of the staff desk; None while records are kept in memory.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        patient: bool,
        observe: Callable[[str, float], None] | None = None,
        trace: Trace | None = None,
        records: Literal["database", "memory"] = "memory",
        switches: bool = False,
        watch: Watching | None = None,
    ) -> None:
        """Wires the rooms; nothing is opened yet.

        Args:
            settings: the settings.
            patient: whether searches wait for the embedding model (command line) or go without it until it is
                loaded (server).
            observe: told the name and seconds of every pipeline stage.
            trace: told of every question once it is over, without its words.
            records: where conversations are kept: in the database (server), or in memory until the process ends.
            switches: whether what staff have laid down counts although records are kept in memory (command line).
            watch: told how the database of the records and the language model fare.

        Raises:
            SettingsError: CIVICBOT_DATABASE_URL names no database that we know, the server's secret cannot be made, or
                the language model cannot be used as it is set.
        """
        self.settings = settings
        self._model = open_model(settings, watch)
        database = open_database(settings) if records == "database" else None
        self._database = ResilientRecords(Records(database, mask=_mask), watch=watch) if database else None
        self.sites: LiveSites | NoSites = LiveSites(database) if database else NoSites()
        self.accounts = open_accounts(database, settings) if database else None
        self._staffs = _staffs_database(settings) if database is None and switches else database
        self._rulings = LiveRulings(self._staffs) if self._staffs is not None else None
        self.records: ResilientRecords | MemoryRecords = self._database or MemoryRecords()
        self._retention: Retention | None = None
        self._loader = EmbedderLoader(lambda: load_embedder(settings.embedder), patient=patient)
        self.index = LiveIndex(
            index_folder(settings.data),
            self._loader,
            prepare=self._prepare,
            arriving=self._arriving,
            # Only a server goes on after an update, and may have to go back.
            standby=records == "database" and not patient,
        )
        self.assistant = Assistant(
            settings, self.index, self.records, rulings=self._rulings, observe=observe, trace=trace, model=self._model
        )
        self.views = (
            open_views(database, self._rulings, self.index, self.assistant, settings)
            if database is not None and self._rulings is not None
            else None
        )
        self.review: ReviewDesk | None = None
        self._updates: UpdateKeeper | None = None
        if database is not None and self.accounts is not None and self.views is not None:
            updates, self._updates = open_updates(
                Store(database), self.index, self.assistant, settings, serving=not patient
            )
            self.review = open_desk(database, self.index, settings, self.accounts, self.views, updates, mask=_mask)
        self._approved = (
            open_approved_watch(database, self.index, settings, changed=self._changed) if database is not None else None
        )
        self._started = False
        self._warm = threading.Event()
        self._stopping = threading.Event()

    def open(self) -> None:
        """Opens the records and the live index generation in this thread.

        Raises:
            IndexMissingError: nothing has been indexed.
            IndexDamagedError: what has been indexed is not whole.
        """
        if self._database is not None:
            self._database.open()
        self.index.refresh()

    def start(self) -> None:
        """Opens the records here and the index in the background; follows new generations and loads the model.

        What has been kept for too long is deleted, now and daily.
        """
        self._started = True
        if self._database is not None:
            self._database.open()
        if self._rulings is not None:
            self._rulings.refresh()
        if self.views is not None:
            self.views.facts.start()
        if self.review is not None:
            self.review.feeder.start()
        if self._updates is not None:
            self._updates.start()
        if self._approved is not None:
            self._approved.start()
        self._follow()

    def attend(self) -> None:
        """Opens everything here and stays up to date, for a process that answers for long beside the servers.

        New generations are followed, and what has been kept for too long is deleted; what staff's work needs is done
        by the servers.

        Raises:
            IndexMissingError: nothing has been indexed.
            IndexDamagedError: what has been indexed is not whole.
        """
        self.open()
        self._follow()

    def _follow(self) -> None:
        if self._database is not None:
            self._retention = Retention(self._database.purge, self.settings.retention_days)
            self._retention.start()
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

    def search(self, question: Question, limit: int) -> Findings:
        """Passages of the live library about what is asked, best first; nothing is answered, and nothing remembered.

        Raises:
            InvalidQuestionError: the text cannot be looked for.
            PausedError: a switch holds it back.
            CivicbotError: the index is not open.
        """
        return self.assistant.search(question, limit)

    def sentences(self, document_id: str) -> Sequence[tuple[int, int]]:
        """Where the sentences of a document stand in its text, in order.

        Raises:
            UnknownDocumentError: there is none with this id.
            CivicbotError: the index is not open.
        """
        with self.index.reader() as generation:
            generation.document(document_id)
            return [
                (statement.start, statement.end)
                for passage in generation.passages
                if passage.document_id == document_id
                for statement in passage.statements
            ]

    def documents(self) -> Sequence[Document]:
        """All documents of the live library.

        Raises:
            CivicbotError: the index is not open.
        """
        with self.index.reader() as generation:
            return generation.documents

    def examples(self, language: Language) -> Sequence[str]:
        """Six example questions of different topics."""
        return examples(language)

    def paused(self, language: Language, site: str | None = None) -> str | None:
        """Why nothing is answered just now, for the public; None while questions are answered.

        Args:
            language: of the text, and of the questions.
            site: where they are asked; None for our own pages.
        """
        rules = self._rulings.current() if self._rulings is not None else NoRulings()
        ruling = rules.find(Asked(language=language, site=site))
        if ruling is None or ruling.status is not AnswerStatus.PAUSED:
            return None
        return ruling.text or texts(language).status[ruling.status.value]

    def newest_date(self) -> date | None:
        """The newest publication date in the library; None while it is not open or has no dates."""
        try:
            with self.index.reader() as generation:
                return max((d.published for d in generation.documents if d.published is not None), default=None)
        except CivicbotError:
            return None

    def versions(self) -> Versions | None:
        """What answers now; None while no index is open."""
        try:
            with self.index.reader() as generation:
                versions = versions_of(generation)
        except CivicbotError:
            return None
        if self._model is None:
            return versions
        return versions.model_copy(update={"prompt": self._model.prompt, "model": self._model.name})

    def public_figures(self) -> Reading:
        """What everybody may read about the service's work; it never raises for an outage."""
        return self.views.figures.current() if self.views is not None else Reading(state="none")

    def index_created(self) -> datetime | None:
        """When the live index generation was made; None while none is open."""
        try:
            with self.index.reader() as generation:
                return generation.manifest.created
        except CivicbotError:
            return None

    def checks(self) -> list[Check]:
        """What an operator must know about the running service."""
        checks = [index_check(self.index)]
        if self.settings.dense_languages:
            checks.append(self._embedder_check())
        if self._database is not None:
            checks.append(records_check(self._database))
        if self._model is not None:
            checks.append(language_model_check(self._model))
        return [*checks, *self._switches_check(), *self._warm_up_check(), *standing_checks(self.settings)]

    def close(self) -> None:
        """Stops the background work and closes the index and the records."""
        self._stopping.set()
        if self._updates is not None:
            self._updates.stop()
        if self._retention is not None:
            self._retention.stop()
        if self.views is not None:
            self.views.work.stop()
            self.views.facts.stop()
        if self.review is not None:
            self.review.feeder.stop()
        if self._approved is not None:
            self._approved.stop()
        if self._database is not None:
            self._database.close()
        if self._staffs is not None:
            self._staffs.close()
        if self._model is not None:
            self._model.close()
        self.index.close()

    def _prepare(self, generation: OpenGeneration) -> None:
        self.assistant.prepare(generation)
        if self._rulings is not None:
            self._rulings.current().approved.warm_up(generation, self.settings.current_date())

    def _arriving(self, generation: OpenGeneration) -> None:
        if self._approved is not None:
            self._approved.arriving(generation)

    def _changed(self) -> None:
        """Somebody has changed an approved answer in this process, which is to know it at once."""
        if self._rulings is not None:
            self._rulings.refresh()

    def _warm_up(self) -> None:
        """Answers one question of each language as soon as there is an index, so that no resident waits for that."""
        while not self._stopping.wait(0.1):
            try:
                for language in LANGUAGES:
                    self.assistant.answer(Question(text=examples(language)[0]), keep=False, ruled=False, written=False)
            except (IndexMissingError, IndexDamagedError):
                continue
            self._warm.set()
            # Only now: importing the model's packages takes seconds of both cores, and words alone answer meanwhile.
            if self.settings.dense_languages:
                self._loader.start()
            # Last, since nothing waits for it; the index may be closed or gone again by now.
            with contextlib.suppress(IndexMissingError, IndexDamagedError), self.index.reader() as generation:
                self._prepare(generation)
            # And whoever has to go back must not wait until the generation before is open.
            with contextlib.suppress(CivicbotError):
                before = previous_name(index_folder(self.settings.data)) if self._started else None
                if self.review is not None and before is not None:
                    self.index.stand_by(before)
            return

    def _switches_check(self) -> list[Check]:
        """That something is paused, so that nobody forgets it."""
        switches = self._rulings.current().switches if self._rulings is not None else ()
        if not switches:
            return []
        what = ", ".join(sorted({switch.scope.value for switch in switches}))
        return [
            Check(
                name="switches",
                state="warning",
                message=f"The assistant is paused: {what}.",
                hint="`civicbot switches` lists them, `civicbot resume` lifts them.",
            )
        ]

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


def _staffs_database(settings: Settings) -> Database | None:
    """The database with what staff have laid down; None where there is none, since none is made for reading it."""
    database = open_database(settings)
    if not database.absent:
        return database
    database.close()
    return None


def _mask(text: str, language: Language) -> str:
    return mask_personal(text, language).text
