"""The log-in page, logging out and one's own account, as a browser without scripts sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.review.doors import ADMIN, PASSWORD
from tests.web.conftest import check_error
from tests.web.staff.conftest import Site, Visitor, session_cookie

from civicbot.review.access import Action, Role
from civicbot.web.staff.door import POLICY
from civicbot.web.staff.login_texts import load_login_texts

OTHER = "우산 기차 소나무 달력"
TEXTS = load_login_texts()
KO = TEXTS["ko"]


def said(response: httpx.Response, status: int, text: str) -> None:
    assert response.status_code == status, response.text
    assert f'role="alert">{text}</p>' in response.text, response.text
    assert "<title>오류: " in response.text


def test_the_page(visitor: Visitor) -> None:
    response = visitor.open()
    assert response.status_code == 200
    assert '<html lang="ko">' in response.text
    assert "<script" not in response.text
    assert response.headers["content-security-policy"] == POLICY
    assert "form-action 'self'" in POLICY
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-robots-tag"] == "noindex, nofollow"
    assert 'autocomplete="current-password"' in response.text


def test_korean_whatever_the_browser_prefers_and_english_by_switch(visitor: Visitor) -> None:
    assert KO.page.title in visitor.open(**{"Accept-Language": "en"}).text
    page = visitor.open("/staff/login?lang=en&next=/staff/items/3").text
    assert "<h1>Staff log-in</h1>" in page
    assert 'href="/staff/login?next=%2Fstaff%2Fitems%2F3&amp;lang=ko"' in page
    response = visitor.send("/staff/login", name="kim", password="wrong")
    assert "The name or the password is wrong." in response.text


def test_logging_in_and_out(site: Site, visitor: Visitor) -> None:
    assert visitor.open("/staff/account").headers["location"] == "/staff/login?next=/staff/account"
    response = visitor.log_in()
    assert (response.status_code, response.headers["location"]) == (303, "/staff/")
    assert response.headers["cache-control"] == "no-store"
    assert set(session_cookie(response).split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=lax"}
    page = visitor.open("/staff/account")
    assert page.status_code == 200
    assert KO.account.roles.reviewer in page.text
    assert visitor.open("/staff/login").headers["location"] == "/staff/"
    left = visitor.send("/staff/logout")
    assert left.headers["location"] == "/staff/login?notice=left&lang=ko"
    assert "Max-Age=0" in session_cookie(left)
    assert KO.notices.left in visitor.open(left.headers["location"]).text
    assert visitor.open("/staff/account").status_code == 303
    assert [entry.action for entry in site.accounts.audit.entries(ADMIN, limit=2)] == [Action.LOG_OUT, Action.LOG_IN]


def test_a_stolen_cookie_is_worth_nothing_after_logging_out(site: Site, visitor: Visitor) -> None:
    visitor.log_in()
    stolen = site.visitor()
    stolen.client.cookies.update(visitor.client.cookies)
    assert stolen.open("/staff/account").status_code == 200
    visitor.send("/staff/logout")
    assert stolen.open("/staff/account").status_code == 303


def test_over_tls_the_cookies_are_bound_to_the_host(start_site: Callable[..., Site]) -> None:
    site = start_site(trusted_proxies="127.0.0.1")
    visitor = site.visitor(**{"X-Forwarded-Proto": "https", "X-Forwarded-Host": "desk.example"})
    visitor.origin = "https://desk.example"
    page = visitor.open()
    cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-civicbot_visitor=")
    assert "; Secure" in cookie
    visitor.client.headers["Cookie"] = cookie.split(";")[0]
    response = visitor.send("/staff/login", name="kim", password=PASSWORD)
    assert response.status_code == 303, response.text
    assert session_cookie(response).startswith("__Host-civicbot_staff=")
    assert "; Secure" in session_cookie(response)


def test_a_log_in_makes_a_new_session_and_ends_the_old(site: Site, visitor: Visitor) -> None:
    first = session_cookie(visitor.log_in())
    old = site.visitor()
    old.client.cookies.update(visitor.client.cookies)
    visitor.open("/staff/account")
    visitor.client.cookies.delete("civicbot_staff")
    visitor.open()
    visitor.client.cookies.set("civicbot_staff", old.client.cookies["civicbot_staff"])
    second = session_cookie(visitor.send("/staff/login", name="kim", password=PASSWORD))
    assert first.split(";")[0] != second.split(";")[0]
    assert old.open("/staff/account").status_code == 303


@pytest.mark.parametrize(
    ("goal", "leads_to"),
    [
        ("/staff/items/3?x=1", "/staff/items/3?x=1"),
        ("//evil.example", "/staff/"),
        ("https://evil.example/staff/", "/staff/"),
        ("/staff/../api", "/staff/"),
        ("/staff/\r\nX: y", "/staff/"),
    ],
)
def test_where_a_log_in_leads(visitor: Visitor, goal: str, leads_to: str) -> None:
    assert visitor.log_in(goal=goal).headers["location"] == leads_to
    assert str(visitor.client.get("/staff/login", params={"next": goal}).headers["location"]) == leads_to


def test_a_goal_that_is_put_into_the_form_is_looked_at_again(visitor: Visitor) -> None:
    visitor.open()
    response = visitor.send("/staff/login", name="kim", password=PASSWORD, next="https://evil.example")
    assert response.headers["location"] == "/staff/"


def test_a_wrong_password_keeps_the_name_and_escapes_it(visitor: Visitor) -> None:
    said(visitor.log_in(password="wrong"), 401, KO.problems.log_in)
    response = visitor.log_in(name='"><script>alert(1)</script>')
    said(response, 401, KO.problems.log_in)
    assert "<script" not in response.text
    assert "wrong" not in response.text


def test_the_same_page_for_a_name_that_nobody_has(site: Site) -> None:
    def page(name: str) -> str:
        text = site.visitor().log_in(name=name, password="wrong").text
        return re.sub(r'value="[^"]*"', "", text)

    assert page("kim") == page("nobody")


def test_names_are_locked_and_unlocked_by_time(site: Site, visitor: Visitor) -> None:
    for name in ("kim", "nobody"):
        for _ in range(4):
            said(visitor.log_in(name, "wrong"), 401, KO.problems.log_in)
        said(visitor.log_in(name, "wrong"), 401, KO.problems.log_in_locked.format(minutes=1))
        locked = visitor.log_in(name)
        said(locked, 429, KO.problems.locked_out.format(minutes=1))
        assert locked.headers["retry-after"] == "60"
    site.clock.go(minutes=1)
    assert visitor.log_in().status_code == 303


def test_one_client_has_few_tries(start_site: Callable[..., Site]) -> None:
    visitor = start_site(staff_login_limit=3).visitor()
    for _ in range(3):
        visitor.log_in("someone", "wrong")
    response = visitor.log_in()
    said(response, 429, KO.problems.too_many)
    assert 1 <= int(response.headers["retry-after"]) <= 60
    metrics = visitor.client.get("/metrics").text
    assert 'civicbot_rejected_total{reason="login"} 1.0' in metrics


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"form": ""}, "form"),
        ({"form": "x.y"}, "form"),
        ({"name": " "}, "empty"),
        ({"password": ""}, "empty"),
    ],
)
def test_forms_that_are_not_looked_at(visitor: Visitor, change: dict[str, str], problem: str) -> None:
    visitor.open()
    given: dict[str, Any] = {"name": "kim", "password": PASSWORD, **change}
    response = visitor.send("/staff/login", **given)
    said(response, 422 if problem == "empty" else 403, getattr(KO.problems, problem))


def test_a_form_of_another_browser_is_refused(site: Site, visitor: Visitor) -> None:
    other = site.visitor()
    other.open()
    visitor.open()
    visitor.fields = other.fields
    said(visitor.send("/staff/login", name="kim", password=PASSWORD), 403, KO.problems.form)


def test_without_cookies_somebody_is_told(visitor: Visitor) -> None:
    visitor.open()
    visitor.client.cookies.clear()
    said(visitor.send("/staff/login", name="kim", password=PASSWORD), 403, KO.problems.cookies)


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
    ids=str,
)
def test_a_form_of_another_site_is_refused(visitor: Visitor, headers: dict[str, str]) -> None:
    visitor.open()
    said(visitor.send("/staff/login", headers=headers, name="kim", password=PASSWORD), 403, KO.problems.foreign)
    visitor.log_in()
    visitor.open("/staff/account")
    said(visitor.send("/staff/logout", headers=headers), 403, KO.problems.foreign)
    assert visitor.open("/staff/account").status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"name=kim", b"&".join([b"a=b"] * 100), b'{"name": "kim"}', b"name=%ED%A0%80&password=x"],
)
def test_bodies_that_are_no_form(visitor: Visitor, content: bytes) -> None:
    visitor.open()
    for kind in ("application/x-www-form-urlencoded", "application/json", ""):
        headers = {"Origin": visitor.origin, "Content-Type": kind}
        assert visitor.client.post("/staff/login", content=content, headers=headers).status_code == 403


def test_an_ended_session_is_told(site: Site, visitor: Visitor) -> None:
    visitor.log_in()
    site.clock.go(hours=2)
    there = visitor.open("/staff/account").headers["location"]
    assert KO.notices.ended in visitor.open(there).text


def test_without_an_account_the_page_says_how_to_make_one(site: Site, visitor: Visitor) -> None:
    site.accounts.people.remove(ADMIN, "kim")
    page = visitor.open().text
    assert "civicbot users add 아이디 --role admin" in page
    assert "<form" not in page
    assert "civicbot users add NAME --role admin" in visitor.open("/staff/login?lang=en").text


def test_the_own_account(site: Site, visitor: Visitor) -> None:
    visitor.log_in()
    site.visitor().log_in()
    page = visitor.open("/staff/account").text
    assert page.count("127.0.0.1") == 2
    assert page.count(KO.account.this_one) == 1
    left = visitor.send("/staff/logout", everywhere="1")
    assert KO.notices.everywhere in visitor.open(left.headers["location"]).text
    kim = site.accounts.people.everybody(ADMIN)[0]
    assert kim.role is Role.REVIEWER
    visitor.log_in()
    assert visitor.open("/staff/account").text.count("127.0.0.1") == 1


@pytest.mark.parametrize(
    ("fields", "status", "problem"),
    [
        ({"old": "wrong"}, 403, "wrong_password"),
        ({"repeat": "another one, but other"}, 422, "different"),
        ({"new": "short", "repeat": "short"}, 422, "password"),
        ({"form": "x"}, 403, "form"),
    ],
)
def test_a_password_that_is_not_changed(visitor: Visitor, fields: dict[str, str], status: int, problem: str) -> None:
    visitor.log_in()
    visitor.open("/staff/account")
    given: dict[str, Any] = {"old": PASSWORD, "new": OTHER, "repeat": OTHER, **fields}
    said(visitor.send("/staff/account", **given), status, getattr(KO.problems, problem))
    visitor.client.cookies.clear()
    assert visitor.log_in().status_code == 303


def test_changing_ones_own_password(site: Site, visitor: Visitor) -> None:
    other = site.visitor()
    other.log_in()
    visitor.log_in()
    visitor.open("/staff/account")
    changed = visitor.send("/staff/account", old=PASSWORD, new=OTHER, repeat=OTHER)
    assert changed.headers["location"] == "/staff/account?changed&lang=ko"
    assert KO.notices.changed in visitor.open(changed.headers["location"]).text
    assert other.open("/staff/account").status_code == 303
    said(other.log_in(), 401, KO.problems.log_in)
    assert other.log_in(password=OTHER).status_code == 303


def test_guessing_the_old_password_locks(visitor: Visitor) -> None:
    visitor.log_in()
    visitor.open("/staff/account")
    for _ in range(5):
        visitor.send("/staff/account", old="wrong", new=OTHER, repeat=OTHER)
    response = visitor.send("/staff/account", old=PASSWORD, new=OTHER, repeat=OTHER)
    said(response, 429, KO.problems.locked_out.format(minutes=1))


def test_other_sites_cannot_change_a_password(visitor: Visitor) -> None:
    visitor.log_in()
    visitor.open("/staff/account")
    headers = {"Origin": "https://evil.example"}
    response = visitor.send("/staff/account", headers=headers, old=PASSWORD, new=OTHER, repeat=OTHER)
    said(response, 403, KO.problems.foreign)


def test_without_the_database_the_page_says_so(site: Site, visitor: Visitor) -> None:
    visitor.log_in()
    file = site.database.file
    assert file is not None
    site.database.close()
    hidden = file.with_name("hidden")
    file.rename(hidden)
    file.mkdir()
    try:
        response = visitor.open("/staff/account")
        said(response, 503, KO.problems.unavailable)
        assert response.headers["retry-after"] == "5"
        said(visitor.send("/staff/login", name="kim", password=PASSWORD), 503, KO.problems.unavailable)
    finally:
        file.rmdir()
        hidden.rename(file)
    assert visitor.open("/staff/account").status_code == 200


def test_methods_that_are_not_known(visitor: Visitor) -> None:
    headers = {"Origin": visitor.origin}
    assert check_error(visitor.client.put("/staff/login", headers=headers), 405, "method_not_allowed")
    assert visitor.client.get("/staff?screen=queue").headers["location"] == "/staff/?screen=queue"
    assert visitor.client.get("/staff/logout").headers["location"] == "/staff/account"


def test_without_stored_records_there_is_no_desk(site: Site) -> None:
    del site
    from tests.web.conftest import running

    with running() as other:
        assert other.client.get("/staff/login").status_code == 404


def test_both_languages_have_all_placeholders() -> None:
    for name in ("log_in_locked", "locked_out"):
        assert all("{minutes}" in getattr(texts.problems, name) for texts in TEXTS.values())
