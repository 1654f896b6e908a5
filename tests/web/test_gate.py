from __future__ import annotations

import re

import pytest
from tests.web.conftest import Running


@pytest.mark.parametrize(
    ("accept", "language", "title"), [("ko", "ko", "광주 AI 사업 안내"), ("en", "en", "Gwangju AI projects guide")]
)
def test_the_front_page_speaks_the_visitors_language(site: Running, accept: str, language: str, title: str) -> None:
    page = site.client.get("/", headers={"Accept-Language": accept, "Accept-Encoding": "br, gzip"})
    assert re.search(rf'<html\s+lang="{language}"', page.text)
    assert f"<title>{title}</title>" in page.text
    assert page.headers["vary"] == "Accept-Language, Accept-Encoding"


def test_the_language_of_the_address_wins(site: Running) -> None:
    assert 'lang="en"' in site.client.get("/?lang=en", headers={"Accept-Language": "ko"}).text
    assert 'lang="ko"' in site.client.get("/?lang=xx", headers={"Accept-Language": "ko"}).text


def test_the_front_page_names_no_other_server(site: Running) -> None:
    page = site.client.get("/").text
    assert "og:" not in page
    assert "twitter:" not in page
    assert "<noscript>" in page
    outside = set(re.findall(r"https?://[\w.:-]+", page))
    assert outside <= {f"http://127.0.0.1:{site.port}"}


def test_head_of_the_front_page_works(site: Running) -> None:
    assert site.client.head("/").status_code == 200


def test_nothing_is_exposed_as_an_api_of_gradio(site: Running) -> None:
    config = site.client.get("/config").json()
    assert {one["api_visibility"] for one in config["dependencies"]} == {"private"}
    assert config["analytics_enabled"] is False
    assert config["footer_links"] == []
    assert config.get("run_history") in (False, None)
