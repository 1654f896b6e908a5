from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

import pytest
from tests.web.conftest import Running, check_error

from civicbot.settings import REPOSITORY


def test_health_and_readiness(site: Running) -> None:
    assert site.client.get("/healthz").json() == {"status": "ok"}
    ready = site.client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["ready"] is True
    assert {check["name"]: check["state"] for check in ready.json()["checks"]} == {"index": "ok", "contact": "warning"}


def test_while_nothing_is_loaded_it_says_so(start_site: Callable[..., Running]) -> None:
    site = start_site()
    site.service.assistant.loaded = False
    assert site.client.get("/healthz").status_code == 200
    ready = site.client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    assert ready.json()["checks"][0]["state"] == "waiting"
    for response in (site.ask(), site.client.get("/api/v1/documents/S012-ko")):
        check_error(response, 503, "index_missing")
        assert int(response.headers["retry-after"]) >= 1
    page = site.client.get("/documents/S012-ko", headers={"Accept-Language": "en"})
    assert (page.status_code, "still loading" in page.text) == (503, True)
    assert "civicbot_ready 0.0" in site.client.get("/metrics").text
    site.service.assistant.loaded = True
    assert site.ask().status_code == 200


def test_metrics_count_answers_and_refusals(start_site: Callable[..., Running]) -> None:
    site = start_site(rate_limit="2")
    site.ask("AI 모빌리티")
    site.ask("What is the price of a flat?")
    site.ask()
    site.client.get("/api/v1/nothing", headers={"Origin": "https://evil.example"})
    response = site.client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    for line in (
        'civicbot_answers_total{channel="api",language="ko",status="answered"} 1.0',
        'civicbot_answers_total{channel="api",language="en",status="no_evidence"} 1.0',
        "civicbot_answer_seconds_count 2.0",
        'civicbot_rejected_total{reason="rate"} 1.0',
        'civicbot_rejected_total{reason="origin"} 1.0',
        'civicbot_index_info{app="0.1.0",index="20261122T000000-00000000"} 1.0',
        "civicbot_ready 1.0",
    ):
        assert line in response.text.splitlines()


def test_logs_hold_no_question(site: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    site.ask("Where does Hong Gildong of 010-1234-5678 live?")
    site.ask("Where does Hong Gildong live?", language="xx")
    assert any(one.message == "answered" for one in caplog.records)
    assert not any("Hong" in f"{one.getMessage()} {one.__dict__}" for one in caplog.records)


def test_every_response_tells_browsers_to_stay_here(site: Running) -> None:
    for path in ("/", "/documents/S012-ko", "/api/v1/documents/S012-ko", "/healthz", "/nowhere"):
        headers = site.client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "http" not in headers["content-security-policy"]
        assert re.search("frame-ancestors '(self|none)'", headers["content-security-policy"])


def test_an_unknown_page_is_a_page_for_browsers(site: Running) -> None:
    page = site.client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert (page.status_code, "Page not found" in page.text) == (404, True)
    check_error(site.client.get("/nowhere"), 404)


@pytest.mark.slow
def test_a_taken_port_is_said_plainly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        environment = os.environ | {"CIVICBOT_PORT": str(taken.getsockname()[1])}
        outcome = subprocess.run(
            [sys.executable, "app.py"],
            cwd=REPOSITORY,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("Port ")
    assert "CIVICBOT_PORT" in outcome.stderr
    assert "Traceback" not in outcome.stderr


@pytest.mark.slow
def test_a_setting_that_cannot_be_used_is_said_plainly() -> None:
    environment = os.environ | {"CIVICBOT_PORT": "many"}
    outcome = subprocess.run(
        [sys.executable, "app.py"],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert outcome.returncode == 2
    assert outcome.stderr.startswith("CIVICBOT_PORT cannot be 'many'")


@pytest.mark.slow
def test_the_real_server_starts_before_anything_is_indexed_and_stops(tmp_path: object) -> None:
    import httpx

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"CIVICBOT_PORT": str(port), "CIVICBOT_DATA": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "app.py"], cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith(f"Civicbot is at http://127.0.0.1:{port} ")
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                assert client.get("/healthz").status_code == 200
                assert client.get("/readyz").status_code == 503
                check_error(client.post("/api/v1/answers", json={"question": "How much?"}), 503, "index_missing")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
    assert process.returncode in (0, -signal.SIGTERM)
