"""A suspended approved answer in the words that its documents have now: a new version, to be read and published."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from civicbot.model import Language, Support
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.approved_refusals import UnknownApprovedError
from civicbot.review.approved_rows import one_of
from civicbot.review.approved_sources import changes, quotes
from civicbot.review.correction_nouns import CorrectedSentence, Correction, Draft, DraftSentence, quote_hash
from civicbot.review.correction_rows import versions_of
from civicbot.review.correction_saving import checked, cleaned, store
from civicbot.review.library_search import pick_of
from civicbot.review.refusals import InvalidReviewError
from civicbot.review.store import Store


class Renewals:
    """Writes new versions of suspended answers; nothing of them is given before a publisher publishes it.

    Args:
        store: the database.
        index: the live library.
        mask: takes personal data out of wordings, in this language.
    """

    def __init__(self, store: Store, index: LiveIndex, *, mask: Callable[[str, Language], str]) -> None:
        self._store = store
        self._index = index
        self._mask = mask

    @guarded(Action.CORRECT)
    def renew(self, actor: Actor, approved_id: int) -> Correction:
        """Stores a version that cites what has become of the sentences that changed, and says it.

        Where the newest version stands in the live library as it is, that is returned: somebody has written it since.

        Raises:
            UnknownApprovedError: there is no such approved answer, or nothing that it cites has changed.
            InvalidReviewError: a sentence has no successor in its document, or no item is left to keep a version with.
            UnsoundCorrectionError: a sentence that cites more than what changed is not supported any more.
            ChangedMeanwhileError: somebody has stored a version in the meantime.
            ClaimedError: somebody else is at the item.
        """
        with self._store.reading() as session:
            approved = one_of(session, approved_id)
            newest = versions_of(session, approved.correction_id)[0]
        if not approved.changes:
            raise UnknownApprovedError(f"Nothing that the approved answer {approved_id!r} cites has changed.")
        if approved.item_id is None:
            raise InvalidReviewError(
                "The residents' questions were deleted, and a version is kept with them.",
                hint="Ask the question again, and correct that answer.",
            )
        with self._index.reader() as generation:
            if not changes(newest, generation):
                return newest
            question = newest.question or approved.question
            kept = checked(cleaned(renewed(newest, question, generation), actor, self._mask), generation)
        with self._store.writing() as session:
            return store(
                session,
                actor,
                approved.item_id,
                kept,
                self._store.now(),
                correction_id=newest.id,
                based_on=newest.version,
            )


def renewed(correction: Correction, question: str, generation: OpenGeneration) -> Draft:
    """A draft that cites, in place of each sentence that is gone, the one that has become of it.

    A sentence all of whose citations have changed says what they say now. One that cites others as well keeps its
    words: what of them still holds is for people, and for the checks of corrected answers.

    Args:
        correction: the version to begin with.
        question: the wording that it answers.
        generation: the library as it is now.

    Raises:
        InvalidReviewError: a sentence has no successor in its document.
    """
    there = quotes(generation)
    successors = {}
    for change in changes(correction, generation):
        found = there.get((change.document_id, quote_hash(change.after))) if change.after is not None else None
        if found is None:
            raise InvalidReviewError(
                f"Nothing in {change.document_id!r} is like what was cited.",
                hint="Write a new version by hand, and look for what it may cite.",
            )
        successors[change.sentence, change.citation] = found
    return Draft(
        question=question,
        variants=correction.variants,
        language=correction.language,
        status=correction.status,
        sentences=tuple(
            _sentence(sentence, {at: found for (place, at), found in successors.items() if place == number}, there)
            for number, sentence in enumerate(correction.sentences)
        ),
        owner=correction.owner,
        valid_until=correction.valid_until,
    )


def _sentence(
    sentence: CorrectedSentence, successors: Mapping[int, Support], there: Mapping[tuple[str, str], Support]
) -> DraftSentence:
    now = [
        successors.get(number) or there[cited.document_id, cited.quote_hash]
        for number, cited in enumerate(sentence.citations)
    ]
    # Two sentences of a document can have become one.
    distinct = tuple({(one.document_id, one.start): one for one in now}.values())
    said = " ".join(one.quote for one in distinct) if len(successors) == len(now) else sentence.text
    return DraftSentence(text=said, citations=tuple(map(pick_of, distinct)))
