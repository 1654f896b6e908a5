"""Where the widget is shown, what it asks for, and what it keeps from page to page."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.host_pages import page, tag
from tests.browser.pages import QUESTIONS
from tests.browser.widgets import SITE, ask, continued, expect_answers, open_dialog, opened, running, visiting

NO_STORAGE = """
Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });
"""
SLICED = """
const real = window.fetch;
window.fetch = async (url, options) => {
    const response = await real(url, options);
    if (!String(url).endsWith('/answers')) return response;
    const text = (await response.text()).replaceAll('\\n', '%s');
    const bytes = new TextEncoder().encode(': a comment%s%s' + text);
    let at = 0;
    const body = new ReadableStream({
        pull: (sink) => (at < bytes.length ? sink.enqueue(bytes.slice(at, (at += 1))) : sink.close()),
    });
    return new Response(body, { status: response.status, headers: response.headers });
};
"""


# ---------------------------------------------------------------- whether it is shown


@pytest.mark.parametrize("state", ["unregistered", "disabled", "foreign origin", "no name"])
def test_nothing_is_shown_where_it_may_not_be(browser: Browser, state: str) -> None:
    with running() as (bot, host):
        if state == "disabled":
            bot.service.book.disable(SITE)
        if state == "foreign origin":
            bot.service.book.edit(SITE, origins=("https://elsewhere.example",))
        host.pages["/"] = page(tag(bot.origin, {"unregistered": "town", "no name": ""}.get(state, SITE)))
        with visiting(browser, bot.origin, host.origin, errors=True) as context:
            visited = context.new_page()
            with visited.expect_console_message(lambda message: message.text.startswith("Civicbot:")) as said:
                visited.goto(f"{host.origin}/")
            assert said.value.type == "warning"
            assert "nothing is shown" in said.value.text
            expect(visited.locator("civicbot-assistant")).to_have_count(0)


def test_the_tag_may_stand_twice_and_leaves_no_name_behind(browser: Browser) -> None:
    with running() as (bot, host):
        host.pages["/bare"] = page("")
        host.pages["/"] = page(tag(bot.origin) * 2)
        with visiting(browser, bot.origin, host.origin) as context:
            visited = context.new_page()
            visited.goto(f"{host.origin}/bare")
            before = visited.evaluate("Object.getOwnPropertyNames(window).length")
            visited.goto(f"{host.origin}/")
            expect(visited.locator(".launcher")).to_be_visible()
            expect(visited.locator("civicbot-assistant")).to_have_count(1)
            assert visited.evaluate("Object.getOwnPropertyNames(window).length") == before
            assert visited.evaluate("Object.keys(sessionStorage)") == []


def test_it_asks_for_nothing_but_its_settings_until_it_is_opened(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url.removeprefix(bot.origin)))
        visited = opened(context, f"{host.origin}/")
        ask(visited, QUESTIONS["ko"])
        visited.keyboard.press("Escape")
        expect(visited.locator(".launcher")).to_be_focused()
        asked.clear()
        visited.goto(f"{host.origin}/en")
        expect(visited.locator(".launcher")).to_be_visible()
        own = [path for path in asked if not path.startswith("http") and "widget.js" not in path]
        assert own == [f"/api/v1/sites/{SITE}?language=en"]


def test_it_comes_back_when_a_single_page_site_replaces_its_content(browser: Browser) -> None:
    with running() as (bot, host):
        head = tag(bot.origin)
        host.pages["/"] = page("", head=head)
        with visiting(browser, bot.origin, host.origin) as context:
            visited = opened(context, f"{host.origin}/")
            ask(visited, QUESTIONS["ko"])
            visited.evaluate("document.body.replaceChildren(document.createElement('main'))")
            expect(visited.locator(".panel[open]")).to_be_visible()
            expect_answers(visited, 1)
            visited.locator(".close").first.click()
            visited.evaluate("document.body.replaceChildren(document.createElement('main'))")
            expect(visited.locator(".launcher")).to_be_visible()
            visited.evaluate("document.querySelector('script').remove()")
            visited.evaluate("document.body.replaceChildren(document.createElement('main'))")
            expect(visited.locator("civicbot-assistant")).to_have_count(0)


# ---------------------------------------------------------------- what it keeps


@pytest.mark.parametrize("ends", ["\\n", "\\r\\n", "\\r"])
def test_an_answer_arrives_whole_byte_by_byte(browser: Browser, ends: str) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        context.add_init_script(SLICED % (ends, ends, ends))
        visited = opened(context, f"{host.origin}/")
        ask(visited, QUESTIONS["ko"])
        expect(visited.locator(".sentence")).to_have_count(3)
        expect(visited.locator(".sentence").first).to_contain_text("총사업비가 1조 5000억 원이라고 밝혔다.")
        assert "\ufffd" not in str(visited.locator(".log").text_content())


def test_it_works_where_storage_is_blocked(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        context.add_init_script(NO_STORAGE)
        visited = opened(context, f"{host.origin}/")
        ask(visited, QUESTIONS["ko"])
        with visited.expect_request("**/api/v1/answers") as asking:
            ask(visited, "그럼 위치는?")
        assert continued(asking.value)
        visited.reload()
        open_dialog(visited)
        expect(visited.locator(".opening")).to_be_visible()


def test_an_open_dialog_is_open_on_the_next_page_without_taking_the_focus(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        host.pages["/form"] = page(tag(bot.origin), body="<label>이름 <input id=name autofocus></label>")
        visited = opened(context, f"{host.origin}/")
        ask(visited, QUESTIONS["ko"])
        visited.goto(f"{host.origin}/form")
        expect_answers(visited, 1)
        expect(visited.locator("#name")).to_be_focused()
        visited.keyboard.type("홍길동")
        expect(visited.locator("#name")).to_have_value("홍길동")
        expect(visited.locator(".panel:modal")).to_have_count(0)
        visited.locator(".cite").first.click()
        expect(visited.locator(".sheet[open]")).to_be_visible()
        visited.keyboard.press("Escape")
        expect(visited.locator(".panel:modal")).to_be_visible()
        visited.locator("#question").click()
        expect(visited.locator("#question")).to_be_focused()
        visited.keyboard.press("Escape")
        expect(visited.locator(".launcher")).to_be_focused()
        visited.reload()
        expect(visited.locator(".launcher")).to_be_visible()
        expect(visited.locator(".panel[open]")).to_have_count(0)


def test_a_phone_shows_the_next_page_and_not_the_dialog(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, width=360, has_touch=True) as context:
        visited = opened(context, f"{host.origin}/")
        ask(visited, QUESTIONS["ko"])
        visited.goto(f"{host.origin}/en")
        expect(visited.locator(".launcher")).to_be_visible()
        expect(visited.locator(".panel[open]")).to_have_count(0)
        open_dialog(visited)
        expect_answers(visited, 1)
        visited.reload()
        expect(visited.locator(".panel:modal")).to_be_visible()
        expect_answers(visited, 1)
