"""Small question sets, answers and outcomes for the tests of the evaluation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from civicbot.evaluation.questions import Item
from civicbot.evaluation.running import Asked, Cited
from civicbot.judging import judge
from civicbot.model import Answer, AnswerStatus, Citation, Language, Versions

COST_KO = {
    "id": "k1",
    "lang": "ko",
    "split": "dev",
    "question": "광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?",
    "type": "amount",
    "answerable": True,
    "must_include": [["1조5000억", "1.5조"]],
    "must_not_include": ["9조"],
    "expected_sources": ["S017", "S018"],
    "entity": "ai_mobility",
    "facet": "cost",
    "pair": "e1",
    "group": "cost",
}
COST_KO_AGAIN = COST_KO | {"id": "k2", "question": "AI 모빌리티 국가시범도시 총사업비", "pair": None}
COST_EN = COST_KO | {
    "id": "e1",
    "lang": "en",
    "question": "What is the total project cost of the AI Mobility National New Town?",
    "must_include": [["1.5 trillion"]],
    "must_not_include": ["9 trillion"],
    "pair": "k1",
    "group": None,
}
PRICE_KO = {
    "id": "k3",
    "lang": "ko",
    "split": "test",
    "question": "AI 모빌리티 신도시 아파트 분양가는?",
    "type": "unanswerable",
    "answerable": False,
}
FOLLOW_UP_KO = {
    "id": "k4",
    "lang": "ko",
    "split": "test",
    "question": "총사업비는?",
    "history": ["광주 AI 모빌리티 국가시범도시가 뭐야?"],
    "type": "followup",
    "answerable": True,
    "must_include": [["1조5000억"]],
}
SMALL = (COST_KO, COST_KO_AGAIN, COST_EN, PRICE_KO, FOLLOW_UP_KO)


def write_set(folder: Path, rows: Sequence[Mapping[str, Any]] = SMALL, name: str = "small") -> Path:
    """Writes a set and returns the folder of sets."""
    folder.mkdir(exist_ok=True)
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def make_item(**changes: Any) -> Item:
    return Item.model_validate(COST_KO | changes)


def make_answer(
    text: str = "총사업비는 1조 5000억 원입니다.[1]",
    status: AnswerStatus = AnswerStatus.ANSWERED,
    confidence: float = 0.8,
    cited: int = 1,
    language: Language = "ko",
) -> Answer:
    citations = tuple(
        Citation(
            number=number,
            quote="총사업비는 1조 5000억 원이다.",
            document_id="S012-ko",
            passage_id="S012-ko.1",
            title="요약",
            publisher="국토교통부",
            published=date(2025, 11, 7),
            url=None,
            language="ko",
        )
        for number in range(1, cited + 1)
    )
    return Answer(
        id="a",
        conversation_id="c",
        status=status,
        language=language,
        text=text,
        citations=citations,
        confidence=confidence,
        versions=Versions(app="0", index="i"),
    )


def make_asked(item: Item, answer: Answer, *, expected: bool = True, milliseconds: float = 10.0) -> Asked:
    citations = tuple(Cited(c.number, expected=expected, verbatim=True) for c in answer.citations)
    return Asked(item, answer, judge(item, answer), milliseconds, citations)
