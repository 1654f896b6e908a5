from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import settings
from hypothesis import strategies as st
from tests.web.conftest import Running
from tests.web.double import CONTACT, DOCUMENTS, EN_BUDGET, KO_COST, Service
from tests.web.mcp.calls import MODES, call, code, given, said

from civicbot.answering.findings import Findings
from civicbot.model import Answer, Document, DocumentKind
from civicbot.settings import load_settings
from civicbot.site import Site
from civicbot.web.asking import Desk
from civicbot.web.limits import Limits
from civicbot.web.mcp.bodies import LONGEST_PART, DocumentPart
from civicbot.web.mcp.texts import ToolName
from civicbot.web.mcp.tools import GIVES, NAMES, Refusal, ToolCaller, Tools
from civicbot.web.metrics import Metrics

START = Callable[..., Running]


def opened(tools: Running, citation: dict[str, Any]) -> str:
    """The whole text of a cited document, read in parts."""
    text: str = ""
    offset = 0
    while True:
        part = given(call(tools, "get_document", document_id=citation["document_id"], offset=offset, length=40))
        assert (part["title"], part["url"]) == (citation["title"], citation["url"])
        text += part["text"]
        if part["next_offset"] is None:
            assert len(text) == part["total"]
            return text
        offset = part["next_offset"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("question", "language"), [("AI 모빌리티 국가시범도시 총사업비가 얼마야?", "ko"), ("What does it cost?", "en")]
)
def test_an_answer_is_the_apis_and_its_citations_open(tools: Running, question: str, language: str, mode: str) -> None:
    result = call(tools, "ask", mode, question=question)
    answer = Answer.model_validate_json(json.dumps(given(result)))
    assert (answer.status, answer.language) == ("answered", language)
    assert set(given(result)) == set(tools.ask(question).json())
    assert json.loads(result.content[0].text) == given(result)  # type: ignore[union-attr]
    assert answer.citations
    for citation in given(result)["citations"]:
        assert citation["quote"] in opened(tools, citation)


def test_the_language_asked_for_wins(tools: Running) -> None:
    assert given(call(tools, "ask", question="AI 모빌리티", language="en"))["language"] == "en"
    assert given(call(tools, "ask", question="AI 모빌리티", language=None))["language"] == "ko"


def test_a_non_answer_is_no_error(tools: Running) -> None:
    answer = given(call(tools, "ask", question="What is the price of a flat?"))
    assert (answer["status"], answer["sentences"], answer["contact"]) == ("no_evidence", [], CONTACT)


def test_a_follow_up_keeps_its_conversation(tools: Running) -> None:
    first = given(call(tools, "ask", question="What does it cost?"))
    second = given(call(tools, "ask", question="And when?", conversation_id=first["conversation_id"]))
    assert second["conversation_id"] == first["conversation_id"]
    unknown = call(tools, "ask", question="And when?", conversation_id="nobody")
    assert code(unknown) == "unknown_conversation"
    assert "Leave out conversation_id" in said(unknown)


@pytest.mark.parametrize(
    ("tool", "arguments", "field"),
    [
        ("ask", {}, "question"),
        ("ask", {"question": ""}, "question"),
        ("ask", {"question": " \n\u3000"}, "question"),
        ("ask", {"question": "x" * 1001}, "question"),
        ("ask", {"question": 7}, "question"),
        ("ask", {"question": "How much?", "language": "fr"}, "language"),
        ("ask", {"question": "How much?", "conversation_id": "x" * 101}, "conversation_id"),
        ("ask", {"question": "How much?", "temperature": 1}, "temperature"),
        ("search_library", {"query": "x" * 1001}, "query"),
        ("search_library", {"query": "NPU", "limit": 0}, "limit"),
        ("search_library", {"query": "NPU", "limit": 21}, "limit"),
        ("search_library", {"query": "NPU", "limit": "5"}, "limit"),
        ("get_document", {}, "document_id"),
        ("get_document", {"document_id": "S012-ko", "offset": -1}, "offset"),
        ("get_document", {"document_id": "S012-ko", "length": LONGEST_PART + 1}, "length"),
    ],
)
def test_a_field_that_cannot_be_used_is_named(tools: Running, tool: str, arguments: dict[str, Any], field: str) -> None:
    result = call(tools, tool, **arguments)
    assert code(result) == "invalid_request"
    assert f"{field!r}" in said(result)
    assert "input schema" in said(result)
    assert "xxx" not in said(result)
    assert "fr" not in said(result).split()


def test_invisible_characters_alone_are_no_question(tools: Running) -> None:
    assert code(call(tools, "ask", question="\u200b\u200b")) == "invalid_question"


def test_an_unknown_document_says_what_to_do(tools: Running) -> None:
    result = call(tools, "get_document", document_id="S999-ko")
    assert code(result) == "unknown_document"
    assert said(result) == "There is no document 'S999-ko'. Use a document_id from a citation of a recent answer."


def test_a_search_gives_passages_that_can_be_cited(tools: Running) -> None:
    found = Findings.model_validate_json(json.dumps(given(call(tools, "search_library", query="mobility", limit=2))))
    assert (found.language, len(found.passages)) == ("en", 2)
    for number, passage in enumerate(found.passages, 1):
        document = DOCUMENTS[passage.document_id]
        assert (passage.number, passage.title, passage.url) == (number, document.title, document.url)
        assert (passage.published, passage.kind) == (document.published, document.kind)
        assert passage.quote in passage.text
        assert passage.text in document.text
    assert given(call(tools, "search_library", query="mobility", language="ko"))["language"] == "ko"


def test_before_anything_is_indexed_every_tool_says_so(start_site: START) -> None:
    site = start_site(mcp=True)
    site.service.assistant.loaded = False
    for tool, arguments in (
        ("ask", {"question": "How much?"}),
        ("search_library", {"query": "NPU"}),
        ("get_document", {"document_id": "S012-ko"}),
    ):
        assert code(call(site, tool, **arguments)) == "index_missing"


def test_a_pause_holds_back_what_a_search_would_tell(start_site: START) -> None:
    site = start_site(mcp=True)
    site.service.why_paused = "점검 중입니다."
    result = call(site, "search_library", query="AI 모빌리티")
    assert code(result) == "paused"
    assert "점검 중입니다." in said(result)
    assert given(call(site, "get_document", document_id="S012-ko"))["id"] == "S012-ko"


@pytest.mark.parametrize(("tool", "field"), [("ask", "question"), ("search_library", "query")])
def test_what_nobody_foresaw_is_told_without_its_inside(
    tools: Running, caplog: pytest.LogCaptureFixture, tool: str, field: str
) -> None:
    result = call(tools, tool, **{field: "boom, my name is Hong Gildong"})
    assert code(result) == "internal"
    assert "secret" not in said(result)
    assert "Traceback" not in said(result)
    (record,) = [one for one in caplog.records if one.message == "unexpected_error"]
    fields = getattr(record, "fields", {})
    assert fields["where"] == "mcp"
    assert fields["error_id"] in said(result)


# ------------------------------------------------------------------ without a server


def made(rate_limit: str = "off") -> tuple[Tools, Metrics, Service]:
    service, metrics = Service(load_settings(rate_limit=rate_limit)), Metrics()
    limits = Limits.of(service.settings.answers_per_minute, None)
    return Tools(service, Desk(service, metrics), limits, metrics), metrics, service


def refused(tools: Tools, name: ToolName, arguments: dict[str, Any], caller: ToolCaller = ToolCaller()) -> str:  # noqa: B008
    with pytest.raises(Refusal) as caught:
        tools.run(name, arguments, caller)
    return caught.value.detail.code


def count(metrics: Metrics, name: str, **labels: str) -> float:
    return metrics.registry.get_sample_value(name, labels) or 0.0


def test_asking_and_searching_are_limited_together_and_reading_more_widely() -> None:
    tools, metrics, service = made(rate_limit="2")
    tools.run("ask", {"question": "How much?"}, ToolCaller("192.0.2.1"))
    tools.run("search_library", {"query": "cost"}, ToolCaller("192.0.2.1"))
    with pytest.raises(Refusal) as caught:
        tools.run("ask", {"question": "How much?"}, ToolCaller("192.0.2.1"))
    assert caught.value.detail.code == "rate_limited"
    assert caught.value.detail.hint.startswith("Wait ")
    assert "header" not in caught.value.detail.hint
    assert refused(tools, "search_library", {"query": "cost"}, ToolCaller("192.0.2.1")) == "rate_limited"
    tools.run("ask", {"question": "How much?"}, ToolCaller("192.0.2.2"))
    for _ in range(20):
        tools.run("get_document", {"document_id": "S012-ko"}, ToolCaller("192.0.2.1"))
    assert refused(tools, "get_document", {"document_id": "S012-ko"}, ToolCaller("192.0.2.1")) == "rate_limited"
    assert count(metrics, "civicbot_rejected_total", reason="rate") == 3
    assert count(metrics, "civicbot_tool_calls_total", tool="ask", result="ok") == 2
    assert count(metrics, "civicbot_tool_calls_total", tool="get_document", result="rate_limited") == 1
    service.close()


def test_what_cannot_be_asked_counts_for_no_limit() -> None:
    tools, metrics, service = made(rate_limit="1")
    for _ in range(3):
        assert refused(tools, "ask", {"question": ""}) == "invalid_request"
    tools.run("ask", {"question": "How much?"}, ToolCaller())
    assert count(metrics, "civicbot_tool_calls_total", tool="ask", result="invalid_request") == 3
    service.close()


def test_a_sites_limit_and_name_go_with_its_calls() -> None:
    tools, metrics, service = made()
    site = Site(name="buk-gu", origins=("https://www.example.go.kr",), per_minute=1)
    answer = tools.run("ask", {"question": "How much?"}, ToolCaller("192.0.2.1", site))
    assert isinstance(answer, Answer)
    (kept,) = service.records.conversation(answer.conversation_id)
    assert (kept.channel, kept.site) == ("mcp", "buk-gu")
    assert refused(tools, "ask", {"question": "How much?"}, ToolCaller("192.0.2.2", site)) == "rate_limited"
    assert count(metrics, "civicbot_rejected_total", reason="site") == 1
    assert count(metrics, "civicbot_answers_total", status="answered", language="en", channel="mcp") == 1
    service.close()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["question", "query", "language", "conversation_id", "document_id", "offset", "length", "limit"]
)


@pytest.fixture(scope="module")
def alone() -> Tools:
    tools, _, service = made()
    service.close()  # nothing but the register of sites is closed by it
    return tools


@settings(max_examples=200)
@over(name=st.sampled_from(NAMES), arguments=st.dictionaries(FIELDS | st.text(max_size=8), JSON, max_size=4))
def test_any_arguments_are_taken_or_refused_in_words(alone: Tools, name: ToolName, arguments: dict[str, Any]) -> None:
    detail = None
    try:
        assert isinstance(alone.run(name, arguments, ToolCaller()), GIVES[name])
    except Refusal as refusal:
        detail = refusal.detail
    assert detail is None or (detail.code != "internal" and detail.message and detail.hint)


def document(text: str) -> Document:
    return Document(
        id="d", kind=DocumentKind.DOCUMENT, language="ko", title="d", text=text, path="d", content_hash="0",
        published=date(2026, 1, 1),
    )  # fmt: skip


@over(text=st.text(max_size=200), length=st.integers(1, 60))
def test_the_parts_of_a_document_are_its_text(text: str, length: int) -> None:
    parts, offset = [], 0
    while True:
        part = DocumentPart.part_of(document(text), offset, length)
        assert (part.offset, part.total) == (offset, len(text))
        assert len(part.text) <= length
        parts.append(part.text)
        if part.next_offset is None:
            break
        assert part.next_offset > offset
        offset = part.next_offset
    assert "".join(parts) == text


def test_behind_the_end_of_a_document_is_nothing() -> None:
    part = DocumentPart.part_of(document(KO_COST), 10_000, 10)
    assert (part.text, part.next_offset, part.total) == ("", None, len(KO_COST))
    assert DocumentPart.part_of(document(EN_BUDGET), 0, len(EN_BUDGET)).next_offset is None
