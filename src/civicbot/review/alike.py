"""Which questions are nearly the same: those with one signature are one item of the queue (docs/decisions/0010)."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files

import yaml

from civicbot.answering.lexicon import lexicon
from civicbot.language.glossary import Glossary
from civicbot.language.personal import without_placeholders
from civicbot.language.quantities import figures
from civicbot.language.tokens import Tokenizer
from civicbot.model import Language, Noun

KOREA = timezone(timedelta(hours=9))
"""Residents' days and years; Korea has no summer time."""

_SYLLABLES, _LAST_SYLLABLE, _FINALS = 0xAC00, 0xD7A3, 28
_FINAL_OF_PAST = 20
"""The final consonant ㅆ, by its place among a syllable's finals (Unicode, ch. 3.12); 있 and 겠 have it, too."""
_NO_PAST = frozenset("있겠")


class _Words(Noun):
    marks: dict[str, tuple[str, ...]]
    days: tuple[str, ...]
    months: tuple[str, ...]
    fillers: tuple[str, ...]


class Signature(Noun):
    """What two questions must have in common, all of it, to be one item.

    Attributes:
        entities: glossary keys of the names in it, in order: "is A bigger than B" is not "is B bigger than A".
        figures: numbers, amounts and dates in one notation, the years that "next year" and the like mean included.
        words: the other content words; in order in English, where order carries meaning, sorted in Korean.
        marks: what else tells questions apart: who or when, not, can, the past.
        text: the question itself, where nothing else is left of it.
    """

    language: Language
    entities: tuple[str, ...]
    figures: tuple[str, ...]
    words: tuple[str, ...]
    marks: tuple[str, ...]
    text: str = ""

    @property
    def key(self) -> str:
        """SHA-256 (hex) of it: no words of residents stand in the key."""
        return hashlib.sha256(json.dumps(self.model_dump(), ensure_ascii=False).encode()).hexdigest()


def signature(
    question: str, language: Language, asked_at: datetime, glossary: Glossary, tokenizer: Tokenizer
) -> Signature:
    """The signature of a question.

    Args:
        question: standing alone, personal data masked.
        language: of the answer.
        asked_at: when it was asked, aware; "next year" and "today" are resolved by it.
        glossary: the names that are known.
        tokenizer: cuts words.
    """
    # Half a surrogate pair can be asked, and nothing can be made of it.
    told = unicodedata.normalize("NFKC", without_placeholders(question) or question).encode("utf-8", "replace").decode()
    mentions = glossary.mentions(told)
    names = Counter(token for mention in mentions for token in tokenizer.tokens(mention.name))
    fillers = _words(language).fillers
    words = [word for word in _without(tokenizer.tokens(told), names) if word not in fillers]
    day = asked_at.astimezone(KOREA).date()
    years = (
        str(day.year + shift) for pattern, shift in lexicon(language, tokenizer).years.items() if pattern.search(told)
    )
    found = Signature(
        language=language,
        entities=tuple(dict.fromkeys(mention.key for mention in mentions)),
        figures=tuple(sorted(figures(told) | frozenset(years))),
        words=tuple(words if language == "en" else sorted(words)),
        marks=tuple(sorted(_marks(told.lower(), language, day))),
    )
    if found.entities or found.words:
        return found
    return found.model_copy(update={"text": normal(told)})


def normal(text: str) -> str:
    """A text as it is searched: letters and digits only, folded, without blanks, since Korean is spaced at will."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _without(tokens: Iterable[str], names: Counter[str]) -> Iterator[str]:
    """The tokens but for those of names, each as many times as they say it."""
    left = names.copy()
    for token in tokens:
        if left[token] > 0:
            left[token] -= 1
        else:
            yield token


def _marks(text: str, language: Language, day: date) -> Iterator[str]:
    patterns = _patterns(language)
    yield from (name for name, pattern in patterns.items() if name not in ("days", "months") and pattern.search(text))
    if patterns["days"].search(text):
        yield day.isoformat()
    elif patterns["months"].search(text):
        yield f"{day:%Y-%m}"
    if any(_past(letter) for letter in text):
        yield "past"


def _past(letter: str) -> bool:
    """Whether a Korean syllable ends as those of past tenses do (했, 됐, 었)."""
    code = ord(letter)
    if not _SYLLABLES <= code <= _LAST_SYLLABLE or letter in _NO_PAST:
        return False
    return (code - _SYLLABLES) % _FINALS == _FINAL_OF_PAST


@cache
def _words(language: Language) -> _Words:
    resource = files("civicbot.review") / "data" / "alike.yaml"
    return _Words.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8"))[language])


@cache
def _patterns(language: Language) -> dict[str, re.Pattern[str]]:
    words = _words(language)
    lists = {**words.marks, "days": words.days, "months": words.months}
    return {name: re.compile("|".join(f"(?:{each})" for each in patterns)) for name, patterns in lists.items()}
