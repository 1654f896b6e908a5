from __future__ import annotations

import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from civicbot.errors import IndexMissingError, UnknownDocumentError
from civicbot.model import Feedback, NoticeKind, Question
from civicbot.records.database import open_database
from civicbot.records.store import Records
from civicbot.review.public_nouns import Reading
from civicbot.settings import Settings
from civicbot.wiring import Service


def test_a_started_service_gets_ready_by_itself(real_data: Path) -> None:
    service = Service(Settings(data=real_data, embedder_languages="none", contact="062-000-0000"), patient=False)
    try:
        service.start()
        assert "warm-up" in {check.name for check in service.checks()}
        deadline = time.monotonic() + 60
        while any(check.state == "waiting" for check in service.checks()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert {check.state for check in service.checks()} == {"ok"}
        assert service.newest_date() is not None
        assert service.assistant.answer(Question(text="AX 실증밸리 총사업비는?")).citations
    finally:
        service.close()


def test_a_server_keeps_what_it_is_asked_and_not_what_it_tries(real_data: Path, tmp_path: Path) -> None:
    address = SecretStr(f"sqlite:///{tmp_path}/records.sqlite3")
    settings = Settings(data=real_data, embedder_languages="none", database_url=address)
    service = Service(settings, patient=False, records="database")
    try:
        service.start()
        deadline = time.monotonic() + 60
        while any(check.state == "waiting" for check in service.checks()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert records_state(service) == "ok"
        answer = service.assistant.answer(Question(text="AX 실증밸리 총사업비는?", channel="page"))
        again = service.assistant.answer(Question(text="위치는?", conversation_id=answer.conversation_id))
        assert again.conversation_id == answer.conversation_id
        assert NoticeKind.NOT_RECORDED not in {notice.kind for notice in answer.notices}
        service.records.add_feedback(answer.id, Feedback(helpful=False, comment="제 번호는 010-2345-6789"))
    finally:
        service.close()
    database = open_database(settings)
    records = Records(database, mask=lambda text, _: text)
    first, second = records.iter_exchanges()
    assert (first.answer, second.answer) == (answer, again)
    assert first.considered
    assert first.seconds > 0
    feedback = records.feedback(answer.id)
    assert feedback is not None
    assert "2345" not in str(feedback.comment)
    database.close()


def test_beside_the_servers_a_process_is_ready_at_once_and_keeps_what_it_is_asked(
    real_data: Path, tmp_path: Path
) -> None:
    address = SecretStr(f"sqlite:///{tmp_path}/records.sqlite3")
    settings = Settings(data=real_data, embedder_languages="none", database_url=address)
    service = Service(settings, patient=False, records="database")
    try:
        service.attend()
        answer = service.assistant.answer(Question(text="AX 실증밸리 총사업비는?", channel="mcp"))
        assert answer.citations
        assert [kept.channel for kept in service.records.conversation(answer.conversation_id)] == ["mcp"]
        found = service.search(Question(text="AX 실증밸리 총사업비"), 2)
        assert [passage.number for passage in found.passages] == [1, 2]
    finally:
        service.close()


def test_without_its_database_a_server_answers_and_says_so(real_data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    address = SecretStr(f"sqlite:///{tmp_path}/file/records.sqlite3")
    settings = Settings(data=real_data, embedder_languages="none", database_url=address)
    service = Service(settings, patient=True, records="database")
    try:
        service.open()
        answer = service.assistant.answer(Question(text="AX 실증밸리 총사업비는?"))
        assert answer.citations
        assert NoticeKind.NOT_RECORDED in {notice.kind for notice in answer.notices}
        followed = service.assistant.answer(Question(text="위치는?", conversation_id=answer.conversation_id))
        assert followed.conversation_id == answer.conversation_id
        assert records_state(service) == "warning"
        (tmp_path / "file").unlink()
        deadline = time.monotonic() + 30
        while records_state(service) != "ok" and time.monotonic() < deadline:
            time.sleep(0.05)
        kept = service.records.conversation(answer.conversation_id)
        assert [each.answer.id for each in kept] == [answer.id, followed.id]
    finally:
        service.close()


def records_state(service: Service) -> str:
    return {check.name: check.state for check in service.checks()}["records"]


def test_documents(service: Service) -> None:
    assert service.document("S001-ko").language == "ko"
    with pytest.raises(UnknownDocumentError):
        service.document("S999-ko")


def test_without_an_index(tmp_path: Path) -> None:
    service = Service(Settings(data=tmp_path), patient=True)
    with pytest.raises(IndexMissingError):
        service.open()
    assert service.newest_date() is None
    assert [check.state for check in service.checks() if check.name == "index"] == ["failed"]
    service.close()


def test_what_everybody_may_read(real_data: Path, tmp_path: Path) -> None:
    address = SecretStr(f"sqlite:///{tmp_path}/records.sqlite3")
    settings = Settings(data=real_data, embedder_languages="none", database_url=address, retention_days=10)
    kept = Service(settings, patient=False, records="database")
    unkept = Service(settings, patient=False)
    try:
        assert kept.versions() is None
        assert kept.public_figures().state == "lost"  # the tables are made when it is opened
        for service in (kept, unkept):
            service.open()
        answer = kept.assistant.answer(Question(text="AX 실증밸리 총사업비는?"))
        assert kept.versions() == unkept.versions() == answer.versions
        assert unkept.public_figures() == Reading(state="none")
    finally:
        kept.close()
        unkept.close()
    again = Service(settings, patient=False, records="database")
    try:
        again.open()
        figures = again.public_figures().figures
        assert figures is not None
        assert (figures.asked.last - figures.asked.first).days + 1 == 10
    finally:
        again.close()
