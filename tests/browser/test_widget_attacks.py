"""Sites that are not registered get nothing: not the widget, not the API, not the page for frames."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Frame, Page, expect
from tests.browser.demo import (
    ask,
    demo_site,
    demo_site_at,
    expect_nothing,
    name_of,
    opened,
    page_of_its_own,
    register,
    wait_until_known,
)
from tests.browser.odd_library import QUESTION, VALUE, odd_service

REACH = """async ([bot, site]) => {
  const tries = {
    settings: [`${bot}/api/v1/sites/${site}?language=ko`, {headers: {'Civicbot-Site': site}}],
    plain: [`${bot}/api/v1/sites/${site}?language=ko`, {}],
    ask: [`${bot}/api/v1/answers`, {method: 'POST', body: '{"question": "AI 시티가 뭐야?"}',
      headers: {'Content-Type': 'application/json', 'Civicbot-Site': site}}],
    document: [`${bot}/api/v1/documents/none`, {}],
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
  try {
    return (await fetch(`${bot}/api/v1/answers`, options)).type;
  } catch {
    return 'blocked';
  }
}"""


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
def data(service: tuple[str, Path]) -> Path:
    """The service's data folder."""
    return service[1]


@pytest.fixture(scope="module")
def demo(bot: str, data: Path) -> Iterator[str]:
    """The origin of a registered demonstration site."""
    with demo_site(bot, data) as origin:
        yield origin


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
    """Whether the browser shows its own page of error there; what the frame itself says is never out of date."""
    return str(frame.evaluate("location.href")).startswith("chrome-error:")


def counted(bot: str, name: str) -> float:
    """The sum of a counter of the server over the labels that are not named."""
    lines = httpx.get(f"{bot}/metrics").text.splitlines()
    return sum(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"civicbot_{name}"))


def test_a_registered_site_reaches_what_others_do_not(browser: Browser, bot: str, demo: str) -> None:
    """The other tests of this file would notice if what they try could not succeed anywhere."""
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(f"{demo}/")
        found = page.evaluate(REACH, [bot, name_of(demo)])
        reached = {"settings": 200, "plain": 200, "ask": 200, "document": 404}
        assert found == reached | {"cookies": "blocked"}, "answers are for calls without cookies"
        frame = put_into_frame(page, f"{bot}/embed?site={name_of(demo)}&language=ko")
        expect(frame.locator("civicbot-assistant .ai")).to_contain_text("AI가 답하는 서비스입니다")


def test_an_unregistered_site_shows_nothing(browser: Browser, bot: str, data: Path, demo: str) -> None:
    with (
        demo_site(bot, data, site=name_of(demo), registering=False) as other,
        browser.new_context(locale="ko-KR") as context,
    ):
        page = context.new_page()
        expect_nothing(page, f"{other}/plain/")
        expect_no_reach(page, bot, name_of(demo))


def test_a_site_that_is_switched_off_shows_nothing(browser: Browser, bot: str, data: Path) -> None:
    with demo_site(bot, data) as other, register(data) as book:
        name = name_of(other)
        with browser.new_context(locale="ko-KR") as context:
            page = context.new_page()
            page.goto(f"{other}/plain/")
            widget = opened(page)
            book.disable(name)
            wait_until_known(bot, name, other, known=False)
            widget.locator(".dock textarea").fill(QUESTION)
            widget.locator(".dock textarea").press("Enter")
            expect(widget.locator(".problem")).to_be_visible()
            expect_nothing(page, f"{other}/plain/news")
            expect_no_reach(page, bot, name)
            book.enable(name)
            wait_until_known(bot, name, other)
            page.goto(f"{other}/plain/")
            turn = ask(opened(page), QUESTION)
            expect(turn.locator(".text")).to_contain_text(VALUE)


@pytest.fixture(scope="module")
def garam(bot: str, data: Path) -> Iterator[str]:
    """The origin of the site ``garam``, which is registered for this one alone."""
    with demo_site_at(bot, data, "garam", "garam.localhost") as origin:
        yield origin


def test_the_registered_address_itself(browser: Browser, bot: str, garam: str) -> None:
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(f"{garam}/plain/")
        opened(page)
        assert page.evaluate(REACH, [bot, "garam"])["ask"] == 200


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
def test_a_look_alike_shows_nothing(browser: Browser, bot: str, garam: str, host: str) -> None:
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        expect_nothing(page, garam.replace("garam.localhost", host) + "/plain/")
        expect_no_reach(page, bot, "garam")


def test_the_same_host_on_another_port_is_another_site(browser: Browser, bot: str, data: Path, garam: str) -> None:
    with (
        demo_site(bot, data, site="garam", registering=False) as other,
        browser.new_context(locale="ko-KR") as context,
    ):
        page = context.new_page()
        expect_nothing(page, other.replace("127.0.0.1", "garam.localhost") + "/plain/")
        assert page.evaluate("location.hostname") == "garam.localhost"
        assert not page.url.startswith(f"{garam}/")
        expect_no_reach(page, bot, "garam")


def test_a_page_without_an_origin_is_refused(browser: Browser, bot: str, demo: str) -> None:
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
        assert set(frame.evaluate(REACH, [bot, name_of(demo)]).values()) == {"blocked"}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded"])
def test_a_request_that_needs_no_permission_is_refused_by_the_server(
    browser: Browser, bot: str, data: Path, demo: str, kind: str
) -> None:
    """Browsers send such requests without asking first, from any page."""
    with (
        demo_site(bot, data, site=name_of(demo), registering=False) as other,
        browser.new_context() as context,
    ):
        page = context.new_page()
        page.goto(f"{other}/")
        refused, answered = counted(bot, 'rejected_total{reason="origin"}'), counted(bot, "answers_total")
        assert page.evaluate(UNREADABLE, [bot, json.dumps({"question": QUESTION}), kind]) == "blocked"
        assert counted(bot, 'rejected_total{reason="origin"}') == refused + 1
        assert counted(bot, "answers_total") == answered


@pytest.mark.parametrize("path", ["/", "/about", "/privacy"])
def test_a_registered_site_frames_nothing_but_the_page_for_frames(
    browser: Browser, bot: str, demo: str, path: str
) -> None:
    with browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(f"{demo}/")
        assert is_refused(put_into_frame(page, bot + path))


def test_a_frame_in_a_frame_of_another_site_is_refused(browser: Browser, bot: str, data: Path, demo: str) -> None:
    """Who frames a registered site's page does not get the assistant with it."""
    embedding = f'<p>inner</p><iframe src="{bot}/embed?site=own"></iframe>'
    with page_of_its_own(bot, data, embedding) as inner, browser.new_context(locale="ko-KR") as context:
        page = context.new_page()
        page.goto(inner)
        expect(page.frame_locator("iframe").locator("civicbot-assistant .ai")).to_be_visible()
        page.goto(f"{demo}/")
        frame = put_into_frame(page, inner)
        expect(frame.locator("p")).to_have_text("inner")
        assert [child for child in frame.child_frames if is_refused(child)] == frame.child_frames != []
