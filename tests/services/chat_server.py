"""A chat server with OpenAI's interface, of the tests' own: scripts answer, over real sockets."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = "sk-test-5ecret"


@dataclass(frozen=True)
class Reply:
    """What the server does with one request.

    Attributes:
        text: the words of the model, sent in ``pieces``.
        status: of HTTP; anything but 200 sends an error object.
        headers: further headers.
        pieces: of how many characters each event has.
        wait: what is waited for before the first event (a barrier of the test's), None for nothing.
        stall: what is waited for in the middle.
        cut: closes the connection in the middle of the text, without an end of the body.
        raw: bytes that are sent instead of events.
        finish: the reason that is told at the end; None tells none, and no [DONE] either.
        refusal: what is told as a refusal.
        usage: whether tokens are told at the end.
        drip: bytes that are sent again and again until whoever listens has gone.
        message: of an error.
    """

    text: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pieces: int = 12
    wait: threading.Event | None = None
    stall: threading.Event | None = None
    cut: bool = False
    raw: bytes | None = None
    finish: str | None = "stop"
    refusal: str | None = None
    usage: bool = False
    drip: bytes | None = None
    message: str = "scripted"


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: dict[str, Any]

    @property
    def text(self) -> str:
        """All messages."""
        return "\n".join(str(message["content"]) for message in self.body["messages"])

    @property
    def is_rewrite(self) -> bool:
        """Whether a follow-up is to be rewritten."""
        return "<earlier>" in self.text


Script = Callable[[Asked], Reply]


def answer_of(*sentences: tuple[str, Sequence[int]], completeness: str = "full") -> str:
    """The reply that is wanted of a model."""
    items = [{"text": text, "evidence": list(numbers)} for text, numbers in sentences]
    return json.dumps({"completeness": completeness, "sentences": items}, ensure_ascii=False)


class ChatServer:
    """Serves ``POST /v1/chat/completions`` on a free port of this machine.

    Attributes:
        script: what is done with the next requests; may be changed at any time.
        asked: the requests so far.
        open: how many requests are being answered, and the most that ever were.
    """

    def __init__(self) -> None:
        self.script: Script = lambda _: Reply(text=answer_of())
        self.asked: list[Asked] = []
        self.open = self.most_open = 0
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """The address for ``CIVICBOT_LLM_BASE_URL``."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        """Stops serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def begin(self, asked: Asked) -> Reply:
        """Notes a request and finds what to do with it."""
        with self._lock:
            self.asked.append(asked)
            self.open += 1
            self.most_open = max(self.most_open, self.open)
        return self.script(asked)

    def end(self) -> None:
        """A request has been answered."""
        with self._lock:
            self.open -= 1


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is what many scripts are about."""


def _handler(server: ChatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = server.begin(Asked(self.path, dict(self.headers.items()), body))
            try:
                self._answer(reply)
            finally:
                server.end()

        def _answer(self, reply: Reply) -> None:
            if reply.wait is not None:
                reply.wait.wait(20)
            if self.headers["Authorization"] not in (f"Bearer {KEY}", "Bearer none"):
                reply = Reply(status=401, message=f"Incorrect API key provided: {self.headers['Authorization']}")
            if reply.status != 200:
                self._error(reply)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for piece in _events(reply):
                self._chunk(piece)
            if reply.cut:
                self.close_connection = True
                self.connection.close()
                return
            self.wfile.write(b"0\r\n\r\n")

        def _chunk(self, piece: bytes) -> None:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.flush()

        def _error(self, reply: Reply) -> None:
            body = json.dumps({"error": {"message": reply.message, "type": "scripted", "code": None}}).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Type": "application/json", **reply.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def _events(reply: Reply) -> Iterator[bytes]:
    if reply.raw is not None:
        yield reply.raw
        return
    while reply.drip is not None:
        yield reply.drip
        threading.Event().wait(0.02)
    yield _event({"role": "assistant", "content": ""})
    text = reply.text
    if reply.refusal is not None:
        yield _event({"refusal": reply.refusal})
    starts = range(0, len(text), reply.pieces)
    for place, start in enumerate(starts):
        if reply.stall is not None and place == len(starts) // 2:
            reply.stall.wait(20)
        if reply.cut and place == len(starts) * 2 // 3:
            return
        yield _event({"content": text[start : start + reply.pieces]})
    if reply.finish is not None:
        yield _event({}, finish=reply.finish)
        if reply.usage:
            yield _event(None, usage={"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366})
        yield b"data: [DONE]\n\n"


def _event(delta: dict[str, Any] | None, *, finish: str | None = None, usage: dict[str, int] | None = None) -> bytes:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    held = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "scripted",
        "choices": choices,
        "usage": usage,
    }
    return f"data: {json.dumps(held, ensure_ascii=False)}\n\n".encode()
