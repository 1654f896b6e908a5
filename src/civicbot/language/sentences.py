"""Splitting text into sentences, as character spans."""

from __future__ import annotations

import re
from itertools import pairwise

from civicbot.language.folding import without_surrogates
from civicbot.language.kiwi import LOCK, analyser
from civicbot.model import Language

# A line break ends a sentence after a full stop (one sentence a line is how our library is written), and so does a
# blank line or the start of a list item. Any other line break is only a wrapped line.
_HARD_BREAK = re.compile(r"(?<=[.?!。…])[\"'”’)\]]*[ \t]*\n\s*|\n[ \t]*\n\s*|\n(?=\s*(?:[-*•·▪○]|\d{1,2}[.)])\s)")
_ENGLISH_END = re.compile(r"[.?!…]+[\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9\uac00-\ud7a3])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Rep|Reps|Sen|Gov|Gen|Hon|St|vs?|etc|Co|Corp|Inc|Ltd|Jr|Sr|e\.g|i\.e|a\.m|p\.m)|"
    r"(?<![\w&-])[A-Z](?:\.[A-Z])*)\.$"
)
# Only before a number: "No. 3", but "No. The city …".
_NUMBERED = re.compile(r"\b(?:No|Nos|Art|Fig|approx|ca|c|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)\.$")
# Kiwi takes a quoted name that starts a sentence for the end of the one before: "… 됐습니다. '모두의 AI'" | "비전은 …".
_QUOTE_AT_END = re.compile(r"[.?!…][\"'”’)\]]*\s+(?=(?:'[^'.?!]*'|\"[^\".?!]*\"|‘[^’.?!]*’|“[^”.?!]*”)\s*$)")


def split_sentences(text: str, language: Language) -> list[tuple[int, int]]:
    """Finds the sentences of a text.

    Args:
        text: plain text of one or more paragraphs.
        language: Korean is split by Kiwi, English by its punctuation.

    Returns:
        ``(start, end)`` spans in order, without overlap and without white space at their edges; every visible
        character of the text lies in exactly one of them.
    """
    spans: list[tuple[int, int]] = []
    for start, end in _blocks(text):
        inner = _korean(text[start:end]) if language == "ko" else _english(text[start:end])
        spans += [(start + a, start + b) for a, b in inner]
    return spans


def _blocks(text: str) -> list[tuple[int, int]]:
    cuts = [0, *(match.end() for match in _HARD_BREAK.finditer(text)), len(text)]
    return [span for a, b in pairwise(cuts) if (span := _trim(text, a, b))]


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _korean(block: str) -> list[tuple[int, int]]:
    kiwi = analyser()
    with LOCK:
        starts = [sentence.start for sentence in kiwi.split_into_sents(without_surrogates(block))]
    # Kiwi's ends may leave out trailing marks; cutting from start to start loses nothing.
    cuts = [0, *starts[1:], len(block)]
    for n in range(1, len(cuts) - 1):
        if quote := _QUOTE_AT_END.search(block[cuts[n - 1] : cuts[n]]):
            cuts[n] = cuts[n - 1] + quote.end()
    return [span for a, b in pairwise(cuts) if (span := _trim(block, a, b))]


def _english(block: str) -> list[tuple[int, int]]:
    cuts = [0]
    for match in _ENGLISH_END.finditer(block):
        before = block[max(0, match.start() - 12) : match.start() + 1]
        numbered = _NUMBERED.search(before) and re.match(r"\s*[0-9]", block[match.end() :])
        if not numbered and not _ABBREVIATION.search(before):
            cuts.append(match.end())
    cuts.append(len(block))
    return [span for a, b in pairwise(cuts) if (span := _trim(block, a, b))]
