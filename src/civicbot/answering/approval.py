"""An answer that staff have approved, in the place of one that is worked out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from civicbot.answering.context import Candidate, Context, Outcome
from civicbot.answering.parts import split_parts
from civicbot.answering.protocols import Approval
from civicbot.answering.texts import texts
from civicbot.model import AnswerStatus, Language, NoticeKind, Statement, Support

_TEXT_KEYS = {
    AnswerStatus.OUT_OF_SCOPE: "out_of_scope",
    # Why it is refused is known to whoever approved it; the text that fits every reason is told.
    AnswerStatus.REFUSED: "refused_unsafe",
}


class StandingAlone:
    """Stage after a follow-up was made to stand alone: only then is it known what was asked.

    A question that begins a conversation stands alone from the start: the ``override`` stage has looked at it.
    """

    name = "approved"

    def __call__(self, context: Context) -> Context:
        """Looks for an approved answer to the question as it stands alone."""
        if not context.ruled or not context.earlier:
            return context
        return approved(context, context.standalone) or context


def approved(context: Context, text: str) -> Context | None:
    """The question with its approved answer, else None.

    Args:
        context: the question.
        text: the question, standing alone.
    """
    approval = context.rules.approval(text, context.language, context.generation, context.today)
    if approval is None:
        return None
    # What it is about is not needed for the answer, but for switches on a topic and for what may be asked next.
    parts = context.parts or tuple(split_parts(context, text))
    return replace(
        context, outcome=_outcome(context, approval), parts=parts, final=True, ruling="approved", approved=approval.id
    )


def _outcome(context: Context, approval: Approval) -> Outcome:
    candidates = tuple(_candidate(context, text, supports) for text, supports in approval.sentences)
    key = _TEXT_KEYS.get(approval.status, "")
    if approval.status is AnswerStatus.NO_EVIDENCE:
        key = "no_evidence_known" if candidates else "no_evidence"
    notice = (NoticeKind.STAFF_CHECKED, {"date": written(approval.checked_on, context.language)})
    return Outcome(approval.status, text_key=key, candidates=candidates, notices=(notice,), confidence=1.0)


def _candidate(context: Context, text: str, supports: tuple[Support, ...]) -> Candidate:
    first = supports[0]
    statement = Statement(text=text, start=first.start, end=first.end, supports=tuple(dict.fromkeys(supports)))
    return Candidate(statement, context.generation.passage(first.passage_id), score=1.0, confidence=1.0)


def written(day: date, language: Language) -> str:
    """A date as people write it."""
    words = texts(language)
    return words.day.format(year=day.year, month=words.months[day.month - 1], day=day.day)
