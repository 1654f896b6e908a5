"""What a corrected answer goes through on its way into the database, whoever saves it and whatever else they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from civicbot.model import AnswerStatus, Exchange, Language
from civicbot.records.rows import storable
from civicbot.records.tables import CorrectionRow, ItemRow
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.access import Action, Actor
from civicbot.review.audit import note
from civicbot.review.claims import locked_item, refuse_others
from civicbot.review.correction_checks import check, cited
from civicbot.review.correction_nouns import CorrectedSentence, Correction, Draft, DraftSentence, Pick
from civicbot.review.correction_rows import add_version, versions_of
from civicbot.review.library_search import pick_of
from civicbot.review.refusals import (
    ChangedMeanwhileError,
    InvalidReviewError,
    UnknownCorrectionError,
    UnsoundCorrectionError,
)

_WITH_SENTENCES = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
_WITHOUT = frozenset({AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED})
STATUSES = _WITH_SENTENCES | _WITHOUT | {AnswerStatus.NO_EVIDENCE}
"""How a corrected answer may end."""


@dataclass(frozen=True)
class Checked:
    """A draft that may be stored, with what its sentences cite in one index generation."""

    draft: Draft
    sentences: tuple[CorrectedSentence, ...]
    index: str


def checked(draft: Draft, generation: OpenGeneration) -> Checked:
    """A draft that was found whole and sound; one generation vouches for it, whose name is stored.

    Raises:
        UnsoundCorrectionError: a sentence is not supported; ``checked`` tells by what.
        InvalidReviewError: something else is missing or too much.
    """
    _demand_whole(draft)
    return Checked(draft, _sound(generation, draft), generation.name)


def cleaned(draft: Draft, actor: Actor, mask: Callable[[str, Language], str]) -> Draft:
    """A draft without personal data in its wordings, without empty and repeated ones, and with an owner."""

    def masked(text: str) -> str:
        return storable(mask(" ".join(text.split()), draft.language))

    question = masked(draft.question)
    variants = dict.fromkeys(text for each in draft.variants if (text := masked(each)) and text != question)
    sentences = (
        DraftSentence(text=storable(" ".join(each.text.split())), citations=each.citations) for each in draft.sentences
    )
    owner = storable((draft.owner or "").strip()) or actor.name
    changes = {"question": question, "variants": tuple(variants), "sentences": tuple(sentences), "owner": owner}
    return draft.model_copy(update=changes)


def store(
    session: Session,
    actor: Actor,
    item_id: int,
    kept: Checked,
    now: datetime,
    *,
    correction_id: int | None = None,
    based_on: int | None = None,
) -> Correction:
    """Stores a corrected answer, or a new version of one, in the caller's transaction.

    Args:
        session: for writing.
        actor: who saves.
        item_id: the item that it is for.
        kept: the answer.
        now: the time, aware.
        correction_id: the correction that this is a new version of; None for a new one.
        based_on: the version that was opened, with ``correction_id``.

    Raises:
        InvalidReviewError: it is in another language than the item.
        ChangedMeanwhileError: there is a newer version than the one that was opened.
        ClaimedError: somebody else is at the item.
        UnknownItemError: there is no such item.
        UnknownCorrectionError: there is no such correction of this item.
    """
    draft = kept.draft
    item = locked_item(session, item_id)
    refuse_others(item, actor, now)
    if draft.language != item.language:
        raise InvalidReviewError(
            f"The item is in {item.language!r}, the correction in {draft.language!r}.",
            hint="Write it in the language of the question.",
        )
    row = _row(session, actor, item, now, correction_id, based_on)
    add_version(session, row, draft, kept.sentences, index=kept.index, by=actor.name, at=now)
    details = {"correction": row.id, "version": row.version, "sentences": len(kept.sentences)}
    note(session, actor, Action.CORRECT, f"item:{item_id}", status=draft.status.value, **details)
    return versions_of(session, row.id)[0]


def own_draft(generation: OpenGeneration, exchange: Exchange, words: Sequence[str]) -> Draft:
    """A draft that says what an answer said.

    Args:
        generation: the library; a sentence whose quote it has no more comes without that citation.
        exchange: the answer.
        words: how residents put the question.
    """
    status = exchange.answer.status
    return Draft(
        question=exchange.standalone,
        variants=tuple(text for text in words if text != exchange.standalone),
        language=exchange.answer.language,
        status=status if status in STATUSES else AnswerStatus.ANSWERED,
        sentences=tuple(_own_sentences(generation, exchange)),
    )


def _row(
    session: Session,
    actor: Actor,
    item: ItemRow,
    now: datetime,
    correction_id: int | None,
    based_on: int | None,
) -> CorrectionRow:
    if correction_id is None:
        row = CorrectionRow(item_id=item.id, language=item.language, version=0, created_by=actor.name, created_at=now)
        session.add(row)
        session.flush()
        return row
    found = session.get(CorrectionRow, correction_id, with_for_update=True)
    if found is None or found.item_id != item.id:
        raise UnknownCorrectionError(f"There is no correction {correction_id!r} of item {item.id!r}.")
    if found.version != based_on:
        raise ChangedMeanwhileError(found.version, versions_of(session, found.id)[0].by)
    return found


def _demand_whole(draft: Draft) -> None:
    """Refuses a draft that no bot could say.

    Raises:
        InvalidReviewError: saying what is missing or too much.
    """
    if not draft.question:
        raise InvalidReviewError("The correction has no question.", hint="Write the question that it answers.")
    if draft.status not in STATUSES:
        told = ", ".join(sorted(status.value for status in STATUSES))
        raise InvalidReviewError(f"A correction cannot be {draft.status.value!r}.", hint=f"Choose one of: {told}.")
    if draft.status in _WITH_SENTENCES and not draft.sentences:
        raise InvalidReviewError("The corrected answer has no sentences.", hint="Add a sentence and what it cites.")
    if draft.status in _WITHOUT and draft.sentences:
        raise InvalidReviewError(
            f"An answer that is {draft.status.value!r} says nothing from the library.",
            hint="Remove the sentences, or choose another status.",
        )


def _sound(generation: OpenGeneration, draft: Draft) -> tuple[CorrectedSentence, ...]:
    checked = tuple(check(generation, sentence) for sentence in draft.sentences)
    if not all(each.sound for each in checked):
        raise UnsoundCorrectionError(checked)
    return tuple(
        CorrectedSentence(text=each.text, citations=tuple(cited(generation, pick) for pick in each.citations))
        for each in draft.sentences
    )


def _own_sentences(generation: OpenGeneration, exchange: Exchange) -> Sequence[DraftSentence]:
    """The sentences of an answer, citing what the live library still has of what they cited."""
    there: dict[tuple[str, str], Pick] = {}
    documents = {citation.document_id for citation in exchange.answer.citations}
    for passage in generation.passages:
        if passage.document_id in documents:
            for statement in passage.statements:
                for support in statement.supports:
                    there.setdefault((support.document_id, support.quote), pick_of(support))
    picks = {
        citation.number: there[key]
        for citation in exchange.answer.citations
        if (key := (citation.document_id, citation.quote)) in there
    }
    return [
        DraftSentence(
            text=sentence.text, citations=tuple(picks[number] for number in sentence.citations if number in picks)
        )
        for sentence in exchange.answer.sentences
    ]
