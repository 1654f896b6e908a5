"""Seventh stage, extractive: the sentences to say, in order, and the status that they make."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from civicbot.answering.context import Candidate, Context, Outcome, Part
from civicbot.answering.distinct import SAME, says_again
from civicbot.answering.evidence import comes_close
from civicbot.answering.features import values_asked_for
from civicbot.answering.premises import correct_premise
from civicbot.answering.revisions import figure_states, told_whole
from civicbot.answering.texts import texts
from civicbot.language.quantities import figures
from civicbot.model import AnswerStatus, Facet, NoticeKind

MOST_SENTENCES = 4
MOST_WHOLE = 5
"""The same with the further values of what has changed or is disputed."""
_MARGIN = 0.6
"""How far below the best sentence's score a further one may lie; ranking scores are log odds, up to a constant."""
_TELLING_MARGIN = 1.8
"""The same for one that tells a word of the question that those before it do not."""
_WIDE_MARGIN = 3.0
"""The same for the other side of a comparison or of a dispute."""
_POINTER = 0.4
"""Least confidence of the known thing that is told beside "this is not published"."""
_SAME_OF_SIDES = 0.85
"""The sides of a comparison are told in much the same words: only this share of common tokens says the same again."""


class Compose:
    """Answers with sentences of the library, unchanged."""

    name = "compose"

    def __call__(self, context: Context) -> Context:
        """Chooses the sentences of every part; each keeps its own citations."""
        chosen: list[Candidate] = []
        missing: list[Part] = []
        for part in context.parts:
            picked = [] if only_unknown(part) else self._pick(context, part, len(context.parts))
            if not picked:
                missing.append(part)
            chosen += [candidate for candidate in picked if candidate.statement not in {c.statement for c in chosen}]
        if not chosen:
            return replace(context, outcome=_unpublished(context))
        chosen = [*told_whole(context, chosen[:MOST_SENTENCES])][:MOST_WHOLE]
        status = AnswerStatus.PARTIAL if missing else AnswerStatus.ANSWERED
        notices = notices_of(context, chosen)
        if missing:
            parts = ", ".join(dict.fromkeys(_label(context, part) for part in missing))
            close = self._close(context, missing, chosen)
            chosen += close
            notices = (*notices, (NoticeKind.NOT_FOUND, {"parts": parts}), *([(NoticeKind.CLOSE, {})] if close else []))
        confidence = min(part.candidates[0].confidence for part in context.parts if part.candidates)
        outcome = Outcome(status, candidates=tuple(chosen[:MOST_WHOLE]), notices=notices, confidence=confidence)
        return replace(context, outcome=outcome)

    def _close(self, context: Context, missing: list[Part], chosen: list[Candidate]) -> list[Candidate]:
        """For each part without an answer what is told of it: that it is not published, or else what comes closest."""
        found: list[Candidate] = []
        for part in missing:
            told = [*part.candidates[:1], *part.near[:1]]
            found += [c for c in told[:1] if not says_again(context, c, [*chosen, *found])]
        return found

    def _pick(self, context: Context, part: Part, parts: int) -> list[Candidate]:
        if not part.candidates:
            return []
        best = part.candidates[0]
        correction = correct_premise(context, part)
        picked = [best] if correction is None or correction.statement == best.statement else [correction, best]
        most = len(picked) + (1 if parts > 1 or (part.asked.kinds and not part.asked.compare) else 2)
        for candidate in part.candidates[1:]:
            if len(picked) >= most:
                break
            if self._adds(context, part, picked, candidate):
                picked.append(candidate)
        return picked

    def _adds(self, context: Context, part: Part, picked: list[Candidate], candidate: Candidate) -> bool:
        """Whether a further sentence is to the point and tells something that those before it do not."""
        best = picked[-1] if len(picked) == 1 else picked[0]
        if candidate.passage.facet is Facet.UNKNOWN or candidate in picked:
            return False
        wide = part.asked.compare or (candidate.passage.facet is Facet.DISPUTES and _shares_value(picked, candidate))
        if says_again(context, candidate, picked, _SAME_OF_SIDES if part.asked.compare else SAME):
            return False
        tokens = context.generation.tokenizer.tokens
        told = frozenset(token for other in picked for token in tokens(other.statement.text))
        demanded = {term.token for term in part.asked.terms if term.weight >= 1.0}
        if (demanded & frozenset(tokens(candidate.statement.text))) - told:
            return candidate.score >= best.score - _TELLING_MARGIN
        second = len(picked) == 1 and candidate.score >= best.score - _MARGIN and _sound(candidate)
        second = second and not repeats(part, picked, candidate)
        if second or (part.asked.kinds and not _another_value(picked, candidate)):
            return second
        if candidate.score < best.score - (_WIDE_MARGIN if wide else _MARGIN):
            return False
        return wide or all(
            candidate.features.get(name, 0.0) >= best.features.get(name, 0.0)
            for name in ("sentence", "held", "facet_first", "entity_own")
        )


def _sound(candidate: Candidate) -> bool:
    """Whether a sentence tells nothing of another thing, another year or another value than the one asked for."""
    return not any(candidate.features.get(name) for name in ("unmet", "entity_other", "year_other", "told_by_other"))


def repeats(part: Part, picked: Sequence[Candidate], candidate: Candidate) -> bool:
    """Whether all values of the kind asked for have been told: the same sum from another report says nothing new."""
    values = values_asked_for(part.asked, candidate.statement.text)
    told = frozenset().union(*(values_asked_for(part.asked, other.statement.text) for other in picked))
    return bool(values) and values <= told


def _another_value(picked: list[Candidate], candidate: Candidate) -> bool:
    told = frozenset().union(*(figures(other.statement.text) for other in picked))
    return not figures(candidate.statement.text) <= told


def _shares_value(picked: list[Candidate], candidate: Candidate) -> bool:
    """Whether a sentence is about a sum that has been told (years alone are shared by everything)."""
    told = frozenset().union(*(figures(other.statement.text) for other in picked))
    return any(len(value) > 4 for value in figures(candidate.statement.text) & told)


def only_unknown(part: Part) -> bool:
    """Whether the best that is known is that the thing asked for has not been published."""
    if not part.candidates or part.candidates[0].passage.facet is not Facet.UNKNOWN:
        return False
    if Facet.UNKNOWN in part.asked.facets:
        return False
    # "Has it been announced?" is answered by "no source says so"; "how much is it?" is not.
    return bool(part.asked.kinds) or not part.asked.announced


def _unpublished(context: Context) -> Outcome:
    stated = [part.candidates[0] for part in context.parts if part.candidates]
    confidence = 1.0 - max(candidate.confidence for candidate in stated)
    # "The day is not given" helps little by itself; that it is to be in the second half of the year does.
    known = [
        candidate
        for part in context.parts
        for candidate in part.weighed
        if candidate.passage.facet is not Facet.UNKNOWN
        and candidate.confidence >= _POINTER
        and comes_close(candidate)
        and not says_again(context, candidate, stated)
    ]
    shown = (*stated, *known[:1])
    return Outcome(AnswerStatus.NO_EVIDENCE, text_key="no_evidence_known", candidates=shown, confidence=confidence)


def _label(context: Context, part: Part) -> str:
    if part.asked.facets:
        return texts(context.language).facets[part.asked.facets[0]].label
    return part.text


def notices_of(context: Context, chosen: Sequence[Candidate]) -> tuple[tuple[NoticeKind, dict[str, str]], ...]:
    """What a reader of these sentences must know."""
    kinds: list[NoticeKind] = []
    states = {state for candidate in chosen for state in figure_states(context, candidate)}
    if "disputed" in states or any(candidate.passage.facet is Facet.DISPUTES for candidate in chosen):
        kinds.append(NoticeKind.DISPUTED)
    if "superseded" in states:
        kinds.append(NoticeKind.SUPERSEDED)
    if any(candidate.passage.language != context.language for candidate in chosen):
        kinds.append(NoticeKind.OTHER_LANGUAGE)
    if context.degraded:
        kinds.append(NoticeKind.DEGRADED)
    return tuple((kind, {}) for kind in kinds)
