"""A small library full of markup, and the real service over it: quick to start, for the tests of attacks."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.browser.conftest import INGEST_SECONDS, environment, free_port, wait_until_ready

from civicbot.settings import REPOSITORY

QUESTION = "나루도서관 AI 시범사업 총사업비가 얼마야?"
VALUE = "34억 원"
PAYLOADS = [
    "<img src=x onerror=window.hacked=1>",
    "<script>window.hacked=1</script>",
    '"><svg onload=window.hacked=1>',
    "javascript:window.hacked=1",
    "{{constructor.constructor('window.hacked=1')()}}${window.hacked=1}",
    "</textarea></style></title><iframe srcdoc='<script>parent.hacked=1</script>'>",
    "&lt;img src=x onerror=window.hacked=1&gt;",
    "' onmouseover='window.hacked=1",
]
TITLE = f"나루도서관 {PAYLOADS[0]}{PAYLOADS[1]} 'AI' 사업"
DIGEST = f"""---
id: S900
title: {json.dumps(TITLE, ensure_ascii=False)}
language: ko
publisher: "<svg onload=window.hacked=1>가람신문"
url: 'https://www.garam.example/"onmouseover="window.hacked=1"><svg/onload=window.hacked=1>'
published: 2026-11-01
accessed: 2026-11-22
topics: [ai_city]
reliability: press
supersedes: []
---

나루도서관 AI 시범사업의 총사업비는 34억 원입니다.
"""
NOTE = f"""물결도서관 AI 시범사업 안내 {PAYLOADS[2]}

물결도서관 AI 시범사업의 총사업비는 {PAYLOADS[0]} 56억 원입니다.
물결도서관 AI 시범사업의 담당 부서는 {PAYLOADS[1]} 가람구청 {PAYLOADS[4]} 도서관과입니다.
"""


@contextlib.contextmanager
def odd_service(folder: Path) -> Iterator[tuple[str, Path]]:
    """Indexes the library below an empty folder and serves it: the service's address and its data folder."""
    corpus, data, port = folder / "corpus", folder / "var", free_port()
    corpus.mkdir()
    (corpus / "digest.md").write_text(DIGEST, encoding="utf-8")
    (corpus / "note.txt").write_text(NOTE, encoding="utf-8")
    variables = environment(
        data,
        CIVICBOT_CORPUS=str(corpus),
        CIVICBOT_EMBEDDER_LANGUAGES="none",
        CIVICBOT_PORT=str(port),
        CIVICBOT_CONTACT=PAYLOADS[0],
    )
    ingest = [sys.executable, "-m", "civicbot", "ingest"]
    subprocess.run(ingest, cwd=REPOSITORY, env=variables, timeout=INGEST_SECONDS, check=True)
    with subprocess.Popen([sys.executable, "app.py"], cwd=REPOSITORY, env=variables) as process:
        try:
            wait_until_ready(f"http://127.0.0.1:{port}", process)
            yield f"http://127.0.0.1:{port}", data
        finally:
            process.terminate()
            process.wait(60)
