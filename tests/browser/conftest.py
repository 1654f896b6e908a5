"""The real service on the real corpus, and Debian's Chromium in front of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, expect, sync_playwright
from tests.browser.staff import any_staff_server, staff, staff_cluster
from tests.browser.watching import watch

from civicbot.settings import REPOSITORY

__all__ = ["any_staff_server", "staff", "staff_cluster"]

INGEST_SECONDS = 540
READY_SECONDS = 300
WAIT_MS = 60_000
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-component-update "
    "--disable-sync --no-first-run"
).split()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the corpus indexed; CIVICBOT_TEST_DATA names one that is kept between runs."""
    kept = os.environ.get("CIVICBOT_TEST_DATA")
    if kept:
        return _indexed(Path(kept))
    folder = tmp_path_factory.mktemp("data")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return _indexed(folder)
    # Indexing takes minutes: the workers of a run do it once, and each takes a copy, since records lie there, too.
    shared = tmp_path_factory.getbasetemp().parent / "indexed"
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _indexed(shared)
    shutil.copytree(shared, folder, dirs_exist_ok=True)
    return folder


def _indexed(folder: Path) -> Path:
    # Problems of single files (exit status 1) leave an index that serves; the server's readiness is what counts.
    subprocess.run(
        [sys.executable, "-m", "civicbot", "ingest"],
        cwd=REPOSITORY,
        env=environment(folder),
        stdout=subprocess.DEVNULL,
        timeout=INGEST_SECONDS,
        check=False,
    )
    return folder


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a service with its own data folder."""
    source = str(REPOSITORY / "src")
    return os.environ | {
        "PYTHONPATH": source,
        "CIVICBOT_DATA": str(data),
        "CIVICBOT_CORPUS": str(REPOSITORY / "corpus"),
        "CIVICBOT_TODAY": "2026-11-22",
        "CIVICBOT_RATE_LIMIT": "off",
        **more,
    }


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_ready(base: str, process: subprocess.Popen[bytes]) -> None:
    """Waits for /readyz."""
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, "the server ended"
        try:
            answer = httpx.get(f"{base}/readyz", timeout=10)
            # While the model loads, answers are made without it and say so.
            if answer.status_code == 200 and "is being loaded" not in answer.text:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"not ready after {READY_SECONDS} s: {httpx.get(f'{base}/readyz').text}")


@pytest.fixture(scope="session")
def base_url(data_folder: Path) -> Iterator[str]:
    """The address of ``python app.py``, ready to answer."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    variables = environment(data_folder, CIVICBOT_PORT=str(port))
    with subprocess.Popen([sys.executable, "app.py"], cwd=REPOSITORY, env=variables) as process:
        try:
            wait_until_ready(base, process)
            yield base
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "Debian's Chromium is not installed: apt-get install chromium fonts-noto-cjk"
    expect.set_options(timeout=WAIT_MS)  # the first question may wait for models that still load
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, base_url: str) -> Iterator[Callable[..., BrowserContext]]:
    """Opens browser contexts; asserts that all their requests stayed here and that their pages made no errors."""
    requests: list[str] = []
    errors: list[str] = []
    contexts: list[BrowserContext] = []

    def open_context(locale: str = "ko-KR", width: int = 1280, **options: object) -> BrowserContext:
        context = browser.new_context(
            base_url=base_url,
            locale=locale,
            viewport={"width": width, "height": 800},
            **options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(WAIT_MS)
        watch(context, requests, errors)
        contexts.append(context)
        return context

    yield open_context
    for context in contexts:
        context.close()
    outside = [url for url in requests if not url.startswith((base_url + "/", "data:", "blob:"))]
    assert requests
    assert outside == []
    assert errors == []
