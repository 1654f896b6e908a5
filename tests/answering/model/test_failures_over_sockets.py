"""Whatever the server does, the library's sentences answer: the real client, real sockets, a scripted server."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from tests.answering.model.asking import COST, WHERE, Asking, evidence_in, faithful, plain
from tests.services.chat_server import KEY, Asked, ChatServer, Reply, answer_of

from civicbot.answering.events import SentenceReady
from civicbot.answering.model.client import ChatClient, Limits, Message, Usage
from civicbot.answering.model.failures import Failure, ModelFailedError
from civicbot.model import Answer, Question
from civicbot.settings import Settings
from civicbot.wiring import Service

Make = Callable[..., Asking]


@pytest.fixture
def never() -> Iterator[threading.Event]:
    """What a server waits for until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def extractive(service: Service, text: str) -> str:
    return plain(service.assistant.answer(Question(text=text)))


NONSENSE = "Certainly! The total cost of the project is a well kept secret that nobody has told me."

REPLIES = {
    "rate_limited": (Reply(status=429, headers={"Retry-After": "7"}), 1),
    "server": (Reply(status=500), 1),
    "rejected": (Reply(status=400, message="the context is too long"), 1),
    "unreadable": (Reply(text=NONSENSE), 2),
    "empty": (Reply(text=""), 1),
    "refused": (Reply(refusal="I cannot help with that.", finish="content_filter"), 1),
    "declined": (Reply(text=answer_of(completeness="none")), 1),
    "no_point": (Reply(text=answer_of(("광주 AI 모빌리티 국가시범도시의 총사업비는 9조 원입니다.", [1]))), 1),
    "runaway": (Reply(text="{" + "가" * 40_000, pieces=2_000), 1),
}


@pytest.mark.parametrize("failure", REPLIES)
def test_the_library_answers_word_for_word(
    failure: str, server: ChatServer, service: Service, written: Make, caplog: pytest.LogCaptureFixture
) -> None:
    reply, calls = REPLIES[failure]
    server.script = lambda _: reply
    asking = written()
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert (answer.versions.prompt, answer.versions.model) == (None, None)
    assert asking.work(answer).outcome == failure
    assert asking.seen.outcomes == [("answer", failure)]
    assert len(server.asked) == calls
    lines = [record for record in caplog.records if record.message in ("model_failed", "model_broke")]
    assert [line.__dict__["fields"]["failure"] for line in lines] == [failure]
    assert "모빌리티" not in caplog.text


@pytest.mark.parametrize(
    ("raw", "failure"),
    [
        (b"data: {not json}\n\ndata: [DONE]\n\n", "server"),
        (b"<html><body>It works!</body></html>", "empty"),
        (b"", "empty"),
        (b'data: {"error": {"message": "out of memory"}}\n\n', "server"),
    ],
)
def test_what_is_no_stream_of_a_model(
    raw: bytes, failure: str, server: ChatServer, service: Service, written: Make
) -> None:
    server.script = lambda _: Reply(raw=raw)
    asking = written()
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome == failure


def test_a_wrong_key_is_tried_once_and_told_nowhere(
    server: ChatServer, service: Service, written: Make, caplog: pytest.LogCaptureFixture
) -> None:
    asking = written(llm_api_key="sk-wrong-000111")
    answers = [asking.ask(COST), asking.ask(WHERE)]
    assert [asking.work(answer).outcome for answer in answers] == ["key", "circuit"]
    assert len(server.asked) == 1
    assert asking.model.problem is not None
    assert plain(answers[1]) == extractive(service, WHERE)
    assert "sk-wrong" not in caplog.text
    assert "sk-wrong" not in repr(asking.work(answers[0]))


def test_no_words_come(server: ChatServer, service: Service, written: Make, never: threading.Event) -> None:
    server.script = lambda _: Reply(text=answer_of(), wait=never)
    asking = written(llm_first_token_seconds=0.3)
    started = time.monotonic()
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome == "first_token"
    assert asking.work(answer).seconds < 5 > time.monotonic() - started - 10


def test_the_words_stop_coming(server: ChatServer, service: Service, written: Make, never: threading.Event) -> None:
    server.script = lambda _: Reply(text=NONSENSE, stall=never)
    asking = written(llm_first_token_seconds=0.5, llm_connect_seconds=0.5)
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome == "stall"


@pytest.mark.parametrize("drip", [b": keep-alive\n\n", b'data: {"id":"1","choices":[]}\n\n'])
def test_a_server_that_drips_for_ever_is_left(drip: bytes, server: ChatServer, service: Service, written: Make) -> None:
    server.script = lambda _: Reply(drip=drip)
    asking = written(llm_total_seconds=1.0, llm_first_token_seconds=1.0, llm_connect_seconds=1.0)
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome in ("total", "first_token")
    deadline = time.monotonic() + 20
    while server.open and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert server.open == 0, "the connection outlives the answer"


def test_nobody_listens(service: Service, written: Make) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asking = written(llm_base_url=f"http://127.0.0.1:{port}/v1")
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome == "connect"


def test_a_server_that_takes_no_connection(service: Service, written: Make) -> None:
    # A full backlog: the handshake of one more client is never finished.
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for client in (first, second):
            client.setblocking(False)
            client.connect_ex(deaf.getsockname())
        asking = written(llm_base_url=f"http://127.0.0.1:{deaf.getsockname()[1]}/v1", llm_connect_seconds=0.3)
        answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome in ("connect", "first_token")


def test_a_stream_cut_before_the_point(server: ChatServer, service: Service, written: Make) -> None:
    server.script = lambda _: Reply(text=NONSENSE, cut=True)
    asking = written()
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome == "cut"


def test_a_stream_cut_after_the_point_keeps_what_was_told(server: ChatServer, service: Service, written: Make) -> None:
    def script(asked: Asked) -> Reply:
        number, text = evidence_in(asked)[0]
        return Reply(text=answer_of((text, [number]), ("이 문장은 끝까지 오지 못합니다. " * 40, [1])), cut=True)

    server.script = script
    asking = written()
    events = asking.events(COST)
    answer = events[-1]
    assert isinstance(answer, Answer)
    told = [event.sentence for event in events if isinstance(event, SentenceReady)]
    assert tuple(told) == answer.sentences
    assert asking.work(answer).outcome == "cut"
    assert asking.work(answer).used
    # Nothing that the library would have told is missing.
    usual = service.assistant.answer(Question(text=COST))
    assert {sentence.text for sentence in usual.sentences} <= {sentence.text for sentence in answer.sentences}
    assert answer.versions.model == "scripted-1"


def test_an_end_without_an_end(server: ChatServer, service: Service, written: Make) -> None:
    server.script = lambda _: Reply(text='{"completeness": "full", "sentences": [{"text": "광주', finish=None)
    asking = written()
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert asking.work(answer).outcome in ("cut", "unreadable")


def test_the_circuit_opens_and_is_tried_again(
    server: ChatServer, written: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = lambda _: Reply(status=503)
    asking = written(llm_cache=0)
    outcomes = [asking.work(asking.ask(COST)).outcome for _ in range(5)]
    assert outcomes == ["server", "server", "server", "circuit", "circuit"]
    assert len(server.asked) == 3
    server.script = faithful
    later = time.monotonic() + 31
    monkeypatch.setattr(asking.model.breaker, "_clock", lambda: later)
    assert asking.work(asking.ask(COST)).outcome == "written"
    assert asking.model.problem is None


def test_a_server_is_left_alone_for_as_long_as_it_asks(
    server: ChatServer, written: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = lambda _: Reply(status=429, headers={"retry-after": "120"})
    asking = written()
    assert [asking.work(asking.ask(COST)).outcome for _ in range(2)] == ["rate_limited", "circuit"]
    server.script = faithful
    now = time.monotonic()
    monkeypatch.setattr(asking.model.breaker, "_clock", lambda: now + 60)
    assert asking.work(asking.ask(COST)).outcome == "circuit"
    monkeypatch.setattr(asking.model.breaker, "_clock", lambda: now + 121)
    assert asking.work(asking.ask(COST)).outcome == "written"


def test_one_question_at_a_time_where_that_is_set(server: ChatServer, written: Make) -> None:
    second = threading.Event()

    def script(asked: Asked) -> Reply:
        if len(server.asked) > 1:
            second.set()
        second.wait(1)
        return faithful(asked)

    server.script = script
    asking = written(llm_concurrency=1, llm_first_token_seconds=20)
    texts = (COST, WHERE, "AX 실증밸리 총사업비는?")
    answers: list[Answer] = []
    threads = [threading.Thread(target=lambda text=text: answers.append(asking.ask(text))) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert (len(answers), len(server.asked), server.most_open) == (3, 3, 1)
    assert all(asking.work(answer).used for answer in answers)


def test_nobody_queues_for_longer_than_words_may_take(server: ChatServer, never: threading.Event) -> None:
    server.script = lambda _: Reply(text=NONSENSE, stall=never)
    settings = Settings(llm="openai:x", llm_base_url=server.url, llm_concurrency=1)
    client = ChatClient(settings)
    asked = [Message("user", "?")]
    first = client.stream(asked, Limits(5, time.monotonic() + 20, 100), Usage())
    assert next(first)
    with pytest.raises(ModelFailedError) as failed:
        next(client.stream(asked, Limits(0.1, time.monotonic() + 20, 100), Usage()))
    assert failed.value.failure is Failure.BUSY
    # The place is free again as soon as the one who has it is no longer waited for.
    first.close()
    never.set()
    assert next(client.stream(asked, Limits(10, time.monotonic() + 20, 100), Usage()))
    client.close()


def test_a_redirect_is_not_followed(server: ChatServer, service: Service, written: Make) -> None:
    server.script = lambda _: Reply(status=307, headers={"Location": server.url + "/elsewhere"})
    asking = written()
    answer = asking.ask(COST)
    assert plain(answer) == extractive(service, COST)
    assert len(server.asked) == 1
    assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
