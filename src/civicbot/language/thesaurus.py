"""Words that mean the same in this domain: what residents say, and what the library says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

Phrase = tuple[str, ...]
"""Search tokens of a word or short phrase."""


@dataclass(frozen=True)
class Meaning:
    """What a run of tokens may be put as.

    Attributes:
        start: position of its first token.
        end: position after its last token.
        phrases: the other phrases of all its groups, without the one that was found.
    """

    start: int
    end: int
    phrases: frozenset[Phrase]


class Thesaurus:
    """Groups of words and phrases with one meaning.

    Args:
        groups: words and phrases of each group, of one language or of both.
        tokens: cuts a phrase into search tokens, as the index does.
    """

    def __init__(self, groups: Iterable[Iterable[str]], tokens: Callable[[str], Sequence[str]]) -> None:
        self._groups: list[frozenset[Phrase]] = []
        self._places: dict[Phrase, list[int]] = {}
        self._lengths: dict[str, set[int]] = {}
        for group in groups:
            phrases = frozenset(phrase for words in group if (phrase := tuple(tokens(words))))
            if len(phrases) < 2:
                continue
            for phrase in phrases:
                self._places.setdefault(phrase, []).append(len(self._groups))
                self._lengths.setdefault(phrase[0], set()).add(len(phrase))
            self._groups.append(phrases)

    def meanings(self, tokens: Sequence[str]) -> list[Meaning]:
        """The known words and phrases among tokens, in order; of overlapping ones the longer, then the first.

        Args:
            tokens: search tokens of a question, in order.
        """
        found: list[Meaning] = []
        position = 0
        while position < len(tokens):
            phrase = self._at(tokens, position)
            if phrase:
                others = frozenset().union(*(self._groups[place] for place in self._places[phrase])) - {phrase}
                found.append(Meaning(position, position + len(phrase), others))
            position += len(phrase) or 1
        return found

    def _at(self, tokens: Sequence[str], position: int) -> Phrase:
        for length in sorted(self._lengths.get(tokens[position], ()), reverse=True):
            phrase = tuple(tokens[position : position + length])
            if phrase in self._places:
                return phrase
        return ()
