"""Times answering on the indexed library: milliseconds per stage, and against bare BM25 over the same passages.

    python scripts/bench_answers.py [--set gwangju] [--rounds 3]

The first round warms caches and is not counted. Baseline and answers alternate in one run, so that a busy machine
slows both.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict

from civicbot.evaluation.questions import read_set, select
from civicbot.model import Question
from civicbot.settings import load_settings
from civicbot.statistics import percentile
from civicbot.wiring import Service


def main() -> None:
    """Asks every question of the set and prints the times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="gwangju", help="the question set, of which the dev split is asked")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    settings = load_settings()
    questions = [item.question for item in select(read_set(settings.evals, options.set), ("dev",))]
    stages: defaultdict[str, list[float]] = defaultdict(list)
    service = Service(settings, patient=True, observe=lambda name, s: stages[name].append(s * 1000))
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
