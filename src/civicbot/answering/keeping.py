"""What is kept of a question once it is answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from civicbot.answering.context import Candidate, Context
from civicbot.model import Answer, Considered, Exchange


def exchange_of(context: Context, answer: Answer, asked_at: datetime, seconds: float) -> Exchange:
    """The question and its answer as they are kept."""
    return Exchange(
        # Without a text the question never got through intake, and is not masked.
        question=context.question.text if context.text else "",
        standalone=context.standalone,
        answer=answer,
        considered=considered(context),
        masked=tuple(kind.value for kind in context.masked),
        asked_at=asked_at,
        seconds=seconds,
        channel=context.question.channel,
        site=context.question.site,
        approved=context.approved,
        work=context.work,
    )


def left_with(context: Context, told: Sequence[Candidate]) -> Context:
    """A question whose answer nobody heard to its end."""
    if context.outcome is None:
        return context
    work = context.work.model_copy(update={"outcome": "left", "used": True}) if context.work is not None else None
    return replace(context, outcome=replace(context.outcome, candidates=tuple(told)), work=work)


def considered(context: Context) -> tuple[Considered, ...]:
    """The sentences weighed for any part, each once, best first; an approved answer's sentences were not weighed."""
    if context.ruling == "approved":
        return ()
    shown = context.outcome.candidates if context.outcome is not None else ()
    used = {(candidate.passage.id, candidate.statement.start) for candidate in shown}
    found: dict[tuple[str, int], Considered] = {}
    for candidate in (*shown, *(candidate for part in context.parts for candidate in part.weighed)):
        key = (candidate.passage.id, candidate.statement.start)
        found.setdefault(
            key,
            Considered(
                document_id=candidate.passage.document_id,
                passage_id=candidate.passage.id,
                text=candidate.statement.text,
                score=round(candidate.score, 4),
                confidence=round(candidate.confidence, 4),
                used=key in used,
            ),
        )
    return tuple(sorted(found.values(), key=lambda one: (not one.used, -one.confidence, -one.score)))
