"""Suspended approved answers are brought to what their documents say now."""

from __future__ import annotations

import pytest
from tests.records.conftest import mask
from tests.review.approvals import CHANGED, PARK, QUESTION, Approvals, Shelf
from tests.review.desks import KIM, QUOTE

from civicbot.records.forget import forget
from civicbot.review.approved_nouns import ApprovedState
from civicbot.review.approved_refusals import UnknownApprovedError
from civicbot.review.correction_nouns import Correction, DraftSentence
from civicbot.review.refusals import InvalidReviewError
from civicbot.review.renewals import Renewals, renewed


def renewals(approvals: Approvals) -> Renewals:
    return Renewals(approvals.desk.store, approvals.desk.index, mask=mask)


def suspended(approvals: Approvals, shelf: Shelf, correction: Correction) -> int:
    """The approved answer of a correction whose source says another sum since."""
    approved_id = approvals.answers.publish(PARK, correction.id, 1).id
    shelf.swap("40억", "50억")
    assert approvals.follow() == 1
    return approved_id


def test_a_new_version_says_what_the_source_says_now(changing: Approvals, shelf: Shelf) -> None:
    correction = changing.correct(variants=("인공지능 시티 예산 얼마?",))
    approved_id = suspended(changing, shelf, correction)
    version = renewals(changing).renew(KIM, approved_id)
    assert (version.id, version.version, version.by, version.owner) == (correction.id, 2, "kim", "park")
    assert (version.question, version.variants) == (correction.question, correction.variants)
    (sentence,) = version.sentences
    assert (sentence.text, [cited.quote for cited in sentence.citations]) == (CHANGED, [CHANGED])
    # Nothing is given before it is published.
    assert changing.given() is None
    again = changing.answers.publish(PARK, correction.id, 2)
    assert (again.state, again.changes) == (ApprovedState.LIVE, ())
    given = changing.given()
    assert given is not None
    assert given.sentences[0][0] == CHANGED


def test_asked_twice_it_is_written_once(changing: Approvals, shelf: Shelf) -> None:
    approved_id = suspended(changing, shelf, changing.correct())
    first = renewals(changing).renew(KIM, approved_id)
    assert renewals(changing).renew(PARK, approved_id) == first


def test_a_sentence_that_cites_more_keeps_its_words(changing: Approvals, shelf: Shelf) -> None:
    hits = [*changing.desk.corrections.search(KIM, QUOTE, "ko"), *changing.desk.corrections.search(KIM, "정진욱", "ko")]
    found = {pick.quote: pick for hit in hits for sentence in hit.sentences for pick in sentence.supports}
    others = [pick for quote, pick in found.items() if "정진욱" in quote]
    own = DraftSentence(text="AI 시티 사업을 두고 나온 말들입니다.", citations=(found[QUOTE], *others))
    approved_id = suspended(changing, shelf, changing.correct(sentences=(own,)))
    (sentence,) = renewals(changing).renew(KIM, approved_id).sentences
    assert (sentence.text, [cited.quote for cited in sentence.citations]) == (own.text, [CHANGED, others[0].quote])


def test_what_has_no_successor_is_written_by_hand(changing: Approvals) -> None:
    correction = changing.correct()
    (sentence,) = correction.sentences
    elsewhere = sentence.citations[0].model_copy(update={"document_id": "S999-ko"})
    gone = correction.model_copy(update={"sentences": (sentence.model_copy(update={"citations": (elsewhere,)}),)})
    with changing.desk.index.reader() as generation, pytest.raises(InvalidReviewError, match="Nothing in 'S999-ko' is"):
        renewed(gone, QUESTION, generation)


def test_only_what_has_changed_is_renewed(changing: Approvals) -> None:
    approved_id = changing.answers.publish(PARK, changing.correct().id, 1).id
    with pytest.raises(UnknownApprovedError, match="Nothing that the approved answer"):
        renewals(changing).renew(KIM, approved_id)
    with pytest.raises(UnknownApprovedError):
        renewals(changing).renew(KIM, 99)


def test_without_its_item_nothing_is_kept(changing: Approvals, shelf: Shelf) -> None:
    answer = changing.desk.ask(QUESTION, conversation="c1")
    approved_id = changing.answers.approve_as_is(PARK, changing.desk.item_of(answer)).id
    shelf.swap("40억", "50억")
    changing.follow()
    forget(changing.desk.database, "c1")
    changing.desk.feed.run(everything=True)
    with pytest.raises(InvalidReviewError, match="were deleted"):
        renewals(changing).renew(KIM, approved_id)
