"""Fixtures that more than one room's tests need: the real corpus, indexed once, and a service over it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import hypothesis
import pytest
from tests.library.corpora import HashingEmbedder, hashing_models

from civicbot.library.ingest import ingest
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings
from civicbot.wiring import Service

TODAY = date(2026, 11, 22)
# One answer in ten with money or dates goes to staff by chance, in every process that the tests start; a test of that
# says so itself. Left to chance, a test of what lies in the queue fails one time in ten.
os.environ["CIVICBOT_REVIEW_SAMPLE"] = "0"
# How long one example takes says more about the machine than about the code. CI tries the same examples each time, so
# that a change fails by what it changed; elsewhere each run tries new ones.
hypothesis.settings.register_profile(
    "civicbot",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize="CI" in os.environ,
    print_blob=True,
)
hypothesis.settings.load_profile("civicbot")


@pytest.fixture(scope="session")
def real_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the repository's corpus indexed; vectors by a cheap embedder, which no search uses."""
    data = tmp_path_factory.mktemp("real") / "var"
    settings = Settings(data=data, embedder="hashing")
    summary = ingest(settings, models=hashing_models(HashingEmbedder()))
    assert summary.problems == ()
    return data


@pytest.fixture(scope="session")
def service(real_data: Path) -> Iterator[Service]:
    """The service over the real corpus, searching by words alone."""
    service = Service(Settings(data=real_data, embedder_languages="none", today=TODAY), patient=True)
    service.open()
    yield service
    service.close()


@pytest.fixture
def generation(service: Service) -> Iterator[OpenGeneration]:
    """The open generation of the real corpus."""
    with service.index.reader() as generation:
        yield generation
