from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_network

import pytest
from starlette.types import Message, Receive, Scope, Send
from tests.loops import run
from tests.web.conftest import Running, check_error

from civicbot.errors import SettingsError
from civicbot.settings import load_settings
from civicbot.web.proxies import ProxyHeaders

START = Callable[..., Running]
TRUSTED = [ip_network(one) for one in ("10.0.0.0/8", "192.0.2.10/32", "2001:db8:1::/48")]


def told(peer: str | None, headers: Mapping[str, str] | list[tuple[str, str]], kind: str = "http") -> Scope:
    """What the next layer sees of a request from ``peer``."""
    seen: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        del receive, send
        seen.append(scope)

    async def receive() -> Message:
        raise AssertionError

    async def send(_: Message) -> None:
        raise AssertionError

    pairs = list(headers.items()) if isinstance(headers, Mapping) else headers
    scope: Scope = {
        "type": kind,
        "scheme": "http" if kind == "http" else "ws",
        "client": (peer, 1234) if peer else None,
        "headers": [(b"host", b"inside:8000"), *((name.lower().encode(), value.encode()) for name, value in pairs)],
    }
    run(ProxyHeaders(app, TRUSTED)(scope, receive, send))
    return seen[0]


def host(scope: Scope) -> bytes:
    found: bytes = dict(scope["headers"])[b"host"]
    return found


ALL = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "ai.city.example"}


def test_a_trusted_proxy_is_believed() -> None:
    scope = told("10.1.2.3", ALL)
    assert (scope["client"], scope["scheme"], host(scope)) == (("203.0.113.5", 0), "https", b"ai.city.example")
    assert [name for name, _ in scope["headers"]] == [b"host"]


@pytest.mark.parametrize("peer", ["203.0.113.9", "192.0.2.11", "2001:db8:2::1", "", None, "not an address"])
def test_nobody_else_is(peer: str | None) -> None:
    others = {"Forwarded": "for=198.51.100.1", "X-Real-IP": "198.51.100.1", "X-Forwarded-Port": "1"}
    scope = told(peer, {**ALL, **others})
    assert scope["client"] == ((peer, 1234) if peer else None)
    assert (scope["scheme"], host(scope)) == ("http", b"inside:8000")
    assert [name for name, _ in scope["headers"]] == [b"host"]


@pytest.mark.parametrize(
    ("forwarded", "client"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("198.51.100.1, 203.0.113.5", "203.0.113.5"),  # the client wrote the first one itself
        ("198.51.100.1, 203.0.113.5, 10.0.0.2, 192.0.2.10", "203.0.113.5"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.99, 203.0.113.5", "203.0.113.5"),
        ("203.0.113.5:4711", "203.0.113.5"),
        ("[2001:db8:9::1]:4711", "2001:db8:9::1"),
        ("2001:db8:9::1, 2001:db8:1::7", "2001:db8:9::1"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("203.0.113.5, unknown", None),
        ("nonsense", None),
        ("", None),
        ("203.0.113.5,,", None),
        ("203.0.113.5, 10.0.0.2, <script>", None),
        ("oops, 10.0.0.2", "10.0.0.2"),
    ],
)
def test_the_right_most_address_that_is_no_proxy_is_the_client(forwarded: str, client: str | None) -> None:
    assert told("10.0.0.1", {"X-Forwarded-For": forwarded})["client"] == ((client, 0) if client else ("10.0.0.1", 1234))


def test_several_headers_are_one_list() -> None:
    headers = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.5, 10.0.0.2")]
    assert told("10.0.0.1", headers)["client"] == ("203.0.113.5", 0)
    headers = [("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Host", "ai.city.example")]
    assert host(told("10.0.0.1", headers)) == b"ai.city.example"


@pytest.mark.parametrize("name", ["a b", "a/b", "a@b", "", "x" * 300, "a:b:c", "[::1", "a:123456", "ä.example"])
def test_a_host_that_is_none_is_left_out(name: str) -> None:
    assert host(told("10.0.0.1", {"X-Forwarded-Host": name})) == b"inside:8000"


@pytest.mark.parametrize("scheme", ["ftp", "javascript", "", "https https"])
def test_a_scheme_that_is_none_is_left_out(scheme: str) -> None:
    assert told("10.0.0.1", {"X-Forwarded-Proto": scheme})["scheme"] == "http"


def test_sockets_get_their_own_scheme() -> None:
    assert told("10.0.0.1", {"X-Forwarded-Proto": "https"}, "websocket")["scheme"] == "wss"


def test_the_limit_goes_by_the_client_that_the_proxy_saw(start_site: START) -> None:
    site = start_site(rate_limit="1", trusted_proxies="127.0.0.1, 10.0.0.0/8")

    def ask(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        body = {"question": "How much?"}
        return site.client.post("/api/v1/answers", json=body, headers=headers).status_code

    assert ask("203.0.113.1") == 200
    assert ask("203.0.113.2") == 200
    assert ask("203.0.113.1, 10.0.0.5") == 429
    assert ask("198.51.100.99, 203.0.113.1") == 429  # whatever the client puts in front
    assert ask("2001:db8::1") == 200
    assert ask("2001:db8::2") == 429  # one network, one client


def test_without_the_setting_forwarded_addresses_help_nobody(start_site: START) -> None:
    site = start_site(rate_limit="1")
    assert site.ask().status_code == 200
    for number in range(3):
        headers = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        check_error(site.client.post("/api/v1/answers", json={"question": "How?"}, headers=headers), 429)


def test_the_page_behind_a_proxy_may_call_and_others_may_not(start_site: START) -> None:
    behind, bare = start_site(trusted_proxies="127.0.0.0/8"), start_site()
    forwarded = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "ai.city.example"}

    def ask(site: Running, origin: str) -> int:
        headers = {**forwarded, "Origin": origin}
        return site.client.post("/api/v1/answers", json={"question": "How much?"}, headers=headers).status_code

    assert ask(behind, "https://ai.city.example") == 200
    assert ask(behind, "http://ai.city.example") == 403
    assert ask(behind, "https://evil.example") == 403
    assert ask(bare, "https://ai.city.example") == 403
    assert ask(bare, "https://evil.example") == 403
    page = behind.client.get("/", headers=forwarded).text
    assert "https://ai.city.example" in page
    assert "ai.city.example" not in bare.client.get("/", headers=forwarded).text


@pytest.mark.parametrize("value", ["10.0.0.0/33", "proxy.example", "10.0.0.1/8", "127.0.0.1;10.0.0.1"])
def test_a_proxy_must_be_an_address_or_a_network(value: str) -> None:
    with pytest.raises(SettingsError, match="CIVICBOT_TRUSTED_PROXIES"):
        load_settings(trusted_proxies=value)


def test_the_setting_is_a_list() -> None:
    settings = load_settings(trusted_proxies=" 127.0.0.1, 10.0.0.0/8,2001:db8::/32 ")
    assert [str(network) for network in settings.proxy_networks] == ["127.0.0.1/32", "10.0.0.0/8", "2001:db8::/32"]
    assert load_settings(trusted_proxies=" ").proxy_networks == ()
