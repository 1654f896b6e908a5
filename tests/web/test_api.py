from __future__ import annotations

import re

import httpx
import pytest
from tests.web.conftest import Running, check_error
from tests.web.double import CONTACT, DOCUMENTS, KO_COST

from civicbot.model import Answer

ANSWERS = "/api/v1/answers"


def test_an_answer_is_the_contracts_object(site: Running) -> None:
    response = site.ask("AI 모빌리티 국가시범도시 총사업비가 얼마야?")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    answer = response.json()
    assert set(answer) == set(Answer.model_fields)
    assert Answer.model_validate_json(response.text).status == "answered"
    assert answer["language"] == "ko"
    assert answer["as_of"] == "2025-12-02"
    assert answer["citations"][0] | {"number": 1, "quote": KO_COST, "published": "2025-08-17"} == answer["citations"][0]
    numbers = {citation["number"] for citation in answer["citations"]}
    assert all(sentence["citations"] and set(sentence["citations"]) <= numbers for sentence in answer["sentences"])
    assert re.findall(r"\[(\d)\]", answer["text"]) == ["1", "2", "3"]


def test_the_language_asked_for_wins(site: Running) -> None:
    assert site.ask("AI 모빌리티", language="en").json()["language"] == "en"
    assert site.ask("AI 모빌리티", language=None).json()["language"] == "ko"


def test_a_non_answer_names_the_contact(site: Running) -> None:
    answer = site.ask("What is the price of a flat?").json()
    assert (answer["status"], answer["sentences"], answer["contact"]) == ("no_evidence", [], CONTACT)


def test_a_follow_up_keeps_its_conversation(site: Running) -> None:
    first = site.ask().json()
    second = site.ask("And when?", conversation_id=first["conversation_id"]).json()
    assert second["conversation_id"] == first["conversation_id"]
    assert second["id"] != first["id"]


def test_an_unknown_conversation_is_404(site: Running) -> None:
    check_error(site.ask(conversation_id="nobody"), 404, "unknown_conversation")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \n\t\u3000"}, "question"),
        ({"question": "x" * 1001}, "question"),
        ({"question": None}, "question"),
        ({"question": 7}, "question"),
        ({"question": ["How much?"]}, "question"),
        ({"question": "How much?", "language": "fr"}, "language"),
        ({"question": "How much?", "language": "KO"}, "language"),
        ({"question": "How much?", "language": ""}, "language"),
        ({"question": "How much?", "conversation_id": 5}, "conversation_id"),
        ({"question": "How much?", "conversation_id": "x" * 101}, "conversation_id"),
        ({"question": "How much?", "temperature": 1}, "temperature"),
    ],
)
def test_a_field_that_cannot_be_used_is_422_and_named(site: Running, body: dict[str, object], field: str) -> None:
    error = check_error(site.client.post(ANSWERS, json=body), 422, "invalid_request")
    assert field in error["message"]
    assert "xxx" not in error["message"]


def test_invisible_characters_alone_are_no_question(site: Running) -> None:
    check_error(site.ask("\u200b\u200b"), 422, "invalid_question")


def test_a_thousand_characters_may_be_asked(site: Running) -> None:
    assert site.ask("가" * 1000).status_code == 200


@pytest.mark.parametrize("body", [b"[]", b'"How much?"', b"null", b"5"])
def test_json_that_is_no_object_is_422(site: Running, body: bytes) -> None:
    check_error(site.client.post(ANSWERS, content=body, headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"{'question': 'x'}", b"question=x", b'{"question": "\xff"}', b"[" * 60_000]
)
def test_what_is_not_json_is_400_or_at_least_refused(site: Running, body: bytes) -> None:
    response = site.client.post(ANSWERS, content=body, headers={"Content-Type": "application/json"})
    check_error(response, 422 if body == b"" else 400)


def test_half_a_character_is_refused(site: Running) -> None:
    body = b'{"question": "\\ud800 how much?"}'
    check_error(site.client.post(ANSWERS, content=body, headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize(
    "kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "json"]
)
def test_another_media_type_is_415(site: Running, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    check_error(site.client.post(ANSWERS, content=b'{"question": "How much?"}', headers=headers), 415)


def test_a_charset_does_no_harm(site: Running) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert site.client.post(ANSWERS, content=b'{"question": "How much?"}', headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", ANSWERS, "POST"),
        ("DELETE", ANSWERS, "POST"),
        ("OPTIONS", ANSWERS, "POST"),
        ("POST", "/api/v1/documents/S012-ko", "GET"),
        ("GET", "/api/v1/answers/a1/feedback", "POST"),
        ("POST", "/healthz", "GET"),
        ("DELETE", "/readyz", "GET"),
        ("POST", "/metrics", "GET"),
        ("POST", "/documents/S012-ko", "GET, HEAD"),
        ("GET", "/api/v1/tickets", "POST"),
        ("DELETE", "/api/v1/tickets/7K3Q-XM9T-2B2B", "GET"),
        ("POST", "/t/7K3Q-XM9T-2B2B", "GET, HEAD"),
    ],
)
def test_the_wrong_method_is_405_with_allow(site: Running, method: str, path: str, allowed: str) -> None:
    response = site.client.request(method, path)
    check_error(response, 405, "method_not_allowed")
    assert response.headers["allow"] == allowed


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v2/answers", "/api/v1/answers/", "/api/v1/nothing/else"]
)
def test_nothing_there_is_404(site: Running, method: str, path: str) -> None:
    check_error(site.client.request(method, path), 404, "not_found")


def test_an_unexpected_error_tells_nothing_and_is_logged(site: Running, caplog: pytest.LogCaptureFixture) -> None:
    error = check_error(site.ask("boom goes the 42nd"), 500, "internal")
    assert "secret" not in str(error)
    record = next(one for one in caplog.records if one.message == "unexpected_error")
    assert record.__dict__["fields"]["error_id"] in error["hint"]


def test_a_document_is_plain_text_with_its_source(site: Running) -> None:
    body = site.client.get("/api/v1/documents/S012-ko").json()
    document = DOCUMENTS["S012-ko"]
    assert body == {
        "id": "S012-ko",
        "title": document.title,
        "language": "ko",
        "kind": "source",
        "publisher": "광주광역시",
        "published": "2025-08-17",
        "url": "https://news.example/12",
        "text": document.text,
    }
    assert KO_COST in body["text"]


@pytest.mark.parametrize("identifier", ["S999-ko", "..%2f..%2fetc%2fpasswd", "%00", "광주"])
def test_an_unknown_document_is_404(site: Running, identifier: str) -> None:
    check_error(site.client.get(f"/api/v1/documents/{identifier}"), 404)


def feedback(site: Running, answer: str, body: object) -> httpx.Response:
    return site.client.post(f"/api/v1/answers/{answer}/feedback", json=body)


def test_feedback_is_kept(site: Running) -> None:
    answer = site.ask().json()["id"]
    response = feedback(site, answer, {"helpful": False, "reasons": ["wrong"], "comment": "No."})
    assert (response.status_code, response.content) == (204, b"")
    kept = site.service.records.feedback(answer)
    assert kept is not None
    assert (kept.helpful, kept.reasons, kept.comment) == (False, ("wrong",), "No.")
    assert feedback(site, answer, {"helpful": True}).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"helpful": "yes"},
        {"helpful": 1},
        {"helpful": True, "reasons": "wrong"},
        {"helpful": True, "reasons": [1]},
        {"helpful": True, "comment": "x" * 2001},
        {"helpful": True, "stars": 5},
    ],
)
def test_feedback_that_cannot_be_used_is_422(site: Running, body: object) -> None:
    check_error(feedback(site, site.ask().json()["id"], body), 422)


def test_feedback_on_an_unknown_answer_is_404(site: Running) -> None:
    check_error(feedback(site, "nobody", {"helpful": True}), 404, "unknown_answer")


def test_the_openapi_document_is_true(site: Running) -> None:
    described = site.client.get("/openapi.json").json()
    post = described["paths"][ANSWERS]["post"]
    assert set(post["responses"]) == {"200", "400", "403", "404", "413", "415", "422", "429", "500", "503"}
    assert set(post["responses"]["200"]["content"]) == {"application/json", "text/event-stream"}
    for path, operations in described["paths"].items():
        if not path.startswith("/api/"):
            continue
        for operation in operations.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert response["content"]["application/json"]["schema"]["$ref"].endswith("/ErrorBody")
    schemas = described["components"]["schemas"]
    assert set(schemas["Answer"]["properties"]) == set(site.ask().json())
    assert (
        schemas["QuestionBody"]["properties"]["question"] | {"minLength": 1, "maxLength": 1000}
        == (schemas["QuestionBody"]["properties"]["question"])
    )
    assert schemas["QuestionBody"]["additionalProperties"] is False
    assert "HTTPValidationError" not in schemas
    assert set(described["paths"]) == {
        ANSWERS,
        "/api/v1/answers/{answer_id}/feedback",
        "/api/v1/conversations/{conversation_id}",
        "/api/v1/sites/{name}",
        "/api/v1/documents/{document_id}",
        "/api/v1/tickets",
        "/api/v1/tickets/{code}",
        "/transparency.json",
        "/healthz",
        "/readyz",
        "/metrics",
    }


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_pages_that_load_from_elsewhere_are_gone(site: Running, path: str) -> None:
    assert site.client.get(path).status_code == 404
