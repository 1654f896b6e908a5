"""Verdicts of staff as cases to test against, and how an answer fares; frozen, and fit to be shown as they are."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from civicbot.judging import ANSWERS, holds, judge, normalised, unmarked
from civicbot.judging import Verdict as Worth
from civicbot.language.quantities import figures, figures_hold
from civicbot.model import LANGUAGES, Answer, AnswerStatus, Language, Noun
from civicbot.records.rows import EarlierTurn
from civicbot.review.correction_nouns import quote_hash
from civicbot.review.nouns import Verdict

Outcome = Literal["correct", "incomplete", "wrong", "missed"]
OUTCOMES: tuple[Outcome, ...] = ("correct", "incomplete", "wrong", "missed")


class WantedSentence(Noun):
    """A sentence of the right answer, and by what another answer shows that it says the same.

    Attributes:
        text: the sentence.
        quotes: what was cited for it, verbatim.
        hashes: of these quotes, see :func:`civicbot.review.correction_nouns.quote_hash`.
        sources: the documents cited, without their language (``S012``).
    """

    text: str
    quotes: tuple[str, ...]
    hashes: tuple[str, ...]
    sources: tuple[str, ...]


class VerifiedCase(Noun):
    """What staff have said about a question, as a case that every later answer is held against.

    Attributes:
        id: ``v12`` for verdict 12; ``a5`` for the approved answer 5 when the words that it was judged by are deleted.
        question: standing alone, personal data masked.
        asked: as it was asked, where that needs the turns before; else the same.
        earlier: these turns, oldest first; none where the question stands alone.
        verdict: on the answer that was given.
        open: whether staff have said only what is not right, so that nobody knows the right answer yet.
        answerable: whether the library holds the answer.
        expected_status: any of these will do.
        must_include: for each figure of the right answer its notations, any of which will do.
        must_not_include: what makes an answer wrong.
        not_enough: of an open case that was incomplete, the sentences that are not enough.
        sentences: the right answer; empty where none is known, or a refusal is right.
        given: the answer that staff judged, without marks; empty without a verdict.
        given_quotes: what it cited.
        answer_id: the exchange whose words these are, and with which they go; None for words of staff.
        approved_id: the approved answer that is wanted; None without.
    """

    id: str
    language: Language
    question: str
    asked: str
    earlier: tuple[EarlierTurn, ...] = ()
    verdict: Verdict
    open: bool = False
    answerable: bool
    expected_status: tuple[AnswerStatus, ...] = Field(min_length=1)
    must_include: tuple[tuple[str, ...], ...] = ()
    must_not_include: tuple[str, ...] = ()
    not_enough: tuple[str, ...] = ()
    sentences: tuple[WantedSentence, ...] = ()
    given: str = ""
    given_quotes: tuple[str, ...] = ()
    item_id: int | None = None
    answer_id: str | None = None
    approved_id: int | None = None

    @property
    def history(self) -> tuple[str, ...]:
        """The questions before, as they were asked, masked."""
        return tuple(turn.question for turn in self.earlier)

    @property
    def quotes(self) -> tuple[str, ...]:
        """The hashes of the quotes that a right answer cites, each once."""
        return tuple(dict.fromkeys(each for sentence in self.sentences for each in sentence.hashes))

    @property
    def expected_sources(self) -> tuple[str, ...]:
        """The documents that tell the answer (``S012``), each once."""
        return tuple(dict.fromkeys(each for sentence in self.sentences for each in sentence.sources))

    @property
    def reference(self) -> str:
        """The right answer in words; empty where none is known, or a refusal is right."""
        return " ".join(sentence.text for sentence in self.sentences)


def judge_case(case: VerifiedCase, answer: Answer) -> Outcome:
    """How an answer fares against a case.

    ``wrong``: it says what it must not, or answers what it should refuse. ``missed``: it refuses what has an answer, or
    neither answers nor refuses. ``incomplete``: a figure or a sentence of the right answer is missing, or the status
    is another one. ``correct``: none of these. An open case fails only when the same is said, or refused, again.
    """
    if case.open:
        return _of_open(case, answer).value
    worth = judge(case, answer, stands)
    whole = answer.status in case.expected_status and all(_says(answer, each) for each in case.sentences)
    return Worth.INCOMPLETE.value if worth is Worth.CORRECT and not whole else worth.value


def stands(answer: Answer, value: str) -> bool:
    """Whether an answer holds a value, and means it: "300억" is part of "1,300억" and not told by it."""
    if not holds(answer, value):
        return False
    texts = (unmarked(answer.text), *(sentence.text for sentence in answer.sentences))
    return any(figures_hold(value, text) for text in texts)


def source_of(document_id: str) -> str:
    """What a document is called in every language: ``S012`` for ``S012-ko``."""
    for language in LANGUAGES:
        document_id = document_id.removesuffix(f"-{language}")
    return document_id


def _of_open(case: VerifiedCase, answer: Answer) -> Worth:
    if any(stands(answer, value) for value in case.must_not_include):
        return Worth.WRONG
    if answer.status not in case.expected_status:
        return Worth.MISSED
    said = {normalised(sentence.text) for sentence in answer.sentences}
    if case.not_enough and answer.status in ANSWERS and said <= {normalised(text) for text in case.not_enough}:
        return Worth.INCOMPLETE
    return Worth.CORRECT


def _says(answer: Answer, wanted: WantedSentence) -> bool:
    """Whether an answer cites what a sentence cites; of the same source also a quote with all its figures.

    An editor who puts a source's sentence in other words does not make the answer wrong.
    """
    if not wanted.hashes:
        return True
    demanded = figures(wanted.text)
    for citation in answer.citations:
        if quote_hash(citation.quote) in wanted.hashes:
            return True
        same = source_of(citation.document_id) in wanted.sources
        if same and demanded and figures_hold(wanted.text, citation.quote):
            return True
    return False
