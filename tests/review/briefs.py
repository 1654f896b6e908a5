"""A small corpus in both languages that keeps all its rules, for the tests of gaps and of editing briefs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.library.corpora import HashingEmbedder, hashing_models, write_corpus
from tests.retrieval.libraries import tiny_loader

from civicbot.generation import index_folder
from civicbot.library.ingest import ingest
from civicbot.retrieval.live import LiveIndex
from civicbot.settings import Settings

GLOSSARY = """entities:
  tram:
    kind: project
    ko: {name: 하늘트램, aliases: [하늘 트램]}
    en: {name: Sky Tram, aliases: [Skytram]}
    brief: sky-tram
  library:
    kind: facility
    ko: {name: 달빛도서관}
    en: {name: Moonlight Library}
  city:
    kind: body
    ko: {name: 가온시}
    en: {name: Gaon City}
"""
_DIGEST = """---
id: S001
title: {title}
language: {language}
publisher: {publisher}
url: https://example.org/1
published: 2026-05-01
accessed: 2026-11-01
topics: [tram]
reliability: press
supersedes: []
---

{text}
"""
DIGEST = {
    "ko": """가온시는 2026년 5월 1일 하늘트램을 시청과 호수공원 사이에 놓겠다고 밝혔습니다.
가온시는 2026년 5월 1일 하늘트램의 총사업비가 900억 원이라고 밝혔습니다.
가온시는 2026년 5월 1일 하늘트램을 2031년 3월에 열 계획이라고 밝혔습니다.
가온시는 2026년 5월 1일 하늘트램 차량이 20대라고 밝혔습니다.
가온시의 2026년 5월 1일 발표에는 하늘트램 요금이 나오지 않습니다.""",
    "en": """Gaon City said on 1 May 2026 that it would build the Sky Tram between the city hall and the lake park.
Gaon City said on 1 May 2026 that the Sky Tram would cost 90 billion won in total.
Gaon City said on 1 May 2026 that it planned to open the Sky Tram in March 2031.
Gaon City said on 1 May 2026 that the Sky Tram would have 20 vehicles.
The announcement of Gaon City of 1 May 2026 does not give the fare of the Sky Tram.""",
}
_BRIEF = """---
id: sky-tram
title: {title}
language: {language}
entity: tram
topics: [tram]
updated: 2026-11-01
figures:
  - {{key: total_cost, value: 90000000000, unit: KRW, as_of: 2026-05-01, status: planned, sources: [S001]}}
---

"""
BRIEF = {
    "ko": """## 무엇인가요

<!-- asked as:
하늘트램이 뭐예요?
하늘트램 소개
가온시 트램 사업은 무엇입니까?
-->

하늘트램은 가온시가 2026년 5월 1일 시청과 호수공원 사이에 놓겠다고 밝힌 트램입니다.[^S001]

## 비용과 재원

<!-- asked as:
하늘트램 얼마예요?
트램 총사업비
하늘트램에 드는 돈은 얼마입니까?
-->

2026년 5월 1일 발표 기준으로 하늘트램의 총사업비는 900억 원입니다.[^S001]

## 공개되지 않은 것

<!-- asked as:
하늘트램 요금 얼마예요?
트램 요금
하늘트램 요금은 정해졌습니까?
-->

가온시의 2026년 5월 1일 발표에는 하늘트램 요금이 나오지 않습니다.[^S001]
""",
    "en": """## What it is

<!-- asked as:
What is the Sky Tram?
sky tram overview
What kind of tram is Gaon planning?
-->

The Sky Tram is a tram that Gaon City said on 1 May 2026 it would build between the city hall and the lake park.[^S001]

## Cost and funding

<!-- asked as:
How much is the Sky Tram?
sky tram total cost
What will the Sky Tram cost?
-->

As announced on 1 May 2026, the Sky Tram costs 90 billion won in total.[^S001]

## Not publicly known

<!-- asked as:
What is the fare of the Sky Tram?
sky tram fare
How much is a ride on the Sky Tram?
-->

The announcement of Gaon City of 1 May 2026 does not give the fare of the Sky Tram.[^S001]
""",
}
COST = "2026년 5월 1일 발표 기준으로 하늘트램의 총사업비는 900억 원입니다."
COST_EN = "As announced on 1 May 2026, the Sky Tram costs 90 billion won in total."
FARE = "가온시의 2026년 5월 1일 발표에는 하늘트램 요금이 나오지 않습니다."
VEHICLES = "가온시는 2026년 5월 1일 하늘트램 차량이 20대라고 밝혔습니다."
QUESTIONS = {
    "ko": f"{COST}\n- 트램 공사비가 얼마예요?\n- 하늘트램 사업비\n",
    "en": f"{COST_EN}\n- how expensive is the tram\n- sky tram price\n",
}
TITLES = {"ko": "하늘트램", "en": "Sky Tram"}
SOURCE = "gaon-20260501-sky-tram"
SLUG = "sky-tram"


def files() -> dict[str, str]:
    """The corpus' files by path."""
    made = {"glossary.yaml": GLOSSARY}
    for language in ("ko", "en"):
        head = {"language": language, "title": TITLES[language]}
        publisher = "가온일보" if language == "ko" else "Gaon Daily"
        made[f"{language}/sources/{SOURCE}.md"] = _DIGEST.format(**head, publisher=publisher, text=DIGEST[language])
        made[f"{language}/briefs/{SLUG}.md"] = _BRIEF.format(**head) + BRIEF[language]
        made[f"{language}/questions/{SLUG}.md"] = QUESTIONS[language]
    return made


def tram_library(folder: Path) -> LiveIndex:
    """The corpus below ``folder``, indexed by the real ingest and open."""
    corpus = write_corpus(folder / "corpus", files())
    settings = Settings(corpus=corpus, data=folder / "var", embedder="hashing")
    summary = ingest(settings, models=hashing_models(HashingEmbedder()))
    assert summary.problems == ()
    index = LiveIndex(index_folder(settings.data), tiny_loader())
    index.refresh()
    return index


@pytest.fixture(scope="module")
def tram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveIndex]:
    index = tram_library(tmp_path_factory.mktemp("tram"))
    yield index
    index.close()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "corpus", files())
