"""Which foreign pages may call the API, and what their browsers let them read; the real app on a real socket."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator

import brotli
import httpx
import pytest
from tests.web.conftest import Running, check_error, running
from tests.web.test_metrics import samples

from civicbot.model import Channel
from civicbot.web.bodies import LIMIT

HERE, THERE, BOTH = "https://www.city.example", "http://localhost:8100", "https://shared.example:8443"
ANSWERS = "/api/v1/answers"
ASK = {"question": "What does it cost?"}
READABLE = ("access-control-allow-origin", "access-control-expose-headers")


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(rate_limit="off") as server:
        yield server


@pytest.fixture
def city(server: Running) -> Running:
    """A server with two sites, which share an origin, and one that is off."""
    for site in server.service.book.list():
        server.service.book.remove(site.name)
    server.service.book.add("city", origins=(HERE, THERE, BOTH), per_minute=100_000)
    server.service.book.add("other", origins=(BOTH,))
    server.service.book.add("off", origins=("https://off.example",), enabled=False)
    server.service.assistant.loaded = True
    return server


def call(
    server: Running, origin: str, name: str | None = None, method: str = "POST", path: str = ANSWERS, **more: str
) -> httpx.Response:
    headers = {"Origin": origin, **more} | ({"Civicbot-Site": name} if name is not None else {})
    return server.client.request(method, path, json=ASK if method == "POST" else None, headers=headers)


def preflight(server: Running, origin: str, path: str = ANSWERS, method: str = "POST") -> httpx.Response:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": "civicbot-site,content-type",
    }
    return server.client.options(path, headers=asked)


def check_readable(response: httpx.Response, origin: str) -> None:
    assert response.headers.get_list("access-control-allow-origin") == [origin]
    assert response.headers["access-control-expose-headers"] == "Retry-After"
    assert "access-control-allow-credentials" not in response.headers
    assert "Origin" in [name.strip() for name in response.headers["vary"].split(",")]


def check_refused(response: httpx.Response, code: str = "forbidden_origin") -> None:
    """Refused, and its text is for nobody's page."""
    check_error(response, 404 if code == "unknown_site" else 403, code)
    assert not [name for name in response.headers if name.startswith("access-control-")]
    assert "Origin" in response.headers["vary"]


@contextlib.contextmanager
def kept(server: Running) -> Iterator[list[tuple[Channel, str | None]]]:
    """Fills the list with how each question came in that was asked inside."""
    found: list[tuple[Channel, str | None]] = []
    before = set(server.service.records._exchanges)
    yield found
    exchanges = server.service.records._exchanges
    found += [(exchanges[each].channel, exchanges[each].site) for each in exchanges if each not in before]


def test_a_registered_sites_page_asks(city: Running) -> None:
    with kept(city) as exchanges:
        for origin in (HERE, THERE, BOTH):
            response = call(city, origin, "city")
            assert response.status_code == 200
            check_readable(response, origin)
        assert call(city, BOTH, "other").status_code == 200
        assert call(city, HERE).status_code == 200
    assert exchanges == [("widget", "city")] * 3 + [("widget", "other"), ("widget", "city")]


def test_where_two_sites_share_an_origin_the_page_must_say_which(city: Running) -> None:
    response = call(city, BOTH)
    check_error(response, 403, "forbidden_origin")
    check_readable(response, BOTH)
    city.service.book.disable("other")
    assert call(city, BOTH).status_code == 200


def test_another_sites_name_does_not_help(city: Running) -> None:
    for name in ("other", "off", "none", "", "City", "city,other", "city;", "../city", "*", "가"):
        raw = [(b"Origin", HERE.encode()), (b"Civicbot-Site", name.encode())]
        response = city.client.post(ANSWERS, json=ASK, headers=raw)
        check_error(response, 403, "forbidden_origin")
        check_readable(response, HERE)


LOOK_ALIKES = (
    "null", "", "*", "https://evil.example", "https://www.city.example.evil.com", "https://evilwww.city.example",
    "https://evilcity.example", "https://city.example", "https://a.www.city.example", "http://www.city.example",
    "https://www.city.example:444", "https://www.city.example:443", "https://www.city.example:0443", "https://www.city.example.",
    "https://www.city.example/", "https://www.city.example/path", "https://www.city.example?x", "https://www.city.example#",
    "https://user@www.city.example", "https://www.city.example@evil.example", "https://www.city.example\\@evil.example",
    "https://WWW.city.example", "HTTPS://www.city.example", "https://www.city.example https://evil.example",
    "https://www.city.example, https://evil.example", "https://www.city.example,https://www.city.example",
    "www.city.example",
    "//www.city.example", "https:www.city.example", "https:/www.city.example", "https://www.city.example%00.evil.example",
    "https://wwwXcity.example", "https://www_city.example", "https://xn--www-city.example", "file://", "chrome-extension://abc",
    "http://localhost", "http://localhost:8101", "http://127.0.0.1:8100", "https://localhost:8100", "http://[::1]:8100",
    "https://off.example", "https://shared.example", "https://*.example",
)  # fmt: skip


@pytest.mark.parametrize("origin", LOOK_ALIKES)
def test_look_alikes_are_refused(city: Running, origin: str) -> None:
    with kept(city) as exchanges:
        for name in ("city", "off", None):
            check_refused(call(city, origin, name))
    assert exchanges == []
    check_refused(preflight(city, origin))
    check_refused(call(city, origin, "city", "GET", "/api/v1/documents/S012-ko"))
    check_refused(call(city, origin, "city", "GET", "/api/v1/sites/city"), "unknown_site")


def raw_call(server: Running, *headers: str, path: str = ANSWERS, method: str = "POST") -> bytes:
    """The answer to a request with exactly these header lines."""
    body = b'{"question":"What does it cost?"}'
    lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{server.port}", "Content-Type: application/json", *headers]
    head = "\r\n".join([*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""])
    with socket.create_connection(("127.0.0.1", server.port), 20) as connection:
        connection.sendall(head.encode("latin-1") + body)
        return b"".join(iter(lambda: connection.recv(65536), b""))


@pytest.mark.parametrize(
    "headers",
    [
        (f"Origin: {HERE}", "Origin: https://evil.example"),
        ("Origin: https://evil.example", f"Origin: {HERE}"),
        (f"Origin: {HERE}", f"Origin: {HERE}"),
        (f"Origin: {HERE}", "ORIGIN: null"),
        (f"Origin: {HERE}", "Civicbot-Site: city", "Civicbot-Site: other"),
        (f"Origin: {HERE}", "Civicbot-Site: city", "civicbot-site: city"),
        ("Civicbot-Site: city", "Civicbot-Site: city"),
    ],
)
def test_doubled_headers_are_refused(city: Running, headers: tuple[str, ...]) -> None:
    answer = raw_call(city, *headers)
    assert b" 403 " in answer.split(b"\r\n", 1)[0]
    assert b"access-control-allow-origin" not in answer.lower()
    answer = raw_call(city, *headers, "Access-Control-Request-Method: POST", method="OPTIONS")
    assert b" 403 " in answer.split(b"\r\n", 1)[0]


def test_a_forged_proxy_header_makes_no_origin_ours(city: Running) -> None:
    check_refused(
        call(city, "https://evil.example", **{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
    )


def test_the_preflight_of_a_registered_site(city: Running) -> None:
    for path in (
        ANSWERS,
        "/api/v1/sites/city",
        "/api/v1/conversations/x",
        "/api/v1/answers/a1/feedback",
        "/api/v1/tickets",
    ):
        response = preflight(city, HERE, path)
        assert (response.status_code, response.content) == (204, b"")
        check_readable(response, HERE)
        assert response.headers["access-control-allow-methods"] == "GET, POST"
        assert response.headers["access-control-allow-headers"].lower() == "content-type, accept, civicbot-site"
        assert response.headers["access-control-max-age"] == "600"
    # The browser asks before it knows which site the page will name.
    assert preflight(city, BOTH).status_code == 204


def test_a_preflight_is_no_call_and_a_call_is_no_preflight(city: Running) -> None:
    own = f"http://127.0.0.1:{city.port}"
    check_error(preflight(city, own), 405)
    check_error(call(city, HERE, "city", "OPTIONS"), 405)
    for path in ("/", "/healthz", "/metrics", "/about", "/documents/S012-ko", "/t/x", "/ui/chat.css", "/openapi.json"):
        for response in (preflight(city, HERE, path), call(city, HERE, "city", "GET", path)):
            assert not [name for name in response.headers if name.startswith("access-control-")], path


@pytest.mark.parametrize("origin", [HERE, THERE])
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_gradios_addresses_are_for_our_own_page_alone(city: Running, origin: str, method: str) -> None:
    for path in ("/gradio_api/queue/join", "/gradio_api/queue/data", "/gradio_api/startup-events"):
        response = call(city, origin, "city", method, path, **{"Access-Control-Request-Method": "POST"})
        check_error(response, 403, "forbidden_origin")
        assert not [name for name in response.headers if name.startswith("access-control-")]


def test_our_own_page_and_programs_need_no_site(city: Running) -> None:
    own = f"http://127.0.0.1:{city.port}"
    with kept(city) as exchanges:
        assert city.ask().status_code == 200
        response = call(city, own)
        assert response.status_code == 200
        assert not [name for name in response.headers if name.startswith("access-control-")]
    assert exchanges == [("api", None)] * 2


def test_our_own_frame_and_programs_may_name_one(city: Running) -> None:
    own = f"http://127.0.0.1:{city.port}"
    with kept(city) as exchanges:
        assert call(city, own, "city").status_code == 200
        assert city.client.post(ANSWERS, json=ASK, headers={"Civicbot-Site": "city"}).status_code == 200
    assert exchanges == [("embed", "city"), ("api", "city")]
    for name in ("off", "none", ""):
        check_refused(call(city, own, name))
        check_refused(city.client.post(ANSWERS, json=ASK, headers={"Civicbot-Site": name}))


def test_what_is_switched_off_is_refused_at_once(city: Running) -> None:
    own = f"http://127.0.0.1:{city.port}"
    assert call(city, HERE, "city").status_code == 200
    city.service.book.disable("city")
    check_refused(call(city, HERE, "city"))
    check_refused(call(city, own, "city"))
    check_refused(preflight(city, HERE))
    check_refused(call(city, HERE, "city", "GET", "/api/v1/sites/city"), "unknown_site")
    city.service.book.enable("city")
    assert call(city, HERE, "city").status_code == 200
    city.service.book.remove("city")
    check_refused(call(city, HERE, "city"))


def test_errors_can_be_read_by_the_page(city: Running) -> None:
    """From every layer: the app, its validation, the fallback, the limit of bodies, the last resort."""
    headers = {"Origin": HERE, "Civicbot-Site": "city", "Content-Type": "application/json"}
    answers: list[tuple[int, httpx.Response]] = [
        (400, city.client.post(ANSWERS, content=b"{", headers=headers)),
        (404, city.client.post(ANSWERS, json=ASK | {"conversation_id": "nobody"}, headers=headers)),
        (404, city.client.get("/api/v1/nothing", headers=headers)),
        (404, city.client.get("/api", headers=headers)),
        (405, city.client.get(ANSWERS, headers=headers)),
        (405, city.client.head("/api/v1/documents/S012-ko", headers=headers)),
        (413, city.client.post(ANSWERS, content=b"x" * (LIMIT + 1), headers=headers)),
        (415, city.client.post(ANSWERS, content=b"{}", headers=headers | {"Content-Type": "text/plain"})),
        (422, city.client.post(ANSWERS, json={"question": ""}, headers=headers)),
        (500, city.client.post(ANSWERS, json={"question": "boom"}, headers=headers)),
    ]
    city.service.assistant.loaded = False
    answers.append((503, city.client.post(ANSWERS, json=ASK, headers=headers)))
    for status, response in answers:
        assert response.status_code == status
        check_readable(response, HERE)


def test_streams_can_be_read_by_the_page(city: Running) -> None:
    for question, last in (("What does it cost?", "answer"), ("boom", "error")):
        headers = {"Origin": HERE, "Civicbot-Site": "city", "Accept": "text/event-stream"}
        response = city.client.post(ANSWERS, json={"question": question}, headers=headers)
        assert response.headers["content-type"].startswith("text/event-stream")
        check_readable(response, HERE)
        assert response.text.strip().rpartition("\n\n")[2].startswith(f"event: {last}\n")


def test_what_is_compressed_or_kept_by_a_cache_is_told_apart_by_origin(city: Running) -> None:
    path = "/api/v1/sites/city"
    headers = {"Origin": HERE, "Accept-Encoding": "br"}
    with city.client.stream("GET", path, headers=headers) as response:
        body = b"".join(response.iter_raw())
    assert response.headers["content-encoding"] == "br"
    assert b'"name":"city"' in brotli.decompress(body)
    check_readable(response, HERE)
    named = [name.strip() for name in ",".join(response.headers.get_list("vary")).split(",")]
    assert sorted(named) == ["Accept-Encoding", "Origin"]
    # The same without an origin, or with one that may not read it: no cache may mix them up.
    assert "Origin" in city.client.get(path).headers["vary"]
    assert "access-control-allow-origin" not in city.client.get(path).headers
    check_refused(call(city, "https://evil.example", None, "GET", path), "unknown_site")


def test_other_origins_are_counted_as_refused(city: Running) -> None:
    def refused() -> float:
        return samples(city.client.get("/metrics").text).get('civicbot_rejected_total{reason="origin"}', 0)

    before = refused()
    call(city, "https://evil.example", "city")
    preflight(city, "https://evil.example")
    assert refused() == before + 2


@pytest.mark.parametrize("host", ["", "ask.city.example", "localhost"])
@pytest.mark.parametrize("origin", ["https://evil.example", HERE, "null"])
def test_no_page_of_ours_can_be_read_from_elsewhere(city: Running, host: str, origin: str) -> None:
    """Gradio would allow it, even with cookies, wherever it is not asked through localhost."""
    more = {"Host": host} if host else {}
    for path in ("/", "/config", "/theme.css", "/nowhere", "/about", "/embed?site=city", "/ui/chat.css", "/healthz"):
        for method in ("GET", "OPTIONS"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "GET", **more}
            response = city.client.request(method, path, headers=headers)
            assert not [name for name in response.headers if name.startswith("access-control-")], path
