from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.answering.gate.conftest import passage

from civicbot.answering.gate.decide import SentenceGate
from civicbot.answering.gate.nouns import GateDecision, GateRule

KOREAN = "남항 재개발의 총사업비는 2026년 3월 기준으로 4200억 원이고 축구장 30개 크기인 21만㎡에서 진행됩니다."
ENGLISH = "The Hanbit tram is 14.2 km long, has 23 stops and cost 310 billion won, the city said on 4 March 2026."
SENTENCES = [KOREAN, ENGLISH, "한서윤 시장은 2026년 3월 4일 한빛 트램 승객이 하루 5만 명을 넘었다고 밝혔습니다."]
PROPERTIES = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], derandomize=True
)


def test_a_sentence_without_citation_does_not_pass(gate: SentenceGate) -> None:
    decision = gate.check(KOREAN, "ko", [])
    assert [finding.rule for finding in decision.findings] == [GateRule.NO_CITATION]


def test_what_was_not_given_cannot_be_cited(gate: SentenceGate) -> None:
    decision = gate.check(KOREAN, "ko", [passage(KOREAN)], given=[passage(ENGLISH)])
    assert [finding.rule for finding in decision.findings] == [GateRule.NO_CITATION]


def test_the_evidence_given_may_be_cited(gate: SentenceGate) -> None:
    assert gate.check(KOREAN, "ko", [passage(KOREAN)], given=[passage(ENGLISH), passage(KOREAN)]).passed


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_verbatim_copy_passes(decide: Callable[..., GateDecision], sentence: str) -> None:
    assert decide(sentence, sentence) == GateDecision(True, 1.0, ())


def test_one_line_of_several_is_a_copy(decide: Callable[..., GateDecision]) -> None:
    assert decide(KOREAN, "한빛 트램은 다닙니다.\n" + KOREAN).passed


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("남항 재개발에는 모두 4,200억 원이 듭니다.", "남항 재개발의 총사업비는 4200억 원입니다."),
        ("남항 재개발의 총사업비는 0.42조 원입니다.", "남항 재개발의 총사업비는 4200억 원입니다."),
        ("Namhang harbour renewal costs 420 billion won in total.", "남항 재개발의 총사업비는 4200억 원입니다."),
        (
            "남항 재개발의 총사업비는 4200억 원입니다.",
            "The total cost of the Namhang harbour renewal is KRW 420 billion.",
        ),
        ("Construction of the Hanbit tram starts in May 2027.", "한빛 트램은 2027년 5월 3일 착공합니다."),
        ("The Hanbit tram is 14.2 kilometres long.", "한빛 트램의 길이는 14.2㎞입니다."),
    ],
)
def test_other_words_and_the_other_language_pass(
    decide: Callable[..., GateDecision], sentence: str, evidence: str
) -> None:
    decision = decide(sentence, evidence)
    assert decision.passed, decision.findings


@PROPERTIES
@given(sentence=st.sampled_from(SENTENCES), new=st.integers(min_value=101, max_value=99_999), which=st.integers(0, 9))
def test_a_figure_that_is_not_in_the_passage_is_caught(gate: SentenceGate, sentence: str, new: int, which: int) -> None:
    from civicbot.answering.gate.measures import measures

    figures = [measure for measure in measures(sentence) if not measure.dated]
    quantity = figures[which % len(figures)].quantity
    digits = sentence[quantity.start : quantity.end]
    told = "".join(letter for letter in digits if letter.isdigit())
    if str(new) in (told, quantity.value) or str(new) in sentence:
        return
    changed = sentence[: quantity.start] + digits.replace(told[0], str(new), 1) + sentence[quantity.end :]
    decision = gate.check(changed, "en" if sentence == ENGLISH else "ko", [passage(sentence)])
    assert {finding.rule for finding in decision.findings} & {GateRule.NUMBER, GateRule.UNIT, GateRule.DATE}


@PROPERTIES
@given(
    sentence=st.sampled_from(SENTENCES),
    name=st.from_regex(r"[a-z]{3,12}", fullmatch=True),
    form=st.sampled_from([" https://{}.kr/a", " www.{}.co.kr", " ({}@city.go.kr)", " {}.or.kr"]),
)
def test_an_added_address_is_caught(gate: SentenceGate, sentence: str, name: str, form: str) -> None:
    decision = gate.check(sentence + form.format(name), "en" if sentence == ENGLISH else "ko", [passage(sentence)])
    assert GateRule.LINK in {finding.rule for finding in decision.findings}


def test_every_decision_is_the_same_again(decide: Callable[..., GateDecision]) -> None:
    changed = KOREAN.replace("4200억", "4300억")
    assert decide(changed, KOREAN) == decide(changed, KOREAN)


def test_a_finding_names_its_token_and_place(decide: Callable[..., GateDecision]) -> None:
    changed = KOREAN.replace("4200억", "4300억")
    (finding,) = decide(changed, KOREAN).findings
    assert (finding.rule, finding.token) == (GateRule.NUMBER, "4300억")
    assert finding.span is not None
    assert changed[slice(*finding.span)] == "4300억"


def test_the_exact_rules_weigh_no_words(gate: SentenceGate) -> None:
    assert gate.exact("남항 재개발은 아름답습니다.", "ko", [passage(KOREAN)]) == ()
    (finding,) = gate.exact(KOREAN.replace("4200억", "4300억"), "ko", [passage(KOREAN)])
    assert finding.rule is GateRule.NUMBER
    assert [each.rule for each in gate.exact(KOREAN, "ko", [])] == [GateRule.NO_CITATION]
