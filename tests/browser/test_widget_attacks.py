"""Sites that are not registered get nothing, and nothing that is written anywhere runs in the widget."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from tests.browser.conftest import INGEST_SECONDS, environment, free_port, wait_until_ready
from tests.browser.demo import ask, demo_site, framed, opened, register, wait_until_known, watched
from tests.browser.pages import QUESTIONS, VALUES

from civicbot.settings import REPOSITORY

NOTHING_SHOWN = "Civicbot: nothing is shown"
REACH = """async ([bot, site]) => {
  const tries = {
    settings: [`${bot}/api/v1/sites/${site}?language=ko`, {headers: {'Civicbot-Site': site}}],
    plain: [`${bot}/api/v1/sites/${site}?language=ko`, {}],
    ask: [`${bot}/api/v1/answers`, {method: 'POST', body: '{"question": "AI 시티가 뭐야?"}',
      headers: {'Content-Type': 'application/json', 'Civicbot-Site': site}}],
    document: [`${bot}/api/v1/documents/S001-ko`, {}],
    cookies: [`${bot}/api/v1/sites/${site}`, {credentials: 'include', headers: {'Civicbot-Site': site}}],
  };
  const reached = {};
  for (const [name, [address, options]] of Object.entries(tries)) {
    try {
      reached[name] = (await fetch(address, options)).status;
    } catch {
      reached[name] = 'blocked';
    }
  }
  return reached;
}"""
UNREADABLE = """async ([bot, body, type]) => {
  const options = {method: 'POST', mode: 'no-cors', body, headers: {'Content-Type': type}};
  return (await fetch(`${bot}/api/v1/answers`, options)).type;
}"""


@pytest.fixture(scope="module")
def demo(base_url: str, data_folder: Path) -> Iterator[str]:
    """The origin of a registered demonstration site."""
    with demo_site(base_url, data_folder) as origin:
        yield origin


def name_of(demo: str) -> str:
    return f"demo-{demo.rpartition(':')[2]}"


def expect_nothing(page: Page, address: str) -> None:
    """The widget says once on the console that it shows nothing, and shows nothing."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.text.startswith("Civicbot") else None)
    with page.expect_console_message(lambda message: message.text.startswith(NOTHING_SHOWN)):
        page.goto(address)
    expect(page.locator("civicbot-assistant")).to_have_count(0)
    page.evaluate("new Promise((resolve) => requestIdleCallback(resolve))")
    assert len(told) == 1


def expect_no_reach(page: Page, bot: str, site: str) -> None:
    """Neither the API nor a frame can be had from a page."""
    found = page.evaluate(REACH, [bot, site])
    assert set(found.values()) == {"blocked"}, found
    assert is_refused(put_into_frame(page, f"{bot}/embed?site={site}"))


def put_into_frame(page: Page, address: str) -> Frame:
    """A frame of a page with an address in it, once it has loaded or was refused."""
    with page.expect_event("frameattached") as attached:
        page.evaluate(
            """(address) => new Promise((resolve) => {
                const frame = document.createElement('iframe');
                frame.addEventListener('load', resolve);
                frame.src = address;
                document.body.append(frame);
            })""",
            address,
        )
    frame: Frame = attached.value
    return frame


def is_refused(frame: Frame) -> bool:
    """Whether the browser shows its own page of error there."""
    return frame.url.startswith("chrome-error:")


def test_a_registered_site_reaches_what_others_do_not(browser: Browser, base_url: str, demo: str) -> None:
    """The other tests of this file would notice if what they try could not succeed anywhere."""
    with watched(browser, base_url, demo) as context:
        page = context.new_page()
        page.goto(f"{demo}/")
        found = page.evaluate(REACH, [base_url, name_of(demo)])
        assert found.pop("cookies") == "blocked", "answers are for calls without cookies"
        assert set(found.values()) == {200}, found
        frame = put_into_frame(page, f"{base_url}/embed?site={name_of(demo)}&language=ko")
        expect(frame.locator("civicbot-assistant .ai")).to_contain_text("AI가 답하는 서비스입니다")


def test_an_unregistered_site_shows_nothing(browser: Browser, base_url: str, data_folder: Path, demo: str) -> None:
    with (
        demo_site(base_url, data_folder, site=name_of(demo), registering=False) as other,
        browser.new_context(locale="ko-KR") as context,
    ):
        page = context.new_page()
        expect_nothing(page, f"{other}/plain/")
        expect_no_reach(page, base_url, name_of(demo))


def test_a_site_that_is_switched_off_shows_nothing(browser: Browser, base_url: str, data_folder: Path) -> None:
    with demo_site(base_url, data_folder) as other, register(data_folder) as book:
        name = name_of(other)
        with browser.new_context(locale="ko-KR") as context:
            page = context.new_page()
            page.goto(f"{other}/plain/")
            widget = opened(page)
            book.disable(name)
            wait_until_known(base_url, name, other, known=False)
            widget.locator(".dock textarea").fill(QUESTIONS["ko"])
            widget.locator(".dock textarea").press("Enter")
            expect(widget.locator(".problem")).to_be_visible()
            expect_nothing(page, f"{other}/plain/news")
            expect_no_reach(page, base_url, name)
            book.enable(name)
            wait_until_known(base_url, name, other)
            page.goto(f"{other}/plain/")
            check = ask(opened(page), QUESTIONS["ko"])
            expect(check.locator(".text")).to_contain_text(VALUES["ko"])


@pytest.fixture(scope="module")
def garam(base_url: str, data_folder: Path) -> Iterator[tuple[str, str]]:
    """A site that is registered for ``http://garam.localhost`` alone, with its name, and the port that serves it."""
    with demo_site(base_url, data_folder, site="garam-attacked", registering=False) as origin:
        port = origin.rpartition(":")[2]
        with register(data_folder) as book:
            if any(site.name == "garam-attacked" for site in book.list()):
                book.remove("garam-attacked")
            home = f"http://garam.localhost:{port}"
            book.add("garam-attacked", origins=(home,))
            wait_until_known(base_url, "garam-attacked", home)
            yield "garam-attacked", port
            book.remove("garam-attacked")


def test_the_registered_address_itself(browser: Browser, base_url: str, garam: tuple[str, str]) -> None:
    name, port = garam
    home = f"http://garam.localhost:{port}"
    with watched(browser, base_url, home) as context:
        page = context.new_page()
        page.goto(f"{home}/plain/")
        opened(page)
        assert page.evaluate(REACH, [base_url, name])["ask"] == 200


@pytest.mark.parametrize(
    "host",
    [
        pytest.param("evilgaram.localhost", id="longer in front"),
        pytest.param("www.garam.localhost", id="below it"),
        pytest.param("garam.localhost.evil.localhost", id="as a prefix"),
        pytest.param("garam-localhost.localhost", id="another dot"),
        pytest.param("xn--gram-ook.localhost", id="look-alike letter"),
        pytest.param("127.0.0.1", id="same machine"),
    ],
)
def test_a_look_alike_shows_nothing(browser: Browser, base_url: str, garam: tuple[str, str], host: str) -> None:
    name, port = garam
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        expect_nothing(page, f"http://{host}:{port}/plain/")
        expect_no_reach(page, base_url, name)


def test_the_same_host_on_another_port_is_another_site(
    browser: Browser, base_url: str, data_folder: Path, garam: tuple[str, str]
) -> None:
    name, _ = garam
    with (
        demo_site(base_url, data_folder, site=name, registering=False) as other,
        browser.new_context(locale="ko-KR") as context,
    ):
        page = context.new_page()
        expect_nothing(page, other.replace("127.0.0.1", "garam.localhost") + "/plain/")
        expect_no_reach(page, base_url, name)


def test_a_page_without_an_origin_is_refused(browser: Browser, base_url: str, demo: str) -> None:
    """A sandboxed frame on a registered page has the origin ``null``."""
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(f"{demo}/")
        with page.expect_event("frameattached") as attached:
            page.evaluate(
                """() => {
                    const frame = document.createElement('iframe');
                    frame.sandbox = 'allow-scripts';
                    frame.srcdoc = '<p>null</p>';
                    document.body.append(frame);
                }"""
            )
        frame = attached.value
        expect(frame.locator("p")).to_have_text("null")
        assert frame.evaluate("origin") == "null"
        assert set(frame.evaluate(REACH, [base_url, name_of(demo)]).values()) == {"blocked"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_request_that_needs_no_permission_is_refused_by_the_server(
    browser: Browser, base_url: str, data_folder: Path, demo: str, kind: str
) -> None:
    """Browsers send such requests without asking first, from any page."""
    with (
        demo_site(base_url, data_folder, site=name_of(demo), registering=False) as other,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(f"{other}/")
        with page.expect_response(f"{base_url}/api/v1/answers") as answered:
            body = json.dumps({"question": QUESTIONS["ko"]})
            assert page.evaluate(UNREADABLE, [base_url, body, kind]) == "opaque"
        assert answered.value.status == 403


@pytest.mark.parametrize("path", ["/", "/about", "/documents/S001-ko"])
def test_a_registered_site_frames_nothing_but_the_page_for_frames(
    browser: Browser, base_url: str, demo: str, path: str
) -> None:
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(f"{demo}/")
        assert is_refused(put_into_frame(page, base_url + path))


def test_a_frame_in_a_frame_of_another_site_is_refused(
    browser: Browser, base_url: str, data_folder: Path, demo: str
) -> None:
    """Who frames a registered site's page does not get the assistant with it."""
    with (
        demo_site(base_url, data_folder, site=name_of(demo), registering=False) as other,
        browser.new_context(locale="ko-KR") as context,
    ):
        page = context.new_page()
        context.route(
            f"{other}/outer",
            lambda route: route.fulfill(body=f'<iframe src="{demo}/inner"></iframe>', content_type="text/html"),
        )
        embed = f"{base_url}/embed?site={name_of(demo)}"
        context.route(
            f"{demo}/inner",
            lambda route: route.fulfill(body=f'<p>inner</p><iframe src="{embed}"></iframe>', content_type="text/html"),
        )
        page.goto(f"{other}/outer")
        inner = page.frame_locator("iframe")
        expect(inner.locator("p")).to_have_text("inner")
        page.wait_for_function("() => performance.timing.loadEventEnd > 0")
        frames = [frame.url for frame in page.frames]
        assert any(url.startswith("chrome-error:") for url in frames), frames


PAYLOADS = [
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    '"><svg onload=window.hacked=1>',
    "javascript:window.hacked=1",
    "{{constructor.constructor('window.hacked=1')()}}${window.hacked=1}",
    "</textarea></style></title><iframe srcdoc='<script>parent.hacked=1</script>'>",
    "&lt;img src=x onerror=window.hacked=1&gt;",
    "' onmouseover='window.hacked=1",
]
TITLE = f"나루도서관 {PAYLOADS[0]}{PAYLOADS[1]} 'AI' 사업"
DIGEST = f"""---
id: S900
title: {json.dumps(TITLE, ensure_ascii=False)}
language: ko
publisher: "<svg onload=window.hacked=1>가람신문"
url: 'https://www.garam.example/"onmouseover="window.hacked=1"><svg/onload=window.hacked=1>'
published: 2026-11-01
accessed: 2026-11-22
topics: [ai_city]
reliability: press
supersedes: []
---

나루도서관 AI 시범사업의 총사업비는 34억 원입니다.
"""
NOTE = f"""물결도서관 AI 시범사업 안내 {PAYLOADS[2]}

물결도서관 AI 시범사업의 총사업비는 {PAYLOADS[0]} 56억 원입니다.
물결도서관 AI 시범사업의 담당 부서는 {PAYLOADS[1]} 가람구청 {PAYLOADS[4]} 도서관과입니다.
"""
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
def odd_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose library is full of markup."""
    folder = tmp_path_factory.mktemp("odd")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "digest.md").write_text(DIGEST, encoding="utf-8")
    (folder / "corpus" / "note.txt").write_text(NOTE, encoding="utf-8")
    return folder / "var"


@pytest.fixture(scope="module")
def odd_bot(odd_data: Path) -> Iterator[str]:
    """The real service over that library."""
    port = free_port()
    variables = environment(
        odd_data,
        CIVICBOT_CORPUS=str(odd_data.parent / "corpus"),
        CIVICBOT_EMBEDDER_LANGUAGES="none",
        CIVICBOT_PORT=str(port),
        CIVICBOT_CONTACT=PAYLOADS[0],
    )
    ingest = [sys.executable, "-m", "civicbot", "ingest"]
    subprocess.run(ingest, cwd=REPOSITORY, env=variables, timeout=INGEST_SECONDS, check=True)
    with subprocess.Popen([sys.executable, "app.py"], cwd=REPOSITORY, env=variables) as process:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module")
def odd_demo(odd_bot: str, odd_data: Path) -> Iterator[str]:
    """A site whose own texts are full of markup."""
    with demo_site(odd_bot, odd_data) as origin, register(odd_data) as book:
        book.edit(
            name_of(origin),
            titles={"ko": f"도우미 {PAYLOADS[0]}"},
            greetings={"ko": f"안녕하세요 {PAYLOADS[1]}{PAYLOADS[2]}"},
            examples={"ko": (f"{PAYLOADS[5]} 나루도서관 AI 시범사업 총사업비가 얼마야?", PAYLOADS[3])},
        )
        yield origin


@pytest.mark.parametrize(("question", "value"), [("나루도서관", "34억 원"), ("물결도서관", "56억 원")])
def test_markup_in_documents_is_text(browser: Browser, odd_bot: str, odd_demo: str, question: str, value: str) -> None:
    with watched(browser, odd_bot, odd_demo) as context:
        page = context.new_page()
        page.goto(f"{odd_demo}/plain/")
        widget = opened(page)
        turn = ask(widget, f"{question} AI 시범사업 총사업비가 얼마야?")
        expect(turn.locator(".text")).to_contain_text(value)
        expect(turn.locator(".sources")).to_contain_text("<svg onload" if value == "34억 원" else PAYLOADS[2])
        turn.locator(".cite").first.click()
        sheet = widget.locator(".sheet")
        expect(sheet.locator("blockquote")).to_contain_text(value)
        expect(sheet.locator(".card-title")).to_contain_text(PAYLOADS[0] if value == "34억 원" else PAYLOADS[2])
        assert page.evaluate(INERT) == CLEAN
        with context.expect_page() as opening:
            sheet.locator("a.primary").click()
        expect(opening.value.locator("main")).to_contain_text(value)
        assert opening.value.evaluate("window.hacked") is None


@pytest.mark.parametrize("path", ["plain/", "hostile/", "strict/", "frame/"])
def test_markup_in_a_sites_own_texts_is_text(browser: Browser, odd_bot: str, odd_demo: str, path: str) -> None:
    with watched(browser, odd_bot, odd_demo) as context:
        page = context.new_page()
        page.goto(f"{odd_demo}/{path}")
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


def test_markup_in_questions_is_text_also_when_they_come_back(browser: Browser, odd_bot: str, odd_demo: str) -> None:
    with watched(browser, odd_bot, odd_demo) as context:
        page = context.new_page()
        page.goto(f"{odd_demo}/plain/")
        widget = opened(page)
        for payload in PAYLOADS:
            expect(ask(widget, payload).locator(".question p")).to_have_text(payload)
        assert page.evaluate(INERT) == CLEAN
        page.reload()
        expect(widget.locator(".launcher").or_(widget.locator(".panel")).locator("visible=true").first).to_be_visible()
        if widget.locator(".launcher").is_visible():
            widget.locator(".launcher").click()
        expect(widget.locator(".turn")).to_have_count(len(PAYLOADS))
        assert widget.locator(".turn .question p").all_text_contents() == PAYLOADS
        assert page.evaluate(INERT) == CLEAN


@pytest.mark.parametrize("name", ["data-accent", "data-language", "data-position", "data-site"])
@pytest.mark.parametrize("payload", ["#fff;}*{display:none", "../../../readyz?", "<img src=x onerror=window.hacked=1>"])
def test_odd_attributes_of_the_tag_do_no_harm(
    browser: Browser, odd_bot: str, odd_demo: str, name: str, payload: str
) -> None:
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
            expect_nothing(page, f"{odd_demo}/plain/")
        else:
            page.goto(f"{odd_demo}/plain/")
            opened(page)
            assert page.evaluate(INERT) == CLEAN
        paths = {url.partition("?")[0].removeprefix(odd_bot) for url in asked if url.startswith(odd_bot)}
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
def test_an_odd_entry_in_the_storage_does_no_harm(browser: Browser, odd_bot: str, odd_demo: str, kept: str) -> None:
    key = f"civicbot:{odd_bot}:{name_of(odd_demo)}"
    with browser.new_context(locale="ko-KR") as context:
        asked: list[str] = []
        context.on("request", lambda request: asked.append(request.url))
        context.add_init_script(f"sessionStorage.setItem({json.dumps(key)}, {json.dumps(kept)})")
        page = context.new_page()
        page.goto(f"{odd_demo}/plain/")
        widget = page.locator("civicbot-assistant")
        expect(widget.locator(".launcher").or_(widget.locator(".panel")).locator("visible=true").first).to_be_visible()
        if widget.locator(".launcher").is_visible():
            widget.locator(".launcher").click()
        expect(ask(widget, "나루도서관 AI 시범사업 총사업비가 얼마야?").locator(".text")).to_contain_text("34억 원")
        assert not [url for url in asked if "readyz" in url and "%2F" not in url]
