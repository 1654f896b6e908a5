"""The page about the service's work, and the same as JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import pairwise

import pytest
from tests.web.conftest import Running
from tests.web.double import CONTACT

from civicbot.model import LANGUAGES, AnswerStatus, Language
from civicbot.review.nouns import Verdict
from civicbot.review.public_nouns import (
    Accuracy,
    Asked,
    Basis,
    Corrections,
    CorrectionState,
    Count,
    Figures,
    Judged,
    Name,
    Part,
    Pause,
    PublicCorrection,
    Reading,
    ShareTold,
    Span,
    StatusCount,
    Total,
    VerifiedRun,
)
from civicbot.review.view_nouns import SwitchScope
from civicbot.web.information import load_measured
from civicbot.web.phrases import load_phrases
from civicbot.web.transparency_texts import load_transparency_texts

AT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)
TEXTS = load_transparency_texts()
NASTY = '<script>window.hacked = 1</script> & "so"'


def accuracies() -> Iterator[Accuracy]:
    """A sample of each kind: with shares, too few, small, withheld."""
    samples = (Count(count=1234), Count(count=19), Count(fewer_than=5), Count())
    kinds = [(basis, span, one) for basis in Basis for span in Span for one in (None, *LANGUAGES)]
    for place, (basis, span, language) in enumerate(kinds):
        judged = samples[place % 4]
        enough = judged.count is not None and judged.count >= 20
        yield Accuracy(
            basis=basis,
            span=span,
            language=language,
            judged=judged,
            right=ShareTold(value=0.925, low=0.85, high=0.967 + place / 1000) if enough else None,
            incomplete=0.04 if enough else None,
            wrong=0.035 if enough else None,
        )


def figures() -> Figures:
    """Something of everything."""
    counts = (812, 43, 7, 66, 12, 0)
    statuses = [Count(count=each) for each in counts] + [Count(fewer_than=5)] * 2
    correction = PublicCorrection(
        day=date(2026, 11, 20),
        language="ko",
        topics=(Name(key="npu", ko="NPU센터", en="NPU Centre"), Name(key="x", ko=NASTY, en=NASTY)),
        kind=Verdict.WRONG,
        state=CorrectionState.LIVE,
        question=f"NPU센터 예산은 얼마인가요? {NASTY}",
    )
    plain = correction.model_copy(
        update={"topics": (), "kind": None, "state": CorrectionState.SUSPENDED, "question": None, "language": "en"}
    )
    pause = Pause(
        scope=SwitchScope.EVERYTHING, value=None, since=AT - timedelta(days=2), until=AT, over=True,
        text_ko=f"점검했습니다. {NASTY}", text_en=f"It was checked. {NASTY}",
    )  # fmt: skip
    site = Name(key="buk-gu", ko="buk-gu", en="buk-gu")
    return Figures(
        at=AT,
        judged=Judged(since=date(2026, 8, 25), figures=tuple(accuracies())),
        asked=Asked(
            first=date(2026, 8, 25),
            last=date(2026, 11, 22),
            complete=False,
            statuses=tuple(
                StatusCount(status=status, questions=each) for status, each in zip(AnswerStatus, statuses, strict=True)
            ),
            total=Total(least=942, most=1948),
            languages=(Part(key="ko", share=88, answered=91), Part(key="en", share=12, answered=None)),
            sites=(Part(key="", share=99, answered=90), Part(key="buk-gu", share=0, answered=None)),
        ),
        pauses=(
            pause,
            pause.model_copy(update={"over": False, "until": None, "scope": SwitchScope.SITE, "value": site}),
            pause.model_copy(update={"over": False, "until": AT + timedelta(days=1)}),
        ),
        corrections=Corrections(newest=(correction, plain), published=57, prepared=3),
        verified=VerifiedRun(at=AT, app="0.9", index="g9", cases=Count(count=40), passed=37),
    )


@pytest.fixture
def told(start_site: Callable[..., Running]) -> Callable[..., Running]:
    """Starts a server that tells some figures."""

    def start(reading: Reading | None = None, **settings: object) -> Running:
        site = start_site(rate_limit="off", **settings)
        site.service.reading = reading or Reading(state="told", figures=figures())
        return site

    return start


def shown(site: Running, language: Language = "en") -> str:
    """What the page says, without markup."""
    response = site.client.get(f"/transparency?lang={language}")
    assert response.status_code == 200
    text = re.sub(r"<[^>]*>", " ", response.text)
    return re.sub(r"\s+", " ", unescape(text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_no_script_and_loads_nothing_else(told: Callable[..., Running], language: Language) -> None:
    response = told().client.get("/transparency", headers={"Accept-Language": language})
    page = response.text
    assert f'<html lang="{language}">' in page
    assert response.headers["cache-control"] == "public, max-age=60"
    assert response.headers["vary"] == "Accept-Language, Accept-Encoding"
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!/|#)([^"]*)"', page) == []
    assert f'<a href="/transparency?lang={language}" aria-current="page">' in page
    assert re.findall(r"\{[a-z]", unescape(page)) == []
    headings = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert headings.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert page.count("<table") == page.count("<caption>")
    assert 'scope="col"' in page


def numbers(value: object) -> Iterator[str]:
    """The figures of the JSON as the page writes them: counts, shares in per cent, days."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key not in ("key", "since", "indexed_at", "counted_at", "at", "until", "fewer_than"):
                yield from numbers(each)
    elif isinstance(value, list):
        for each in value:
            yield from numbers(each)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield f"{value:,}"
    elif isinstance(value, float):
        yield f"{value:.1%}".replace(".0%", "%")


def test_page_and_json_tell_the_same(told: Callable[..., Running]) -> None:
    site = told(contact=CONTACT)
    body = site.client.get("/transparency.json").json()
    assert body["records"] == "told"
    parts = {name: body[name] for name in ("judged", "asked", "corrections", "library", "evaluation", "verified")}
    figures_told = list(numbers(parts))
    assert {"1,234", "92.5%", "3.5%", "812", "1,948", "88", "57", "37"} <= set(figures_told)
    for language in LANGUAGES:
        text = shown(site, language)
        assert [number for number in figures_told if number != "0" and number not in text] == []
        assert text.count(TEXTS[language].judged.withheld) == 3
        assert body["versions"]["index"] in text
        assert CONTACT in text
        for correction in body["corrections"]["newest"]:
            assert (correction["question"] or "") in text
            assert all(topic[language] in text for topic in correction["topics"])
        for pause in body["pauses"]:
            assert pause[f"text_{language}"] in text


def test_what_the_english_page_says(told: Callable[..., Running]) -> None:
    text = shown(told())
    assert "Counted on 23 November 2026, 12:30 (Korean time)." in text
    assert "last 90 days, both languages right: 92.5% (85% to 96.7%) right in part: 4%, wrong: 3.5% 1,234" in text
    assert "last 90 days, Korean too few yet (19) 19" in text
    assert "last 90 days, English too few yet (fewer than 5) fewer than 5" in text
    assert "Questions from 25 August 2026 to 22 November 2026." in text
    assert TEXTS["en"].asked.incomplete in text
    assert "Paused The question came while answering was paused. fewer than 5" in text
    assert "Total 942 to 1,948" in text
    assert "Korean 88% 91%" in text
    assert "English 12% too few" in text
    assert "this site 99% 90% buk-gu under 1% too few" in text
    assert (
        "From 21 November 2026, 12:30 (Korean time) to 23 November 2026, 12:30 (Korean time) The whole service" in text
    )
    assert "until now Web site buk-gu" in text
    assert "it is to end on 24 November 2026, 12:30" in text
    assert "57 published so far. The newest 2 are shown." in text
    assert "20 November 2026 NPU Centre" in text
    assert "what was wrong was corrected" in text
    assert "Other topics: revised by staff" in text
    assert "Of 40 tests made from what staff have said about answers, 37 were answered as they said (92.5%)" in text
    assert "with program 0.9 and library index g9" in text


def test_markup_is_text_and_a_question_has_its_language(told: Callable[..., Running]) -> None:
    site = told()
    page = site.client.get("/transparency?lang=en").text
    assert "&lt;script&gt;" in page
    assert "<script" not in page
    assert '<blockquote lang="ko">NPU센터' in page
    assert "<blockquote lang" not in site.client.get("/transparency?lang=ko").text


@pytest.mark.parametrize(("state", "known"), [("old", True), ("lost", False), ("none", False)])
def test_without_records_it_tells_what_is_known(told: Callable[..., Running], state: str, known: bool) -> None:
    site = told(Reading.model_validate({"state": state, "figures": figures() if known else None}))
    response = site.client.get("/transparency.json")
    body = response.json()
    assert response.status_code == 200
    assert (body["records"], body["judged"] is not None) == (state, known)
    assert response.headers["cache-control"] == ("public, max-age=60" if state == "none" else "no-store")
    for language in LANGUAGES:
        text = shown(site, language)
        texts = TEXTS[language]
        if state == "old":
            assert load_phrases(language).date(date(2026, 11, 23)) in text
        assert getattr(texts.state, state).split("{")[0].strip() in text
        assert (texts.judged.title in text) is known
        assert (texts.tests.verified_none in text) is False
        assert texts.versions.sources in text
        assert all(line in text for line in texts.end.limits)


def test_while_the_library_loads(told: Callable[..., Running]) -> None:
    site = told()
    site.service.assistant.loaded = False
    response = site.client.get("/transparency.json")
    assert response.headers["cache-control"] == "no-store"
    assert response.json()["versions"] is None
    assert response.json()["library"] == dict.fromkeys(("newest", "sources", "documents", "indexed_at"))
    assert TEXTS["en"].versions.loading in shown(site)


def test_what_answers_and_how_it_was_tested(site: Running) -> None:
    body = site.client.get("/transparency.json").json()
    assert body["library"] == {
        "newest": "2026-11-22", "sources": 2, "documents": 5, "indexed_at": "2026-11-22T00:00:00Z",
    }  # fmt: skip
    assert body["versions"] == {"app": "0.1.0", "index": "20261122T000000-00000000", "prompt": None, "model": None}
    measured = load_measured()
    assert measured is not None
    assert body["evaluation"] == measured.model_dump(mode="json")
    text = shown(site)
    for row in measured.rows(load_phrases("en").how.well_rows):
        assert row in text
    assert "Newest source 22 November 2026" in text
    assert TEXTS["en"].versions.no_model in text


def test_where_to_complain(told: Callable[..., Running], site: Running) -> None:
    assert site.client.get("/transparency.json").json()["contact"] is None
    assert TEXTS["en"].end.no_contact in shown(site)
    assert f"Contact: {CONTACT}" in shown(told(contact=CONTACT))


def test_everybody_may_read_the_data_and_only_them(site: Running) -> None:
    headers = {"Origin": "https://news.example"}
    data = site.client.get("/transparency.json", headers=headers)
    assert data.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in data.headers
    assert site.client.head("/transparency.json").headers["content-type"] == "application/json"
    for path in ("/transparency", "/about", "/transparency.json.bak", "/healthz"):
        assert "access-control-allow-origin" not in site.client.get(path, headers=headers).headers
    assert site.client.post("/transparency.json").status_code == 405
    assert site.client.post("/transparency").status_code == 405


def test_the_data_is_described(site: Running) -> None:
    described = site.client.get("/openapi.json").json()
    assert set(described["paths"]["/transparency.json"]) == {"get"}
    schemas = described["components"]["schemas"]
    assert set(schemas["TransparencyBody"]["properties"]) == set(site.client.get("/transparency.json").json())
    undescribed = [
        name
        for name, field in schemas["TransparencyBody"]["properties"].items()
        if name not in ("library", "pages") and not field.get("description")
    ]
    assert undescribed == []


def test_it_is_linked_from_everywhere(site: Running) -> None:
    for path in ("/about", "/how-it-works", "/privacy", "/documents/S012-ko"):
        assert 'href="/transparency?lang=ko"' in site.client.get(f"{path}?lang=ko").text
    assert 'hreflang="en" href="/transparency?lang=en"' in site.client.get("/transparency").text
    assert 'type="application/json" href="/transparency.json"' in site.client.get("/transparency").text


def test_the_texts_of_both_languages_fill_the_same_places() -> None:
    def places(texts: object) -> list[tuple[str, ...]]:
        if isinstance(texts, dict):
            return [place for key in sorted(texts) for place in places(texts[key])]
        if isinstance(texts, list | tuple):
            return [place for each in texts for place in places(each)]
        return [tuple(sorted(re.findall(r"\{(\w+)\}", str(texts))))]

    korean, english = (places(TEXTS[language].model_dump()) for language in LANGUAGES)
    assert korean == english
    assert len(TEXTS["ko"].end.limits) == len(TEXTS["en"].end.limits) == 3
