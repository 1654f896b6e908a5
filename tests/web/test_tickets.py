from __future__ import annotations

import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest
from tests.web.conftest import Running, check_error
from tests.web.double import NASTY

from civicbot.errors import RecordsUnavailableError
from civicbot.model import Ticket, TicketState
from civicbot.records.memory import MemoryRecords
from civicbot.web.logs import KeyValueFormatter

TICKETS = "/api/v1/tickets"
START = Callable[..., Running]


@pytest.fixture
def desk(start_site: START) -> Running:
    """A server of its own: look-ups are limited even where questions are not."""
    return start_site(rate_limit="off")


def leave(site: Running, message: str | None = None, question: str = "What is the price of a flat?") -> dict[str, str]:
    response = site.client.post(TICKETS, json={"answer_id": site.ask(question).json()["id"], "message": message})
    assert response.status_code == 201, response.text
    body: dict[str, str] = response.json()
    return body


def changed(site: Running, code: str, **values: object) -> None:
    """What staff will do one day."""
    records = site.service.records
    assert isinstance(records, MemoryRecords)
    records._tickets[code] = records.ticket(code).model_copy(update=values)


def check_private(response: httpx.Response) -> None:
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in response.headers["x-robots-tag"]


def test_a_ticket_is_opened_and_looked_up(desk: Running) -> None:
    answer = desk.ask("AI 모빌리티 분양가는?").json()["id"]
    response = desk.client.post(TICKETS, json={"answer_id": answer, "message": " 꼭 알고 싶어요. "})
    assert response.status_code == 201
    check_private(response)
    opened = response.json()
    assert opened == opened | {
        "state": "open",
        "language": "ko",
        "question": "AI 모빌리티 분양가는?",
        "message": "꼭 알고 싶어요.",
        "reply": None,
        "answer_id": answer,
        "url": f"/t/{opened['code']}",
    }
    assert set(opened) == {*Ticket.model_fields, "url"}
    assert opened["opened_at"] == opened["updated_at"]
    assert datetime.fromisoformat(opened["opened_at"]).utcoffset() is not None
    assert re.fullmatch(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", opened["code"])
    found = desk.client.get(f"{TICKETS}/{opened['code']}")
    check_private(found)
    assert found.json() == {name: value for name, value in opened.items() if name != "answer_id"}


def test_case_and_separators_of_a_code_do_not_matter(desk: Running) -> None:
    code = leave(desk)["code"]
    for typed in (code.lower(), code.replace("-", ""), code.replace("-", "%20"), code.replace("-", ".")):
        assert desk.client.get(f"{TICKETS}/{typed}").json()["code"] == code
        assert desk.client.get(f"/t/{typed}").status_code == 200


def test_a_message_may_be_left_out(desk: Running) -> None:
    answer = desk.ask().json()["id"]
    assert desk.client.post(TICKETS, json={"answer_id": answer}).json()["message"] is None
    assert leave(desk, "  \n ")["message"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"message": "x"},
        {"answer_id": ""},
        {"answer_id": 5},
        {"answer_id": "x" * 101},
        {"answer_id": "a1", "message": "x" * 2001},
        {"answer_id": "a1", "message": ["x"]},
        {"answer_id": "a1", "code": "mine"},
    ],
)
def test_a_ticket_that_cannot_be_opened_is_422(site: Running, body: object) -> None:
    error = check_error(site.client.post(TICKETS, json=body), 422)
    assert "xxx" not in str(error)


def test_an_unknown_answer_gets_no_ticket(site: Running) -> None:
    check_error(site.client.post(TICKETS, json={"answer_id": "nobody"}), 404, "unknown_answer")


def test_only_json_opens_a_ticket(site: Running) -> None:
    check_error(site.client.post(TICKETS, content=b"answer_id=a1"), 415)


def test_nobody_is_given_the_code_of_another_ones_ticket(desk: Running) -> None:
    answer = desk.ask().json()["id"]
    codes = []
    for message in ("mine", None, "yours"):
        opened = desk.client.post(TICKETS, json={"answer_id": answer, "message": message})
        assert (opened.status_code, opened.json()["message"]) == (201, message)
        codes.append(opened.json()["code"])
    assert len(set(codes)) == 3
    refused = desk.client.post(TICKETS, json={"answer_id": answer})
    check_error(refused, 409, "too_many_tickets")
    assert not any(code in refused.text for code in codes)
    changed(desk, codes[0], state=TicketState.ANSWERED, reply="It is.")
    assert desk.client.post(TICKETS, json={"answer_id": answer}).status_code == 201
    statuses = desk.client.get("/openapi.json").json()["paths"][TICKETS]["post"]["responses"]
    assert "409" in statuses


@pytest.mark.parametrize(
    "code", ["7K3Q-XM9T-0101", "nonsense", "7K3QX", "%00", "..%2f..%2fetc", "가나다라마바사아자차"]
)
def test_an_unknown_code_is_404_and_not_repeated(desk: Running, code: str) -> None:
    response = desk.client.get(f"{TICKETS}/{code}")
    assert response.status_code == 404
    assert code not in str(check_error(response, 404))
    for accept, text in (("ko", "남긴 질문을 찾을 수 없습니다"), ("en-GB", "Question not found")):
        page = desk.client.get(f"/t/{code}", headers={"Accept-Language": accept})
        assert page.status_code == 404
        assert text in page.text
        assert code not in page.text
        check_private(page)


def test_codes_cannot_be_tried_out(start_site: START) -> None:
    site = start_site(rate_limit="off")
    code = leave(site)["code"]
    for number in range(10):
        check_error(site.client.get(f"{TICKETS}/0000-0000-000{number}"), 404, "unknown_ticket")
        assert site.client.get(f"/t/0000-0000-000{number}").status_code == 404
    refused = site.client.get(f"{TICKETS}/{code}")
    check_error(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    page = site.client.get(f"/t/{code}", headers={"Accept-Language": "en"})
    assert (page.status_code, "try again shortly" in page.text) == (429, True)
    assert 1 <= int(page.headers["retry-after"]) <= 60
    check_private(page)
    assert 'civicbot_rejected_total{reason="ticket"} 2.0' in site.client.get("/metrics").text
    assert site.ask().status_code == 200


def test_opening_tickets_is_under_the_limit_of_questions(start_site: START) -> None:
    site = start_site(rate_limit="2")
    answer = site.ask().json()["id"]
    assert site.client.post(TICKETS, json={"answer_id": answer}).status_code == 201
    check_error(site.client.post(TICKETS, json={"answer_id": answer}), 429, "rate_limited")
    assert 'civicbot_tickets_total{language="en"} 1.0' in site.client.get("/metrics").text


def test_the_page_speaks_the_tickets_language(desk: Running) -> None:
    korean, english = leave(desk, "언제쯤 알 수 있나요?", "AI 모빌리티 분양가는?"), leave(desk, "By May?")
    for ticket, day in ((korean, "2026년 8월 1일"), (english, "1 August 2026")):
        changed(desk, ticket["code"], opened_at=datetime(2026, 7, 31, 15, 30, tzinfo=UTC))
        response = desk.client.get(ticket["url"], headers={"Accept-Language": "fr"})
        assert response.status_code == 200
        check_private(response)
        page = response.text
        assert f'<html lang="{ticket["language"]}">' in page
        assert '<meta name="robots" content="noindex">' in page
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        # The day is that of Korea, nine hours ahead.
        for shown in (ticket["code"], ticket["question"], ticket["message"], day):
            assert shown in page
    assert "담당자의 확인을 기다리고 있습니다" in desk.client.get(korean["url"]).text
    page = desk.client.get(english["url"]).text
    assert "Waiting for staff" in page
    assert "There is no reply yet" in page
    assert not re.search("[가-힣]", page)


def test_the_reply_stands_on_the_page(desk: Running) -> None:
    ticket = leave(desk)
    changed(desk, ticket["code"], state=TicketState.ANSWERED, reply="It is not decided.\nAsk again in May.")
    page = desk.client.get(ticket["url"]).text
    assert "Answered by staff" in page
    assert "It is not decided.\nAsk again in May." in page
    assert "There is no reply yet" not in page
    found = desk.client.get(f"{TICKETS}/{ticket['code']}").json()
    assert (found["state"], found["reply"]) == ("answered", "It is not decided.\nAsk again in May.")


def test_markup_in_tickets_is_text(desk: Running) -> None:
    ticket = leave(desk, NASTY, NASTY)
    changed(desk, ticket["code"], reply=NASTY)
    page = desk.client.get(ticket["url"]).text
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("&lt;script&gt;") == 3


def test_nothing_on_the_page_leads_elsewhere(desk: Running) -> None:
    page = desk.client.get(leave(desk)["url"]).text
    assert re.findall(r'(?:src|href)="(?!/|#)([^"]*)"', page) == []
    assert desk.client.head(leave(desk)["url"]).status_code == 200


@pytest.mark.parametrize("path", ["/t", "/t/", "/t/a/b"])
def test_no_code_is_no_ticket(desk: Running, path: str) -> None:
    assert desk.client.get(path, headers={"Accept": "text/html"}).status_code == 404


class Away(MemoryRecords):
    """Records whose store cannot be reached."""

    def ticket(self, code: str) -> Ticket:
        del code
        raise RecordsUnavailableError("The records cannot be read.")

    def open_ticket(self, answer_id: str, message: str | None) -> Ticket:
        del answer_id, message
        raise RecordsUnavailableError("The ticket cannot be kept.")


def test_without_records_it_says_so(desk: Running) -> None:
    desk.service.records = Away()
    for response in (
        desk.client.post(TICKETS, json={"answer_id": "a1"}),
        desk.client.get(f"{TICKETS}/7K3Q-XM9T-0101"),
    ):
        check_error(response, 503, "records_unavailable")
        assert int(response.headers["retry-after"]) >= 1
    page = desk.client.get("/t/7K3Q-XM9T-0101", headers={"Accept-Language": "en"})
    assert (page.status_code, "not lost" in page.text) == (503, True)
    check_private(page)


def test_codes_are_not_logged(desk: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = leave(desk)["code"]
    records = desk.service.records

    class Broken(MemoryRecords):
        def ticket(self, code: str) -> Ticket:
            raise RuntimeError(f"broken at {code}")

    desk.service.records = Broken()
    check_error(desk.client.get(f"{TICKETS}/{code}"), 500, "internal")
    assert desk.client.get(f"/t/{code}").status_code == 500
    desk.service.records = records
    assert desk.client.get(f"/t/{code}").status_code == 200
    places = [record.__dict__["fields"]["where"] for record in caplog.records if record.message == "unexpected_error"]
    assert places == ["/api/v1/tickets/{code}", "/t/{code:path}"]
    ours = [record for record in caplog.records if record.name.startswith("civicbot")]
    lines = [KeyValueFormatter().format(record) for record in ours]
    assert lines
    assert [line for line in lines if code in line] == []
