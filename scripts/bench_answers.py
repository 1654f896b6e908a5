"""Times answering on the indexed library: milliseconds per stage, and against bare BM25 over the same passages.

    python scripts/bench_answers.py [--questions evals/gwangju.dev.jsonl] [--rounds 3]

The first round warms caches and is not counted. Baseline and answers alternate in one run, so that a busy machine
slows both.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections import defaultdict
from pathlib import Path

from civicbot.model import Question
from civicbot.settings import load_settings
from civicbot.wiring import Service

ROOT = Path(__file__).resolve().parents[1]


def percentile(values: list[float], share: float) -> float:
    """The value below which ``share`` (0..1) of the values lie, by nearest rank."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def main() -> None:
    """Asks every question of the set and prints the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=Path, default=ROOT / "evals" / "gwangju.dev.jsonl")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    questions = [json.loads(line)["question"] for line in options.questions.read_text(encoding="utf-8").splitlines()]
    stages: defaultdict[str, list[float]] = defaultdict(list)
    service = Service(load_settings(), patient=True, observe=lambda name, s: stages[name].append(s * 1000))
    service.open()
    answers: list[float] = []
    baseline: list[float] = []
    for number in range(options.rounds + 1):
        if number == 1:
            stages.clear()
        for text in questions:
            started = time.perf_counter()
            with service.index.reader() as generation:
                generation.lexical.scores(generation.tokenizer.tokens(text)).argsort()
            middle = time.perf_counter()
            service.assistant.answer(Question(text=text))
            if number:
                baseline.append((middle - started) * 1000)
                answers.append((time.perf_counter() - middle) * 1000)
    service.close()
    for name, values in stages.items():
        print(f"{name:<10} median {statistics.median(values):7.2f} ms   p95 {percentile(values, 0.95):7.2f} ms")
    median = statistics.median(answers)
    print(
        f"{'answer':<10} median {median:7.2f} ms   p95 {percentile(answers, 0.95):7.2f} ms   ({len(answers)} answers)"
    )
    print(f"{'bare BM25':<10} median {statistics.median(baseline):7.2f} ms")
    print(f"an answer takes {median / statistics.median(baseline):.1f} times as long as bare BM25 over the passages")


if __name__ == "__main__":
    main()
