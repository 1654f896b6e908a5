"""The files of public benchmarks: JSON lines, plain or gzip'd."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from civicbot.errors import BenchmarkError
from civicbot.evaluation.benchmarks.plain import PlainDocument


class _Row(BaseModel):
    # Published files carry fields of their own beside those that are read here.
    model_config = ConfigDict(frozen=True, extra="ignore")


class CorpusRow(_Row):
    """A document of a retrieval set."""

    id: str
    text: str


class QueryRow(_Row):
    """A question of a retrieval set with the ids of the documents that answer it."""

    id: str
    question: Annotated[str, Field(min_length=1)]
    relevant: Annotated[tuple[str, ...], Field(min_length=1)]


class GoldQuestion(_Row):
    """A question about a paragraph with the answers that stand in it, verbatim."""

    id: str
    question: Annotated[str, Field(min_length=1)]
    answers: tuple[str, ...] = ()


class ParagraphRow(_Row):
    """A paragraph of a reading set with its questions; one without any is there to distract."""

    title: str = ""
    context: str
    questions: tuple[GoldQuestion, ...] = ()


@dataclass(frozen=True)
class RetrievalSet:
    """Documents and questions."""

    documents: tuple[PlainDocument, ...]
    queries: tuple[QueryRow, ...]


_Kind = TypeVar("_Kind", bound=_Row)


def read_retrieval_set(corpus: Path, queries: Path) -> RetrievalSet:
    """Reads a corpus of ``{id, text}`` and queries of ``{id, question, relevant}``.

    Raises:
        BenchmarkError: a file cannot be read, an id stands there twice, or a query names a document that is not there.
    """
    documents = tuple(PlainDocument(row.id, row.text) for row in _read(corpus, CorpusRow))
    known = {document.id for document in documents}
    if len(known) != len(documents):
        raise BenchmarkError(f"In {str(corpus)!r} {len(documents) - len(known)} ids stand more than once.")
    rows = tuple(_read(queries, QueryRow))
    for row in rows:
        if unknown := set(row.relevant) - known:
            raise BenchmarkError(
                f"The query {row.id!r} in {str(queries)!r} names the document {min(unknown)!r}, which is not there.",
                hint="Check that both files belong to the same set.",
            )
    return RetrievalSet(documents, rows)


def read_paragraphs(path: Path) -> tuple[ParagraphRow, ...]:
    """Reads paragraphs of ``{title, context, questions: [{id, question, answers}]}``.

    Raises:
        BenchmarkError: the file cannot be read.
    """
    return tuple(_read(path, ParagraphRow))


def paragraph_documents(paragraphs: Sequence[ParagraphRow]) -> tuple[PlainDocument, ...]:
    """The paragraphs as documents with their titles; their ids are their numbers from 1, as text."""
    return tuple(
        PlainDocument(str(number), paragraph.context, paragraph.title)
        for number, paragraph in enumerate(paragraphs, start=1)
    )


def paragraph_retrieval_set(paragraphs: Sequence[ParagraphRow]) -> RetrievalSet:
    """Paragraphs as a retrieval set: the paragraph that a question was written about is the one to find."""
    queries = tuple(
        QueryRow(id=question.id, question=question.question, relevant=(str(number),))
        for number, paragraph in enumerate(paragraphs, start=1)
        for question in paragraph.questions
    )
    return RetrievalSet(paragraph_documents(paragraphs), queries)


def _read(path: Path, kind: type[_Kind]) -> Iterator[_Kind]:
    rows = 0
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            yield kind.model_validate(json.loads(line))
        except json.JSONDecodeError as error:
            raise BenchmarkError(f"Line {number} of {str(path)!r} is not JSON: {error.msg}.") from error
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            message = f"Line {number} of {str(path)!r} cannot be used: {where}: {first['msg']}."
            raise BenchmarkError(message) from error
        rows += 1
    if not rows:
        raise BenchmarkError(f"The file {str(path)!r} holds no line.")


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
        # Told by the first two bytes (RFC 1952, section 2.3.1), whatever the file is called.
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, zlib.error) as error:
        raise BenchmarkError(f"The file {str(path)!r} cannot be read: {error}.") from error
    except UnicodeDecodeError as error:
        raise BenchmarkError(f"The file {str(path)!r} is not UTF-8 text (byte {error.start}).") from error
