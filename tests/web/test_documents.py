from __future__ import annotations

import html
import re
from itertools import pairwise
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import Running
from tests.web.double import DOCUMENTS, EN_BUDGET, KO_COST, NASTY

from civicbot.web.documents import blocks_of, pieces_of


def read(site: Running, identifier: str, quoted: str = "") -> str:
    response = site.client.get(f"/documents/{identifier}?quote={quote(quoted)}")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    return response.text


def test_the_quote_is_marked_on_a_readable_page(site: Running) -> None:
    page = read(site, "S012-ko", KO_COST)
    assert '<html lang="ko">' in page
    assert f'<mark id="quote">{KO_COST}</mark>' in page
    assert page.count("<mark") == 1
    assert "광주광역시, 2025년 8월 17일 자료를 우리가 요약한 글입니다" in page
    assert '<a href="https://news.example/12" target="_blank" rel="noopener noreferrer">' in page
    assert "<h2>사업 개요</h2>" in page


def test_an_english_page_speaks_english(site: Running) -> None:
    page = read(site, "S031-en", EN_BUDGET)
    assert '<html lang="en">' in page
    assert "Our summary of Ministry of Economy and Finance, 2 December 2025" in page
    assert not re.search("[가-힣]", page)


def test_a_quote_that_is_not_there_is_said(site: Running) -> None:
    page = read(site, "S031-en", "This was never written.")
    assert "<mark" not in page
    assert "not found in this document" in page
    assert "never written" not in page
    assert "not found in this document" not in read(site, "S031-en")


def test_our_summaries_have_a_line_for_every_sentence(site: Running) -> None:
    text = "The first. The second\nis here. And more"
    sentences = [(0, 10), (11, 30)]
    blocks = blocks_of(text, "second\nis here. And", sentences)
    assert [(one.before, one.marked, one.after) for one in blocks] == [
        ("The first.", "", ""),
        ("The ", "second\nis here.", ""),
        ("", " And", " more"),
    ]
    assert '<article class="sentences">' in read(site, "S012-en")
    assert '<article class="sentences">' not in read(site, "ai-mobility-new-town-en")


def test_a_document_leads_to_itself_in_the_other_language(site: Running) -> None:
    assert '<a href="/documents/S012-en" hreflang="en">이 글을 영어로 보기</a>' in read(site, "S012-ko")
    assert '<a href="/documents/S012-ko" hreflang="ko">Read this in Korean</a>' in read(site, "S012-en")
    assert "Read this in Korean" not in read(site, "S031-en")


def test_a_brief_is_our_overview(site: Running) -> None:
    assert "Our overview, drawn from several sources" in read(site, "ai-mobility-new-town-en")


def test_markup_in_documents_and_quotes_is_text(site: Running) -> None:
    page = read(site, "nasty-en", NASTY + ".")
    assert "<script" not in page
    assert "<img" not in page
    assert "javascript:" not in page
    marked = re.search(r'<mark id="quote">(.*?)</mark>', page)
    assert marked is not None
    assert html.unescape(marked[1]) == NASTY + "."
    assert "<script" not in read(site, "S031-en", "<script>alert(1)</script>")


def test_nothing_is_loaded_from_elsewhere(site: Running) -> None:
    response = site.client.get("/documents/S012-ko")
    assert re.findall(r'(?:src|href)="(?!/|#)([^"]*)"', response.text) == ["https://news.example/12"]
    assert response.headers["content-security-policy"].startswith("default-src 'none'")
    assert site.client.get("/ui/document.css").status_code == 200


@pytest.mark.parametrize("path", ["/documents/S999-ko", "/documents/", "/documents/a/b", "/documents/%3Cscript%3E"])
def test_an_unknown_document_is_a_plain_404_page(site: Running, path: str) -> None:
    for accept, text in (("ko", "문서를 찾을 수 없습니다"), ("en-GB", "Document not found")):
        response = site.client.get(path, headers={"Accept-Language": accept})
        assert response.status_code == 404
        assert text in response.text
        assert "<script" not in response.text


def test_head_works(site: Running) -> None:
    assert site.client.head("/documents/S012-ko").status_code == 200


@given(st.text(alphabet="ab. \n", max_size=60), st.data())
def test_marking_loses_nothing(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    quoted = text[start : data.draw(st.integers(start, len(text)))]
    blocks = blocks_of(text, quoted)
    lines = [line for line in text.split("\n") if line.strip()]
    assert [block.before + block.marked + block.after for block in blocks] == lines
    if quoted.strip():
        marked = [block.marked for block in blocks if block.marked]
        assert "".join("".join(marked).split()) == "".join(quoted.split())
        assert sum(block.first for block in blocks) == 1
    else:
        assert not any(block.marked or block.first for block in blocks)


@given(st.text(alphabet="ab. \n", max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=5))
def test_pieces_hold_everything_that_can_be_seen_once(text: str, cuts: list[tuple[int, int]]) -> None:
    sentences = [(start, min(start + length, len(text))) for start, length in cuts if start < len(text)]
    pieces = pieces_of(text, sentences)
    assert all(first[1] <= second[0] for first, second in pairwise(pieces))
    assert "".join("".join(text[start:end].split()) for start, end in pieces) == "".join(text.split())


def test_every_document_of_the_double_renders(site: Running) -> None:
    for identifier in DOCUMENTS:
        assert "</html>" in read(site, identifier)
