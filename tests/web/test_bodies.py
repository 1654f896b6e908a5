from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from tests.web.conftest import Running, check_error

JSON = {"Content-Type": "application/json"}
TOO_LONG = b'{"question": "' + b"x" * 2_000_000 + b'"}'


@pytest.mark.parametrize(
    "path", ["/api/v1/answers", "/api/v1/answers/a/feedback", "/gradio_api/queue/join", "/api/nothing"]
)
def test_two_megabytes_are_413(site: Running, path: str) -> None:
    check_error(site.client.post(path, content=TOO_LONG, headers=JSON), 413, "too_large")


def test_two_megabytes_without_a_length_are_413(site: Running) -> None:
    def chunks() -> Iterator[bytes]:
        for start in range(0, len(TOO_LONG), 50_000):
            yield TOO_LONG[start : start + 50_000]

    check_error(site.client.post("/api/v1/answers", content=chunks(), headers=JSON), 413)


def test_a_body_at_the_limit_is_read(site: Running) -> None:
    body = b'{"question": "How much?"}'
    padded = body + b" " * (64 * 1024 - len(body))
    assert site.client.post("/api/v1/answers", content=padded, headers=JSON).status_code == 200
    check_error(site.client.post("/api/v1/answers", content=padded + b" ", headers=JSON), 413)


def test_an_announced_giant_is_refused_before_it_is_sent(site: Running) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as peer:
        peer.sendall(
            b"POST /api/v1/answers HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 99999999999\r\n\r\n{"
        )
        assert peer.recv(4096).startswith(b"HTTP/1.1 413")


def test_a_body_in_chunks_is_put_together(site: Running) -> None:
    response = site.client.post("/api/v1/answers", content=iter([b'{"ques', b'tion": "How', b' much?"}']), headers=JSON)
    assert response.status_code == 200
