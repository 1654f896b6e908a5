"""How often the best sentences of a library of plain documents hold the answer of a public reading set."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from civicbot.answering.context import Candidate, Context
from civicbot.answering.parts import understood
from civicbot.answering.scoring import Scorer
from civicbot.errors import BenchmarkError
from civicbot.evaluation.benchmarks.files import GoldQuestion, ParagraphRow, paragraph_documents
from civicbot.evaluation.benchmarks.plain import PlainLibrary, plain_library
from civicbot.model import Noun, Question
from civicbot.retrieval.retriever import HybridRetriever
from civicbot.settings import Settings
from civicbot.statistics import wilson

_DROPPED = re.compile(r"[\s,]+")


class ReadingScores(Noun):
    """The outcome of a reading benchmark.

    Attributes:
        best_sentence: share of questions whose best sentence holds an answer, 0..1.
        two_sentences: share of those whose first or second sentence does.
        characters: mean length of the best sentence.
        ms_per_question: mean milliseconds of a question, on this machine.
        intervals: Wilson 95 % intervals of the shares, by name.
        questions: how many questions were asked.
        paragraphs: how many paragraphs were indexed.
    """

    best_sentence: float
    two_sentences: float
    characters: float
    ms_per_question: float
    intervals: dict[str, tuple[float, float]]
    questions: int
    paragraphs: int


@dataclass(frozen=True)
class _Outcome:
    """One question: whether its first and second sentence hold an answer, and how long the first is."""

    holds: tuple[bool, ...]
    characters: int


def measure_reading(
    paragraphs: Sequence[ParagraphRow],
    settings: Settings,
    *,
    limit: int | None = None,
    asked: Callable[[], None] = lambda: None,
) -> ReadingScores:
    """Indexes all paragraphs and ranks, for each question, the sentences of the whole library.

    Questions are understood, passages found and sentences ranked by the code that answers residents; only what comes
    before (limits, follow-ups) and after (whether to answer at all, how many sentences) is left out.

    Args:
        paragraphs: the set; questions without an answer are not asked.
        settings: which embedding model to use, and for which languages.
        limit: ask only the first so many questions.
        asked: told after every question.

    Raises:
        BenchmarkError: there is no question with an answer.
        IngestError: there is nothing to index.
        EmbedderError: the embedding model cannot be loaded.
    """
    questions = [question for row in paragraphs for question in row.questions if any(map(squeezed, question.answers))]
    questions = questions if limit is None else questions[:limit]
    if not questions:
        raise BenchmarkError("There is no question with an answer in this set.")
    with plain_library(paragraph_documents(paragraphs), settings) as library:
        rank = _ranking(library, settings)
        # The first search of all waits for the embedding model.
        rank(questions[0].question)
        outcomes = []
        seconds = 0.0
        for question in questions:
            start = time.perf_counter()
            candidates = rank(question.question)
            seconds += time.perf_counter() - start
            outcomes.append(_outcome(question, candidates))
            asked()
    return _scores(outcomes, len(paragraphs), 1000 * seconds / len(questions))


def squeezed(text: str) -> str:
    """A text after NFKC and case folding, without white space and commas: how answers are compared."""
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text).casefold())


def holds_answer(text: str, answers: Iterable[str]) -> bool:
    """Whether a text holds one of the answers."""
    whole = squeezed(text)
    return any(answer and answer in whole for answer in map(squeezed, answers))


def _ranking(library: PlainLibrary, settings: Settings) -> Callable[[str], list[Candidate]]:
    generation, today = library.generation, settings.today or date.today()
    retriever = HybridRetriever(generation=generation, dense_languages=settings.dense_languages)
    scorer = Scorer(generation, asked_as=settings.asked_as)

    def rank(text: str) -> list[Candidate]:
        context = Context(Question(text=text), generation, today, text=text, language=library.language)
        hits = retriever.search(text, library.language).hits
        return scorer.candidates(understood(context, text), hits)

    return rank


def _outcome(question: GoldQuestion, candidates: Sequence[Candidate]) -> _Outcome:
    texts = [candidate.statement.text for candidate in candidates[:2]]
    holds = tuple(holds_answer(text, question.answers) for text in texts)
    return _Outcome(holds, len(texts[0]) if texts else 0)


def _scores(outcomes: Sequence[_Outcome], paragraphs: int, milliseconds: float) -> ReadingScores:
    total = len(outcomes)
    hits = {
        "best_sentence": sum(any(each.holds[:1]) for each in outcomes),
        "two_sentences": sum(any(each.holds) for each in outcomes),
    }
    return ReadingScores(
        best_sentence=hits["best_sentence"] / total,
        two_sentences=hits["two_sentences"] / total,
        characters=sum(each.characters for each in outcomes) / total,
        ms_per_question=milliseconds,
        intervals={name: wilson(count, total) for name, count in hits.items()},
        questions=total,
        paragraphs=paragraphs,
    )
