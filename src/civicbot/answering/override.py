"""What staff have laid down: switches and approved answers before any answering, canned texts for the usual ones."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.approval import approved
from civicbot.answering.context import Candidate, Context, Outcome
from civicbot.answering.protocols import Asked, Ended, Rulings
from civicbot.model import AnswerStatus, Facet

_CANNED = frozenset({AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED, AnswerStatus.NO_EVIDENCE})
_NO_EVIDENCE = "no_evidence"
"""One class for a resident, whatever the usual text says beside it: whether there is something close, or why not."""


class Override:
    """Second stage, and a last look at what came out: ends the question with a ruling of staff, when one applies.

    The stage itself needs no more than the question, so that a pause works whatever else is broken: everything, the
    site, the language, and topics that the question names. Topics that a follow-up leaves unsaid, or that only the
    answer is about, are known when all is done: :meth:`settle` holds such an answer back before a word of it is told.
    A question that begins a conversation may have an approved answer; one that goes on must first stand alone.

    Args:
        rulings: switches, approved answers and canned texts.
    """

    name = "override"

    def __init__(self, rulings: Rulings) -> None:
        self._rulings = rulings

    def __call__(self, context: Context) -> Context:
        """Looks for a ruling on the question."""
        if not context.ruled:
            return context
        context = replace(context, rules=self._rulings.current())
        paused = _paused(context, named(context, context.text))
        if paused is not None:
            return paused
        return (approved(context, context.text) if not context.earlier else None) or context

    def settle(self, context: Context) -> Context:
        """Looks whether what came out may be told, and told with the usual text."""
        if context.outcome is None or context.ruling in ("switch", "canned") or not context.ruled:
            return context
        paused = _paused(context, _topics(context))
        if paused is not None or context.ruling == "approved":
            return paused or context
        return _canned(context, context.outcome) or context

    def may_tell(self, context: Context, candidate: Candidate) -> bool:
        """Whether no switch holds back what a sentence of the library is about."""
        topics = named(context, candidate.statement.text) | {candidate.passage.entity or ""}
        return not context.ruled or _paused(context, topics - {""}) is None


def _paused(context: Context, topics: frozenset[str]) -> Context | None:
    """The question with its end where a switch applies, else None."""
    if not context.switches:
        return None
    asked = Asked(language=context.language, site=context.question.site, topics=topics)
    ruling = context.rules.find(asked)
    if ruling is None:
        return None
    outcome = Outcome(ruling.status, text_key=ruling.status.value, text=ruling.text, confidence=1.0)
    return replace(context, outcome=outcome, final=True, ruling="switch", approved=None)


def _canned(context: Context, outcome: Outcome) -> Context | None:
    """The question with the text of staff where there is one for how it ended, else None.

    What comes close is left out: the usual text leads over to it, and what staff say stands for itself.
    """
    if outcome.status not in _CANNED or not outcome.text_key:
        return None
    key = _NO_EVIDENCE if outcome.status is AnswerStatus.NO_EVIDENCE else outcome.text_key
    text = context.rules.text(Ended(key=key, language=context.language, about=_about(context)))
    if text is None:
        return None
    return replace(context, outcome=replace(outcome, text=text, candidates=()), ruling="canned")


def _about(context: Context) -> tuple[tuple[str, Facet | None], ...]:
    pairs: dict[tuple[str, Facet | None], None] = {}
    for part in context.parts:
        for entity in part.asked.entities:
            pairs |= dict.fromkeys((entity, facet) for facet in part.asked.facets[:1] or (None,))
    return tuple(pairs)


def _topics(context: Context) -> frozenset[str]:
    """What the question is about as it was understood, and what its answer tells of."""
    shown = context.outcome.candidates if context.outcome is not None else ()
    topics = named(context, context.text) | named(context, context.standalone)
    for part in context.parts:
        topics |= set(part.asked.entities)
    for candidate in shown:
        topics |= named(context, candidate.statement.text) | {candidate.passage.entity or ""}
    return topics - {""}


def named(context: Context, text: str) -> frozenset[str]:
    """The topics that a text names: glossary keys."""
    return frozenset(mention.key for mention in context.generation.glossary.mentions(text))
