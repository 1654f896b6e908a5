"""Questions by sentence: enough of them for each sentence, short, in the language of their file, in both languages."""

from __future__ import annotations

from collections.abc import Iterator

from civicbot.language.detect import has_hangul
from civicbot.library.problems import Problem
from civicbot.library.questions import Questions
from civicbot.model import LANGUAGES

COUNT = range(2, 10)
"""How many questions a sentence has: one alone is no choice of words, many mean a sentence that tells too much."""
LONGEST = 120
"""Longest question, in characters."""


def check_questions(questions: Questions) -> Iterator[Problem]:
    """Checks the question files of a corpus; that their sentences stand in the briefs is ingest's own rule."""
    for brief, (path, entries) in questions.files.items():
        language, _, rest = brief.partition("/")
        for other in LANGUAGES:
            if f"{other}/{rest}" not in questions.files:
                message = f"The brief has no questions in {other!r}."
                yield Problem(file=path, line=1, field="file", message=message)
        for entry in entries.values():
            if len(entry.questions) not in COUNT:
                message = f"The sentence has {len(entry.questions)} different questions, not {COUNT[0]} to {COUNT[-1]}."
                yield Problem(file=path, line=entry.line, field="sentence", message=message)
            for place, question in enumerate(entry.questions, start=1):
                fault = _fault(question, language)
                if fault:
                    message = f"The question {question[:60]!r} {fault}."
                    yield Problem(file=path, line=entry.line + place, field="question", message=message)


def _fault(question: str, language: str) -> str:
    if len(question) > LONGEST:
        return f"has {len(question)} characters, more than {LONGEST}"
    if language == "en" and has_hangul(question):
        return "holds Korean letters in an English file"
    return ""
