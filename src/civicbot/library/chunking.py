"""Passages: runs of whole sentences under one heading, with exact spans in the document's text."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from civicbot.model import Document, Facet, Language, Passage, Statement, Support

# A facet of a brief is one passage in nearly all cases. English needs about 1.6 times the characters of Korean for the
# same sentences; 1,100 of them are still within the 256 word pieces that the bundled embedding model reads.
LIMITS: dict[Language, int] = {"ko": 700, "en": 1100}


@dataclass(frozen=True)
class Sentence:
    """A sentence inside a text block.

    Attributes:
        start: span in the block's text.
        end: span in the block's text, end-exclusive.
        supports: what may be quoted for it; None when it may be quoted itself.
        asked_as: questions that it answers.
    """

    start: int
    end: int
    supports: tuple[Support, ...] | None = None
    asked_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class TextBlock:
    """A paragraph in its final form, with its sentences in order."""

    text: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True)
class TextSection:
    """A section in its final form."""

    heading: str = ""
    facet: Facet | None = None
    asked_as: tuple[str, ...] = ()
    blocks: tuple[TextBlock, ...] = ()


@dataclass
class _Placed:
    """A sentence at its place in the document's text."""

    start: int
    end: int
    supports: tuple[Support, ...] | None
    asked_as: tuple[str, ...]


@dataclass
class _Writer:
    """Joins blocks into the document's text and knows where each went."""

    parts: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, block: str) -> int:
        """Appends a block, parted from the one before by a blank line, and returns where it starts."""
        if self.parts:
            self.parts.append("\n\n")
            self.length += 2
        start = self.length
        self.parts.append(block)
        self.length += len(block)
        return start


def assemble(document: Document, sections: Sequence[TextSection]) -> tuple[Document, tuple[Passage, ...]]:
    """Writes the text of a document and cuts it into passages.

    Args:
        document: the document without its text.
        sections: its sections in order.

    Returns:
        The document with its text, and its passages in order; each passage's and statement's text is exactly the
        document's text at its span. A section that takes several passages gives each its wordings.
    """
    writer = _Writer()
    passages: list[Passage] = []
    for section in sections:
        if section.heading:
            writer.add(section.heading)
        placed: list[_Placed] = []
        for block in section.blocks:
            start = writer.add(block.text)
            placed += [_Placed(start + s.start, start + s.end, s.supports, s.asked_as) for s in block.sentences]
        text = "".join(writer.parts)
        for run in _runs(placed, LIMITS[document.language]):
            passages.append(_passage(document, section, f"{document.id}.{len(passages) + 1}", text, run))
    return document.model_copy(update={"text": "".join(writer.parts)}), tuple(passages)


def _runs(sentences: Sequence[_Placed], limit: int) -> Iterator[list[_Placed]]:
    """Sentences in groups of at most ``limit`` characters; a longer sentence is a group of its own."""
    run: list[_Placed] = []
    for sentence in sentences:
        if run and sentence.end - run[0].start > limit:
            yield run
            run = []
        run.append(sentence)
    if run:
        yield run


def _passage(document: Document, section: TextSection, identifier: str, text: str, run: Sequence[_Placed]) -> Passage:
    start, end = run[0].start, run[-1].end
    statements = []
    for sentence in run:
        words = text[sentence.start : sentence.end]
        itself = Support(
            document_id=document.id, passage_id=identifier, quote=words, start=sentence.start, end=sentence.end
        )
        supports = (itself,) if sentence.supports is None else sentence.supports
        statements.append(
            Statement(text=words, start=sentence.start, end=sentence.end, supports=supports, asked_as=sentence.asked_as)
        )
    passage = Passage(
        id=identifier,
        document_id=document.id,
        kind=document.kind,
        language=document.language,
        title=document.title,
        heading=section.heading,
        text=text[start:end],
        start=start,
        end=end,
        statements=tuple(statements),
        content_hash="",
        entity=document.entity,
        facet=section.facet,
        asked_as=section.asked_as,
        published=document.published,
    )
    return passage.model_copy(update={"content_hash": content_hash(passage)})


def content_hash(passage: Passage) -> str:
    """SHA-256 (hex) of everything that search sees of a passage: texts, labels, wordings, but not its place."""
    seen = [
        passage.kind,
        passage.language,
        passage.search_text,
        passage.entity,
        passage.facet,
        passage.asked_as,
        [statement.asked_as for statement in passage.statements],
        passage.published.isoformat() if passage.published else None,
    ]
    return hashlib.sha256(json.dumps(seen, ensure_ascii=False).encode()).hexdigest()
