"""axe-core finds no violation of WCAG 2.2 A and AA in any state of the widget."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.host_pages import page, tag
from tests.browser.pages import QUESTIONS
from tests.browser.test_axe import violations
from tests.browser.widgets import ask, opened, running, send, visiting

UNANSWERED = {"ko": "아파트 분양가는 얼마예요?", "en": "What is the price of a flat?"}
LOOKS: list[Any] = [
    pytest.param("ko", 1280, {}, id="desktop"),
    pytest.param("en", 360, {"color_scheme": "dark", "has_touch": True}, id="phone-dark"),
    pytest.param("ko", 360, {"forced_colors": "active"}, id="forced-colours"),
    pytest.param("en", 1280, {"contrast": "more"}, id="more-contrast"),
]


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as the package brings it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "width", "options"), LOOKS)
def test_no_state_breaks_a_rule(browser: Browser, axe: str, language: str, width: int, options: dict[str, Any]) -> None:
    found: dict[str, list[str]] = {}
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, width=width, **options) as context:

        def look(state: str) -> None:
            assert visited.evaluate("document.querySelector('civicbot-assistant').shadowRoot !== null")
            found[state] = violations(visited, axe)

        visited = context.new_page()
        visited.goto(host.origin + ("/" if language == "ko" else "/en"))
        expect(visited.locator(".launcher")).to_be_visible()
        look("closed")
        visited.locator(".launcher").click()
        expect(visited.locator("#notice")).to_be_visible()
        look("opening with notice")
        bot.service.assistant.pause.clear()
        send(visited, QUESTIONS[language])
        expect(visited.locator(".turn .wait")).to_be_visible()
        look("answering")
        bot.service.assistant.pause.set()
        expect(visited.locator(".ai-label")).to_be_visible()
        look("answer")
        _look_into_the_parts(visited, look, language)
    assert {state: each for state, each in found.items() if each} == {}


def _look_into_the_parts(visited: Page, look: Any, language: str) -> None:
    visited.locator(".cite").first.click()
    expect(visited.locator(".sheet[open] .label")).to_contain_text("2025")
    look("source")
    visited.keyboard.press("Escape")
    visited.locator(".rating button").last.click()
    expect(visited.locator(".chips")).to_be_visible()
    look("reasons")
    ask(visited, UNANSWERED[language])
    visited.locator("[aria-controls$=leave]").last.click()
    look("form for staff")
    visited.locator(".form .primary:visible").click()
    expect(visited.locator(".code")).to_be_visible()
    visited.locator(".ticket .links button").click()
    look("ticket and message")
    visited.locator("#question").fill("가" * 1001)
    visited.locator("#question").press("Enter")
    expect(visited.locator(".alert")).not_to_be_empty()
    look("alert")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_failure_breaks_a_rule(browser: Browser, axe: str, scheme: Any) -> None:
    found: dict[str, list[str]] = {}
    with (
        running(rate_limit="1") as (bot, host),
        visiting(browser, bot.origin, host.origin, errors=True, color_scheme=scheme) as context,
    ):
        bot.service.why_paused = "점검 중입니다."
        visited = opened(context, f"{host.origin}/")
        expect(visited.locator(".opening .note")).to_be_visible()
        found["paused"] = violations(visited, axe)
        send(visited, "boom")
        expect(visited.locator(".problem")).to_be_visible()
        found["error"] = violations(visited, axe)
        send(visited, QUESTIONS["ko"])
        expect(visited.locator(".problem").last).to_contain_text("초 뒤에")
        found["too many"] = violations(visited, axe)
        ask_gone = (
            f"sessionStorage.setItem('civicbot:{bot.origin}:city', JSON.stringify({{conversation: 'x', open: true}}))"
        )
        visited.evaluate(ask_gone)
        visited.reload()
        expect(visited.locator(".log > .note")).to_be_visible()
        found["open again, conversation gone"] = violations(visited, axe)
    assert {state: each for state, each in found.items() if each} == {}


@pytest.mark.parametrize("accent", ["#ffe14d", "#ffffff", "#000000", "#e4002b", "#7ac143"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_accent_can_be_read(browser: Browser, axe: str, accent: str, scheme: Any) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, color_scheme=scheme) as context:
        host.pages["/"] = page(tag(bot.origin, accent=accent))
        visited = context.new_page()
        visited.goto(f"{host.origin}/")
        expect(visited.locator(".launcher")).to_be_visible()
        found = violations(visited, axe)
        visited.locator(".launcher").click()
        found += violations(visited, axe)
        ask(visited, QUESTIONS["ko"])
        found += violations(visited, axe)
        visited.locator(".cite").first.click()
        found += violations(visited, axe)
    assert found == []


def test_the_page_for_frames_breaks_no_rule(browser: Browser, axe: str) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, width=600) as context:
        visited = context.new_page()
        visited.goto(f"{bot.origin}/embed?site=city&language=ko")
        expect(visited.locator("main #question")).to_be_visible()
        found = violations(visited, axe)
        ask(visited, QUESTIONS["ko"])
        found += violations(visited, axe)
        visited.locator(".cite").first.click()
        expect(visited.locator(".sheet[open]")).to_be_visible()
        found += violations(visited, axe)
    assert found == []
