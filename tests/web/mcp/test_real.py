"""The tools over the real library: the way that a program goes, over HTTP and over standard input and output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from pydantic import SecretStr
from tests.conftest import TODAY
from tests.loops import run
from tests.web.conftest import served
from tests.web.mcp.calls import T, code, given, with_client
from typer.testing import CliRunner

from civicbot.cli import application
from civicbot.model import Answer
from civicbot.records.database import open_database
from civicbot.records.store import Records
from civicbot.settings import REPOSITORY, Settings
from civicbot.wiring import Service

ASKED = {"ko": "AI 모빌리티 국가시범도시 총사업비가 얼마인가요?", "en": "How much does the AI mobility new town cost?"}
COUNTED = 6
"""Questions and searches on the way of :func:`asked` that count for the limit."""
COMMAND = [sys.executable, "-m", "civicbot", "mcp"]
VALUE = {"ko": "1조 5000억", "en": "1.5 trillion won"}


def environment(settings: Settings) -> dict[str, str]:
    """Of a process with these settings."""
    address = settings.database_url
    assert address is not None
    return os.environ | {
        "PYTHONPATH": str(REPOSITORY / "src"),
        "CIVICBOT_DATA": str(settings.data),
        "CIVICBOT_DATABASE_URL": address.get_secret_value(),
        "CIVICBOT_EMBEDDER_LANGUAGES": "none",
        "CIVICBOT_TODAY": TODAY.isoformat(),
        "CIVICBOT_RATE_LIMIT": settings.rate_limit,
    }


def with_program(settings: Settings, log: Path, act: Callable[[Client], Awaitable[T]]) -> T:
    """What comes of some calls over one connection with `civicbot mcp`, a process of its own."""
    started = StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment(settings))

    async def acting() -> T:
        with log.open("w", encoding="utf-8") as errors:
            async with Client(stdio_client(started, errors), read_timeout_seconds=120) as client:
                return await act(client)

    return run(acting())


@pytest.fixture
def settings(real_data: Path, tmp_path: Path) -> Settings:
    return Settings(
        data=real_data,
        embedder_languages="none",
        today=TODAY,
        mcp=True,
        rate_limit="off",
        database_url=SecretStr(f"sqlite:///{tmp_path}/records.sqlite3"),
    )


async def cited(client: Client, answer: dict[str, Any]) -> None:
    """Opens every citation."""
    assert answer["citations"]
    for citation in answer["citations"]:
        document = given(await client.call_tool("get_document", {"document_id": citation["document_id"]}))
        assert citation["quote"] in document["text"]
        assert (document["url"], document["published"]) == (citation["url"], citation["published"])


async def asked(client: Client) -> list[Answer]:
    """A program's way through the tools in both languages."""
    answers = []
    for language, question in ASKED.items():
        first = given(await client.call_tool("ask", {"question": question}))
        assert (first["status"], first["language"]) == ("answered", language)
        assert VALUE[language] in first["text"]
        await cited(client, first)
        arguments = {"query": question, "limit": 3}
        found = given(await client.call_tool("search_library", arguments))
        assert (found["language"], len(found["passages"])) == (language, 3)
        for passage in found["passages"]:
            assert passage["quote"] in passage["text"]
            document = given(await client.call_tool("get_document", {"document_id": passage["document_id"]}))
            assert passage["quote"] in document["text"]
            assert bool(passage["supports"]) == (passage["kind"] == "brief")
        answers.append(read(first))
    masked = given(await client.call_tool("ask", {"question": "제 번호는 010-7391-8264인데 날씨 어때요?"}))
    assert masked["status"] == "out_of_scope"
    assert any(notice["kind"] == "masked" for notice in masked["notices"])
    refused = given(await client.call_tool("ask", {"question": "광주시장은 일을 잘하고 있나요, 어떻게 생각하세요?"}))
    assert refused["status"] == "refused"
    answers += [read(masked), read(refused)]
    assert code(await client.call_tool("ask", {"question": "가" * 1001})) == "invalid_request"
    assert code(await client.call_tool("get_document", {"document_id": "S999-ko"})) == "unknown_document"
    return answers


def read(answer: dict[str, Any]) -> Answer:
    return Answer.model_validate_json(json.dumps(answer))


def kept(settings: Settings) -> Records:
    return Records(open_database(settings), mask=lambda text, _: text)


def check_kept(settings: Settings, answers: list[Answer]) -> None:
    """What was asked is kept as of this channel, masked."""
    records = kept(settings)
    exchanges = list(records.iter_exchanges())
    records.close()
    assert [each.answer for each in exchanges] == answers
    assert {each.channel for each in exchanges} == {"mcp"}
    assert not any("7391" in each.question for each in exchanges)


def test_over_http(settings: Settings) -> None:
    service = Service(settings, patient=True, records="database")
    service.open()
    with served(service) as port:
        answers = with_client(port, asked)
    check_kept(settings, answers)


def test_over_http_a_pause_is_an_answer_of_ask_and_an_error_of_a_search(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = settings.database_url
    assert address is not None
    monkeypatch.setenv("CIVICBOT_DATA", str(settings.data))
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", address.get_secret_value())

    def command(*words: str) -> None:
        result = CliRunner().invoke(application, list(words))
        assert result.exit_code == 0, result.output

    async def during(client: Client) -> None:
        paused = given(await client.call_tool("ask", {"question": ASKED["en"]}))
        assert (paused["status"], paused["text"], paused["citations"]) == ("paused", "We are checking.", [])
        search = await client.call_tool("search_library", {"query": ASKED["en"]})
        assert code(search) == "paused"
        assert given(await client.call_tool("get_document", {"document_id": "S017-ko"}))["text"]

    async def afterwards(client: Client) -> None:
        assert given(await client.call_tool("ask", {"question": ASKED["en"]}))["status"] == "answered"

    command("records", "migrate")
    command("pause", "--reason", "a test", "--text-en", "We are checking.", "--text-ko", "점검 중입니다.")
    service = Service(settings, patient=True, records="database")
    service.open()
    with served(service) as port:
        with_client(port, during)
        command("resume", "--all")
        deadline = time.monotonic() + 30
        while service.paused("en") is not None and time.monotonic() < deadline:
            time.sleep(0.05)
        with_client(port, afterwards)


@pytest.mark.slow
def test_over_standard_input_and_output(settings: Settings, tmp_path: Path) -> None:
    async def all_that_may_be_asked(client: Client) -> list[Answer]:
        answers = await asked(client)
        assert code(await client.call_tool("ask", {"question": ASKED["en"]})) == "rate_limited"
        return answers

    limited = settings.model_copy(update={"rate_limit": str(COUNTED)})
    answers = with_program(limited, tmp_path / "log.txt", all_that_may_be_asked)
    check_kept(settings, answers)
    told = (tmp_path / "log.txt").read_text(encoding="utf-8")
    assert told.count("event=answered") == len(answers)
    assert "channel=mcp" in told
    for question in (*ASKED.values(), "010-7391-8264", "7391"):
        assert question not in told


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_command_in_order(settings: Settings, tmp_path: Path, kind: signal.Signals) -> None:
    log = tmp_path / "log.txt"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            COMMAND, env=environment(settings), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
        ) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
            process.stdin.flush()
            assert b'"id":1' in process.stdout.readline()
            process.send_signal(kind)
            assert process.wait(60) == 0
            assert process.stdout.read() == b""
        finally:
            process.kill()
    assert "Traceback" not in log.read_text(encoding="utf-8")


@pytest.mark.slow
def test_without_an_index_the_command_says_what_to_do(tmp_path: Path) -> None:
    done = subprocess.run(
        COMMAND,
        env=os.environ | {"CIVICBOT_DATA": str(tmp_path), "PYTHONPATH": str(REPOSITORY / "src")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "civicbot ingest" in done.stderr
    assert "Traceback" not in done.stderr
