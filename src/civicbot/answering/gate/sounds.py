"""Whether a Korean and an English name sound alike, so that one may be the other's romanisation."""

from __future__ import annotations

import re
from functools import lru_cache

# Consonants in classes that no romanisation of Korean keeps apart; "-" is silent. In the order of Unicode's syllables.
_INITIALS = "k k n t t l m p p s s - s s s k t p -".split()
_FINALS = "- k k k n n n t l k m l l l p l m p p s s n s s k t p -".split()
_LATIN = (
    (re.compile(r"ng"), "n"),
    (re.compile(r"ch|sh|[szjx]|c(?=[eiy])"), "s"),
    (re.compile(r"ph|[bpfv]"), "p"),
    (re.compile(r"th|[dt]"), "t"),
    (re.compile(r"[gkqc]"), "k"),
    (re.compile(r"[rl]"), "l"),
    (re.compile(r"[^ksptlmn]"), ""),
)
_REPEATED = re.compile(r"(.)\1+")


def sound_alike(korean: str, english: str) -> bool:
    """Whether the consonants of two names agree but for one; names with fewer than two consonants never do."""
    other = english_sound(english)
    return any(_alike(part, other, english) for part in _parts(korean))


def _parts(korean: str) -> list[str]:
    """A compound and what it begins and ends with (세계, 일보 of 세계일보)."""
    ends = range(2, len(korean) - 1)
    return [korean, *(korean[:end] for end in ends), *(korean[end:] for end in ends)]


def _alike(korean: str, other: str, english: str) -> bool:
    one = korean_sound(korean)
    if min(len(one), len(other)) < 2:
        return one == other and len(one) == 1 and korean_vowel(korean) == english[:1].lower()
    # 네이버: Korean does not write the r that ends Naver.
    return one in (other, other.removesuffix("l")) or (min(len(one), len(other)) >= 3 and _near(one, other))


@lru_cache(maxsize=4_096)
def korean_sound(name: str) -> str:
    """The consonant classes of Korean syllables."""
    sounds = []
    for letter in name:
        place = ord(letter) - 0xAC00
        if 0 <= place < 11172:
            sounds += [_INITIALS[place // 588], _FINALS[place % 28]]
    return _REPEATED.sub(r"\1", "".join(sounds).replace("-", ""))


@lru_cache(maxsize=4_096)
def english_sound(name: str) -> str:
    """The consonant classes of a name in Latin letters; a plural's end does not count."""
    sounds = name.lower()
    for pattern, sound in _LATIN:
        sounds = pattern.sub(sound, sounds)
    return _REPEATED.sub(r"\1", sounds)


def korean_vowel(name: str) -> str:
    """The first vowel of a name as a Latin letter, roughly."""
    place = ord(name[0]) - 0xAC00 if name else -1
    return "aayyeeyyowwwoywwwyuui"[place % 588 // 28] if 0 <= place < 11172 else ""


def _near(one: str, other: str) -> bool:
    """Whether one letter more, less or other makes one of the other."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    start = next((n for n in range(len(short)) if short[n] != long[n]), len(short))
    rest = short[start:] if len(short) < len(long) else short[start + 1 :]
    return long[start + 1 :] == rest
