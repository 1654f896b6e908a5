"""The desk's events called directly over HTTP, as somebody would who passes by its page."""

from __future__ import annotations

import contextlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from tests.review.doors import ADMIN, PASSWORD, SECRET
from tests.web.conftest import served
from tests.web.staff.conftest import Visitor

from civicbot.errors import IndexMissingError
from civicbot.review.access import Role
from civicbot.settings import load_settings
from civicbot.web.staff.gate import HOME
from civicbot.wiring import Service

_numbers = itertools.count()
_CODE = re.compile(r'data-code="([^"]*)"')
PEOPLE = {"reviewer": Role.REVIEWER, "publisher": Role.PUBLISHER, "admin": Role.ADMIN}


@dataclass
class Answered:
    """What came back of an event: the new HTML of each part that changed."""

    parts: list[str | None]

    @property
    def code(self) -> str:
        """Why it was refused; empty when it was not."""
        found = _CODE.search(self.parts[3] or "")
        assert found is not None, self.parts
        return found[1]

    @property
    def html(self) -> str:
        return "\n".join(part or "" for part in self.parts)


@dataclass
class Caller:
    """A client with somebody's cookies, or without any."""

    client: httpx.Client
    origin: str
    functions: dict[str, int] = field(default_factory=dict)

    def join(self, function: int, fields: dict[str, list[str]] | None = None, **more: Any) -> httpx.Response:
        told = {"seq": 1, "language": "ko", "address": "", "fields": fields or {}, **more}
        session = f"tests{next(_numbers)}"
        call = {"data": [], "event_data": told, "fn_index": function, "session_hash": session}
        response = self.client.post("/staff/gradio_api/queue/join", json=call, headers={"Origin": self.origin})
        response.extensions["session"] = session
        return response

    def call(self, event: str, fields: dict[str, list[str]] | None = None, **more: Any) -> Answered:
        """Calls an event and waits for what comes of it."""
        joined = self.join(self.functions[event], fields, **more)
        assert joined.status_code == 200, joined.text
        query = {"session_hash": joined.extensions["session"]}
        with self.client.stream("GET", "/staff/gradio_api/queue/data", params=query) as events:
            for line in events.iter_lines():
                told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if told.get("msg") == "process_completed":
                    assert told["success"], told
                    return Answered([one if isinstance(one, str) else None for one in told["output"]["data"]])
        raise AssertionError("the stream ended early")


@dataclass
class DeskSite:
    """A running server with the real desk, on an empty database and without a library."""

    service: Service
    port: int
    callers: dict[str, Caller]
    config: dict[str, Any]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def desk_site(folder: Path) -> Iterator[DeskSite]:
    """Serves the desk with one user of each role."""
    settings = load_settings(
        data=folder, secret=SECRET, staff_login_limit=1000, rate_limit="off", embedder_languages="none"
    )
    service = Service(settings, patient=False, records="database")
    with contextlib.suppress(IndexMissingError):
        service.open()
    assert service.accounts is not None
    for name, role in PEOPLE.items():
        service.accounts.people.add(ADMIN, name, role, PASSWORD)
    with served(service) as port, contextlib.ExitStack() as stack:
        origin = f"http://127.0.0.1:{port}"

        def client() -> httpx.Client:
            return stack.enter_context(httpx.Client(base_url=origin, timeout=60))

        callers = {"nobody": Caller(client(), origin)}
        for name in PEOPLE:
            callers[name] = Caller(client(), origin)
            assert Visitor(callers[name].client, origin).log_in(name).headers["location"] == HOME
        config = callers["admin"].client.get("/staff/config").json()
        functions = {one["targets"][0][1]: one["id"] for one in config["dependencies"] if one["backend_fn"]}
        for caller in callers.values():
            caller.functions = functions
        yield DeskSite(service, port, callers, config)
