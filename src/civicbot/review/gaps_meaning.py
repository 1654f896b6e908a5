"""What questions mean, for gathering those of one meaning: whose, which facet, what kind of value, and by which words.

Working it out takes a millisecond or two for each question, so it is kept with the index generation that it was
worked out by, and a new one begins anew: it may know other names.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from civicbot.answering.lexicon import Kind
from civicbot.answering.understanding import ASIDE, Term, Understanding, understand
from civicbot.language.personal import without_placeholders
from civicbot.model import LANGUAGES, Facet, Language
from civicbot.retrieval.opened import OpenGeneration

MOST_AT_ONCE = 250
"""How many questions are worked out while somebody waits: half a second of one core."""
_KEY = "gaps"
_MOST_KEPT = 50_000
_ALIKE = 0.5
"""Two questions without a known facet are of one meaning from this share of common terms on (Dice coefficient)."""


@dataclass(frozen=True)
class Meant:
    """What a question means, as far as gathering needs it.

    Attributes:
        entities: glossary keys of what it is about, sorted: projects and the like, else persons and bodies.
        own: search tokens that name a value of its own ("fare"), of words with one meaning the same one.
        terms: the other tokens that it demands, likewise.
        asked: the whole understanding, for weighing sentences.
    """

    language: Language
    entities: tuple[str, ...]
    facet: Facet | None
    kind: Kind | None
    own: frozenset[str]
    terms: frozenset[str]
    asked: Understanding

    @property
    def entity(self) -> str | None:
        """What it is about in the first place."""
        named = self.asked.entities or self.asked.people
        return named[0] if named else None

    @property
    def settled(self) -> bool:
        """Whether entity and facet alone tell what it means."""
        return bool(self.entities) and self.facet is not None


Text = tuple[Language, str]


class Meanings:
    """Works out what questions mean with one generation.

    Args:
        generation: knows names, words and other words for them.
        year: the current one.
    """

    def __init__(self, generation: OpenGeneration, year: int) -> None:
        self._generation = generation
        self._year = year
        held = generation.worked_out.setdefault(_KEY, {})
        assert isinstance(held, dict)
        self._held: dict[tuple[Language, str, int], Meant] = held

    def known(self, text: Text) -> Meant | None:
        """What a question means, if that has been worked out."""
        return self._held.get((*text, self._year))

    def of(self, text: Text) -> Meant:
        """What a question means."""
        found = self.known(text)
        if found is None:
            if len(self._held) >= _MOST_KEPT:
                self._held.clear()
            found = self._held[(*text, self._year)] = self._worked_out(text)
        return found

    def _worked_out(self, text: Text) -> Meant:
        language, told = text
        generation = self._generation
        thesaurus = generation.thesaurus(language)
        told = without_placeholders(told) or told
        asked = understand(told, language, generation.glossary, generation.tokenizer, self._year, thesaurus)
        return Meant(
            language=language,
            entities=tuple(sorted(asked.entities or asked.people)),
            facet=asked.facets[0] if asked.facets else None,
            kind=asked.kinds[0] if asked.kinds else None,
            own=frozenset(_one(term) for term in asked.terms if term.specific),
            terms=frozenset(_one(term) for term in asked.terms if term.weight >= ASIDE),
            asked=asked,
        )


def _one(term: Term) -> str:
    """One token for all that mean the same."""
    return min((term.token, *term.others.words, *(phrase[0] for phrase in term.others.phrases)))


class WarmUp:
    """Works meanings out in the background, one run at a time, so that nobody waits for many of them."""

    def __init__(self) -> None:
        self._busy = threading.Lock()

    def start(self, work: Callable[[], None]) -> None:
        """Does some work unless some is being done."""
        if self._busy.acquire(blocking=False):
            threading.Thread(target=self._run, args=(work,), name="gaps", daemon=True).start()

    def _run(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self._busy.release()


_Key = tuple[object, ...]


def gather(asked: Sequence[tuple[int, Meant | None, int]]) -> list[tuple[str, list[int]]]:
    """Gathers questions of one meaning: by entity, facet and kind, else by the terms that they share.

    Args:
        asked: the item of each kind of question, what it means (None while that is not known) and how often it was
            asked.

    Returns:
        For each gap its key and the positions of its questions, the most frequent first. The key of those that are
        gathered by terms is that of the most frequent one.
    """
    order = sorted(range(len(asked)), key=lambda place: (-asked[place][2], asked[place][0]))
    settled: dict[_Key, list[int]] = {}
    loose: dict[_Key, _Heap] = {}
    alone: list[int] = []
    for place in order:
        meant = asked[place][1]
        if meant is None or not (meant.settled or meant.terms or meant.entities):
            alone.append(place)
        elif meant.settled:
            settled.setdefault(_identity(meant), []).append(place)
        else:
            bucket: _Key = (meant.language, meant.entities, meant.facet, meant.kind)
            loose.setdefault(bucket, _Heap()).add(place, meant.terms)
    rank = {place: number for number, place in enumerate(order)}
    found = [(_hash(key), sorted(places, key=rank.__getitem__)) for key, places in _across(settled).items()]
    for bucket, heap in loose.items():
        found += [(_hash((*bucket, *sorted(terms))), places) for terms, places in heap.clusters]
    return [*found, *((_hash(("item", asked[place][0])), [place]) for place in alone)]


def _identity(meant: Meant) -> _Key:
    return meant.language, meant.entities, meant.facet, meant.kind, tuple(sorted(meant.own))


def _across(settled: Mapping[_Key, list[int]]) -> dict[_Key, list[int]]:
    """Joins what both languages ask for where entity and facet agree, and each language has one such gap alone."""
    sides: dict[_Key, dict[object, list[_Key]]] = {}
    for key in settled:
        language, entities, facet, kind, own = key
        broad: _Key = (entities, facet, bool(own))
        for level in ((*broad, kind), broad):
            sides.setdefault(level, {}).setdefault(language, []).append(key)
    joined = dict(settled)
    for level, held in sorted(sides.items(), key=lambda item: -len(item[0])):
        there = [[key for key in keys if key in joined] for keys in held.values()]
        if len(there) == len(LANGUAGES) and all(len(keys) == 1 for keys in there):
            joined[("both", *level)] = [place for (key,) in there for place in joined.pop(key)]
    return joined


class _Heap:
    """Questions gathered by shared terms; each goes to the gap whose first question it shares most terms with."""

    def __init__(self) -> None:
        self.clusters: list[tuple[frozenset[str], list[int]]] = []
        self._holding: dict[str, list[int]] = {}

    def add(self, place: int, terms: frozenset[str]) -> None:
        """Puts a question to those of its meaning."""
        best, most = None, _ALIKE
        for number in dict.fromkeys(number for term in terms for number in self._holding.get(term, ())):
            held = self.clusters[number][0]
            share = 2 * len(terms & held) / (len(terms) + len(held))
            if share > most or (share == most and best is None):
                best, most = number, share
        if best is None and not terms:
            best = next((number for number, (held, _) in enumerate(self.clusters) if not held), None)
        if best is not None:
            self.clusters[best][1].append(place)
            return
        for term in terms:
            self._holding.setdefault(term, []).append(len(self.clusters))
        self.clusters.append((terms, [place]))


def _hash(parts: Iterable[object]) -> str:
    return sha256(repr(tuple(parts)).encode("utf-8", "replace")).hexdigest()[:20]
