"""What residents do on the page, with the real service on the real corpus."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.browser.pages import (
    QUESTIONS,
    TITLES,
    UNANSWERED,
    VALUES,
    ask,
    expect_answers,
    expect_opened,
    opened,
    width_needed,
)

Visit = Callable[..., BrowserContext]

LOCALES = [("ko", "ko-KR"), ("en", "en-GB")]
SCREENS = [pytest.param(1280, False, id="desktop"), pytest.param(360, True, id="phone")]
XSS = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>${window.hacked=1}{{hacked}}\'"`'
PANEL = "#cb-panel[open]"
WORDS = {
    "ko": {
        "label": "AI가 공개 자료에서 찾아 만든 답변입니다",
        "date": "기준",
        "helpful": "아니요",
        "reason": "오래된 내용이에요",
        "send": "의견 보내기",
        "thanks": "의견 고맙습니다",
        "leave": "담당자에게 이 질문 남기기",
        "left": "질문 남기기",
    },
    "en": {
        "label": "Put together by an AI system from public sources",
        "date": "As of",
        "helpful": "No",
        "reason": "It is out of date",
        "send": "Send",
        "thanks": "Thank you. We use this",
        "leave": "Leave this question for staff",
        "left": "Leave the question",
    },
}


@pytest.mark.parametrize(("width", "touch"), SCREENS)
@pytest.mark.parametrize(("language", "locale"), LOCALES)
def test_from_the_first_question_to_a_ticket(
    visit: Visit, base_url: str, language: str, locale: str, width: int, touch: bool
) -> None:
    context = visit(locale, width, has_touch=touch, permissions=["clipboard-read", "clipboard-write"])
    page, words = opened(context), WORDS[language]
    assert page.evaluate("document.documentElement.lang") == language
    expect(page.locator(".cb-ai")).to_be_visible()
    expect(page.locator(".cb-examples .cb-chip")).to_have_count(6)
    expect(page.locator(".cb-newest")).to_contain_text("2026")

    ask(page, QUESTIONS[language])
    turn = page.locator(".cb-turn").last
    expect(turn.locator(".cb-text")).to_contain_text(VALUES[language])
    expect(turn.locator(".cb-ai-label")).to_contain_text(words["label"])
    quoted = _read_the_source(page, context, touch)
    assert VALUES[language].search(quoted)

    turn.locator("[data-act=copy]").click()
    expect(page.locator(".cb-toast")).not_to_be_empty()
    copied = page.evaluate("navigator.clipboard.readText()")
    for kept in (words["label"], words["date"], "[1] ", f"{base_url}/shared/"):
        assert kept in copied
    assert VALUES[language].search(copied)
    _share(page, context, language)

    turn.get_by_role("button", name=words["helpful"], exact=True).click()
    form = turn.locator("[data-form=reasons]")
    form.get_by_label(words["reason"]).check()
    form.locator("textarea").fill("2024?")
    form.get_by_role("button", name=words["send"]).click()
    expect(turn.locator(".cb-thanks")).to_contain_text(words["thanks"])
    expect(turn.locator(".cb-thanks")).to_be_focused()

    ask(page, UNANSWERED[language])
    _leave_for_staff(page, context, words)
    assert width_needed(page) <= width


def _read_the_source(page: Page, context: BrowserContext, touch: bool) -> str:
    """Looks at the quote, opens the panel and the document; gives the quote."""
    cite, peek, panel = page.locator(".cb-cite").first, page.locator("#cb-peek"), page.locator(PANEL)
    if touch:
        cite.tap()
    else:
        cite.hover()
    expect(peek).to_be_visible()
    expect(cite).to_have_attribute("aria-expanded", "true")
    quoted = peek.locator("p").first.inner_text()
    peek.locator("button").click()
    expect(panel.locator(".cb-quote")).to_have_text(quoted)
    expect(panel.locator("h3")).not_to_be_empty()
    with context.expect_page() as opening:
        panel.locator(".cb-link-main").click()
    document = opening.value
    expect(document.locator("mark#quote")).to_have_text(quoted)
    expect(document.locator("mark#quote")).to_be_in_viewport()
    assert document.locator("a[rel='noopener noreferrer']").first.get_attribute("href")
    document.close()
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(cite).to_be_focused()
    return quoted


def _share(page: Page, context: BrowserContext, language: str) -> None:
    share = page.locator(".cb-turn").last.locator("[data-act=share]")
    shared = context.new_page()
    shared.goto(str(share.get_attribute("data-value")))
    expect(shared.locator("main")).to_contain_text(VALUES[language])
    assert shared.evaluate("document.documentElement.lang") == language
    shared.close()


def _leave_for_staff(page: Page, context: BrowserContext, words: dict[str, str]) -> None:
    turn = page.locator(".cb-turn").last
    offer = turn.get_by_role("button", name=words["leave"])
    expect(offer).to_have_attribute("aria-expanded", "false")
    offer.click()
    expect(offer).to_have_attribute("aria-expanded", "true")
    message = turn.locator("[data-form=leave] textarea")
    expect(message).to_be_focused()
    message.fill("집을 알아보고 있어요.")
    turn.get_by_role("button", name=words["left"], exact=True).click()
    code = turn.locator(".cb-code a")
    expect(code).to_have_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$"))
    expect(turn.locator(".cb-ticket")).to_be_focused()
    turn.locator("[data-act=code]").click()
    expect(page.locator(".cb-toast")).not_to_be_empty()
    assert page.evaluate("navigator.clipboard.readText()") == code.inner_text()
    ticket = context.new_page()
    ticket.goto(str(code.get_attribute("href")))
    expect(ticket.locator("main")).to_contain_text("집을 알아보고 있어요.")
    ticket.close()


def test_a_reload_keeps_the_conversation_and_a_follow_up_goes_on(visit: Visit) -> None:
    context = visit()
    page = opened(context)
    ask(page, QUESTIONS["ko"])
    assert set(parse_qs(urlsplit(page.url).query)) == {"lang", "conversation"}
    page.reload()
    expect_answers(page, 1)
    expect(page.locator(".cb-text")).to_contain_text(VALUES["ko"])
    ask(page, "그건 어디에 생겨?")
    expect(page.locator(".cb-text").last).to_contain_text("모빌리티")
    page.reload()
    expect_answers(page, 2)
    page.locator("#cb-again").click()
    expect(page.locator(".cb-turn")).to_have_count(0)
    expect(page.locator(".cb-examples .cb-chip")).to_have_count(6)
    expect(page.locator("#cb-question")).to_be_focused()
    assert "conversation" not in page.url
    assert context.cookies() == []
    assert page.evaluate("Object.keys(localStorage)") == []


def test_a_reload_keeps_what_was_said_and_that_a_question_was_left_but_no_code(visit: Visit) -> None:
    page = opened(visit())
    ask(page, QUESTIONS["ko"])
    page.locator("[data-act=helpful]").click()
    expect(page.locator(".cb-thanks")).to_be_visible()
    ask(page, UNANSWERED["ko"])
    page.locator("[data-toggle^=leave]").click()
    page.locator("[data-form=leave] [type=submit]").click()
    code = page.locator(".cb-code a").inner_text()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text(TITLES["en"])
    expect(page.locator(".cb-code a")).to_have_text(code)
    page.reload()
    expect_opened(page)
    expect(page.locator("#turn-0 .cb-thanks")).to_have_text("Thank you. We use this to improve the answers.")
    expect(page.locator("#turn-0 [data-act=helpful]")).to_have_count(0)
    expect(page.locator("#turn-1 .cb-already")).to_contain_text("has been left for staff")
    assert code not in page.content()
    expect(page.locator("#turn-1 [data-toggle^=leave]")).to_be_visible()


def test_an_example_and_then_a_suggestion_can_be_clicked(visit: Visit) -> None:
    page = opened(visit())
    page.locator(".cb-examples .cb-chip").first.click()
    expect_answers(page, 1)
    page.locator(".cb-next .cb-chip").first.click()
    expect_answers(page, 2)


TOPICS = {
    "ko": {
        "사업비": "총사업비",
        "위치": "어디",
        "예산": "예산",
        "진행 상황": "지금",
        "사업 소개": "무엇",
        "일정": "언제",
    },
    "en": {
        "Total cost": "total cost",
        "Place": "Where",
        "Budget": "budget",
        "Progress": "current status",
        "What it is": "What is",
        "Schedule": "When",
    },
}


@pytest.mark.parametrize(("language", "locale"), LOCALES)
def test_the_examples_are_of_the_topics_they_are_shown_under(visit: Visit, language: str, locale: str) -> None:
    shown = opened(visit(locale)).locator(".cb-examples .cb-chip").all_inner_texts()
    for text, (topic, word) in zip(shown, TOPICS[language].items(), strict=True):
        name, question = text.split("\n", 1)
        assert name == topic
        assert word in question


def test_the_language_switch_turns_the_page_and_keeps_the_conversation(visit: Visit) -> None:
    page = opened(visit())
    ask(page, QUESTIONS["ko"])
    page.locator("#cb-question").fill("다음 질문")
    page.get_by_role("button", name="English").click()
    expect(page.locator("h1")).to_have_text(TITLES["en"])
    expect(page).to_have_title(TITLES["en"])
    expect(page.locator("#cb-ask")).to_have_text("Ask")
    expect(page.locator(".cb-turn .cb-text")).to_contain_text(VALUES["ko"])
    expect(page.locator(".cb-turn .cb-text")).to_have_attribute("lang", "ko")
    expect(page.locator(".cb-as-of")).to_contain_text("As of")
    expect(page.locator("#cb-question")).to_have_value("다음 질문")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    expect(page.locator("h1")).to_have_text(TITLES["en"])
    page.get_by_role("button", name="한국어").click()
    expect(page.locator("h1")).to_have_text(TITLES["ko"])
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_the_address_can_name_the_language(visit: Visit) -> None:
    page = opened(visit("ko-KR"), "/?lang=en")
    expect(page.locator("h1")).to_have_text(TITLES["en"])


def test_markup_in_a_question_is_inert(visit: Visit) -> None:
    page = opened(visit())
    ask(page, XSS)
    expect(page.locator(".cb-question p")).to_have_text(XSS)
    assert page.evaluate("window.hacked") is None
    assert page.locator(".cb-chat img, .cb-chat script").count() == 0


def test_personal_data_is_shown_masked_and_explained(visit: Visit) -> None:
    page = opened(visit())
    ask(page, f"제 번호는 010-1234-5678이에요. {QUESTIONS['ko']}")
    question = page.locator(".cb-question p")
    expect(question).to_contain_text("[휴대전화번호]")
    expect(page.locator(".cb-notice-masked")).to_contain_text("가렸고")
    assert "1234" not in page.content()
    page.reload()
    expect_opened(page)
    expect(question).to_contain_text("[휴대전화번호]")


def test_what_cannot_be_asked_is_said_beside_the_box(visit: Visit) -> None:
    page = opened(visit())
    box, alert = page.locator("#cb-question"), page.locator(".cb-alert")
    for _ in range(2):
        page.locator("#cb-ask").click()
        expect(alert).to_have_text("질문을 적어 주세요.")
        expect(page.locator("#cb-ask")).to_be_visible()
    expect(box).to_have_attribute("aria-invalid", "true")
    box.fill("가" * 1001)
    expect(page.locator(".cb-count")).to_have_text("1,001 / 1,000자")
    page.locator("#cb-ask").click()
    expect(alert).to_contain_text("1,000자 안으로")
    expect(box).to_have_value("가" * 1001)
    expect(page.locator(".cb-turn")).to_have_count(0)
    ask(page, QUESTIONS["ko"])
    expect(alert).to_be_empty()
    expect(box).to_have_value("")


def test_an_unknown_conversation_is_said_and_a_new_one_begins(visit: Visit) -> None:
    page = opened(visit(), f"/?conversation={'0' * 32}")
    expect(page.locator(".cb-note")).to_contain_text("앞선 대화를 찾지 못했습니다")
    ask(page, QUESTIONS["ko"])
    expect(page.locator(".cb-text")).to_contain_text(VALUES["ko"])
    assert "0" * 32 not in page.url
