"""Folding full-width, compatibility and decomposed letters without losing their place in the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# A letter with what is written onto it: combining marks, and the vowels and final consonants of decomposed Hangul.
_CLUSTER = re.compile(r".[\u0300-\u036f\u1160-\u11ff\u20d0-\u20f0\u3099\u309a\ud7b0-\ud7fb\ufe20-\ufe2f]*", re.DOTALL)
_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True)
class Folded:
    """A folded text that knows where its letters stand in the text it was made of.

    Attributes:
        text: the folded text.
        edges: for each letter of ``text`` its (start, end) in the original; None when they are the same.
    """

    text: str
    edges: tuple[tuple[int, int], ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span for a non-empty span of the folded text."""
        if self.edges is None:
            return start, end
        return self.edges[start][0], self.edges[end - 1][1]


def fold(text: str) -> Folded:
    """Composes letters (NFC) and folds single compatibility letters (NFKC): ``５`` is ``5``, ``～`` is ``~``.

    What NFKC would spell out (``㎡``, ``½``) stays, and so do circled and raised digits, which are no figures.
    """
    if text.isascii() or (unicodedata.is_normalized("NFKC", text) and not _FOREIGN_DIGIT.search(text)):
        return Folded(text)
    letters: list[str] = []
    edges: list[tuple[int, int]] = []
    for match in _CLUSTER.finditer(text):
        for letter in unicodedata.normalize("NFC", match.group()):
            letters.append(_fold_letter(letter))
            edges.append(match.span())
    folded = "".join(letters)
    same = len(folded) == len(text) and all(end - start == 1 for start, end in edges)
    return Folded(folded, None if same else tuple(edges))


def without_surrogates(text: str) -> str:
    """The text with lone surrogates, which no encoding can carry, replaced one for one."""
    return _SURROGATES.sub("\N{REPLACEMENT CHARACTER}", text)


def _fold_letter(letter: str) -> str:
    category = unicodedata.category(letter)
    if category == "Nd":
        return str(unicodedata.digit(letter))
    folded = unicodedata.normalize("NFKC", letter)
    return folded if category != "No" and len(folded) == 1 else letter
