"""Pieces of words: what still matches when two texts cut, write or put the same thing differently."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

# Runs of one script; letters of Hangul or Han carry about as much in two as Latin ones and digits in three.
_RUN = re.compile(r"(?P<dense>[\u3400-\u9fff\uac00-\ud7a3]+)|[^\W_\u3400-\u9fff\uac00-\ud7a3]+")
_DENSE, _LATIN = 2, 3


def pieces(words: Iterable[str], tokens: Sequence[str]) -> list[str]:
    """The pieces of a text: overlapping parts of its words, and pairs of neighbouring search tokens.

    Parts find a name that is unknown to the morphological analyser and cut another way in the question, compounds
    written together or apart, and forms that stemming does not bring together; pairs prefer a text that says the
    words of the question side by side.

    Args:
        words: the words as they are written, folded, without particles, endings and stop words.
        tokens: the search tokens of the same text, in order.

    Returns:
        Two characters each of Hangul and Han, three each of other scripts, or the whole of a shorter run; then the
        pairs with a blank between, which no part has.
    """
    found = [part for word in words for part in _parts(word)]
    found += [f"{one} {other}" for one, other in pairwise(tokens)]
    return found


def _parts(word: str) -> Iterator[str]:
    for run in _RUN.finditer(word):
        size = _DENSE if run["dense"] else _LATIN
        text = run[0]
        yield from (text[start : start + size] for start in range(max(1, len(text) - size + 1)))
