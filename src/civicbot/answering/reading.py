"""How well a sentence of any text answers a question, from the texts alone: no facets, names or wordings are needed.

What a sentence leaves out, its surroundings may say: the title of its document, the sentence before, the passage. So
each word of the question counts where it is found first, and most in the sentence itself. Then: does the sentence tell
a thing of the kind that is sought, and one that the question does not already say?
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from civicbot.answering.bags import Bag
from civicbot.answering.sought import NAMED, Sought, SoughtWords, Thing, sought_words, squeezed
from civicbot.answering.understanding import Understanding
from civicbot.language.detect import has_hangul
from civicbot.language.tokens import Token
from civicbot.model import Passage
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit

Features = dict[str, float]

_VERB = 0.6
"""What a Korean verb counts beside a noun: it has more synonyms."""
_LIBRARY, _FOUND = 5.0, 2.0
"""How much a word counts by its rarity in the library and by its rarity among the sentences found."""
_BEFORE = 0.5
"""How much the likeness of the sentence before counts beside the sentence's own."""
_NOTHING: frozenset[str] = frozenset()
_CAPITAL = re.compile(r"[^\W\d_][\w'’.\-]*")
_POSSESSIVE = re.compile(r"['’]s$")


@dataclass(frozen=True)
class _Read:
    """What has been found out about a sentence.

    Attributes:
        bag: its search tokens.
        pieces: its pieces; see :mod:`civicbot.language.pieces`.
        names: its proper names, squeezed.
        leans: whether it starts with a word that refers to the sentence before.
    """

    bag: Bag
    pieces: frozenset[str]
    names: frozenset[str]
    leans: bool


@dataclass(frozen=True)
class Reading:
    """A question made ready to be looked for in the sentences found for it.

    Attributes:
        sought: what it looks for.
        noun: search tokens of the word that says what it looks for.
        weights: its search tokens with their shares of the whole question, adding up to 1.
        pieces: its pieces with their shares.
        squeezed: the question without white space and capitals.
        best: the score of the best passage found.
        words: how its language tells things.
    """

    sought: Sought
    noun: tuple[str, ...]
    weights: Mapping[str, float]
    pieces: Mapping[str, float]
    squeezed: str
    best: float
    words: SoughtWords


class Reader:
    """Reads the sentences of an open generation; what it finds out about them is kept for the next question.

    Args:
        generation: the generation that the sentences come from.
    """

    def __init__(self, generation: OpenGeneration) -> None:
        self._generation = generation
        self._sentence = lru_cache(maxsize=50_000)(self._compute_sentence)
        self._title = lru_cache(maxsize=20_000)(self._compute_words)
        self._around = lru_cache(maxsize=20_000)(self._compute_around)

    def reading(self, asked: Understanding, hits: Sequence[Hit]) -> Reading:
        """A question made ready.

        Args:
            asked: what it asks.
            hits: the passages found for it.
        """
        language = hits[0].passage.language if hits else "ko"
        words = sought_words(language)
        sought = words.sought(asked.text)
        noun = tuple(self._generation.tokenizer.tokens(sought.noun)) if sought.noun else ()
        found = [self._sentence(s.text, language) for hit in hits for s in hit.passage.statements]
        return Reading(
            sought=sought,
            noun=noun,
            weights=self._weights(asked.text, sought, noun, words, found),
            pieces=_shares(
                # In their order, not as a set: sums must come out the same in every process.
                dict.fromkeys(self._generation.tokenizer.terms(asked.text).pieces),
                lambda piece: _rarity(sum(piece in s.pieces for s in found), len(found)),
            ),
            squeezed=squeezed(asked.text),
            best=max((hit.score for hit in hits), default=1.0),
            words=words,
        )

    def features(self, reading: Reading, hit: Hit, place: int) -> Features:
        """The features of one sentence: 0 to 1, or -1 to 1 for ``read_value`` and ``read_order``.

        Args:
            reading: the question.
            hit: the passage found.
            place: which of its statements.
        """
        passage = hit.passage
        text = passage.statements[place].text
        own = self._read(passage, place)
        told = self._told(reading, passage, place)
        sought, words = reading.sought, reading.words
        return told | {
            "read_leaning": own.leans * told["read_before"],
            "read_pieces": sum(share for piece, share in reading.pieces.items() if piece in own.pieces),
            "read_rank": hit.score / reading.best,
            "read_like": _likeness(hit.sentences, place),
            "read_value": self._value(reading, text),
            "read_reason": float(sought.thing is Thing.REASON and bool(words.values(Thing.REASON, text))),
            "read_nameless": self._nameless(reading, passage, own),
            "read_unit": float(words.counts(sought.unit, text)),
            "read_noun": _says(reading.noun, own.bag),
            "read_order": self._order(reading, passage, place),
            "read_naming": float(sought.naming and words.tells_name(text)),
        }

    def _told(self, reading: Reading, passage: Passage, place: int) -> Features:
        """Shares of the question that the sentence says itself, and that its surroundings add."""
        layers = {
            "read_titled": self._title(passage.title + "\n" + passage.heading),
            "read_before": self._read(passage, place - 1).bag.words if place else _NOTHING,
            "read_after": self._read(passage, place + 1).bag.words if place + 1 < len(passage.statements) else _NOTHING,
            "read_around": self._around(passage.id),
        }
        own = self._read(passage, place).bag
        shares = dict.fromkeys(("read_told", *layers), 0.0)
        for token, weight in reading.weights.items():
            if own.holds(token):
                shares["read_told"] += weight
            elif layer := next((name for name, found in layers.items() if token in found), None):
                shares[layer] += weight
        return shares

    def _value(self, reading: Reading, text: str) -> float:
        """1 for a sentence with a date or number that the question does not have, -1 for one without; else 0."""
        thing = reading.sought.thing
        if thing not in (Thing.YEAR, Thing.DATE, Thing.NUMBER):
            return 0.0
        return 1.0 if any(value not in reading.squeezed for value in reading.words.values(thing, text)) else -1.0

    def _order(self, reading: Reading, passage: Passage, place: int) -> float:
        """1 for a sentence that names the same place in a row ("the second"), -1 for only another one; else 0."""
        wanted = reading.sought.orders
        found = reading.words.orders(passage.statements[place].text) if wanted else frozenset()
        return 0.0 if not found else 1.0 if wanted & found else -1.0

    def _nameless(self, reading: Reading, passage: Passage, own: _Read) -> float:
        """How much it speaks against a sentence that it has no name but those of the question and the title."""
        if reading.sought.thing not in NAMED:
            return 0.0
        known = reading.squeezed + squeezed(passage.title)
        if any(name not in known for name in own.names):
            return 0.0
        return 1.0 if reading.sought.thing is Thing.PERSON else 0.5

    def _weights(
        self, text: str, sought: Sought, noun: Sequence[str], words: SoughtWords, found: Sequence[_Read]
    ) -> dict[str, float]:
        tokens: dict[str, Token] = {}
        for token in self._generation.tokenizer.analyse(text):
            if token.text not in words.asking:
                tokens.setdefault(token.text, token)
        # The word for the kind of thing sought ("in which year") need not be said by a sentence that tells it.
        if sought.thing is not Thing.OTHER and noun and len(tokens) > 1:
            tokens.pop(noun[-1], None)
        rare = _shares(tokens, lambda t: _heavy(tokens[t]) * self._generation.lexical.idf(t))
        here = _shares(tokens, lambda t: _heavy(tokens[t]) * _rarity(sum(t in s.bag.words for s in found), len(found)))
        return {t: (_LIBRARY * rare[t] + _FOUND * here[t]) / (_LIBRARY + _FOUND) for t in tokens}

    def _read(self, passage: Passage, place: int) -> _Read:
        return self._sentence(passage.statements[place].text, passage.language)

    def _compute_sentence(self, text: str, language: str) -> _Read:
        words = sought_words("ko" if language == "ko" else "en")
        tokens = self._generation.tokenizer.analyse(text)
        korean = has_hangul(text)
        names = (
            (squeezed(token.text) for token in tokens if token.name) if korean else _capitalised(text, words.starters)
        )
        return _Read(
            bag=Bag.of(token.text for token in tokens),
            pieces=frozenset(self._generation.tokenizer.terms(text).pieces),
            names=frozenset(names),
            leans=words.refers_back(text),
        )

    def _compute_around(self, passage_id: str) -> frozenset[str]:
        passage = self._generation.passage(passage_id)
        return frozenset().union(*(self._read(passage, place).bag.words for place in range(len(passage.statements))))

    def _compute_words(self, text: str) -> frozenset[str]:
        return frozenset(self._generation.tokenizer.tokens(text))


def _likeness(sentences: Sequence[float], place: int) -> float:
    """The cosine of a sentence to the question, with a share of the one before; 0 without vectors."""
    if not sentences:
        return 0.0
    before = sentences[place - 1] if place else sentences[place]
    return max((sentences[place] + _BEFORE * before) / (1.0 + _BEFORE), 0.0)


def _heavy(token: Token) -> float:
    return _VERB if token.verbal else 1.0


def _rarity(count: int, of: int) -> float:
    """Robertson's idf among ``of`` sentences; see :meth:`civicbot.retrieval.lexical.LexicalIndex.idf`."""
    return math.log(1 + (of - count + 0.5) / (count + 0.5))


def _shares(keys: Iterable[str], weight: Callable[[str], float]) -> dict[str, float]:
    weights = {key: weight(key) for key in keys}
    whole = sum(weights.values())
    return {key: value / whole for key, value in weights.items()} if whole > 0 else dict.fromkeys(weights, 0.0)


def _says(noun: Sequence[str], bag: Bag) -> float:
    """Share of the tokens of a noun that stand in a sentence, also as the beginning or end of a compound."""
    return sum(any(_akin(token, word) for word in bag.words) for token in noun) / len(noun) if noun else 0.0


def _akin(token: str, word: str) -> bool:
    return word == token or (len(token) > 1 and (word.startswith(token) or word.endswith(token)))


def _capitalised(text: str, starters: frozenset[str]) -> frozenset[str]:
    """Words with a capital, but for those that only start a sentence."""
    words = [(match[0], match.start()) for match in _CAPITAL.finditer(text)]
    found = set()
    for number, (word, start) in enumerate(words):
        if not word[0].isupper() or word.lower() in starters:
            continue
        following = words[number + 1][0] if number + 1 < len(words) else ""
        first = start == 0 or text[:start].rstrip()[-1:] in ".!?"
        if not first or following[:1].isupper() or _POSSESSIVE.search(word):
            found.add(_POSSESSIVE.sub("", word.lower()).strip("."))
    return frozenset(found)
