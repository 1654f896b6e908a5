"""axe-core finds no violation of WCAG 2.2 A and AA in any state of the chat page and on the other pages."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files

import pytest
from playwright.sync_api import BrowserContext, Page
from tests.browser.pages import QUESTIONS, UNANSWERED, ask, expect_opened, opened

Visit = Callable[..., BrowserContext]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_RUN = """
rules => axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']}).then(result =>
  result.violations.map(each => each.id + ': ' + each.nodes.slice(0, 3).map(node => node.html).join(' | ')))
"""
LOOKS = [("ko", "ko-KR", 1280, "light"), ("en", "en-GB", 360, "dark"), ("ko", "ko-KR", 360, "contrast")]
PAGES = ["/about", "/how-it-works", "/privacy", "/documents/S001-ko", "/documents/ai-mobility-new-town-en"]


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
    page = opened(visit(locale=locale, width=width, color_scheme="dark" if look == "dark" else "light"))
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
    assert {state: each for state, each in found.items() if each} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_other_page_breaks_a_rule(visit: Visit, axe: str, scheme: str) -> None:
    found = {}
    page = visit(color_scheme=scheme).new_page()
    for address in PAGES:
        page.goto(address)
        if each := violations(page, axe):
            found[address] = each
    assert found == {}
