"""What residents do with the widget on a page of another origin, with the real service on the real corpus."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.host_pages import HostPages, page, tag
from tests.browser.pages import QUESTIONS, UNANSWERED, VALUES
from tests.browser.test_chat_page import LOCALES, SCREENS, WORDS
from tests.browser.widgets import ask, continued, expect_answers, focused, open_dialog, opened, visiting, width_needed

from civicbot.records.opening import opened as opened_records
from civicbot.records.sites import SiteBook
from civicbot.settings import load_settings

CLIPBOARD = ["clipboard-read", "clipboard-write"]
FOLLOW_UP = {"ko": "그건 어디에 생겨?", "en": "And when was that?"}


@pytest.fixture(scope="module")
def host(base_url: str, data_folder: Path) -> Iterator[HostPages]:
    """A host of another origin, registered for the time of these tests."""
    with HostPages() as host, opened_records(load_settings(data=data_folder)) as database:
        book, name = SiteBook(database), f"city-{host.origin.rpartition(':')[2]}"
        book.add(name, origins=(host.origin,), accent="#00695c")
        try:
            _until_known(base_url, name, host.origin)
            for path, language, title in (
                ("/", "ko", "빛고을구"),
                ("/en", "en", "Bitgoeul"),
                ("/news", "ko", "새 소식"),
            ):
                host.pages[path] = page(tag(base_url, name), language=language, title=title)
            frame = f'<iframe src="{base_url}/embed?site={name}" title="AI" width="600" height="600"></iframe>'
            host.pages["/frame"] = page("", body=frame)
            yield host
        finally:
            book.remove(name)


def _until_known(bot: str, name: str, origin: str) -> None:
    """The server looks at its sites once a second."""
    for _ in range(100):
        if httpx.get(f"{bot}/api/v1/sites/{name}", headers={"Origin": origin}).status_code == 200:
            return
    pytest.fail("the server does not know the site")


@pytest.mark.parametrize(("width", "touch"), SCREENS)
@pytest.mark.parametrize(("language", "locale"), LOCALES)
def test_from_the_first_question_to_a_ticket(
    browser: Browser, base_url: str, host: HostPages, language: str, locale: str, width: int, touch: bool
) -> None:
    words = WORDS[language]
    with visiting(
        browser, base_url, host.origin, width=width, has_touch=touch, locale=locale, permissions=CLIPBOARD
    ) as context:
        page = opened(context, host.origin + ("/" if language == "ko" else "/en"))
        assert page.locator(".root").get_attribute("lang") == language
        expect(page.locator("#notice")).to_be_visible()
        expect(page.locator(".chip")).to_have_count(6)
        expect(page.locator(".opening .quiet")).to_contain_text("2026")

        ask(page, QUESTIONS[language])
        turn = page.locator(".turn").last
        expect(turn.locator(".text")).to_contain_text(VALUES[language])
        expect(turn.locator(".text")).to_have_attribute("lang", language)
        expect(turn.locator(".ai-label")).to_contain_text(words["label"])
        expect(turn.locator(".as-of")).to_contain_text(words["date"])
        assert VALUES[language].search(_read_the_source(page, context))
        _copy(page, language, base_url)
        _rate(page, words)

        with page.expect_request("**/api/v1/answers") as asking:
            ask(page, FOLLOW_UP[language])
        assert continued(asking.value)
        ask(page, UNANSWERED[language])
        _leave_for_staff(page, context, words)
        assert width_needed(page) <= width

        page.reload()
        expect_answers(page, 3)
        expect(page.locator(".already")).to_be_visible()
        page.goto(f"{host.origin}/news")
        if touch:
            open_dialog(page)  # elsewhere it is open again by itself
        expect_answers(page, 3)
        expect(page.locator(".text").first).to_contain_text(VALUES[language])
        assert context.cookies() == []


def _read_the_source(page: Page, context: BrowserContext) -> str:
    """Opens a citation, its document and closes it again; gives the quote."""
    cite, sheet = page.locator(".cite").first, page.locator(".sheet[open]")
    cite.click()
    expect(sheet.locator(".label")).to_have_text(re.compile("요약|정리|등록|summary|overview|document"))
    expect(sheet.locator("h3")).not_to_be_empty()
    quoted = sheet.locator("mark").inner_text()
    original = sheet.locator("a").last
    assert str(original.get_attribute("href")).startswith("http")
    assert original.get_attribute("rel") == "noopener noreferrer"
    with context.expect_page() as opening:
        sheet.locator("a.primary").click()
    document = opening.value
    expect(document.locator("mark#quote")).to_have_text(quoted)
    document.close()
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    expect(page.locator(".panel[open]")).to_be_visible()
    assert "cite" in focused(page)
    return quoted


def _copy(page: Page, language: str, bot: str) -> None:
    page.locator(".tools .tool").first.click()
    expect(page.locator(".toast")).not_to_be_empty()
    copied = page.evaluate("navigator.clipboard.readText()")
    for kept in (WORDS[language]["label"], WORDS[language]["date"], "[1] ", f"{bot}/shared/"):
        assert kept in copied
    assert VALUES[language].search(copied)


def _rate(page: Page, words: dict[str, str]) -> None:
    turn = page.locator(".turn").last
    turn.get_by_role("button", name=words["helpful"], exact=True).click()
    turn.get_by_label(words["reason"]).check()
    turn.locator("textarea").first.fill("2024?")
    turn.get_by_role("button", name=words["send"]).click()
    thanks = turn.locator(".thanks")
    expect(thanks).to_contain_text(words["thanks"])
    assert words["thanks"] in focused(page)


def _leave_for_staff(page: Page, context: BrowserContext, words: dict[str, str]) -> None:
    turn = page.locator(".turn").last
    offer = turn.get_by_role("button", name=words["leave"])
    expect(offer).to_have_attribute("aria-expanded", "false")
    offer.click()
    expect(offer).to_have_attribute("aria-expanded", "true")
    message = turn.locator("textarea")
    expect(message).to_be_focused()
    message.fill("집을 알아보고 있어요.")
    turn.get_by_role("button", name=words["left"], exact=True).click()
    code = turn.locator(".code a")
    expect(code).to_have_text(re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}"))
    turn.locator(".ticket .links button").click()
    expect(page.locator(".toast")).not_to_be_empty()
    assert str(code.text_content()).startswith(page.evaluate("navigator.clipboard.readText()"))
    with context.expect_page() as opening:
        code.click()
    expect(opening.value.locator("main")).to_contain_text("집을 알아보고 있어요.")
    opening.value.close()


def test_an_example_and_then_a_suggestion_can_be_clicked(browser: Browser, base_url: str, host: HostPages) -> None:
    with visiting(browser, base_url, host.origin) as context:
        page = opened(context, f"{host.origin}/")
        page.locator(".chip").first.click()
        expect_answers(page, 1)
        page.locator(".chip").first.click()
        expect_answers(page, 2)
        page.locator(".small").click()
        expect(page.locator(".turn")).to_have_count(0)
        expect(page.locator(".chip")).to_have_count(6)
        expect(page.locator("#question")).to_be_focused()


def test_the_language_switch_turns_the_widget_and_keeps_the_conversation(
    browser: Browser, base_url: str, host: HostPages
) -> None:
    with visiting(browser, base_url, host.origin) as context:
        page = opened(context, f"{host.origin}/")
        ask(page, QUESTIONS["ko"])
        page.locator("#question").fill("다음 질문")
        page.get_by_role("button", name="English").click()
        expect(page.locator(".dock [type=submit]")).to_have_text("Ask")
        expect(page.locator(".root")).to_have_attribute("lang", "en")
        expect(page.locator(".text")).to_have_attribute("lang", "ko")
        expect(page.locator(".text")).to_contain_text(VALUES["ko"])
        expect(page.locator(".as-of")).to_contain_text("As of")
        expect(page.locator("#question")).to_have_value("다음 질문")
        assert "한국어" in focused(page)
        page.reload()
        expect(page.locator(".as-of")).to_contain_text("As of")
        assert page.evaluate("document.documentElement.lang") == "ko"


def test_personal_data_is_shown_masked_and_explained(browser: Browser, base_url: str, host: HostPages) -> None:
    with visiting(browser, base_url, host.origin) as context:
        page = opened(context, f"{host.origin}/")
        ask(page, f"제 번호는 010-1234-5678이에요. {QUESTIONS['ko']}")
        expect(page.locator(".question p")).to_contain_text("[휴대전화번호]")
        expect(page.locator(".notice").filter(has_text="가렸")).to_be_visible()
        assert "1234" not in str(page.locator(".log").text_content())


def test_a_frame_shows_the_same_without_a_dialog(browser: Browser, base_url: str, host: HostPages) -> None:
    with visiting(browser, base_url, host.origin) as context:
        page = context.new_page()
        page.goto(f"{host.origin}/frame")
        frame = page.frame_locator("iframe")
        expect(frame.locator("main.panel")).to_be_visible()
        expect(frame.locator(".launcher")).to_have_count(0)
        expect(frame.locator("dialog.panel")).to_have_count(0)
        frame.locator("#question").fill(QUESTIONS["ko"])
        frame.locator(".dock [type=submit]").click()
        expect(frame.locator(".text")).to_contain_text(VALUES["ko"])
        expect(frame.locator(".ai-label")).to_be_visible()
        frame.locator(".cite").first.click()
        expect(frame.locator(".sheet[open] mark")).to_be_visible()
        assert page.evaluate("scrollY") == 0
