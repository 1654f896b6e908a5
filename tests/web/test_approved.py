"""What residents see of an approved answer: through the API of every process, on pages that show notices."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from tests.web.conftest import served

from civicbot.model import Feedback
from civicbot.review.access import Actor, Role
from civicbot.review.desk import ReviewDesk
from civicbot.review.nouns import QueueFilter, Reason
from civicbot.settings import load_settings
from civicbot.wiring import Service

QUESTION = "AX 실증밸리 총사업비는?"
PARK = Actor(name="park", role=Role.PUBLISHER)
SECONDS = 60


@pytest.fixture
def services(real_data: Path, tmp_path: Path) -> Iterator[list[Service]]:
    """Two services on one database, as two processes have them."""
    address = f"sqlite:///{tmp_path}/records.sqlite3"
    settings = load_settings(
        data=real_data, embedder_languages="none", database_url=address, rate_limit="off", today="2026-11-22"
    )
    found = [Service(settings, patient=False, records="database") for _ in range(2)]
    for service in found:
        service.open()
    yield found
    for service in found:
        service.close()


def desk_of(service: Service) -> ReviewDesk:
    assert service.review is not None
    return service.review


def ask(client: httpx.Client, **more: object) -> dict[str, object]:
    response = client.post("/api/v1/answers", json={"question": QUESTION, **more})
    assert response.status_code == 200, response.text
    told: dict[str, object] = response.json()
    return told


def test_every_process_gives_it_with_its_notice(services: list[Service]) -> None:
    here, there = services
    with ExitStack() as stack:
        first, second = (
            stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60))
            for port in [stack.enter_context(served(service)) for service in services]
        )
        before = ask(first)
        assert before["notices"] == []
        desk = desk_of(here)
        desk.queue.refresh(PARK)
        item = desk.items.find(PARK, str(before["id"]))
        assert item is not None
        approved = desk.approved.approve_as_is(PARK, item)
        given = ask(first)
        notice = {"kind": "staff_checked", "text": "2026년 11월 22일에 담당자가 확인한 답변입니다."}
        assert (given["notices"], given["confidence"]) == ([notice], 1.0)
        assert (given["sentences"], given["citations"]) == (before["sentences"], before["citations"])
        assert (given["status"], given["as_of"]) == ("answered", before["as_of"])
        citations = given["citations"]
        assert isinstance(citations, list)
        for citation in citations:
            page = first.get(f"/documents/{citation['document_id']}", params={"quote": citation["quote"]})
            assert (page.status_code, "<mark" in page.text) == (200, True)
        # The other process reads what has changed within half a second of being asked.
        deadline = time.monotonic() + SECONDS
        while ask(second)["notices"] != [notice]:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        streamed = second.post(
            "/api/v1/answers", json={"question": QUESTION}, headers={"Accept": "text/event-stream"}
        ).text
        assert '"staff_checked"' in streamed
        shared = second.get(f"/shared/{given['id']}", headers={"Accept": "text/html"})
        assert notice["text"] in shared.text
        assert "staff_checked" not in repr(ask(first, language="en")["notices"])

        kept = here.records.exchange(str(given["id"]))
        assert kept.approved == approved.id
        there.records.add_feedback(kept.answer.id, Feedback(helpful=False))
        desk.queue.refresh(PARK)
        (complained,) = desk.queue.page(PARK, QueueFilter(reason=Reason.APPROVED_THUMBS_DOWN)).items
        assert complained.id == item
        assert [one.approved_id for one in desk.approved.complaints(PARK)] == [approved.id]
        trial = desk_of(there).trying.ask(PARK, QUESTION)
        assert (trial.ruling, trial.approved) == ("approved", approved.id)
