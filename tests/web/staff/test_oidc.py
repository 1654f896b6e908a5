"""Logging in through a provider: a real one of the tests' own, which does as it should, or not."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from tests.review.doors import ADMIN
from tests.web.staff.conftest import Site, Visitor, session_cookie, staffed
from tests.web.staff.provider import CLIENT_ID, Provider, new_key

from civicbot.review.access import Action, Role
from civicbot.web.staff.oidc import role_of

START = "/staff/login/oidc"
CHANGED = ("user", "wrong", "header", "broken", "metadata", "codes", "asked")


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    with Provider() as provider:
        yield provider


@pytest.fixture(scope="module")
def server(running: Provider, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server that knows the provider."""
    with staffed(tmp_path_factory.mktemp("site"), **running.settings) as found:
        yield found


@pytest.fixture
def provider(running: Provider) -> Iterator[Provider]:
    """The provider as it is at first; what a test changes is undone."""
    before = copy.deepcopy({name: value for name, value in vars(running).items() if name in CHANGED})
    key, published = running.key, list(running.published)
    yield running
    vars(running).update(before)
    running.key, running.published = key, published


@pytest.fixture
def fresh(provider: Provider, start_site: Callable[..., Site]) -> Visitor:
    """Before a server that has not asked the provider yet."""
    return start_site(**provider.settings).visitor()


def leave(visitor: Visitor, query: str = "") -> str:
    """Goes to the provider and logs in there; returns the address that it sends the browser back to."""
    away = visitor.open(START + query)
    assert away.status_code == 303, away.text
    back = httpx.get(away.headers["location"])
    assert back.status_code == 302
    return str(back.headers["location"])


def come_back(visitor: Visitor, address: str) -> httpx.Response:
    return visitor.client.get(address, headers={"Accept": "text/html", "Sec-Fetch-Site": "cross-site"})


def enter(visitor: Visitor, query: str = "") -> httpx.Response:
    return come_back(visitor, leave(visitor, query))


def refused(response: httpx.Response, status: int, text: str) -> None:
    assert (response.status_code, text in response.text) == (status, True), response.text
    assert "civicbot_staff=" not in response.headers.get("set-cookie", "")


FAILED = "기관 계정 로그인에 실패했습니다."


def test_the_first_log_in_makes_a_user(site: Site, visitor: Visitor, provider: Provider) -> None:
    assert "기관 계정으로 로그인" in visitor.open().text
    response = enter(visitor)
    assert (response.status_code, response.headers["location"]) == (303, "/staff/")
    assert "SameSite=lax" in session_cookie(response)
    assert visitor.open("/staff/account").text.count("lee") == 1
    (lee,) = (person for person in site.accounts.people.everybody(ADMIN) if person.external)
    assert (lee.name, lee.role) == ("lee", Role.REVIEWER)
    asked = provider.asked[0]
    assert asked["response_type"] == "code"
    assert asked["client_id"] == CLIENT_ID
    assert asked["scope"].split() == ["openid", "profile", "email"]
    assert asked["redirect_uri"] == f"{site.origin}{START}/callback"
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 32
    assert len(asked["nonce"]) >= 32
    assert asked["state"] != asked["nonce"]
    assert site.accounts.audit.entries(ADMIN, action=Action.LOG_IN)[0].details["how"] == "oidc"


def test_it_leads_to_where_somebody_was_going(visitor: Visitor) -> None:
    assert enter(visitor, "?next=/staff/items/3").headers["location"] == "/staff/items/3"
    visitor.client.cookies.clear()
    assert enter(visitor, "?next=https://evil.example/").headers["location"] == "/staff/"
    visitor.client.cookies.clear()
    assert enter(visitor, "?lang=en").headers["location"] == "/staff/?lang=en"
    visitor.client.cookies.clear()
    assert enter(visitor, "?lang=en&next=/staff/items/3%3Fx=1").headers["location"] == "/staff/items/3?x=1&lang=en"


@pytest.mark.parametrize(
    ("roles", "role"),
    [(["staff", "chiefs"], Role.ADMIN), ("chiefs", Role.ADMIN), (["others", "staff"], Role.REVIEWER)],
)
def test_roles_are_mapped(site: Site, visitor: Visitor, provider: Provider, roles: object, role: Role) -> None:
    provider.user["roles"] = roles
    assert enter(visitor).status_code == 303
    assert {person.role for person in site.accounts.people.everybody(ADMIN) if person.external} == {role}


@pytest.mark.parametrize("roles", [None, [], ["others"], "", 7, {"staff": True}, [["staff"]]])
def test_nobody_gets_in_without_a_role(visitor: Visitor, provider: Provider, roles: object) -> None:
    provider.user["roles"] = roles
    refused(enter(visitor), 403, "직원 화면을 쓸 권한이 없습니다")


def test_a_disabled_user_is_refused(site: Site, visitor: Visitor) -> None:
    enter(visitor)
    site.accounts.people.disable(ADMIN, "lee")
    visitor.client.cookies.clear()
    refused(enter(visitor, "?lang=en"), 403, "This account is disabled.")


def test_nobody_becomes_a_user_with_a_password(visitor: Visitor, provider: Provider) -> None:
    provider.user["preferred_username"] = "kim"
    refused(enter(visitor), 403, "같은 아이디를 쓰는 다른 계정")


@pytest.mark.parametrize(
    "wrong",
    [
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT_ID, "another"]},
        {"aud": [CLIENT_ID], "azp": "another"},
        {"iss": "http://evil.example"},
        {"iss": None},
        {"exp": -3600},
        {"exp": None},
        {"iat": 3600},
        {"nbf": 3600},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
    ],
    ids=str,
)
def test_a_wrong_token_is_refused(site: Site, visitor: Visitor, provider: Provider, wrong: dict[str, Any]) -> None:
    # Times are seconds from now: a test's name must not change with the clock.
    now = int(time.time())
    provider.wrong = {name: now + value if isinstance(value, int) else value for name, value in wrong.items()}
    refused(enter(visitor), 403, FAILED)
    assert not any(person.external for person in site.accounts.people.everybody(ADMIN))


def test_a_wrong_signature_is_refused(visitor: Visitor, provider: Provider) -> None:
    provider.key = new_key("one")
    refused(enter(visitor), 403, FAILED)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_signature_that_proves_nothing_is_refused(visitor: Visitor, provider: Provider, algorithm: str) -> None:
    provider.header = {"alg": algorithm}
    refused(enter(visitor), 403, FAILED)


def test_new_keys_of_the_provider_are_fetched(visitor: Visitor, provider: Provider) -> None:
    assert enter(visitor).status_code == 303
    provider.key = new_key("two")
    provider.published = [provider.key]
    visitor.client.cookies.clear()
    assert enter(visitor).status_code == 303


def test_a_way_back_works_once(visitor: Visitor, provider: Provider) -> None:
    address = leave(visitor)
    kept = dict(visitor.client.cookies)
    assert come_back(visitor, address).status_code == 303
    assert "civicbot_flow" not in visitor.client.cookies
    visitor.client.cookies.clear()
    for name, value in kept.items():
        visitor.client.cookies.set(name, value)
    provider.codes["again"] = provider.asked[0]
    state = parse_qs(urlsplit(address).query)["state"][0]
    refused(come_back(visitor, f"{START}/callback?code=again&state={state}"), 400, "처음부터 다시 로그인")


def test_a_way_back_belongs_to_its_browser(site: Site, visitor: Visitor) -> None:
    address = leave(visitor)
    refused(come_back(site.visitor(), address), 400, "처음부터 다시 로그인")
    other = site.visitor()
    leave(other)
    refused(come_back(other, address), 400, "처음부터 다시 로그인")


def test_a_way_back_that_took_too_long(site: Site, visitor: Visitor) -> None:
    address = leave(visitor)
    site.clock.go(minutes=10, seconds=1)
    refused(come_back(visitor, address), 400, "처음부터 다시 로그인")


@pytest.mark.parametrize("query", ["", "?code=x", "?state=x&code=x", "?state=%ED%95%9C&code=x"])
def test_a_way_back_from_nowhere(visitor: Visitor, query: str) -> None:
    refused(visitor.open(f"{START}/callback{query}"), 400, "처음부터 다시 로그인")


def test_who_cancels_at_the_provider_is_told(visitor: Visitor) -> None:
    state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
    refused(come_back(visitor, f"{START}/callback?error=access_denied&state={state}"), 403, "취소했거나 거절")


def test_a_code_of_somebody_else_is_refused(visitor: Visitor, provider: Provider) -> None:
    state = parse_qs(urlsplit(leave(visitor)).query)["state"][0]
    provider.codes["theirs"] = {**provider.asked[0], "code_challenge": "another"}
    refused(come_back(visitor, f"{START}/callback?code=theirs&state={state}"), 403, FAILED)


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/keys"])
def test_a_provider_that_is_down(fresh: Visitor, provider: Provider, path: str) -> None:
    provider.broken = {path}
    response = fresh.open(START)
    if response.status_code == 303:
        response = come_back(fresh, str(httpx.get(response.headers["location"]).headers["location"]))
    refused(response, 403, FAILED)


@pytest.mark.parametrize(
    "metadata",
    [{"issuer": "http://evil.example"}, {"authorization_endpoint": "ftp://x"}, {"authorization_endpoint": None}],
    ids=str,
)
def test_a_provider_that_says_something_odd_of_itself(
    fresh: Visitor, provider: Provider, metadata: dict[str, Any]
) -> None:
    provider.metadata = metadata
    refused(fresh.open(START), 403, FAILED)


@pytest.mark.parametrize(
    ("claims", "path", "role"),
    [
        ({"roles": ["a"]}, "roles", Role.REVIEWER),
        ({"realm_access": {"roles": ["b", "a"]}}, "realm_access.roles", Role.ADMIN),
        ({"https://city.example/roles": ["a"]}, "https://city.example/roles", Role.REVIEWER),
        ({"realm_access": ["a"]}, "realm_access.roles", None),
        ({}, "roles", None),
    ],
)
def test_where_roles_stand(claims: dict[str, Any], path: str, role: Role | None) -> None:
    assert role_of(claims, path, {"a": Role.REVIEWER, "b": Role.ADMIN}) is role


def test_without_a_provider_there_is_no_way_to_one(start_site: Callable[..., Site]) -> None:
    visitor = start_site().visitor()
    assert visitor.open(START).status_code == 404
    assert START not in visitor.open().text
