"""What one file must look like by itself: its name, its facets, its wordings, one sentence on a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath

from civicbot.language.glossary import Glossary
from civicbot.library.checks.papers import Paper, shown
from civicbot.library.facets import facet_headings
from civicbot.library.problems import Problem
from civicbot.model import DocumentKind, Language

WORDINGS = range(3, 9)
_NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*-(?P<day>[0-9]{8}|undated)-[a-z0-9]+(?:-[a-z0-9]+)*")
_END = re.compile(r"[.?!][\"'”’)]*$")


def check_schema(papers: Iterable[Paper], glossary: Glossary) -> Iterator[Problem]:
    """Rules of corpus/README.md that indexing does not need, file by file.

    Args:
        papers: all digests and briefs.
        glossary: the names that a brief's ``entity`` may be; an empty glossary leaves that rule out.
    """
    papers = list(papers)
    known = {(paper.document.language, paper.document.source_id) for paper in papers}
    for paper in papers:
        yield from _sentences(paper)
        if paper.document.kind is DocumentKind.SOURCE:
            yield from _digest_name(paper)
            yield from _digest_matter(paper, known)
        else:
            yield from _brief_matter(paper, glossary)
            yield from _facets(paper)


def _sentences(paper: Paper) -> Iterator[Problem]:
    counts = Counter(sentence.line for sentence in paper.sentences)
    for sentence in paper.sentences:
        if counts[sentence.line] > 1:
            counts[sentence.line] = 0  # told once
            message = f"More than one sentence stands on the line: {shown(sentence.text)}."
            yield paper.problem(message, field="text", line=sentence.line)
        if not _END.search(sentence.text):
            message = f"The sentence does not end in a full stop, question or exclamation mark: {shown(sentence.text)}."
            yield paper.problem(message, field="text", line=sentence.line)


def _digest_name(paper: Paper) -> Iterator[Problem]:
    name = PurePosixPath(paper.path).stem
    match = _NAME.fullmatch(name)
    if match is None:
        message = f"The file name {name!r} is not <publisher>-<yyyymmdd or undated>-<slug> in a-z, 0-9 and hyphens."
        yield paper.problem(message, field="file", line=1)
        return
    published = paper.document.published
    expected = published.strftime("%Y%m%d") if published else "undated"
    if match["day"] != expected:
        message = f"The file name says {match['day']!r}, but the source is {expected!r} by its date of publication."
        yield paper.problem(message, field="published")


def _digest_matter(paper: Paper, known: set[tuple[Language, str | None]]) -> Iterator[Problem]:
    document = paper.document
    if not document.topics:
        yield paper.problem("A digest has at least one topic.", field="topics")
    for number, source in enumerate(document.supersedes):
        if (document.language, source) not in known:
            message = f"No digest in {document.language!r} has the id {source!r}, which this one is to supersede."
            yield paper.problem(message, field=f"supersedes.{number}")
    if document.published and document.updated and document.updated < document.published:
        yield paper.problem("The source was read before it was published.", field="accessed")


def _brief_matter(paper: Paper, glossary: Glossary) -> Iterator[Problem]:
    document = paper.document
    name = PurePosixPath(paper.path).stem
    if document.id != f"{name}-{document.language}":
        yield paper.problem(f"The id of a brief is its file's name, {name!r}.", field="id")
    if glossary.entities and document.entity not in glossary.entities:
        yield paper.problem(f"The glossary has no entry {document.entity!r}.", field="entity")


def _facets(paper: Paper) -> Iterator[Problem]:
    order = list(facet_headings(paper.document.language).values())
    faceted = [part for part in paper.parts if part.facet is not None]
    for before, part in pairwise(faceted):
        assert before.facet is not None
        assert part.facet is not None
        if order.index(part.facet) <= order.index(before.facet):
            message = f"The facet {part.heading!r} comes after {before.heading!r}; corpus/README.md gives the order."
            yield paper.problem(message, field="heading", line=part.line)
    for part in faceted:
        if not part.sentences:
            yield paper.problem(f"The facet {part.heading!r} holds no sentence.", field="heading", line=part.line)
        if len(part.asked_as) not in WORDINGS:
            message = (
                f"The facet {part.heading!r} lists {len(part.asked_as)} different wordings as asked, "
                f"not {WORDINGS[0]} to {WORDINGS[-1]}."
            )
            yield paper.problem(message, field="comment", line=part.wordings_line)
    for part in paper.parts:
        if not part.heading:
            yield paper.problem("A sentence of a brief stands under no facet.", field="heading", line=part.line)
