"""A small library on disk, indexed by the real ingest, for the tests of retrieval."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tests.library.corpora import HashingEmbedder, write_corpus

from civicbot.generation import MANIFEST, generation_folder, index_folder, live_generation, publish
from civicbot.language.embedding import Embedder
from civicbot.library.build import file_hashes
from civicbot.library.ingest import ingest
from civicbot.library.vectors import Models
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings

FINGERPRINT = "hashing-1"
FRONT = """---
id: {id}
title: {title}
language: {language}
publisher: Example
url: https://example.org/{id}
published: 2025-11-09
accessed: 2026-11-22
topics: [ai_city]
reliability: press
supersedes: []
---

"""
BRIEF = """---
id: ai-city
title: {title}
language: {language}
entity: ai_city
topics: [ai_city]
updated: 2026-11-22
figures: []
---

"""
CORPUS: Mapping[str, str] = {
    "ko/sources/a-20251109-budget.md": FRONT.format(id="S001", title="광주 AI 시티 요청", language="ko")
    + "2026년도 예산안에는 광주 AI 시티 시범사업 예산 40억 원이 담겼습니다.\n"
    "정진욱 의원은 2025년 11월 7일 국회에서 AI 시티 사업을 광주에서 추진해 달라고 요청했습니다.\n",
    "ko/sources/b-20251110-bus.md": FRONT.format(id="S002", title="시내버스 노선 변경", language="ko")
    + "28번 시내버스는 2025년 11월부터 시장 앞에 섭니다.\n",
    "en/sources/a-20251109-budget.md": FRONT.format(id="S001", title="A request for the AI City", language="en")
    + "The 2026 budget bill sets aside 4 billion won for the AI City pilot project in Gwangju.\n"
    "Rep. Jung Jin-uk asked the National Assembly on 7 November 2025 to run the AI City project in Gwangju.\n",
    "en/sources/b-20251110-bus.md": FRONT.format(id="S002", title="A change of bus routes", language="en")
    + "Bus 28 has stopped in front of the market since November 2025.\n",
    "ko/briefs/ai-city.md": BRIEF.format(title="AI 시티", language="ko")
    + "## 무엇인가요\n\n<!-- asked as:\n그거 뭐 하는 사업인가요?\n-->\n\n"
    "정진욱 의원은 2025년 11월 7일 AI 시티 사업을 광주에서 추진해 달라고 국회에서 요청했습니다.[^S001]\n\n"
    "## 비용과 재원\n\n<!-- asked as:\n돈이 얼마나 들어요?\n얼마짜리 사업이에요?\n-->\n\n"
    "2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼습니다.[^S001]\n",
    "leaflets/library.md": "# Opening hours of the library\n\nThe library opens at nine and closes at six.\n",
    "leaflets/pool.md": "# The swimming pool\n\nThe pool is closed on Mondays for cleaning.\n",
}


class TinyModel:
    """What an Embedder needs of sentence-transformers: feature hashing instead of a network."""

    def __init__(self) -> None:
        self._hashing = HashingEmbedder()
        self.queries: list[str] = []

    def get_embedding_dimension(self) -> int:
        return self._hashing.dimensions

    def encode(self, texts: list[str], **options: object) -> NDArray[np.float64]:
        del options
        self.queries += texts
        return np.asarray(self._hashing.embed_documents(texts))


def tiny_embedder(fingerprint: str = FINGERPRINT, model: TinyModel | None = None) -> Embedder:
    """A real Embedder around the tiny model."""
    return Embedder("hashing", fingerprint, model or TinyModel())


def tiny_loader(load: Callable[[], Embedder] = tiny_embedder, *, patient: bool = True) -> EmbedderLoader:
    """A loader of the tiny model."""
    return EmbedderLoader(load, patient=patient)


class Library:
    """A corpus below ``folder``, and its index.

    Attributes:
        index: the folder of all generations.
        readers: the folder of private copies.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.settings = Settings(corpus=folder / "corpus", data=folder / "var", embedder="hashing")
        self.index = index_folder(self.settings.data)
        self.readers = self.settings.data / "readers"

    def ingest(self, files: Mapping[str, str] = {}, *, models: Models | None = None) -> str:
        """Writes files into the corpus and indexes it; returns the live generation's name."""
        write_corpus(self.settings.corpus, files)
        tiny = Models(lambda _name: FINGERPRINT, lambda _name: tiny_embedder())
        summary = ingest(self.settings, models=models or tiny)
        assert summary.problems == ()
        return summary.generation

    def live(self) -> Path:
        """The folder of the live generation."""
        return live_generation(self.index)[0]

    def open(self, loader: EmbedderLoader | None = None) -> OpenGeneration:
        """Opens the live generation."""
        return OpenGeneration(self.index, self.live().name, loader or tiny_loader())

    def copies(self) -> list[str]:
        """The names of the private copies that there are now."""
        return sorted(path.name for path in self.readers.glob("reader-*"))

    def twin(self, name: str, damage: Callable[[Path], object] | None = None, *, live: bool = True) -> Path:
        """Makes a copy of the live generation under another name, damages it, and publishes it."""
        folder = generation_folder(self.index, name)
        shutil.copytree(self.live(), folder)
        change_manifest(folder, name=name)
        if damage is not None:
            damage(folder)
        if live:
            publish(self.index, name)
        return folder


def change_manifest(folder: Path, **changes: Any) -> None:
    """Sets fields of a generation's manifest."""
    path = folder / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


def vouch(folder: Path) -> None:
    """Makes the manifest agree with the files as they are now, as if the generation had been written so."""
    change_manifest(folder, file_hashes=file_hashes(folder))
