"""The widget as the tests use it: a bot that can be stopped, a visitor's browser, and what is done with the dialog."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from tests.browser.conftest import WAIT_MS
from tests.browser.host_pages import HostPages, page, tag
from tests.browser.watching import watch
from tests.web.double import Service

from civicbot.settings import load_settings
from civicbot.web.server import create_app

SITE = "city"
FOCUSED = """() => {
    let one = document.activeElement;
    while (one && one.shadowRoot && one.shadowRoot.activeElement) one = one.shadowRoot.activeElement;
    const named = one && one.matches('a, button, h1, h2, h3, h4, p');
    return one ? [one.id, one.className, named ? one.textContent : ''].join('|') : '';
}"""
"""Id, classes and, of what has a few words, the text of what has the focus, inside the widget, too."""


class LastingService(Service):
    """The double, whose sites outlive a restart of the server around it."""

    def close(self) -> None:
        self.closed = True

    def end(self) -> None:
        super().close()


class Bot:
    """A server around the double that can be stopped and started again at the same address."""

    def __init__(self, **settings: object) -> None:
        self.service = LastingService(load_settings(**({"rate_limit": "off"} | settings)))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def origin(self) -> str:
        """Scheme, host and port, as browsers write them."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = uvicorn.Config(
            create_app(self.service), port=self.port, log_config=None, access_log=False, timeout_graceful_shutdown=0
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run)
        self._thread.start()
        while not self._server.started and self._thread.is_alive():
            time.sleep(0.01)

    def forget(self) -> None:
        """Pushes all conversations out of the records, which hold so many and no more."""
        for _ in range(2_000):
            self.service.records.start()

    def stop(self) -> None:
        if self._server is None or self._thread is None:
            return
        self._server.should_exit = True
        self._thread.join(30)
        assert not self._thread.is_alive()


@contextlib.contextmanager
def running(site: dict[str, Any] | None = None, **settings: object) -> Iterator[tuple[Bot, HostPages]]:
    """A bot and a registered host of another origin; whatever is held back is let go in the end."""
    bot = Bot(**settings)
    with HostPages() as host:
        bot.service.book.add(SITE, **({"origins": (host.origin,)} | (site or {})))
        host.pages["/"] = page(tag(bot.origin))
        host.pages["/en"] = page(tag(bot.origin), language="en", title="Bitgoeul District")
        bot.start()
        try:
            yield bot, host
        finally:
            bot.service.assistant.pause.set()
            bot.stop()
            bot.service.end()


@contextlib.contextmanager
def visiting(
    browser: Browser, *origins: str, width: int = 1280, height: int = 800, errors: bool = False, **options: Any
) -> Iterator[BrowserContext]:
    """A visitor's browser; asserts in the end that it asked nothing of anybody else and that no error was logged.

    Args:
        browser: where the context is opened.
        origins: the host's and the bot's.
        width: of the window.
        height: of the window.
        errors: whether errors on the console belong to the test.
        options: of the context.
    """
    requests: list[str] = []
    logged: list[str] = []
    with browser.new_context(viewport={"width": width, "height": height}, **options) as context:
        context.set_default_timeout(WAIT_MS)
        watch(context, requests, logged)
        yield context
    outside = [url for url in requests if not url.startswith((*(f"{origin}/" for origin in origins), "data:", "blob:"))]
    assert requests
    assert outside == []
    assert errors or logged == []


def opened(context: BrowserContext, address: str) -> Page:
    """The host's page with the dialog open."""
    page = context.new_page()
    page.goto(address)
    open_dialog(page)
    return page


def open_dialog(page: Page) -> None:
    page.locator(".launcher").click()
    expect(page.locator(".panel[open]")).to_be_visible()


def send(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.locator(".dock [type=submit]").click()


def ask(page: Page, question: str) -> None:
    before = page.locator(".turn").count()
    send(page, question)
    expect_answers(page, before + 1)


def expect_answers(page: Page, number: int) -> None:
    """Waits until so many questions have their whole answers."""
    expect(page.locator(".turn .ai-label")).to_have_count(number)
    expect(page.locator(".dock [type=submit]")).to_be_visible()


def continued(asking: Request) -> str | None:
    """The conversation that a question is asked in."""
    body = asking.post_data_json
    assert body is not None
    conversation: str | None = body["conversation_id"]
    return conversation


def focused(page: Page) -> str:
    return str(page.evaluate(FOCUSED))


def width_needed(page: Page) -> int:
    """The widest of the page and of what scrolls in the widget."""
    return int(
        page.evaluate(
            """() => {
                const root = document.querySelector('civicbot-assistant').shadowRoot;
                const parts = [...root.querySelectorAll('.panel[open], .panel[open] .log, .sheet[open]')];
                const inner = parts.map((one) => Math.ceil(one.getBoundingClientRect().left) + one.scrollWidth);
                return Math.max(document.documentElement.scrollWidth, ...inner);
            }"""
        )
    )
