from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.web.conftest import running

Visit = Callable[..., BrowserContext]

QUESTIONS = {
    "ko": "광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?",
    "en": "How much does the 2026 budget set aside for the AI City pilot?",
}
VALUES = {"ko": re.compile(r"1조\s?5,?000억"), "en": re.compile(r"4 billion won")}
XSS = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>${window.hacked=1}{{hacked}}\'"`'


def opened(context: BrowserContext) -> Page:
    """The chat page, once its texts are those of the visitor's language."""
    page = context.new_page()
    page.goto("/")
    expect(page.locator(".cb-examples .cb-chip")).to_have_count(6)
    return page


def ask(page: Page, question: str) -> None:
    before = page.locator(".cb-turn").count()
    page.locator("#cb-question textarea").fill(question)
    page.locator("#cb-ask").click()
    expect_answers(page, before + 1)


def expect_answers(page: Page, number: int) -> None:
    """Waits until so many questions have their whole answers."""
    expect(page.locator(".cb-turn .cb-answer:not(.cb-pending)")).to_have_count(number)


@pytest.mark.parametrize(("language", "locale"), [("ko", "ko-KR"), ("en", "en-GB")])
def test_ask_open_the_citation_and_see_the_quote_marked(visit: Visit, language: str, locale: str) -> None:
    context = visit(locale)
    page = opened(context)
    assert page.evaluate("document.documentElement.lang") == language
    ask(page, QUESTIONS[language])
    answer = page.locator(".cb-turn").last.locator(".cb-answer")
    expect(answer.locator(".cb-text")).to_contain_text(VALUES[language])

    panel = page.locator(".cb-panel:popover-open")
    expect(panel).to_have_count(0)
    answer.locator(".cb-cite").first.click()
    expect(panel).to_be_visible()
    quoted = panel.locator("blockquote").inner_text()
    assert VALUES[language].search(quoted)
    expect(panel.locator("h3")).not_to_be_empty()

    with context.expect_page() as opening:
        panel.locator(".cb-link-main").click()
    document = opening.value
    expect(document.locator("mark#quote")).to_have_text(quoted)
    expect(document.locator("mark#quote")).to_be_in_viewport()
    assert document.evaluate("document.documentElement.lang") == language
    assert document.locator("a[rel='noopener noreferrer']").get_attribute("href")

    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)


def test_an_example_and_then_a_suggestion_can_be_clicked(visit: Visit) -> None:
    page = opened(visit())
    page.locator(".cb-examples .cb-chip").first.click()
    expect_answers(page, 1)
    page.locator(".cb-next .cb-chip").first.click()
    expect_answers(page, 2)
    page.locator("#cb-again").click()
    expect(page.locator(".cb-turn")).to_have_count(0)
    expect(page.locator(".cb-examples .cb-chip")).to_have_count(6)


def test_the_language_switch_turns_the_page_and_keeps_the_conversation(visit: Visit) -> None:
    page = opened(visit())
    ask(page, QUESTIONS["ko"])
    page.locator("#cb-language").get_by_text("English").click()
    expect(page.locator("h1")).to_have_text("Gwangju AI projects guide")
    expect(page).to_have_title("Gwangju AI projects guide")
    expect(page.locator("#cb-ask")).to_have_text("Ask")
    expect(page.locator(".cb-turn .cb-text")).to_contain_text(VALUES["ko"])
    expect(page.locator(".cb-as-of")).to_contain_text("As of")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.locator("#cb-language").get_by_text("한국어").click()
    expect(page.locator("h1")).to_have_text("광주 AI 사업 안내")
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_the_address_can_name_the_language(visit: Visit) -> None:
    page = visit("ko-KR").new_page()
    page.goto("/?lang=en")
    expect(page.locator("h1")).to_have_text("Gwangju AI projects guide")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(visit: Visit, scheme: str) -> None:
    page = opened(visit(width=360, color_scheme=scheme, has_touch=True))

    def width() -> int:
        return int(page.evaluate("document.documentElement.scrollWidth"))

    assert width() <= 360
    expect(page.locator("#cb-ask")).to_be_in_viewport()
    ask(page, QUESTIONS["ko"])
    assert width() <= 360
    page.locator(".cb-cite").first.click()
    panel = page.locator(".cb-panel:popover-open")
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] <= 360
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")
    page.goto(str(panel.locator(".cb-link-main").get_attribute("href")))
    assert width() <= 360


def test_markup_in_a_question_is_inert(visit: Visit) -> None:
    page = opened(visit())
    ask(page, XSS)
    expect(page.locator(".cb-question p")).to_have_text(XSS)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".cb-chat img, .cb-chat script").count() == 0


def test_what_cannot_be_asked_is_said_beside_the_box(visit: Visit) -> None:
    page = opened(visit())
    page.locator("#cb-ask").click()
    expect(page.locator(".cb-alert")).to_have_text("질문을 적어 주세요.")
    page.locator("#cb-question textarea").fill("가" * 1001)
    page.locator("#cb-ask").click()
    expect(page.locator(".cb-alert")).to_contain_text("1,000자 안으로")
    expect(page.locator("#cb-question textarea")).to_have_value("가" * 1001)
    expect(page.locator(".cb-turn")).to_have_count(0)


def test_an_open_panel_is_a_way_through_for_the_keyboard(visit: Visit) -> None:
    page = opened(visit())
    ask(page, QUESTIONS["ko"])
    page.locator(".cb-cite").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".cb-panel:popover-open")).to_be_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "cb-close"
    page.keyboard.press("Enter")
    expect(page.locator(".cb-panel:popover-open")).to_have_count(0)
    assert page.evaluate("document.activeElement.className") == "cb-cite"


def test_a_question_too_many_is_said_in_the_pages_language(browser: Browser) -> None:
    with running(rate_limit="1") as site, browser.new_context(locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{site.port}/")
        expect(page.locator("h1")).to_have_text("Gwangju AI projects guide")
        ask(page, QUESTIONS["en"])
        for press in (page.locator("#cb-ask"), page.locator(".cb-next .cb-chip").first):
            page.locator("#cb-question textarea").fill("And when?")
            press.click()
            expect(page.locator(".cb-alert")).to_contain_text("many questions in a short time")
            expect(page.locator("#cb-question textarea")).to_have_value("And when?")
        expect(page.locator(".cb-turn")).to_have_count(1)
        expect(page.locator(".toast-body")).to_have_count(0)
