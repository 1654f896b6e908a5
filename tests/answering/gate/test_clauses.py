from __future__ import annotations

from civicbot.answering.gate.clauses import clauses


def test_korean_and_english_clauses() -> None:
    korean = "한빛 트램은 2027년 착공하고, 남항 재개발은 2029년 끝나지만 예산은 없습니다."
    found = clauses(korean, "ko")
    assert len(found) == 3
    assert all(korean[clause.start : clause.end] == clause.text for clause in found)
    english = "The tram opens in 2027, while the harbour is finished in 2029; money is short."
    assert [clause.text for clause in clauses(english, "en")] == [
        "The tram opens in 2027",
        "the harbour is finished in 2029",
        "money is short.",
    ]


def test_a_date_is_not_cut() -> None:
    assert len(clauses("2026. 3. 31.까지 모집했습니다.", "ko")) == 1
