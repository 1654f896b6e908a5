"""What becomes of a sentence of the model: checked against the evidence that it names, or dropped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from civicbot.answering.context import Candidate, Context
from civicbot.answering.gate.library import gate_of
from civicbot.answering.gate.nouns import GateDecision, GateEvidence, GateFinding, GateRule
from civicbot.answering.model.numbered import Numbered
from civicbot.answering.model.reading import Written
from civicbot.answering.verify import supported
from civicbot.language.detect import has_hangul
from civicbot.language.quantities import missing_figures
from civicbot.language.sentences import split_sentences
from civicbot.model import JudgedSentence, JudgedToken, Language, Statement, Support

MOST_CITATIONS = 2
"""Citations of one sentence; each must hold all of its figures."""
LONGEST = 400
"""Characters of one sentence; a longer one is a list in disguise."""
_UNFINISHED = (",", ";", ":")
"""Sentences that run on into the next one."""
_LATIN_SHARE = 0.3
"""An English sentence may hold a Korean name, but not many of its letters may be Hangul."""


class Checker:
    """Checks sentences for one question.

    Args:
        context: the question.
        evidence: what the model was given.
    """

    def __init__(self, context: Context, evidence: Sequence[Numbered]) -> None:
        self._generation = context.generation
        self._language = context.language
        self._evidence: Mapping[int, Numbered] = {each.number: each for each in evidence}
        self._given = {each.number: _gate_evidence(each) for each in evidence}
        self._gate = gate_of(context.generation)

    def check(self, written: Written) -> list[tuple[JudgedSentence, Candidate | None]]:
        """Checks what the model gave as one sentence, which may be several: each with what is told of it, if it is."""
        spans = split_sentences(written.text, self._language)
        return [self._checked(written.text[start:end], written.evidence) for start, end in spans]

    def _checked(self, text: str, numbers: tuple[int, ...]) -> tuple[JudgedSentence, Candidate | None]:
        cited = [self._evidence[number] for number in numbers if number in self._evidence]
        decision = self._misfit(text, cited)
        carrying: list[tuple[Numbered, Support]] = []
        if decision is None:
            carrying = self._carrying(text, cited)[:MOST_CITATIONS]
            decision = self._decided(text, cited, [each for each, _ in carrying])
        judged = JudgedSentence(
            text=text,
            evidence=numbers,
            passed=decision.passed,
            score=round(decision.score, 4),
            findings=tuple(JudgedToken(rule=each.rule.value, token=each.token) for each in decision.findings),
        )
        return judged, _candidate(text, carrying) if decision.passed else None

    def _misfit(self, text: str, cited: Sequence[Numbered]) -> GateDecision | None:
        """Why a sentence is no sentence of an answer at all, whatever it says."""
        if not cited:
            return GateDecision(False, 0.0, (GateFinding(GateRule.NO_CITATION, ""),))
        if len(text) > LONGEST or text.endswith(_UNFINISHED) or not _in_language(text, self._language):
            return GateDecision(False, 0.0, (GateFinding(GateRule.COVERAGE, text[:LONGEST]),))
        return None

    def _carrying(self, text: str, cited: Sequence[Numbered]) -> list[tuple[Numbered, Support]]:
        """The evidence whose quote, which the reader opens, holds every figure of the sentence."""
        found = []
        for each in cited:
            support = next((s for s in each.candidate.statement.supports if supported(self._generation, text, s)), None)
            if support is not None:
                found.append((each, support))
        return found

    def _decided(self, text: str, cited: Sequence[Numbered], carrying: Sequence[Numbered]) -> GateDecision:
        if carrying:
            passages = [self._given[each.number] for each in carrying]
            return self._gate.check(text, self._language, passages, given=list(self._given.values()))
        quotes = " ".join(s.quote for each in cited for s in each.candidate.statement.supports)
        missing = missing_figures(text, quotes)
        rule = GateRule.NUMBER if missing else GateRule.STITCHED
        tokens = [text[each.start : each.end] for each in missing] or [text]
        return GateDecision(False, 0.0, tuple(GateFinding(rule, token) for token in tokens))


def _candidate(text: str, carrying: Sequence[tuple[Numbered, Support]]) -> Candidate:
    first, _ = carrying[0]
    supports = {(support.document_id, support.start): support for _, support in carrying}
    statement = Statement(
        text=text,
        start=first.candidate.statement.start,
        end=first.candidate.statement.end,
        supports=tuple(supports.values()),
    )
    return replace(first.candidate, statement=statement)


def _in_language(text: str, language: Language) -> bool:
    if language == "ko":
        return has_hangul(text)
    letters = [letter for letter in text if letter.isalpha()]
    return sum("가" <= letter <= "힣" for letter in letters) <= _LATIN_SHARE * len(letters)


def _gate_evidence(each: Numbered) -> GateEvidence:
    return GateEvidence(
        document_id=each.document.id,
        text=each.candidate.statement.text,
        language=each.candidate.passage.language,
        published=each.document.known,
        publisher=each.document.publisher,
        context=each.about,
    )
