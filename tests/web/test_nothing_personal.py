"""After residents have written personal data everywhere they can, it is found nowhere.

The real server runs in a process of its own over the real library, with the records in SQLite, its log at the lowest
level and traces on. What it leaves behind is searched for every planted value: as it was written, and by its digits.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from tests.conftest import TODAY
from tests.test_tracing import Collector
from typer.testing import CliRunner

from civicbot.cli import application
from civicbot.model import Language
from civicbot.settings import REPOSITORY

pytestmark = pytest.mark.slow

MARKER = {"ko": "무화과나무", "en": "figtreeword"}
ASKED = {"ko": "AI 모빌리티 국가시범도시 총사업비가 얼마인가요?", "en": "How much does the AI mobility new town cost?"}
AGAIN = {"ko": "그럼 언제 시작하나요?", "en": "And when does it start?"}


@dataclass(frozen=True)
class Planted:
    """A personal value in a sentence; ``parts`` are what must not be found, besides the value itself."""

    language: Language
    sentence: str
    value: str
    parts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.sentence.format(self.value)


PLANTED = (
    Planted("ko", "제 주민등록번호는 {}입니다.", "880314-1234567"),
    Planted("ko", "주민번호 {} 인데요.", "9203142345678"),
    Planted("ko", "주민번호는 {} 입니다.", "７７０５０９－２３４５６７８"),
    Planted("en", "My resident registration number is {}.", "010203-3456789"),
    Planted("ko", "외국인등록번호는 {}입니다.", "850920-5678123"),
    Planted("en", "My alien registration number is {}.", "900817-6543210"),
    Planted("ko", "제 번호는 {}이니 연락 주세요.", "010-7391-8264"),
    Planted("ko", "휴대폰 {} 으로 전화 주세요.", "01046283917"),
    Planted("ko", "제 전화는 {} 입니다.", "010 5283 9471"),
    Planted("ko", "제 연락처는 {}이에요.", "공일공 팔이육사 칠삼구일"),
    Planted("en", "Call me at {} please.", "+82 10-9284-7163"),
    Planted("en", "My phone number is {}.", "010.3847.2916"),
    Planted("ko", "저희 집 전화는 {}이에요.", "062-384-9172"),
    Planted("en", "My home phone is {}.", "02-7384-2916"),
    Planted("ko", "제 카드번호는 {}예요.", "4539 1488 0343 6467"),
    Planted("en", "My card number is {}.", "5425-2334-3010-9903"),
    Planted("ko", "제 계좌는 국민은행 {}입니다.", "738201-04-926174"),
    Planted("ko", "농협 계좌번호 {} 로 보내 주세요.", "302-7381-9264-71"),
    Planted("en", "My bank account number is {}.", "110-394-728516"),
    Planted("ko", "이메일은 {}입니다.", "sangmi.bawi77@naver.com"),
    Planted("en", "Write to {} please.", "j.oakley_82@example.co.kr"),
    Planted("ko", "여권번호는 {}입니다.", "M72839164"),
    Planted("en", "My passport number is {}.", "M83927461"),
    Planted("ko", "제 운전면허번호는 {}이에요.", "11-17-839264-52"),
    Planted("en", "My driver's licence number is {}.", "13-09-728391-64"),
    Planted("ko", "제 차는 {}입니다.", "38나 7294"),
    Planted("ko", "차량번호 {} 주차 때문에요.", "172머8391"),
    Planted("ko", "저는 {}에 살아요.", "광주광역시 서구 상무자유로 173, 104동 1702호", ("상무자유로 173", "1702호")),
    Planted("ko", "우리 집 주소는 {}입니다.", "광주 북구 용봉동 1274-8번지 302호", ("1274-8번지",)),
    Planted("en", "I live at {}.", "17 Sangmujayu-ro, Seo-gu, Gwangju", ("Sangmujayu",)),
    Planted("ko", "제 이름은 {}입니다.", "방소담", ("소담",)),
    Planted("ko", "저는 {}이라고 합니다.", "황보나래", ("나래",)),
    Planted("en", "My name is {}.", "Bellamy Quist", ("Quist",)),
)


@dataclass
class Site:
    """The running server, what it leaves behind, and what it gave to the residents."""

    client: httpx.Client
    process: subprocess.Popen[bytes]
    records: Path
    log: Path
    collector: Collector
    settings: dict[str, str]
    given: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def post(self, path: str, body: dict[str, object], **headers: str) -> httpx.Response:
        response = self.client.post(path, json=body, headers=headers)
        assert "set-cookie" not in response.headers
        self.given.append(response.text)
        return response

    def stop(self) -> str:
        """Ends the server and returns all that it wrote to its output."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)
        return self.log.read_text(encoding="utf-8")

    def files(self) -> dict[str, bytes]:
        """The files of the database, its journal included."""
        found = {path.name: path.read_bytes() for path in self.records.parent.glob(f"{self.records.name}*")}
        assert self.records.name in found
        return found


@pytest.fixture
def site(real_data: Path, tmp_path: Path) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Collector() as collector:
        thread = threading.Thread(target=collector.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        records, log = tmp_path / "records.sqlite3", tmp_path / "log.txt"
        settings = {
            "CIVICBOT_PORT": str(port),
            "CIVICBOT_DATA": str(real_data),
            "CIVICBOT_DATABASE_URL": f"sqlite:///{records}",
            "CIVICBOT_EMBEDDER_LANGUAGES": "none",
            "CIVICBOT_RATE_LIMIT": "off",
            "CIVICBOT_MCP": "true",
            "CIVICBOT_LOG_LEVEL": "debug",
            "CIVICBOT_TRACES": collector.address,
            "CIVICBOT_TODAY": TODAY.isoformat(),
        }
        with (
            log.open("wb") as output,
            subprocess.Popen(
                [sys.executable, "app.py"],
                cwd=REPOSITORY,
                env=os.environ | settings,
                stdout=output,
                stderr=subprocess.STDOUT,
            ) as process,
            httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client,
        ):
            try:
                _wait(client, process)
                yield Site(client, process, records, log, collector, settings)
            finally:
                process.kill()
        collector.shutdown()
        thread.join()


def _wait(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and process.poll() is None:
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail("the server did not become ready")


def forms(text: str) -> tuple[str, str]:
    """A text as it may be compared: without width, case and space, and its digits alone."""
    folded = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return folded, re.sub(r"\D", "", folded)


def found_in(text: str) -> list[str]:
    """The planted values that a text holds, as they were written or by their digits."""
    plain, digits = forms(text)
    found = []
    for one in PLANTED:
        for value in (one.value, *one.parts):
            folded, number = forms(value)
            if folded in plain or (len(number) >= 9 and number in digits):
                found.append(value)
    return found


def told(site: Site) -> None:
    """Residents write personal data wherever the API takes text."""
    for number, one in enumerate(PLANTED):
        marker = MARKER[one.language]
        first = site.post(
            "/api/v1/answers",
            {
                "question": f"{ASKED[one.language]} {one.text} {marker}",
                "language": one.language if number % 2 else None,
            },
        ).json()
        assert any(notice["kind"] == "masked" for notice in first["notices"]), one.text
        again = site.post(
            "/api/v1/answers",
            {"question": f"{one.text} {AGAIN[one.language]}", "conversation_id": first["conversation_id"]},
            Accept="text/event-stream",
        )
        assert "event: answer" in again.text
        comment = {"helpful": False, "reasons": ["wrong", one.text], "comment": f"{one.text} {marker}"}
        assert site.post(f"/api/v1/answers/{first['id']}/feedback", comment).status_code == 204
        ticket = site.post("/api/v1/tickets", {"answer_id": first["id"], "message": f"{marker} {one.text}"})
        assert ticket.status_code == 201
        site.codes.append(ticket.json()["code"])
        read = site.client.get(f"/api/v1/conversations/{first['conversation_id']}")
        assert [marker in turn["question"] for turn in read.json()["turns"]] == [True, False]
        site.given.append(read.text)


def told_in_odd_places(site: Site) -> None:
    """Personal data stands where none is expected; what comes back to its sender is not looked at."""
    for one in PLANTED[::4]:
        for body in (
            {"question": one.text, "conversation_id": one.value},
            {"question": one.text, "language": one.value},
            {"question": f"{one.text} " * 60},
            {one.value: one.text},
        ):
            assert site.client.post("/api/v1/answers", json=body).status_code in (404, 422)
        assert site.client.post("/api/v1/answers", content=one.text.encode()).status_code == 415
        site.client.post(
            "/api/v1/answers", json={"question": one.text}, headers={"Origin": f"https://{len(one.value)}.example"}
        )
        for path in (f"/documents/{one.value}", f"/api/v1/documents/{one.value}", f"/{one.value}", f"/api/{one.value}"):
            assert site.client.get(path, params={"quote": one.text}).status_code == 404
        for path in ("/api/v1/conversations/{}", "/api/v1/sites/{}"):
            assert site.client.get(path.format(one.value)).status_code == 404
        assert site.client.get("/embed", params={"site": one.value, "language": one.text}).status_code == 404
        named = {"Civicbot-Site": quote(one.value)}
        assert site.client.post("/api/v1/answers", json={"question": one.text}, headers=named).status_code == 403
        for path in ("/api/v1/answers/{}/feedback", "/api/v1/tickets/{}"):
            assert site.client.post(path.format(one.value), json={"helpful": True}).status_code in (404, 405)
    for one in PLANTED[:3]:
        assert site.client.get(f"/t/{one.value}").status_code == 404
    assert site.client.get(f"/t/{site.codes[0]}").status_code == 200


def told_on_the_page(site: Site) -> None:
    """The same on the chat page."""
    functions = site.client.get("/config").json()["dependencies"]
    asked = next(one["id"] for one in functions if one["api_name"] == "asked")
    for number, one in enumerate(PLANTED[::5]):
        question = f"{ASKED[one.language]} {one.text} {MARKER[one.language]}"
        call = {
            "data": [None, None],
            "event_data": {"language": one.language, "question": question},
            "fn_index": asked,
            "session_hash": f"tests{number}",
        }
        assert site.client.post("/gradio_api/queue/join", json=call).status_code == 200
        with site.client.stream("GET", "/gradio_api/queue/data", params={"session_hash": f"tests{number}"}) as events:
            for line in events.iter_lines():
                if '"process_completed"' in line:
                    assert json.loads(line.removeprefix("data:"))["success"], line
                    break


def told_to_the_tools(site: Site) -> None:
    """The same to the tools of other programs, in their arguments and in what stands around them."""

    def call(method: str, params: Mapping[str, object]) -> httpx.Response:
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return site.client.post("/mcp", json=message, headers={"Accept": "application/json"})

    for one in PLANTED[::3]:
        question = f"{ASKED[one.language]} {one.text} {MARKER[one.language]}"
        asked = call("tools/call", {"name": "ask", "arguments": {"question": question}})
        site.given.append(asked.text)
        assert '"masked"' in asked.text, one.text
        found = call("tools/call", {"name": "search_library", "arguments": {"query": question}})
        site.given.append(found.text)
        assert found.json()["result"]["structuredContent"]["passages"]
        for tool, arguments in (
            ("ask", {"question": one.text, "language": one.value}),
            ("ask", {"question": one.text, one.value: one.text}),
            ("ask", {"question": one.text, "conversation_id": one.value}),
            ("search_library", {"query": one.text * 100}),
            ("get_document", {"document_id": one.value}),
        ):
            assert call("tools/call", {"name": tool, "arguments": arguments}).json()["result"]["isError"]
        for method, params in (
            ("tools/call", {"name": one.value, "arguments": {}}),
            ("tools/call", {"name": "ask", "arguments": one.text}),
            (one.value, {"name": one.text}),
            (f"notifications/{one.value}", {"name": one.text}),
        ):
            assert "error" in call(method, params).json()
        host = {"Host": f"{len(one.value)}.example", "Accept": "application/json"}
        assert site.client.post("/mcp", json={"question": one.text}, headers=host).status_code == 421


def written(site: Site, folder: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the commands of the records write, by file."""
    for name, value in site.settings.items():
        monkeypatch.setenv(name, value)
    commands = (
        ["export", "--format", "jsonl", "--output", str(folder / "all.jsonl")],
        ["export", "--format", "csv", "--output", str(folder / "all.csv")],
        ["backup", str(folder / "all.zip")],
        ["status"],
    )
    outputs = {}
    for command in commands:
        result = CliRunner().invoke(application, ["records", *command])
        assert result.exit_code == 0, result.output
        outputs[command[0]] = result.output
    texts = {path.name: path.read_bytes().decode("utf-8", "replace") for path in folder.iterdir() if path.is_file()}
    with zipfile.ZipFile(folder / "all.zip") as archive:
        texts |= {f"all.zip/{name}": archive.read(name).decode("utf-8") for name in archive.namelist()}
    return texts | outputs


def test_nothing_personal_is_left_anywhere(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told(site)
    told_in_odd_places(site)
    told_on_the_page(site)
    told_to_the_tools(site)
    folder = tmp_path / "written"
    folder.mkdir()
    left = {f"running: {name}": data.decode("utf-8", "replace") for name, data in site.files().items()}
    metrics = site.client.get("/metrics").text
    left |= written(site, folder, monkeypatch)
    log = site.stop()
    left |= {name: data.decode("utf-8", "replace") for name, data in site.files().items()}
    sent = b"".join(site.collector.bodies).decode("utf-8", "replace")
    left |= {"log": log, "metrics": metrics, "traces": sent} | {f"given {n}": text for n, text in enumerate(site.given)}

    assert {name: found for name, text in left.items() if (found := found_in(text))} == {}

    # What may be kept is found, so the search looks in the right places.
    for kept in (site.records.name, "all.jsonl", "all.csv", "all.zip/exchanges.jsonl", "all.zip/tickets.jsonl"):
        for language, marker in MARKER.items():
            assert marker in left[kept], (kept, language)
    assert "running: records.sqlite3-wal" in left
    assert log.count("event=answered") >= 2 * len(PLANTED)
    assert "civicbot.stage.retrieve" in sent
    for quiet in (log, metrics, sent):
        for never in (*MARKER.values(), *ASKED.values(), *site.codes):
            assert never not in quiet
    for exported in ("all.jsonl", "all.csv", "export", "status"):
        assert not any(code in left[exported] for code in site.codes)
