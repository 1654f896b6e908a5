from __future__ import annotations

import re
from datetime import UTC, datetime

import httpx
import pytest
from tests.web.conftest import Running
from tests.web.double import CONTACT, EN_BUDGET, KO_COST, NASTY

from civicbot.errors import RecordsUnavailableError
from civicbot.model import Exchange
from civicbot.records.memory import MemoryRecords


def shared(site: Running, question: str, language: str = "en", **more: object) -> str:
    answer = site.ask(question, **more).json()["id"]
    response = site.client.get(f"/shared/{answer}?lang={language}")
    assert response.status_code == 200
    check_private(response)
    return response.text


def check_private(response: httpx.Response) -> None:
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert "noindex" in response.headers["x-robots-tag"]
    assert '<meta name="robots" content="noindex">' in response.text
    assert response.headers["content-security-policy"].startswith("default-src 'none'")


def test_an_exchange_is_shown_with_its_sources_and_label(site: Running) -> None:
    page = shared(site, "AI 모빌리티 총사업비는?", "ko")
    assert '<html lang="ko">' in page
    assert '<p class="said" lang="ko">AI 모빌리티 총사업비는?</p>' in page
    assert f'{KO_COST}&nbsp;<a class="cite" href="#source-1">[1]</a>' in page
    for number in (1, 2, 3):
        assert page.count(f'<li id="source-{number}" value="{number}">') == 1
    assert f'<blockquote lang="en">{EN_BUDGET}</blockquote>' in page
    assert 'href="/documents/S012-ko?quote=' in page
    assert 'href="https://news.example/12"' in page
    assert "광주광역시, 2025년 8월 17일 자료를 우리가 요약한 글입니다" in page
    for said in ("사람이 아니라 AI 시스템이", "2025년 12월 2일 기준", "자료마다 다릅니다", "에 물은 질문"):
        assert said in page


def test_the_frame_follows_the_address_and_the_answer_its_question(site: Running) -> None:
    page = shared(site, "AI 모빌리티 총사업비는?", "en")
    assert '<html lang="en">' in page
    assert '<div class="answer" lang="ko">' in page
    assert '<blockquote lang="ko">' in page
    assert "As of 2 December 2025" in page


def test_the_day_of_asking_is_that_of_korea(site: Running) -> None:
    records = site.service.records
    answer = site.ask().json()["id"]
    late = records.exchange(answer).model_copy(update={"asked_at": datetime(2026, 11, 22, 15, 30, tzinfo=UTC)})
    records.remember(late)
    assert "Asked on 23 November 2026" in site.client.get(f"/shared/{answer}?lang=en").text


def test_an_answer_without_sources_is_shown_with_its_contact(site: Running) -> None:
    page = shared(site, "What is the price of a flat?")
    assert "The library does not hold this." in page
    assert CONTACT in page
    assert "<blockquote" not in page


def test_nothing_leads_to_tickets_conversations_or_confidence(site: Running) -> None:
    answer = site.ask("What is the price of a flat?").json()
    code = site.client.post("/api/v1/tickets", json={"answer_id": answer["id"], "message": "Call me."}).json()["code"]
    page = site.client.get(f"/shared/{answer['id']}").text
    for kept in (code, "Call me.", "/t/", "/api/", answer["conversation_id"], str(answer["confidence"])):
        assert kept not in page


def test_markup_in_questions_and_answers_is_text(site: Running) -> None:
    page = shared(site, f"nasty {NASTY}")
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    assert page.count("&lt;script&gt;") >= 4


def test_nothing_is_loaded_from_elsewhere(site: Running) -> None:
    page = shared(site, "What does the budget hold?")
    assert re.findall(r'(?:src|href)="(?!/|#)([^"]*)"', page) == ["https://news.example/31"]


@pytest.mark.parametrize("identifier", ["nobody", "", "a/b", "%3Cscript%3E", "7K3Q-XM9T-0101"])
def test_an_unknown_answer_is_a_plain_404_page(site: Running, identifier: str) -> None:
    for language, text in (("ko", "공유한 답을 찾을 수 없습니다"), ("en", "Shared answer not found")):
        response = site.client.get(f"/shared/{identifier}?lang={language}")
        assert response.status_code == 404
        assert text in response.text
        assert "<script" not in response.text
        check_private(response)


class Away(MemoryRecords):
    """Records whose store cannot be reached."""

    def exchange(self, answer_id: str) -> Exchange:
        del answer_id
        raise RecordsUnavailableError("The records cannot be read.")


def test_without_records_it_says_so(site: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site.service, "records", Away())
    response = site.client.get("/shared/a1?lang=en")
    assert (response.status_code, "cannot be shown just now" in response.text) == (503, True)
    assert int(response.headers["retry-after"]) >= 1
    check_private(response)


def test_head_works(site: Running) -> None:
    assert site.client.head(f"/shared/{site.ask().json()['id']}").status_code == 200
