from __future__ import annotations

from datetime import date

from tests.web.double import DOCUMENTS

from civicbot.model import Document, DocumentKind
from civicbot.web.holdings import holdings_of


def document(identifier: str, kind: DocumentKind = DocumentKind.SOURCE, **values: object) -> Document:
    base = {
        "id": identifier,
        "kind": kind,
        "language": "en",
        "title": f"About {identifier}",
        "text": "…",
        "path": f"{identifier}.md",
        "content_hash": "0" * 64,
    }
    return Document.model_validate(base | values)


def test_an_empty_library_holds_nothing() -> None:
    holdings = holdings_of((), "ko", {}, "others")
    assert (holdings.topics, holdings.publishers, holdings.documents, holdings.newest) == ((), (), 0, None)


def test_topics_are_called_like_their_overviews_and_lead_with_them() -> None:
    documents = [
        document("s1", topics=("brt", "odd"), published=date(2026, 1, 1), publisher="B"),
        document("s2", topics=("brt",), published=date(2026, 5, 1), publisher="A"),
        document("s3", topics=("brt", "budget"), publisher="A"),
        document("bus", DocumentKind.BRIEF, title="Bus lines", entity="brt", topics=("brt", "people")),
        document("s4", topics=("nameless",)),
        document("drop", DocumentKind.DOCUMENT),
        document("s1-ko", language="ko", topics=("brt",)),
    ]
    holdings = holdings_of(documents, "en", {"budget": "Money"}, "others")
    told = [(topic.name, [one.id for one in topic.documents]) for topic in holdings.topics]
    assert told == [("Bus lines", ["bus", "s2", "s1", "s3"]), ("Money", ["s3"]), ("others", ["s4", "drop"])]
    assert [topic.newest for topic in holdings.topics] == [date(2026, 5, 1), None, None]
    assert (holdings.documents, holdings.summaries, holdings.overviews) == (6, 4, 1)
    assert [(one.name, one.count, one.newest) for one in holdings.publishers] == [
        ("A", 2, date(2026, 5, 1)),
        ("B", 1, date(2026, 1, 1)),
    ]
    assert holdings.newest == date(2026, 5, 1)


def test_every_document_of_a_language_is_listed() -> None:
    for language in ("ko", "en"):
        holdings = holdings_of(tuple(DOCUMENTS.values()), language, {}, "others")
        listed = {one.id for topic in holdings.topics for one in topic.documents}
        assert listed == {one.id for one in DOCUMENTS.values() if one.language == language}
