"""Search tokens: Korean content morphemes and stemmed English words."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import Stemmer

from civicbot.language.detect import has_hangul
from civicbot.language.folding import without_surrogates
from civicbot.language.kiwi import LOCK, analyser
from civicbot.language.pieces import pieces

# Nouns, numerals, verbs and adjectives, roots, foreign words, digits, Chinese characters (Sejong tag set). Particles,
# endings and affixes carry grammar, not meaning, and would match everywhere.
_CONTENT_TAGS = frozenset({"NNG", "NNP", "NR", "VV", "VA", "XR", "SL", "SN", "SH", "W_SERIAL"})
_KEPT = 1_000
"""How many texts' tokens are kept, so that none is analysed twice for one question."""
_VERBAL_TAGS = frozenset({"VV", "VA"})
_NAME_TAGS = frozenset({"NNP", "SH"})
# First letters of the tags of particles (J...) and endings (E...).
_GRAMMAR = frozenset("JE")
_WORD = re.compile(r"[^\W\d_]+(?:['’](?:s|t|re|ve|ll|d|m)\b)?|\d+(?:[.,]\d+)*", re.IGNORECASE)
# What a digit or letter is written onto must not hide the word: "#광주" is 광주.
_HASH = re.compile(r"#(?=\w)")
_STOP_WORDS = frozenset(
    "a about an and any are as at be been by can could did do does for from had has have how i in into is it its me "
    "my of on or our shall should so some such than that the their them then there these they this those to was we "
    "were what when where which who whom whose why will with would you your please tell".split()
)
# British and American spellings of one word, brought to the British one; "size", "laboratory", "programming" have one.
_BRITISH = tuple(
    (re.compile(american), british)
    for american, british in (
        (r"^center(?=s?$)", "centre"),
        (r"^program(?=s?$)", "programme"),
        (r"^(kilom|centim|m)eter(?=s?$)", r"\1etre"),
        (r"^(lab|neighb|harb|behavi|col|fav)or(?=s?$|ed|ing|hood)", r"\1our"),
        (r"^(defen|licen)se(?=s?$)", r"\1ce"),
        (r"(?<=[a-z]{4})iz(?=e[sdr]?$|ers$|ing$|ations?$)", "is"),
    )
)
_ENDING = re.compile(r"['’](?:s|t|re|ve|ll|d|m)$", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """A search token.

    Attributes:
        text: as it is indexed.
        verbal: whether it is a Korean verb or adjective (English ones cannot be told without a model).
        name: whether it is a proper noun, or a foreign word in Korean text.
    """

    text: str
    verbal: bool = False
    name: bool = False


@dataclass(frozen=True)
class Terms:
    """What a text is indexed by, and what is looked up for a question.

    Attributes:
        tokens: search tokens in order, with repeats.
        pieces: parts of words and pairs of tokens; see :mod:`civicbot.language.pieces`.
    """

    tokens: list[str]
    pieces: list[str]


class Tokenizer:
    """Turns text of either language, or of both mixed, into search tokens.

    Args:
        user_words: Korean names that must stay whole.
    """

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        self._user_words = tuple(sorted(set(user_words)))
        # PyStemmer keeps state in the object: one for each thread.
        self._local = threading.local()
        # A question, and each sentence found for it, is looked at by several stages one after another.
        self._cut = lru_cache(maxsize=_KEPT)(self._compute_cut)

    def tokens(self, text: str) -> list[str]:
        """The search tokens of a text in order, lower-cased, with repeats.

        Full-width and compatibility forms are folded (NFKC). English stop words are left out, English words stemmed
        (Snowball), British and American spellings made one.
        """
        return [token.text for token in self.analyse(text)]

    def analyse(self, text: str) -> list[Token]:
        """The search tokens of a text with what is known of them."""
        return list(self._cut(text)[0])

    def terms(self, text: str) -> Terms:
        """The search tokens and the pieces of a text."""
        tokens, words = self._cut(text)
        texts = [token.text for token in tokens]
        # What holds no content word says nothing, however many letters it has.
        return Terms(texts, pieces(words, texts) if texts else [])

    def _compute_cut(self, text: str) -> tuple[list[Token], list[str]]:
        """The tokens of a text, and its words without particles, endings and stop words."""
        folded = _HASH.sub(" ", unicodedata.normalize("NFKC", without_surrogates(text)))
        if not has_hangul(folded):
            words = [spelled for word in _WORD.findall(folded) if (spelled := _spelled(word))]
            return [Token(self._stem(word)) for word in words], words
        kiwi = analyser(self._user_words)
        with LOCK:
            morphemes = kiwi.tokenize(folded)
        tokens = [token for morpheme in morphemes for token in self._tokens(morpheme, folded)]
        return tokens, _without_grammar(folded, morphemes)

    def _tokens(self, morpheme: Any, text: str) -> Iterator[Token]:
        tag = morpheme.tag.split("-")[0]
        if tag not in _CONTENT_TAGS:
            return
        if tag in ("SL", "SN", "W_SERIAL"):
            # "city's" comes in pieces, "2025-08-17" and "3/4" in one: both as they come in an English text.
            before = text[max(0, morpheme.start - 2) : morpheme.start]
            if before[:1].isalpha() and _ENDING.fullmatch(before[1:] + morpheme.form):
                return
            words = (word for found in _WORD.findall(morpheme.form) if (word := _spelled(found)))
            yield from (Token(self._stem(word), name=tag == "SL") for word in words)
        elif morpheme.form.strip():
            yield Token(morpheme.form.lower(), verbal=tag in _VERBAL_TAGS, name=tag in _NAME_TAGS)

    def _stem(self, word: str) -> str:
        if word[:1].isdigit():
            return word
        stemmer = getattr(self._local, "stemmer", None)
        if stemmer is None:
            stemmer = self._local.stemmer = Stemmer.Stemmer("english")
        return str(stemmer.stemWord(word))


def _spelled(word: str) -> str:
    """A word that is not Korean in lower case and British spelling; empty for a stop word."""
    lower = _ENDING.sub("", word.lower())
    if lower in _STOP_WORDS:
        return ""
    if lower[:1].isdigit():
        return lower.replace(",", "")
    for american, british in _BRITISH:
        lower = american.sub(british, lower)
    return lower


def _without_grammar(text: str, morphemes: Iterable[Any]) -> list[str]:
    """What is left of a Korean text without particles and endings: runs of characters that nothing parts.

    A syllable that a stem shares with its ending (했) is kept.
    """
    kept = bytearray(len(text))
    for morpheme in morphemes:
        if morpheme.tag[0] not in _GRAMMAR:
            kept[morpheme.start : morpheme.start + morpheme.len] = b"\x01" * morpheme.len
    return "".join(c if keep else " " for c, keep in zip(text, kept, strict=True)).lower().split()
