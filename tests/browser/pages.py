"""The chat page as the tests use it: opened, asked, looked at."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, Page, expect

QUESTIONS = {
    "ko": "광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?",
    "en": "How much does the 2026 budget set aside for the AI City pilot?",
}
VALUES = {"ko": re.compile(r"1조\s?5,?000억"), "en": re.compile(r"4 billion won")}
UNANSWERED = {
    "ko": "AI 모빌리티 국가시범도시 아파트 분양가는 얼마예요?",
    "en": "What will a flat in the AI mobility new town cost?",
}
TITLES = {"ko": "광주 AI 사업 안내", "en": "Gwangju AI projects guide"}


def opened(context: BrowserContext, address: str = "/") -> Page:
    """The chat page, once its script runs and its texts are those of the visitor's language."""
    page = context.new_page()
    page.goto(address)
    expect_opened(page)
    return page


def expect_opened(page: Page) -> None:
    expect(page.locator("#cb-state[data-opened]")).to_be_attached()
    expect(page.locator("html[data-ready]")).to_be_attached()


def ask(page: Page, question: str) -> None:
    before = page.locator(".cb-turn").count()
    page.locator("#cb-question").fill(question)
    page.locator("#cb-ask").click()
    expect_answers(page, before + 1)


def expect_answers(page: Page, number: int) -> None:
    """Waits until so many questions have their whole answers."""
    expect(page.locator(".cb-turn:not(.cb-pending)")).to_have_count(number)
    expect(page.locator("#cb-ask")).to_be_visible()


def width_needed(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))
