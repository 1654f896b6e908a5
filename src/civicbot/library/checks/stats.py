"""How much the corpus holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from civicbot.library.files import read_corpus
from civicbot.library.formats import Draft, read_document
from civicbot.library.sentences import cut_free, cut_written
from civicbot.model import DocumentKind, Language, Noun

_LINE = 700


class StatsRow(Noun):
    """A row of the table.

    Attributes:
        documents: how many there are of this language and kind.
        sentences: of their texts.
        topics: different ones.
        newest: the newest date of publication (briefs: of the last update), None when none has a date.
    """

    language: Language
    kind: DocumentKind
    documents: int
    sentences: int
    topics: int
    newest: date | None


def corpus_stats(folder: Path) -> tuple[StatsRow, ...]:
    """Counts what a corpus folder holds; files that cannot be read do not count.

    Returns:
        A row for each language and kind that there is, Korean first, briefs before digests before other documents.

    Raises:
        IngestError: there is no such folder.
    """
    drafts: Mapping[tuple[Language, DocumentKind], list[Draft]] = defaultdict(list)
    for file in read_corpus(folder).files:
        draft = read_document(file).draft
        if draft is not None:
            drafts[draft.document.language, draft.document.kind].append(draft)
    kinds = list(DocumentKind)
    groups = sorted(drafts.items(), key=lambda item: (item[0][0] != "ko", kinds.index(item[0][1])))
    return tuple(_row(language, kind, found) for (language, kind), found in groups)


def _row(language: Language, kind: DocumentKind, drafts: list[Draft]) -> StatsRow:
    dates = [day for draft in drafts if (day := draft.document.told)]
    return StatsRow(
        language=language,
        kind=kind,
        documents=len(drafts),
        sentences=sum(_sentences(draft) for draft in drafts),
        topics=len({topic for draft in drafts for topic in draft.document.topics}),
        newest=max(dates, default=None),
    )


def _sentences(draft: Draft) -> int:
    language = draft.document.language
    lines = (line for section in draft.sections for paragraph in section.paragraphs for line in paragraph.lines)
    if draft.document.kind is DocumentKind.DOCUMENT:
        return sum(len(cut_free(line, language, limit=_LINE)) for line in lines)
    return sum(len(cut_written(line, language)) for line in lines)
