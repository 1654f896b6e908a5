"""How the page looks and is used: by keyboard, with a screen reader, enlarged, narrow, in other colours, on paper."""

from __future__ import annotations

from collections.abc import Callable

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

THEMES = ["light", "dark", "contrast"]


def _focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id || document.activeElement.className"))


def _tab_to(page: Page, wanted: str) -> None:
    """Presses Tab until an element with this id or class has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if wanted in _focused(page):
            return
    pytest.fail(f"Tab never reaches {wanted}")


def test_the_whole_way_by_keyboard_alone(visit: Visit) -> None:
    page = opened(visit())
    page.keyboard.press("Tab")
    expect(page.locator("a[href='#cb-main']")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#cb-question")).to_be_focused()

    page.keyboard.type(QUESTIONS["ko"])
    page.keyboard.press("Shift+Enter")
    expect(page.locator("#cb-question")).to_have_value(f"{QUESTIONS['ko']}\n")
    page.keyboard.press("Enter")
    expect(page.locator(".cb-text")).to_contain_text(VALUES["ko"])
    expect(page.locator("#cb-ask")).to_be_visible()
    expect(page.locator("#cb-question")).to_be_focused()

    page.locator("#cb-main").focus()
    _tab_to(page, "cb-cite")
    expect(page.locator("#cb-peek")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#cb-peek")).to_be_hidden()
    page.keyboard.press("Enter")
    panel = page.locator("#cb-panel[open]")
    expect(panel).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#cb-panel')"
        )
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator(".cb-cite").first).to_be_focused()

    page.locator("#cb-question").focus()
    page.keyboard.type(UNANSWERED["ko"])
    page.keyboard.press("Enter")
    expect(page.locator("[data-form=leave]")).to_have_count(1)
    page.locator("[data-toggle^=leave]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-form=leave] textarea")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".cb-code")).to_be_visible()


def test_the_quote_stays_where_the_focus_itself_scrolls_the_page(visit: Visit) -> None:
    page = opened(visit())
    ask(page, QUESTIONS["ko"])
    page.set_viewport_size({"width": 1280, "height": 240})
    page.locator("#cb-main").focus()
    page.evaluate("scrollTo(0, 0)")
    expect(page.locator(".cb-cite").first).not_to_be_in_viewport()
    page.evaluate("addEventListener('scroll', () => (window.scrolled = (window.scrolled ?? 0) + 1))")
    _tab_to(page, "cb-cite")
    page.wait_for_function("window.scrolled > 0 && scrollY > 0")
    expect(page.locator(".cb-cite").first).to_be_in_viewport()
    expect(page.locator("#cb-peek")).to_be_visible()
    page.mouse.wheel(0, 40)  # what is scrolled by hand takes the quote along
    expect(page.locator("#cb-peek")).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.locator(".cb-cite").first).not_to_be_focused()


def test_a_syllable_that_is_being_composed_is_not_sent(visit: Visit) -> None:
    page = opened(visit())
    page.locator("#cb-question").fill("광주")
    page.locator("#cb-question").dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    expect(page.locator("#cb-stop")).to_be_hidden()
    expect(page.locator(".cb-turn")).to_have_count(0)


def test_what_a_screen_reader_finds(visit: Visit) -> None:
    page = opened(visit("en-GB"))
    for role in ("banner", "main", "contentinfo", "log"):
        expect(page.locator(f"[role={role}], header, footer").first).to_be_attached()
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("textbox", name="Your question")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.evaluate(
        """() => {
            window.said = [];
            const line = document.querySelector('#cb-state [role=status]');
            new MutationObserver(() => said.push(line.textContent)).observe(
                line, { childList: true, characterData: true, subtree: true });
        }"""
    )
    ask(page, QUESTIONS["en"])
    said = page.evaluate("said.filter((one, place) => one && one !== said[place - 1])")
    assert said[0] == "The answer is being prepared."
    assert said[-1].startswith("The answer is ready.")
    assert len(said) == 2
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")
    cite = page.locator(".cb-cite").first
    described = page.locator(f"[id='{cite.get_attribute('aria-describedby')}']")
    assert VALUES["en"].search(described.text_content() or "")
    assert str(cite.get_attribute("aria-label")).startswith("Open source 1: ")
    expect(page.get_by_role("article", name=f"Your question {QUESTIONS['en']}", exact=True)).to_have_count(1)


def test_what_is_pressed_and_goes_away_hands_the_focus_on(visit: Visit) -> None:
    page = opened(visit())
    for number, chip in enumerate((".cb-examples .cb-chip", ".cb-next .cb-chip")):
        page.locator(chip).first.focus()
        page.keyboard.press("Enter")
        expect_answers(page, number + 1)
        expect(page.locator(f"#turn-{number}")).to_be_focused()
    narrow = opened(visit("en-GB", width=360))
    narrow.get_by_role("button", name="한국어").focus()
    narrow.keyboard.press("Enter")
    expect(narrow.locator("h1")).to_have_text(TITLES["ko"])
    expect(narrow.get_by_role("button", name="English")).to_be_focused()


@pytest.mark.parametrize(("width", "touch"), [(1280, False), (360, True)])
def test_every_answer_is_read_from_its_beginning(visit: Visit, width: int, touch: bool) -> None:
    page = opened(visit(width=width, has_touch=touch, is_mobile=touch))
    for number, question in enumerate((QUESTIONS["ko"], UNANSWERED["ko"], QUESTIONS["ko"])):
        ask(page, question)
        expect(page.locator(f"#turn-{number} .cb-question")).to_be_in_viewport(ratio=1)
        top = page.locator(f"#turn-{number}").evaluate("one => one.getBoundingClientRect().top")
        left = page.evaluate("document.documentElement.scrollHeight - innerHeight - scrollY")
        assert -1 <= top < 40 or left < 2 or number == 0


@pytest.mark.parametrize("width", [320, 360, 640])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_narrow_screen_needs_no_sideways_scrolling(visit: Visit, scheme: str, width: int) -> None:
    # 640 and 320 pixels are a window of 1280 at 200 and 400 %.
    page = opened(visit("en-GB", width=width, color_scheme=scheme, has_touch=True))
    assert width_needed(page) <= width
    page.locator("[data-toggle=cb-display]").click()
    page.locator("input[value=largest]").check()
    assert page.evaluate("getComputedStyle(document.body).fontSize") != "17px"
    for question in (QUESTIONS["en"], UNANSWERED["en"]):
        ask(page, question)
        assert width_needed(page) <= width
    page.locator(".cb-source").first.click()
    panel = page.locator("#cb-panel[open]")
    box = panel.bounding_box()
    assert box is not None
    assert box["width"] <= width
    assert panel.evaluate("panel => panel.scrollWidth <= panel.clientWidth")


def test_a_low_window_is_not_filled_by_the_question_box(visit: Visit) -> None:
    page = opened(visit())
    assert page.evaluate("getComputedStyle(document.getElementById('cb-dock')).position") == "sticky"
    page.set_viewport_size({"width": 320, "height": 256})  # 1280 × 1024 at 400 %
    assert page.evaluate("getComputedStyle(document.getElementById('cb-dock')).position") == "static"
    assert width_needed(page) <= 320


@pytest.mark.parametrize("theme", THEMES)
def test_the_look_is_chosen_and_kept_on_the_device_alone(visit: Visit, theme: str) -> None:
    context = visit()
    page = opened(context)
    toggle = page.locator("[data-toggle=cb-display]")
    toggle.click()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    page.locator(f"input[value={theme}]").check()
    page.locator("input[value=large]").check()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(244, 246, 249)", "dark": "rgb(18, 22, 28)", "contrast": "rgb(0, 0, 0)"}[theme]
    page.keyboard.press("Escape")
    expect(toggle).to_have_attribute("aria-expanded", "false")
    expect(toggle).to_be_focused()
    page.reload()
    expect_opened(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "20px"
    assert page.evaluate("({...localStorage})") == {"civicbot-theme": theme, "civicbot-size": "large"}
    assert context.cookies() == []


@pytest.mark.parametrize(("theme", "ground"), [("contrast", "rgb(0, 0, 0)"), ("dark", "rgb(18, 23, 31)")])
def test_the_look_goes_along_to_the_pages_around(visit: Visit, theme: str, ground: str) -> None:
    context = visit()
    page = opened(context)
    page.locator("[data-toggle=cb-display]").click()
    page.locator(f"input[value={theme}]").check()
    page.locator("input[value=largest]").check()
    ask(page, QUESTIONS["ko"])
    page.locator(".cb-source").first.click()
    with context.expect_page() as opening:
        page.locator("#cb-panel .cb-link-main").click()
    around = opening.value
    expect(around.locator("mark#quote")).to_be_in_viewport()
    for path in ("/about", "/privacy", "/about"):
        expect(around.locator("body")).to_have_css("background-color", ground)
        assert around.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 25
        around.locator(f'header a[href^="{path}"]').click()
        expect(around.locator(f'header a[aria-current="page"][href^="{path}"]')).to_be_visible()
    around.locator("summary").first.click()
    around.locator("details[open] a").first.click()
    expect(around.locator(".label")).to_be_visible()
    expect(around.locator("body")).to_have_css("background-color", ground)
    around.locator("footer a.ask").click()
    expect_opened(around)
    assert "theme" not in around.url
    assert context.cookies() == []
    assert "theme" not in str(page.locator("[data-act=share]").get_attribute("data-value"))


def test_the_chosen_look_is_there_before_anything_is_drawn(visit: Visit) -> None:
    page = visit().new_page()
    page.add_init_script("localStorage.setItem('civicbot-theme', 'contrast')")
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => (window.first = {...document.documentElement.dataset}))"
    )
    page.goto("/")
    expect_opened(page)
    assert page.evaluate("window.first") == {"theme": "contrast", "size": "normal"}


FRAMED = (
    ".cb-chip, .cb-question, .cb-answer, .cb-ai, .cb-notice, .cb-button, .cb-label, .cb-links a, textarea, #cb-panel"
)


def test_in_forced_colours_frames_and_focus_can_be_seen(visit: Visit) -> None:
    page = opened(visit("en-GB", forced_colors="active"))
    assert page.evaluate("matchMedia('(forced-colors: active)').matches")
    _see_frames(page)
    page.locator(".cb-examples .cb-chip").first.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    _see_focus(page)
    pressed, other = (page.locator(f".cb-languages [aria-pressed={state}]") for state in ("true", "false"))
    lines = [one.evaluate("one => getComputedStyle(one).borderBottomColor") for one in (pressed, other)]
    assert lines[0] != lines[1]
    ask(page, UNANSWERED["en"])
    ask(page, QUESTIONS["en"])
    _see_frames(page)
    page.locator("#cb-main").focus()
    _tab_to(page, "cb-cite")
    _see_focus(page)
    page.keyboard.press("Enter")
    expect(page.locator("#cb-panel[open]")).to_be_visible()
    _see_frames(page)
    assert page.locator("#cb-panel .cb-quote").evaluate(
        "one => getComputedStyle(one).backgroundColor !== getComputedStyle(one.parentElement).backgroundColor"
    )


def _see_frames(page: Page) -> None:
    """Asserts that what is told apart by its ground elsewhere has a border that differs from the ground here."""
    unseen = page.evaluate(
        """frames => [...document.querySelectorAll(frames)].filter((one) => one.checkVisibility()).filter((one) => {
            const style = getComputedStyle(one);
            const sides = ['Top', 'Left'].filter((side) => parseFloat(style[`border${side}Width`]) >= 1
                && style[`border${side}Color`] !== style.backgroundColor);
            return sides.length === 0;
        }).map((one) => one.outerHTML.slice(0, 80))""",
        FRAMED,
    )
    assert unseen == []


def _see_focus(page: Page) -> None:
    width, colour, ground = page.evaluate(
        """() => {
            const style = getComputedStyle(document.activeElement);
            const ground = getComputedStyle(document.body).backgroundColor;
            return [parseFloat(style.outlineWidth), style.outlineColor, ground];
        }"""
    )
    assert width >= 2
    assert colour != ground


def test_no_text_is_smaller_than_17_pixels_but_the_numbers_of_citations(visit: Visit) -> None:
    page = opened(visit())
    ask(page, QUESTIONS["ko"])
    small = page.evaluate(
        """() => [...document.querySelectorAll('#cb-page *')]
            .filter((one) => one.checkVisibility() && !one.matches('.cb-cite, .cb-cite *, .cb-hidden'))
            .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim()))
            .filter((one) => parseFloat(getComputedStyle(one).fontSize) < 17)
            .map((one) => one.outerHTML.slice(0, 100))"""
    )
    assert small == []


def test_nothing_moves_for_those_who_want_it_so(visit: Visit) -> None:
    page = opened(visit(reduced_motion="reduce"))
    moving = page.evaluate(
        """() => {
            const one = document.createElement('p');
            one.className = 'cb-wait';
            one.innerHTML = '<i></i>';
            document.getElementById('cb-main').append(one);
            return getComputedStyle(one.firstChild).animationName;
        }"""
    )
    assert moving == "none"


def test_on_paper_an_answer_keeps_question_label_date_and_sources(visit: Visit) -> None:
    page = opened(visit())
    for question in (QUESTIONS["ko"], UNANSWERED["ko"]):
        ask(page, question)
    page.evaluate("window.print = () => {}")
    page.emulate_media(media="print")
    turns = page.locator(".cb-turn")
    expect(turns).to_have_count(2)
    turns.first.locator("[data-act=print]").dispatch_event("click")
    expect(turns.last).to_be_hidden()
    first = turns.first
    for kept in (".cb-question p", ".cb-text", ".cb-as-of", ".cb-ai-label", ".cb-sources", ".cb-printed"):
        expect(first.locator(kept).first).to_be_visible()
    for dropped in ("#cb-dock", ".cb-actions", ".cb-next", ".cb-tools", ".cb-footer nav"):
        expect(page.locator(dropped).first).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(turns.last).to_be_visible()
