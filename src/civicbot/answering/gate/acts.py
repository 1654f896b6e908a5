"""Acts: what a text tells as done, as going on, as planned, or by its bare name."""

from __future__ import annotations

import re
from functools import lru_cache

from civicbot.answering.gate.told import Told
from civicbot.answering.gate.told_en import english_acts, english_happened
from civicbot.answering.gate.told_ko import korean_acts, korean_happened
from civicbot.model import Language

_FRAME_EN = re.compile(
    r"\b(?:(?<!budget )plan(?:s|ned)?|scheduled?|target|goal|aim(?:s|ed)?|expected|likely|propos\w+|draft|conceived|"
    r"due|hope[sd]?|forecast|asked|called for|agreed|discuss\w*|put at|request\w*|consider\w*|intend\w*|pledge\w*|"
    r"promise\w*|set to|slated|talked|"
    r"whether|would|gives? no|shows? no|does not|do not|did not|not)\b|"
    r"\b(?:is|are|was|were) to\b",
    re.IGNORECASE,
)
_FRAME_KO = re.compile(
    r"계획(?:에서|에\s?따르면|에는|입|이|을|은)|일정은|일정에|순서입|목표|초안|구상|예정|공약|요청|요구|건의|촉구|달라|제안|검토|"
    r"논의|의논|협의|제시|전망|예상|기대|기로|겠다|려고|추진한다|추진할|나오지\s?않|확인되지|없습니다"
)
_YET_KO = re.compile(r"(?:할|될|질|릴|칠|낼|출|킬|쓸|둘|갈|올|뜰|[지맺뽑받얻넣]을)\s")
_LEADING = re.compile(r"(?:Under|In|By|According to)\s(?:[\w'’.-]+\s){0,4}?(?:plans?|draft|proposal|announcement)\b")


@lru_cache(maxsize=2_048)
def acts(text: str, language: Language) -> tuple[Told, ...]:
    """All acts of a text, verbs of speech and of reporting left out."""
    if language == "ko":
        return tuple(korean_acts(text))
    return tuple(english_acts(text, framed=framed(text, "en")))


@lru_cache(maxsize=2_048)
def happened(text: str, language: Language) -> tuple[Told, ...]:
    """The acts that a text tells as done or going on, by a finite verb."""
    return tuple(korean_happened(text) if language == "ko" else english_happened(text))


def framed(text: str, language: Language, *, widely: bool = False) -> bool:
    """Whether a text tells of a plan, a request or a forecast, or that it does not tell something.

    Args:
        text: the text.
        language: its language.
        widely: counts Korean verbs of what is yet to be as well ("지을 공장").
    """
    if language == "en":
        return bool(_FRAME_EN.search(text))
    return bool(_FRAME_KO.search(text) or (widely and _YET_KO.search(text)))


def leading(text: str) -> bool:
    """Whether an English text begins with a plan, which holds for all of its clauses."""
    return bool(_LEADING.match(text))
