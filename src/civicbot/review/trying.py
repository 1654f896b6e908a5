"""Asking as a resident would, to see what happens; nothing is kept."""

from __future__ import annotations

from collections.abc import Sequence

from civicbot.answering.assistant import Assistant
from civicbot.answering.context import Context, Part
from civicbot.answering.evidence import THRESHOLDS, Weighed, weighed_up
from civicbot.answering.rehearsal import Rehearsal
from civicbot.model import Language, Question
from civicbot.retrieval.retriever import Hit
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.view_nouns import Trial, TrialCandidate, TrialHit, TrialPart, TrialStage, TrialTurn


class Trying:
    """Answers without storing and tells how; thread-safe.

    Args:
        assistant: the one that residents ask.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    @guarded(Action.TRY)
    def ask(
        self,
        actor: Actor,
        text: str,
        *,
        language: Language | None = None,
        site: str | None = None,
        earlier: Sequence[TrialTurn] = (),
        despite_rulings: bool = False,
    ) -> Trial:
        """Asks.

        Args:
            actor: who asks.
            text: the question.
            language: to answer in; detected by default.
            site: as if it came from this site.
            earlier: the turns before, oldest first (:attr:`Trial.turn` of each), for follow-ups.
            despite_rulings: answer even where a switch or a canned text would come first.

        Raises:
            InvalidQuestionError: the text cannot be asked.
            CivicbotError: the index is not open.
        """
        del actor
        question = Question(text=text, language=language, channel="page", site=site)
        return _trial(
            self._assistant.rehearse(question, earlier=tuple(earlier), ruled=not despite_rulings, written=True)
        )


def _trial(rehearsal: Rehearsal) -> Trial:
    context = rehearsal.context
    return Trial(
        # Without a text the question never got through intake, and is not masked.
        question=context.question.text if context.text else "",
        standalone=context.standalone,
        answer=rehearsal.answer,
        masked=tuple(kind.value for kind in context.masked),
        ruling=context.ruling,
        approved=context.approved,
        degraded=context.degraded,
        stages=tuple(TrialStage(name=stage.name, seconds=stage.seconds) for stage in rehearsal.stages),
        parts=tuple(_part(context, part) for part in context.parts),
        thresholds=THRESHOLDS,
        seconds=rehearsal.seconds,
    )


def _part(context: Context, part: Part) -> TrialPart:
    shown = context.outcome.candidates if context.outcome is not None else ()
    used = {(candidate.passage.id, candidate.statement.start) for candidate in shown}
    return TrialPart(
        text=part.text,
        entities=part.asked.entities,
        facets=part.asked.facets,
        kinds=tuple(kind.value for kind in part.asked.kinds),
        terms=tuple((term.token, term.weight) for term in part.asked.terms),
        hits=tuple(_hit(hit) for hit in part.hits),
        candidates=tuple(_candidate(each, used) for each in weighed_up(context, part)),
    )


def _hit(hit: Hit) -> TrialHit:
    return TrialHit(
        passage_id=hit.passage.id,
        document_id=hit.passage.document_id,
        title=hit.passage.title,
        heading=hit.passage.heading,
        score=hit.score,
        lexical=hit.lexical,
        wording=hit.wording,
        dense=hit.dense,
    )


def _candidate(weighed: Weighed, used: set[tuple[str, int]]) -> TrialCandidate:
    candidate = weighed.candidate
    return TrialCandidate(
        document_id=candidate.passage.document_id,
        passage_id=candidate.passage.id,
        title=candidate.passage.title,
        text=candidate.statement.text,
        score=candidate.score,
        confidence=candidate.confidence,
        needed=weighed.needed,
        used=(candidate.passage.id, candidate.statement.start) in used,
        hindrance=weighed.hindrance.value if weighed.hindrance is not None else None,
        features=dict(sorted(candidate.features.items())),
    )
