"""Exchanges for the tests of the records."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime
from typing import Literal

from civicbot.model import (
    Answer,
    AnswerSentence,
    AnswerStatus,
    Citation,
    Considered,
    Exchange,
    JudgedSentence,
    JudgedToken,
    Language,
    ModelWork,
    Notice,
    NoticeKind,
    Versions,
)

Kind = Literal["sqlite", "postgresql"]
ASKED = datetime(2026, 11, 22, 3, 4, 5, 678901, tzinfo=UTC)
QUOTE = "총사업비는 1조 5000억 원이다."
WORK = ModelWork(
    model="m",
    prompt="0123456789ab",
    outcome="written",
    used=True,
    completeness="full",
    sentences=(
        JudgedSentence(text=QUOTE, evidence=(1,), passed=True, score=1.0),
        JudgedSentence(text="9조", passed=False, score=0.0, findings=(JudgedToken(rule="number", token="9조"),)),
    ),
    sent=1200,
    received=90,
    seconds=1.25,
)


def exchange(
    conversation: str,
    question: str = "총사업비가 얼마야?",
    *,
    asked_at: datetime = ASKED,
    status: AnswerStatus = AnswerStatus.ANSWERED,
    language: Language = "ko",
    site: str | None = None,
) -> Exchange:
    """An exchange with something in every field."""
    answer = Answer(
        id=uuid.uuid4().hex,
        conversation_id=conversation,
        status=status,
        language=language,
        text=f"{QUOTE}[1]",
        sentences=(AnswerSentence(text=QUOTE, citations=(1,)),),
        citations=(
            Citation(
                number=1,
                quote=QUOTE,
                document_id="S001-ko",
                passage_id="S001-ko.1",
                title="발표",
                publisher="광주광역시",
                published=date(2025, 8, 17),
                url="https://news.example/1",
                language="ko",
            ),
        ),
        as_of=date(2025, 8, 17),
        notices=(Notice(kind=NoticeKind.DISPUTED, text="다릅니다."),),
        choices=("하나",),
        suggestions=("둘",),
        contact="062-000-0000",
        confidence=0.8125,
        versions=Versions(app="0.1.0", index="g1", prompt=None, model="m"),
    )
    considered = (
        Considered(document_id="S001-ko", passage_id="S001-ko.1", text=QUOTE, score=1.5, confidence=0.9, used=True),
        Considered(document_id="S002-ko", passage_id="S002-ko.3", text="‘뜻’", score=-0.1, confidence=0.1, used=False),
    )
    return Exchange(
        question=question,
        standalone=f"AI 모빌리티 국가시범도시 {question}",
        answer=answer,
        considered=considered,
        asked_at=asked_at,
        seconds=0.0421,
        channel="page",
        site=site,
        masked=("phone",),
        work=WORK,
    )
