"""What the first visit costs, and the pages around the chat as a browser shows them."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import BrowserContext, expect
from tests.browser.pages import QUESTIONS, opened, width_needed

Visit = Callable[..., BrowserContext]
HEAVIEST = 600_000
"""Bytes that the first load of the chat page may transfer."""

PAGES = ("/about", "/how-it-works", "/privacy")


def test_the_first_load_is_light_and_breaks_no_rule_of_its_policy(visit: Visit) -> None:
    context = visit()
    page = context.new_page()
    session = context.new_cdp_session(page)
    sizes: list[int] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    session.send("Network.enable")
    broken: list[str] = []
    page.expose_function("broken", lambda directive: broken.append(directive))  # noqa: PLW0108 - it takes no built-in
    page.add_init_script("addEventListener('securitypolicyviolation', (e) => broken(e.violatedDirective))")
    page.goto("/")
    expect(page.locator("#cb-question")).to_be_editable()
    page.wait_for_load_state("load")
    page.wait_for_timeout(1000)  # what is loaded later counts, too
    assert 100_000 < sum(sizes) < HEAVIEST
    assert broken == []


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_fit_at_four_hundred_per_cent(visit: Visit, path: str, scheme: str) -> None:
    page = visit(width=320, color_scheme=scheme).new_page()
    page.goto(path)
    assert width_needed(page) <= 320
    if path == "/about":
        page.locator("details").first.evaluate("(one) => { one.open = true }")
        page.locator("details").last.evaluate("(one) => { one.open = true }")
        assert width_needed(page) <= 320
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()


def test_a_quote_is_reached_without_a_script(visit: Visit, base_url: str) -> None:
    answer = httpx.post(f"{base_url}/api/v1/answers", json={"question": QUESTIONS["ko"]}, timeout=60).json()
    first = answer["citations"][0]
    page = visit(java_script_enabled=False).new_page()
    page.set_viewport_size({"width": 360, "height": 400})
    page.goto(f"/documents/{first['document_id']}?quote={quote(first['quote'])}#quote")
    mark = page.locator("mark#quote")
    expect(mark).to_have_text(first["quote"])
    expect(mark).to_be_in_viewport()


def test_a_shared_answer_needs_no_script_and_leads_on(visit: Visit, base_url: str) -> None:
    answer = httpx.post(f"{base_url}/api/v1/answers", json={"question": QUESTIONS["en"]}, timeout=60).json()
    page = visit("en-GB", java_script_enabled=False).new_page()
    page.goto(f"/shared/{answer['id']}")
    expect(page.locator(".said")).to_have_text(QUESTIONS["en"])
    page.locator(".cite").first.click()
    expect(page.locator("#source-1")).to_be_in_viewport()
    page.locator("#source-1 a").first.click()
    expect(page.locator("mark#quote")).to_have_text(answer["citations"][0]["quote"])


def test_the_chat_page_leads_to_the_others_and_back(visit: Visit) -> None:
    page = opened(visit("en-GB"))
    for path in PAGES:
        page.locator(f'footer a[href^="{path}"]').first.click()
        expect(page.locator(f'header a[aria-current="page"][href^="{path}"]')).to_be_visible()
        page.locator("footer a.ask").click()
        expect(page.locator("#cb-question")).to_be_editable()
