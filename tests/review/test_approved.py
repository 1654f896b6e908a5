"""Publishing, confirming, rejecting, reverting and withdrawing approved answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.records.samples import Kind
from tests.review.approvals import CHOI, PARK, QUESTION, Approvals, open_approvals
from tests.review.desks import KIM, QUOTE, ROOT

from civicbot.errors import CivicbotError
from civicbot.model import AnswerStatus
from civicbot.records.backup import backup, restore
from civicbot.records.database import Database
from civicbot.records.forget import forget
from civicbot.records.tables import ApprovedRow, ApprovedWordingRow, CorrectionRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action, NotAllowedError
from civicbot.review.approved_nouns import ApprovedFilter, ApprovedState, EventKind
from civicbot.review.approved_refusals import (
    DuplicateApprovedError,
    PersonalWordingError,
    SecondPersonError,
    UnknownApprovedError,
)
from civicbot.review.audit import AuditLog
from civicbot.review.correction_nouns import DraftSentence
from civicbot.review.refusals import (
    ChangedMeanwhileError,
    InvalidReviewError,
    UnknownCorrectionError,
    UnknownItemError,
)

OTHER = "AI 모빌리티 총사업비는?"


def kinds(approvals: Approvals, approved_id: int) -> list[EventKind]:
    return [event.kind for event in approvals.answers.history(KIM, approved_id)]


def test_a_published_correction_is_given(approvals: Approvals) -> None:
    correction = approvals.correct(variants=("인공지능 시티 예산 얼마?",))
    assert approvals.given() is None
    approved = approvals.answers.publish(PARK, correction.id, 1)
    assert (approved.state, approved.version, approved.owner) == (ApprovedState.LIVE, 1, "park")
    assert approved.wordings == (QUESTION, "인공지능 시티 예산 얼마?")
    assert (approved.checked_on, approved.published_by, approved.proposed_by) == (date(2026, 11, 22), "park", None)
    given = approvals.given("ai시티  예산은")
    assert given is not None
    assert (given.id, given.checked_on) == (approved.id, date(2026, 11, 22))
    assert [(text, [support.quote for support in supports]) for text, supports in given.sentences] == [(QUOTE, [QUOTE])]
    assert approvals.given(language="en") is None
    assert approvals.given("AI 모빌리티 예산은?") is None
    (event,) = approvals.answers.history(KIM, approved.id)
    assert (event.kind, event.by, event.wordings) == (EventKind.PUBLISHED, "park", approved.wordings)


def test_who_may_publish(approvals: Approvals) -> None:
    correction = approvals.correct()
    with pytest.raises(NotAllowedError):
        approvals.answers.publish(KIM, correction.id, 1)
    assert approvals.answers.list(KIM) == ()


def test_only_the_newest_version_is_published(approvals: Approvals) -> None:
    first = approvals.correct()
    assert first.item_id is not None
    draft = approvals.desk.corrections.prefill(KIM, first.item_id)
    approvals.desk.corrections.save(KIM, first.item_id, draft, correction_id=first.id, based_on=1)
    with pytest.raises(ChangedMeanwhileError, match="'kim' has stored version 2"):
        approvals.answers.publish(PARK, first.id, 1)
    with pytest.raises(UnknownCorrectionError):
        approvals.answers.publish(PARK, 99, 1)
    assert approvals.answers.publish(PARK, first.id, 2).version == 2


def test_a_wording_belongs_to_one_approved_answer(approvals: Approvals) -> None:
    first = approvals.answers.publish(PARK, approvals.correct().id, 1)
    second = approvals.correct(OTHER, variants=("AI시티 예산은",))
    with pytest.raises(DuplicateApprovedError, match=f"approved answer {first.id}, 'AI 시티 예산은\\?'") as caught:
        approvals.answers.publish(PARK, second.id, 1)
    assert caught.value.wording == "AI시티 예산은"
    assert approvals.answers.publish(PARK, second.id, 1, [OTHER]).state is ApprovedState.LIVE
    # What is withdrawn has its wordings no more, and still shows them.
    withdrawn = approvals.answers.withdraw(PARK, first.id, "낡음")
    assert withdrawn.wordings == (QUESTION,)
    assert approvals.given() is None
    approvals.answers.publish(PARK, second.id, 1, [OTHER, QUESTION])
    assert approvals.given() is not None
    with pytest.raises(DuplicateApprovedError):
        approvals.answers.publish(PARK, first.correction_id, 1)


def test_wordings_are_checked(approvals: Approvals) -> None:
    correction = approvals.correct()

    def publish(*wordings: str) -> tuple[str, ...]:
        return approvals.answers.publish(PARK, correction.id, 1, wordings).wordings

    with pytest.raises(PersonalWordingError) as caught:
        publish(QUESTION, "010-1234-5678 로 예산을 알려 주세요")
    assert "1234" not in str(caught.value)
    for wrong in ((), ("?!",), ("가" * 1001,), tuple(f"예산 {number}" for number in range(61))):
        with pytest.raises(InvalidReviewError):
            publish(*wrong)
    assert publish(" AI 시티   예산은? ", "AI시티 예산은", "\0예산") == (
        "AI 시티 예산은?",
        "\N{REPLACEMENT CHARACTER}예산",
    )


def test_an_answer_whose_time_is_over_is_not_published(approvals: Approvals) -> None:
    correction = approvals.correct(valid_until=date(2026, 11, 22))
    approvals.desk.clock.move(days=1)
    with pytest.raises(InvalidReviewError, match="until 2026-11-22, which is over"):
        approvals.answers.publish(PARK, correction.id, 1)


def test_an_answer_is_approved_as_it_was_given(approvals: Approvals) -> None:
    answer = approvals.desk.ask(QUESTION)
    item = approvals.desk.item_of(answer)
    approved = approvals.answers.approve_as_is(PARK, item, answer_id=answer)
    assert [one.text for one in approved.sentences] == [QUOTE]
    assert (approved.item_id, approved.wordings, approved.owner) == (item, (QUESTION,), "park")
    (correction,) = approvals.desk.corrections.versions(KIM, approved.correction_id)
    assert (correction.by, correction.question) == ("park", QUESTION)
    assert approvals.given() is not None
    with pytest.raises(DuplicateApprovedError):
        approvals.answers.approve_as_is(PARK, item)
    # Nothing of the refused one is left: the correction and its publication are stored together, or not at all.
    with approvals.desk.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(CorrectionRow)) == 1


def test_what_cannot_be_approved_as_it_is(approvals: Approvals) -> None:
    item = approvals.desk.item_of(approvals.desk.ask(QUESTION, status=AnswerStatus.CLARIFICATION))
    with pytest.raises(InvalidReviewError, match="'clarification' cannot be approved"):
        approvals.answers.approve_as_is(PARK, item)
    with pytest.raises(UnknownItemError):
        approvals.answers.approve_as_is(PARK, 99)
    gone = approvals.desk.item_of(approvals.desk.ask(OTHER, sentence="자료에 없는 문장입니다."))
    with approvals.desk.index.reader() as generation:
        assert all("자료에 없는" not in document.text for document in generation.documents)
    refused = approvals.answers.approve_as_is(
        PARK, gone
    )  # its quote stands, whatever the sentence says without figures
    assert refused.state is ApprovedState.LIVE


def test_a_refusal_is_approved(approvals: Approvals) -> None:
    correction = approvals.correct(status=AnswerStatus.REFUSED, sentences=())
    approved = approvals.answers.publish(PARK, correction.id, 1)
    given = approvals.given()
    assert given is not None
    assert (given.id, given.status, given.sentences) == (approved.id, AnswerStatus.REFUSED, ())


def test_two_persons(database: Database, library: LiveIndex) -> None:
    approvals = open_approvals(database, library, two_persons=True)
    correction = approvals.correct()
    proposed = approvals.answers.publish(PARK, correction.id, 1)
    assert (proposed.state, proposed.proposed_by, proposed.published_by) == (ApprovedState.PROPOSED, "park", None)
    assert proposed.proposal is not None
    assert approvals.given() is None
    with pytest.raises(SecondPersonError, match="'park' proposed it"):
        approvals.answers.confirm(PARK, proposed.id)
    with pytest.raises(NotAllowedError):
        approvals.answers.confirm(KIM, proposed.id)
    with pytest.raises(UnknownApprovedError):
        approvals.answers.confirm(CHOI, proposed.id, 7)
    confirmed = approvals.answers.confirm(CHOI, proposed.id, 1)
    assert (confirmed.state, confirmed.proposed_by, confirmed.published_by) == (ApprovedState.LIVE, "park", "choi")
    assert approvals.given() is not None
    with pytest.raises(UnknownApprovedError):
        approvals.answers.confirm(CHOI, proposed.id)
    assert kinds(approvals, proposed.id) == [EventKind.PUBLISHED, EventKind.PROPOSED]


def test_the_version_before_is_given_until_the_next_is_confirmed(database: Database, library: LiveIndex) -> None:
    approvals = open_approvals(database, library, two_persons=True)
    first = approvals.correct()
    live = approvals.answers.confirm(CHOI, approvals.answers.publish(PARK, first.id, 1).id)
    assert first.item_id is not None
    draft = approvals.desk.corrections.prefill(PARK, first.item_id)
    shorter = (DraftSentence(text="시범사업 예산은 40억 원입니다.", citations=draft.sentences[0].citations),)
    draft = draft.model_copy(update={"sentences": shorter})
    approvals.desk.corrections.save(PARK, first.item_id, draft, correction_id=first.id, based_on=1)
    waiting = approvals.answers.publish(CHOI, first.id, 2)
    assert waiting.proposal is not None
    assert (waiting.state, waiting.version, waiting.proposal.version) == (ApprovedState.LIVE, 1, 2)
    assert [one.text for one in waiting.sentences] == [QUOTE]
    assert approvals.answers.counts(KIM).waiting == 1
    assert approvals.answers.list(KIM, wanted=ApprovedFilter(waiting=True)) == (waiting,)
    rejected = approvals.answers.reject(PARK, live.id, "너무 짧음")
    assert (rejected.state, rejected.version, rejected.proposal) == (ApprovedState.LIVE, 1, None)
    approvals.answers.publish(CHOI, first.id, 2)
    newer = approvals.answers.confirm(PARK, live.id)
    assert [one.text for one in newer.sentences] == ["시범사업 예산은 40억 원입니다."]
    approvals.answers.revert(CHOI, live.id, 1)
    assert approvals.answers.confirm(PARK, live.id).version == 1
    versions = approvals.answers.versions(KIM, live.id)
    assert [(one.version, one.by) for one in versions] == [(2, "park"), (1, "park")]


def test_a_proposal_that_is_rejected_was_never_given(database: Database, library: LiveIndex) -> None:
    approvals = open_approvals(database, library, two_persons=True)
    correction = approvals.correct()
    proposed = approvals.answers.publish(PARK, correction.id, 1)
    rejected = approvals.answers.reject(CHOI, proposed.id, "  근거가 \n 약함 ")
    assert rejected.state is ApprovedState.WITHDRAWN
    assert approvals.answers.history(KIM, proposed.id)[0].reason == "근거가 약함"
    for action in (approvals.answers.reject, approvals.answers.withdraw, approvals.answers.confirm):
        with pytest.raises(UnknownApprovedError):
            action(CHOI, proposed.id)
    assert approvals.answers.publish(PARK, correction.id, 1).state is ApprovedState.PROPOSED


def test_an_earlier_version_is_brought_back(approvals: Approvals) -> None:
    first = approvals.correct()
    approved = approvals.answers.publish(PARK, first.id, 1, [QUESTION, "처음 말"])
    assert first.item_id is not None
    draft = approvals.desk.corrections.prefill(KIM, first.item_id)
    approvals.desk.corrections.save(KIM, first.item_id, draft, correction_id=first.id, based_on=1)
    approvals.answers.publish(PARK, first.id, 2)
    with pytest.raises(UnknownApprovedError, match="Version 3"):
        approvals.answers.revert(PARK, approved.id, 3)
    reverted = approvals.answers.revert(PARK, approved.id, 1)
    assert (reverted.version, reverted.wordings) == (1, (QUESTION, "처음 말"))
    assert kinds(approvals, approved.id) == [EventKind.REVERTED, EventKind.PUBLISHED, EventKind.PUBLISHED]


def test_what_is_in_the_log(approvals: Approvals) -> None:
    approved = approvals.answers.publish(PARK, approvals.correct().id, 1)
    approvals.answers.withdraw(PARK, approved.id, "비밀 사유")
    log = AuditLog(approvals.desk.database)
    lines = log.entries(ROOT, action=Action.PUBLISH)
    assert [(one.actor, one.subject, one.details["change"]) for one in lines] == [
        ("park", f"approved:{approved.id}", "withdraw"),
        ("park", f"approved:{approved.id}", "published"),
    ]
    assert QUESTION not in repr(lines)
    assert log.verify(ROOT).row is None


def test_lists_and_filters(approvals: Approvals) -> None:
    first = approvals.answers.publish(PARK, approvals.correct(owner="lee").id, 1)
    second = approvals.answers.publish(PARK, approvals.correct(OTHER).id, 1)

    def found(**wanted: object) -> list[int]:
        return [one.id for one in approvals.answers.list(KIM, wanted=ApprovedFilter.model_validate(wanted))]

    assert found() == [second.id, first.id]
    assert found(text="모빌리티  사업비") == [second.id]
    assert found(text="%") == found()
    assert found(owner="lee") == [first.id]
    assert found(language="en") == found(waiting=True) == []
    approvals.answers.withdraw(PARK, second.id)
    assert found() == [first.id, second.id]
    assert [one.id for one in approvals.answers.list(KIM, state=ApprovedState.LIVE)] == [first.id]
    counts = approvals.answers.counts(KIM)
    assert (counts.states[ApprovedState.LIVE], counts.states[ApprovedState.WITHDRAWN], counts.waiting) == (1, 1, 0)
    assert approvals.answers.of_item(KIM, first.item_id or 0) == (approvals.answers.get(KIM, first.id),)
    for look in (approvals.answers.get, approvals.answers.history, approvals.answers.versions):
        with pytest.raises(UnknownApprovedError):
            look(KIM, 99)


def test_what_waits_for_a_publisher(approvals: Approvals) -> None:
    first = approvals.correct(by=KIM)
    second = approvals.correct("AI 시티는 언제 시작해요?")
    waiting = approvals.answers.unpublished(KIM)
    assert [(one.correction_id, one.version, one.by) for one in waiting] == [
        (first.id, 1, "kim"),
        (second.id, 1, "park"),
    ]
    assert (waiting[0].question, waiting[0].item_id) == (QUESTION, first.item_id)
    approved = approvals.answers.publish(PARK, first.id, 1)
    assert [one.correction_id for one in approvals.answers.unpublished(PARK)] == [second.id]
    assert first.item_id is not None
    draft = approvals.desk.corrections.prefill(PARK, first.item_id)
    approvals.desk.corrections.save(PARK, first.item_id, draft, correction_id=first.id, based_on=1)
    assert (first.id, 2) in [(one.correction_id, one.version) for one in approvals.answers.unpublished(PARK)]
    approvals.answers.publish(PARK, first.id, 2)
    approvals.answers.withdraw(PARK, approved.id)
    # Whoever has taken it back does not wait for it.
    assert [one.correction_id for one in approvals.answers.unpublished(PARK)] == [second.id]


def test_what_is_proposed_or_rejected_waits_for_nobody_else(database: Database, library: LiveIndex) -> None:
    approvals = open_approvals(database, library, two_persons=True)
    proposed = approvals.answers.publish(PARK, approvals.correct().id, 1)
    assert approvals.answers.unpublished(CHOI) == ()
    approvals.answers.reject(CHOI, proposed.id)
    assert approvals.answers.unpublished(CHOI) == ()


def test_what_was_published_stays_when_the_resident_is_forgotten(approvals: Approvals) -> None:
    answer = approvals.desk.ask(QUESTION, conversation="c1")
    approved = approvals.answers.approve_as_is(PARK, approvals.desk.item_of(answer))
    forget(approvals.desk.database, "c1")
    approvals.desk.feed.run(everything=True)
    (correction,) = approvals.desk.corrections.versions(KIM, approved.correction_id)
    assert (correction.question, correction.item_id) == (None, None)
    kept = approvals.answers.get(KIM, approved.id)
    assert (kept.wordings, kept.state, kept.item_id) == ((QUESTION,), ApprovedState.LIVE, None)
    approvals.rulings.refresh()
    assert approvals.given() is not None


def test_of_two_who_publish_one_wording_one_is_refused(
    database: Database, library: LiveIndex, address: str, opened: Callable[[str], Database]
) -> None:
    here = open_approvals(database, library)
    corrections = [here.correct(question, variants=("같은 말",)) for question in (QUESTION, OTHER)]
    begin = threading.Barrier(2)

    def publish(number: int) -> str:
        there = open_approvals(opened(address), library)
        begin.wait()
        try:
            there.answers.publish(PARK, corrections[number].id, 1)
        except CivicbotError as error:
            return error.code
        return "published"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(publish, range(2))) == ["duplicate_approved", "published"]
    with here.desk.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ApprovedRow)) == 1


def test_a_backup_brings_them_back(
    approvals: Approvals,
    address_of: Callable[[Kind], str],
    opened: Callable[[str], Database],
    library: LiveIndex,
    tmp_path: Path,
) -> None:
    approved = approvals.answers.publish(PARK, approvals.correct().id, 1)
    archive = tmp_path / "backup.zip"
    backup(approvals.desk.database, archive)
    other = opened(address_of("sqlite"))
    restore(other, archive, keep=tmp_path)
    again = open_approvals(other, library)
    assert again.answers.get(KIM, approved.id) == approved
    assert again.given() is not None
    with again.desk.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(ApprovedWordingRow)) == 1
