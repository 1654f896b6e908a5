"""The real service behind the real server: a new library takes the old one's place while residents ask."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.library.corpora import CORPUS, HashingEmbedder, hashing_models, write_corpus
from tests.web.conftest import served

from civicbot.library.ingest import ingest
from civicbot.settings import Settings
from civicbot.wiring import Service

ASKERS = 20
SWAPS = 3


@pytest.mark.slow
def test_no_request_fails_while_the_library_is_swapped(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", CORPUS)
    settings = Settings(
        corpus=corpus, data=tmp_path / "var", embedder="hashing", embedder_languages="none", rate_limit="off"
    )
    models = hashing_models(HashingEmbedder())
    published = [ingest(settings, models=models).generation]
    service = Service(settings, patient=False)
    service.start()
    seen: set[str] = set()
    failures: list[str] = []
    done = threading.Event()

    def ask(port: int) -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            while not done.is_set():
                response = client.post("/api/v1/answers", json={"question": "AI 시티 예산이 얼마예요?"})
                if response.status_code == 200 and response.json()["status"] == "answered":
                    seen.add(response.json()["versions"]["index"])
                else:
                    failures.append(response.text)

    with served(service) as port:
        while any(check.state == "waiting" for check in service.checks()):
            time.sleep(0.05)
        askers = [threading.Thread(target=ask, args=(port,)) for _ in range(ASKERS)]
        for asker in askers:
            asker.start()
        try:
            for number in range(SWAPS):
                (corpus / "new.txt").write_text(f"The reading room opens at {number + 8} o'clock.\n", encoding="utf-8")
                published.append(ingest(settings, models=models).generation)
                deadline = time.monotonic() + 60
                while published[-1] not in seen and time.monotonic() < deadline:
                    time.sleep(0.05)
        finally:
            done.set()
            for asker in askers:
                asker.join(60)
    assert failures == []
    assert seen >= set(published[1:])
