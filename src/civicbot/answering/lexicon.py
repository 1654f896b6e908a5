"""How questions are put in each language: patterns and cue words, read from data files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

import yaml
from pydantic import Field

from civicbot.language.tokens import Tokenizer
from civicbot.model import Facet, Language, Noun


class Kind(StrEnum):
    """The kind of value that a question asks for."""

    AMOUNT = "amount"
    DATE = "date"
    COUNT = "count"
    SIZE = "size"
    PLACE = "place"
    PERSON = "person"
    REASON = "reason"


class _File(Noun):
    kinds: dict[Kind, tuple[str, ...]]
    facets: dict[Facet, tuple[str, ...]]
    facet_patterns: dict[Facet, tuple[str, ...]]
    what: tuple[str, ...]
    announced: tuple[str, ...]
    generic: tuple[str, ...]
    verbs: tuple[str, ...] = ()
    specific: tuple[str, ...] = ()
    connectors: tuple[str, ...]
    sentences: tuple[str, ...]
    clauses: tuple[str, ...]
    compare: tuple[str, ...]
    now: tuple[str, ...]
    changed: tuple[str, ...]
    before: tuple[str, ...]
    denied: tuple[str, ...]
    followup: tuple[str, ...]
    years: dict[str, int]
    opinion: tuple[str, ...]
    personal: tuple[str, ...]
    unsafe: tuple[str, ...]
    elsewhere: tuple[str, ...]
    ours: tuple[str, ...]
    cities: tuple[str, ...] = Field(min_length=1)
    media: tuple[str, ...] = Field(min_length=1)
    all_of_them: tuple[str, ...]
    saying: tuple[str, ...]
    speaker_before: bool
    told: tuple[str, ...]
    subject: tuple[str, ...]


class Lexicon:
    """The cue words of one language as search tokens, and its patterns compiled.

    Attributes:
        cues: search token to the facets that it points to.
        generic: search tokens that say nothing about what is asked.
        verbs: search tokens of verbs that have many synonyms.
        specific: search tokens that name a value of their own (fare, rent).
        changed: what asks how a value has changed, or differs between those who tell it.
        before: what asks for a plan or a value that no longer holds.
        denied: what tells that something is not told.
        ours: what these projects are about.
        all_of_them: what asks the same of everything named before.
        saying: what asks for somebody's words.
        speaker_before: whether the speaker stands before that, and not after it.
        told: what tells that a sentence reports somebody's words.
        subject: what follows the name of the one who said them.
    """

    def __init__(self, file: _File, tokenizer: Tokenizer) -> None:
        self.kinds = {kind: _any(patterns) for kind, patterns in file.kinds.items()}
        self.facet_patterns = {facet: _any(patterns) for facet, patterns in file.facet_patterns.items()}
        self.what = _any(file.what)
        self.announced = _any(file.announced)
        self.connector = _any(file.connectors)
        self.sentence = _any(file.sentences)
        self.clause = _any(file.clauses)
        self.compare = _any(file.compare)
        self.now = _any(file.now)
        self.changed = _any(file.changed)
        self.before = _any(file.before)
        self.denied = _any(file.denied)
        self.followup = _any(file.followup)
        self.years = {re.compile(pattern, re.IGNORECASE): shift for pattern, shift in file.years.items()}
        self.opinion = _any(file.opinion)
        self.personal = _any(file.personal)
        self.unsafe = _any(file.unsafe)
        self.elsewhere = _any(file.elsewhere)
        self.ours = _any(file.ours)
        self.all_of_them = _any(file.all_of_them)
        self.saying = _any(file.saying)
        self.speaker_before = file.speaker_before
        self.told = _any(file.told)
        self.subject = _any(file.subject)
        self.cities = {city: _any([_whole(city, file.media)]) for city in file.cities}
        self.cues: dict[str, frozenset[Facet]] = {}
        for facet, words in file.facets.items():
            for word in words:
                for token in tokenizer.tokens(word):
                    self.cues[token] = self.cues.get(token, frozenset()) | {facet}
        # A word out of its sentence may be cut differently, or to nothing (있다): it counts as it stands, too, and a
        # Korean verb by its stem.
        self.generic = frozenset(
            token for word in file.generic for token in (word, word.removesuffix("다"), *tokenizer.tokens(word))
        )
        # Of a word that is cut into several tokens none is specific by itself (비 of 관리비).
        cut = [tokenizer.tokens(word) for word in file.specific]
        self.specific = frozenset(tokens[0] for tokens in cut if len(tokens) == 1)
        self.verbs = frozenset(token for word in file.verbs for token in tokenizer.tokens(word))

    def says_little(self, token: str) -> bool:
        """Whether a search token is generic or only points to a facet."""
        return token in self.generic or token in self.cues


@lru_cache(maxsize=8)
def lexicon(language: Language, tokenizer: Tokenizer) -> Lexicon:
    """The lexicon of a language, its words cut by ``tokenizer`` so that they compare with the index."""
    resource = files("civicbot.answering") / "data" / f"lexicon.{language}.yaml"
    return Lexicon(_File.model_validate(yaml.safe_load(resource.read_text(encoding="utf-8"))), tokenizer)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


def _whole(name: str, media: tuple[str, ...]) -> str:
    # A Korean name takes particles but must not continue a longer word to its left; a Latin one stands alone. The
    # Seoul Shinmun is no city.
    titles = "|".join(media)
    return rf"\b{name}\b(?!\s(?:{titles})\b)" if name.isascii() else rf"(?<![가-힣]){name}(?!\w*역|{titles})"
