"""What is asked of the live generation and of the new one: approved answers, verified cases, recent questions."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Protocol

from sqlalchemy import ColumnElement, desc, func, select
from sqlalchemy.orm import Session

from civicbot.answering.assistant import Assistant
from civicbot.answering.protocols import Turn
from civicbot.errors import InvalidQuestionError
from civicbot.language.quantities import figures
from civicbot.model import Answer, Language, Question
from civicbot.records.tables import ApprovedRow, ExchangeRow
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.alike import normal
from civicbot.review.approved_nouns import Approved, ApprovedState, SuspensionReason
from civicbot.review.approved_rows import find
from civicbot.review.approved_sources import changes
from civicbot.review.impact import classify, side_of
from civicbot.review.store import Store
from civicbot.review.updates_nouns import (
    CaseKind,
    ImpactCase,
    ImpactClass,
    Side,
    SideCitation,
    SourceChange,
)
from civicbot.review.verified import VerifiedCases, judge_case
from civicbot.review.verified_nouns import VerifiedCase

logger = logging.getLogger(__name__)

_SPELLINGS = 4
"""How many spellings of a question are read for one that is asked: blanks, case and marks make no other question."""
_FOLLOWED = (ApprovedState.LIVE.value, ApprovedState.SUSPENDED.value)
_BY_SOURCE = frozenset({None, SuspensionReason.SOURCE_CHANGED, SuspensionReason.SOURCE_GONE})


class Asking(Protocol):
    """Answers a question from a given generation as a resident would be answered, and keeps nothing of it."""

    def __call__(self, question: Question, generation: OpenGeneration, earlier: Sequence[Turn]) -> Answer:
        """The answer."""


@dataclass(frozen=True)
class _Recent:
    """A question, with one of the exchanges in which it was asked, and how often it was."""

    text: str
    language: Language
    answer_id: str
    asked: int


@dataclass(frozen=True)
class Todo:
    """All that is to be compared."""

    approved: tuple[Approved, ...]
    verified: tuple[VerifiedCase, ...]
    recent: tuple[_Recent, ...]

    @property
    def total(self) -> int:
        """How many cases there are."""
        return len(self.approved) + len(self.verified) + len(self.recent)


class Comparison:
    """Asks two generations the same; thread-safe.

    Args:
        store: the database.
        ask: answers.
        verified: the verified cases.
        days: for how long back questions count as recent.
        most: how many of them are asked, the most frequent first.
    """

    def __init__(self, store: Store, ask: Asking, verified: VerifiedCases, *, days: int, most: int) -> None:
        self._store = store
        self._ask = ask
        self._verified = verified
        self._days = days
        self._most = most

    def todo(self) -> Todo:
        """What is to be compared now.

        Raises:
            RecordsUnavailableError: the database cannot be used just now.
        """
        with self._store.reading() as session:
            approved = find(session, ApprovedRow.state.in_(_FOLLOWED))
            recent = tuple(self._recent(session))
        return Todo(tuple(reversed(approved)), self._verified.cases(), recent)

    def cases(self, todo: Todo, live: OpenGeneration, new: OpenGeneration) -> Iterator[ImpactCase]:
        """Compares, one after the other: approved answers, verified cases, recent questions.

        What cannot be asked any more, such as a question that is too long by today's rules, is left out.

        Raises:
            CivicbotError: a generation cannot be used.
        """
        works: list[Callable[[], ImpactCase]] = [
            *(partial(self._approved_case, one, live, new) for one in todo.approved),
            *(partial(self._verified_case, one, live, new) for one in todo.verified),
            *(partial(self._recent_case, one, live, new) for one in todo.recent),
        ]
        for work in works:
            try:
                case = work()
            except InvalidQuestionError as error:
                logger.warning("impact_case_left_out", extra={"fields": {"problem": error.code}})
            else:
                yield case

    def _recent(self, session: Session) -> Iterator[_Recent]:
        since = self._store.now() - timedelta(days=self._days)
        asked = func.count()
        last: ColumnElement[object] = func.max(ExchangeRow.asked_at)
        grouped = (
            select(ExchangeRow.standalone, ExchangeRow.language, asked, func.max(ExchangeRow.answer_id))
            .where(ExchangeRow.asked_at >= since, ExchangeRow.standalone != "")
            .group_by(ExchangeRow.standalone, ExchangeRow.language)
            .order_by(desc(asked), desc(last))
            .limit(self._most * _SPELLINGS)
        )
        found: dict[tuple[str, str], _Recent] = {}
        for text, told, count, answer_id in session.execute(grouped):
            language: Language = "ko" if told == "ko" else "en"
            known = found.get((normal(text), language))
            found[normal(text), language] = (
                _Recent(text, language, answer_id, count)
                if known is None
                else _Recent(known.text, language, known.answer_id, known.asked + count)
            )
        ranked = sorted(found.values(), key=lambda one: -one.asked)
        yield from ranked[: self._most]

    def _approved_case(self, approved: Approved, live: OpenGeneration, new: OpenGeneration) -> ImpactCase:
        lacking = {generation.name: changes(approved, generation) for generation in (live, new)}
        stands = {name: not found for name, found in lacking.items()}
        own = _side_of_approved(approved)
        question = Question(text=approved.question, language=approved.language)
        sides = {
            generation.name: own if stands[generation.name] else side_of(self._answer(question, generation))
            for generation in (live, new)
        }
        impact = ImpactClass.UNCHANGED
        if stands[live.name] != stands[new.name] and approved.suspended in _BY_SOURCE:
            impact = ImpactClass.SUSPENDED if stands[live.name] else ImpactClass.RESUMED
        return ImpactCase(
            kind=CaseKind.APPROVED,
            impact=impact,
            language=approved.language,
            question=approved.question,
            before=sides[live.name],
            after=sides[new.name],
            subject=f"a{approved.id}",
            sources=tuple(
                SourceChange(document_id=one.document_id, before=one.before, after=one.after)
                for one in lacking[new.name]
            ),
        )

    def _verified_case(self, case: VerifiedCase, live: OpenGeneration, new: OpenGeneration) -> ImpactCase:
        question = Question(text=case.asked, language=case.language)
        sides = []
        for generation in (live, new):
            answer = self._answer(question, generation, case.earlier)
            sides.append(side_of(answer, outcome=judge_case(case, answer)))
        return ImpactCase(
            kind=CaseKind.VERIFIED,
            impact=classify(*sides),
            language=case.language,
            question=case.question,
            before=sides[0],
            after=sides[1],
            subject=case.id,
            answer_id=case.answer_id,
        )

    def _recent_case(self, recent: _Recent, live: OpenGeneration, new: OpenGeneration) -> ImpactCase:
        question = Question(text=recent.text, language=recent.language)
        before, after = (side_of(self._answer(question, generation)) for generation in (live, new))
        return ImpactCase(
            kind=CaseKind.RECENT,
            impact=classify(before, after),
            language=recent.language,
            question=recent.text,
            before=before,
            after=after,
            answer_id=recent.answer_id,
            asked=recent.asked,
        )

    def _answer(self, question: Question, generation: OpenGeneration, earlier: Sequence[Turn] = ()) -> Answer:
        return self._ask(question, generation, earlier)


def asking(assistant: Assistant) -> Asking:
    """Asks an assistant; a switch that pauses it is no matter of the library."""

    def ask(question: Question, generation: OpenGeneration, earlier: Sequence[Turn]) -> Answer:
        return assistant.rehearse(question, earlier=earlier, switches=False, generation=generation).answer

    return ask


def _side_of_approved(approved: Approved) -> Side:
    text = " ".join(sentence.text for sentence in approved.sentences)
    cited = {
        (one.document_id, one.quote_hash): SideCitation(
            document_id=one.document_id,
            title=one.title,
            quote=one.quote,
            publisher=one.publisher,
            published=one.published,
            language=one.language,
        )
        for sentence in approved.sentences
        for one in sentence.citations
    }
    return Side(
        status=approved.status,
        text=text,
        figures=tuple(sorted(figures(text))),
        citations=tuple(cited.values()),
        approved=approved.id,
    )
