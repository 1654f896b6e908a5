"""What a new library changes of what an approved answer cites."""

from __future__ import annotations

from tests.review.approvals import CHANGED, DIGEST, PARK, Approvals, Shelf
from tests.review.desks import QUOTE

from civicbot.review.approved_nouns import CitationChange, SuspensionReason
from civicbot.review.approved_sources import changes, quotes, reason_of
from civicbot.review.correction_nouns import quote_hash


def test_all_that_is_cited_stands(changing: Approvals, shelf: Shelf) -> None:
    approved = changing.answers.publish(PARK, changing.correct().id, 1)
    with shelf.index.reader() as generation:
        assert changes(approved, generation) == ()
        support = quotes(generation)["S001-ko", quote_hash(QUOTE)]
        assert generation.document("S001-ko").text[support.start : support.end] == QUOTE
        assert not any(generation.document(key).kind == "brief" for key, _ in quotes(generation))
    # A sentence that has moved in its document is still there.
    shelf.swap(
        "정진욱 의원은 2025년 11월 7일 국회에서", "정 의원은 말했습니다.\n정진욱 의원은 2025년 11월 7일 국회에서"
    )
    with shelf.index.reader() as generation:
        assert changes(approved, generation) == ()


def test_a_changed_sentence_is_told_with_what_stands_there_now(changing: Approvals, shelf: Shelf) -> None:
    approved = changing.answers.publish(PARK, changing.correct().id, 1)
    shelf.swap("40억", "50억")
    with shelf.index.reader() as generation:
        found = changes(approved, generation)
        assert found == (CitationChange(sentence=0, citation=0, document_id="S001-ko", before=QUOTE, after=CHANGED),)
        assert reason_of(found, generation) is SuspensionReason.SOURCE_CHANGED


def test_a_sentence_that_nothing_is_like(changing: Approvals, shelf: Shelf) -> None:
    approved = changing.answers.publish(PARK, changing.correct().id, 1)
    path = shelf.corpus / DIGEST
    head, _, _ = path.read_text(encoding="utf-8").rpartition("---\n")
    path.write_text(f"{head}---\n\nWholly different words.\n", encoding="utf-8")
    (shelf.corpus / "ko/briefs/ai-city.md").unlink()
    shelf.ingest()
    shelf.index.refresh()
    with shelf.index.reader() as generation:
        (found,) = changes(approved, generation)
    assert found.after is None


def test_a_document_that_is_gone(changing: Approvals, shelf: Shelf) -> None:
    approved = changing.answers.publish(PARK, changing.correct().id, 1)
    for path in (shelf.corpus / DIGEST, shelf.corpus / "ko/briefs/ai-city.md"):
        path.unlink()
    shelf.ingest()
    shelf.index.refresh()
    with shelf.index.reader() as generation:
        found = changes(approved, generation)
        assert [one.after for one in found] == [None]
        assert reason_of(found, generation) is SuspensionReason.SOURCE_GONE
