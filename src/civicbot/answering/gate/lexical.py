"""Words of both languages side by side: which of a sentence's words a passage holds, in its own or other words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from civicbot.answering.gate.sounds import sound_alike
from civicbot.answering.gate.words import by_hand, common_words, counterparts, gate_words
from civicbot.language.detect import has_hangul
from civicbot.language.glossary import Glossary, Mention
from civicbot.language.thesaurus import Thesaurus
from civicbot.language.tokens import Tokenizer
from civicbot.model import LANGUAGES, Language

_HANGUL, _LATIN = re.compile(r"[가-힣]+"), re.compile(r"[A-Z][A-Za-z-]+")
# The second part of a Korean name ("Su-gi", "Buk-gu") is no word.
_TAIL = re.compile(r"(?<![A-Za-z-])[A-Z][a-z]{1,6}-([a-z]{1,6})(?![A-Za-z-])")
_ENDING = 2
"""Syllables from which the end of a Korean name is more than "city" or "side"."""
_STEM = 5
"""Letters that two English stems share if they are forms of one word (organis-, organ-)."""


@dataclass(frozen=True)
class Word:
    """A content word of a text."""

    text: str
    name: bool
    light: bool
    verbal: bool = False


@dataclass(frozen=True, eq=False)
class Words:
    """The words of one text.

    Attributes:
        words: content words in order, without digits.
        mentions: names of the glossary.
        begins: what words of three and more letters begin with.
    """

    text: str
    language: Language
    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]
    held: frozenset[str] = field(repr=False)
    begins: frozenset[str] = field(repr=False)

    @property
    def keys(self) -> frozenset[str]:
        """The glossary's entities that the text names."""
        return frozenset(mention.key for mention in self.mentions)


class Lexical:
    """Reads texts into words, and tells which of them another text holds.

    Args:
        glossary: names of both languages.
        tokenizer: the index's.
        thesauri: other words within a language.
    """

    def __init__(self, glossary: Glossary, tokenizer: Tokenizer, thesauri: Mapping[Language, Thesaurus]) -> None:
        self.glossary = glossary
        self._tokenizer = tokenizer
        self._thesauri = thesauri
        self.words = lru_cache(maxsize=2_048)(self._words)
        english = gate_words("en").light
        self._light: dict[Language, frozenset[str]] = {
            "ko": gate_words("ko").light,
            "en": english | frozenset(stem for word in english for stem in tokenizer.tokens(word)),
        }
        self.stems = lru_cache(maxsize=8_192)(self._stems)
        self._others = lru_cache(maxsize=8_192)(self._other_words)
        self._in = lru_cache(maxsize=16_384)(self._is_in)
        self._sounds = lru_cache(maxsize=8_192)(self._sounds_in)
        to_korean: dict[str, set[str]] = {}
        korean: dict[str, set[str]] = {}
        for word, found in counterparts():
            for stem in tokenizer.tokens(word)[:1] or [word]:
                for each in found:
                    to_korean.setdefault(stem, set()).add(each)
                    korean.setdefault(each, set()).add(stem)
        self._counterparts: dict[Language, dict[str, set[str]]] = {"en": to_korean, "ko": korean}
        self._common = frozenset(tokenizer.tokens(" ".join(common_words())))
        self._siblings = {language: _siblings(tokenizer, language) for language in LANGUAGES}

    def _stems(self, text: str) -> tuple[str, ...]:
        return tuple(self._tokenizer.tokens(text))

    def _words(self, text: str, language: Language) -> Words:
        capitals = self._capitals(text) if language == "en" else frozenset()
        words = []
        tails = frozenset(self.stems(" ".join(_TAIL.findall(text)))) if language == "en" else frozenset()
        for token in self._tokenizer.analyse(text):
            if token.text[:1].isdigit() or token.text in tails:
                continue
            name = token.text in capitals if language == "en" else token.name
            light = token.text in self._light[language]
            words.append(Word(token.text, name and not light, light, token.verbal))
        held = frozenset(word.text for word in words)
        begins = frozenset(word[:end] for word in held if has_hangul(word) for end in range(2, len(word)))
        return Words(text, language, tuple(words), tuple(self.glossary.mentions(text)), held, begins)

    def _capitals(self, text: str) -> frozenset[str]:
        starters = gate_words("en").starters
        found: set[str] = set()
        for raw in text.replace("-", " ").split():
            word = raw.strip("()[],.;:!?\"“”‘’'")
            if word[:1].isupper() and word.lower() not in starters:
                found.update(self.stems(word))
        return frozenset(found)

    def common(self, word: str) -> bool:
        """Whether a word with a capital may be part of a title: it is a common word with a known counterpart."""
        return word in self._common

    def covers(self, evidence: Sequence[Words], word: str, language: Language) -> bool | None:
        """Whether a word stands in one of the texts, in its own or other words; None where nobody can tell."""
        verdict: bool | None = False
        for text in evidence:
            found = self._in(text, word, language)
            if found:
                return True
            verdict = None if found is None else verdict
        return verdict

    def whole(self, evidence: Sequence[Words], word: str) -> bool:
        """Whether a Korean name stands in one of the texts with all of its parts (현대해상 is not in 현대자동차)."""
        return any(
            word in text.text
            or word in text.held
            or any(word[:end] in text.held and len(word) - end < _ENDING for end in range(2, len(word)))
            or any(word[:end] in text.text and word[end:] in text.text for end in range(2, len(word) - 1))
            for text in evidence
        )

    def _is_in(self, text: Words, word: str, language: Language) -> bool | None:
        if self._holds(text, word):
            return True
        if text.language == language:
            if any(self._holds(text, each) for each in self._siblings[language].get(word, ())):
                return True
            return any(all(self._holds(text, each) for each in phrase) for phrase in self._others(word, language))
        known = self._counterparts[language].get(word, set())
        for phrase in self._others(word, language):
            if len(phrase) == 1:
                known = known | self._counterparts[language].get(phrase[0], set())
        if any(self._holds(text, each) for each in known):
            return True
        own = self._counterparts[language].get(word)
        for each in own or ():
            if any(all(self._holds(text, part) for part in phrase) for phrase in self._others(each, text.language)):
                return True
        return False if own else None

    def _holds(self, text: Words, word: str) -> bool:
        if word in text.held or word in text.begins:
            return True
        if has_hangul(word):
            return any(word[:end] in text.held for end in range(2, len(word))) or any(
                word[start:] in text.held for start in range(1, len(word) - 1)
            )
        if word + "s" in text.held or (word.endswith("s") and word[:-1] in text.held):
            return True
        return len(word) >= _STEM and any(len(each) >= _STEM and each[:_STEM] == word[:_STEM] for each in text.held)

    def _other_words(self, word: str, language: Language) -> frozenset[tuple[str, ...]]:
        thesaurus = self._thesauri.get(language)
        if thesaurus is None:
            return frozenset()
        return frozenset().union(*(meaning.phrases for meaning in thesaurus.meanings([word])))

    def sounds_like(self, evidence: Iterable[Words], word: str) -> bool:
        """Whether a name may be written in another alphabet in one of the texts."""
        return any(self._sounds(text, word) for text in evidence)

    def _sounds_in(self, text: Words, word: str) -> bool:
        hangul = has_hangul(word)
        others = (_LATIN if hangul else _HANGUL).findall(text.text)
        return any(sound_alike(*((word, other) if hangul else (other, word))) for other in others)


@lru_cache(maxsize=1_024)
def joined(texts: tuple[Words, ...], language: Language) -> Words:
    """Several texts as one, without reading them again; the places of names are those in their own texts."""
    return Words(
        "\n".join(text.text for text in texts),
        language,
        tuple(word for text in texts for word in text.words),
        tuple(mention for text in texts for mention in text.mentions),
        frozenset().union(*(text.held for text in texts)),
        frozenset().union(*(text.begins for text in texts)),
    )


def _siblings(tokenizer: Tokenizer, language: Language) -> dict[str, frozenset[str]]:
    """Words of one language that a word of the other stands for alike (착공 and 시작 for "start")."""
    groups: dict[str, set[str]] = {}
    for english, korean in by_hand():
        if not english.islower():
            continue
        stem = "".join(tokenizer.tokens(english)[:1])
        for each in korean:
            groups.setdefault(stem if language == "ko" else each, set()).add(each if language == "ko" else stem)
    found: dict[str, set[str]] = {}
    for group in groups.values():
        for word in group:
            found.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in found.items()}


def default_thesauri(glossary: Glossary, tokenizer: Tokenizer) -> dict[Language, Thesaurus]:
    """The glossary's synonyms of both languages."""
    return {language: Thesaurus(glossary.synonyms.get(language, ()), tokenizer.tokens) for language in LANGUAGES}
