from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.web.conftest import Running, check_error

from civicbot.web.errors import RateLimitedError
from civicbot.web.limits import RateLimit


def test_a_client_has_so_many_questions_a_minute() -> None:
    limit = RateLimit(2)
    limit.hit("a")
    assert not limit.exhausted("a")
    limit.hit("a")
    assert limit.exhausted("a")
    with pytest.raises(RateLimitedError) as caught:
        limit.hit("a")
    assert 1 <= caught.value.retry_after <= 60
    limit.hit("b")


def test_no_limit_never_ends() -> None:
    limit = RateLimit(None)
    for _ in range(100):
        limit.hit("a")
    assert not limit.exhausted("a")


def test_only_asking_counts(start_site: Callable[..., Running]) -> None:
    site = start_site(rate_limit="2")
    answer = site.ask().json()["id"]
    for _ in range(5):
        assert site.client.get("/api/v1/documents/S012-ko").status_code == 200
        assert site.client.post(f"/api/v1/answers/{answer}/feedback", json={"helpful": True}).status_code == 204
        check_error(site.ask(""), 422)
    assert site.ask().status_code == 200
    refused = site.ask()
    check_error(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    forged = {"X-Forwarded-For": "198.51.100.7", "Forwarded": "for=198.51.100.7"}
    check_error(site.client.post("/api/v1/answers", json={"question": "How much?"}, headers=forged), 429)
    events = site.client.post("/api/v1/answers", json={"question": "How?"}, headers={"Accept": "text/event-stream"})
    check_error(events, 429)


def test_the_page_and_the_api_share_the_limit(start_site: Callable[..., Running]) -> None:
    site = start_site(rate_limit="3")
    functions = site.client.get("/config").json()["dependencies"]
    asking = next(one["id"] for one in functions if one["api_name"] == "asked")
    quiet = next(one["id"] for one in functions if one["api_name"] == "switched")

    def join(function: object) -> int:
        call = {"data": ["How much?", "en", None], "fn_index": function, "session_hash": "tests"}
        return site.client.post("/gradio_api/queue/join", json=call).status_code

    assert site.ask().status_code == 200
    assert join(quiet) == 200
    assert join(asking) == 200
    assert join(str(asking)) != 429  # odd, and counted as a question
    assert join(asking) == 429
    assert join(str(quiet)) == 429
    assert join(None) == 429
    check_error(site.ask(), 429)
    assert join(quiet) == 200


def test_cheap_events_are_limited_too(start_site: Callable[..., Running]) -> None:
    site = start_site(rate_limit="1")
    functions = site.client.get("/config").json()["dependencies"]
    quiet = next(one["id"] for one in functions if one["api_name"] == "restarted")
    call = {"data": ["en"], "fn_index": quiet, "session_hash": "tests"}
    statuses = [site.client.post("/gradio_api/queue/join", json=call).status_code for _ in range(11)]
    assert statuses == [200] * 10 + [429]


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/run/asked",
        "/gradio_api/api/asked",
        "/gradio_api/call/asked",
        "/gradio_api/call/v2/asked",
        "/gradio_api/queue/join/",
        "/gradio_api/upload",
        "/gradio_api/component_server",
        "/gradio_api/vibe-edit",
        "/login",
    ],
)
def test_gradios_side_doors_are_shut(site: Running, path: str) -> None:
    check_error(site.client.post(path, json={"data": ["How much?", "en", None]}), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/info",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=https://x.example/",
        "/monitoring",
        "/runs",
    ],
)
def test_gradios_side_windows_are_shut(site: Running, path: str) -> None:
    check_error(site.client.get(path), 404)
