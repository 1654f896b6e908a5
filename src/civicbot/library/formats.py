"""From files to drafts: what a document says and tells about itself, before sentences are cut and linked."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

from pydantic import BaseModel

from civicbot.language.detect import detect_language
from civicbot.library.facets import facet_of, other_language_facet
from civicbot.library.files import MARKDOWN_SUFFIXES, CorpusFile
from civicbot.library.markdown import Block, Comment, Heading, Line, Paragraph, one_line, read_markdown, tidy
from civicbot.library.matter import BriefMatter, Matter, PlainMatter, SourceMatter, check, split_matter
from civicbot.library.plaintext import read_text, text_title
from civicbot.library.problems import Problem
from civicbot.model import LANGUAGES, Document, DocumentKind, Facet, Language

_KIND_FOLDERS = {"sources": DocumentKind.SOURCE, "briefs": DocumentKind.BRIEF}
_ASKED_AS = re.compile(r"\s*asked as\s*:", re.IGNORECASE)
_BULLET = re.compile(r"^[-*]\s+")
_Model = TypeVar("_Model", bound=BaseModel)


@dataclass(frozen=True)
class Section:
    """What stands under one heading; the text before the first heading has none."""

    heading: str = ""
    facet: Facet | None = None
    asked_as: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A file that was read.

    Attributes:
        document: what is known of it, still without text.
        sections: what it says, in order.
        figure_lines: for each figure of a brief, its 1-based line in the file.
    """

    document: Document
    sections: tuple[Section, ...]
    figure_lines: tuple[int, ...] = ()


class Reading(NamedTuple):
    """What came of a file: a draft unless it cannot be used, and what is wrong with it."""

    draft: Draft | None
    problems: tuple[Problem, ...]


def read_document(file: CorpusFile) -> Reading:
    """Reads one file of the corpus by its place and suffix.

    Digests are ``<language>/sources/*.md``, briefs ``<language>/briefs/*.md``; anything else is a plain document.
    """
    try:
        text = tidy(file.data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = file.data.count(b"\n", 0, error.start) + 1
        message = f"The file is not UTF-8 text (byte {error.start}); save it as UTF-8."
        return Reading(None, (Problem(file=file.path, line=line, field="file", message=message),))
    if file.pure.suffix.lower() not in MARKDOWN_SUFFIXES:
        return _plain_text(file, text)
    kind = _kind(file)
    matter = split_matter(text, file.path, required=kind is not DocumentKind.DOCUMENT)
    if isinstance(matter, Problem):
        return Reading(None, (matter,))
    if kind is DocumentKind.SOURCE:
        return _source(file, matter)
    if kind is DocumentKind.BRIEF:
        return _brief(file, matter)
    return _plain_markdown(file, matter)


def _kind(file: CorpusFile) -> DocumentKind:
    parts = file.pure.parts
    if len(parts) > 2 and parts[0] in LANGUAGES:
        return _KIND_FOLDERS.get(parts[1], DocumentKind.DOCUMENT)
    return DocumentKind.DOCUMENT


def _folder_language(file: CorpusFile) -> Language | None:
    return next((language for language in LANGUAGES if file.pure.parts[0] == language), None)


def _checked(kind: type[_Model], file: CorpusFile, matter: Matter) -> _Model | list[Problem]:
    """The front matter, which must not contradict the language of the folder."""
    model = check(kind, matter, file.path)
    folder = _folder_language(file)
    if isinstance(model, list) or folder in {None, getattr(model, "language", None)} or "language" not in matter.values:
        return model
    message = f"The file lies in the folder {folder!r} but says that its language is {matter.values['language']!r}."
    return [Problem(file=file.path, line=matter.line(["language"]), field="language", message=message)]


def _source(file: CorpusFile, matter: Matter) -> Reading:
    front = _checked(SourceMatter, file, matter)
    if isinstance(front, list):
        return Reading(None, tuple(front))
    document = Document(
        id=f"{front.id}-{front.language}",
        kind=DocumentKind.SOURCE,
        language=front.language,
        title=one_line(front.title),
        text="",
        path=file.path,
        content_hash=file.content_hash,
        source_id=front.id,
        publisher=one_line(front.publisher),
        url=front.url,
        published=front.published,
        updated=front.accessed,
        reliability=front.reliability,
        topics=front.topics,
        supersedes=front.supersedes,
    )
    blocks = read_markdown(matter.body, first_line=matter.body_line, keep_breaks=True)
    return _reading(document, _sections(blocks), _comment_problems(blocks, file))


def _brief(file: CorpusFile, matter: Matter) -> Reading:
    front = _checked(BriefMatter, file, matter)
    if isinstance(front, list):
        return Reading(None, tuple(front))
    document = Document(
        id=f"{front.id}-{front.language}",
        kind=DocumentKind.BRIEF,
        language=front.language,
        title=one_line(front.title),
        text="",
        path=file.path,
        content_hash=file.content_hash,
        updated=front.updated,
        topics=front.topics,
        entity=front.entity,
        figures=front.figures,
    )
    blocks = read_markdown(matter.body, first_line=matter.body_line, keep_breaks=True)
    problems = [*_comment_problems(blocks, file), *_facet_problems(blocks, front.language, file)]
    sections = [replace(part, facet=facet_of(part.heading, front.language)) for part in _sections(blocks)]
    lines = tuple(matter.line(["figures", number]) for number in range(len(front.figures)))
    return _reading(document, sections, problems, figure_lines=lines)


def _plain_markdown(file: CorpusFile, matter: Matter) -> Reading:
    front = _checked(PlainMatter, file, matter)
    if isinstance(front, list):
        return Reading(None, tuple(front))
    blocks = read_markdown(matter.body, first_line=matter.body_line)
    title, blocks = _take_title(blocks)
    language = front.language or _folder_language(file) or detect_language(_all_text(blocks))
    document = Document(
        id=_plain_id(file),
        kind=DocumentKind.DOCUMENT,
        language=language,
        title=one_line(front.title or title or file.pure.stem),
        text="",
        path=file.path,
        content_hash=file.content_hash,
        publisher=one_line(front.publisher) if front.publisher else None,
        url=front.url,
        published=front.published,
        topics=front.topics,
    )
    # A title in the front matter does not push the heading out of the text.
    if front.title and title and one_line(front.title) != title:
        blocks = [Heading(title, 1, matter.body_line), *blocks]
    return _reading(document, _sections(blocks), _comment_problems(blocks, file))


def _plain_text(file: CorpusFile, text: str) -> Reading:
    blocks = read_text(text)
    document = Document(
        id=_plain_id(file),
        kind=DocumentKind.DOCUMENT,
        language=_folder_language(file) or detect_language(text),
        title=text_title(blocks) or one_line(file.pure.stem),
        text="",
        path=file.path,
        content_hash=file.content_hash,
    )
    return _reading(document, _sections(blocks), ())


def _reading(
    document: Document, sections: Sequence[Section], problems: Iterable[Problem], *, figure_lines: tuple[int, ...] = ()
) -> Reading:
    if any(section.paragraphs for section in sections):
        return Reading(Draft(document, tuple(sections), figure_lines), tuple(problems))
    empty = Problem(file=document.path, line=1, field="text", message="The file holds no sentence to index.")
    return Reading(None, (*problems, empty))


def _sections(blocks: Iterable[Block]) -> list[Section]:
    sections = [Section()]
    for block in blocks:
        match block:
            case Heading():
                sections.append(Section(heading=block.text))
            case Paragraph():
                sections[-1] = replace(sections[-1], paragraphs=(*sections[-1].paragraphs, block))
            case Comment():
                wordings = (*sections[-1].asked_as, *_wordings(block.text))
                sections[-1] = replace(sections[-1], asked_as=tuple(dict.fromkeys(wordings)))
    return [section for section in sections if section.heading or section.paragraphs]


def _wordings(comment: str) -> list[str]:
    start = _ASKED_AS.match(comment)
    if start is None:
        return []
    lines = (_BULLET.sub("", one_line(line)) for line in comment[start.end() :].split("\n"))
    return [line for line in lines if line]


def _comment_problems(blocks: Iterable[Block], file: CorpusFile) -> list[Problem]:
    return [
        Problem(
            file=file.path,
            line=block.number,
            field="comment",
            message="The comment is never closed by `-->`, so that the rest of the file is not indexed.",
        )
        for block in blocks
        if isinstance(block, Comment) and not block.closed
    ]


def _facet_problems(blocks: Iterable[Block], language: Language, file: CorpusFile) -> list[Problem]:
    problems = []
    for block in blocks:
        if isinstance(block, Heading) and facet_of(block.text, language) is None:
            reason = "is that of another language" if other_language_facet(block.text, language) else "is no facet"
            message = f"The heading {block.text!r} {reason}; corpus/README.md lists the headings of briefs."
            problems.append(Problem(file=file.path, line=block.number, field="heading", message=message))
    return problems


def _take_title(blocks: list[Block]) -> tuple[str, list[Block]]:
    """The first heading when it is of level 1 and nothing stands before it, and what follows."""
    match blocks:
        case [Heading(text=title, level=1), *rest]:
            return title, rest
    return "", blocks


def _all_text(blocks: Iterable[Block]) -> str:
    lines: list[Line] = [line for block in blocks if isinstance(block, Paragraph) for line in block.lines]
    return "\n".join(line.text for line in lines)


def _plain_id(file: CorpusFile) -> str:
    """An id that a path keeps: its ASCII letters and digits to be recognised, a hash of it to be unique."""
    without_suffix = unicodedata.normalize("NFKD", str(file.pure.with_suffix("")))
    words = re.findall(r"[a-z0-9]+", without_suffix.lower())
    digest = hashlib.sha256(file.path.encode()).hexdigest()[:8]
    return "-".join([*words, digest])[-80:].lstrip("-")
