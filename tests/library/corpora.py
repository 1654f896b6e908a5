"""Small corpora and a small real embedder for the tests of the library."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from civicbot.generation import PASSAGES
from civicbot.library.files import Corpus, CorpusFile
from civicbot.library.vectors import Models
from civicbot.model import Passage
from civicbot.settings import Settings

DIGEST = """---
id: S001
title: 광주 AI 시티 요청
language: ko
publisher: 광주일보
url: https://example.org/1
published: 2025-11-09
accessed: 2026-11-22
topics: [ai_city]
reliability: press
supersedes: []
---

정진욱 의원은 2025년 11월 7일 국회에서 AI 시티 사업을 광주에서 추진해 달라고 요청했습니다.
2026년도 예산안에는 AI 시티 시범사업 예산 40억 원이 담겼습니다.

2025년 8월 17일 발표된 AI 모빌리티 국가시범도시의 총사업비는 1조 5000억 원입니다.
"""
DIGEST_EN = """---
id: S001
title: A request for the AI City in Gwangju
language: en
publisher: Kwangju Ilbo
url: https://example.org/1
published: 2025-11-09
accessed: 2026-11-22
topics: [ai_city]
reliability: press
supersedes: []
---

Rep. Jung Jin-uk asked the government in the National Assembly on 7 November 2025 to run the AI City project in Gwangju.
The 2026 budget bill sets aside 4 billion won for the AI City pilot project.
"""
BRIEF = """---
id: ai-city
title: AI 시티
language: ko
entity: ai_city
topics: [ai_city]
updated: 2026-11-22
figures:
  - {key: pilot_budget, value: 4.0e9, unit: KRW, as_of: 2025-11-09, status: planned, sources: [S001]}
---

## 무엇인가요

정진욱 의원은 2025년 11월 7일 AI 시티 사업을 광주에서 추진해 달라고 국회에서 요청했습니다.[^S001]

## 비용과 재원

<!-- asked as:
예산이 얼마예요?
AI 시티 돈 얼마 들어?
-->

2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼습니다.[^S001]
AI 모빌리티 국가시범도시의 총사업비는 2025년 8월 17일 발표 기준 1조 5000억 원입니다.[^S001]
"""
NOTICE = """# Road works in Buk-gu

The road past the library is closed in May. Buses take another way.

## Detours

- Bus 28 stops at the market.
- Bus 30 does not run.
"""
CORPUS: Mapping[str, str] = {
    "ko/sources/kwangju-ilbo-20251109-ai-city.md": DIGEST,
    "en/sources/kwangju-ilbo-20251109-ai-city.md": DIGEST_EN,
    "ko/briefs/ai-city.md": BRIEF,
    "notices/road works.md": NOTICE,
}


def write_corpus(folder: Path, files: Mapping[str, str] = CORPUS) -> Path:
    """Writes files below ``folder`` and returns it."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def passages_of(folder: Path) -> list[Passage]:
    """The passages of a generation."""
    rows = (folder / PASSAGES).read_text(encoding="utf-8").split("\n")
    return [Passage.model_validate_json(row) for row in rows if row]


def corpus_file(path: str, text: str | bytes) -> CorpusFile:
    """A file of a corpus that is not on disk."""
    data = text.encode() if isinstance(text, str) else text
    return CorpusFile(path, data, hashlib.sha256(data).hexdigest())


def made_corpus(files: Mapping[str, str | bytes]) -> Corpus:
    """A corpus that is not on disk, without glossary."""
    made = [corpus_file(path, text) for path, text in sorted(files.items())]
    questions = tuple(file for file in made if "/questions/" in file.path)
    return Corpus(tuple(file for file in made if file not in questions), None, (), (), questions)


def settings(folder: Path) -> Settings:
    """Settings with corpus and data below ``folder``."""
    return Settings(corpus=folder / "corpus", data=folder / "var", embedder="hashing")


class HashingEmbedder:
    """A real, deterministic embedder: signed feature hashing of words, L2-normalised.

    Attributes:
        texts: everything that it was asked to embed.
    """

    def __init__(self, dimensions: int = 32) -> None:
        self.dimensions = dimensions
        self.texts: list[str] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.texts += texts
        return [self._vector(text) for text in texts]

    def _vector(self, text: str) -> list[float]:
        vector = np.zeros(self.dimensions)
        for word in text.lower().split():
            digest = hashlib.sha256(word.encode()).digest()
            vector[digest[0] % self.dimensions] += 1 if digest[1] % 2 else -1
        vector[0] += 0.01  # no text is without direction
        return [float(value) for value in vector / np.linalg.norm(vector)]


def hashing_models(embedder: HashingEmbedder, fingerprint: str = "hashing-1") -> Models:
    """Where that one embedder comes from, under any name."""
    return Models(lambda _name: fingerprint, lambda _name: embedder)
