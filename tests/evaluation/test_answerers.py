from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from tests.conftest import TODAY
from tests.web.conftest import Running, running

from civicbot.errors import EvaluationError, UnknownConversationError
from civicbot.evaluation.answerers import LocalAnswerer, RemoteAnswerer
from civicbot.model import AnswerStatus, Facet
from civicbot.wiring import Service


@pytest.fixture
def local(service: Service) -> LocalAnswerer:
    return LocalAnswerer(service.assistant, service.index, TODAY)


def test_asking_here(local: LocalAnswerer) -> None:
    reply = local.ask("광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?", None)
    assert reply.answer.status is AnswerStatus.ANSWERED
    assert reply.milliseconds > 0
    citation = reply.answer.citations[0]
    opened = local.document(citation.document_id, citation.language)
    assert opened is not None
    assert citation.quote in opened.text
    assert citation.document_id.removesuffix("-ko") in opened.names
    assert local.document("S999-ko", "ko") is None


def test_what_is_understood_follows_the_conversation(local: LocalAnswerer) -> None:
    found = local.understood("AI 당지기 예산이 얼마야?", None)
    assert found.entities == ("ai_dangjigi",)
    assert found.topics == ("citizen_services",)
    assert found.facets[0] is Facet.COST
    before = local.ask("국가 NPU 컴퓨팅센터가 뭐야?", None).answer.conversation_id
    assert local.understood("총사업비는?", before).entities == ("npu",)
    # Looking leaves no trace in the conversation.
    assert local.understood("총사업비는?", before).entities == ("npu",)
    assert local.understood("날씨 어때?", None).entities == ()
    # No brief tells of it.
    assert local.understood("유스퀘어가 어디야?", None).topics == ("u_square",)
    with pytest.raises(UnknownConversationError):
        local.understood("총사업비는?", "nowhere")


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    with running(rate_limit="off") as server:
        yield server


def test_asking_a_server(site: Running) -> None:
    remote = RemoteAnswerer(site.client)
    reply = remote.ask("What does it cost?", None)
    again = remote.ask("And who pays?", reply.answer.conversation_id)
    assert again.answer.conversation_id == reply.answer.conversation_id
    citation = reply.answer.citations[0]
    opened = remote.document(citation.document_id, citation.language)
    assert opened is not None
    assert citation.quote in opened.text
    assert citation.document_id in opened.names
    assert remote.document("S999-ko", "ko") is None
    remote.understood("What does it cost?", None)


def test_a_server_says_no(site: Running) -> None:
    with pytest.raises(EvaluationError, match=r"The server answers 404: .*unknown_conversation"):
        RemoteAnswerer(site.client).ask("And who pays?", "nowhere")


def test_a_limited_server_is_waited_for() -> None:
    waited: list[float] = []
    with running(rate_limit="1") as site:
        remote = RemoteAnswerer(site.client, wait=waited.append)
        remote.ask("What does it cost?", None)
        with pytest.raises(EvaluationError, match="refused 10 times, last with 429"):
            remote.ask("What does it cost?", None)
    assert len(waited) == 10
    assert all(1 <= seconds <= 60 for seconds in waited)


def answering(*responses: httpx.Response) -> httpx.Client:
    left = list(responses)
    return httpx.Client(transport=httpx.MockTransport(lambda _: left.pop(0)), base_url="http://city.example")


@pytest.mark.parametrize(("header", "seconds"), [("2", 2.0), ("0", 0.1), ("9999", 120.0), ("tomorrow", 60.0)])
def test_how_long_is_waited(header: str, seconds: float) -> None:
    waited: list[float] = []
    busy = httpx.Response(503, headers={"Retry-After": header})
    with answering(busy, httpx.Response(404)) as client:
        assert RemoteAnswerer(client, wait=waited.append).document("S001-ko", "ko") is None
    assert waited == [seconds]


def test_what_is_no_answer_is_said() -> None:
    half = answering(httpx.Response(200, json={"id": "1"}))
    with half as client, pytest.raises(EvaluationError, match=r"cannot be read: conversation_id: Field required"):
        RemoteAnswerer(client).ask("What?", None)
    page = answering(httpx.Response(200, text="<html>"))
    with page as client, pytest.raises(EvaluationError, match="The document 'S001-ko' cannot be read"):
        RemoteAnswerer(client).document("S001-ko", "ko")
    nobody = httpx.Client(base_url="http://127.0.0.1:9", timeout=5)
    with nobody as client, pytest.raises(EvaluationError, match=r"The server at http://127.0.0.1:9 cannot be asked"):
        RemoteAnswerer(client).ask("What?", None)
