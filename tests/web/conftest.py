"""Servers for the tests of the web: the real app on a real socket, around the small service of double.py."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest
import uvicorn
from tests.web.double import Service

from civicbot.settings import load_settings
from civicbot.web.ports import ServicePort
from civicbot.web.server import create_app


@dataclass(frozen=True)
class Running:
    """A running server."""

    client: httpx.Client
    service: Service
    port: int

    def ask(self, question: str = "What does it cost?", **more: object) -> httpx.Response:
        return self.client.post("/api/v1/answers", json={"question": question, **more})


@contextlib.contextmanager
def served(service: ServicePort) -> Iterator[int]:
    """The real app around a service on a free port of the loopback address, which it yields."""
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(service),
            port=0,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            timeout_graceful_shutdown=1,
        )
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)


@contextlib.contextmanager
def running(**settings: object) -> Iterator[Running]:
    service = Service(load_settings(**settings))
    with served(service) as port, httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield Running(client, service, port)
    assert service.closed


@pytest.fixture(scope="session")
def site() -> Iterator[Running]:
    """A server without rate limit, shared by all tests that leave no traces in it."""
    with running(rate_limit="off") as server:
        yield server


@pytest.fixture
def start_site() -> Iterator[Callable[..., Running]]:
    """Starts further servers with settings of their own."""
    with contextlib.ExitStack() as stack:
        yield lambda **settings: stack.enter_context(running(**settings))


def check_error(response: httpx.Response, status: int, code: str | None = None) -> dict[str, str]:
    """Asserts the one error shape and returns its inside."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/json"
    body = response.json()
    assert set(body) == {"error"}
    error: dict[str, str] = body["error"]
    assert set(error) == {"code", "message", "hint"}
    assert all(isinstance(value, str) and value.strip() for value in error.values())
    if code is not None:
        assert error["code"] == code
    return error
