"""The library as staff see it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from tests.records.conftest import mask
from tests.records.samples import ASKED, QUOTE, exchange
from tests.retrieval.libraries import FRONT, Library, tiny_loader
from tests.review.staff import ADMIN, REVIEWER

from civicbot.errors import InvalidQuestionError, UnknownDocumentError
from civicbot.model import DocumentKind
from civicbot.records.database import Database
from civicbot.records.facts import Facts
from civicbot.records.store import Records
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action
from civicbot.review.audit import AuditLog
from civicbot.review.library_view import LibraryView
from civicbot.wiring import Service


@pytest.fixture
def records(database: Database) -> Records:
    records = Records(database, mask=mask)
    records.open()
    return records


@pytest.fixture
def view(records: Records, service: Service) -> LibraryView:
    return LibraryView(records.database, service.index, service.settings)


def test_all_documents_the_stale_ones_first(view: LibraryView, service: Service) -> None:
    documents = view.documents(REVIEWER)
    assert {one.id for one in documents} == {one.id for one in service.documents()}
    stale = [one.stale for one in documents]
    assert stale == sorted(stale, reverse=True)
    assert any(stale)
    assert all(one.kind is DocumentKind.SOURCE and (one.age or 0) > 730 for one in documents if one.stale)
    briefs = [one.age for one in documents if one.kind is DocumentKind.BRIEF and one.age is not None]
    assert briefs == sorted(briefs)
    assert all(one.passages for one in documents)


def test_documents_are_found_by_what_is_known_of_them(view: LibraryView) -> None:
    one = view.documents(REVIEWER, kind=DocumentKind.SOURCE, language="en")[0]
    for text in (one.id, one.title.upper(), one.publisher, one.url):
        assert one.id in {found.id for found in view.documents(REVIEWER, text=f"  {text} ")}
    assert view.documents(REVIEWER, text="nothing is called like this") == ()
    assert {found.language for found in view.documents(REVIEWER, language="en")} == {"en"}
    assert all(found.stale for found in view.documents(REVIEWER, stale=True))


def test_a_document_with_its_text(view: LibraryView, service: Service) -> None:
    seen, document = view.document(REVIEWER, "S001-ko")
    assert document == service.document("S001-ko")
    assert (seen.id, seen.source_id, seen.published) == ("S001-ko", "S001", document.published)
    with pytest.raises(UnknownDocumentError):
        view.document(REVIEWER, "S999-ko")


def test_which_answers_cite_a_document(view: LibraryView, records: Records) -> None:
    conversation = records.start()
    kept = [exchange(conversation, f"{place}?", asked_at=ASKED + timedelta(minutes=place)) for place in range(4)]
    records.remember_all(kept)
    Facts(records.database, lambda _: (), lambda: ASKED).gather()
    seen, _ = view.document(REVIEWER, "S001-ko")
    assert (seen.cited, seen.cited_at) == (4, kept[-1].asked_at)
    citing = view.citing(REVIEWER, "S001-ko", limit=3)
    assert [one.question for one in citing] == ["3?", "2?", "1?"]
    assert (citing[0].answer_id, citing[0].status, citing[0].quotes) == (kept[-1].answer.id, "answered", (QUOTE,))
    assert view.citing(REVIEWER, "S002-ko") == ()
    entries = AuditLog(records.database).entries(ADMIN, action=Action.READ_ITEM)
    assert [(entry.subject, entry.details) for entry in reversed(entries)] == [
        ("document:S001-ko", {"answers": 3}),
        ("document:S002-ko", {"answers": 0}),
    ]


def test_searching_as_residents_questions_do(view: LibraryView) -> None:
    found = view.search(REVIEWER, "AX 실증밸리 총사업비는?", limit=5)
    assert len(found) == 5
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert any("6000억" in sentence for sentence in found[0].sentences)
    assert {one.language for one in found} == {"ko"}
    assert {one.language for one in view.search(REVIEWER, "AX", language="en")} == {"en"}
    with pytest.raises(InvalidQuestionError):
        view.search(REVIEWER, "  ")


def test_the_last_ingests(tmp_path: Path, database: Database) -> None:
    library = Library(tmp_path / "library")
    older = library.ingest({"ko/sources/a-20251109-budget.md": _source("S001", 40), "note.md": "# 첫째\n\n하나다.\n"})
    newer = library.ingest({"ko/sources/a-20251109-budget.md": _source("S001", 50), "other.md": "# 둘째\n\n둘이다.\n"})
    (library.index / "generations" / "20991231T000000-half").mkdir()
    index = LiveIndex(library.index, tiny_loader())
    index.refresh()
    try:
        live, before = LibraryView(database, index, library.settings).ingests(REVIEWER)
    finally:
        index.close()
    assert (live.name, live.live, live.compared, live.documents) == (newer, True, True, 3)
    assert (before.name, before.live, before.compared, before.documents) == (older, False, False, 2)
    assert live.changed == ("S001-ko",)
    assert len(live.added) == 1
    assert live.removed == ()
    assert before.added == before.changed == before.removed == ()
    assert live.passages >= 3
    assert live.created.date() >= date(2026, 1, 1)


def _source(identifier: str, amount: int) -> str:
    front = FRONT.format(id=identifier, title="광주 AI 시티 요청", language="ko")
    return front + f"2026년도 예산안에는 광주 AI 시티 시범사업 예산 {amount}억 원이 담겼습니다.\n"
