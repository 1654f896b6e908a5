"""Asks a question set and counts right answers, by the rules of the question sets' format (docs/evaluation.md).

    python -m evals.score [evals/gwangju.dev.jsonl] [--show wrong] [--without-wordings]

Prints a line per type and language, then the totals with Wilson 95 % intervals. Nothing is written.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, Literal

from civicbot.model import Answer, AnswerStatus, Question
from civicbot.settings import load_settings
from civicbot.wiring import Service

Verdict = Literal["correct", "wrong", "incomplete", "missed"]
TODAY = date(2026, 11, 22)
NON_ANSWERS = {
    AnswerStatus.NO_EVIDENCE,
    AnswerStatus.OUT_OF_SCOPE,
    AnswerStatus.REFUSED,
    AnswerStatus.CLARIFICATION,
}


def normalised(text: str) -> str:
    """Text as values are compared: NFKC, case-folded, without [n] marks, white space and commas."""
    return re.sub(r"[\s,]", "", re.sub(r"\[\d+\]", "", unicodedata.normalize("NFKC", text).casefold()))


def judge(row: dict[str, Any], answer: Answer) -> Verdict:
    """What an answer is worth for a question of the set."""
    text = normalised(answer.text)
    forbidden = any(normalised(value) in text for value in row["must_not_include"])
    refused = answer.status in NON_ANSWERS
    if not row["answerable"]:
        return "correct" if refused and not forbidden else "wrong"
    if forbidden:
        return "wrong"
    complete = all(any(normalised(value) in text for value in group) for group in row["must_include"])
    if complete and (not refused or row["must_include"]):
        return "correct"
    return "missed" if refused else "incomplete"


def wilson(hits: int, total: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a share (E. B. Wilson, JASA 22, 1927)."""
    if total == 0:
        return 0.0, 1.0
    share = hits / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return middle - half, middle + half


def ask(service: Service, row: dict[str, Any]) -> Answer:
    """Asks a question of the set after the earlier turns of its conversation."""
    conversation: str | None = None
    for turn in row["history"]:
        conversation = service.assistant.answer(Question(text=turn, conversation_id=conversation)).conversation_id
    return service.assistant.answer(Question(text=row["question"], conversation_id=conversation))


def report(verdicts: Iterable[tuple[dict[str, Any], Verdict]]) -> None:
    """Prints the counts."""
    by_type: defaultdict[str, Counter[str]] = defaultdict(Counter)
    totals: dict[bool, Counter[str]] = {True: Counter(), False: Counter()}
    for row, verdict in verdicts:
        by_type[f"{row['type']}/{row['lang']}"][verdict] += 1
        totals[bool(row["answerable"])][verdict] += 1
    for name in sorted(by_type):
        print(f"{name:<18}", dict(by_type[name]))
    for answerable, name in ((True, "answerable, correct"), (False, "unanswerable, refused")):
        hits, total = totals[answerable]["correct"], totals[answerable].total()
        low, high = wilson(hits, total)
        print(f"{name}: {hits}/{total} = {hits / max(total, 1):.3f} (95 % {low:.3f} to {high:.3f})")
    wrong = totals[True]["wrong"] + totals[False]["wrong"]
    total = totals[True].total() + totals[False].total()
    print(f"wrong, of all: {wrong}/{total} = {wrong / max(total, 1):.3f}")


def main() -> None:
    """Asks and counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path, nargs="?", default=Path(__file__).with_name("gwangju.dev.jsonl"))
    parser.add_argument("--show", choices=("correct", "wrong", "incomplete", "missed"))
    parser.add_argument("--without-wordings", action="store_true", help="switch asked-as wordings off")
    options = parser.parse_args()
    overrides: dict[str, object] = {"asked_as": False} if options.without_wordings else {}
    service = Service(load_settings(today=TODAY, **overrides), patient=True)
    service.open()
    verdicts: list[tuple[dict[str, Any], Verdict]] = []
    for line in options.path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        answer = ask(service, row)
        verdict = judge(row, answer)
        verdicts.append((row, verdict))
        if verdict == options.show:
            print(f"{row['id']} [{answer.status.value}] {row['question']}\n  {answer.text}\n")
    service.close()
    report(verdicts)


if __name__ == "__main__":
    main()
