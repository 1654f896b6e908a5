"""Where two texts differ, word by word."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from civicbot.review.evidence_nouns import Span
from civicbot.review.updates_nouns import ComparedText

_WORD = re.compile(r"\S+")


def compared(before: str, after: str) -> tuple[ComparedText, ComparedText]:
    """Two texts, each with the stretches of words that the other one lacks at that place."""
    words = [list(_WORD.finditer(text)) for text in (before, after)]
    texts = [[match.group() for match in found] for found in words]
    steps = SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_opcodes()
    differing: tuple[list[Span], list[Span]] = ([], [])
    for what, *ends in steps:
        if what == "equal":
            continue
        for side, (first, last) in enumerate((ends[:2], ends[2:])):
            if first < last:
                differing[side].append(Span(start=words[side][first].start(), end=words[side][last - 1].end()))
    return (
        ComparedText(text=before, differing=tuple(differing[0])),
        ComparedText(text=after, differing=tuple(differing[1])),
    )
