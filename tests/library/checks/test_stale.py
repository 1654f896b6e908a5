from datetime import date
from pathlib import Path

from tests.library.checks.small import EN_DIGEST, KO_DIGEST, line, papers, places

from civicbot.library.checks.stale import check_stale

PUBLISHED = ("published: 2025-11-09", "published: null")


def test_a_source_is_stale_after_its_days_and_told_once(tmp_path: Path) -> None:
    documents = papers(tmp_path)
    assert list(check_stale(documents, date(2026, 11, 9), 365)) == []
    found = tuple(check_stale(documents, date(2026, 11, 10), 365))
    assert places(found) == [(EN_DIGEST, line(EN_DIGEST, "published"), "published")]
    assert "366 days" in found[0].message


def test_an_undated_source_counts_from_when_it_was_read(tmp_path: Path) -> None:
    documents = papers(tmp_path, (EN_DIGEST, *PUBLISHED), (KO_DIGEST, *PUBLISHED))
    assert list(check_stale(documents, date(2027, 11, 22), 365)) == []
    found = tuple(check_stale(documents, date(2027, 11, 23), 365))
    assert places(found) == [(EN_DIGEST, line(EN_DIGEST, "accessed"), "accessed")]
