"""Corrected answers: found in the library, checked by the rules of answers, kept as drafts with versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from civicbot.answering.retrieve import Retrieve
from civicbot.model import Language
from civicbot.records.rows import exchange_of
from civicbot.records.tables import ItemRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.correction_checks import check
from civicbot.review.correction_nouns import CheckedSentence, Correction, Draft, DraftSentence, LibraryHit
from civicbot.review.correction_rows import residents_words, versions_of
from civicbot.review.correction_saving import checked, cleaned, own_draft, store
from civicbot.review.library_search import search
from civicbot.review.refusals import UnknownCorrectionError, UnknownItemError
from civicbot.review.store import Store
from civicbot.review.verdicts import looked_at

MOST_HITS = 50


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
        with self._index.reader() as generation:
            return own_draft(generation, exchange, words)

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
        draft = cleaned(draft, actor, self._mask)
        # Checked against one generation, whose name is stored: publishing checks again.
        with self._index.reader() as generation:
            kept = checked(draft, generation)
        with self._store.writing() as session:
            return store(
                session, actor, item_id, kept, self._store.now(), correction_id=correction_id, based_on=based_on
            )

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
