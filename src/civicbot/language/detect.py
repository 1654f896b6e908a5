"""Which of the two languages a text is in."""

from __future__ import annotations

import re
import unicodedata

from civicbot.model import Language

_HANGUL = re.compile(r"[\uac00-\ud7a3\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\ud7b0-\ud7ff\uffa1-\uffdc]")
_LATIN = re.compile(r"[A-Za-z]")
# Words that only an English sentence has; names such as "AI City" stand in Korean questions too. Two of them make a
# sentence ("AI for All" is a name), or one that asks.
_ENGLISH_GRAMMAR = frozenset(
    "a about after an and any be been before by for from get give has have i if in into it its list many me much my "
    "not of on or our should than that the their there these they this those to was we were will with would you "
    "your".split()
)
_ENGLISH_ASKING = frozenset(
    "are can could did do does explain how is show tell what when where which who whom whose why".split()
)
# Particles, endings and question words that only a Korean sentence has; a name ("광주 AI 집적단지") has none.
_KOREAN_GRAMMAR = re.compile(
    r"[가-힣A-Za-z0-9](?:은|는|을|를|에서|에는|에게|으로|까지|부터|이란|란)(?=[\s?!.,])|"
    r"(?:니다|니까|나요|까요|가요|어요|아요|에요|예요|세요|데요|죠|해줘|려줘|인지|뭐야|니|냐)(?=[\s?!.,]|$)|"
    r"(?<![가-힣])(?:무엇|뭐|뭔|언제|어디|누가|누구|어떻게|어떤|얼마|몇|왜|알려|설명해|있어|없어)"
)


def detect_language(text: str) -> Language:
    """Tells Korean from English.

    Korean questions carry English names ("AI City 예산은?") and English ones Korean names ("What is 광주?"), so
    Hangul alone does not decide: English grammar does when no Korean grammar stands against it, and when some does,
    the longer part decides.

    Returns:
        ``ko`` or ``en``; ``ko``, the city's language, for text without letters.
    """
    composed = unicodedata.normalize("NFKC", text)
    hangul = len(_HANGUL.findall(composed))
    latin = len(_LATIN.findall(composed))
    if not hangul:
        return "en" if latin else "ko"
    words = re.findall(r"[a-z]+", composed.lower())
    grammar = sum((word in _ENGLISH_GRAMMAR) + 2 * (word in _ENGLISH_ASKING) for word in words)
    # A Korean syllable takes two or three Latin letters to write.
    korean = _KOREAN_GRAMMAR.search(composed) is not None and hangul * 2.5 >= latin
    return "en" if grammar >= 2 and not korean else "ko"


def has_hangul(text: str) -> bool:
    """Whether the text holds any Hangul, composed or not."""
    return _HANGUL.search(text) is not None
