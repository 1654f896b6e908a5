"""Slips of the pen."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from civicbot.language.detect import has_hangul

_LONG, _LONG_KOREAN = 6, 7
"""From this many letters (of Korean: vowels and consonants) on a word with one slip is still that word."""


@lru_cache(maxsize=50_000)
def slip(word: str, meant: str) -> bool:
    """Whether a word is another one with one letter too many, too few, wrong, or two letters exchanged."""
    korean = has_hangul(word)
    one, other = (unicodedata.normalize("NFD", each) if korean else each for each in (word, meant))
    longest = max(len(one), len(other))
    if longest < (_LONG_KOREAN if korean else _LONG) or abs(len(one) - len(other)) > 1 or one == other:
        return one == other
    start = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    a, b = one[start:], other[start:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and len(b) > 1 and a[2:] == b[2:])
