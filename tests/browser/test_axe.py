"""axe-core finds no violation of WCAG 2.2 A and AA in any state of the chat page and on the other pages."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.pages import QUESTIONS, UNANSWERED, ask, expect_opened, opened
from tests.browser.test_chat_states import visited

Visit = Callable[..., BrowserContext]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """
rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}).then(result =>
  result.violations.map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.html).join(' | ')))
"""
LOOKS = [
    ("ko", "ko-KR", 1280, "light"),
    ("en", "en-GB", 360, "dark"),
    ("ko", "ko-KR", 360, "contrast"),
    ("en", "en-GB", 1280, "forced"),
]
PAGES = [
    "/about", "/how-it-works", "/privacy", "/transparency", "/documents/S001-ko", "/documents/ai-mobility-new-town-en",
]  # fmt: skip
NOWHERE = ("/documents/none", "/t/0000-0000-0000", "/shared/none", "/nowhere")


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core, as the package brings it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found = page.evaluate(_RUN, RULES)
    return [str(each) for each in found]


@pytest.mark.parametrize(("language", "locale", "width", "look"), LOOKS)
def test_no_state_of_the_chat_page_breaks_a_rule(
    visit: Visit, axe: str, language: str, locale: str, width: int, look: str
) -> None:
    forced = "active" if look == "forced" else "none"
    scheme = "dark" if look == "dark" else "light"
    page = opened(visit(locale=locale, width=width, color_scheme=scheme, forced_colors=forced))
    if look == "contrast":
        page.evaluate("localStorage.setItem('civicbot-theme', 'contrast')")
        page.reload()
        expect_opened(page)
    found = {"opening": violations(page, axe)}
    page.locator("[data-toggle=cb-display]").click()
    found["settings"] = violations(page, axe)
    page.keyboard.press("Escape")
    ask(page, QUESTIONS[language])
    found["answer"] = violations(page, axe)
    page.locator(".cb-source").first.click()
    found["source panel"] = violations(page, axe)
    page.keyboard.press("Escape")
    page.locator("[data-act=unhelpful]").first.click()
    page.wait_for_selector("[data-form=reasons]")
    found["reasons"] = violations(page, axe)
    ask(page, UNANSWERED[language])
    page.locator("[data-toggle^=leave]").last.click()
    found["form for staff"] = violations(page, axe)
    page.locator("[data-form=leave] [type=submit]").last.click()
    page.wait_for_selector(".cb-code")
    found["ticket"] = violations(page, axe)
    page.locator("#cb-question").fill("가" * 1001)
    page.locator("#cb-question").press("Enter")
    page.wait_for_selector(".cb-alert:not(:empty)")
    found["alert"] = violations(page, axe)
    page.reload()
    expect_opened(page)
    page.wait_for_selector(".cb-already")
    found["reload"] = violations(page, axe)
    assert {state: each for state, each in found.items() if each} == {}


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_no_state_of_trouble_breaks_a_rule(browser: Browser, axe: str, theme: str) -> None:
    found = {}
    with visited(browser, rate_limit="3") as (site, page):
        page.evaluate("theme => localStorage.setItem('civicbot-theme', theme)", theme)
        page.goto(f"/?conversation={'0' * 32}")
        expect_opened(page)
        found["conversation gone"] = violations(page, axe)
        site.service.assistant.pause.clear()
        page.locator("#cb-question").fill(QUESTIONS["en"])
        page.keyboard.press("Enter")
        expect(page.locator(".cb-wait")).to_be_visible()
        found["being made"] = violations(page, axe)
        page.locator("#cb-stop").click()
        expect(page.locator(".cb-problem")).to_be_visible()
        found["stopped"] = violations(page, axe)
        site.service.assistant.pause.set()
        ask(page, f"My number is 010-1234-5678. {QUESTIONS['en']}")
        site.service.assistant.loaded = False
        ask(page, "And when?")
        expect(page.locator(".cb-problem").last).to_be_visible()
        found["not loaded"] = violations(page, axe)
        page.locator("#cb-question").fill("And where?")
        page.keyboard.press("Enter")
        expect(page.locator(".cb-alert")).to_contain_text("many questions")
        found["too many"] = violations(page, axe)
        site.stop()
        page.keyboard.press("Enter")
        expect(page.locator("#cb-net")).to_contain_text("was lost")
        found["lost"] = violations(page, axe)
        site.start()
        expect(page.locator("#cb-net")).to_contain_text("is back")
        found["back"] = violations(page, axe)
        for address in NOWHERE:
            page.goto(f"{address}?theme={theme}")
            found[address] = violations(page, axe)
    assert {state: each for state, each in found.items() if each} == {}


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_no_other_page_breaks_a_rule(visit: Visit, base_url: str, axe: str, theme: str) -> None:
    found = {}
    page = visit(color_scheme="dark" if theme == "dark" else "light").new_page()
    question = {"question": QUESTIONS["ko"]}
    answer = httpx.post(f"{base_url}/api/v1/answers", json=question, timeout=60).json()["id"]
    ticket = httpx.post(f"{base_url}/api/v1/tickets", json={"answer_id": answer}, timeout=60).json()["code"]
    for address in [*PAGES, f"/shared/{answer}", f"/t/{ticket}"]:
        page.goto(f"{address}?theme={theme}&size=large")
        if each := violations(page, axe):
            found[address] = each
    assert found == {}
