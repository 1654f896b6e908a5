"""Cutting the lines of documents into sentences, each with its line number and footnotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from civicbot.language.sentences import split_sentences
from civicbot.library.markdown import Line
from civicbot.model import Language

# A sentence may end inside the line: a full stop, then white space, then more.
_INNER_END = re.compile(r"[.?!…。][\"'”’)\]」』》]*\s+\S")
_ENDED = re.compile(r"[.?!…。][\"'”’)\]」』》]*$")


@dataclass(frozen=True)
class Cut:
    """A sentence of a line.

    Attributes:
        start: span in the line's text, without white space at its edges.
        end: span in the line's text, end-exclusive.
        references: labels of the footnotes that stand behind or in it.
    """

    start: int
    end: int
    references: tuple[str, ...] = ()


def cut_written(line: Line, language: Language) -> list[Cut]:
    """Sentences of a line of a brief or digest, where the rule is one sentence, one line.

    A line is taken as one sentence unless a footnote or a full stop stands inside it.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _between_footnotes(line):
        piece = line.text[start:end]
        inner = split_sentences(piece, language) if _INNER_END.search(piece) else [(0, len(piece))]
        spans += [(start + a, start + b) for a, b in inner]
    return _with_references(line, spans)


def cut_free(line: Line, language: Language, *, limit: int) -> list[Cut]:
    """Sentences of a line of any other document; what is longer than ``limit`` characters is cut at white space.

    Tables, lists of names and the like have no sentences; nobody could read them as one quote.
    """
    spans = [piece for span in split_sentences(line.text, language) for piece in _pieces(line.text, span, limit)]
    return _with_references(line, spans)


def _between_footnotes(line: Line) -> Iterator[tuple[int, int]]:
    """The line cut after every full stop that a footnote follows."""
    text = line.text
    offsets = sorted({reference.offset for reference in line.references if _ENDED.search(text[: reference.offset])})
    cuts = [0, *offsets, len(text)]
    for start, end in pairwise(cuts):
        piece = text[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _with_references(line: Line, spans: Sequence[tuple[int, int]]) -> list[Cut]:
    labels: list[list[str]] = [[] for _ in spans]
    for reference in line.references:
        owner = max((n for n, (start, _) in enumerate(spans) if start < reference.offset), default=0)
        if labels and reference.label not in labels[owner]:
            labels[owner].append(reference.label)
    return [Cut(start, end, tuple(names)) for (start, end), names in zip(spans, labels, strict=True)]


def _pieces(text: str, span: tuple[int, int], limit: int) -> Iterator[tuple[int, int]]:
    start, end = span
    while end - start > limit:
        space = text.rfind(" ", start + 1, start + limit + 1)
        cut = space if space > start else start + limit
        yield start, cut
        start = cut
        while start < end and text[start].isspace():
            start += 1
    if start < end:
        yield start, end
