from __future__ import annotations

import time
from pathlib import Path

import pytest

from civicbot.errors import IndexMissingError, UnknownDocumentError
from civicbot.model import Question
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
