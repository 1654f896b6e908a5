from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import Running
from tests.web.double import CONTACT

from civicbot.model import LANGUAGES, Language, NoticeKind
from civicbot.settings import REPOSITORY
from civicbot.web.information import Measured, load_measured
from civicbot.web.phrases import load_phrases

PAGES = ("/about", "/how-it-works", "/privacy")


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_speak_both_languages_and_load_nothing_else(site: Running, path: str, language: Language) -> None:
    for response in (
        site.client.get(f"{path}?lang={language}", headers={"Accept-Language": "fr"}),
        site.client.get(path, headers={"Accept-Language": language}),
    ):
        page = response.text
        assert response.status_code == 200
        assert f'<html lang="{language}">' in page
        assert page.startswith("<!doctype html>")
        assert response.headers["vary"] == "Accept-Language, Accept-Encoding"
        assert response.headers["content-security-policy"].startswith("default-src 'none'")
        assert "<script" not in page
        assert 'name="robots"' not in page
        assert re.findall(r'(?:src|href)="(?!/|#)([^"]*)"', page) == []
        assert page.count("<h1>") == 1
        assert f'<a href="{path}?lang={language}" aria-current="page">' in page
        other = "en" if language == "ko" else "ko"
        assert f'<a href="{path}?lang={other}" lang="{other}" hreflang="{other}">' in page
        for linked in PAGES:
            assert f'href="{linked}?lang={language}"' in page
        assert load_phrases(language).navigation.ai in page
        assert "{" not in page.replace("${hacked}", "").replace("{{ hacked }}", "")
    assert site.client.head(path).status_code == 200


def test_english_pages_hold_korean_only_in_the_switch(site: Running) -> None:
    for path in PAGES[1:]:
        page = site.client.get(f"{path}?lang=en").text
        assert re.findall("[가-힣]+", page) == ["한국어"]


def test_about_lists_the_library_with_links_and_dates(site: Running) -> None:
    page = site.client.get("/about?lang=en").text
    assert '<a href="/documents/S031-en">National Assembly passes the 2026 budget</a>' in page
    assert "Ministry of Economy and Finance · 2 December 2025" in page
    assert "Newest source: 2 December 2025" in page
    assert "There are 4 documents now, among them 2 of our summaries" in page
    assert "S012-ko" not in page
    assert page.count("<details>") == 2
    korean = site.client.get("/about?lang=ko").text
    assert '<a href="/documents/S012-ko">' in korean
    assert "S031-en" not in korean


def test_markup_in_the_library_is_text(site: Running) -> None:
    page = site.client.get("/about?lang=en").text
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page


def test_about_without_a_library_says_so(start_site: Callable[..., Running]) -> None:
    site = start_site()
    site.service.assistant.loaded = False
    response = site.client.get("/about?lang=en")
    assert (response.status_code, "still loading" in response.text) == (200, True)
    assert response.headers["cache-control"] == "no-store"


def test_the_contact_and_the_retention_are_the_settings(start_site: Callable[..., Running]) -> None:
    site = start_site(contact=CONTACT, retention_days=77)
    for language, days in (("ko", "77일"), ("en", "77 days")):
        page = site.client.get(f"/privacy?lang={language}").text
        assert days in page
        assert CONTACT in page
        assert CONTACT in site.client.get(f"/about?lang={language}").text


def test_without_a_contact_none_is_named(site: Running) -> None:
    page = site.client.get("/privacy?lang=en").text
    assert load_phrases("en").privacy.no_contact in page
    assert "365 days" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_notice_is_explained(site: Running, language: Language) -> None:
    texts = load_phrases(language)
    names = {mark.name for mark in texts.how.marks}
    assert {texts.notices[kind.value] for kind in NoticeKind} <= names
    page = site.client.get(f"/how-it-works?lang={language}").text
    assert all(f"<dt>{name}</dt>" in page for name in names)


def test_the_figures_are_those_of_the_evaluation(site: Running) -> None:
    measured = load_measured()
    if measured is None:
        assert load_phrases("en").how.well_title not in site.client.get("/how-it-works?lang=en").text
        return
    text = Path(REPOSITORY / "docs" / "evaluation.md").read_text(encoding="utf-8")
    assert measured.measured.isoformat() in text

    def cell(row: str) -> tuple[float, int]:
        """The share with wordings and the number of questions in the column "test"."""
        line = next(line for line in text.splitlines() if line.startswith(f"| {row} |"))
        found = re.match(r"(\.\d+|1) / [.\d]+ \((\d+)\)", line.split("|")[3].strip())
        assert found is not None
        return float(found[1]), int(found[2])

    for row, count, questions in (
        ("right, of answerable", measured.right, measured.answerable),
        ("wrong, of all", measured.wrong, measured.questions),
        ("unanswerable, refused", measured.refused, measured.unanswerable),
    ):
        share, of = cell(row)
        told = f"{count / questions:.3f} ({questions})"
        assert told == f"{share:.3f} ({of})", f"texts/measured.yaml and docs/evaluation.md differ in {row!r}"
    page = site.client.get("/how-it-works?lang=en").text
    assert f"Of all {measured.questions} questions, it answered {measured.wrong} wrongly" in page


def test_shares_are_written_in_per_cent() -> None:
    measured = Measured.model_validate(
        {
            "measured": "2026-11-22",
            "questions": 8,
            "wrong": 0,
            "answerable": 4,
            "right": 3,
            "unanswerable": 3,
            "refused": 2,
        }
    )
    rows = measured.rows({"right": "{right} {share}", "refused": "{refused} {share}", "wrong": "{wrong} {share}"})
    assert rows == ["3 75%", "2 66.7%", "0 0%"]
