"""A desk that publishes, over the small library or one that changes, for the tests of approved answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from tests.library.corpora import CORPUS, HashingEmbedder, hashing_models, write_corpus
from tests.records.conftest import mask
from tests.retrieval.libraries import tiny_loader
from tests.review.desks import GLOSSARY, QUOTE, DeskForTests, open_desk_for_tests

from civicbot.generation import current_name, index_folder
from civicbot.library.ingest import ingest
from civicbot.model import Language
from civicbot.records.database import Database
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Actor, Role
from civicbot.review.alike import KOREA
from civicbot.review.approved import ApprovedAnswers
from civicbot.review.approved_book import GivenAnswer
from civicbot.review.approved_following import ApprovedFollower
from civicbot.review.correction_nouns import Correction
from civicbot.review.live_rulings import LiveRulings
from civicbot.settings import Settings

PARK = Actor(name="park", role=Role.PUBLISHER)
CHOI = Actor(name="choi", role=Role.PUBLISHER)
QUESTION = "AI 시티 예산은?"
DIGEST = "ko/sources/kwangju-ilbo-20251109-ai-city.md"
CHANGED = QUOTE.replace("40억", "50억")


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class Shelf:
    """A small library on disk whose documents change."""

    def __init__(self, folder: Path) -> None:
        self.corpus = write_corpus(folder / "corpus", {**CORPUS, "glossary.yaml": GLOSSARY})
        self.settings = Settings(corpus=self.corpus, data=folder / "var", embedder="hashing")
        self.index = LiveIndex(index_folder(self.settings.data), tiny_loader())
        self.ingest()
        self.index.refresh()

    def ingest(self) -> None:
        """Publishes a generation of the documents as they are; nobody opens it yet."""
        assert ingest(self.settings, models=hashing_models(HashingEmbedder())).problems == ()

    def replace(self, before: str, after: str) -> None:
        """Changes a document, and its brief where that says the same."""
        for path in (self.corpus / "ko").rglob("*.md"):
            path.write_text(path.read_text(encoding="utf-8").replace(before, after), encoding="utf-8")

    def swap(self, before: str, after: str) -> None:
        """Changes a document and opens the new generation."""
        self.replace(before, after)
        self.ingest()
        assert self.index.refresh()


@dataclass
class Approvals:
    """What staff publish with, and what questions go by."""

    desk: DeskForTests
    answers: ApprovedAnswers
    rulings: LiveRulings
    follower: ApprovedFollower

    def correct(self, question: str = QUESTION, *, by: Actor = PARK, **changes: object) -> Correction:
        """Asks a question and saves a corrected answer to it."""
        item = self.desk.item_of(self.desk.ask(question))
        draft = self.desk.corrections.prefill(by, item).model_copy(update=changes)
        return self.desk.corrections.save(by, item, draft)

    def given(self, question: str = QUESTION, language: Language = "ko") -> GivenAnswer | None:
        """The approved answer that a question gets in this process."""
        with self.desk.index.reader() as generation:
            today = self.desk.clock.now.astimezone(KOREA).date()
            return self.rulings.current().approval(question, language, generation, today)

    def follow(self) -> int:
        """Compares with the open generation and the calendar, as every process does."""
        with self.desk.index.reader() as generation:
            return self.follower.follow(generation)


def open_approvals(
    database: Database, library: LiveIndex, *, folder: Path | None = None, two_persons: bool = False
) -> Approvals:
    """A desk that publishes, with a clock of its own.

    Args:
        database: where all is kept.
        library: the live library.
        folder: of its generations; without one each counts as published.
        two_persons: whether one publisher proposes, and another one confirms.
    """
    desk = open_desk_for_tests(database, library)
    rulings = LiveRulings(database)
    rulings.refresh()

    def today() -> date:
        return desk.clock.now.astimezone(KOREA).date()

    answers = ApprovedAnswers(
        desk.store, library, mask=mask, two_persons=two_persons, today=today, changed=rulings.refresh
    )
    follower = ApprovedFollower(
        desk.store,
        today=today,
        is_published=lambda name: folder is None or current_name(folder) == name,
        changed=rulings.refresh,
    )
    return Approvals(desk, answers, rulings, follower)


@contextmanager
def changing_library(folder: Path) -> Iterator[Shelf]:
    """A library that changes, closed in the end."""
    shelf = Shelf(folder)
    try:
        yield shelf
    finally:
        shelf.index.close()


@pytest.fixture
def approvals(database: Database, library: LiveIndex) -> Approvals:
    return open_approvals(database, library)


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with changing_library(tmp_path / "library") as found:
        yield found


@pytest.fixture
def changing(database: Database, shelf: Shelf) -> Approvals:
    """A desk over a library that changes."""
    return open_approvals(database, shelf.index, folder=index_folder(shelf.settings.data))
