from __future__ import annotations

import pytest
from tests.web.conftest import Running, check_error

from civicbot.web.origins import same_origin


def test_calls_without_an_origin_and_from_our_own_page_pass(site: Running) -> None:
    assert site.ask().status_code == 200
    own = {"Origin": f"http://127.0.0.1:{site.port}"}
    assert site.client.post("/api/v1/answers", json={"question": "How much?"}, headers=own).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/answers", "/api/v1/documents/S012-ko", "/gradio_api/queue/join", "/api"])
@pytest.mark.parametrize("method", ["POST", "GET", "OPTIONS"])
@pytest.mark.parametrize("origin", ["https://evil.example", "null", ""])
def test_other_sites_are_refused(site: Running, path: str, method: str, origin: str) -> None:
    response = site.client.request(method, path, headers={"Origin": origin})
    check_error(response, 403, "forbidden_origin")
    assert "access-control-allow-origin" not in response.headers


def test_near_misses_are_refused(site: Running) -> None:
    for origin in (
        f"https://127.0.0.1:{site.port}",
        f"http://127.0.0.1:{site.port + 1}",
        "http://127.0.0.1",
        f"http://localhost:{site.port}",
        f"http://127.0.0.1:{site.port}.evil.example",
        f"http://127.0.0.1:{site.port}@evil.example",
        f"http://evil.example#127.0.0.1:{site.port}",
    ):
        check_error(site.client.get("/api/v1/documents/S012-ko", headers={"Origin": origin}), 403)


def test_the_page_and_health_do_not_mind_origins(site: Running) -> None:
    for path in ("/", "/healthz", "/documents/S012-ko"):
        assert site.client.get(path, headers={"Origin": "https://evil.example"}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "same"),
    [
        ("http://a.example", "http", "a.example", True),
        ("http://a.example:80", "http", "a.example", True),
        ("https://a.example", "https", "a.example:443", True),
        ("http://A.example", "http", "a.EXAMPLE", True),
        ("http://[::1]:8000", "http", "[::1]:8000", True),
        ("https://a.example", "http", "a.example", False),
        ("http://a.example:81", "http", "a.example", False),
        ("http://b.a.example", "http", "a.example", False),
        ("http://a.example/", "http", "a.example", False),
        ("http://a.example:99999", "http", "a.example", False),
        ("a.example", "http", "a.example", False),
        ("null", "http", "", False),
        ("http://", "http", "", False),
    ],
)
def test_an_origin_is_scheme_host_and_port(origin: str, scheme: str, host: str, same: bool) -> None:
    assert same_origin(origin, {"scheme": scheme, "headers": [(b"host", host.encode())]}) is same
