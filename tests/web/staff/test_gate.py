"""The gate: who is let through to the desk, and where a log-in may lead."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import gradio as gr
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from tests import loops
from tests.review.doors import ADMIN, CLIENT, PASSWORD, Clock, accounts_on
from tests.web.conftest import check_error

from civicbot.records.database import Database
from civicbot.review.access import NotAllowedError, Role
from civicbot.review.accounts import Accounts
from civicbot.web.staff.cookies import SESSION, Cookies
from civicbot.web.staff.gate import HOME, LOGIN, Doorkeeper, StaffGate, actor_of, is_own, safe_goal

SEEN: list[Scope] = []
PAGE = {"Accept": "text/html"}


async def desk(scope: Scope, receive: Receive, send: Send) -> None:
    """Says whose request it is."""
    request = Request(scope)
    SEEN.append(scope)
    await PlainTextResponse(actor_of(request).name, headers={"Cache-Control": "public"})(scope, receive, send)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def accounts(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Accounts]:
    from sqlalchemy import URL

    database = Database(URL.create("sqlite", database=str(tmp_path_factory.mktemp("gate") / "records.sqlite3")))
    accounts = accounts_on(database, clock)
    accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)
    yield accounts
    database.close()


@pytest.fixture
def gate(accounts: Accounts) -> TestClient:
    app = StaffGate(desk, Doorkeeper(accounts.sessions, Cookies(accounts.secret)))
    return TestClient(app, base_url="http://desk.example", follow_redirects=False)


def enter(gate: TestClient, accounts: Accounts) -> None:
    token = accounts.logins.with_password("kim", PASSWORD, CLIENT).token
    response = PlainTextResponse()
    Cookies(accounts.secret).keep_token(response, {"type": "http", "scheme": "http", "headers": []}, token)
    gate.cookies.set(SESSION, response.headers["set-cookie"].split(";")[0].partition("=")[2])


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("/staff/", LOGIN),
        ("/staff/?screen=queue&page=2", f"{LOGIN}?next=/staff/%3Fscreen%3Dqueue%26page%3D2"),
        ("/staff/items/3", f"{LOGIN}?next=/staff/items/3"),
    ],
)
def test_pages_lead_to_the_log_in_page_and_back(gate: TestClient, path: str, leads_to: str) -> None:
    response = gate.get(path, headers=PAGE)
    assert (response.status_code, response.headers["location"]) == (303, leads_to)
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "accept"),
    [
        ("GET", "/staff/gradio_api/queue/data", "text/event-stream"),
        ("GET", "/staff/gradio_api/heartbeat/x", "text/html"),
        ("GET", "/staff/config", "application/json"),
        ("POST", "/staff/gradio_api/queue/join", "*/*"),
        ("POST", "/staff/", "text/html"),
        ("DELETE", "/staff/", "text/html"),
    ],
)
def test_programs_are_told_in_the_error_shape(gate: TestClient, method: str, path: str, accept: str) -> None:
    response = gate.request(method, path, headers={"Accept": accept, "Origin": "http://desk.example"})
    error = check_error(shape(response), 401, "unauthorized")
    assert LOGIN in error["hint"]
    assert response.headers["cache-control"] == "no-store"


def test_staff_are_let_through_and_nothing_is_cached(gate: TestClient, accounts: Accounts) -> None:
    enter(gate, accounts)
    response = gate.get("/staff/", headers=PAGE)
    assert (response.status_code, response.text) == (200, "kim")
    assert response.headers.get_list("cache-control") == ["no-store"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "http://desk.example"}, 200),
        ({"Origin": "https://desk.example"}, 403),
        ({"Origin": "http://desk.example.evil"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://desk.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://desk.example"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
    ],
)
def test_changes_come_from_our_own_pages_only(
    gate: TestClient, accounts: Accounts, headers: dict[str, str], status: int
) -> None:
    enter(gate, accounts)
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        assert gate.request(method, "/staff/x", headers=headers).status_code == status


def test_a_session_that_ends_is_noticed_at_once(gate: TestClient, accounts: Accounts, clock: Clock) -> None:
    enter(gate, accounts)
    clock.go(minutes=59)
    assert gate.get("/staff/", headers=PAGE).status_code == 200
    clock.go(minutes=59)
    assert gate.get("/staff/", headers=PAGE).status_code == 200
    clock.go(minutes=60)
    assert gate.get("/staff/", headers=PAGE).status_code == 303
    enter(gate, accounts)
    accounts.people.disable(ADMIN, "kim")
    assert gate.get("/staff/", headers=PAGE).status_code == 303


def test_what_the_page_loads_by_itself_keeps_nobody_logged_in(accounts: Accounts, clock: Clock) -> None:
    async def quiet(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("asset")(scope, receive, send)

    app = StaffGate(quiet, Doorkeeper(accounts.sessions, Cookies(accounts.secret)))
    client = TestClient(app, base_url="http://desk.example", follow_redirects=False)
    enter(client, accounts)
    statuses = []
    for _ in range(3):
        clock.go(minutes=20)
        statuses.append(client.get("/staff/assets/x.js", headers=PAGE).status_code)
    assert statuses == [200, 200, 303]


def test_without_the_database_programs_are_told(gate: TestClient, accounts: Accounts) -> None:
    enter(gate, accounts)
    file = accounts.sessions._database.file
    assert file is not None
    accounts.sessions._database.close()
    file.rename(file.with_name("hidden"))
    file.mkdir()
    check_error(shape(gate.get("/staff/gradio_api/x")), 503, "records_unavailable")


def shape(response: Any) -> httpx.Response:
    """Starlette's client answers with another package's class of the same form."""
    return httpx.Response(response.status_code, headers=dict(response.headers), content=response.content)


def test_web_sockets_are_not_answered(gate: TestClient, accounts: Accounts) -> None:
    del gate
    told: list[Any] = []

    async def run() -> None:
        async def nothing() -> Any:
            raise AssertionError

        async def send(message: Any) -> None:
            told.append(message)

        app = StaffGate(desk, Doorkeeper(accounts.sessions, Cookies(accounts.secret)))
        await app({"type": "websocket", "path": "/staff/", "headers": []}, nothing, send)

    loops.run(run())
    assert told == []


def test_the_actor_of_gradios_request_is_looked_up_anew(gate: TestClient, accounts: Accounts) -> None:
    enter(gate, accounts)
    gate.get("/staff/", headers=PAGE)
    request = gr.Request(request=Request(SEEN[-1]), session_hash="x")
    assert actor_of(request).role is Role.REVIEWER
    accounts.people.set_role(ADMIN, "kim", Role.ADMIN)
    assert actor_of(request).role is Role.ADMIN
    accounts.people.remove(ADMIN, "kim")
    with pytest.raises(NotAllowedError, match="Nobody is logged in"):
        actor_of(request)


def test_a_request_that_came_past_the_gate_is_nobodys() -> None:
    for request in (Request({"type": "http", "headers": []}), gr.Request(), gr.Request(headers={}), None):
        with pytest.raises(NotAllowedError):
            actor_of(request)


@pytest.mark.parametrize(
    "goal",
    ["/staff/", "/staff/?screen=queue", "/staff/items/3", "/staff/account", "/staff/?q=http://x", "/staff/a?b=%2F..#c"],
)
def test_goals_below_the_desk(goal: str) -> None:
    assert safe_goal(goal) == goal


@pytest.mark.parametrize(
    "goal",
    [
        "", "/", "staff/", "//evil.example", "//evil.example/staff/", "/\\evil.example", "https://evil.example/staff/",
        "javascript:alert(1)", "/staffroom", "/staff/../api", "/staff/./x", "/staff/..", "/staff//evil.example",
        "/staff/%2e%2e/api", "/staff/%2F%2Fevil.example", "/staff/%5Cevil", "/staff\\x", "/staff/\r\nSet-Cookie: a=b",
        "/staff/한글", "/staff/ x", "/staff/login", "/staff/login/", "/staff/logout", "/staff/login?next=/staff/login",
        "/staff/login/oidc", "/staff", " /staff/", "/staff/" + "x" * 2000,
    ],
)  # fmt: skip
def test_other_goals_become_the_first_page(goal: str) -> None:
    assert safe_goal(goal) == HOME


@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                ["/", "\\", "staff", "..", ".", "%2e", "%2f", "evil.example", "http:", "?", "#", "@", ":", "\t"]
            ),
            max_size=12,
        ).map("".join),
        st.text(max_size=40).map(lambda text: "/staff/" + text),
    )
)
@example("/staff/@evil.example")
@example("/staff/?x=//evil.example/../..")
def test_no_goal_leads_elsewhere(told: str) -> None:
    goal = safe_goal(told)
    assert safe_goal(goal) == goal
    # As a browser reads it: white space and control characters left out, backslashes as slashes.
    read = "".join(each for each in goal if each > " ").replace("\\", "/")
    address = urlsplit(read)
    assert (address.scheme, address.netloc) == ("", "")
    assert read.startswith("/staff/")
    steps = unquote(address.path).split("/")
    assert ".." not in steps
    assert "." not in steps
    assert json.dumps(goal).isascii()


def test_two_origins_are_none() -> None:
    scope: Scope = {
        "type": "http",
        "scheme": "http",
        "headers": [
            (b"host", b"desk.example"),
            (b"origin", b"http://desk.example"),
            (b"origin", b"http://desk.example"),
        ],
    }
    assert not is_own(scope)
