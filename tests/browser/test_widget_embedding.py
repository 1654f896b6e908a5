"""The ways into a page that docs/embedding.md tells of, beside those of the demonstration site."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Locator, Page, expect
from tests.browser.demo import ask, framed, opened, page_of_its_own, watched
from tests.browser.pages import QUESTIONS, VALUES

from civicbot.settings import REPOSITORY
from civicbot.web.embedding import snippet

TEXT = (REPOSITORY / "docs" / "embedding.md").read_text(encoding="utf-8")
ISOLATED = {"Cross-Origin-Embedder-Policy": "require-corp", "Cross-Origin-Opener-Policy": "same-origin"}


def check_answer(widget: Locator | FrameLocator) -> None:
    expect(ask(widget, QUESTIONS["ko"]).locator(".text")).to_contain_text(VALUES["ko"])


def visited(browser_page: Page, address: str) -> Page:
    browser_page.goto(address)
    return browser_page


def frame_tag(bot: str, more: str = "") -> str:
    return f'<iframe {more} src="{bot}/embed?site=own&amp;language=ko" width="600" height="640"></iframe>'


def test_a_pinned_tag_on_a_page_in_an_old_encoding(browser: Browser, base_url: str, data_folder: Path) -> None:
    tag = snippet(base_url, "own")
    assert "integrity" in tag
    with (
        page_of_its_own(base_url, data_folder, tag, encoding="euc-kr") as address,
        watched(browser, base_url, address.rstrip("/")) as context,
    ):
        page = visited(context.new_page(), address)
        assert page.evaluate("document.characterSet") == "EUC-KR"
        check_answer(opened(page))


def test_a_pinned_tag_runs_no_other_script(browser: Browser, base_url: str, data_folder: Path) -> None:
    tag = snippet(base_url, "own")
    headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
    with page_of_its_own(base_url, data_folder, tag) as address, browser.new_context(locale="ko-KR") as context:
        script = base_url + re.findall(r"/widget-\w+\.js", tag)[0]
        context.route(script, lambda route: route.fulfill(body="window.hacked = 1", headers=headers))
        with context.expect_event("console", lambda message: "integrity" in message.text):
            page = visited(context.new_page(), address)
        assert page.evaluate("window.hacked") is None
        expect(page.locator("civicbot-assistant")).to_have_count(0)


def test_a_nonce_does_as_well(browser: Browser, base_url: str, data_folder: Path) -> None:
    tag = snippet(base_url, "own", integrity=False).replace("<script ", '<script nonce="abc" ')
    policy = f"default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; connect-src {base_url}; img-src data:"
    with (
        page_of_its_own(base_url, data_folder, tag, headers={"Content-Security-Policy": policy}) as address,
        watched(browser, base_url, address.rstrip("/")) as context,
    ):
        check_answer(opened(visited(context.new_page(), address)))


@pytest.mark.parametrize("kind", ["tag", "frame"])
def test_pages_that_isolate_themselves(browser: Browser, base_url: str, data_folder: Path, kind: str) -> None:
    body = snippet(base_url, "own") if kind == "tag" else frame_tag(base_url)
    with (
        page_of_its_own(base_url, data_folder, body, headers=ISOLATED) as address,
        watched(browser, base_url, address.rstrip("/")) as context,
    ):
        page = visited(context.new_page(), address)
        assert page.evaluate("crossOriginIsolated")
        check_answer(opened(page) if kind == "tag" else framed(page))


def test_a_frame_in_the_sandbox_that_is_documented(browser: Browser, base_url: str, data_folder: Path) -> None:
    tokens = re.search(r"it needs `(allow-scripts [a-z -]+)`", TEXT)
    assert tokens is not None
    body = frame_tag(base_url, f'sandbox="{tokens[1]}"')
    with (
        page_of_its_own(base_url, data_folder, body) as address,
        watched(browser, base_url, address.rstrip("/")) as context,
    ):
        frame = framed(visited(context.new_page(), address))
        check_answer(frame)
        frame.locator(".cite").first.click()
        with context.expect_page() as opening:
            frame.locator(".sheet a.primary").click()
        expect(opening.value.locator("mark#quote")).to_be_visible()
