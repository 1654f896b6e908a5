"""Asks the library its own questions: is each answered by the sentence that an editor wrote it for?

    python -m evals.own_questions --draw 1200

Needs an index (``civicbot ingest``). Prints how the questions of a random draw (always the same one for the same
library) were answered, by language: ``own`` by a sentence that they were written for, first or among others; ``other``
by another sentence; ``close`` where the right sentence stands beside "no clear answer"; else by status.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict

from civicbot.model import Answer, AnswerStatus, DocumentKind, Language, Question
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings
from civicbot.wiring import Service

_SEED = 5
_ANSWERED = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})


def own_questions(generation: OpenGeneration) -> dict[tuple[str, Language], frozenset[str]]:
    """The questions of the briefs' sentences, each with its language, and the sentences that they were written for."""
    found: defaultdict[tuple[str, Language], set[str]] = defaultdict(set)
    for passage in generation.passages:
        if passage.kind is DocumentKind.BRIEF:
            for statement in passage.statements:
                for question in statement.asked_as:
                    found[question, passage.language].add(statement.text)
    return {key: frozenset(sentences) for key, sentences in sorted(found.items())}


def fared(answer: Answer, sentences: frozenset[str]) -> str:
    """How a question was answered; see the module."""
    own = any(sentence.text in sentences for sentence in answer.sentences)
    if answer.status in _ANSWERED:
        return "own" if own else "other"
    return "close" if own else answer.status.value


def main() -> None:
    """Asks, and prints the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draw", type=int, default=1200, help="how many questions (default 1200)")
    draw: int = parser.parse_args().draw
    service = Service(Settings(), patient=True)
    service.open()
    try:
        with service.index.reader() as generation:
            questions = own_questions(generation)
        asked = random.Random(_SEED).sample(sorted(questions), min(draw, len(questions)))
        counts: Counter[tuple[Language, str]] = Counter()
        for text, language in asked:
            answer = service.assistant.answer(Question(text=text, language=language))
            counts[language, fared(answer, questions[text, language])] += 1
    finally:
        service.close()
    print(f"{len(asked)} of {len(questions)} questions")
    for (language, how), count in sorted(counts.items()):
        print(f"{language}  {how:13} {count}")


if __name__ == "__main__":
    main()
