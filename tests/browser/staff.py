"""The staff desk as the tests use it: a server of its own on each kind of database, members of staff in browsers."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pydantic import SecretStr
from tests.browser.watching import watch
from tests.review.doors import ADMIN, PASSWORD, SECRET, accounts_on
from tests.services.postgres import Cluster, programs

from civicbot.records.database import open_database
from civicbot.review.access import Role
from civicbot.review.accounts import Accounts
from civicbot.settings import REPOSITORY, Settings

PEOPLE = {"kim": Role.REVIEWER, "lee": Role.REVIEWER, "choi": Role.PUBLISHER, "park": Role.ADMIN}
PAYLOAD = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
WAIT_MS = 60_000
WAIT_SECONDS = 60


@dataclass
class StaffSite:
    """A running server with a desk.

    Attributes:
        kind: of its database.
        variables: its environment, for commands on the same records and library.
        expected: errors on the console that a test calls for, by a part of their text.
    """

    base: str
    kind: str
    accounts: Accounts
    browser: Browser
    variables: Mapping[str, str] = field(default_factory=dict)
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def resident(self) -> httpx.Client:
        return httpx.Client(base_url=self.base, timeout=60)

    def ask(self, question: str, **more: object) -> dict[str, Any]:
        """Asks as a resident through the API."""
        with self.resident() as client:
            response = client.post("/api/v1/answers", json={"question": question, **more})
            assert response.status_code == 200, response.text
            answer: dict[str, Any] = response.json()
            return answer

    def thumb_down(self, answer: dict[str, Any], comment: str | None = None) -> None:
        told = {"helpful": False, "reasons": ["wrong"], "comment": comment}
        with self.resident() as client:
            assert client.post(f"/api/v1/answers/{answer['id']}/feedback", json=told).status_code == 204

    def ticket(self, answer: dict[str, Any], message: str) -> str:
        with self.resident() as client:
            response = client.post("/api/v1/tickets", json={"answer_id": answer["id"], "message": message})
            assert response.status_code == 201, response.text
            return str(response.json()["code"])

    def context(self, width: int = 1440, **options: Any) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.base, locale="ko-KR", viewport={"width": width, "height": 900}, **options
        )
        context.set_default_timeout(WAIT_MS)
        watch(context, self.requests, self.errors)
        self.contexts.append(context)
        return context

    def enter(self, name: str, address: str = "/staff/", **options: Any) -> Page:
        """A page of the desk on which somebody is logged in."""
        page = self.context(**options).new_page()
        page.goto(address)
        log_in(page, name)
        expect_drawn(page)
        return page


def log_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.locator("[name=name]").fill(name)
    page.locator("[name=password]").fill(password)
    page.locator("form [type=submit]").first.click()


def expect_drawn(page: Page) -> None:
    """Waits until the newest event has been answered and drawn."""
    expect(page.locator(".sd-screen")).to_be_visible()
    expect(page.locator("html:not([data-busy])")).to_be_attached()


def go(page: Page, address: str) -> None:
    page.goto(f"/staff/{address}")
    expect_drawn(page)


def search(page: Page, text: str) -> None:
    """Looks for an item in the queue, whatever its state, once the queue has taken in what residents did."""
    page.locator("#sd-refresh").click()
    expect(page.locator("#sd-toast")).to_contain_text("새로 고쳤습니다")
    page.locator("#sd-search").fill(text)
    page.locator("#sd-search").press("Enter")
    expect(page.locator("#sd-clear")).to_be_visible()
    expect_drawn(page)


def eventually(check: Callable[[], bool]) -> None:
    """Waits until something has come about in another process."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not check():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextlib.contextmanager
def staff_server(
    kind: str, data: Path, folder: Path, cluster: Callable[[], Cluster], browser: Browser, **settings: str
) -> Iterator[StaffSite]:
    """Serves the real service with records of its own and a member of staff of each kind.

    Args:
        kind: of database.
        data: the data folder with the index.
        folder: for the records.
        cluster: starts PostgreSQL.
        browser: of the pages.
        settings: further ones, by the names of their variables.
    """
    from tests.browser.conftest import environment, free_port, wait_until_ready

    address = f"sqlite:///{folder}/records.sqlite3" if kind == "sqlite" else cluster().new_database()
    database = open_database(Settings(data=folder, database_url=SecretStr(address)))
    accounts = accounts_on(database)
    for name, role in PEOPLE.items():
        accounts.people.add(ADMIN, name, role, PASSWORD)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    more = {"CIVICBOT_PORT": str(port), "CIVICBOT_DATABASE_URL": address, "CIVICBOT_SECRET": SECRET, **settings}
    # The desk needs no model; without one the server is ready much sooner.
    variables = environment(data, CIVICBOT_STAFF_LOGIN_LIMIT="1000", CIVICBOT_EMBEDDER_LANGUAGES="none", **more)
    with subprocess.Popen([sys.executable, "app.py"], cwd=REPOSITORY, env=variables) as process:
        try:
            wait_until_ready(base, process)
            yield StaffSite(base, kind, accounts, browser, variables)
        finally:
            process.terminate()
            process.wait(60)
            database.close()


@pytest.fixture(scope="session")
def staff_cluster() -> Iterator[Callable[[], Cluster]]:
    """Starts PostgreSQL when it is first asked for."""
    started: list[Cluster] = []

    def give() -> Cluster:
        binaries = programs()
        if binaries is None:
            pytest.skip("PostgreSQL is not installed; scripts/test-setup does it")
        if not started:
            started.append(Cluster(binaries))
        return started[0]

    yield give
    for cluster in started:
        cluster.remove()


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def any_staff_server(
    request: pytest.FixtureRequest,
    data_folder: Path,
    tmp_path_factory: pytest.TempPathFactory,
    staff_cluster: Callable[[], Cluster],
    browser: Browser,
) -> Iterator[StaffSite]:
    """One server on each kind of database."""
    folder = tmp_path_factory.mktemp("staff")
    with staff_server(request.param, data_folder, folder, staff_cluster, browser) as site:
        yield site


@pytest.fixture
def staff(any_staff_server: StaffSite) -> Iterator[StaffSite]:
    """The desk, on each kind of database."""
    yield from _watched(any_staff_server)


def _watched(site: StaffSite) -> Iterator[StaffSite]:
    """Asserts that all requests stayed here and that the pages made no errors but those that are called for."""
    site.expected = tuple[str, ...]()
    for noted in (site.errors, site.requests, site.contexts):
        noted.clear()
    yield site
    for context in site.contexts:
        context.close()
    outside = [url for url in site.requests if not url.startswith((site.base + "/", "data:", "blob:"))]
    unexpected = [one for one in site.errors if not any(part in one for part in site.expected)]
    assert outside == []
    assert unexpected == []
