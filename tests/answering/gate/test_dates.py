from __future__ import annotations

import pytest
from tests.answering.gate.conftest import passage

from civicbot.answering.gate.dates import wrong_dates


def found(sentence: str, evidence: str) -> list[str]:
    return [finding.token for finding in wrong_dates(sentence, [passage(evidence)])]


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("2026. 4. 2.에", "2026년 4월 2일"),
        ("on April 2, 2026", "2026년 4월 2일"),
        ("in April", "2026년 4월 2일"),
        ("2027년 하반기", "2027년 9월"),
        ("2026년 3월 5일 보도", "어제 열렸다"),
        ("on 2 April 2026", "4월 2일"),
    ],
)
def test_the_same_date_less_precise_or_from_the_document(sentence: str, evidence: str) -> None:
    assert found(sentence, evidence) == []


@pytest.mark.parametrize(
    ("sentence", "evidence", "token"),
    [
        ("2026년 4월 3일", "2026년 4월 2일", "2026년 4월 3일"),
        ("in May 2026", "2026년 4월", "May 2026"),
        ("2026년 4월 2일", "2026년 4월", "2026년 4월 2일"),
        ("2027년 4분기", "2027년 3분기", "2027년 4분기"),
    ],
)
def test_another_or_a_more_precise_date(sentence: str, evidence: str, token: str) -> None:
    assert found(sentence, evidence) == [token]
