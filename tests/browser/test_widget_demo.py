"""What residents do with the widget on the demonstration site, in every variant, with the real service behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect
from tests.browser.demo import STORAGE, ask, demo_site, framed, name_of, opened, watched
from tests.browser.pages import QUESTIONS, UNANSWERED, VALUES

from civicbot.web.demo.variants import policy_header

SCREENS = [pytest.param(1280, id="desktop"), pytest.param(360, id="phone")]
SCRIPTED = ["plain", "hostile", "strict", "single-page"]
CODE = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
POLICY_WATCH = (
    "document.addEventListener('securitypolicyviolation', (event) => console.error('CSP', event.blockedURI));"
)


@pytest.fixture(scope="module")
def demo(base_url: str, data_folder: Path) -> Iterator[str]:
    """The origin of a registered demonstration site."""
    with demo_site(base_url, data_folder) as origin:
        yield origin


def check_answer(turn: Locator) -> None:
    expect(turn.locator(".text")).to_contain_text(VALUES["ko"])
    expect(turn.locator(".as-of")).to_contain_text("기준")
    expect(turn.locator(".ai-label")).to_contain_text("AI가 공개 자료에서 찾아 만든 답변입니다")


def open_citation(widget: Locator | FrameLocator, turn: Locator, context: BrowserContext) -> None:
    """Reads the quote, opens the document at it in a tab of its own, and goes back to the mark."""
    cite = turn.locator(".cite").first
    cite.click()
    sheet = widget.locator(".sheet")
    expect(sheet.locator("blockquote")).to_contain_text(VALUES["ko"])
    quoted = sheet.locator("blockquote").inner_text()
    with context.expect_page() as opening:
        sheet.locator("a.primary").click()
    document = opening.value
    expect(document.locator("mark#quote")).to_have_text(quoted)
    document.close()
    cite.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(cite).to_be_focused()


def give_feedback(turn: Locator) -> None:
    turn.get_by_role("button", name="아니요", exact=True).click()
    form = turn.locator("form").first
    form.get_by_label("오래된 내용이에요").check()
    form.locator("textarea").fill("2024?")
    form.locator("[type=submit]").click()
    expect(turn.locator(".thanks")).to_contain_text("의견 고맙습니다")


def leave_for_staff(turn: Locator, context: BrowserContext) -> None:
    turn.get_by_role("button", name="담당자에게 이 질문 남기기").click()
    form = turn.locator("form:visible")
    form.locator("textarea").fill("집을 알아보고 있어요.")
    form.locator("[type=submit]").click()
    code = turn.locator(".code a")
    expect(code).to_have_text(CODE)
    with context.expect_page() as opening:
        code.click()
    expect(opening.value.locator("main")).to_contain_text("집을 알아보고 있어요.")
    opening.value.close()


def use_everything(widget: Locator | FrameLocator, context: BrowserContext) -> None:
    """Asks, opens a citation, rates, asks on, and leaves a question for staff: three questions."""
    expect(widget.locator(".ai")).to_contain_text("AI가 답하는 서비스입니다")
    first = ask(widget, QUESTIONS["ko"])
    check_answer(first)
    open_citation(widget, first, context)
    give_feedback(first)
    expect(ask(widget, "그건 어디에 생겨?").locator(".text")).to_contain_text("모빌리티")
    leave_for_staff(ask(widget, UNANSWERED["ko"]), context)


def stored(page: Page, bot: str, demo: str) -> None:
    """Nothing is kept in the browser but the one entry that docs/embedding.md tells of."""
    key = f"civicbot:{bot}:{name_of(demo)}"
    assert page.evaluate(STORAGE) == {"cookies": "", "local": [], "session": [key]}


@pytest.mark.parametrize("width", SCREENS)
@pytest.mark.parametrize("variant", SCRIPTED)
def test_from_the_first_question_to_the_next_page(
    browser: Browser, base_url: str, demo: str, variant: str, width: int
) -> None:
    with watched(browser, base_url, demo, width=width) as context:
        context.add_init_script(POLICY_WATCH)
        page = context.new_page()
        response = page.goto(f"{demo}/{variant}/")
        assert response is not None
        expected = policy_header("strict", base_url) if variant == "strict" else None
        assert response.header_value("content-security-policy") == expected
        use_everything(opened(page), context)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        stored(page, base_url, demo)

        page.reload()
        check_kept(page)
        page.goto(f"{demo}/{variant}/directions")
        check_kept(page)


def check_kept(page: Page) -> None:
    """The conversation is there again."""
    widget = opened(page)
    expect(widget.locator(".turn")).to_have_count(3)
    check_answer(widget.locator(".turn").first)


@pytest.mark.parametrize("width", SCREENS)
@pytest.mark.parametrize("path", ["", "news"])
def test_the_frame_does_it_without_a_script_of_the_host(
    browser: Browser, base_url: str, demo: str, path: str, width: int
) -> None:
    with watched(browser, base_url, demo, width=width) as context:
        page = context.new_page()
        response = page.goto(f"{demo}/frame/{path}")
        assert response is not None
        assert response.header_value("content-security-policy") == policy_header("frame", base_url)
        use_everything(framed(page), context)
        assert page.evaluate(STORAGE) == {"cookies": "", "local": [], "session": []}, "the host keeps nothing"
        page.reload()
        frame = framed(page)
        expect(frame.locator(".turn")).to_have_count(3)
        check_answer(frame.locator(".turn").first)


def test_the_english_site_is_answered_in_english(browser: Browser, base_url: str, demo: str) -> None:
    with watched(browser, base_url, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/en/plain/services")
        widget = opened(page)
        expect(widget.locator(".root")).to_have_attribute("lang", "en")
        expect(ask(widget, QUESTIONS["en"]).locator(".text")).to_contain_text(VALUES["en"])
        page.goto(f"{demo}/en/frame/")
        expect(framed(page).locator(".root")).to_have_attribute("lang", "en")


LOOKS = """() => {
  const looks = [];
  for (const one of document.querySelector('civicbot-assistant').shadowRoot.querySelectorAll('*')) {
    const style = getComputedStyle(one), box = one.getBoundingClientRect();
    const names = [...style].filter((name) => !name.startsWith('--'));
    const values = names.map((name) => [name, style.getPropertyValue(name)]);
    const place = box.width && box.height ? [box.x, box.y, box.width, box.height].map(Math.round).join(' ') : '';
    looks.push([one.tagName + '.' + one.className, {...Object.fromEntries(values), place}]);
  }
  return looks;
}"""


def looks(page: Page, address: str, width: int) -> list[list[object]]:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(address)
    widget = page.locator("civicbot-assistant")
    expect(widget.locator(".launcher")).to_be_visible()
    closed = page.evaluate(LOOKS)
    widget = opened(page)
    check_answer(ask(widget, QUESTIONS["ko"]))
    widget.locator(".log").evaluate("one => { one.scrollTop = 0; }")
    page.mouse.move(1, 1)
    found: list[list[object]] = [*closed, *page.evaluate(LOOKS)]
    return found


@pytest.mark.parametrize("width", SCREENS)
def test_hostile_styles_change_nothing_in_the_widget(browser: Browser, base_url: str, demo: str, width: int) -> None:
    with watched(browser, base_url, demo, width=width) as context:
        plain = looks(context.new_page(), f"{demo}/plain/news", width)
    with watched(browser, base_url, demo, width=width) as context:
        page = context.new_page()
        hostile = looks(page, f"{demo}/hostile/news", width)
        assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontStyle") == "italic", (
            "the styles are on"
        )
    assert [name for name, _ in hostile] == [name for name, _ in plain]
    for (name, one), (_, other) in zip(plain, hostile, strict=True):
        assert one == other, name


HIT = """(one) => {
  const box = one.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
  const host = document.elementFromPoint(x, y);
  return host.matches('civicbot-assistant') && one.contains(host.shadowRoot.elementFromPoint(x, y));
}"""


@pytest.mark.parametrize("width", SCREENS)
def test_nothing_of_a_hostile_page_lies_over_the_widget(browser: Browser, base_url: str, demo: str, width: int) -> None:
    with watched(browser, base_url, demo, width=width) as context:
        page = context.new_page()
        page.goto(f"{demo}/hostile/")
        banner = page.locator("html > aside.banner")
        expect(banner).to_be_visible()
        assert banner.evaluate("one => !one.nextElementSibling"), "the banner stands last, on the highest layer"
        launcher = page.locator("civicbot-assistant .launcher")
        expect(launcher).to_be_visible()
        expect(launcher).to_be_in_viewport(ratio=1)
        assert launcher.evaluate(HIT)
        widget = opened(page)
        ask(widget, QUESTIONS["ko"])
        for part in (".dock textarea", ".dock .primary", ".bar button >> nth=-1", ".turn .cite >> nth=0"):
            one = widget.locator(part)
            expect(one).to_be_in_viewport(ratio=1)
            assert one.evaluate(HIT), part


def test_the_shortcuts_of_a_page_leave_typing_alone(browser: Browser, base_url: str, demo: str) -> None:
    with watched(browser, base_url, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/hostile/")
        box = opened(page).locator(".dock textarea")
        box.focus()
        page.keyboard.type("s1 2 search/4")
        expect(box).to_have_value("s1 2 search/4")
        assert page.url == f"{demo}/hostile/"
        page.keyboard.press("Escape")
        expect(page.locator("civicbot-assistant .launcher")).to_be_focused()
        page.locator("#content").focus()
        page.keyboard.press("s")
        expect(page.locator("#search")).to_be_focused()


def test_a_single_page_site_changes_its_views_and_the_widget_stays(browser: Browser, base_url: str, demo: str) -> None:
    with watched(browser, base_url, demo) as context:
        page = context.new_page()
        loads: list[str] = []
        page.on("framenavigated", lambda frame: loads.append(frame.url))
        page.goto(f"{demo}/single-page/")
        page.evaluate("window.marker = 1")
        widget = opened(page)
        ask(widget, QUESTIONS["ko"])
        page.keyboard.press("Escape")
        for name, heading in (("소식", "소식"), ("민원", "민원"), ("오시는 길", "오시는 길")):
            page.locator(".menu").get_by_role("link", name=name).click()
            expect(page.locator("h1")).to_have_text(heading)
            expect(widget).to_have_count(1)
            expect(widget.locator(".launcher")).to_be_visible()
        page.go_back()
        expect(page.locator("h1")).to_have_text("민원")
        widget = opened(page)
        expect(widget.locator(".turn")).to_have_count(1)
        expect(ask(widget, "그건 어디에 생겨?").locator(".text")).to_contain_text("모빌리티")
        page.go_back()  # with the dialog open
        expect(page.locator("h1")).to_have_text("소식")
        expect(widget.locator(".launcher").or_(widget.locator(".panel")).locator("visible=true")).not_to_have_count(0)
        assert page.evaluate("window.marker") == 1, "no page was loaded meanwhile"


def test_a_single_page_site_that_takes_out_the_tag_is_rid_of_the_widget(
    browser: Browser, base_url: str, demo: str
) -> None:
    with watched(browser, base_url, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/single-page/")
        expect(page.locator("civicbot-assistant .launcher")).to_be_visible()
        page.evaluate("document.querySelector('script[data-site]').remove()")
        page.locator(".menu").get_by_role("link", name="소식").click()
        expect(page.locator("h1")).to_have_text("소식")
        expect(page.locator("civicbot-assistant")).to_have_count(0)


def test_the_pages_own_names_stay_as_they_were(browser: Browser, base_url: str, demo: str) -> None:
    with watched(browser, base_url, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/")  # the list of the variants has no widget
        before = page.evaluate("Object.getOwnPropertyNames(window).sort()")
        page.goto(f"{demo}/plain/")
        opened(page)
        assert page.evaluate("Object.getOwnPropertyNames(window).sort()") == before
