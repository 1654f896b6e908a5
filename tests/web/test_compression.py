from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import brotli
import httpx
import pytest
from tests.web.conftest import Running

from civicbot.web.compression import accepted


def raw(site: Running, path: str, encoding: str, **more: str) -> tuple[httpx.Response, bytes]:
    """The response and its bytes as they were sent."""
    with site.client.stream("GET", path, headers={"Accept-Encoding": encoding, **more}) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize("path", ["/", "/about?lang=ko", "/ui/chat.css", "/openapi.json", "/config", "/theme.css"])
def test_what_is_sent_compressed_is_the_same(site: Running, path: str) -> None:
    plain, body = raw(site, path, "identity")
    assert "content-encoding" not in plain.headers
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed, content = raw(site, path, f"{encoding};q=0.5, identity;q=0.1")
        assert packed.headers["content-encoding"] == encoding
        assert packed.headers["content-length"] == str(len(content))
        assert "accept-encoding" in packed.headers["vary"].lower()
        assert len(content) < len(body)
        if path != "/":  # its nonce is another one each time
            assert unpack(content) == body


def test_the_files_of_the_page_may_be_kept_for_good(site: Running) -> None:
    page = site.client.get("/").text
    asset = re.search(r'src="\./(assets/index-[\w-]+\.js)"', page)
    assert asset is not None
    first, body = raw(site, f"/{asset[1]}", "gzip, br")
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.headers["content-encoding"] == "br"
    assert first.headers["etag"].startswith("W/")
    assert raw(site, f"/{asset[1]}", "gzip, br")[1] == body


def test_our_own_files_are_asked_for_again(site: Running) -> None:
    first, _ = raw(site, "/ui/document.css", "br")
    assert first.headers["cache-control"] == "no-cache"
    again, body = raw(site, "/ui/document.css", "br", **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, body) == (304, b"")


def test_small_ones_and_heads_are_sent_as_they_are(site: Running) -> None:
    assert "content-encoding" not in raw(site, "/healthz", "br")[0].headers
    head = site.client.head("/about", headers={"Accept-Encoding": "br"})
    assert "content-encoding" not in head.headers


def test_event_streams_are_not_held_back(start_site: Callable[..., Running]) -> None:
    site = start_site(rate_limit="off")
    site.service.assistant.pause.clear()
    headers = {"Accept": "text/event-stream", "Accept-Encoding": "br, gzip"}
    body = {"question": "How much?"}
    with site.client.stream("POST", "/api/v1/answers", json=body, headers=headers) as response:
        assert "content-encoding" not in response.headers
        chunks = response.iter_text()
        assert "event: status" in next(chunks)  # while the answer is still being made
        site.service.assistant.pause.set()
        assert "event: answer" in "".join(chunks)


@pytest.mark.parametrize(
    ("header", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("br;q=0, gzip;q=0.3", "gzip"),
        ("BR", "br"),
        ("br;q=.", None),
        ("br ; q=0.5", "br"),
        ("*", None),
    ],
)
def test_the_best_of_what_is_accepted(header: str, encoding: str | None) -> None:
    assert accepted(header) == encoding
