"""A model that hallucinates: it takes the evidence and changes what it says in all the ways that models do."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

from tests.answering.model.asking import evidence_in
from tests.services.chat_server import Asked, Reply, answer_of

Change = Callable[[str], str]


def _number(text: str) -> str:
    return re.sub(r"\d", lambda digit: str((int(digit[0]) + 3) % 10), text, count=3)


def _date(text: str) -> str:
    return re.sub(r"20(\d\d)", lambda year: f"20{(int(year[1]) + 2) % 100:02d}", text, count=1)


def _unit(text: str) -> str:
    swaps = (("조", "억"), ("억", "만"), ("trillion", "billion"), ("billion", "million"), ("대", "명"))
    return next((text.replace(a, b, 1) for a, b in swaps if a in text), _number(text))


def _name(text: str) -> str:
    swaps = (
        ("해남", "나주"),
        ("광주", "부산"),
        ("Haenam", "Naju"),
        ("Gwangju", "Busan"),
        ("삼성", "현대"),
        ("Samsung", "Hyundai"),
    )
    return next((text.replace(a, b, 1) for a, b in swaps if a in text), _date(text))


def _negated(text: str) -> str:
    for a, b in (
        ("했습니다", "하지 않았습니다"),
        ("입니다", "이 아닙니다"),
        (" was ", " was not "),
        (" is ", " is not "),
    ):
        if a in text:
            return text.replace(a, b, 1)
    return _number(text)


def _done(text: str) -> str:
    for a, b in (
        ("할 계획입니다", "했습니다"),
        ("계획입니다", "완료됐습니다"),
        ("plans to", "has finished to"),
        ("is to ", "did "),
    ):
        if a in text:
            return text.replace(a, b, 1)
    return _date(text)


def _added(text: str) -> str:
    return text.rstrip(".") + (
        ", 그래서 일자리 3만 개가 생깁니다." if re.search("[가-힣]", text) else ", which creates 30,000 jobs."
    )


CHANGES: tuple[Change, ...] = (_number, _date, _unit, _name, _negated, _done, _added)


def hallucinate(asked: Asked) -> Reply:
    """Some pieces of evidence as they are, most of them changed, all with confident numbers; the same each time."""
    evidence = evidence_in(asked)
    seed = hashlib.sha256(asked.text.encode()).digest()
    sentences: list[tuple[str, list[int]]] = []
    for place, (number, text) in enumerate(evidence[:6]):
        change = CHANGES[seed[place] % len(CHANGES)]
        sentences.append((change(text), [number]))
        if seed[place + 10] % 3 == 0:
            sentences.append((text, [number]))
        if seed[place + 20] % 4 == 0:
            other = evidence[(place + 1) % len(evidence)]
            sentences.append((f"{text.rstrip('.')}, {other[1]}", [number, other[0]]))
        if seed[place + 8] % 5 == 0:
            sentences.append((text, [evidence[-1][0]]))
    return Reply(text=answer_of(*sentences), pieces=400)
