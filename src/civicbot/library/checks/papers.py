"""Digests and briefs as an editor sees them: front matter, sections and sentences, each with its line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from civicbot.library.files import CorpusFile
from civicbot.library.formats import Draft, Section, read_document
from civicbot.library.markdown import Comment, Heading, read_markdown, tidy
from civicbot.library.matter import Matter, split_matter
from civicbot.library.problems import Problem
from civicbot.library.sentences import cut_written
from civicbot.model import Document, DocumentKind, Facet, Language


@dataclass(frozen=True)
class Written:
    """A sentence in its file: its text without marks, its 1-based line and the ids behind its footnotes."""

    text: str
    line: int
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """What stands under one heading.

    Attributes:
        heading: the heading's words, empty for what stands before the first one.
        line: 1-based line of the heading, of the file's text without one.
        wordings_line: 1-based line of the first *asked as* comment, that of the heading without one.
    """

    heading: str
    facet: Facet | None
    line: int
    asked_as: tuple[str, ...]
    wordings_line: int
    sentences: tuple[Written, ...]


@dataclass(frozen=True)
class Paper:
    """A digest or brief that could be read.

    Attributes:
        document: what its front matter says; the text is empty.
        matter: the front matter with its lines.
        parts: its sections in order.
    """

    document: Document
    matter: Matter
    parts: tuple[Part, ...]

    @property
    def path(self) -> str:
        """POSIX path below the corpus folder."""
        return self.document.path

    @property
    def twin_path(self) -> str:
        """The path of the same document in the other language."""
        return twin(self.path, other_language(self.document.language))

    @property
    def sentences(self) -> Iterator[Written]:
        """All sentences in order."""
        return (sentence for part in self.parts for sentence in part.sentences)

    def problem(self, message: str, *, field: str, line: int | None = None) -> Problem:
        """A problem of this file, at ``line`` or where the front matter has the field."""
        place = self.matter.line([_step(part) for part in field.split(".")]) if line is None else line
        return Problem(file=self.path, line=place, field=field, message=message)


def read_papers(files: Iterable[CorpusFile]) -> list[Paper]:
    """The digests and briefs among a corpus' files, by path; those that cannot be read are left to ingest to report."""
    papers = []
    for file in files:
        draft = read_document(file).draft
        if draft is not None and draft.document.kind is not DocumentKind.DOCUMENT:
            papers.append(_paper(file, draft))
    return papers


def other_language(language: Language) -> Language:
    """The language of a document's twin."""
    return "en" if language == "ko" else "ko"


def twin(path: str, language: Language) -> str:
    """The path of a document's twin in ``language``."""
    return str(PurePosixPath(language, *PurePosixPath(path).parts[1:]))


def shown(text: str, limit: int = 60) -> str:
    """The start of a sentence, quoted, for a message."""
    return repr(text if len(text) <= limit else f"{text[: limit - 3]}...")


def _step(part: str) -> int | str:
    return int(part) if part.isdigit() else part


def _paper(file: CorpusFile, draft: Draft) -> Paper:
    matter = split_matter(tidy(file.data.decode("utf-8-sig")), file.path, required=True)
    assert isinstance(matter, Matter)  # the draft was made from it
    blocks = read_markdown(matter.body, first_line=matter.body_line, keep_breaks=True)
    # Each heading with the comments below it; the empty heading is the text before the first one.
    places: list[tuple[int, list[int]]] = [(matter.body_line, [])]
    for block in blocks:
        if isinstance(block, Heading):
            places.append((block.number, []))
        elif isinstance(block, Comment):
            places[-1][1].append(block.number)
    if draft.sections[0].heading:
        places = places[1:]
    language = draft.document.language
    parts = [_part(section, place, language) for section, place in zip(draft.sections, places, strict=True)]
    return Paper(draft.document, matter, tuple(parts))


def _part(section: Section, place: tuple[int, Sequence[int]], language: Language) -> Part:
    line, comments = place
    sentences = tuple(
        Written(row.text[cut.start : cut.end], row.number, cut.references)
        for paragraph in section.paragraphs
        for row in paragraph.lines
        for cut in cut_written(row, language)
    )
    wordings_line = comments[0] if comments else line
    return Part(section.heading, section.facet, line, section.asked_as, wordings_line, sentences)
