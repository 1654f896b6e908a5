"""Traces arrive where they are sent, and hold no word of what was asked."""

from __future__ import annotations

import contextlib
import gzip
import threading
import time
from collections.abc import Generator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status
from tests.conftest import TODAY

from civicbot import __version__
from civicbot.errors import UnknownConversationError
from civicbot.model import Question
from civicbot.settings import Settings
from civicbot.tracing import NoTracer, OtlpTracer, Run, StageTime, open_tracer
from civicbot.wiring import Service

STAGES = ["intake", "override", "context", "approved", "scope", "retrieve", "evidence", "compose", "verify"]


class Collector(ThreadingHTTPServer):
    """What an operator would run: takes OTLP over HTTP and keeps it."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def spans(self) -> list[Span]:
        found: list[Span] = []
        for body in self.bodies:
            request = ExportTraceServiceRequest.FromString(body)
            for resource in request.resource_spans:
                told = {one.key: one.value.string_value for one in resource.resource.attributes}
                assert (told["service.name"], told["service.version"]) == ("civicbot", __version__)
                found += [span for scope in resource.scope_spans for span in scope.spans]
        return found


class _Handler(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.paths.append(self.path)
        self.server.bodies.append(body)
        self.send_response(200)
        self.send_header("Content-Type", "application/x-protobuf")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def attributes(span: Span) -> dict[str, str]:
    return {one.key: one.value.string_value for one in span.attributes}


def test_the_stages_of_an_answer_arrive_as_spans_without_its_words(service: Service, collector: Collector) -> None:
    asked = "AI 모빌리티 국가시범도시 총사업비가 얼마야?"
    with contextlib.closing(OtlpTracer(collector.address)) as tracer:
        traced = Service(
            Settings(data=service.settings.data, embedder_languages="none", today=TODAY), patient=True, trace=tracer
        )
        traced.open()
        answer = traced.assistant.answer(Question(text=asked, channel="page"))
        with pytest.raises(UnknownConversationError):
            traced.assistant.answer(Question(text=asked, conversation_id="nowhere-at-all"))
        traced.close()
    assert set(collector.paths) == {"/v1/traces"}
    roots = sorted(
        (one for one in collector.spans() if not one.parent_span_id), key=lambda one: one.start_time_unix_nano
    )
    assert [root.name for root in roots] == ["civicbot.answer"] * 2
    assert attributes(roots[0]) == {
        "civicbot.channel": "page",
        "civicbot.answer": answer.id,
        "civicbot.status": answer.status.value,
        "civicbot.language": "ko",
    }
    assert attributes(roots[1]) == {"civicbot.channel": "api", "civicbot.error": "unknown_conversation"}
    assert [root.status.code for root in roots] == [Status.STATUS_CODE_UNSET, Status.STATUS_CODE_ERROR]
    below = [one for one in collector.spans() if one.parent_span_id == roots[0].span_id]
    assert [one.name for one in below] == [f"civicbot.stage.{name}" for name in STAGES]
    assert all(one.trace_id == roots[0].trace_id for one in below)
    times = [time for one in below for time in (one.start_time_unix_nano, one.end_time_unix_nano)]
    assert times == sorted(times)
    assert abs(roots[0].start_time_unix_nano / 1e9 - time.time()) < 600
    sent = b"".join(collector.bodies)
    for word in (*asked.split(), "nowhere-at-all", *answer.text.split()[:3]):
        assert word.encode() not in sent


def test_a_listener_that_leaves_is_traced_as_well(service: Service) -> None:
    runs: list[Run] = []
    traced = Service(
        Settings(data=service.settings.data, embedder_languages="none", today=TODAY), patient=True, trace=runs.append
    )
    traced.open()
    events = traced.assistant.stream(Question(text="When?", channel="widget"))
    assert isinstance(events, Generator)
    next(events)
    next(events)
    assert runs == []
    events.close()
    traced.close()
    (run,) = runs
    assert ([stage.name for stage in run.stages], run.answer, run.error) == (["intake"], None, None)
    assert run.channel == "widget"
    assert run.started <= run.stages[0].started <= run.stages[0].ended <= run.ended


def test_a_collector_that_is_away_holds_nothing_up(caplog: pytest.LogCaptureFixture) -> None:
    with Collector() as gone:
        address = gone.address
    tracer = OtlpTracer(address)
    started = time.perf_counter()
    tracer(Run(1, 3, (StageTime("intake", 1, 2),), channel="api"))
    assert time.perf_counter() - started < 1
    tracer.close()
    assert time.perf_counter() - started < 10
    assert caplog.records


def test_an_address_with_a_path_is_taken_as_it_is(collector: Collector) -> None:
    for address in (collector.address, f"{collector.address}/", f"{collector.address}/otlp/v1/traces"):
        with contextlib.closing(open_tracer(address)) as tracer:
            tracer(Run(1, 2, (), channel="api"))
    assert collector.paths == ["/v1/traces", "/v1/traces", "/otlp/v1/traces"]


def test_off_is_the_default() -> None:
    tracer = open_tracer(Settings().traces)
    assert isinstance(tracer, NoTracer)
    tracer(Run(1, 2, (), channel="api"))
    tracer.close()
