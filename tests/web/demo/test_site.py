"""The demonstration site as a browser gets it."""

from __future__ import annotations

import html
import re

import httpx
import pytest
from tests.loops import run

from civicbot.model import LANGUAGES, Language
from civicbot.web.demo.site import FOLDER, PAGES, Demonstration, create_demo_site
from civicbot.web.demo.texts import load_demo_texts
from civicbot.web.demo.variants import VARIANTS, Variant, policy_header

BOT = "http://127.0.0.1:8000"
DEMONSTRATION = Demonstration(assistant=BOT, site="demo", command="civicbot sites add demo --origin http://x.example")
ROOTS = [("ko", variant, f"/{variant}/") for variant in VARIANTS]
ROOTS += [("en", variant, f"/en/{variant}/") for variant in VARIANTS]


def send(
    path: str, method: str = "GET", demonstration: Demonstration = DEMONSTRATION, language: str = ""
) -> httpx.Response:
    async def sending() -> httpx.Response:
        transport = httpx.ASGITransport(create_demo_site(demonstration))
        async with httpx.AsyncClient(transport=transport, base_url="http://demo.example") as client:
            return await client.request(method, path, headers={"Accept-Language": language})

    return run(sending())


@pytest.mark.parametrize(("language", "variant", "root"), ROOTS)
def test_every_page_of_every_variant(language: Language, variant: Variant, root: str) -> None:
    texts = load_demo_texts(language)
    for page in PAGES:
        response = send(root + ("" if page == "home" else page))
        assert response.status_code == 200
        assert response.headers.get("content-security-policy") == policy_header(variant, BOT)
        text = html.unescape(response.text)
        assert f'<html lang="{language}">' in text
        assert f"<title>{texts.title(page)} - {texts.site.name}" in text
        assert texts.site.notice in text, "it says that it is a demonstration"
        assert text.count(DEMONSTRATION.tag) == (variant != "frame")
        assert ("<iframe" in text) is (variant == "frame")
        _links_lead_somewhere(text)


def _links_lead_somewhere(text: str) -> None:
    for target in set(re.findall(r'(?:href|src|action)="(/[^"#]*)"', text)):
        assert send(target).status_code == 200, target


def test_only_the_hostile_and_the_single_page_variant_have_scripts_of_their_own() -> None:
    for variant in VARIANTS:
        own = re.findall(r'<script src="/static/([^"]+)"', send(f"/{variant}/").text)
        assert own == ([f"{variant}.js"] if variant in ("hostile", "single-page") else [])


def test_the_frame_stands_in_the_page_and_in_the_corner() -> None:
    home, news = send("/frame/").text, send("/en/frame/news").text
    assert f'<iframe src="{BOT}/embed?site=demo&amp;language=ko" title="' in home
    assert "<details" not in home
    assert f'<iframe src="{BOT}/embed?site=demo&amp;language=en" title="' in news
    assert "<details" in news


def test_the_single_page_brings_every_view_along() -> None:
    views = re.findall(r'<template data-view="([^"]+)"', send("/single-page/news").text)
    assert views == ["/single-page/", "/single-page/news", "/single-page/services", "/single-page/directions"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_names_all_variants_and_what_to_run(language: Language) -> None:
    text = html.unescape(send(f"/?lang={language}").text)
    for _, variant, root in ROOTS:
        assert f'href="{root}"' in text
        assert load_demo_texts(language).variants[variant].title in text
    assert DEMONSTRATION.tag in text
    assert DEMONSTRATION.command in text
    assert f'<html lang="{language}">' in text


def test_the_list_is_in_the_browsers_language() -> None:
    assert '<html lang="en">' in send("/", language="en-GB").text


def test_a_form_is_answered_and_not_read() -> None:
    response = send("/strict/services", "POST")
    assert response.status_code == 200
    assert load_demo_texts("ko").services.sent in response.text
    assert load_demo_texts("ko").services.sent not in send("/strict/services").text


@pytest.mark.parametrize(
    "path", ["/nothing", "/plain/nothing", "/en/frame/news/more", "/static/../site.py", "/static/x"]
)
def test_unknown_addresses(path: str) -> None:
    response = send(path)
    assert response.status_code == 404
    assert load_demo_texts("ko").site.not_found in response.text


def test_a_slash_is_added() -> None:
    for path in ("/plain", "/en/single-page"):
        response = send(path)
        assert (response.status_code, response.headers["location"]) == (307, f"{path}/")


def test_what_is_put_in_is_escaped() -> None:
    odd = Demonstration(assistant=BOT, site='"><b>', command="<i>")
    for path in ("/", "/plain/", "/frame/", "/frame/news"):
        text = send(path, demonstration=odd).text
        assert "<b>" not in text
        assert "<i>" not in text


def test_nothing_is_loaded_from_elsewhere() -> None:
    for path in (FOLDER / "static").iterdir():
        assert not re.findall(r"https?://(?!www\.w3\.org/2000/svg)", path.read_text(encoding="utf-8")), path.name
