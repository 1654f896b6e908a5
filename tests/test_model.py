from datetime import date

import pytest
from pydantic import ValidationError

from civicbot.model import (
    Answer,
    AnswerSentence,
    AnswerStatus,
    Citation,
    Document,
    DocumentKind,
    Facet,
    Figure,
    NoticeKind,
    Passage,
    Question,
    Statement,
    Support,
    Versions,
)

PASSAGE = Passage(
    id="S001-en.1",
    document_id="S001-en",
    kind=DocumentKind.SOURCE,
    language="en",
    title="A title",
    heading="",
    text="One sentence.",
    start=0,
    end=13,
    statements=(
        Statement(
            text="One sentence.",
            start=0,
            end=13,
            supports=(Support(document_id="S001-en", passage_id="S001-en.1", quote="One sentence.", start=0, end=13),),
        ),
    ),
    content_hash="0",
    facet=Facet.COST,
    published=date(2025, 11, 9),
)


def answer(**changes: object) -> Answer:
    fields: dict[str, object] = {
        "id": "a",
        "conversation_id": "c",
        "status": "answered",
        "language": "en",
        "text": "Yes. [1]",
        "confidence": 0.5,
        "versions": {"app": "1", "index": "i"},
    }
    return Answer.model_validate(fields | changes)


def test_nouns_do_not_change_and_take_no_unknown_fields() -> None:
    question = Question(text="What?")
    with pytest.raises(ValidationError, match="frozen"):
        question.text = "Why?"  # type: ignore[misc]
    with pytest.raises(ValidationError, match="extra"):
        Question.model_validate({"text": "What?", "colour": "red"})
    assert hash(PASSAGE) == hash(PASSAGE.model_copy())


def test_a_passage_survives_its_file() -> None:
    assert Passage.model_validate_json(PASSAGE.model_dump_json()) == PASSAGE


def test_search_sees_title_heading_and_text() -> None:
    assert PASSAGE.search_text == "A title\nOne sentence."
    assert PASSAGE.model_copy(update={"heading": "Cost"}).search_text == "A title\nCost\nOne sentence."


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("2025-10", "2025-10"), ("2025-10-02", date(2025, 10, 2)), (date(2025, 10, 2), date(2025, 10, 2)), (None, None)],
)
def test_a_figure_is_told_for_a_day_or_a_month(as_of: object, expected: object) -> None:
    figure = Figure.model_validate(
        {
            "key": "cost",
            "value": 1_500_000_000_000,
            "unit": "KRW",
            "as_of": as_of,
            "status": "current",
            "sources": ["S001"],
        }
    )
    assert figure.as_of == expected
    assert figure.value == 1.5e12


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("key", "Total cost"),
        ("key", "1st"),
        ("status", "rumoured"),
        ("as_of", "2025"),
        ("as_of", "2025-13-01"),
        ("value", None),
    ],
)
def test_a_wrong_figure_is_refused(field: str, value: object) -> None:
    fields = {"key": "cost", "value": "2026-Q3", "unit": "date", "status": "current", "sources": ["S001"]}
    assert Figure.model_validate(fields).value == "2026-Q3"
    with pytest.raises(ValidationError, match=field):
        Figure.model_validate(fields | {field: value})


def test_an_answer_in_the_apis_form() -> None:
    found = answer(
        sentences=[{"text": "Yes.", "citations": [1]}],
        citations=[
            Citation(
                number=1,
                quote="Yes.",
                document_id="S001-en",
                passage_id="S001-en.1",
                title="T",
                publisher=None,
                published=date(2025, 11, 9),
                url=None,
                language="en",
            )
        ],
        as_of="2025-11-09",
        notices=[{"kind": "disputed", "text": "Sources differ."}],
    )
    data = found.model_dump(mode="json")
    assert (data["status"], data["as_of"], data["notices"][0]["kind"]) == (
        "answered",
        "2025-11-09",
        NoticeKind.DISPUTED,
    )
    assert data["citations"][0]["published"] == "2025-11-09"
    assert (data["choices"], data["suggestions"], data["contact"]) == ([], [], None)
    assert data["versions"] == Versions(app="1", index="i").model_dump()
    assert Answer.model_validate_json(found.model_dump_json()) == found
    assert found.status is AnswerStatus.ANSWERED


def test_no_sentence_without_a_citation() -> None:
    with pytest.raises(ValidationError, match="citations"):
        AnswerSentence(text="So they say.", citations=())


@pytest.mark.parametrize("confidence", [-0.1, 1.1])
def test_confidence_is_a_probability(confidence: float) -> None:
    with pytest.raises(ValidationError, match="confidence"):
        answer(confidence=confidence)


@pytest.mark.parametrize(
    ("kind", "published", "updated", "told", "known"),
    [
        (DocumentKind.SOURCE, date(2025, 11, 9), date(2026, 11, 22), date(2025, 11, 9), date(2025, 11, 9)),
        (DocumentKind.SOURCE, None, date(2026, 11, 22), None, date(2026, 11, 22)),  # read, not told, on that day
        (DocumentKind.BRIEF, None, date(2026, 11, 22), date(2026, 11, 22), date(2026, 11, 22)),
        (DocumentKind.DOCUMENT, None, None, None, None),
    ],
)
def test_when_a_document_was_told_and_by_when_it_was_known(
    kind: DocumentKind, published: date | None, updated: date | None, told: date | None, known: date | None
) -> None:
    document = Document(
        id="d",
        kind=kind,
        language="en",
        title="",
        text="",
        path="d.md",
        content_hash="0",
        published=published,
        updated=updated,
    )
    assert (document.told, document.known) == (told, known)
