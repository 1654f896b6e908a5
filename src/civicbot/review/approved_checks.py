"""What is checked before an answer is published as approved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from civicbot.model import Language
from civicbot.records.rows import storable
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.alike import normal
from civicbot.review.approved_nouns import MOST_WORDINGS
from civicbot.review.approved_refusals import PersonalWordingError
from civicbot.review.approved_sources import quotes
from civicbot.review.correction_checks import check
from civicbot.review.correction_nouns import (
    MOST_TEXT,
    CitedSentence,
    CorrectedSentence,
    Correction,
    DraftSentence,
    Pick,
)
from civicbot.review.library_search import pick_of
from civicbot.review.refusals import InvalidReviewError, UnsoundCorrectionError


def checked_wordings(
    wordings: Sequence[str], language: Language, mask: Callable[[str, Language], str]
) -> tuple[str, ...]:
    """Wordings fit to be published: on one line each, none twice, the question first.

    Args:
        wordings: as the publisher has confirmed them.
        language: of the wordings.
        mask: takes personal data out.

    Raises:
        PersonalWordingError: one of them holds personal data.
        InvalidReviewError: there is none, or too many, or one is too long.
    """
    lines = (storable(" ".join(told.split())) for told in wordings)
    found = {key: line for line in reversed([*lines]) if (key := normal(line))}
    clean = tuple(reversed(found.values()))
    if not clean:
        raise InvalidReviewError(
            "The approved answer has no question.", hint="Write at least one wording of the question, and confirm it."
        )
    if len(clean) > MOST_WORDINGS or any(len(line) > MOST_TEXT for line in clean):
        raise InvalidReviewError(
            "There are too many wordings, or one is too long.",
            hint=f"Keep {MOST_WORDINGS} at most, of {MOST_TEXT:,} characters each.",
        )
    for line in clean:
        if (masked := mask(line, language)) != line:
            raise PersonalWordingError(masked)
    return clean


def demand_sound(generation: OpenGeneration, sentences: Sequence[CorrectedSentence]) -> None:
    """Checks sentences against a generation once more; what they cite may stand elsewhere in its document by now.

    Raises:
        UnsoundCorrectionError: one is not supported any more.
    """
    there = quotes(generation)

    def pick(cited: CitedSentence) -> Pick:
        support = there.get((cited.document_id, cited.quote_hash))
        return pick_of(support) if support is not None else _as_it_was(cited)

    drafts = (DraftSentence(text=one.text, citations=tuple(map(pick, one.citations))) for one in sentences)
    checked = tuple(check(generation, draft) for draft in drafts)
    if not all(each.sound for each in checked):
        raise UnsoundCorrectionError(checked)


def demand_in_time(correction: Correction, today: date) -> None:
    """Refuses an answer whose last day is over.

    Raises:
        InvalidReviewError: saying when that was.
    """
    if correction.valid_until is not None and correction.valid_until < today:
        raise InvalidReviewError(
            f"The answer may be given until {correction.valid_until:%Y-%m-%d}, which is over.",
            hint="Save a new version with another last day.",
        )


def _as_it_was(cited: CitedSentence) -> Pick:
    fields = {"document_id", "passage_id", "start", "end", "quote"}
    return Pick.model_validate(cited.model_dump(include=fields))
