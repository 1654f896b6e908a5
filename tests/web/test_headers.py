"""Security headers on every kind of answer, and payloads that do nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from tests.web.conftest import Running
from tests.web.double import NASTY

from civicbot.settings import REPOSITORY
from civicbot.web.headers import DOCUMENT_POLICY, NOTHING_POLICY, embed_policy, page_policy

OWN_PAGES = (
    "/about", "/how-it-works", "/privacy", "/transparency", "/documents/S012-ko", "/documents/nasty-en",
    "/documents/none", "/shared/none", "/t/0000-0000-0000",
)  # fmt: skip
OTHERS = (
    "/healthz",
    "/metrics",
    "/openapi.json",
    "/transparency.json",
    "/config",
    "/ui/chat.css",
    "/api/v1/documents/S012-ko",
    "/nowhere",
)
TEXT = (Path(REPOSITORY) / "docs" / "security.md").read_text(encoding="utf-8")


def directives(policy: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def named(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.found if tag == name]


@pytest.mark.parametrize("path", ["/", *OWN_PAGES, *OTHERS])
def test_every_answer_carries_them(site: Running, path: str) -> None:
    headers = site.client.get(path, headers={"Accept": "text/html"}).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] in ("same-origin", "no-referrer")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "microphone=()" in headers["permissions-policy"]
    policy = directives(headers["content-security-policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["frame-ancestors"] in (["'self'"], ["'none'"])
    assert "http" not in headers["content-security-policy"]


def test_an_unexpected_error_carries_them_too(site: Running) -> None:
    broken = site.ask("boom")
    assert broken.status_code == 500
    assert broken.headers["content-security-policy"] == NOTHING_POLICY
    assert broken.headers["x-content-type-options"] == "nosniff"


def test_our_own_pages_run_no_script(site: Running) -> None:
    for path in OWN_PAGES:
        response = site.client.get(path)
        assert response.headers["content-security-policy"] == DOCUMENT_POLICY
        tags = Tags(response.text)
        assert tags.named("script") == tags.named("style") == []
        assert not [one for _, attributes in tags.found for one in attributes if one == "style" or one.startswith("on")]
    for path in OTHERS:
        assert site.client.get(path).headers["content-security-policy"] == NOTHING_POLICY


def test_the_front_pages_scripts_need_its_nonce(site: Running) -> None:
    first, second = site.client.get("/"), site.client.get("/")
    nonces = []
    for response in (first, second):
        policy = directives(response.headers["content-security-policy"])
        (nonce,) = re.findall(r"'nonce-([\w-]{24})'", " ".join(policy["script-src"]))
        assert policy["script-src"] == ["'self'", f"'nonce-{nonce}'", "'unsafe-eval'"]
        assert policy["script-src-attr"] == ["'none'"]
        tags = Tags(response.text)
        assert {one.get("nonce") for one in tags.named("script")} == {nonce}
        assert not [one for _, attributes in tags.found for one in attributes if one.startswith("on")]
        assert response.headers["cache-control"] == "no-store"
        nonces.append(nonce)
    assert len(set(nonces)) == 2
    assert "iframeResizer.contentWindow" not in first.text


def test_a_nonce_cannot_be_asked_for(site: Running) -> None:
    for path in ("/?lang=<script>alert(1)</script>", "/?nonce=x&__theme=<script>x</script>", '/?lang="><script>x'):
        page = site.client.get(path, headers={"Accept-Language": "<script>"}).text
        assert "alert(1)" not in page
        assert len(Tags(page).named("script")) == len(Tags(site.client.get("/").text).named("script"))


def test_payloads_in_documents_and_questions_are_text_everywhere(site: Running) -> None:
    answer = site.ask(NASTY).json()["id"]
    ticket = site.client.post("/api/v1/tickets", json={"answer_id": answer, "message": NASTY}).json()["code"]
    pages = ["/documents/nasty-en", "/about?lang=en", f"/shared/{answer}", f"/t/{ticket}"]
    asked = [f"/documents/S012-ko?quote={NASTY}", f"/about?lang={NASTY}"]
    for path in [*pages, *asked, *(f"{place}{NASTY}" for place in ("/documents/", "/shared/", "/t/"))]:
        tags = Tags(site.client.get(path).text)
        assert tags.named("script") == tags.named("img") == []
        for link in tags.named("a"):
            assert (link["href"] or "").startswith(("/", "#", "https://news.example/")), path
    for path in ("/api/v1/documents/nasty-en", f"/api/v1/tickets/{ticket}"):
        assert site.client.get(path).headers["content-type"] == "application/json"


def test_the_policies_are_documented() -> None:
    for policy in (page_policy("…"), DOCUMENT_POLICY, NOTHING_POLICY, embed_policy(["…"])):
        for name, values in directives(policy).items():
            assert f"`{name} {' '.join(values)}`" in TEXT, name
