"""A small corpus in both languages that keeps every rule, and breaking one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from tests.library.corpora import write_corpus

from civicbot.library.checks.corpus import Report, check_corpus
from civicbot.library.checks.papers import Paper, read_papers
from civicbot.library.files import read_corpus
from civicbot.library.problems import Problem

TODAY = date(2026, 11, 22)
NAME = "kwangju-ilbo-20251109-ai-city.md"
KO_DIGEST, EN_DIGEST = f"ko/sources/{NAME}", f"en/sources/{NAME}"
KO_BRIEF, EN_BRIEF = "ko/briefs/ai-city.md", "en/briefs/ai-city.md"
GLOSSARY = "glossary.yaml"

CLEAN: Mapping[str, str] = {
    KO_DIGEST: """---
id: S001
title: AI 시티 사업 요청
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
2026년도 예산안에는 AI 시티 시범사업 예산 40억 원이 담겼고 절반은 국비입니다.
국토교통부는 두 도시에 1000만㎡를 준비한다고 2025년 8월 17일 밝혔습니다.
""",
    EN_DIGEST: """---
id: S001
title: A request for the AI City
language: en
publisher: Kwangju Ilbo
url: https://example.org/1
published: 2025-11-09
accessed: 2026-11-22
topics: [ai_city]
reliability: press
supersedes: []
---

Rep. Jung Jin-uk asked the National Assembly on 7 November 2025 to run the AI City project in Gwangju.
The 2026 budget bill sets aside 4 billion won for the AI City pilot, half of it national money.
The land ministry said on 17 August 2025 that it prepares 10 million square metres in two cities.
""",
    KO_BRIEF: """---
id: ai-city
title: AI 시티
language: ko
entity: ai_city
topics: [ai_city]
updated: 2026-11-22
figures:
  - {key: pilot_budget, value: 4000000000, unit: KRW, as_of: 2025-11-09, status: planned, sources: [S001]}
  - {key: asked_on, value: 2025-11-07, unit: date, as_of: 2025-11-09, status: current, sources: [S001]}
---

## 무엇인가요

<!-- asked as:
AI 시티가 뭐예요?
AI 시티 설명
AI 시티란
-->

정진욱 의원은 2025년 11월 7일 AI 시티 사업을 광주에서 추진해 달라고 국회에서 요청했습니다.[^S001]

## 비용과 재원

<!-- asked as:
예산이 얼마예요?
AI 시티 돈 얼마 들어?
AI 시티 예산
-->

2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼습니다.[^S001]
""",
    EN_BRIEF: """---
id: ai-city
title: AI City
language: en
entity: ai_city
topics: [ai_city]
updated: 2026-11-22
figures:
  - {key: pilot_budget, value: 4.0e9, unit: KRW, as_of: 2025-11-09, status: planned, sources: [S001]}
  - {key: asked_on, value: 2025-11-07, unit: date, as_of: 2025-11-09, status: current, sources: [S001]}
---

## What it is

<!-- asked as:
What is the AI City?
AI City explained
AI City
-->

Rep. Jung Jin-uk asked the National Assembly on 7 November 2025 to run the AI City project in Gwangju.[^S001]

## Cost and funding

<!-- asked as:
How much is the budget?
AI City money
AI City budget
-->

The 2026 budget bill sets aside 4 billion won for the AI City pilot.[^S001]
""",
    GLOSSARY: """entities:
  ai_city:
    kind: programme
    ko: {name: AI 시티}
    en: {name: AI City}
  jung:
    kind: person
    ko: {name: 정진욱}
    en: {name: Jung Jin-uk, aliases: [Jeong Jin-wook]}
  ahn:
    kind: person
    ko: {name: 안도걸}
    en: {name: Ahn Do-geol}
  gwangju:
    kind: place
    ko: {name: 광주}
    en: {name: Gwangju}
  mayor:
    kind: person
    ko: {name: 광주 시장}
    en: {name: mayor of Gwangju}
""",
}


def broken(folder: Path, *changes: tuple[str, str, str]) -> Path:
    """Writes the clean corpus with changes (file, words that stand there, words instead)."""
    files = dict(CLEAN)
    for name, old, new in changes:
        assert old in files[name], f"{old!r} is not in {name}"
        files[name] = files[name].replace(old, new)
    return write_corpus(folder / "corpus", files)


def checked(folder: Path, *changes: tuple[str, str, str]) -> Report:
    """What the whole check says of the clean corpus with changes."""
    return check_corpus(broken(folder, *changes), today=TODAY)


def papers(folder: Path, *changes: tuple[str, str, str]) -> list[Paper]:
    """The digests and briefs of the clean corpus with changes."""
    return read_papers(read_corpus(broken(folder, *changes)).files)


def places(problems: tuple[Problem, ...]) -> list[tuple[str, int, str]]:
    """Where problems are."""
    return [(problem.file, problem.line, problem.field) for problem in problems]


def line(name: str, words: str) -> int:
    """The line of the clean file that holds some words."""
    return 1 + next(n for n, text in enumerate(CLEAN[name].split("\n")) if words in text)
