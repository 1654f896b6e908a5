"""Search tokens: Korean content morphemes and stemmed English words."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import Stemmer

from civicbot.language.detect import has_hangul
from civicbot.language.kiwi import LOCK, analyser

# Nouns, numerals, verbs and adjectives, roots, foreign words, digits, Chinese characters (Sejong tag set). Particles,
# endings and affixes carry grammar, not meaning, and would match everywhere.
_CONTENT_TAGS = frozenset({"NNG", "NNP", "NR", "VV", "VA", "XR", "SL", "SN", "SH", "SW", "W_SERIAL"})
_VERBAL_TAGS = frozenset({"VV", "VA"})
_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?|\d+(?:[.,]\d+)*|[^\W\d_]+")
_STOP_WORDS = frozenset(
    "a about an and any are as at be been by can could did do does for from had has have how i in into is it its me "
    "my of on or our shall should so some such than that the their them then there these they this those to was we "
    "were what when where which who whom whose why will with would you your please tell".split()
)
_BRITISH = (("center", "centre"), ("program", "programme"), ("organiz", "organis"), ("labor", "labour"))
_POSSESSIVE = re.compile(r"'s?$")


@dataclass(frozen=True)
class Token:
    """A search token; ``verbal`` marks Korean verbs and adjectives (English ones cannot be told without a model)."""

    text: str
    verbal: bool = False


class Tokenizer:
    """Turns text of either language, or of both mixed, into search tokens.

    Args:
        user_words: Korean names that must stay whole.
    """

    def __init__(self, user_words: Iterable[str] = ()) -> None:
        self._user_words = tuple(sorted(set(user_words)))
        # PyStemmer keeps state in the object: one for each thread.
        self._local = threading.local()

    def tokens(self, text: str) -> list[str]:
        """The search tokens of a text in order, lower-cased, with repeats.

        Full-width and compatibility forms are folded (NFKC). English stop words are left out, English words stemmed
        (Snowball), British and American spellings made one.
        """
        return [token.text for token in self.analyse(text)]

    def analyse(self, text: str) -> list[Token]:
        """The search tokens of a text with what is known of them."""
        folded = unicodedata.normalize("NFKC", text)
        if not has_hangul(folded):
            return [Token(token) for word in _WORD.findall(folded) if (token := self._english(word))]
        with LOCK:
            morphemes = analyser(self._user_words).tokenize(folded)
        tokens = []
        for morpheme in morphemes:
            tag = morpheme.tag.split("-")[0]
            if tag not in _CONTENT_TAGS:
                continue
            token = self._english(morpheme.form) if tag == "SL" else morpheme.form.lower()
            if token:
                tokens.append(Token(token, verbal=tag in _VERBAL_TAGS))
        return tokens

    def _english(self, word: str) -> str:
        lower = _POSSESSIVE.sub("", word.lower())
        if lower in _STOP_WORDS:
            return ""
        if lower[:1].isdigit():
            return lower.replace(",", "")
        for american, british in _BRITISH:
            if lower.startswith(american) and not lower.startswith(british):
                lower = british + lower[len(american) :]
        stemmer = getattr(self._local, "stemmer", None)
        if stemmer is None:
            stemmer = self._local.stemmer = Stemmer.Stemmer("english")
        return str(stemmer.stemWord(lower))
