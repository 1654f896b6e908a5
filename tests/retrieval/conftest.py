from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.retrieval.libraries import CORPUS, Library, tiny_loader

from civicbot.retrieval.opened import OpenGeneration


@pytest.fixture(scope="session")
def first_library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The small library, indexed once; not to be changed."""
    library = Library(tmp_path_factory.mktemp("first"))
    library.ingest(CORPUS)
    return library


@pytest.fixture
def library(first_library: Library, tmp_path: Path) -> Library:
    """A copy of the small library that a test may change and damage."""
    shutil.copytree(first_library.settings.corpus, tmp_path / "corpus")
    shutil.copytree(first_library.index, tmp_path / "var" / "index")
    return Library(tmp_path)


@pytest.fixture(scope="session")
def opened(first_library: Library) -> Iterator[OpenGeneration]:
    """The small library's generation, open."""
    with first_library.open(tiny_loader()) as generation:
        yield generation
