"""Seventh stage, extractive: the sentences to say, in order, and the status that they make."""

from __future__ import annotations

from dataclasses import replace

from civicbot.answering.context import Candidate, Context, Outcome, Part
from civicbot.answering.texts import texts
from civicbot.language.quantities import figures
from civicbot.model import AnswerStatus, Facet, NoticeKind

MOST_SENTENCES = 4
_PER_PART = 2
_CLOSE = 0.86
"""A further sentence must reach this share of the best one's score."""
_SAME = 0.7
"""Above this share of common tokens a sentence says the same again."""


class Compose:
    """Answers with sentences of the library, unchanged."""

    name = "compose"

    def __call__(self, context: Context) -> Context:
        """Chooses the sentences of every part; each keeps its own citations."""
        chosen: list[Candidate] = []
        missing: list[str] = []
        for part in context.parts:
            picked = [] if _only_unknown(part) else self._pick(context, part, len(context.parts))
            if not picked:
                missing.append(_label(context, part))
            chosen += [candidate for candidate in picked if candidate.statement not in {c.statement for c in chosen}]
        if not chosen:
            return replace(context, outcome=_unpublished(context))
        status = AnswerStatus.PARTIAL if missing else AnswerStatus.ANSWERED
        notices = _notices(context, chosen)
        if missing:
            notices = (*notices, (NoticeKind.NOT_FOUND, {"parts": ", ".join(missing)}))
        confidence = min(part.candidates[0].confidence for part in context.parts if part.candidates)
        outcome = Outcome(status, candidates=tuple(chosen[:MOST_SENTENCES]), notices=notices, confidence=confidence)
        return replace(context, outcome=outcome)

    def _pick(self, context: Context, part: Part, parts: int) -> list[Candidate]:
        if not part.candidates:
            return []
        best = part.candidates[0]
        picked = [best]
        tokens = [frozenset(context.generation.tokenizer.tokens(best.statement.text))]
        for candidate in part.candidates[1:]:
            if len(picked) >= (_PER_PART if parts > 1 or part.asked.kinds else _PER_PART + 1):
                break
            if not _adds(part, best, candidate):
                continue
            own = frozenset(context.generation.tokenizer.tokens(candidate.statement.text))
            if own and max(len(own & other) / len(own) for other in tokens) <= _SAME:
                picked.append(candidate)
                tokens.append(own)
        # Sentences of one passage are told in its order; the best one still comes first.
        return [best, *sorted(picked[1:], key=lambda c: (c.passage.id != best.passage.id, c.statement.start))]


def _adds(part: Part, best: Candidate, candidate: Candidate) -> bool:
    """Whether a further sentence is as much to the point as the best one, and tells something else."""
    if candidate.score < _CLOSE * best.score or candidate.passage.facet is Facet.UNKNOWN:
        return False
    if any(candidate.features[name] < best.features[name] for name in ("sentence", "held", "facet_first", "entity_own")):
        return False
    return not part.asked.kinds or not figures(candidate.statement.text) <= figures(best.statement.text)


def _only_unknown(part: Part) -> bool:
    """Whether the best that is known is that the thing asked for has not been published."""
    if not part.candidates or part.candidates[0].passage.facet is not Facet.UNKNOWN:
        return False
    return not (part.asked.announced or Facet.UNKNOWN in part.asked.facets)


def _unpublished(context: Context) -> Outcome:
    stated = [part.candidates[0] for part in context.parts if part.candidates]
    confidence = 1.0 - max(candidate.confidence for candidate in stated)
    return Outcome(
        AnswerStatus.NO_EVIDENCE, text_key="no_evidence_known", candidates=tuple(stated), confidence=confidence
    )


def _label(context: Context, part: Part) -> str:
    if part.asked.facets:
        return texts(context.language).facets[part.asked.facets[0]].label
    return part.text


def _notices(context: Context, chosen: list[Candidate]) -> tuple[tuple[NoticeKind, dict[str, str]], ...]:
    kinds: list[NoticeKind] = []
    states = {state for candidate in chosen for state in _figure_states(context, candidate)}
    if "disputed" in states or any(candidate.passage.facet is Facet.DISPUTES for candidate in chosen):
        kinds.append(NoticeKind.DISPUTED)
    if "superseded" in states:
        kinds.append(NoticeKind.SUPERSEDED)
    if any(candidate.passage.language != context.language for candidate in chosen):
        kinds.append(NoticeKind.OTHER_LANGUAGE)
    if context.degraded:
        kinds.append(NoticeKind.DEGRADED)
    return tuple((kind, {}) for kind in kinds)


def _figure_states(context: Context, candidate: Candidate) -> set[str]:
    """The statuses of the brief's figures whose value stands in the sentence, where one status is all they have."""
    held = figures(candidate.statement.text)
    states: dict[str, set[str]] = {}
    for figure in context.generation.document(candidate.passage.document_id).figures:
        value = (
            f"{figure.value:.0f}"
            if isinstance(figure.value, float) and figure.value.is_integer()
            else str(figure.value)
        )
        states.setdefault(value, set()).add(figure.status)
    return {next(iter(found)) for value, found in states.items() if value in held and len(found) == 1}
