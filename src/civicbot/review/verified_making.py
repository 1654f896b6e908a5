"""From a verdict to a case: what a right answer to the question says, and what it must not say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from civicbot.judging import ANSWERS, REFUSALS, normalised, unmarked
from civicbot.model import Answer, AnswerStatus, Exchange, Language, Noun
from civicbot.records.rows import EarlierTurn
from civicbot.review.correction_nouns import CorrectedSentence, quote_hash
from civicbot.review.nouns import Verdict
from civicbot.review.verified_nouns import VerifiedCase, WantedSentence, judge_case, source_of
from civicbot.review.verified_values import forbidden, required

MOST_TEXT = 1000
"""Characters of a value that a question set may hold."""

_WRONG = frozenset({Verdict.WRONG, Verdict.OUTDATED})
_BOTH = tuple(status for status in AnswerStatus if status in ANSWERS | REFUSALS)
_ANSWERS = tuple(status for status in _BOTH if status in ANSWERS)
_REFUSALS = tuple(status for status in _BOTH if status in REFUSALS)


class Right(Noun):
    """An answer that staff have written.

    Attributes:
        approved_id: when it is an approved answer.
    """

    status: AnswerStatus
    sentences: tuple[CorrectedSentence, ...]
    approved_id: int | None = None


class Judged(Noun):
    """A verdict with all that says what the right answer is.

    Attributes:
        earlier: the turns before the question, oldest first; none where it stands alone, or they are not all there.
        right: the approved answer, else the newest correction, else None.
    """

    verdict_id: int
    verdict: Verdict
    item_id: int | None
    exchange: Exchange
    earlier: tuple[EarlierTurn, ...] = ()
    right: Right | None = None


def case_of(judged: Judged) -> VerifiedCase | None:
    """The case of a verdict; None where it says nothing about answers, as when the question was paused."""
    given, right = judged.exchange.answer, judged.right
    if not judged.exchange.standalone.strip():
        return None
    if judged.verdict is Verdict.SHOULD_HAVE_REFUSED:
        return _case(judged, answerable=False, expected_status=_REFUSALS)
    if right is not None:
        case = _by_staff(judged, right)
        if judged.verdict is Verdict.CORRECT or judge_case(case, given) != "correct":
            return case
        # Whoever has published what was judged before has had the last word.
        return _told_apart(case, given) or (_open(judged) if right.approved_id is None else case)
    if judged.verdict is not Verdict.CORRECT:
        return _open(judged)
    return _as_given(judged) if given.status in _BOTH else None


def approved_case(
    approved_id: int, language: Language, question: str, right: Right, *, item_id: int | None
) -> VerifiedCase:
    """The case of an approved answer alone, in the city's own words.

    Args:
        approved_id: its id.
        language: of the question.
        question: as it was approved.
        right: the answer.
        item_id: the item that it belongs to, if that is still there.
    """
    return VerifiedCase(
        id=f"a{approved_id}",
        language=language,
        question=question,
        asked=question,
        verdict=Verdict.CORRECT,
        item_id=item_id,
        approved_id=approved_id,
        **_wanted(right.status, right.sentences, language),
    )


def _case(judged: Judged, **wanted: Any) -> VerifiedCase:
    exchange = judged.exchange
    return VerifiedCase(
        id=f"v{judged.verdict_id}",
        language=exchange.answer.language,
        question=exchange.standalone,
        asked=exchange.question if judged.earlier else exchange.standalone,
        earlier=judged.earlier,
        verdict=judged.verdict,
        given=unmarked(exchange.answer.text),
        given_quotes=tuple(dict.fromkeys(citation.quote for citation in exchange.answer.citations)),
        item_id=judged.item_id,
        answer_id=exchange.answer.id,
        approved_id=judged.right.approved_id if judged.right is not None else None,
        **wanted,
    )


def _as_given(judged: Judged) -> VerifiedCase:
    """The answer that was given is right; beside a refusal, what came close to an answer need not come again."""
    given = judged.exchange.answer
    if given.status in REFUSALS:
        return _case(judged, answerable=False, expected_status=(given.status,))
    cited = {citation.number: citation for citation in given.citations}
    sentences = tuple(
        _sentence(sentence.text, [(cited[n].quote, cited[n].document_id) for n in sentence.citations if n in cited])
        for sentence in given.sentences
    )
    return _case(judged, **_wanting(given.status, sentences, given.language))


def _by_staff(judged: Judged, right: Right) -> VerifiedCase:
    given = judged.exchange.answer
    not_again: tuple[str, ...] = ()
    if judged.verdict in _WRONG:
        allowed = [*(sentence.text for sentence in right.sentences), *_questions(judged)]
        not_again = forbidden([sentence.text for sentence in given.sentences], allowed, given.language)
    return _case(judged, **_wanted(right.status, right.sentences, given.language), must_not_include=not_again)


def _told_apart(case: VerifiedCase, given: Answer) -> VerifiedCase | None:
    """The case, so that the answer that was given fails where figures and quotes do not tell it from the right one.

    Then its words must: the sentences that only one of the two has. None when there are none: the correction says what
    the answer said.
    """
    own, right = normalised(given.text), normalised(case.reference)
    lacking = tuple((each.text,) for each in case.sentences if normalised(each.text) not in own)
    surplus = tuple(each.text for each in given.sentences if normalised(each.text) not in right)
    more = {"must_include": (*case.must_include, *lacking)}
    less = {"must_not_include": (*case.must_not_include, *_short(surplus))}
    for change in (less, more) if case.verdict in _WRONG else (more, less):
        changed = case.model_copy(update=change)
        if judge_case(changed, given) != "correct":
            return changed
    return None


def _open(judged: Judged) -> VerifiedCase:
    """What staff have said without writing the right answer: this one is not it."""
    given, verdict = judged.exchange.answer, judged.verdict
    sentences = tuple(sentence.text for sentence in given.sentences)
    wanted: dict[str, Any] = {"open": True, "answerable": True}
    refused = given.status in REFUSALS
    if given.status not in _BOTH or (refused and verdict is Verdict.SHOULD_HAVE_ANSWERED):
        return _case(judged, **wanted, expected_status=_ANSWERS)
    if refused:
        others = tuple(status for status in _BOTH if status is not given.status)
        return _case(judged, **wanted, expected_status=others)
    if verdict in _WRONG:
        figures = forbidden(sentences, _questions(judged), given.language, lone=True)
        return _case(judged, **wanted, expected_status=_BOTH, must_not_include=(*_short(sentences), *figures))
    return _case(judged, **wanted, expected_status=_ANSWERS, not_enough=sentences)


def _questions(judged: Judged) -> tuple[str, str]:
    return judged.exchange.question, judged.exchange.standalone


def _wanted(status: AnswerStatus, sentences: Sequence[CorrectedSentence], language: Language) -> dict[str, Any]:
    wanted = tuple(
        _sentence(sentence.text, [(cited.quote, cited.document_id) for cited in sentence.citations])
        for sentence in sentences
    )
    return _wanting(status, wanted, language)


def _wanting(status: AnswerStatus, sentences: tuple[WantedSentence, ...], language: Language) -> dict[str, Any]:
    return {
        "answerable": status in ANSWERS,
        "expected_status": (status,),
        "must_include": required([sentence.text for sentence in sentences], language),
        "sentences": sentences,
    }


def _sentence(text: str, cited: Sequence[tuple[str, str]]) -> WantedSentence:
    return WantedSentence(
        text=text,
        quotes=tuple(quote for quote, _ in cited),
        hashes=tuple(dict.fromkeys(quote_hash(quote) for quote, _ in cited)),
        sources=tuple(dict.fromkeys(source_of(document_id) for _, document_id in cited)),
    )


def _short(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for text in texts if text.strip() and len(text) <= MOST_TEXT)
