"""Corrected answers: found in the library, checked by the rules of answers, kept as drafts with versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from civicbot.answering.retrieve import Retrieve
from civicbot.model import AnswerStatus, Exchange, Language
from civicbot.records.rows import exchange_of, storable
from civicbot.records.tables import CorrectionRow, ItemRow
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.claims import locked_item, refuse_others
from civicbot.review.correction_checks import check, cited
from civicbot.review.correction_nouns import (
    CheckedSentence,
    CorrectedSentence,
    Correction,
    Draft,
    DraftSentence,
    LibraryHit,
    Pick,
)
from civicbot.review.correction_rows import add_version, residents_words, versions_of
from civicbot.review.library_search import pick_of, search
from civicbot.review.refusals import (
    ChangedMeanwhileError,
    InvalidReviewError,
    UnknownCorrectionError,
    UnknownItemError,
    UnsoundCorrectionError,
)
from civicbot.review.store import Store
from civicbot.review.verdicts import looked_at

MOST_HITS = 50
_WITH_SENTENCES = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})
_WITHOUT = frozenset({AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED})
_STATUSES = _WITH_SENTENCES | _WITHOUT | {AnswerStatus.NO_EVIDENCE}


class Corrections:
    """Composes and stores corrected answers.

    Args:
        store: the database.
        index: the live library.
        retrieve: makes the retriever, with the settings that answers are found with.
        mask: takes personal data out of wordings, in this language.
    """

    def __init__(
        self, store: Store, index: LiveIndex, retrieve: Retrieve, *, mask: Callable[[str, Language], str]
    ) -> None:
        self._store = store
        self._index = index
        self._retrieve = retrieve
        self._mask = mask

    @guarded(Action.CORRECT)
    def search(self, actor: Actor, text: str, language: Language, *, most: int = 10) -> tuple[LibraryHit, ...]:
        """Passages of the live library for some words, as the bot itself finds them, best first.

        Raises:
            CivicbotError: the library is not open.
        """
        del actor
        with self._index.reader() as generation:
            return search(generation, self._retrieve, text, language, max(1, min(most, MOST_HITS)))

    @guarded(Action.CORRECT)
    def check(self, actor: Actor, sentences: Sequence[DraftSentence]) -> tuple[CheckedSentence, ...]:
        """Each sentence with what is missing in what it cites.

        Raises:
            CivicbotError: the library is not open.
        """
        del actor
        with self._index.reader() as generation:
            return tuple(check(generation, sentence) for sentence in sentences)

    @guarded(Action.CORRECT)
    def prefill(self, actor: Actor, item_id: int, *, answer_id: str | None = None) -> Draft:
        """A draft to begin with: the question, its other wordings, and the answer's own sentences.

        A sentence whose quote the live library has no more comes without that citation.

        Raises:
            UnknownItemError: there is no such item, or the answer is not in it.
            CivicbotError: the library is not open.
        """
        with self._store.writing() as session:
            item = session.get(ItemRow, item_id)
            if item is None:
                raise UnknownItemError(f"There is no item {item_id!r}.")
            row = looked_at(session, item, answer_id)
            exchange, words = exchange_of(row), tuple(residents_words(session, item_id))
            note(session, actor, Action.READ_ITEM, f"item:{item_id}", answer=row.answer_id, purpose="correction")
        status = exchange.answer.status
        with self._index.reader() as generation:
            return Draft(
                question=exchange.standalone,
                variants=tuple(text for text in words if text != exchange.standalone),
                language=exchange.answer.language,
                status=status if status in _STATUSES else AnswerStatus.ANSWERED,
                sentences=tuple(_own_sentences(generation, exchange)),
            )

    @guarded(Action.CORRECT)
    def save(
        self, actor: Actor, item_id: int, draft: Draft, *, correction_id: int | None = None, based_on: int | None = None
    ) -> Correction:
        """Stores a corrected answer, or a new version of one.

        Args:
            actor: who saves.
            item_id: the item that it is for.
            draft: the answer.
            correction_id: the correction that this is a new version of; None for a new one.
            based_on: the version that was opened, with ``correction_id``.

        Raises:
            UnsoundCorrectionError: a sentence is not supported; ``checked`` tells by what.
            InvalidReviewError: something else is missing or too much.
            ChangedMeanwhileError: there is a newer version than the one that was opened.
            ClaimedError: somebody else is at the item.
            UnknownItemError: there is no such item.
            UnknownCorrectionError: there is no such correction of this item.
        """
        draft = self._clean(actor, draft)
        _demand_whole(draft)
        # Checked against one generation, whose name is stored: publishing checks again.
        with self._index.reader() as generation:
            sentences, index = _sound(generation, draft), generation.name
        with self._store.writing() as session:
            now = self._store.now()
            item = locked_item(session, item_id)
            refuse_others(item, actor, now)
            if draft.language != item.language:
                raise InvalidReviewError(
                    f"The item is in {item.language!r}, the correction in {draft.language!r}.",
                    hint="Write it in the language of the question.",
                )
            row = self._row(session, actor, item, correction_id, based_on)
            add_version(session, row, draft, sentences, index=index, by=actor.name, at=now)
            details = {"correction": row.id, "version": row.version, "sentences": len(sentences)}
            note(session, actor, Action.CORRECT, f"item:{item_id}", status=draft.status.value, **details)
            return versions_of(session, row.id)[0]

    @guarded(Action.CORRECT)
    def versions(self, actor: Actor, correction_id: int) -> tuple[Correction, ...]:
        """All versions of a correction, the newest first.

        Raises:
            UnknownCorrectionError: there is none.
        """
        with self._store.writing() as session:
            found = versions_of(session, correction_id)
            if not found:
                raise UnknownCorrectionError(f"There is no correction {correction_id!r}.")
            note(session, actor, Action.CORRECT, f"correction:{correction_id}", read=True)
            return found

    def _clean(self, actor: Actor, draft: Draft) -> Draft:
        """A draft without personal data in its wordings, without empty and repeated ones, and with an owner."""

        def masked(text: str) -> str:
            return storable(self._mask(" ".join(text.split()), draft.language))

        question = masked(draft.question)
        variants = dict.fromkeys(text for each in draft.variants if (text := masked(each)) and text != question)
        sentences = (
            DraftSentence(text=storable(" ".join(each.text.split())), citations=each.citations)
            for each in draft.sentences
        )
        owner = storable((draft.owner or "").strip()) or actor.name
        changes = {"question": question, "variants": tuple(variants), "sentences": tuple(sentences), "owner": owner}
        return draft.model_copy(update=changes)

    def _row(
        self, session: Session, actor: Actor, item: ItemRow, correction_id: int | None, based_on: int | None
    ) -> CorrectionRow:
        if correction_id is None:
            row = CorrectionRow(
                item_id=item.id,
                language=item.language,
                version=0,
                created_by=actor.name,
                created_at=self._store.now(),
            )
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
    if draft.status not in _STATUSES:
        told = ", ".join(sorted(status.value for status in _STATUSES))
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
