"""The widget's script, the page for frames, and the tag that sites put in."""

from __future__ import annotations

import base64
import gzip
import hashlib
from collections.abc import Iterator

import brotli
import httpx
import pytest
from tests.web.conftest import Running, check_error, running
from tests.web.test_headers import Tags, directives

from civicbot.model import Language
from civicbot.site import Site
from civicbot.web.embedding import SCRIPT, STYLE, snippet, spoken
from civicbot.web.headers import UNFRAMED_POLICY, embed_policy
from civicbot.web.phrases import load_phrases

HERE, THERE = "https://www.city.example", "http://localhost:8100"
BODY = SCRIPT.read_bytes()
DIGEST = hashlib.sha256(BODY).hexdigest()[:16]
LASTING = f"/widget-{DIGEST}.js"


@pytest.fixture(scope="module")
def server() -> Iterator[Running]:
    with running(rate_limit="off") as server:
        yield server


@pytest.fixture
def city(server: Running) -> Running:
    for site in server.service.book.list():
        server.service.book.remove(site.name)
    server.service.book.add("city", origins=(HERE, THERE), titles={"en": 'A "B" <c>'})
    return server


def raw(site: Running, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    with site.client.stream("GET", path, headers=headers) as response:
        return response, b"".join(response.iter_raw())


@pytest.mark.parametrize(
    ("path", "caching"),
    [("/widget.js", "public, max-age=300"), (LASTING, "public, max-age=31536000, immutable")],
    ids=["newest", "lasting"],
)
def test_the_script(site: Running, path: str, caching: str) -> None:
    response, body = raw(site, path, **{"Accept-Encoding": "identity"})
    assert (response.status_code, body) == (200, BODY)
    headers = response.headers
    assert headers["content-type"] == "text/javascript; charset=utf-8"
    assert headers["cache-control"] == caching
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert headers["access-control-allow-origin"] == "*"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["etag"] == f'"{DIGEST}"'
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed, content = raw(site, path, **{"Accept-Encoding": encoding})
        assert packed.headers["content-encoding"] == encoding
        assert unpack(content) == BODY
        assert packed.headers["etag"] == f'W/"{DIGEST}"'
        assert packed.headers["vary"] == "Accept-Encoding"
        assert packed.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("path", ["/widget.js", LASTING], ids=["newest", "lasting"])
@pytest.mark.parametrize("tag", ['"{}"', 'W/"{}"', '"x", W/"{}"', "*"])
def test_whoever_has_the_script_is_not_sent_it_again(site: Running, path: str, tag: str) -> None:
    response = site.client.get(path, headers={"If-None-Match": tag.format(DIGEST)})
    assert (response.status_code, response.content) == (304, b"")
    assert response.headers["etag"] == f'"{DIGEST}"'
    assert "max-age" in response.headers["cache-control"]
    assert response.headers["access-control-allow-origin"] == "*"
    assert response.headers["vary"] == "Accept-Encoding"
    assert site.client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", ["/widget.js", LASTING, "/embed.css"], ids=["newest", "lasting", "style"])
def test_asking_for_the_head_alone(site: Running, path: str) -> None:
    whole, head = site.client.get(path, headers={"Accept-Encoding": "identity"}), site.client.head(path)
    assert (head.status_code, head.content) == (200, b"")
    for name in ("content-type", "etag", "cache-control", "content-length"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    "digest",
    ["0" * 16, DIGEST[:-1], f"{DIGEST}0", f"{DIGEST}.js", "..%2Fwidget", "", "%00"],
    ids=["zeros", "short", "long", "twice", "above", "none", "nul"],
)
def test_another_hash_is_not_there(site: Running, digest: str) -> None:
    response = site.client.get(f"/widget-{digest}.js")
    check_error(response, 404)
    assert "immutable" not in response.headers.get("cache-control", "")


def test_only_reading(city: Running) -> None:
    for path in ("/widget.js", LASTING, "/embed", "/embed.css"):
        response = city.client.post(path)
        check_error(response, 405)
        assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


def test_any_origin_may_load_the_script_but_our_pages_stay_ours(city: Running) -> None:
    evil = {"Origin": "https://evil.example"}
    assert city.client.get("/widget.js", headers=evil).status_code == 200
    assert "access-control-allow-origin" not in city.client.get("/embed?site=city", headers=evil).headers
    assert city.client.get("/embed.css").headers["cross-origin-resource-policy"] == "same-origin"
    assert city.client.get("/embed.css").content == STYLE.read_bytes()


# ---------------------------------------------------------------- the page for frames


def test_the_page_for_frames(city: Running) -> None:
    response = city.client.get("/embed?site=city&language=en")
    assert response.status_code == 200
    policy = response.headers["content-security-policy"]
    assert policy == embed_policy((HERE, THERE))
    assert directives(policy) == {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "connect-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
        "frame-ancestors": [HERE, THERE],
    }
    assert "x-frame-options" not in response.headers
    assert response.headers["cross-origin-resource-policy"] == "cross-origin"
    assert response.headers["cross-origin-opener-policy"] == "unsafe-none"
    assert response.headers["cross-origin-embedder-policy"] == "require-corp"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "camera=()" in response.headers["permissions-policy"]
    tags = Tags(response.text)
    assert tags.named("html") == [{"lang": "en"}]
    assert tags.named("script") == [
        {"src": "/widget.js", "data-site": "city", "data-language": "en", "data-mode": "page", "async": None}
    ]
    assert {one["href"] for one in tags.named("link")} == {"/embed.css", "/ui/icon.svg"}
    assert tags.named("style") == []
    assert not [name for _, attributes in tags.found for name in attributes if name == "style" or name.startswith("on")]
    assert "<title>A &#34;B&#34; &lt;c&gt;</title>" in response.text
    head = city.client.head("/embed?site=city&language=en")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-security-policy"] == policy


@pytest.mark.parametrize("query", ["", "?site=", "?site=none", "?site=City", "?site=off", "?site=city%00", "?site=<b>"])
def test_an_unknown_site_is_framed_by_nobody(city: Running, query: str) -> None:
    city.service.book.add("off", origins=(HERE,), enabled=False)
    response = city.client.get(f"/embed{query}", headers={"Accept-Language": "en"})
    assert response.status_code == 404
    assert response.headers["content-security-policy"] == UNFRAMED_POLICY
    assert directives(UNFRAMED_POLICY)["frame-ancestors"] == ["'none'"]
    assert response.headers["cache-control"] == "no-store"
    assert load_phrases("en").page.not_found_title in response.text
    assert Tags(response.text).named("script") == []


def test_a_switched_off_site_is_framed_no_more(city: Running) -> None:
    assert city.client.get("/embed?site=city").status_code == 200
    city.service.book.disable("city")
    assert city.client.get("/embed?site=city").status_code == 404
    city.service.book.edit("city", enabled=True, origins=(THERE,))
    policy = directives(city.client.get("/embed?site=city").headers["content-security-policy"])
    assert policy["frame-ancestors"] == [THERE]


@pytest.mark.parametrize(
    ("query", "accept", "language"),
    [
        ("&language=en", "ko", "en"),
        ("&language=ko", "en", "ko"),
        ("&language=auto", "en-GB,en;q=0.9", "en"),
        ("", "en", "en"),
        ("", "fr", "ko"),
        ("&language=%3Cscript%3E", "ko", "ko"),
    ],
)
def test_the_language_of_the_frame(city: Running, query: str, accept: str, language: str) -> None:
    page = city.client.get(f"/embed?site=city{query}", headers={"Accept-Language": accept})
    assert Tags(page.text).named("html") == [{"lang": language}]
    assert "<script>" not in page.text


@pytest.mark.parametrize(
    ("languages", "wished", "accept", "language"),
    [
        (("ko", "en"), None, None, "ko"),
        (("en", "ko"), None, None, "en"),
        (("en", "ko"), None, "fr", "en"),
        (("en", "ko"), "ko", "en", "ko"),
        (("en",), "ko", "ko", "en"),
        (("en",), None, "ko", "en"),
    ],
)
def test_a_site_speaks_what_it_can(
    languages: tuple[Language, ...], wished: str | None, accept: str | None, language: Language
) -> None:
    assert spoken(Site(name="one", origins=(HERE,), languages=languages), wished, accept) == language


# ---------------------------------------------------------------- the tag


def test_the_tag_names_the_script_as_it_is_now(site: Running) -> None:
    (tag,) = Tags(snippet("https://ask.city.example/", "city")).named("script")
    digest = base64.b64encode(hashlib.sha384(BODY).digest()).decode()
    assert tag == {
        "src": f"https://ask.city.example{LASTING}",
        "integrity": f"sha384-{digest}",
        "crossorigin": "anonymous",
        "data-site": "city",
        "data-language": "auto",
        "data-position": "right",
        "async": None,
    }
    assert site.client.get(LASTING).content == BODY


def test_the_tag_that_follows_upgrades() -> None:
    (tag,) = Tags(snippet("https://ask.city.example", "city", integrity=False)).named("script")
    assert tag["src"] == "https://ask.city.example/widget.js"
    assert "integrity" not in tag
    assert "crossorigin" not in tag


def test_nothing_breaks_out_of_the_tag() -> None:
    found = Tags(snippet('https://x.example/"><script>alert(1)</script>', '"><img src=x>', integrity=False)).found
    assert [name for name, _ in found] == ["script"]
