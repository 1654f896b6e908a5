"""How the desk looks and is used: by keyboard, on a tablet, in both languages and schemes, without a broken rule."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.browser.pages import QUESTIONS, UNANSWERED, width_needed
from tests.browser.staff import StaffSite, expect_drawn, go, search
from tests.browser.test_axe import axe, violations

__all__ = ["axe"]

# Looks do not depend on the database.
pytestmark = pytest.mark.parametrize("any_staff_server", ["sqlite"], indirect=True)

SCREENS = {
    "queue": "",
    "try": "?screen=try",
    "library": "?screen=library",
    "search": "?screen=library&part=search&text=예산",
    "ingests": "?screen=library&part=ingests",
    "document": "?screen=library&document=S001-ko",
    "switches": "?screen=switches",
    "sites": "?screen=sites",
    "new site": "?screen=sites&site=%2B",
    "overview": "?screen=overview",
    "log": "?screen=log",
    "users": "?screen=users",
}


@pytest.fixture
def worked_on(staff: StaffSite) -> StaffSite:
    """A desk with items of several kinds."""
    for language in ("ko", "en"):
        staff.thumb_down(staff.ask(QUESTIONS[language], language=language), "금액이 달라요")
        staff.ticket(staff.ask(UNANSWERED[language], language=language), "알려 주세요")
    return staff


def _item(page: Page, text: str) -> None:
    search(page, text)
    page.locator(".sd-question a").first.click()
    expect(page.locator(".sd-screen-item")).to_be_visible()
    expect_drawn(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_screen_breaks_a_rule(worked_on: StaffSite, axe: str, scheme: str) -> None:
    page = worked_on.enter("park", color_scheme=scheme)
    found = {}
    for name, address in SCREENS.items():
        go(page, address)
        found[name] = violations(page, axe)
    go(page, "?screen=try")
    page.locator("#sd-t-question").fill(QUESTIONS["ko"])
    page.locator("#sd-t-question").press("Enter")
    expect(page.locator("#sd-t-answer")).to_be_visible()
    found["trial"] = violations(page, axe)
    go(page, "")
    _item(page, "총사업비")
    found["item"] = violations(page, axe)
    page.locator("#sd-compose").click()
    expect(page.locator("#sd-composer")).to_be_visible()
    page.locator("#sd-c-query").fill("총사업비")
    page.locator("#sd-c-search").click()
    expect(page.locator(".sd-hit").first).to_be_visible()
    page.locator("#sd-c-text-0").fill("총사업비는 9조 원입니다.")
    page.locator("#sd-c-check").click()
    expect(page.locator(".sd-unsound")).to_have_count(1)
    found["composer"] = violations(page, axe)
    page.locator("#sd-settings").click()
    expect(page.locator("#sd-help")).to_be_visible()
    found["help"] = violations(page, axe)
    assert {name: each for name, each in found.items() if each} == {}


def test_the_whole_way_by_keyboard_alone(worked_on: StaffSite) -> None:
    page = worked_on.enter("kim")
    page.keyboard.press("/")
    page.keyboard.type("budget set aside")
    page.keyboard.press("Enter")
    expect(page.locator("#sd-clear")).to_be_visible()
    expect_drawn(page)
    page.keyboard.press("j")
    expect(page.locator("tr[data-row] a").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".sd-screen-item")).to_be_visible()
    expect(page.locator("#sd-heading")).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#sd-release")).to_be_visible()
    expect_drawn(page)
    page.keyboard.press("n")
    page.keyboard.type("1 2 3 j k c ?")
    expect(page.locator("#sd-note")).to_have_value("1 2 3 j k c ?")
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator("#sd-verdict-incomplete")).to_have_attribute("aria-pressed", "true")
    expect_drawn(page)
    page.keyboard.press("u")
    expect(page.locator(".sd-screen-queue")).to_be_visible()
    expect(page.locator("#sd-search")).to_have_value("budget set aside")
    page.keyboard.press("?")
    expect(page.locator("#sd-help")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#sd-help")).to_be_hidden()


def test_shortcuts_work_in_korean_and_can_be_switched_off(worked_on: StaffSite) -> None:
    page = worked_on.enter("kim")
    row = page.locator("tr[data-row] a").first
    page.locator("#sd-heading").dispatch_event("keydown", {"key": "ㅓ", "code": "KeyJ", "bubbles": True})
    expect(row).to_be_focused()
    page.keyboard.press("?")
    page.locator("#sd-keys").uncheck()
    page.locator("[data-close]").first.click()
    go(page, "")
    page.locator("#sd-heading").focus()
    page.keyboard.press("j")
    expect(page.locator("#sd-heading")).to_be_focused()
    page.locator("#sd-settings").click()
    expect(page.locator("#sd-keys")).not_to_be_checked()


def test_a_trial_keeps_its_question_and_goes_on_from_it(worked_on: StaffSite) -> None:
    page = worked_on.enter("kim", "/staff/?screen=try")
    question = page.locator("#sd-t-question")
    question.fill(QUESTIONS["ko"])
    question.press("Enter")
    expect(page.locator(".sd-stages tbody tr").first).to_be_visible()
    expect_drawn(page)
    expect(question).to_have_value(QUESTIONS["ko"])
    question.fill("그건 언제 끝나요?")
    page.locator("#sd-t-follow").check()
    page.locator("#sd-t-ask").click()
    expect(page.locator("#sd-t-answer + p")).to_contain_text(QUESTIONS["ko"])


def test_english_by_a_switch_that_lasts(worked_on: StaffSite) -> None:
    page = worked_on.enter("kim")
    expect(page.locator("#sd-heading")).to_have_text("대기 목록")
    page.locator("#sd-language").click()
    expect(page.locator("#sd-heading")).to_have_text("Queue")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    go(page, "?screen=overview")
    expect(page.locator("#sd-heading")).to_have_text("Overview")
    expect(page.locator(".sd-role")).to_have_text("Reviewer")


def test_the_browsers_back_goes_back(worked_on: StaffSite) -> None:
    page = worked_on.enter("kim")
    page.locator("#sd-tab-library").click()
    expect(page.locator(".sd-screen-library")).to_be_visible()
    page.locator("#sd-tab-overview").click()
    expect(page.locator(".sd-screen-overview")).to_be_visible()
    expect_drawn(page)
    page.go_back()
    expect(page.locator(".sd-screen-library")).to_be_visible()
    expect_drawn(page)
    page.reload()
    expect(page.locator(".sd-screen-library")).to_be_visible()


def test_a_tablet_needs_no_sideways_scrolling(worked_on: StaffSite) -> None:
    page = worked_on.enter("park", width=820)
    for address in SCREENS.values():
        go(page, address)
        assert width_needed(page) <= 820, address
    go(page, "")
    _item(page, "총사업비")
    assert width_needed(page) <= 820


def test_the_numbers_can_be_taken_along(worked_on: StaffSite) -> None:
    page = worked_on.enter("kim", "/staff/?screen=overview&days=7")
    expect(page.locator(".sd-plot svg[role=img]").first).to_be_visible()
    with page.expect_download() as waiting:
        page.locator("#sd-csv").click()
    assert waiting.value.suggested_filename.endswith(".csv")
