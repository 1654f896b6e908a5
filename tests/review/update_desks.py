"""A small library that changes, residents' questions, and the services of its updates, for their tests."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

from tests.library.corpora import CORPUS, HashingEmbedder, hashing_models, write_corpus
from tests.records.conftest import mask
from tests.retrieval.libraries import tiny_loader
from tests.review.desks import GLOSSARY, exchange

from civicbot.answering.assistant import Assistant
from civicbot.generation import current_name, index_folder
from civicbot.library.ingest import Summary, ingest, prepare
from civicbot.library.progress import Progress
from civicbot.model import Language
from civicbot.records.database import Database
from civicbot.records.memory import MemoryRecords
from civicbot.records.store import Records
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Actor, Role
from civicbot.review.impact_asking import Comparison, asking
from civicbot.review.store import Store
from civicbot.review.update_publishing import Publishing
from civicbot.review.update_work import UpdateWork
from civicbot.review.updates import LibraryUpdates
from civicbot.review.updates_nouns import Update, UpdateState
from civicbot.review.verified import VerifiedCases
from civicbot.settings import Settings

PARK = Actor(name="park", role=Role.PUBLISHER)
BUDGET = "AI 시티 시범사업 예산은 얼마예요?"
BUS = "When does bus 30 run?"
PATH = "ko/sources/kwangju-ilbo-20251109-ai-city.md"
BRIEF_PATH = "ko/briefs/ai-city.md"


class HereIngest:
    """Prepares in this process, which has loaded all that takes long; it can be held up to look at it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.go = threading.Event()
        self.go.set()
        self.began = threading.Event()

    def __call__(self, progress: Progress) -> Summary:
        self.began.set()
        progress.stage("read", 1)
        while not self.go.wait(0.01):
            progress.advance(0)
        return prepare(self._settings, progress=progress, models=hashing_models(HashingEmbedder()))

    def stop(self) -> None:
        self.go.set()


class Site:
    """The small library, its index, and the services of its updates.

    Args:
        folder: of all that is written.
        database: of the records.
        ingested: whether there is a live library already.
        there: whether the folder is as another process has left it.
    """

    def __init__(self, folder: Path, database: Database, *, ingested: bool = True, there: bool = False) -> None:
        self.corpus = folder / "corpus"
        if not there:
            write_corpus(self.corpus, {**CORPUS, "glossary.yaml": GLOSSARY})
        self.settings = Settings(corpus=self.corpus, data=folder / "var", embedder="hashing", embedder_languages="none")
        self.folder = index_folder(self.settings.data)
        if ingested and not there:
            self.ingest()
        self.store = Store(database)
        self.records = Records(database, mask=mask)
        self.records.open()
        self.index = LiveIndex(self.folder, tiny_loader(), standby=True)
        if ingested:
            self.index.refresh()
        self.assistant = Assistant(self.settings, self.index, MemoryRecords())
        self.indexer = HereIngest(self.settings)
        self.publishing = Publishing(self.store, self.folder, self.settings)
        comparison = Comparison(self.store, asking(self.assistant), VerifiedCases(self.store), days=30, most=5)
        self.work = UpdateWork(self.store, self.folder, self.index, self.indexer, comparison)
        self.updates = LibraryUpdates(self.store, self.folder, self.publishing, self.work)

    def ingest(self) -> Summary:
        return ingest(self.settings, models=hashing_models(HashingEmbedder()))

    def raise_budget(self, amount: str = "50억") -> None:
        """An editor changes a figure, in the digest and in the brief that cites it."""
        for path in (PATH, BRIEF_PATH):
            file = self.corpus / path
            text = file.read_text(encoding="utf-8").replace("40억", amount)
            file.write_text(text.replace("value: 4.0e9", "value: 5.0e9"), encoding="utf-8")

    def restore(self) -> None:
        write_corpus(self.corpus, CORPUS)

    def ask(self, *questions: str, language: Language = "ko") -> Sequence[str]:
        """Residents ask; returns the ids of the answers."""
        kept = [exchange(question, language=language, asked_at=self.store.now()) for question in questions]
        for each in kept:
            self.records.remember(each)
        return [each.answer.id for each in kept]

    def prepared(self) -> Update:
        """Prepares an update and waits for it."""
        update = self.updates.prepare(PARK)
        return self.finished(update.id)

    def finished(self, update_id: int) -> Update:
        for thread in self.work._running:
            thread.join(60)
        update = self.updates.get(PARK, update_id)
        assert update.state is not UpdateState.PREPARING
        return update

    def live(self) -> str | None:
        return current_name(self.folder)

    def serves(self) -> str:
        with self.index.reader() as generation:
            return generation.name

    def close(self) -> None:
        self.work.stop()
        self.index.close()
