from __future__ import annotations

import json

from tests.review.test_verified_making import COST, WHO, answer, case, right, said

from civicbot.evaluation.questions import parse_set
from civicbot.judging import judge
from civicbot.model import AnswerStatus
from civicbot.records.rows import EarlierTurn
from civicbot.review.nouns import Verdict
from civicbot.review.verified_export import lines, question, sample
from civicbot.review.verified_making import approved_case
from civicbot.review.verified_nouns import VerifiedCase
from civicbot.review.verified_run_nouns import ExportFormat


def given() -> VerifiedCase:
    return case(Verdict.CORRECT, answer([said(COST)]))


def test_lines_are_questions_that_eval_reads() -> None:
    refused = case(Verdict.SHOULD_HAVE_REFUSED, answer([said(COST)])).model_copy(update={"id": "v13"})
    written = list(lines([given(), refused], ExportFormat.CIVICBOT))
    first, second = parse_set(written, "verified.jsonl")
    assert (first.id, first.lang, first.split, first.type, first.answerable) == ("v12", "ko", "dev", "amount", True)
    assert first.must_include == (("40억", "4000000000"),)
    assert first.expected_sources == ("S001",)
    assert judge(first, answer([said(COST)])).value == "correct"
    assert (second.type, second.answerable, second.must_include) == ("unanswerable", False, ())


def test_kinds_of_questions_are_told_by_what_answers_them() -> None:
    assert question(case(Verdict.CORRECT, answer([said(WHO)])))["type"] == "fact"
    assert question(case(Verdict.CORRECT, answer([said("2027년 하반기에 엽니다.")])))["type"] == "date"
    follow_up = given().model_copy(update={"earlier": (EarlierTurn(question="뭐예요?", standalone="뭐예요?"),)})
    assert (question(follow_up)["type"], question(follow_up)["history"]) == ("followup", ["뭐예요?"])


def test_what_must_not_be_said_stands_in_the_question() -> None:
    found = case(Verdict.WRONG, answer([said("예산은 300억 원입니다.")]), right(said(COST)))
    assert question(found)["must_not_include"] == ["300억", "30000000000"]


def test_a_sample_holds_what_was_judged_beside_what_is_wanted() -> None:
    found = case(Verdict.WRONG, answer([said("예산은 300억 원입니다.")]), right(said(COST)))
    assert sample(found) == {
        "user_input": "AI 시티 예산이 얼마예요?",
        "response": "예산은 300억 원입니다.",
        "retrieved_contexts": ["예산은 300억 원입니다."],
        "reference": COST,
        "reference_contexts": [COST],
        "reference_context_ids": ["S001"],
    }


def test_a_newer_answer_takes_the_place_of_the_judged_one() -> None:
    (row,) = lines([given()], ExportFormat.RAGAS, {"v12": answer([said(WHO)])})
    assert json.loads(row)["response"] == WHO
    assert json.loads(row)["retrieved_contexts"] == [WHO]


def test_an_approved_answer_alone_was_never_judged() -> None:
    found = sample(approved_case(5, "ko", "AI 시티 예산은?", right(said(COST)), item_id=None))
    assert (found["response"], found["retrieved_contexts"], found["reference"]) == (None, None, COST)


def test_a_refusal_is_wanted_in_words() -> None:
    found = sample(case(Verdict.CORRECT, answer(status=AnswerStatus.REFUSED, text="답할 수 없습니다.")))
    assert found["reference"] == "물어보신 내용은 이 도우미가 가진 공개 자료에서 찾지 못했습니다."
    assert found["reference_contexts"] == []
