"""Which of the two languages a text is in."""

from __future__ import annotations

import re

from civicbot.model import Language

_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f]")
_LATIN = re.compile(r"[A-Za-z]")
# Words that only an English sentence has; names such as "AI City" stand in Korean questions too.
_ENGLISH_GRAMMAR = frozenset(
    "a an and are be can could did do does for from has have how i if in is it its many me much my of on or should "
    "tell that the there they this to was were what when where which who whom whose why will with would you your".split()
)


def detect_language(text: str) -> Language:
    """Tells Korean from English.

    Korean questions carry English names ("AI City 예산은?") and English ones Korean names ("What is 광주?"), so
    Hangul alone does not decide: two English grammar words outweigh a smaller number of Hangul syllables.

    Returns:
        ``ko`` or ``en``; ``ko``, the city's language, for text without letters.
    """
    hangul = len(_HANGUL.findall(text))
    latin = len(_LATIN.findall(text))
    if not hangul:
        return "en" if latin else "ko"
    grammar = sum(word in _ENGLISH_GRAMMAR for word in re.findall(r"[a-z]+", text.lower()))
    return "en" if grammar >= 2 and hangul < latin else "ko"


def has_hangul(text: str) -> bool:
    """Whether the text holds any Hangul."""
    return _HANGUL.search(text) is not None
