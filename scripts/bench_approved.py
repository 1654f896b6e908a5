"""Times the matcher of approved answers: building it for 500 questions with four wordings each, and one question.

Processor time of this process is told beside the time on the wall, which other processes stretch.
Run: python scripts/bench_approved.py
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from civicbot.answering.approved import ApprovedMatcher
from civicbot.evaluation.same_questions import PooledQuestion
from civicbot.model import LANGUAGES, Language
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import load_settings
from civicbot.wiring import Service

QUESTIONS, WORDINGS, ASKED = 500, 4, 400


def wordings(generation: OpenGeneration, language: Language) -> list[str]:
    """The questions that the library says its sentences answer, without repeats."""
    passages = (passage for passage in generation.passages if passage.language == language)
    found = (text for passage in passages for statement in passage.statements for text in statement.asked_as)
    return list(dict.fromkeys(found))


def approved(texts: Sequence[str], language: Language) -> list[PooledQuestion]:
    """So many approved questions with so many wordings each."""
    return [
        PooledQuestion(id=number, language=language, wordings=tuple(texts[number * WORDINGS : (number + 1) * WORDINGS]))
        for number in range(QUESTIONS)
    ]


def main() -> None:
    """Measures and prints, for each language."""
    service = Service(load_settings(), patient=True, records="memory")
    service.open()
    with service.index.reader() as generation:
        for language in LANGUAGES:
            texts = wordings(generation, language)
            ApprovedMatcher(approved(texts[-QUESTIONS * WORDINGS :], language)[:1], generation, 2026)
            started, used = time.perf_counter(), time.process_time()
            matcher = ApprovedMatcher(approved(texts, language), generation, 2026)
            built, building = time.perf_counter() - started, time.process_time() - used
            times, matched = [], 0
            for text in texts[QUESTIONS * WORDINGS :][:ASKED]:
                used = time.process_time()
                matched += matcher.match(text, language) is not None
                times.append(1000 * (time.process_time() - used))
            middle, late = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            print(
                f"{language}: built in {built:.2f} s ({building:.2f} s of processor time); "
                f"one question {middle:.2f} ms, 95 % within {late:.2f} ms; {matched} of {len(times)} matched"
            )
    service.close()


if __name__ == "__main__":
    main()
