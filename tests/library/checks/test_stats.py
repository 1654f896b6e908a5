from datetime import date
from pathlib import Path

import pytest
from tests.library.checks.small import CLEAN
from tests.library.corpora import NOTICE, write_corpus

from civicbot.errors import IngestError
from civicbot.library.checks.stats import StatsRow, corpus_stats
from civicbot.model import DocumentKind


def test_a_row_for_each_language_and_kind(tmp_path: Path) -> None:
    other = {
        "ko/sources/other-undated-city.md": CLEAN["ko/sources/kwangju-ilbo-20251109-ai-city.md"]
        .replace("id: S001", "id: S002")
        .replace("published: 2025-11-09", "published: null")
        .replace("topics: [ai_city]", "topics: [ai_city, people]"),
        "notices/road.md": NOTICE,
        "ko/briefs/broken.md": "no front matter",
    }
    rows = corpus_stats(write_corpus(tmp_path, {**CLEAN, **other}))
    brief = StatsRow(
        language="ko", kind=DocumentKind.BRIEF, documents=1, sentences=2, topics=1, newest=date(2026, 11, 22)
    )
    source = StatsRow(
        language="ko", kind=DocumentKind.SOURCE, documents=2, sentences=6, topics=2, newest=date(2025, 11, 9)
    )
    assert rows == (
        brief,
        source,
        brief.model_copy(update={"language": "en"}),
        source.model_copy(update={"language": "en", "documents": 1, "sentences": 3, "topics": 1}),
        StatsRow(language="en", kind=DocumentKind.DOCUMENT, documents=1, sentences=4, topics=0, newest=None),
    )


def test_nothing_to_count(tmp_path: Path) -> None:
    assert corpus_stats(tmp_path) == ()
    with pytest.raises(IngestError):
        corpus_stats(tmp_path / "nowhere")
