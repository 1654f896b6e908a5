"""What is known of a sentence with regard to a question."""

from __future__ import annotations

import pytest

from civicbot.answering.features import FeatureExtractor, Features
from civicbot.answering.understanding import understand
from civicbot.language.detect import detect_language
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit


def of_its_sentence(generation: OpenGeneration, wording: str, question: str) -> Features:
    """The features of the sentence that an editor's question belongs to, for another question."""
    passage, statement = next(
        (passage, statement)
        for passage in generation.passages
        for statement in passage.statements
        if wording in statement.asked_as
    )
    language = detect_language(question)
    asked = understand(
        question, language, generation.glossary, generation.tokenizer, 2026, thesaurus=generation.thesaurus(language)
    )
    hit = Hit(passage=passage, score=1.0, lexical=1.0, wording=0.0, dense=None)
    extractor = FeatureExtractor(generation, asked_as=True)
    return extractor.features(asked, hit, statement, extractor.survey(asked, [hit]))


@pytest.mark.parametrize(
    ("wording", "other"),
    [
        ("광주 반도체 공장은 누가 지어요?", "광주 반도체 공장은 언제 지어요?"),
        ("광주 팹 부지 정확히 어디야", "광주 팹 부지 정확히 누구야"),
        ("Which companies build the chip plants?", "When do companies build the chip plants?"),
    ],
)
def test_a_question_for_something_else_is_not_the_editors_question(
    generation: OpenGeneration, wording: str, other: str
) -> None:
    same = of_its_sentence(generation, wording, wording)
    assert same["asked_same"] == 1.0
    assert same["asked_alike"] == pytest.approx(1.0)
    different = of_its_sentence(generation, wording, other)
    assert different["asked_same"] == 0.0
    assert different["asked_match"] < 0.7 * same["asked_match"]


def test_a_question_that_does_not_say_what_it_wants_may_be_the_editors_question(generation: OpenGeneration) -> None:
    wording = "모빌리티 신도시 위치"
    assert of_its_sentence(generation, wording, "모빌리티 신도시의 위치")["asked_same"] == 1.0
