"""How the widget looks and is used: by keyboard, with a screen reader, enlarged, narrow, in other colours, on paper."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.host_pages import page, tag
from tests.browser.pages import QUESTIONS
from tests.browser.widgets import ask, expect_answers, focused, opened, running, visiting, width_needed
from tests.web.test_contrast import EDGE, TEXT, contrast

ACCENTS = ["#1a50bd", "#ffe14d", "#ffffff", "#000000", "#e4002b", "#7ac143", "#777777"]
COLOURS = """(selector) => {
    const root = document.querySelector('civicbot-assistant').shadowRoot;
    const one = root.querySelector(selector), style = getComputedStyle(one);
    let ground = one;
    while (ground && getComputedStyle(ground).backgroundColor === 'rgba(0, 0, 0, 0)') ground = ground.parentElement;
    const around = ground === one ? one.closest('.dock, .answer, .log, .panel') : ground;
    return [style.color, getComputedStyle(ground).backgroundColor, style.borderTopColor,
            around ? getComputedStyle(around).backgroundColor : null];
}"""


def _tab_to(page: Page, wanted: str) -> None:
    """Presses Tab until an element with this id, class or text has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted in focused(page):
            return
    pytest.fail(f"Tab never reaches {wanted}")


def test_the_whole_way_by_keyboard_alone(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = context.new_page()
        visited.goto(f"{host.origin}/")
        expect(visited.locator(".launcher")).to_be_visible()
        _tab_to(visited, "launcher")
        visited.keyboard.press("Enter")
        expect(visited.locator("#question")).to_be_focused()
        visited.keyboard.type(QUESTIONS["ko"])
        visited.keyboard.press("Shift+Enter")
        assert visited.locator("#question").input_value().endswith("\n")
        visited.keyboard.press("Enter")
        expect_answers(visited, 1)
        expect(visited.locator("#question")).to_be_focused()

        _tab_to(visited, "cite")
        visited.keyboard.press("Enter")
        expect(visited.locator(".sheet[open]")).to_be_visible()
        for _ in range(6):
            visited.keyboard.press("Tab")
            inside = visited.evaluate(
                "!document.hasFocus() || document.activeElement === document.body || "
                "!!document.activeElement.shadowRoot?.activeElement?.closest('.sheet')"
            )
            assert inside
        visited.keyboard.press("Escape")
        expect(visited.locator(".sheet[open]")).to_have_count(0)
        assert "cite" in focused(visited)

        visited.locator("#question").focus()
        visited.keyboard.type("아파트 분양가는 얼마예요?")
        visited.keyboard.press("Enter")
        expect_answers(visited, 2)
        _tab_to(visited, "담당자에게 이 질문 남기기")
        visited.keyboard.press("Enter")
        expect(visited.locator(".turn textarea")).to_be_focused()
        _tab_to(visited, "질문 남기기")
        visited.keyboard.press("Enter")
        expect(visited.locator(".code")).to_be_visible()
        visited.keyboard.press("Escape")
        expect(visited.locator(".panel[open]")).to_have_count(0)
        expect(visited.locator(".launcher")).to_be_focused()


def test_the_focus_stays_in_the_dialog(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        host.pages["/"] = page(tag(bot.origin), body="<a href='/en'>outside</a>")
        visited = opened(context, f"{host.origin}/")
        seen = set()
        for _ in range(40):
            visited.keyboard.press("Tab")
            seen.add(focused(visited))
        assert not any("outside" in one for one in seen)
        assert any("close" in one for one in seen)
        visited.mouse.click(40, 400)  # beside it
        expect(visited.locator(".panel[open]")).to_have_count(0)
        expect(visited.locator(".launcher")).to_be_focused()


@pytest.mark.parametrize("event", [{"isComposing": True}, {"keyCode": 229}])
def test_a_syllable_that_is_being_composed_is_not_sent(browser: Browser, event: dict[str, Any]) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/")
        visited.locator("#question").fill("광주")
        visited.locator("#question").dispatch_event("keydown", {"key": "Enter", "bubbles": True, **event})
        expect(visited.locator(".turn")).to_have_count(0)
        expect(visited.locator("#question")).to_have_value("광주")
        visited.keyboard.press("Enter")
        expect_answers(visited, 1)


def test_a_korean_question_is_composed_and_sent(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/")
        keyboard = context.new_cdp_session(visited)
        for text in ("ㄱ", "가", "강"):
            keyboard.send("Input.imeSetComposition", {"text": text, "selectionStart": 1, "selectionEnd": 1})
        keyboard.send("Input.insertText", {"text": "강"})
        expect(visited.locator("#question")).to_have_value("강")
        visited.keyboard.press("Enter")
        expect(visited.locator(".question p")).to_have_text("강")


def test_what_a_screen_reader_finds(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/en")
        dialog = visited.get_by_role("dialog", name="Gwangju AI projects guide")
        expect(dialog).to_have_count(1)
        expect(dialog).to_have_attribute("aria-describedby", "notice")
        expect(dialog.get_by_role("textbox", name="Your question")).to_have_count(1)
        expect(dialog.get_by_role("log", name="Questions and answers")).to_have_attribute("aria-live", "off")
        visited.evaluate(
            """() => {
                window.said = [];
                const line = document.querySelector('civicbot-assistant').shadowRoot.querySelector('.panel > .unseen');
                new MutationObserver(() => said.push(line.textContent)).observe(
                    line, { childList: true, characterData: true, subtree: true });
            }"""
        )
        ask(visited, "What is the total cost of the AI mobility new town?")
        said = visited.evaluate("said.filter((one, place) => one && one !== said[place - 1])")
        assert said == ["The answer is being prepared.", "The answer is ready. Sentences: 2. Sources: 2."]
        expect(dialog.get_by_role("article", name="Your question")).to_have_count(1)
        expect(dialog.get_by_role("button", name=re.compile("^Open source 1: "))).to_have_count(1)
        visited.keyboard.press("Escape")
        expect(visited.get_by_role("button", name="Ask the AI guide")).to_have_attribute("aria-haspopup", "dialog")


def test_what_is_in_another_language_says_so(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        visited = opened(context, f"{host.origin}/")
        ask(visited, "총사업비가 얼마야?")
        expect(visited.locator(".source-title").last).to_have_attribute("lang", "en")
        visited.locator(".cite").last.click()
        sheet = visited.locator(".sheet[open]")
        expect(sheet.locator("blockquote")).to_have_attribute("lang", "en")
        expect(sheet.locator("h3")).to_have_attribute("lang", "en")
        expect(sheet.locator("dl")).to_contain_text("영어 자료")
        visited.keyboard.press("Escape")
        ask(visited, "What is the budget?")
        expect(visited.locator(".text").last).to_have_attribute("lang", "en")
        expect(visited.locator(".question p").last).to_have_attribute("lang", "en")


@pytest.mark.parametrize(("width", "height"), [(360, 740), (320, 800), (320, 256)])
def test_a_narrow_screen_needs_no_sideways_scrolling(browser: Browser, width: int, height: int) -> None:
    # 320 pixels are a window of 1280 at 400 %.
    with (
        running() as (bot, host),
        visiting(browser, bot.origin, host.origin, width=width, height=height, has_touch=True) as context,
    ):
        visited = opened(context, f"{host.origin}/en")
        assert width_needed(visited) <= width
        for question in (QUESTIONS["en"], "What is the price of a flat?"):
            ask(visited, question)
            assert width_needed(visited) <= width
        visited.locator("[aria-controls$=leave]").last.click()
        assert width_needed(visited) <= width
        box = visited.locator(".panel").bounding_box()
        assert box is not None
        assert (box["width"], box["height"]) == (width, height)
        visited.locator(".cite").first.click()
        assert width_needed(visited) <= width
        visited.keyboard.press("Escape")
        visited.locator("#question").scroll_into_view_if_needed()
        expect(visited.locator("#question")).to_be_in_viewport(ratio=0.9)


def test_no_text_is_small_whatever_the_pages_own_size(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        style = "<style>html { font-size: 62.5% } body { font-size: 8px }</style>"
        host.pages["/"] = page(tag(bot.origin), head=style)
        visited = opened(context, f"{host.origin}/")
        ask(visited, QUESTIONS["ko"])
        small = visited.evaluate(
            """() => [...document.querySelector('civicbot-assistant').shadowRoot.querySelectorAll('.root *')]
                .filter((one) => one.checkVisibility() && !one.matches('.cite, .unseen'))
                .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
                .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 17)
                .map((one) => one.outerHTML.slice(0, 100))"""
        )
        assert small == []
        assert visited.evaluate("getComputedStyle(document.body).fontSize") == "8px"


def _hex(colour: str) -> str:
    numbers = re.findall(r"[\d.]+", colour)[:3]
    return "#" + "".join(f"{round(float(number)):02x}" for number in numbers)


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_accent_is_made_legible(browser: Browser, accent: str, scheme: Any) -> None:
    with running(site={"accent": accent}) as (bot, host):
        host.pages["/"] = page(tag(bot.origin))
        with visiting(browser, bot.origin, host.origin, color_scheme=scheme) as context:
            visited = opened(context, f"{host.origin}/")
            ask(visited, QUESTIONS["ko"])
            for selector in (".by-ai", ".cite", ".dock .primary", ".source-title", ".question p", ".launcher"):
                ink, ground, *_ = visited.evaluate(COLOURS, selector)
                assert contrast(_hex(ink), _hex(ground)) >= TEXT, selector
            _, _, edge, around = visited.evaluate(COLOURS, ".dock .primary")
            assert contrast(_hex(edge), _hex(around)) >= EDGE
            if scheme == "light":
                assert _hex(visited.evaluate(COLOURS, ".by-ai")[1]) == accent


def test_the_page_follows_the_visitors_colours(browser: Browser) -> None:
    grounds = {}
    with running() as (bot, host):
        for scheme in ("light", "dark"):
            with visiting(browser, bot.origin, host.origin, color_scheme=scheme) as context:
                visited = opened(context, f"{host.origin}/")
                grounds[scheme] = visited.evaluate(COLOURS, ".log")[1]
    assert grounds == {"light": "rgb(244, 246, 249)", "dark": "rgb(18, 22, 28)"}


def test_forced_colours_keep_what_only_colours_tell(browser: Browser) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, forced_colors="active") as context:
        visited = opened(context, f"{host.origin}/")
        chip = visited.locator(".chip").first
        assert chip.evaluate("one => getComputedStyle(one).borderTopWidth") == "1px"
        ask(visited, QUESTIONS["ko"])
        mine = visited.locator(".question").first
        assert mine.evaluate("one => getComputedStyle(one).borderTopColor") != "rgba(0, 0, 0, 0)"


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_nothing_moves_for_those_who_want_it_so(browser: Browser, motion: Any) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, reduced_motion=motion) as context:
        visited = opened(context, f"{host.origin}/")
        bot.service.assistant.pause.clear()
        visited.locator("#question").fill(QUESTIONS["ko"])
        visited.keyboard.press("Enter")
        dot = visited.locator(".turn .wait i").first
        expect(dot).to_be_visible()
        assert dot.evaluate("one => getComputedStyle(one).animationName") == ("none" if motion == "reduce" else "wait")


@pytest.mark.parametrize("position", ["left", "right"])
def test_the_launcher_stands_where_it_was_put_and_not_on_paper(browser: Browser, position: str) -> None:
    with running() as (bot, host), visiting(browser, bot.origin, host.origin) as context:
        head = "<style>body { transform: translateX(0); overflow: hidden; height: 20px }</style>"
        host.pages["/"] = page(tag(bot.origin, position=position), head=head)
        visited = context.new_page()
        visited.goto(f"{host.origin}/")
        launcher = visited.locator(".launcher")
        expect(launcher).to_be_in_viewport(ratio=1)
        box = launcher.bounding_box()
        assert box is not None
        assert (box["x"] < 100) == (position == "left")
        assert box["y"] + box["height"] > 750
        assert box["height"] >= 44
        launcher.click()
        panel = visited.locator(".panel").bounding_box()
        assert panel is not None
        assert (panel["x"] < 100) == (position == "left")
        visited.emulate_media(media="print")
        expect(visited.locator(".panel")).to_be_hidden()
        expect(launcher).to_be_hidden()


def test_a_phones_keyboard_stays_away_from_the_answer(browser: Browser) -> None:
    options = {"has_touch": True, "is_mobile": True}
    with running() as (bot, host), visiting(browser, bot.origin, host.origin, width=360, **options) as context:
        visited = context.new_page()
        visited.goto(f"{host.origin}/")
        visited.locator(".launcher").tap()
        expect(visited.locator("#title")).to_be_focused()
        visited.locator(".chip").first.tap()
        expect_answers(visited, 1)
        assert "by-ai" in focused(visited)
