"""All documents of a corpus, read, linked and cut into passages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from civicbot.library.chunking import LIMITS, Sentence, TextBlock, TextSection, assemble
from civicbot.library.files import Corpus, CorpusFile
from civicbot.library.formats import Draft, Section, read_document
from civicbot.library.linking import Linker
from civicbot.library.markdown import Line, Paragraph
from civicbot.library.problems import Problem
from civicbot.library.progress import Progress
from civicbot.library.questions import Questions, read_questions
from civicbot.library.sentences import cut_free, cut_written
from civicbot.model import LANGUAGES, Document, DocumentKind, Passage, Support

Tokens = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Shelf:
    """What a corpus holds.

    Attributes:
        documents: every document that can be indexed with its passages, by path.
        problems: what is wrong with files and sentences, by place.
    """

    documents: tuple[tuple[Document, tuple[Passage, ...]], ...]
    problems: tuple[Problem, ...]

    @property
    def passages(self) -> tuple[Passage, ...]:
        """All passages in index order."""
        return tuple(passage for _, passages in self.documents for passage in passages)


def fill_shelf(corpus: Corpus, tokens: Tokens, progress: Progress) -> Shelf:
    """Reads all files; briefs after digests, whose sentences they need.

    Args:
        corpus: the corpus' files.
        tokens: search tokens of a text, for linking.
        progress: told of every file.
    """
    drafts, problems = _drafts(corpus.files, progress)
    questions = read_questions(corpus.questions)
    problems += questions.problems
    progress.stage("link", len(drafts))
    done: dict[str, tuple[Document, tuple[Passage, ...]]] = {}
    for draft in drafts:
        if draft.document.kind is not DocumentKind.BRIEF:
            done[draft.document.id] = shelved(draft)
            progress.advance(1)
    linkers = _linkers(done.values(), tokens)
    for draft in drafts:
        if draft.document.kind is DocumentKind.BRIEF:
            sections, found = _linked(draft, linkers[draft.document.language], questions)
            problems += found
            document, passages = assemble(draft.document, sections)
            if passages:
                done[document.id] = document, passages
            progress.advance(1)
    documents = sorted(done.values(), key=lambda item: item[0].path)
    problems += questions.unclaimed(_sentences(documents))
    return Shelf(tuple(documents), tuple(sorted(problems, key=lambda p: (p.file, p.line, p.field, p.message))))


def _sentences(documents: Iterable[tuple[Document, tuple[Passage, ...]]]) -> dict[str, set[str]]:
    """The sentences of every brief, by its path."""
    return {
        document.path: {statement.text for passage in passages for statement in passage.statements}
        for document, passages in documents
        if document.kind is DocumentKind.BRIEF
    }


def shelved(draft: Draft) -> tuple[Document, tuple[Passage, ...]]:
    """A digest or plain document with its text and passages; its sentences may be quoted themselves."""
    return assemble(draft.document, [_quotable(draft, part) for part in draft.sections])


def _drafts(files: Sequence[CorpusFile], progress: Progress) -> tuple[list[Draft], list[Problem]]:
    progress.stage("read", len(files))
    drafts: dict[str, Draft] = {}
    problems: list[Problem] = []
    for file in files:
        reading = read_document(file)
        problems += reading.problems
        progress.advance(1)
        if reading.draft is None:
            continue
        document = reading.draft.document
        first = drafts.setdefault(document.id, reading.draft)
        if first is not reading.draft:
            message = f"The id {document.id!r} is already that of {first.document.path!r}; this file is left out."
            problems.append(Problem(file=file.path, line=_id_line(file), field="id", message=message))
    return list(drafts.values()), problems


def _id_line(file: CorpusFile) -> int:
    lines = file.data.split(b"\n")
    return next((n for n, line in enumerate(lines, start=1) if line.startswith(b"id:")), 1)


def _quotable(draft: Draft, section: Section) -> TextSection:
    """A section of a digest or plain document, whose sentences may be quoted themselves."""
    blocks = [_quotable_block(draft.document, paragraph) for paragraph in section.paragraphs]
    return TextSection(section.heading, section.facet, section.asked_as, tuple(blocks))


def _quotable_block(document: Document, paragraph: Paragraph) -> TextBlock:
    # A digest's lines are the sentences of a running text; the lines of other documents are rows and items.
    digest = document.kind is DocumentKind.SOURCE
    separator = " " if digest else "\n"
    sentences: list[Sentence] = []
    start = 0
    for line in paragraph.lines:
        limit = LIMITS[document.language]
        cuts = cut_written(line, document.language) if digest else cut_free(line, document.language, limit=limit)
        sentences += [Sentence(start + cut.start, start + cut.end) for cut in cuts]
        start += len(line.text) + len(separator)
    return TextBlock(separator.join(line.text for line in paragraph.lines), tuple(sentences))


def _linkers(documents: Iterable[tuple[Document, tuple[Passage, ...]]], tokens: Tokens) -> Mapping[str, Linker]:
    digests: dict[str, dict[str, list[Support]]] = {language: defaultdict(list) for language in LANGUAGES}
    for document, passages in documents:
        if document.source_id is not None:
            digests[document.language][document.source_id] += [
                statement.supports[0] for passage in passages for statement in passage.statements
            ]
    return {language: Linker(sources, tokens) for language, sources in digests.items()}


def _linked(draft: Draft, linker: Linker, questions: Questions) -> tuple[list[TextSection], list[Problem]]:
    """A brief's sections with their supports; what has none is left out of the text and reported."""
    problems = _figure_problems(draft, linker)
    sections = []
    for section in draft.sections:
        blocks = [_linked_block(draft, paragraph, linker, problems) for paragraph in section.paragraphs]
        blocks = [_with_questions(draft, block, questions) for block in blocks if block.sentences]
        if blocks:
            sections.append(TextSection(section.heading, section.facet, section.asked_as, tuple(blocks)))
    return sections, problems


def _with_questions(draft: Draft, block: TextBlock, questions: Questions) -> TextBlock:
    sentences = (
        replace(cut, asked_as=questions.of(draft.document.path, block.text[cut.start : cut.end]))
        for cut in block.sentences
    )
    return replace(block, sentences=tuple(sentences))


def _linked_block(draft: Draft, paragraph: Paragraph, linker: Linker, problems: list[Problem]) -> TextBlock:
    text = ""
    sentences: list[Sentence] = []
    for line in paragraph.lines:
        for cut in cut_written(line, draft.document.language):
            words = line.text[cut.start : cut.end]
            supports = linker.supports(words, cut.references)
            problems += _sentence_problems(draft, line, words, cut.references, linker, linked=bool(supports))
            if supports:
                text += " " if text else ""
                sentences.append(Sentence(len(text), len(text) + len(words), supports))
                text += words
    return TextBlock(text, tuple(sentences))


def _sentence_problems(
    draft: Draft, line: Line, words: str, references: Sequence[str], linker: Linker, *, linked: bool
) -> list[Problem]:
    def problem(message: str) -> Problem:
        return Problem(file=draft.document.path, line=line.number, field="footnote", message=message)

    shown = words if len(words) <= 60 else f"{words[:57]}..."
    if not references:
        return [problem(f"The sentence has no footnote and is left out: {shown!r}.")]
    unknown = [source for source in references if not linker.knows(source)]
    found = [
        problem(f"No digest in {draft.document.language!r} has the id {source!r}, which this sentence cites.")
        for source in unknown
    ]
    known = ", ".join(source for source in references if source not in unknown)
    if not linked and known:
        what = f"No single sentence of {known} holds all figures and enough words of"
        found.append(problem(f"{what} this sentence, which is left out: {shown!r}."))
    return found


def _figure_problems(draft: Draft, linker: Linker) -> list[Problem]:
    language = draft.document.language
    return [
        Problem(
            file=draft.document.path,
            line=line,
            field=f"figures.{number}.sources",
            message=f"No digest in {language!r} has the id {source!r}, which the figure {figure.key!r} cites.",
        )
        for number, (figure, line) in enumerate(zip(draft.document.figures, draft.figure_lines, strict=True))
        for source in figure.sources
        if not linker.knows(source)
    ]
