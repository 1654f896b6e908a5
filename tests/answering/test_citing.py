"""Citations over the real library."""

from __future__ import annotations

from civicbot.answering.citing import citation_of
from civicbot.model import DocumentKind, Question
from civicbot.retrieval.opened import OpenGeneration
from civicbot.wiring import Service


def test_a_citation_bears_the_day_of_its_source_and_an_undated_source_none(generation: OpenGeneration) -> None:
    undated = 0
    for passage in generation.passages:
        document = generation.document(passage.document_id)
        if document.kind is not DocumentKind.SOURCE:
            continue
        support = passage.statements[0].supports[0]
        citation = citation_of(generation, support, 1)
        assert citation.published == document.published
        if document.published is None:
            assert document.updated is not None
            undated += 1
    assert undated >= 30


def test_an_answer_from_an_undated_source_names_no_day_for_which_it_holds(
    service: Service, generation: OpenGeneration
) -> None:
    told = 0
    for document in generation.documents:
        if document.kind is not DocumentKind.SOURCE or document.published is not None:
            continue
        asked = next(
            (
                s.asked_as[0]
                for p in generation.passages
                if p.document_id == document.id
                for s in p.statements
                if s.asked_as
            ),
            document.title,
        )
        answer = service.assistant.answer(Question(text=asked, language=document.language))
        dates = [citation.published for citation in answer.citations if citation.published is not None]
        assert answer.as_of == max(dates, default=None)
        told += bool(answer.citations) and not dates
    assert told >= 1
