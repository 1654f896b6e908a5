from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from mcp import Client, MCPError
from mcp_types import CallToolResult
from tests.web.conftest import Running, check_error
from tests.web.mcp.calls import MODES, call, code, given, said, with_client

from civicbot.settings import load_settings
from civicbot.web.bodies import LIMIT

START = Callable[..., Running]

ASK = {"question": "What does it cost?"}
HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


def message(tool: str = "ask", arguments: dict[str, Any] | None = None) -> dict[str, Any]:
    """A call as clients that begin with a handshake send it; it needs none."""
    params = {"name": tool, "arguments": ASK if arguments is None else arguments}
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}


def post(site: Running, **headers: str) -> httpx.Response:
    return site.client.post("/mcp", json=message(), headers=HEADERS | headers)


def test_it_is_off_unless_it_is_switched_on(site: Running) -> None:
    for response in (post(site), site.client.get("/mcp"), site.client.delete("/mcp")):
        check_error(response, 404)
    with pytest.raises((MCPError, ExceptionGroup)):
        with_client(site.port, lambda client: client.list_tools())


def test_a_call_is_complete_in_itself_and_answered_with_json(tools: Running) -> None:
    response = post(tools)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    assert "mcp-session-id" not in response.headers
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.json()["result"]["structuredContent"]["status"] == "answered"


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT", "PATCH", "OPTIONS"])
def test_there_is_no_stream_and_no_session(tools: Running, method: str) -> None:
    response = tools.client.request(method, "/mcp", headers={"Accept": "text/event-stream"})
    check_error(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize("path", ["/mcp/", "/mcp/x", "/mcp//"])
def test_nothing_lies_below(tools: Running, path: str) -> None:
    check_error(tools.client.post(path, json=message(), headers=HEADERS), 404)


def test_another_media_type_is_415(tools: Running) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""):
        check_error(tools.client.post("/mcp", content=json.dumps(message()), headers={"Content-Type": kind}), 415)
    assert post(tools, **{"Content-Type": "application/json; charset=utf-8"}).status_code == 200


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"7", b'{"jsonrpc": "2.0"}', b"[" * 60_000, b'{"jsonrpc":"2.0","id":1,"method":7}']
)
def test_what_is_no_message_is_refused(tools: Running, body: bytes) -> None:
    response = tools.client.post("/mcp", content=body, headers=HEADERS)
    assert 400 <= response.status_code < 500
    assert "Traceback" not in response.text


def test_a_body_that_is_too_long_is_refused_before_it_is_read(tools: Running) -> None:
    body = json.dumps(message(arguments={"question": "x" * LIMIT}))
    check_error(tools.client.post("/mcp", content=body, headers=HEADERS), 413, "too_large")


# ------------------------------------------------------------------ who may call


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", "http://127.0.0.1", "http://localhost:6274"])
def test_pages_of_others_may_not_call(tools: Running, origin: str) -> None:
    check_error(post(tools, Origin=origin), 403, "forbidden_origin")
    preflight = tools.client.options("/mcp", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    check_error(preflight, 403)
    assert "access-control-allow-origin" not in preflight.headers


def test_our_own_origin_may(tools: Running) -> None:
    assert post(tools, Origin=f"http://127.0.0.1:{tools.port}").status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "localhost.evil.example"]
)
def test_a_name_that_is_not_ours_is_refused(tools: Running, host: str) -> None:
    # A page whose name was bound to this machine's address afterwards: its origin and its host agree.
    before = refusals(tools, "host")
    check_error(post(tools, Host=host), 421, "unknown_host")
    check_error(post(tools, Host=host, Origin=f"http://{host}"), 421, "unknown_host")
    assert refusals(tools, "host") == before + 2


def refusals(site: Running, reason: str) -> float:
    for line in site.client.get("/metrics").text.splitlines():
        if line.startswith(f'civicbot_rejected_total{{reason="{reason}"}}'):
            return float(line.split()[-1])
    return 0.0


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000"])
def test_the_names_of_this_machine_are_ours(tools: Running, host: str) -> None:
    assert post(tools, Host=host).status_code == 200


def test_further_names_are_a_setting_and_a_trusted_proxy_tells_them(start_site: START) -> None:
    site = start_site(mcp=True, mcp_hosts="Ask.city.example, other.example", trusted_proxies="127.0.0.1")
    assert post(site, Host="ask.city.example").status_code == 200
    assert post(site, Host="other.example:8443").status_code == 200
    assert post(site, **{"X-Forwarded-Host": "ask.city.example", "X-Forwarded-Proto": "https"}).status_code == 200
    check_error(post(site, **{"X-Forwarded-Host": "evil.example"}), 421)
    bare = start_site(mcp=True)
    check_error(post(bare, Host="ask.city.example"), 421)
    assert post(bare, **{"X-Forwarded-Host": "evil.example"}).status_code == 200


def test_a_registered_site_may_not_call_from_its_pages_and_programs_may_for_it(start_site: START) -> None:
    site = start_site(mcp=True)
    page = "https://www.example.go.kr"
    site.service.book.add("buk-gu", origins=(page,))
    check_error(post(site, Origin=page), 403)
    check_error(post(site, Origin=page, **{"Civicbot-Site": "buk-gu"}), 403)
    check_error(post(site, **{"Civicbot-Site": "nobody"}), 403)
    answer = post(site, **{"Civicbot-Site": "buk-gu"}).json()["result"]["structuredContent"]
    (kept,) = site.service.records.conversation(answer["conversation_id"])
    assert (kept.channel, kept.site) == ("mcp", "buk-gu")


# ------------------------------------------------------------------ limits


@pytest.mark.parametrize("mode", MODES)
def test_the_limit_is_that_of_the_api(start_site: START, mode: str) -> None:
    site = start_site(mcp=True, rate_limit="3")
    assert site.ask().status_code == 200
    assert given(call(site, "ask", mode, **ASK))["status"] == "answered"
    assert given(call(site, "search_library", mode, query="cost"))["passages"]
    result = call(site, "ask", mode, **ASK)
    assert code(result) == "rate_limited"
    assert "seconds" in said(result)
    check_error(site.ask(), 429)
    assert given(call(site, "get_document", mode, document_id="S012-ko"))["id"] == "S012-ko"


def test_the_limit_goes_by_the_client_that_the_proxy_saw(start_site: START) -> None:
    site = start_site(mcp=True, rate_limit="1", trusted_proxies="127.0.0.1")

    def failed(client: str) -> bool:
        result = post(site, **{"X-Forwarded-For": client}).json()["result"]
        return bool(result.get("isError", False))

    assert [failed(client) for client in ("203.0.113.1", "203.0.113.2", "203.0.113.1")] == [False, False, True]


def test_eight_ask_at_once(tools: Running) -> None:
    async def all_of_them(client: Client) -> list[CallToolResult]:
        questions = ["What does it cost?", "AI 모빌리티 총사업비는?"] * 4
        return await asyncio.gather(*(client.call_tool("ask", {"question": one}) for one in questions))

    for mode in MODES:
        results = [given(one) for one in with_client(tools.port, all_of_them, mode)]
        assert [one["language"] for one in results] == ["en", "ko"] * 4
        assert len({one["id"] for one in results}) == 8


def test_logs_hold_no_question(tools: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", "civicbot")
    call(tools, "ask", question="Where does Hong Gildong of 010-1234-5678 live?")
    call(tools, "ask", question="Where does Hong Gildong live?", language="xx")
    call(tools, "search_library", query="Hong Gildong")
    told = [one for one in caplog.records if one.message == "answered"]
    assert [getattr(one, "fields", {})["channel"] for one in told] == ["mcp"]
    ours = [one for one in caplog.records if one.name.startswith("civicbot")]
    assert not any("Hong" in f"{one.getMessage()} {one.__dict__}" for one in ours)


# ------------------------------------------------------------------ the settings


def test_the_names_are_those_of_this_machine_the_address_and_the_settings() -> None:
    assert load_settings().mcp is False
    own = ("localhost", "127.0.0.1", "[::1]")
    assert load_settings().mcp_names == own
    assert load_settings(host="0.0.0.0", mcp_hosts=" ").mcp_names == own
    assert load_settings(host="192.0.2.7", mcp_hosts="A.example,a.example").mcp_names == (
        *own,
        "192.0.2.7",
        "a.example",
    )
    assert load_settings(host="2001:db8::1").mcp_names == (*own, "[2001:db8::1]")
