"""A desk over a database and a small library, for the tests of its services."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from tests.library.corpora import CORPUS, HashingEmbedder, hashing_models, write_corpus
from tests.records.conftest import mask
from tests.retrieval.libraries import tiny_loader

from civicbot.answering.retrieve import Retrieve
from civicbot.generation import index_folder
from civicbot.library.ingest import ingest
from civicbot.model import (
    Answer,
    AnswerSentence,
    AnswerStatus,
    Channel,
    Citation,
    Considered,
    Exchange,
    Feedback,
    Language,
    Notice,
    NoticeKind,
    Ticket,
    Versions,
)
from civicbot.records.database import Database
from civicbot.records.store import Records
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Actor, Role
from civicbot.review.corrections import Corrections
from civicbot.review.items import Items
from civicbot.review.nouns import QueueFilter, QueueItem
from civicbot.review.queue import Queue
from civicbot.review.queue_feed import Feed
from civicbot.review.replies import Replies
from civicbot.review.store import Store
from civicbot.review.verdicts import Verdicts
from civicbot.settings import Settings

KIM = Actor(name="kim", role=Role.REVIEWER)
LEE = Actor(name="lee", role=Role.REVIEWER)
PARK = Actor(name="park", role=Role.PUBLISHER)
ROOT = Actor(name="root", role=Role.ADMIN)
START = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
ALL = QueueFilter(state=None)
OPEN = QueueFilter()
CLAIM_MINUTES = 30
GLOSSARY = """
entities:
  ai_city:
    kind: programme
    ko: {name: AI 시티, aliases: [K-AI 시티, 인공지능 시티]}
    en: {name: AI City, aliases: [K-AI City]}
    brief: ai-city
  ai_mobility:
    kind: project
    ko: {name: AI 모빌리티 국가시범도시, aliases: [모빌리티 신도시]}
    en: {name: AI Mobility National New Town, aliases: [mobility new town]}
    brief: ai-city
  jung:
    kind: person
    ko: {name: 정진욱}
    en: {name: Jung Jin-uk, aliases: [Rep. Jung]}
"""
QUOTE = "2026년도 예산안에는 AI 시티 시범사업 예산 40억 원이 담겼습니다."
"""A sentence of the small library's digest."""


class Clock:
    """A time that stands until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class DeskForTests:
    """The services of the desk, and a resident's side of it."""

    records: Records
    store: Store
    index: LiveIndex
    feed: Feed
    queue: Queue
    items: Items
    verdicts: Verdicts
    corrections: Corrections
    replies: Replies
    clock: Clock

    @property
    def database(self) -> Database:
        return self.store.database

    def ask(self, question: str, **given: object) -> str:
        """Stores an exchange; returns its answer's id."""
        kept = exchange(question, asked_at=self.clock.now, **given)  # type: ignore[arg-type]
        self.records.remember(kept)
        return kept.answer.id

    def thumb_down(self, answer_id: str, comment: str | None = None) -> None:
        self.records.add_feedback(answer_id, Feedback(helpful=False, reasons=("wrong",), comment=comment))

    def ticket(self, answer_id: str, message: str | None = "알려 주세요") -> Ticket:
        return self.records.open_ticket(answer_id, message)

    def item_of(self, answer_id: str) -> int:
        """The item of an answer, quiet or not."""
        self.feed.run()
        found = self.items.find(KIM, answer_id)
        assert found is not None
        return found

    def item(self, question: str = "", wanted: QueueFilter = ALL) -> QueueItem:
        """The only item that a filter finds, or the only one that was put so."""
        self.feed.run()
        found = [each for each in self.queue.page(KIM, wanted).items if question in ("", each.question)]
        assert len(found) == 1, found
        return found[0]


def exchange(
    question: str,
    *,
    conversation: str | None = None,
    standalone: str | None = None,
    status: AnswerStatus = AnswerStatus.ANSWERED,
    language: Language = "ko",
    confidence: float = 0.9,
    sentence: str = QUOTE,
    notices: tuple[NoticeKind, ...] = (),
    considered: tuple[Considered, ...] | None = None,
    channel: Channel = "page",
    site: str | None = None,
    asked_at: datetime = START,
) -> Exchange:
    """An exchange; its answer cites the small library's digest."""
    answered = status in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL)
    answer = Answer(
        id=uuid.uuid4().hex,
        conversation_id=conversation or uuid.uuid4().hex,
        status=status,
        language=language,
        text=f"{sentence}[1]" if answered else "자료에 없습니다.",
        sentences=(AnswerSentence(text=sentence, citations=(1,)),) if answered else (),
        citations=(_citation(),) if answered else (),
        as_of=date(2025, 11, 9) if answered else None,
        notices=tuple(Notice(kind=kind, text="…") for kind in notices),
        confidence=confidence,
        versions=Versions(app="0.1.0", index="g1"),
    )
    used = Considered(document_id="S001-ko", passage_id="S001-ko.1", text=QUOTE, score=2, confidence=0.9, used=True)
    return Exchange(
        question=question,
        standalone=standalone or question,
        answer=answer,
        considered=considered if considered is not None else ((used,) if answered else ()),
        asked_at=asked_at,
        seconds=0.05,
        channel=channel,
        site=site,
    )


def _citation() -> Citation:
    return Citation(
        number=1,
        quote=QUOTE,
        document_id="S001-ko",
        passage_id="S001-ko.1",
        title="광주 AI 시티 요청",
        publisher="광주일보",
        published=date(2025, 11, 9),
        url="https://example.org/1",
        language="ko",
    )


def small_library(folder: Path) -> LiveIndex:
    """A small library, indexed by the real ingest and open."""
    corpus = write_corpus(folder / "corpus", {**CORPUS, "glossary.yaml": GLOSSARY})
    settings = Settings(corpus=corpus, data=folder / "var", embedder="hashing")
    summary = ingest(settings, models=hashing_models(HashingEmbedder()))
    assert summary.problems == ()
    index = LiveIndex(index_folder(settings.data), tiny_loader())
    index.refresh()
    return index


def open_desk_for_tests(database: Database, library: LiveIndex, *, sample: float = 0.0) -> DeskForTests:
    """A desk with a clock of its own."""
    clock = Clock()
    records = Records(database, mask=mask, now=clock)
    records.open()
    store = Store(database, now=clock)
    feed = Feed(store, library, sample=sample)
    retrieve = Retrieve(frozenset(), asked_as=True)
    return DeskForTests(
        records=records,
        store=store,
        index=library,
        feed=feed,
        queue=Queue(store, feed, claim_minutes=CLAIM_MINUTES),
        items=Items(store, library),
        verdicts=Verdicts(store, mask=mask),
        corrections=Corrections(store, library, retrieve, mask=mask),
        replies=Replies(store),
        clock=clock,
    )


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIndex]:
    index = small_library(tmp_path_factory.mktemp("library"))
    yield index
    index.close()


@pytest.fixture
def desk(database: Database, library: LiveIndex) -> DeskForTests:
    return open_desk_for_tests(database, library)
