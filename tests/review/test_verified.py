"""Which verdicts are cases, on both kinds of database."""

from __future__ import annotations

from sqlalchemy import update
from tests.review.desks import KIM, PARK, QUOTE, START, DeskForTests

from civicbot.model import AnswerStatus
from civicbot.records.forget import forget
from civicbot.records.tables import ApprovedRow
from civicbot.review.approved import ApprovedAnswers
from civicbot.review.correction_nouns import Correction, Draft, DraftSentence
from civicbot.review.nouns import Verdict
from civicbot.review.verified import VerifiedCases, judge_case

QUESTION = "AI 시티 예산은?"
OTHER = "예산은 AI 시티 시범사업에 40억 원입니다."


def judge(desk: DeskForTests, question: str = QUESTION, verdict: Verdict = Verdict.CORRECT, **given: object) -> str:
    answer = desk.ask(question, **given)
    desk.verdicts.judge(KIM, desk.item_of(answer), verdict, answer_id=answer)
    return answer


def correct(desk: DeskForTests, answer: str, text: str = OTHER) -> Correction:
    """Saves a corrected answer of one sentence, which cites what the answer cited."""
    item = desk.item_of(answer)
    draft = desk.corrections.prefill(KIM, item, answer_id=answer)
    sentence = DraftSentence(text=text, citations=draft.sentences[0].citations)
    changes = {"sentences": (sentence,), "status": AnswerStatus.ANSWERED}
    return desk.corrections.save(KIM, item, Draft.model_validate(draft.model_copy(update=changes).model_dump()))


def approve(desk: DeskForTests, correction: Correction, wording: str) -> int:
    """Publishes a corrected answer in the city's own words; returns the approved answer's id."""
    answers = ApprovedAnswers(desk.store, desk.index, mask=lambda text, _: text, two_persons=False, today=START.date)
    return answers.publish(PARK, correction.id, correction.version, wordings=(wording,)).id


def test_the_newest_verdict_of_an_item_is_its_case(desk: DeskForTests) -> None:
    cases = VerifiedCases(desk.store)
    assert cases.cases() == ()
    answer = judge(desk, verdict=Verdict.WRONG)
    judge(desk, "정진욱 의원이 무엇을 요청했나요?")
    desk.verdicts.judge(KIM, desk.item_of(answer), Verdict.CORRECT, answer_id=answer)
    first, second = cases.cases()
    assert (first.verdict, first.question) == (Verdict.CORRECT, "정진욱 의원이 무엇을 요청했나요?")
    assert (second.verdict, second.question, second.answer_id) == (Verdict.CORRECT, QUESTION, answer)
    assert second.item_id == desk.item_of(answer)
    assert second.reference == QUOTE
    assert second.given == QUOTE


def test_the_newest_version_of_a_correction_is_what_is_wanted(desk: DeskForTests) -> None:
    answer = judge(desk, verdict=Verdict.WRONG)
    (alone,) = VerifiedCases(desk.store).cases()
    assert alone.open
    saved = correct(desk, answer)
    item = desk.item_of(answer)
    draft = desk.corrections.prefill(KIM, item, answer_id=answer)
    sentence = DraftSentence(text="예산은 40억 원입니다.", citations=draft.sentences[0].citations)
    draft = draft.model_copy(update={"sentences": (sentence,)})
    desk.corrections.save(KIM, item, draft, correction_id=saved.id, based_on=saved.version)
    (case,) = VerifiedCases(desk.store).cases()
    assert (case.open, case.reference) == (False, "예산은 40억 원입니다.")


def test_a_live_approved_answer_is_wanted_above_a_newer_draft(desk: DeskForTests) -> None:
    answer = judge(desk, verdict=Verdict.WRONG)
    saved = correct(desk, answer)
    approved = approve(desk, saved, "AI 시티 예산은 얼마입니까?")
    desk.clock.move(hours=1)
    correct(desk, answer, "예산은 40억 원입니다.")
    (case,) = VerifiedCases(desk.store).cases()
    assert (case.approved_id, case.reference, case.question) == (approved, OTHER, QUESTION)
    with desk.store.writing() as session:
        session.execute(update(ApprovedRow).values(state="suspended"))
    (case,) = VerifiedCases(desk.store).cases()
    assert (case.approved_id, case.reference) == (None, "예산은 40억 원입니다.")


def test_a_case_goes_with_its_exchange(desk: DeskForTests) -> None:
    answer = judge(desk, verdict=Verdict.WRONG)
    correct(desk, answer)
    forget(desk.database, answer)
    assert VerifiedCases(desk.store).cases() == ()


def test_an_approved_answer_stays_a_case_in_the_citys_words(desk: DeskForTests) -> None:
    answer = judge(desk, verdict=Verdict.WRONG)
    approved = approve(desk, correct(desk, answer), "AI 시티 예산은 얼마입니까?")
    forget(desk.database, answer)
    desk.feed.run(everything=True)
    (case,) = VerifiedCases(desk.store).cases()
    assert (case.id, case.question, case.answer_id) == (f"a{approved}", "AI 시티 예산은 얼마입니까?", None)
    assert (case.reference, case.approved_id, case.given) == (OTHER, approved, "")
    with desk.store.writing() as session:
        session.execute(update(ApprovedRow).values(state="withdrawn"))
    assert VerifiedCases(desk.store).cases() == ()


def test_a_follow_up_comes_with_the_turns_before_it(desk: DeskForTests) -> None:
    first = desk.ask("AI 시티가 뭐예요?", conversation="c1")
    judge(desk, "예산은요?", conversation="c1", standalone="AI 시티 예산은요?")
    (case,) = VerifiedCases(desk.store).cases()
    assert (case.asked, case.question, case.history) == ("예산은요?", "AI 시티 예산은요?", ("AI 시티가 뭐예요?",))
    assert first != case.answer_id


def test_what_was_given_fails_where_it_was_wrong(desk: DeskForTests) -> None:
    answer = judge(desk, verdict=Verdict.WRONG, sentence="예산은 300억 원입니다.")
    (case,) = VerifiedCases(desk.store).cases()
    kept = desk.items.open(KIM, desk.item_of(answer)).exchange.answer
    assert judge_case(case, kept) == "wrong"
