"""The page about the service's work, as people open it: on a phone and a desktop, dark, enlarged, on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from tests.browser.pages import opened, width_needed
from tests.browser.test_axe import axe, violations
from tests.browser.test_chat_states import Site
from tests.browser.watching import watch
from tests.web.double import CONTACT
from tests.web.test_transparency import figures

from civicbot.model import Language
from civicbot.review.public_nouns import Reading
from civicbot.web.transparency_texts import load_transparency_texts

__all__ = ["axe"]

Visit = Callable[..., BrowserContext]
TEXTS = load_transparency_texts()
LOOKS = [
    ("ko-KR", 1280, "light", ""),
    ("en-GB", 320, "light", ""),
    ("ko-KR", 320, "dark", ""),
    ("en-GB", 1280, "dark", ""),
    ("ko-KR", 1280, "light", "?theme=contrast&size=largest"),
]


@pytest.fixture(scope="module")
def full() -> Iterator[Site]:
    """A server that tells something of everything."""
    site = Site(contact=CONTACT)
    site.service.reading = Reading(state="told", figures=figures())
    site.start()
    yield site
    site.stop()


@pytest.fixture
def look(browser: Browser, full: Site) -> Iterator[Callable[..., Page]]:
    """Opens the page; asserts that nothing is asked of elsewhere and that nothing goes wrong in it."""
    requests: list[str] = []
    errors: list[str] = []
    contexts: list[BrowserContext] = []
    base = f"http://127.0.0.1:{full.port}"

    def open_page(locale: str = "ko-KR", width: int = 1280, query: str = "", **options: object) -> Page:
        context = browser.new_context(
            base_url=base,
            locale=locale,
            viewport={"width": width, "height": 800},
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        watch(context, requests, errors)
        page = context.new_page()
        page.goto(f"/transparency{query}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [url for url in requests if not url.startswith(f"{base}/")] == []
    assert errors == []


@pytest.mark.parametrize(("locale", "width", "scheme", "query"), LOOKS)
def test_it_fits_and_breaks_no_rule(
    look: Callable[..., Page], axe: str, locale: str, width: int, scheme: str, query: str
) -> None:
    page = look(locale, width, query, color_scheme=scheme)
    language: Language = "ko" if locale == "ko-KR" else "en"
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXTS[language].title)
    assert width_needed(page) <= width
    assert page.evaluate("window.hacked") is None
    assert violations(page, axe) == []


def test_it_needs_no_script(look: Callable[..., Page]) -> None:
    page = look("en-GB", java_script_enabled=False)
    expect(page.locator("#state")).to_contain_text("Counted on 23 November 2026, 12:30")
    expect(page.get_by_role("table")).to_have_count(5)
    expect(page.get_by_role("row").filter(has_text="last 90 days, both languages").first).to_contain_text("92.5%")
    page.get_by_role("link", name="한국어").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXTS["ko"].title)


def test_enlarged_four_times_nothing_is_cut_off(look: Callable[..., Page]) -> None:
    # A window of 1280 px at 400 % is one of 320 px, whose text is as large as before.
    page = look("ko-KR", 320, device_scale_factor=4)
    assert width_needed(page) <= 320
    cut = page.evaluate(
        """() => [...document.querySelectorAll('main :is(td, th, dd, p, li, blockquote)')]
            .filter(each => each.scrollWidth > each.clientWidth + 1).map(each => each.innerText)"""
    )
    assert cut == []


def test_words_are_not_broken_in_tables(look: Callable[..., Page]) -> None:
    page = look("en-GB", 320)
    # A number on one line is as high as the line.
    lines = page.evaluate(
        """() => [...document.querySelectorAll('.figures td:last-child')].filter(each => each.innerText === '1,234')
            .map(each => { const range = document.createRange(); range.selectNodeContents(each);
                           return range.getClientRects().length; })"""
    )
    assert lines == [1, 1, 1]


def test_on_paper_there_is_no_navigation_and_everything_is_open(look: Callable[..., Page]) -> None:
    page = look("ko-KR")
    page.emulate_media(media="print")
    expect(page.locator("header.site nav")).to_be_hidden()
    expect(page.get_by_role("table").first).to_be_visible()
    expect(page.locator(".home")).to_be_hidden()


def test_the_chat_page_leads_to_it(visit: Visit) -> None:
    page = opened(visit("en-GB"))
    page.locator(".cb-footer").get_by_role("link", name="Transparency").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TEXTS["en"].title)
    # The real service, whose records hold little or nothing.
    expect(page.locator("#state")).to_contain_text("Counted on")
    expect(page.locator("#versions + dl")).to_contain_text("Library index")
    expect(page.locator("#judged")).to_be_visible()
