from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator

import pytest
from tests.services.redis import RedisServer
from tests.web.conftest import Running, check_error

from civicbot.errors import SettingsError
from civicbot.settings import load_settings
from civicbot.web import windows
from civicbot.web.errors import RateLimitedError
from civicbot.web.limits import RateLimit
from civicbot.web.windows import RedisWindows, open_windows

START = Callable[..., Running]


class Seen:
    """Counts what operators would see."""

    def __init__(self) -> None:
        self.failures = 0

    def rate_storage_failed(self) -> None:
        self.failures += 1


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("Redis is not installed; scripts/test-setup does it")
    server = RedisServer(program)
    yield server
    server.remove()


@pytest.fixture
def redis(server: RedisServer) -> RedisServer:
    """The server, empty and at work."""
    subprocess.run(
        ["redis-cli", "-s", server.url.removeprefix("redis+unix://"), "flushall"],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=60,
    )
    return server


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def asked(limit: RateLimit, client: str = "192.0.2.1") -> bool:
    try:
        limit.hit(client)
    except RateLimitedError:
        return not 1 <= limit.retry_after(client) <= 60
    return True


def test_memory_is_the_default() -> None:
    assert load_settings().rate_storage.get_secret_value() == "memory"
    assert open_windows("memory", Seen()) is None


@pytest.mark.parametrize("value", ["", "disk", "http://x.example", "redis://", "redis://user:geheim@a b"])
def test_other_storages_are_refused_without_telling_a_password(value: str) -> None:
    with pytest.raises(SettingsError, match="CIVICBOT_RATE_STORAGE") as caught:
        load_settings(rate_storage=value)
    assert "geheim" not in str(caught.value)


@pytest.mark.services
def test_two_processes_share_what_is_counted_in_redis(redis: RedisServer) -> None:
    seen = Seen()
    first, second = (RateLimit(3, windows=RedisWindows(redis.url, seen)) for _ in range(2))
    assert [asked(first), asked(second), asked(first), asked(second)] == [True, True, True, False]
    assert first.exhausted("192.0.2.1")
    assert asked(first, "192.0.2.2")
    assert asked(RateLimit(3, "moves", RedisWindows(redis.url, seen)))
    assert seen.failures == 0


@pytest.mark.services
def test_no_address_stands_in_redis_and_nothing_stays(redis: RedisServer) -> None:
    asked(RateLimit(3, windows=RedisWindows(redis.url, Seen())), "192.0.2.77")
    path = redis.url.removeprefix("redis+unix://")

    def told(*command: str) -> str:
        return subprocess.run(
            ["redis-cli", "-s", path, *command], check=True, capture_output=True, text=True, timeout=60
        ).stdout

    keys = told("keys", "*").split()
    assert len(keys) == 1
    assert "192.0.2.77" not in keys[0]
    assert 0 < int(told("ttl", keys[0])) <= 61


@pytest.mark.services
def test_when_redis_is_lost_each_process_counts_for_itself(
    redis: RedisServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    seen = Seen()
    limit = RateLimit(2, windows=RedisWindows(redis.url, seen))
    assert asked(limit)
    redis.stop()
    try:
        assert [asked(limit), asked(limit), asked(limit)] == [True, True, False]
        assert limit.exhausted("192.0.2.1")
        monkeypatch.setattr(windows, "REST_SECONDS", 0.0)
        assert [asked(limit, "192.0.2.3") for _ in range(3)] == [True, True, False]
    finally:
        redis.start()
    monkeypatch.setattr(windows, "REST_SECONDS", 5.0)
    limit._windows._rest_until = 0.0  # type: ignore[attr-defined]
    assert [asked(limit), asked(limit), asked(limit)] == [True, True, False]
    assert seen.failures == 1
    assert [one.message for one in caplog.records if one.name == "civicbot.web.windows"] == [
        "rate_storage_lost",
        "rate_storage_back",
    ]


@pytest.mark.services
def test_a_server_counts_in_redis_and_answers_without_it(redis: RedisServer, start_site: START) -> None:
    first, second = (start_site(rate_limit="2", rate_storage=redis.url) for _ in range(2))
    assert [site.ask().status_code for site in (first, second)] == [200, 200]
    refused = first.ask()
    check_error(refused, 429, "rate_limited")
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    redis.stop()
    try:
        assert first.ask().status_code == 200
        assert "civicbot_rate_storage_failures_total 1.0" in first.client.get("/metrics").text
    finally:
        redis.start()


def test_a_redis_that_never_was_stops_no_answer(start_site: START) -> None:
    site = start_site(rate_limit="1", rate_storage=f"redis://127.0.0.1:{closed_port()}/0")
    assert site.ask().status_code == 200
    check_error(site.ask(), 429, "rate_limited")
    assert "civicbot_rate_storage_failures_total 1.0" in site.client.get("/metrics").text
