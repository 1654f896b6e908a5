"""Who may do what at the desk, asked by direct calls of its events."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from tests.review.doors import ADMIN, PASSWORD
from tests.web.conftest import check_error
from tests.web.staff.desk_calls import PEOPLE, DeskSite, desk_site
from tests.web.staff.desk_parts import operations

from civicbot.errors import CivicbotError
from civicbot.review.access import Actor, least_role, may
from civicbot.web.staff.desk import OPEN
from civicbot.web.staff.screens.base import Operation

OTHER = "우산 기차 소나무 달력"
ITEM = {"item": ["1"]}
TEXTS = {"reason": ["시험"], "text_ko": ["쉽니다."], "text_en": ["Closed."]}
BRIEF = {"slug": ["none"], "path_0": ["ko/briefs/none.md"], "text_0": ['{"first": 0, "last": 0, "lines": []}']}
FIELDS: dict[str, dict[str, list[str]]] = {
    "refresh_queue": {},
    "claim_items": {"items": ["1"]},
    "release_items": {"items": ["1"]},
    "close_items": {"items": ["1"]},
    "find_ticket": {"code": ["ABCD-EFGH-JKLM"]},
    "claim_item": ITEM,
    "take_over_item": ITEM,
    "release_item": ITEM,
    "close_item": ITEM,
    "reopen_item": ITEM,
    "judge_item": {**ITEM, "verdict": ["wrong"]},
    "reply_ticket": {**ITEM, "ticket": ["0" * 16], "reply": ["네."]},
    "close_ticket": {**ITEM, "ticket": ["0" * 16]},
    "compose_correction": {**ITEM, "question": ["얼마예요?"]},
    "save_correction": {**ITEM, "question": ["얼마예요?"]},
    "publish_approved": {"correction": ["1"], "version": ["1"], "wordings": ["얼마예요?"], "read": ["true"]},
    "approve_as_is": {**ITEM, "wordings": ["얼마예요?"], "read": ["true"]},
    "confirm_approved": {"approved": ["1"], "version": ["1"]},
    "reject_approved": {"approved": ["1"]},
    "withdraw_approved": {"approved": ["1"]},
    "revert_approved": {"approved": ["1"], "version": ["1"]},
    "renew_approved": {"approved": ["1"]},
    "check_brief": BRIEF,
    "save_brief": BRIEF,
    "undo_brief": {"edit": ["1"]},
    "run_verified": {},
    "prepare_update": {},
    "publish_update": {"update": ["1"]},
    "discard_update": {"update": ["1"]},
    "roll_back_library": {"reason": ["시험"]},
    "try_question": {"question": ["얼마예요?"]},
    "pause_answers": {"target": ["everything"], **TEXTS},
    "lift_pause": {"switch": ["1"]},
    "lay_down_text": {"answer_class": ["no_evidence"], **TEXTS},
    "switch_text_off": {"canned": ["1"], "reason": ["시험"]},
    "switch_text_on": {"canned": ["1"], "reason": ["시험"]},
    "add_site": {"site": ["demo"], "origins": ["https://demo.example"], "languages": ["ko"]},
    "edit_site": {"site": ["demo"], "origins": ["https://demo.example"], "languages": ["ko"]},
    "enable_site": {"site": ["demo"]},
    "disable_site": {"site": ["demo"]},
    "remove_site": {"site": ["demo"]},
    "verify_log": {},
    "add_user": {"user": ["new"], "role": ["admin"], "password": [OTHER]},
    "set_user_role": {"user": ["reviewer"], "role": ["admin"]},
    "set_user_password": {"user": ["admin"], "password": [OTHER]},
    "disable_user": {"user": ["admin"]},
    "enable_user": {"user": ["admin"]},
    "unlock_user": {"user": ["admin"]},
    "end_user_sessions": {"user": ["publisher"]},
    "remove_user": {"user": ["publisher"]},
}
"""Fields with which each operation gets as far as its service."""

CHANGING = {
    *("set_user_role", "set_user_password", "disable_user", "end_user_sessions", "remove_user"),
    *("pause_answers", "lay_down_text", "prepare_update"),
}
"""Operations that would take from other tests what they need, or minutes; the browser's tests do them."""

FORBIDDEN = [
    (one, name)
    for one, (name, role) in itertools.product(operations(), PEOPLE.items())
    if not may(Actor(name=name, role=role), one.action)
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskSite]:
    with desk_site(tmp_path_factory.mktemp("desk")) as found:
        yield found


def log_of(site: DeskSite) -> list[tuple[str, str]]:
    assert site.service.accounts is not None
    return [(one.actor, one.action) for one in site.service.accounts.audit.entries(ADMIN)]


def test_every_event_of_the_page_is_an_operation(site: DeskSite) -> None:
    events = {one["targets"][0][1] for one in site.config["dependencies"] if one["backend_fn"]}
    assert events == {"load", OPEN, *(one.name for one in operations())}
    assert {one["api_visibility"] for one in site.config["dependencies"]} == {"private"}
    assert site.config["analytics_enabled"] is False
    assert site.config["footer_links"] == []
    assert site.config.get("run_history") in (False, None)
    assert set(FIELDS) == {one.name for one in operations()}


def test_without_log_in_every_event_is_refused(site: DeskSite) -> None:
    nobody = site.callers["nobody"]
    for dependency in site.config["dependencies"]:
        check_error(nobody.join(dependency["id"]), 401)
    files = ("/staff/overview.csv", "/staff/verified.jsonl")
    for path in ("/staff/config", "/staff/session", *files, "/staff/gradio_api/queue/data"):
        check_error(nobody.client.get(path, headers={"Accept": "application/json"}), 401)
    page = nobody.client.get("/staff/", headers={"Accept": "text/html"})
    assert (page.status_code, page.headers["location"]) == (303, "/staff/login")


@pytest.mark.parametrize(("forbidden", "name"), FORBIDDEN, ids=lambda one: getattr(one, "name", one))
def test_nobody_does_what_is_for_a_higher_role(site: DeskSite, forbidden: Operation, name: str) -> None:
    before = log_of(site)
    answered = site.callers[name].call(forbidden.name, FIELDS[forbidden.name])
    assert answered.code == "not_allowed"
    assert "이 일을 할 권한이 없습니다." in answered.html
    assert log_of(site) == before


@pytest.mark.parametrize("event", sorted(set(FIELDS) - CHANGING))
def test_what_somebody_may_do_gets_as_far_as_its_service(site: DeskSite, event: str) -> None:
    found = next(one for one in operations() if one.name == event)
    caller = site.callers[least_role(found.action).value]
    assert caller.call(event, FIELDS[event]).code not in ("not_allowed", "invalid_form", "logged_out", "internal")


def test_another_site_cannot_borrow_a_log_in(site: DeskSite) -> None:
    admin = site.callers["admin"]
    call = {"data": [], "event_data": {}, "fn_index": admin.functions["verify_log"], "session_hash": "x"}
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        response = admin.client.post("/staff/gradio_api/queue/join", json=call, headers=headers)
        check_error(response, 403, "forbidden_origin")


@pytest.mark.parametrize("screen", ["users", "log", "nothing"])
def test_a_screen_that_is_not_for_somebody_is_the_queue_instead(site: DeskSite, screen: str) -> None:
    answered = site.callers["reviewer"].call(OPEN, address=f"?screen={screen}")
    assert 'data-address="?screen=queue"' in answered.html
    tabs = re.findall(r'id="sd-tab-(\w+)"', answered.html)
    offered = ["gaps", "approved", "verified", "updates", "library", "try", "switches", "sites", "overview"]
    assert tabs == ["queue", *offered]


def test_a_reviewer_is_not_offered_what_is_an_admins(site: DeskSite) -> None:
    offered = set()
    for screen in ("queue", "approved", "try", "library", "switches", "sites", "overview"):
        offered |= set(
            re.findall(r'data-op="(\w+)"', site.callers["reviewer"].call(OPEN, address=f"?screen={screen}").html)
        )
    mine = {one.name for one in operations() if may(Actor(name="kim", role=PEOPLE["reviewer"]), one.action)}
    assert offered <= mine
    assert "refresh_queue" in offered
    assert "pause_answers" in site.callers["admin"].call(OPEN, address="?screen=switches").html


def test_every_screen_is_there_in_both_languages(site: DeskSite) -> None:
    admin = site.callers["admin"]
    for language, heading in (("ko", "대기 목록"), ("en", "Queue")):
        for screen in (
            "queue",
            "approved&state=live&text=x",
            "try",
            "library&part=search",
            "switches",
            "sites",
            "sites&site=%2B",
            "overview",
            "log",
            "users",
        ):
            answered = admin.call(OPEN, address=f"?screen={screen}", language=language)
            assert answered.code == "", (screen, answered.html)
            assert 'id="sd-heading"' in answered.html
            assert heading in answered.html


def test_what_cannot_be_read_is_refused_and_named(site: DeskSite) -> None:
    admin = site.callers["admin"]
    answered = admin.call("judge_item", {"item": ["x"], "verdict": ["splendid"]})
    assert answered.code == "invalid_form"
    assert 'data-fields="item verdict"' in answered.html
    assert admin.call("add_user", {"user": [""], "role": ["admin"], "password": [OTHER]}).code == "invalid_form"
    assert admin.call(OPEN, address="x" * 5000).code == ""
    assert admin.call(OPEN, address="?screen=item&item=%3Cscript%3E").code == "unknown_item"
    assert admin.call(OPEN, address="?screen=queue&state=%3Cb%3E&since=x&at=-3&text=%3Cscript%3E").code == ""


def test_markup_in_an_address_is_text(site: DeskSite) -> None:
    nasty = "?screen=queue&text=%3Cscript%3Ealert(1)%3C%2Fscript%3E%22%20onfocus%3D%22x"
    html = site.callers["admin"].call(OPEN, address=nasty).html
    assert "<script" not in html
    assert '" onfocus' not in html
    assert "&lt;script&gt;" in html


def test_only_what_the_page_needs_is_open(site: DeskSite) -> None:
    client = site.callers["admin"].client
    for path in ("gradio_api/upload_progress", "gradio_api/file=/etc/passwd", "gradio_api/info", "manifest.json", "x"):
        assert client.get(f"/staff/{path}", headers={"Accept": "application/json"}).status_code == 404
    for path in ("gradio_api/upload", "gradio_api/run/claim_items", "gradio_api/api/predict"):
        check_error(client.post(f"/staff/{path}", headers={"Origin": site.origin}), 404)
    assert client.get("/staff/session").status_code == 204


def test_the_page_is_ours_and_safe(site: DeskSite) -> None:
    client = site.callers["admin"].client
    page = client.get("/staff/?page=2&deep_link=x", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert page.status_code == 200
    assert re.search(r'<html\s+lang="ko"', page.text)
    assert "/ui/staff.css" in page.text
    policy = page.headers["content-security-policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce is not None
    assert all(nonce[1] in tag for tag in re.findall(r"<script[^>]*>", page.text))
    assert "form-action 'self'" in policy
    assert "og:" not in page.text
    assert page.headers["cache-control"] == "no-store"
    client.cookies.set("civicbot_staff_language", "en")
    assert re.search(r'<html\s+lang="en"', client.get("/staff/", headers={"Accept": "text/html"}).text)
    client.cookies.delete("civicbot_staff_language")


def test_the_numbers_as_a_file(site: DeskSite) -> None:
    response = site.callers["reviewer"].client.get("/staff/overview.csv?days=7")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert re.fullmatch(r'attachment; filename="civicbot-\d{8}-\d{8}\.csv"', response.headers["content-disposition"])
    assert response.content.startswith(b"\xef\xbb\xbf")


def test_a_log_in_that_has_ended_is_told(site: DeskSite) -> None:
    assert site.service.accounts is not None
    site.service.accounts.people.add(ADMIN, "leaver", PEOPLE["reviewer"], PASSWORD)
    leaver = site.callers["nobody"]
    from tests.web.staff.conftest import Visitor

    Visitor(leaver.client, site.origin).log_in("leaver")
    assert leaver.call("refresh_queue").code == ""
    site.service.accounts.sessions.end_all(ADMIN, "leaver")
    check_error(leaver.join(leaver.functions["refresh_queue"]), 401)
    assert leaver.client.get("/staff/session", headers={"Accept": "application/json"}).status_code == 401
    leaver.client.cookies.clear()


def test_an_error_that_nobody_foresaw_tells_nothing_of_itself(site: DeskSite, monkeypatch: pytest.MonkeyPatch) -> None:
    review = site.service.review
    assert review is not None

    def broken(*_: object, **__: object) -> int:
        raise RuntimeError("a secret")

    monkeypatch.setattr(type(review.queue), "refresh", broken)
    answered = site.callers["reviewer"].call("refresh_queue")
    assert answered.code == "internal"
    assert "a secret" not in answered.html


def test_every_error_of_a_service_has_a_korean_text() -> None:
    from civicbot.web.staff.texts import load_staff_texts

    texts = load_staff_texts()
    told = set(texts["ko"].problems)
    assert told == set(texts["en"].problems)
    pending, codes = [CivicbotError], set()
    while pending:
        kind = pending.pop()
        pending += kind.__subclasses__()
        if kind.__module__.startswith(("civicbot.review", "civicbot.web.staff")):
            codes.add(kind.code)
    assert codes - told <= {"oidc", "provider", "log_in", "settings", "error"}, codes - told
