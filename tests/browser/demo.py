"""`civicbot demo-site` as the tests run and visit it: a process of its own, on another origin than the assistant's."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Unpack

import httpx
import uvicorn
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Locator, Page, expect
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from tests.browser.conftest import WAIT_MS, environment, free_port
from tests.browser.watching import watch

from civicbot.errors import UnknownSiteError
from civicbot.records.database import open_database
from civicbot.records.sites import SiteBook, SiteChanges
from civicbot.settings import REPOSITORY, Settings

STORAGE = (
    """() => ({cookies: document.cookie, local: Object.keys(localStorage), session: Object.keys(sessionStorage)})"""
)


@contextlib.contextmanager
def register(data: Path) -> Iterator[SiteBook]:
    """The register of sites in the records of a data folder, with its tables."""
    database = open_database(Settings(data=data))
    try:
        database.upgrade()
        yield SiteBook(database)
    finally:
        database.close()


def wait_until_known(assistant: str, name: str, origin: str, *, known: bool = True) -> None:
    """Waits until the server knows a site, or knows it no more: it reads the register again within a second."""
    deadline = time.monotonic() + WAIT_MS / 1000
    headers = {"Origin": origin, "Civicbot-Site": name}
    while httpx.get(f"{assistant}/api/v1/sites/{name}", headers=headers).is_success is not known:
        assert time.monotonic() < deadline, f"{name} at {origin} is {'un' * known}known"
        time.sleep(0.1)


@contextlib.contextmanager
def demo_site(assistant: str, data: Path, *, site: str | None = None, registering: bool = True) -> Iterator[str]:
    """Runs the command; gives the site's origin, and takes its name out of the register in the end."""
    port = free_port()
    name = site or name_of(f"http://127.0.0.1:{port}")
    options = ["--port", str(port), "--assistant", assistant, "--site", name, *(["--register"] if registering else [])]
    command = [sys.executable, "-m", "civicbot", "demo-site", *options]
    with subprocess.Popen(command, cwd=REPOSITORY, env=environment(data), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            while "Ctrl+C" not in (line := process.stdout.readline()):
                assert line, "the demonstration site ended"
            if registering:
                wait_until_known(assistant, name, f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(60)
            if registering:
                with register(data) as book, contextlib.suppress(UnknownSiteError):
                    book.remove(name)


@contextlib.contextmanager
def registered(assistant: str, data: Path, name: str, **fields: Unpack[SiteChanges]) -> Iterator[None]:
    """Registers a site for as long as the block runs; the server knows it by then."""
    with register(data) as book:
        with contextlib.suppress(UnknownSiteError):
            book.remove(name)  # left by a run that was killed
        book.add(name, **fields)
        try:
            wait_until_known(assistant, name, fields["origins"][0])
            yield
        finally:
            book.remove(name)


@contextlib.contextmanager
def demo_site_at(
    assistant: str, data: Path, name: str, host: str = "127.0.0.1", **fields: Unpack[SiteChanges]
) -> Iterator[str]:
    """A demonstration site, registered under a name for one host of this machine alone, with further fields."""
    with demo_site(assistant, data, site=name, registering=False) as served:
        fields["origins"] = (served.replace("127.0.0.1", host),)
        with registered(assistant, data, name, **fields):
            yield fields["origins"][0]


@contextlib.contextmanager
def page_of_its_own(
    assistant: str, data: Path, body: str, *, encoding: str = "utf-8", headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """A page as a webmaster might have written it, on a registered site named ``own``: its address.

    It comes from a real server: Chromium takes a page that a test makes up for one of the wide Internet, and asks
    before that may call this machine.
    """
    html = f'<!doctype html><html lang="ko"><title>가람</title><link rel="icon" href="data:,"><h1>소식</h1>{body}'
    response = Response(
        html.encode(encoding), headers={"Content-Type": f"text/html; charset={encoding}", **(headers or {})}
    )
    app = Starlette(routes=[Route("/", lambda _: response)])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        origin = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        with registered(assistant, data, "own", origins=(origin,)):
            yield f"{origin}/"
    finally:
        server.should_exit = True
        thread.join(20)


def name_of(origin: str) -> str:
    """The name under which a demonstration site registers itself here."""
    return f"demo-{origin.rpartition(':')[2]}"


@contextlib.contextmanager
def watched(browser: Browser, *origins: str, width: int = 1280, **options: object) -> Iterator[BrowserContext]:
    """A browser context; asserts that all requests went to these origins, and that no page made an error."""
    requests: list[str] = []
    errors: list[str] = []
    context = browser.new_context(
        locale=str(options.pop("locale", "ko-KR")),
        viewport={"width": width, "height": 800},
        has_touch=width < 600,
        **options,  # type: ignore[arg-type]
    )
    context.set_default_timeout(WAIT_MS)
    watch(context, requests, errors)
    try:
        yield context
        assert context.cookies() == []
    finally:
        context.close()
    allowed = tuple(f"{origin}/" for origin in origins)
    assert requests
    assert [url for url in requests if not url.startswith((*allowed, "data:", "blob:"))] == []
    assert errors == []


def opened(page: Page) -> Locator:
    """The widget of a page with its dialog open: by itself, as on the page before, or by the launcher."""
    widget = page.locator("civicbot-assistant")
    launcher, dialog = widget.locator(".launcher"), widget.locator(".panel")
    expect(launcher.or_(dialog).locator("visible=true").first).to_be_visible()
    if launcher.is_visible():
        launcher.click()
    expect(dialog).to_be_visible()
    return widget


def expect_nothing(page: Page, address: str) -> None:
    """The widget says once on the console why it shows nothing, and shows nothing."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text) if message.text.startswith("Civicbot") else None)
    with page.expect_console_message(lambda message: message.text.startswith("Civicbot: nothing is shown, since ")):
        page.goto(address)
    expect(page.locator("civicbot-assistant")).to_have_count(0)
    page.evaluate("new Promise((resolve) => requestIdleCallback(resolve))")
    assert len(told) == 1


def framed(page: Page) -> FrameLocator:
    """The frame of the variant without scripts, opened."""
    summary = page.locator("details.assistant summary")
    if summary.count():
        summary.click()
    # What is fixed in a frame cannot be scrolled to from inside.
    page.locator("iframe").evaluate("one => one.scrollIntoView({block: 'center'})")
    frame = page.frame_locator("iframe")
    expect(frame.locator("civicbot-assistant .panel")).to_be_visible()
    return frame


def ask(widget: Locator | FrameLocator, question: str) -> Locator:
    """Asks and gives the answer's part of the page, once the answer is there."""
    before = widget.locator(".turn").count()
    widget.locator(".dock textarea").fill(question)
    widget.locator(".dock textarea").press("Enter")
    turn = widget.locator(".turn").nth(before)
    expect(turn.locator(".ai-label")).to_be_visible()
    return turn
