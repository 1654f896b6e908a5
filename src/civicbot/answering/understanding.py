"""What a question asks, worked out without a model: whose, which facet, what kind of value, for which year."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from civicbot.answering.lexicon import Kind, Lexicon, lexicon
from civicbot.answering.speaking import speakers
from civicbot.language.detect import has_hangul
from civicbot.language.glossary import Glossary, Mention
from civicbot.language.thesaurus import Meaning, Phrase, Thesaurus
from civicbot.language.tokens import Token, Tokenizer
from civicbot.model import Facet, Language

_FACET_OF_KIND = {
    Kind.AMOUNT: Facet.COST,
    Kind.DATE: Facet.SCHEDULE,
    Kind.SIZE: Facet.PLACE,
    Kind.PLACE: Facet.PLACE,
    Kind.PERSON: Facet.ACTORS,
    Kind.REASON: Facet.PURPOSE,
}
# Entities that nearly every question and sentence is about: naming them does not tell which project is meant.
BACKGROUND_KINDS = frozenset({"place"})
PEOPLE_KINDS = frozenset({"person", "body", "company"})
"""Entities that act and speak; projects and the like are what they act on."""
LIGHT = 0.25
"""Weight of a term that may be told in other words."""
ASIDE = 0.5
"""Weight of a term of a clause beside the one that asks, and of a verb whose other words are known."""
PREFACE = 0.2
"""Weight of a term of a sentence before or after the one that asks."""
LEANING = 0.7
"""Weight of a term beside or before a clause that asks without words of its own."""
_OWN_WORDS = 2
"""With fewer words of its own, a clause that asks leans on those around it."""
_PLAIN = 0.5
"""A facet to which less points than this share of what points to the plainest one is not asked for."""
_PARTICLE = re.compile(
    r"(?:이?랑|와|과|은|는|이|가|을|를|의|에서는?|에는?|에도|으?로|도|만|하고|부터|까지|이?란|이?라는)(?=[\s,.?!]|$)"
)
_LETTER = re.compile(r"[a-z]")
_COUNTER = re.compile(r"몇\s*(명|대|개|곳|장|건|평|번)")
# "What's the price" is put as "what is the price".
_CONTRACTED = re.compile(r"\b(what|who|when|where|how|why)['’]s\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")


@dataclass(frozen=True)
class Others:
    """Other words for a term.

    Attributes:
        words: single search tokens.
        phrases: several search tokens each.
    """

    words: frozenset[str]
    phrases: frozenset[Phrase]


NO_OTHERS = Others(frozenset(), frozenset())


@dataclass(frozen=True)
class Term:
    """A search token that the question demands.

    Attributes:
        token: the token; of a phrase that the thesaurus knows the first.
        weight: 0..1, how much the question demands it.
        others: other words for it.
        specific: whether it names a value of its own (fare, rent).
        act: whether it tells what happens (open, sign), not what it happens to.
    """

    token: str
    weight: float
    others: Others = NO_OTHERS
    specific: bool = False
    act: bool = False


@dataclass(frozen=True)
class Understanding:
    """What a question asks.

    Attributes:
        tokens: all search tokens.
        mentions: the glossary names in it.
        entities: glossary keys of projects and the like that it names, in order, without repeats.
        people: glossary keys of persons and bodies that it names.
        kinds: kinds of value asked for, in order of appearance.
        facets: facets asked for, the most plainly asked first.
        years: years asked about, as four digits.
        terms: what else it demands: tokens that are no name, no cue and not generic.
        what: whether it asks what something is.
        unit: the counter of the number asked for ("몇 명": 명), where the language has one.
        compare: whether it asks for a comparison.
        now: whether it asks for the newest state.
        changed: whether it asks how a value has changed, or differs between those who tell it.
        before: whether it asks for a plan or a value that no longer holds.
        announced: whether it asks if something has been announced or decided.
        speakers: glossary keys of those whose words it asks for.
        text: the question itself.
    """

    tokens: tuple[str, ...]
    mentions: tuple[Mention, ...]
    entities: tuple[str, ...]
    people: tuple[str, ...]
    kinds: tuple[Kind, ...]
    facets: tuple[Facet, ...]
    years: frozenset[str]
    terms: tuple[Term, ...]
    what: bool
    announced: bool
    unit: str | None = None
    compare: bool = False
    now: bool = False
    changed: bool = False
    before: bool = False
    speakers: tuple[str, ...] = ()
    text: str = ""

    @property
    def demand(self) -> frozenset[str]:
        """What it wants to be told: kinds of value, else ``what`` for a definition; nothing where it does not say."""
        return _demand(self.kinds, what=self.what)


@dataclass(frozen=True)
class Clauses:
    """What of a question asks, and what stands beside it.

    Attributes:
        asking: the clauses that ask; the whole question where none can be told apart.
        beside: the other clauses of the sentences that ask.
        preface: the sentences that do not ask.
    """

    asking: str
    beside: str
    preface: str


def understand(
    text: str,
    language: Language,
    glossary: Glossary,
    tokenizer: Tokenizer,
    year: int,
    thesaurus: Thesaurus | None = None,
) -> Understanding:
    """Works out what a question asks.

    Args:
        text: the cleaned question, standing alone.
        language: its language.
        glossary: the names that the library knows.
        tokenizer: the index's tokenizer.
        year: the current year, against which "next year" is resolved.
        thesaurus: other words for those of the question; without it a word stands for itself alone.
    """
    words = lexicon(language, tokenizer)
    said, text = text, _CONTRACTED.sub(r"\1 is", text)
    mentions = tuple(glossary.mentions(text))
    clauses = split_clauses(text, words)
    kinds = _kinds(clauses.asking, words)
    # A place is no project: it stays among the terms, so that "Why Haenam?" demands Haenam.
    named = tuple(m for m in mentions if glossary.entities[m.key].kind not in BACKGROUND_KINDS)
    analysed = tokenizer.analyse(_without(text, named))
    meanings = thesaurus.meanings([token.text for token in analysed]) if thesaurus else []
    asking = frozenset(tokenizer.tokens(clauses.asking))
    place = _placing(clauses, asking, analysed, named, words, tokenizer)
    terms = _terms(analysed, meanings, words, place)
    what = words.what.search(clauses.asking) is not None
    return Understanding(
        tokens=tuple(tokenizer.tokens(text)),
        mentions=mentions,
        entities=_keys(mentions, glossary, people=False),
        people=_keys(mentions, glossary, people=True),
        kinds=kinds,
        facets=_facets(clauses.asking, kinds, _cues(analysed, meanings, asking, words), words, what=what),
        years=_years(text, words, year),
        terms=terms,
        what=what,
        announced=words.announced.search(clauses.asking) is not None,
        compare=words.compare.search(text) is not None,
        now=words.now.search(text) is not None,
        changed=words.changed.search(text) is not None,
        before=words.before.search(text) is not None,
        speakers=speakers(text, _voices(text, mentions, glossary), words),
        unit=match.group(1) if (match := _COUNTER.search(clauses.asking)) else None,
        text=said,
    )


def _voices(text: str, mentions: Sequence[Mention], glossary: Glossary) -> list[Mention]:
    """Those who may be asked for what they said, in order; a collective's name stands for all its members."""
    named = [mention for mention in mentions if glossary.entities[mention.key].kind in PEOPLE_KINDS]
    together = [one for one in glossary.members(text) if not any(m.start <= one.start < m.end for m in mentions)]
    return sorted((*named, *together), key=lambda mention: mention.start)


def demand(text: str, words: Lexicon) -> frozenset[str]:
    """What one question wants to be told; see :attr:`Understanding.demand`.

    Args:
        text: the question.
        words: the lexicon of its language.
    """
    return _demand(_kinds(_CONTRACTED.sub(r"\1 is", text), words), what=bool(words.what.search(text)))


def _demand(kinds: tuple[Kind, ...], *, what: bool) -> frozenset[str]:
    return frozenset(kinds) or frozenset(("what",) if what else ())


def _kinds(asking: str, words: Lexicon) -> tuple[Kind, ...]:
    found = ((match.start(), kind) for kind, pattern in words.kinds.items() if (match := pattern.search(asking)))
    return tuple(kind for _, kind in sorted(found))


def split_clauses(text: str, words: Lexicon) -> Clauses:
    """Tells the clauses that ask from those that tell why somebody asks.

    A sentence with a question mark asks before one that only sounds like asking ("people keep wondering where the
    money went. So how much was it?"), and whatever sounds like asking after it does, too.
    """
    sentences = [sentence for sentence in words.sentence.split(text) if sentence.strip()]
    sounding = [_sounds_asking(sentence, words) for sentence in sentences]
    marked = [
        sounds and sentence.rstrip().endswith(("?", "？")) for sentence, sounds in zip(sentences, sounding, strict=True)
    ]
    first = marked.index(True) if True in marked else 0
    asks = [sounds and place >= first for place, sounds in enumerate(sounding)]
    if not any(asks):
        return Clauses(text, "", "")
    asking, beside = [], []
    for sentence in (sentence for sentence, ask in zip(sentences, asks, strict=True) if ask):
        cuts = [0, *(match.end() for match in words.clause.finditer(sentence)), len(sentence)]
        clauses = [sentence[start:end] for start, end in pairwise(cuts) if sentence[start:end].strip()]
        telling = [clause for clause in clauses if _sounds_asking(clause, words)] or clauses
        asking += telling
        beside += [clause for clause in clauses if clause not in telling]
    preface = [sentence for sentence, ask in zip(sentences, asks, strict=True) if not ask]
    return Clauses(" ".join(asking), " ".join(beside), " ".join(preface))


def _sounds_asking(text: str, words: Lexicon) -> bool:
    return any(
        pattern.search(text)
        for pattern in (*words.kinds.values(), words.what, words.announced, *words.facet_patterns.values())
    )


def _placing(
    clauses: Clauses,
    asking: frozenset[str],
    analysed: list[Token],
    named: tuple[Mention, ...],
    words: Lexicon,
    tokenizer: Tokenizer,
) -> Callable[[str], float]:
    """What weighs a token by where it stands."""
    beside, preface = (frozenset(tokenizer.tokens(part)) for part in (clauses.beside, clauses.preface))
    # "Who was that?" leans on what has been told before it.
    own = {token.text for token in analysed if token.text in asking and not words.says_little(token.text)}
    leaning = len(own) < _OWN_WORDS
    spoken = " ".join(mention.name for mention in named)
    parts = frozenset(tokenizer.tokens(spoken))

    def place(token: str) -> float:
        # Said again beside the whole name ("AI 센터 … 국가AI컴퓨팅센터"), a part of it demands nothing more.
        part = token in parts or (len(token) > 1 and has_hangul(token) and token in spoken)
        return LIGHT if part else _place(token, asking, beside, preface, leaning=leaning)

    return place


def _place(
    token: str, asking: frozenset[str], beside: frozenset[str], preface: frozenset[str], *, leaning: bool
) -> float:
    """The weight of a token by where it stands."""
    if token in asking or token not in beside | preface:
        return 1.0
    if leaning:
        return LEANING
    return ASIDE if token in beside else PREFACE


def _without(text: str, mentions: tuple[Mention, ...]) -> str:
    """The text without names and the particles on them, which would be read as words when left alone (랑, 은)."""
    for mention in reversed(mentions):
        rest = text[mention.end :]
        particle = _PARTICLE.match(rest) if has_hangul(rest[:1]) else None
        text = text[: mention.start] + " " + (rest[particle.end() :] if particle else rest)
    return text


def _keys(mentions: tuple[Mention, ...], glossary: Glossary, *, people: bool) -> tuple[str, ...]:
    keys = []
    for mention in mentions:
        kind = glossary.entities[mention.key].kind
        if kind in BACKGROUND_KINDS:
            continue
        if (kind in PEOPLE_KINDS) == people and mention.key not in keys:
            keys.append(mention.key)
    return tuple(keys)


def _cues(analysed: list[Token], meanings: list[Meaning], asking: frozenset[str], words: Lexicon) -> dict[Facet, float]:
    """How strongly the words of the asking clauses point to facets; other words for them half as strongly."""
    scores: dict[Facet, float] = {}
    verbal = {token.text for token in analysed if token.verbal}
    for token in analysed:
        if token.text in asking:
            for facet in words.cues.get(token.text, ()):
                scores[facet] = scores.get(facet, 0.0) + 1.5
    for meaning in meanings:
        inside = [token.text for token in analysed[meaning.start : meaning.end]]
        # Verbs mean too much in other words ("take", "하다").
        if not asking.issuperset(inside) or any(token in words.cues or token in verbal for token in inside):
            continue
        pointed = [words.cues.get(phrase[0], frozenset()) for phrase in meaning.phrases if len(phrase) == 1]
        for facet in frozenset().union(*pointed):
            scores[facet] = scores.get(facet, 0.0) + 0.75
    return scores


def _facets(
    text: str, kinds: tuple[Kind, ...], cues: dict[Facet, float], words: Lexicon, *, what: bool
) -> tuple[Facet, ...]:
    scores = {facet: 2.0 for facet, pattern in words.facet_patterns.items() if pattern.search(text)}
    for kind in kinds:
        if kind in _FACET_OF_KIND:
            facet = _FACET_OF_KIND[kind]
            scores[facet] = scores.get(facet, 0.0) + 2.0
    for facet, score in cues.items():
        scores[facet] = scores.get(facet, 0.0) + score
    if what:
        scores[Facet.WHAT] = scores.get(Facet.WHAT, 0.0) + 1.0
    plain = [facet for facet, score in scores.items() if score >= _PLAIN * max(scores.values())]
    return tuple(sorted(plain, key=lambda facet: -scores[facet]))


def _years(text: str, words: Lexicon, year: int) -> frozenset[str]:
    found = set(_YEAR.findall(text))
    found |= {str(year + shift) for pattern, shift in words.years.items() if pattern.search(text)}
    return frozenset(found)


def _terms(
    rest: list[Token], meanings: list[Meaning], words: Lexicon, place: Callable[[str], float]
) -> tuple[Term, ...]:
    terms: dict[str, Term] = {}
    starts = {meaning.start: meaning for meaning in meanings}
    # Of a phrase that has other words only the first token stands for it.
    inner = {position for meaning in meanings for position in range(meaning.start + 1, meaning.end)}
    for position, token in enumerate(rest):
        meaning = starts.get(position)
        # A phrase of words that say nothing by themselves ("어떻게 되나요") says nothing together.
        phrase = meaning is not None and any(
            inside.text not in words.generic for inside in rest[meaning.start + 1 : meaning.end]
        )
        # Single Latin letters are what is left of a name ("…'s").
        empty = token.text in words.generic or _YEAR.fullmatch(token.text) or _LETTER.fullmatch(token.text)
        if position in inner or (empty and not phrase):
            continue
        weight = place(token.text)
        # A facet's cue is met by the facet itself, and verbs have many synonyms: both say only a little about the
        # very word that is wanted.
        act = token.text in words.cues or token.verbal or token.text in words.verbs
        if not phrase and act:
            weight *= ASIDE if meaning else LIGHT
        others = _others(meaning) if meaning else NO_OTHERS
        held = terms.get(token.text)
        if held is None or held.weight < weight:
            specific = token.text in words.specific and place(token.text) == 1.0
            if specific:
                # A fare may be put as a charge, but the cost of all of it is another thing.
                others = Others(frozenset(others.words - words.cues.keys() - {token.text}), others.phrases)
            terms[token.text] = Term(token.text, weight, others, specific, act and place(token.text) == 1.0)
    return tuple(terms.values())


def _others(meaning: Meaning) -> Others:
    words = frozenset(phrase[0] for phrase in meaning.phrases if len(phrase) == 1)
    return Others(words, frozenset(phrase for phrase in meaning.phrases if len(phrase) > 1))
