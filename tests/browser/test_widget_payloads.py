"""Nothing that is written anywhere runs in the widget: documents, questions, a site's texts, tag, storage."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from tests.browser.demo import ask, demo_site_at, expect_nothing, framed, opened, watched
from tests.browser.odd_library import PAYLOADS, QUESTION, VALUE, odd_service

INERT = """() => {
  const root = document.querySelector('civicbot-assistant').shadowRoot;
  const odd = [...root.querySelectorAll('img, script, iframe, object, embed, style, link, meta, base')];
  const handled = (one) => [...one.attributes].some((each) => /^on/i.test(each.name));
  const handlers = [...root.querySelectorAll('*')].filter(handled);
  const links = [...root.querySelectorAll('[href], [src], [action]')].filter((one) => !/^https?:/.test(one.href));
  return {hacked: window.hacked ?? null, odd: odd.length, handlers: handlers.length, links: links.length};
}"""
CLEAN = {"hacked": None, "odd": 0, "handlers": 0, "links": 0}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The service and its data folder."""
    with odd_service(tmp_path_factory.mktemp("odd")) as running:
        yield running


@pytest.fixture(scope="module")
def bot(service: tuple[str, Path]) -> str:
    """The service's address."""
    return service[0]


@pytest.fixture(scope="module")
def demo(service: tuple[str, Path]) -> Iterator[str]:
    """The origin of the site ``odd``, whose own texts are full of markup."""
    with demo_site_at(
        *service,
        "odd",
        titles={"ko": f"도우미 {PAYLOADS[0]}"},
        greetings={"ko": f"안녕하세요 {PAYLOADS[1]}{PAYLOADS[2]}"},
        examples={"ko": (f"{PAYLOADS[5]} {QUESTION}", PAYLOADS[3])},
    ) as origin:
        yield origin


@pytest.mark.parametrize(("question", "value"), [("나루도서관", VALUE), ("물결도서관", "56억 원")])
def test_markup_in_documents_is_text(browser: Browser, bot: str, demo: str, question: str, value: str) -> None:
    with watched(browser, bot, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/plain/")
        widget = opened(page)
        turn = ask(widget, f"{question} AI 시범사업 총사업비가 얼마야?")
        expect(turn.locator(".text")).to_contain_text(value)
        expect(turn.locator(".sources")).to_contain_text("<svg onload" if value == VALUE else PAYLOADS[2])
        turn.locator(".cite").first.click()
        sheet = widget.locator(".sheet")
        expect(sheet.locator("blockquote")).to_contain_text(value)
        expect(sheet.locator(".card-title")).to_contain_text(PAYLOADS[0] if value == VALUE else PAYLOADS[2])
        assert page.evaluate(INERT) == CLEAN
        with context.expect_page() as opening:
            sheet.locator("a.primary").click()
        expect(opening.value.locator("main")).to_contain_text(value)
        assert opening.value.evaluate("window.hacked") is None


@pytest.mark.parametrize("path", ["plain/", "hostile/", "strict/", "frame/"])
def test_markup_in_a_sites_own_texts_is_text(browser: Browser, bot: str, demo: str, path: str) -> None:
    with watched(browser, bot, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/{path}")
        widget = framed(page) if path == "frame/" else opened(page)
        inner = page.frames[1] if path == "frame/" else page.main_frame
        expect(widget.locator(".title")).to_have_text(f"도우미 {PAYLOADS[0]}")
        expect(widget.locator(".greeting")).to_have_text(f"안녕하세요 {PAYLOADS[1]}{PAYLOADS[2]}")
        examples = widget.locator(".opening .chip")
        expect(examples).to_have_count(2)
        examples.first.click()
        expect(widget.locator(".turn .ai-label")).to_be_visible()
        expect(widget.locator(".turn .question p")).to_contain_text("<iframe srcdoc=")
        assert inner.evaluate(INERT) == CLEAN
        assert page.evaluate("window.hacked") is None


def test_markup_in_questions_is_text_also_when_they_come_back(browser: Browser, bot: str, demo: str) -> None:
    with watched(browser, bot, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/plain/")
        widget = opened(page)
        for payload in PAYLOADS:
            expect(ask(widget, payload).locator(".question p")).to_have_text(payload)
        assert page.evaluate(INERT) == CLEAN
        page.reload()
        widget = opened(page)
        expect(widget.locator(".turn")).to_have_count(len(PAYLOADS))
        assert widget.locator(".turn .question p").all_text_contents() == PAYLOADS
        assert page.evaluate(INERT) == CLEAN


@pytest.mark.parametrize("name", ["data-accent", "data-language", "data-position", "data-site"])
@pytest.mark.parametrize("payload", ["#fff;}*{display:none", "../../../readyz?", "<img src=x onerror=window.hacked=1>"])
def test_odd_attributes_of_the_tag_do_no_harm(browser: Browser, bot: str, demo: str, name: str, payload: str) -> None:
    """Whoever writes the tag owns the page; all the same, no value of it leaves its place."""
    with browser.new_context(locale="ko-KR") as context:
        context.add_init_script(
            f"""new MutationObserver(() => {{
                document.querySelector('script[data-site]')?.setAttribute({json.dumps(name)}, {json.dumps(payload)});
            }}).observe(document, {{childList: true, subtree: true}});"""
        )
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        if name == "data-site":
            expect_nothing(page, f"{demo}/plain/")
        else:
            page.goto(f"{demo}/plain/")
            opened(page)
            assert page.evaluate(INERT) == CLEAN
        paths = {url.partition("?")[0].removeprefix(bot) for url in asked if url.startswith(bot)}
        assert all(path == "/widget.js" or path.startswith("/api/v1/sites/") for path in paths), paths


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "null",
        "[]",
        "{",
        '"x"',
        '{"conversation": {}}',
        '{"conversation": "../../readyz", "language": "../x", "open": 1}',
    ],
)
def test_an_odd_entry_in_the_storage_does_no_harm(browser: Browser, bot: str, demo: str, kept: str) -> None:
    key = f"civicbot:{bot}:odd"
    with browser.new_context(locale="ko-KR") as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        context.add_init_script(f"sessionStorage.setItem({json.dumps(key)}, {json.dumps(kept)})")
        page = context.new_page()
        page.goto(f"{demo}/plain/")
        widget = opened(page)
        expect(ask(widget, QUESTION).locator(".text")).to_contain_text(VALUE)
        assert not [url for url in asked if "readyz" in url and "%2F" not in url]
