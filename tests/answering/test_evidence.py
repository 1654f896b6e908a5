"""What is shown where nothing answers, and what must not pass for an answer."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from civicbot.answering import evidence
from civicbot.answering.texts import texts
from civicbot.language.detect import detect_language
from civicbot.language.quantities import quantities
from civicbot.model import Answer, AnswerStatus, Facet, Question
from civicbot.retrieval.opened import OpenGeneration
from civicbot.wiring import Service

Ask = Callable[[str], Answer]


@pytest.fixture
def ask(service: Service) -> Ask:
    return lambda text: service.assistant.answer(Question(text=text))


def facets(generation: OpenGeneration, answer: Answer) -> list[Facet | None]:
    """The facets of the passages that the sentences of an answer are of."""
    held = {statement.text: passage.facet for passage in generation.passages for statement in passage.statements}
    return [held[sentence.text] for sentence in answer.sentences]


def money(text: str) -> set[str]:
    return {quantity.value for quantity in quantities(text) if quantity.kind == "money"}


CLOSE = ("AX 실증밸리 총사업비는?", "How much is the AX demonstration valley?")


@pytest.mark.parametrize("question", CLOSE)
def test_the_closest_is_shown_with_a_refusal(ask: Ask, monkeypatch: pytest.MonkeyPatch, question: str) -> None:
    answered = ask(question)
    assert answered.status is AnswerStatus.ANSWERED
    for threshold in ("ANSWERABLE", "OUTRIGHT", "KNOWN_UNKNOWN", "UNMATCHED_UNKNOWN", "BROAD"):
        monkeypatch.setattr(evidence, threshold, 1.01)
    answer = ask(question)
    assert answer.status is AnswerStatus.NO_EVIDENCE
    assert answered.sentences[0].text in [sentence.text for sentence in answer.sentences]
    assert len(answer.sentences) <= evidence.MOST_SHOWN
    assert all(sentence.citations for sentence in answer.sentences)
    status = texts(detect_language(question)).status
    assert answer.text.startswith(status["no_evidence_close"])
    # What is shown must not be denied in the same breath.
    assert status["no_evidence"] not in answer.text
    assert status["no_evidence_known"] not in answer.text


def test_every_part_has_its_closest_sentence(
    ask: Ask, generation: OpenGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    for threshold in ("ANSWERABLE", "OUTRIGHT", "KNOWN_UNKNOWN", "UNMATCHED_UNKNOWN", "BROAD"):
        monkeypatch.setattr(evidence, threshold, 1.01)
    answer = ask("AX 실증밸리는 총사업비가 얼마고 언제까지 해?")
    assert answer.status is AnswerStatus.NO_EVIDENCE
    assert {Facet.COST, Facet.SCHEDULE} <= set(facets(generation, answer))


@pytest.mark.parametrize("question", ["내일 날씨 어때?", "오늘 점심 뭐 먹지?", "How do I cook kimchi stew?"])
def test_nothing_is_close_to_what_has_nothing_to_do_with_it(ask: Ask, question: str) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.OUT_OF_SCOPE
    assert answer.sentences == ()


@pytest.mark.parametrize(
    ("question", "total"),
    [
        ("백운~매곡 BRT 요금은 얼마예요?", "백운~매곡 BRT 총사업비는?"),
        ("백운~매곡 BRT 차비는 얼마예요?", "백운~매곡 BRT 총사업비는?"),
        ("AI 모빌리티 신도시 월세는 얼마예요?", "AI 모빌리티 신도시 총사업비는?"),
        ("How much is the fare on the Baegun–Maegok BRT?", "What is the total cost of the Baegun–Maegok BRT?"),
        ("What is the rent in the AI mobility new town?", "What is the total cost of the AI mobility new town?"),
    ],
)
def test_a_fare_is_never_answered_with_the_total_cost(
    ask: Ask, generation: OpenGeneration, question: str, total: str
) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NO_EVIDENCE
    cost = ask(total)
    assert cost.status is AnswerStatus.ANSWERED
    assert money(cost.text)
    assert not money(cost.text) & money(answer.text)
    assert Facet.COST not in facets(generation, answer)


@pytest.mark.parametrize(
    "question", ["백운~매곡 BRT 요금은 얼마예요?", "How much is the fare on the Baegun–Maegok BRT?"]
)
def test_what_is_known_to_be_unpublished_is_a_refusal_that_says_so(
    ask: Ask, generation: OpenGeneration, question: str
) -> None:
    answer = ask(question)
    assert answer.status is AnswerStatus.NO_EVIDENCE
    assert answer.text.startswith(texts(answer.language).status["no_evidence_known"])
    assert facets(generation, answer) == [Facet.UNKNOWN]


def test_what_is_known_to_be_unpublished_needs_less_confidence(
    ask: Ask, generation: OpenGeneration, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert evidence.NEAR < evidence.KNOWN_UNKNOWN < evidence.ANSWERABLE
    question = "백운~매곡 BRT 요금은 얼마예요?"
    monkeypatch.setattr(evidence, "ANSWERABLE", 1.01)
    assert facets(generation, ask(question)) == [Facet.UNKNOWN]
    monkeypatch.setattr(evidence, "KNOWN_UNKNOWN", 1.01)
    assert not ask(question).text.startswith(texts("ko").status["no_evidence_known"])


def test_whether_it_was_published_is_answered_by_what_is_not(ask: Ask, generation: OpenGeneration) -> None:
    answer = ask("Has the apartment price in the AI mobility new town been published?")
    assert answer.status is AnswerStatus.ANSWERED
    assert facets(generation, answer)[0] is Facet.UNKNOWN


@pytest.mark.parametrize(
    "question",
    [
        "AI가 우리 집 고양이 밥도 주나요?",
        "자율주행 지하철은 언제 다녀요?",
        "Will an A.I. feed my cat?",
        "robot car for my dog",
    ],
)
def test_what_these_projects_are_about_is_not_turned_away_as_another_matter(ask: Ask, question: str) -> None:
    assert ask(question).status is AnswerStatus.NO_EVIDENCE


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("Is the AI City bid approved?", "contact number"),
        ("Was Gwangju's AI City bid turned down?", "contact number"),
        ("미래차국가산단 지정됐어?", "토지보상 금액"),
    ],
)
def test_that_another_thing_is_not_told_is_no_answer(service: Service, ask: Ask, question: str, another: str) -> None:
    assert another not in ask(question).text
    outcome = service.assistant.rehearse(Question(text=question)).context
    held = [weighed for part in outcome.parts for weighed in evidence.weighed_up(outcome, part)]
    denied = [weighed for weighed in held if another in weighed.candidate.statement.text]
    assert denied
    assert all(weighed.hindrance for weighed in denied)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("What is the contact number for Gwangju's AI City bid?", "contact"),
        ("미래차국가산단 토지보상 금액은 얼마예요?", "토지보상 금액"),
    ],
)
def test_that_it_is_not_told_answers_the_question_for_it(ask: Ask, question: str, told: str) -> None:
    assert any(told in sentence.text for sentence in ask(question).sentences)


def test_an_answer_about_a_city_names_it(ask: Ask) -> None:
    answer = ask("부산 AI 시티 예산은 얼마예요?")
    assert (answer.status, answer.sentences) == (AnswerStatus.OUT_OF_SCOPE, ())
    assert answer.text.startswith(texts("ko").status["out_of_scope_city"])
