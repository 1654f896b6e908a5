"""A value that has changed or that sources dispute is told with those that belong to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from civicbot.answering import evidence
from civicbot.answering.context import Candidate, Context, Part
from civicbot.answering.parts import understood
from civicbot.answering.revisions import figure_states, told_whole
from civicbot.language.detect import detect_language
from civicbot.language.quantities import as_told, figures
from civicbot.model import AnswerStatus, Document, Facet, Figure, Question
from civicbot.retrieval.opened import OpenGeneration
from civicbot.wiring import Service


def asking(generation: OpenGeneration, text: str) -> Context:
    language = detect_language(text)
    context = Context(
        question=Question(text=text), generation=generation, today=date(2026, 11, 22), text=text, language=language
    )
    return replace(context, parts=(Part(text, understood(context, text)),))


def telling(generation: OpenGeneration, document: str, value: str) -> Iterator[Candidate]:
    """The sentences of a document that tell a value, but for those that say what is not known."""
    for passage in generation.passages:
        if passage.document_id == document and passage.facet is not Facet.UNKNOWN:
            for statement in passage.statements:
                if value in figures(statement.text):
                    yield Candidate(statement, passage, 1.0, 0.9)


def values(told: tuple[Candidate, ...]) -> set[str]:
    return {value for one in told for value in figures(one.statement.text)}


def briefs(generation: OpenGeneration) -> Iterator[Document]:
    yield from (generation.document(name) for name in sorted({p.document_id for p in generation.passages}))


def outdated(document: Document) -> Iterator[tuple[Figure, set[str]]]:
    """The superseded figures of a brief that are told by their value alone, each with the values that hold now."""
    by_value: dict[str, set[str]] = {}
    for figure in document.figures:
        by_value.setdefault(as_told(figure), set()).add(figure.status)
    for figure in document.figures:
        now = {
            as_told(other)
            for other in document.figures
            if other.key == figure.key and other.unit == figure.unit and other.status in ("current", "planned")
        }
        if (
            figure.status == "superseded"
            and figure.unit != "date"
            and now
            and by_value[as_told(figure)] == {"superseded"}
        ):
            yield figure, now


def test_no_value_that_was_superseded_is_told_without_the_one_that_holds_now(generation: OpenGeneration) -> None:
    checked = 0
    for document in briefs(generation):
        context = asking(generation, "얼마예요?" if document.language == "ko" else "How much is it?")
        for figure, now in outdated(document):
            for candidate in telling(generation, document.id, as_told(figure)):
                told = told_whole(context, (candidate,))
                assert values(told[: told.index(candidate) + 1]) & now, (
                    document.id,
                    figure.key,
                    candidate.statement.text,
                )
                assert "superseded" in figure_states(context, candidate)
                checked += 1
    assert checked >= 30


@pytest.mark.parametrize(
    ("question", "first", "then"),
    [
        ("영재고 사업비 얼마예요", "665억", "871억"),
        ("2024년 말에는 AI영재고 총사업비가 얼마였나요?", "871억", "665억"),
        ("원래 AI영재고 사업비는 얼마였어요?", "871억", "665억"),
        ("How much was the gifted school said to cost in 2024?", "87.1 billion", "66.5 billion"),
        ("is the BRT still 36.1 billion?", "36.1 billion", "45.3 billion"),
    ],
)
def test_what_holds_now_stands_first_unless_what_was_before_is_asked_for(
    service: Service, question: str, first: str, then: str
) -> None:
    answer = service.assistant.answer(Question(text=question))
    assert answer.status is AnswerStatus.ANSWERED
    assert first in answer.sentences[0].text
    assert then in answer.sentences[1].text


@pytest.mark.parametrize(
    ("question", "now", "before"),
    [
        ("영재고 착공 언제예요", "2026년 착공", "2025년"),
        ("AI 영재학교 공사 언제 시작하나요?", "2026년 착공", "2025년 착공"),
        ("When will the gifted school break ground?", "2026", "in 2025"),
        ("컴퓨팅센터 착공은 언제인가요?", "3분기", "2026년 6월"),
    ],
)
def test_a_wording_after_an_earlier_plan_is_no_question_after_the_present_one(
    service: Service, question: str, now: str, before: str
) -> None:
    answer = service.assistant.answer(Question(text=question))
    assert now in answer.text
    assert before not in answer.text.replace("2025년 12월", "").replace("December 2025", "")


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("brt 사업비 361억 원 그대로예요?", ["361억", "453억"]),
        ("백운~매곡 BRT 사업비가 얼마에서 얼마로 올랐어요?", ["361억", "453억"]),
        ("How did the cost of the Baegun-Maegok BRT change?", ["36.1 billion", "45.3 billion"]),
        ("Is the BRT still going to cost 36.1 billion won?", ["36.1 billion", "45.3 billion"]),
        ("신문마다 2026년 광주 AI 예산 총액이 다르던데 각각 얼마라고 했어요?", ["1597억", "1638억", "1634억"]),
        ("How much did the Assembly add to the AX demonstration valley?", ["5.6 billion", "5.7 billion"]),
    ],
)
def test_what_has_changed_or_is_disputed_is_told_whole(service: Service, question: str, held: list[str]) -> None:
    answer = service.assistant.answer(Question(text=question))
    assert answer.status is AnswerStatus.ANSWERED
    assert all(value in answer.text for value in held)
    assert all(sentence.citations for sentence in answer.sentences)


@pytest.mark.parametrize(
    ("question", "value", "other"),
    [
        ("백운~매곡 BRT 총사업비는 얼마예요?", "453억", "361억"),
        ("What is the total cost of the Baegun-Maegok BRT?", "45.3 billion", "36.1 billion"),
    ],
)
def test_what_holds_now_needs_no_company(service: Service, question: str, value: str, other: str) -> None:
    answer = service.assistant.answer(Question(text=question))
    assert value in answer.text
    assert other not in answer.text


@pytest.mark.parametrize(
    ("question", "value", "other"),
    [
        ("KBC는 2026년 광주 AI 패키지 예산을 얼마라고 보도했나요?", "1597억", "1634억"),
        ("What figure did KBC report for Gwangju's 2026 AI package?", "159.7 billion", "163.4 billion"),
    ],
)
def test_what_one_source_has_said_is_told_alone(service: Service, question: str, value: str, other: str) -> None:
    answer = service.assistant.answer(Question(text=question))
    assert value in answer.text
    assert other not in answer.text


def test_what_one_source_has_said_and_is_superseded_is_told_with_what_holds_now(generation: OpenGeneration) -> None:
    context = asking(generation, "동아일보는 BRT 사업비를 얼마라고 했나요?")
    (candidate,) = telling(generation, "S134-ko", "36100000000")
    assert "동아일보" in candidate.statement.text
    assert "45300000000" in values(told_whole(context, (candidate,)))


def test_the_closest_is_told_whole_too(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for threshold in ("ANSWERABLE", "OUTRIGHT", "KNOWN_UNKNOWN", "UNMATCHED_UNKNOWN", "BROAD"):
        monkeypatch.setattr(evidence, threshold, 1.01)
    answer = service.assistant.answer(Question(text="brt 사업비 361억 원 그대로예요?"))
    assert answer.status is AnswerStatus.NO_EVIDENCE
    assert "361억" in answer.text
    assert "453억" in answer.text


def test_a_digest_has_its_values_from_the_brief_of_what_is_asked(generation: OpenGeneration) -> None:
    value, now = "36100000000", "45300000000"
    digests = [one for document in ("S134-ko", "S137-ko") for one in telling(generation, document, value)]
    assert digests
    for candidate in digests:
        assert now in values(told_whole(asking(generation, "BRT 사업비가 얼마예요?"), (candidate,)))
        # Of another project nothing is known of this value.
        assert told_whole(asking(generation, "AI영재고 건축비가 얼마예요?"), (candidate,)) == (candidate,)


def test_small_numbers_of_a_digest_are_no_brief_s_figures(generation: OpenGeneration) -> None:
    context = asking(generation, "AI 집적단지 협약 기업은 몇 개예요?")
    small = [
        candidate
        for document in briefs(generation)
        if not document.figures and document.language == "ko"
        for candidate in telling(generation, document.id, "299")
    ]
    assert small
    assert all(told_whole(context, (candidate,)) == (candidate,) for candidate in small)
