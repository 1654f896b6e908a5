"""Cases from verdicts: what is right passes, what was wrong does not."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.review.desks import START

from civicbot.model import Answer, AnswerSentence, AnswerStatus, Citation, Exchange, Language, Versions
from civicbot.records.rows import EarlierTurn
from civicbot.review.correction_nouns import CitedSentence, CorrectedSentence, quote_hash
from civicbot.review.nouns import Verdict
from civicbot.review.verified_making import Judged, Right, approved_case, case_of
from civicbot.review.verified_nouns import VerifiedCase, judge_case, source_of

ANSWERED, PARTIAL, NO_EVIDENCE = AnswerStatus.ANSWERED, AnswerStatus.PARTIAL, AnswerStatus.NO_EVIDENCE
COST = "AI 시티 예산은 40억 원입니다."
OTHER_COST = "AI 시티 예산은 300억 원입니다."
WHO = "사업은 과학기술정보통신부가 맡습니다."
OTHER_WHO = "사업은 국토교통부가 맡습니다."
Said = tuple[str, str, str]
"""A sentence, what is cited for it, and the document."""


def said(text: str, quote: str | None = None, document_id: str = "S001-ko") -> Said:
    return text, quote if quote is not None else text, document_id


def answer(
    sentences: Sequence[Said] = (), status: AnswerStatus = ANSWERED, text: str = "", language: Language = "ko"
) -> Answer:
    cited = list(dict.fromkeys((quote, document) for _, quote, document in sentences))
    number = {each: place for place, each in enumerate(cited, 1)}
    return Answer(
        id=uuid.uuid4().hex,
        conversation_id="c",
        status=status,
        language=language,
        text=text or " ".join(f"{told}[{number[quote, document]}]" for told, quote, document in sentences),
        sentences=tuple(
            AnswerSentence(text=told, citations=(number[quote, document],)) for told, quote, document in sentences
        ),
        citations=tuple(
            Citation(
                number=place,
                quote=quote,
                document_id=document,
                passage_id=f"{document}.1",
                title="t",
                publisher=None,
                published=None,
                url=None,
                language=language,
            )
            for (quote, document), place in number.items()
        ),
        confidence=0.9,
        versions=Versions(app="0", index="g1"),
    )


def right(*sentences: Said, status: AnswerStatus = ANSWERED, approved_id: int | None = None) -> Right:
    def cited(quote: str, document: str) -> CitedSentence:
        return CitedSentence(
            document_id=document,
            passage_id=f"{document}.1",
            start=0,
            end=len(quote),
            quote=quote,
            quote_hash=quote_hash(quote),
            title="t",
            publisher=None,
            published=None,
            url=None,
            language="ko",
        )

    return Right(
        status=status,
        sentences=tuple(CorrectedSentence(text=text, citations=(cited(quote, doc),)) for text, quote, doc in sentences),
        approved_id=approved_id,
    )


def corrected(written: Right) -> Answer:
    """The answer that a correction is."""
    sentences = [(one.text, one.citations[0].quote, one.citations[0].document_id) for one in written.sentences]
    text = "" if sentences else "자료에 없습니다."
    return answer(sentences, written.status, text)


def judged(
    verdict: Verdict,
    exchange_answer: Answer,
    written: Right | None = None,
    question: str = "AI 시티 예산이 얼마예요?",
    earlier: tuple[EarlierTurn, ...] = (),
) -> Judged:
    exchange = Exchange(
        question=question,
        standalone="AI 시티 예산이 얼마예요?",
        answer=exchange_answer,
        asked_at=START,
        seconds=0.1,
    )
    return Judged(verdict_id=12, verdict=verdict, item_id=3, exchange=exchange, earlier=earlier, right=written)


def case(verdict: Verdict, given_answer: Answer, written: Right | None = None) -> VerifiedCase:
    found = case_of(judged(verdict, given_answer, written))
    assert found is not None
    return found


# ---------------------------------------------------------------- right as it was given


def test_a_correct_answer_is_wanted_as_it_was_given() -> None:
    given_answer = answer([said(COST)])
    found = case(Verdict.CORRECT, given_answer)
    assert (found.id, found.item_id, found.answer_id) == ("v12", 3, given_answer.id)
    assert (found.answerable, found.open, found.expected_status) == (True, False, (ANSWERED,))
    assert found.must_include == (("40억", "4000000000"),)
    assert found.quotes == (quote_hash(COST),)
    assert found.expected_sources == ("S001",)
    assert found.reference == COST
    assert judge_case(found, given_answer) == "correct"


@pytest.mark.parametrize(
    ("later", "outcome"),
    [
        (answer([said("예산은 4,000,000,000원입니다.", COST)]), "correct"),
        (answer([said(COST, "예산 40억 원이 담겼습니다.")]), "correct"),
        (answer([said(COST, "예산 40억 원이 담겼습니다.", "S050-ko")]), "incomplete"),
        (answer([said(OTHER_COST)]), "incomplete"),
        (answer([said("예산은 1,040억 원입니다.", COST)]), "incomplete"),
        (answer([said(COST)], PARTIAL), "incomplete"),
        (answer(status=NO_EVIDENCE, text="자료에 없습니다."), "missed"),
        (answer([said(COST)], NO_EVIDENCE), "incomplete"),
        (answer(status=AnswerStatus.PAUSED, text="점검 중입니다."), "missed"),
    ],
)
def test_later_answers_are_held_against_it(later: Answer, outcome: str) -> None:
    assert judge_case(case(Verdict.CORRECT, answer([said(COST)])), later) == outcome


def test_a_sentence_without_figures_is_told_by_what_it_cites() -> None:
    found = case(Verdict.CORRECT, answer([said(WHO)]))
    assert judge_case(found, answer([said("과기정통부 사업입니다.", WHO)])) == "correct"
    assert judge_case(found, answer([said(OTHER_WHO)])) == "incomplete"


def test_a_right_refusal_stays_the_same_refusal() -> None:
    found = case(Verdict.CORRECT, answer([said(COST)], NO_EVIDENCE))
    assert (found.answerable, found.expected_status, found.sentences) == (False, (NO_EVIDENCE,), ())
    assert judge_case(found, answer(status=NO_EVIDENCE, text="자료에 없습니다.")) == "correct"
    assert judge_case(found, answer(status=AnswerStatus.OUT_OF_SCOPE, text="다른 도시입니다.")) == "incomplete"
    assert judge_case(found, answer([said(COST)])) == "wrong"


@pytest.mark.parametrize("status", [AnswerStatus.PAUSED, AnswerStatus.ERROR])
def test_a_pause_is_no_answer_to_test_against(status: AnswerStatus) -> None:
    assert case_of(judged(Verdict.CORRECT, answer(status=status, text="점검 중입니다."))) is None


def test_an_approved_answer_counts_above_the_one_that_was_given() -> None:
    found = case(Verdict.CORRECT, answer([said(COST)]), right(said(OTHER_COST), approved_id=5))
    assert (found.approved_id, found.reference) == (5, OTHER_COST)


# ---------------------------------------------------------------- corrected


def test_what_only_the_wrong_answer_says_must_not_be_said() -> None:
    wrong, written = answer([said(OTHER_COST)]), right(said(COST))
    found = case(Verdict.WRONG, wrong, written)
    assert found.must_not_include == ("300억", "30000000000")
    assert judge_case(found, wrong) == "wrong"
    assert judge_case(found, corrected(written)) == "correct"
    assert judge_case(found, answer([said("예산은 1,300억 원입니다.")])) == "incomplete"


def test_an_incomplete_answer_was_not_wrong_in_what_it_said() -> None:
    given_answer = answer([said(COST)])
    found = case(Verdict.INCOMPLETE, given_answer, right(said(WHO)))
    assert found.must_not_include == ()
    assert judge_case(found, given_answer) == "incomplete"
    assert judge_case(found, answer([said(COST), said(WHO)])) == "correct"


def test_words_tell_apart_what_figures_and_quotes_do_not() -> None:
    against = answer([said("의원은 사업에 반대했습니다.", WHO)])
    found = case(Verdict.WRONG, against, right(said("의원은 사업에 찬성했습니다.", WHO)))
    assert found.must_not_include == ("의원은 사업에 반대했습니다.",)
    assert judge_case(found, against) == "wrong"
    short = answer([said(WHO)])
    found = case(Verdict.INCOMPLETE, short, right(said(WHO), said("장관이 그렇게 밝혔습니다.", WHO)))
    assert found.must_include == (("장관이 그렇게 밝혔습니다.",),)
    assert judge_case(found, short) == "incomplete"


def test_a_correction_that_says_the_same_leaves_the_case_open() -> None:
    given_answer = answer([said(COST)])
    found = case(Verdict.WRONG, given_answer, right(said(COST)))
    assert found.open
    assert judge_case(found, given_answer) == "wrong"


def test_an_answer_that_was_approved_after_its_verdict_is_right() -> None:
    given_answer = answer([said(COST)])
    found = case(Verdict.WRONG, given_answer, right(said(COST), approved_id=5))
    assert not found.open
    assert judge_case(found, given_answer) == "correct"


def test_a_corrected_refusal_must_say_what_is_known() -> None:
    known = said("요금은 아직 발표되지 않았습니다.")
    found = case(Verdict.WRONG, answer([said(OTHER_COST)]), right(known, status=NO_EVIDENCE))
    assert not found.answerable
    assert judge_case(found, answer([known], NO_EVIDENCE)) == "correct"
    assert judge_case(found, answer(status=NO_EVIDENCE, text="자료에 없습니다.")) == "incomplete"
    assert judge_case(found, answer([said(WHO)])) == "wrong"


@pytest.mark.parametrize(
    "status", [NO_EVIDENCE, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.REFUSED, AnswerStatus.CLARIFICATION]
)
def test_what_should_be_refused_may_be_refused_in_any_way(status: AnswerStatus) -> None:
    found = case(Verdict.SHOULD_HAVE_REFUSED, answer([said(COST)]), right(said(COST)))
    assert (found.answerable, found.open, found.sentences) == (False, False, ())
    assert judge_case(found, answer(status=status, text="답할 수 없습니다.")) == "correct"
    assert judge_case(found, answer([said(WHO)])) == "wrong"


# ---------------------------------------------------------------- open


@pytest.mark.parametrize("verdict", [Verdict.WRONG, Verdict.OUTDATED])
def test_without_a_correction_the_same_must_not_be_said_again(verdict: Verdict) -> None:
    wrong = answer([said(OTHER_COST)])
    found = case(verdict, wrong)
    assert found.open
    assert found.must_not_include == (OTHER_COST, "300억", "30000000000")
    assert judge_case(found, wrong) == "wrong"
    assert judge_case(found, answer([said("300억 원이 듭니다.")])) == "wrong"
    assert judge_case(found, answer([said(COST)])) == "correct"
    assert judge_case(found, answer(status=NO_EVIDENCE, text="자료에 없습니다.")) == "correct"


def test_an_incomplete_answer_without_a_correction_must_say_more() -> None:
    given_answer = answer([said(COST), said(WHO)])
    found = case(Verdict.INCOMPLETE, given_answer)
    assert found.open
    assert judge_case(found, given_answer) == "incomplete"
    assert judge_case(found, answer([said(WHO)])) == "incomplete"
    assert judge_case(found, answer([said(COST), said("2027년까지입니다.")])) == "correct"
    assert judge_case(found, answer(status=NO_EVIDENCE, text="자료에 없습니다.")) == "missed"


def test_what_should_have_been_answered_must_not_be_refused_again() -> None:
    refused = answer([said(COST)], NO_EVIDENCE)
    found = case(Verdict.SHOULD_HAVE_ANSWERED, refused)
    assert found.open
    assert judge_case(found, refused) == "missed"
    assert judge_case(found, answer([said(COST)])) == "correct"


def test_a_wrong_refusal_without_a_correction_must_become_something_else() -> None:
    refused = answer(status=AnswerStatus.OUT_OF_SCOPE, text="다른 도시입니다.")
    found = case(Verdict.WRONG, refused)
    assert judge_case(found, refused) == "missed"
    assert judge_case(found, answer(status=NO_EVIDENCE, text="자료에 없습니다.")) == "correct"


# ---------------------------------------------------------------- the question


def test_a_follow_up_is_asked_after_its_turns_and_stands_alone_for_others() -> None:
    before = (EarlierTurn(question="AI 시티가 뭐예요?", standalone="AI 시티가 뭐예요?"),)
    found = case_of(judged(Verdict.CORRECT, answer([said(COST)]), question="예산은요?", earlier=before))
    assert found is not None
    assert (found.question, found.asked) == ("AI 시티 예산이 얼마예요?", "예산은요?")
    assert found.history == ("AI 시티가 뭐예요?",)


def test_a_follow_up_whose_turns_are_gone_is_asked_alone() -> None:
    found = case_of(judged(Verdict.CORRECT, answer([said(COST)]), question="예산은요?"))
    assert found is not None
    assert (found.asked, found.history) == ("AI 시티 예산이 얼마예요?", ())


def test_an_approved_answer_alone_is_a_case_in_the_citys_words() -> None:
    found = approved_case(5, "ko", "AI 시티 예산은?", right(said(COST)), item_id=None)
    assert (found.id, found.question, found.asked, found.answer_id) == (
        "a5",
        "AI 시티 예산은?",
        "AI 시티 예산은?",
        None,
    )
    assert judge_case(found, corrected(right(said(COST)))) == "correct"


def test_a_source_is_called_alike_in_every_language() -> None:
    assert source_of("S012-ko") == source_of("S012-en") == source_of("S012") == "S012"


# ---------------------------------------------------------------- for all

_PIECES = st.sampled_from(
    [
        "예산은 40억 원입니다.",
        "예산은 1조 5,000억 원입니다.",
        "국비는 16.6%, 시비는 5~10%입니다.",
        "2025년 8월 17일에 발표했습니다.",
        "2025년에 시작했습니다.",
        "2025. 3.",
        "2026년 하반기에 엽니다.",
        "3개 노선에 버스 12대를 둡니다.",
        "두 의원이 물었습니다.",
        "과기정통부가 맡습니다.",
        "오후 6시 30분에 닫습니다[1].",
        "500만 달러와 4천만 유로입니다.",
        "It costs 4 billion won ($5 million).",
        "It was first told on 17 August 2025 at 6:30 p.m.",
        "Two thirds of 1,500 people, 16.6 per cent, came.",
        "H100 과 뉴스1 이 [2] 있습니다.",
        "제3조에 따릅니다.",
        "한 가지 이유로 300억 원과 1,300억 원입니다.",
    ]
)
_SENTENCES = st.lists(
    st.builds(said, _PIECES, st.sampled_from(["가나다", "라마바", None]), st.sampled_from(["S001-ko", "S002-ko"])),
    min_size=1,
    max_size=4,
)
_WRITTEN_STATUS = st.sampled_from([ANSWERED, PARTIAL, NO_EVIDENCE])
_JUDGEMENTS = st.sampled_from([each for each in Verdict if each is not Verdict.SHOULD_HAVE_REFUSED])


@settings(max_examples=200)
@given(_JUDGEMENTS, _SENTENCES, st.sampled_from([ANSWERED, PARTIAL, NO_EVIDENCE]), _SENTENCES, _WRITTEN_STATUS)
def test_the_right_answer_passes_its_own_case_and_the_wrong_one_never_does(
    verdict: Verdict,
    told: list[Said],
    status: AnswerStatus,
    better: list[Said],
    better_status: AnswerStatus,
) -> None:
    given_answer, written = answer(told, status), right(*better, status=better_status)
    found = case(verdict, given_answer, written)
    if not found.open:
        assert judge_case(found, corrected(written)) == "correct"
    if verdict is not Verdict.CORRECT:
        assert judge_case(found, given_answer) != "correct"


@given(_JUDGEMENTS, _SENTENCES, st.sampled_from([ANSWERED, PARTIAL, NO_EVIDENCE]))
def test_without_a_correction_only_a_correct_answer_passes(
    verdict: Verdict, told: list[Said], status: AnswerStatus
) -> None:
    given_answer = answer(told, status)
    found = case(verdict, given_answer)
    assert (judge_case(found, given_answer) == "correct") == (verdict is Verdict.CORRECT)
    assert found.open == (verdict is not Verdict.CORRECT)
