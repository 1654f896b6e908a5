"""A running server with a staff desk: real accounts in SQLite, a clock that is set by hand."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from sqlalchemy import URL
from tests.review.doors import ADMIN, PASSWORD, SECRET, START, Clock, accounts_on
from tests.web.conftest import served
from tests.web.double import Service

from civicbot.records.database import Database
from civicbot.records.guards import unguarded
from civicbot.records.tables import Base
from civicbot.review.access import Role
from civicbot.review.accounts import Accounts
from civicbot.settings import load_settings

_FIELD = re.compile(r'name="(\w+)" value="([^"]*)"')


@dataclass
class Visitor:
    """A browser without scripts: it keeps cookies, says where forms come from, and follows nothing by itself."""

    client: httpx.Client
    origin: str
    fields: dict[str, str] = field(default_factory=dict)

    def open(self, path: str = "/staff/login", **more: str) -> httpx.Response:
        """Opens a page and remembers its form's hidden fields."""
        response = self.client.get(path, headers={"Accept": "text/html", **more})
        self.fields = dict(_FIELD.findall(response.text))
        return response

    def send(self, path: str, /, *, headers: dict[str, str] | None = None, **fields: str) -> httpx.Response:
        """Sends the form of the page that was opened."""
        own = {"Origin": self.origin} if headers is None else headers
        return self.client.post(path, data={**self.fields, **fields}, headers=own)

    def log_in(self, name: str = "kim", password: str = PASSWORD, goal: str | None = None) -> httpx.Response:
        """Logs in on the page."""
        self.open("/staff/login" if goal is None else str(httpx.URL("/staff/login", params={"next": goal})))
        return self.send("/staff/login", name=name, password=password)


@dataclass
class Site:
    """A running server and what stands behind its door."""

    port: int
    accounts: Accounts
    database: Database
    clock: Clock
    visitors: contextlib.ExitStack

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def visitor(self, **headers: str) -> Visitor:
        client = httpx.Client(base_url=self.origin, timeout=60, headers=headers)
        return Visitor(self.visitors.enter_context(client), self.origin)


@contextlib.contextmanager
def staffed(folder: Path, **settings: object) -> Iterator[Site]:
    """A server with a user kim, who is a reviewer."""
    database, clock = Database(URL.create("sqlite", database=str(folder / "records.sqlite3"))), Clock()
    chosen: dict[str, object] = {"data": folder, "secret": SECRET, "staff_login_limit": 1000, **settings}
    service = Service(load_settings(**chosen))
    service.accounts = accounts_on(database, clock)
    with served(service) as port, contextlib.ExitStack() as visitors:
        site = Site(port, service.accounts, database, clock, visitors)
        begin_anew(site)
        yield site
    database.close()


def begin_anew(site: Site) -> None:
    """Leaves nothing of the test before."""
    with site.database.changing() as connection, unguarded(connection):
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())
    site.clock.now = START
    site.accounts.people.add(ADMIN, "kim", Role.REVIEWER, PASSWORD)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for the tests of a module: it takes seconds to start."""
    with staffed(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def site(server: Site) -> Site:
    begin_anew(server)
    return server


@pytest.fixture
def visitor(site: Site) -> Visitor:
    return site.visitor()


@pytest.fixture
def start_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Starts a server with settings of its own."""
    with contextlib.ExitStack() as stack:
        yield lambda **settings: stack.enter_context(staffed(tmp_path, **settings))


def session_cookie(response: httpx.Response) -> str:
    """The line that sets the session's cookie."""
    lines = [line for line in response.headers.get_list("set-cookie") if "civicbot_staff=" in line]
    assert len(lines) == 1, response.headers
    return str(lines[0])
