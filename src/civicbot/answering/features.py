"""What is known of one sentence with regard to one question, as numbers from 0 to 1."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from civicbot.answering.bags import OTHER, Bag, met
from civicbot.answering.lexicon import Kind, lexicon
from civicbot.answering.speaking import tells_words_of
from civicbot.answering.understanding import PEOPLE_KINDS, Term, Understanding, demand
from civicbot.language.detect import has_hangul
from civicbot.language.glossary import Mention
from civicbot.language.quantities import Quantity, quantities
from civicbot.model import DocumentKind, Facet, Language, Passage, Statement
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import Hit

Features = dict[str, float]

_VOTERS = 10
"""How many of the best passages tell which project a question without a known name is about."""
_SAME_QUESTION = 0.75
"""From this likeness on (Jaccard, by idf) two questions are the same one."""
_OTHER_DEMAND = 0.6
"""How much of its likeness a question keeps to one that wants to be told something else (where, not who builds)."""
_ENTITY_TERM = 0.5
"""What the entity asked about counts among the terms, in shares of the most telling token."""
# When something was reported is not when it happens.
_ATTRIBUTION = re.compile(
    r"(?:\d{4}년\s*)?(?:\d{1,2}월\s*)?\d{1,2}일[^,.]{0,8}?(?:보도|발표|기준|최종보고|공고|기사|설명|인터뷰|공개|계획)\S*"
    r"|\d{4}년\s*\d{1,2}월\s*(?:보도|발표|기준|계획)\S*"
    r"|\b(?:reports?|announcement|plan|article|notice|concept|text|headline) (?:of|on) (?:\d{1,2} )?[A-Z][a-z]+ \d{4}"
    r"|\b(?:said|told|announced|reported|argued|claimed|wrote) (?:\S+ ){0,3}?on \d{1,2} [A-Z][a-z]+ \d{4}"
    r"|\breported on \d{1,2} [A-Z][a-z]+ \d{4}|\bAs of \d{1,2} [A-Z][a-z]+ \d{4}",
)
_VALUES = {
    Kind.AMOUNT: frozenset({"money"}),
    Kind.DATE: frozenset({"date"}),
    Kind.COUNT: frozenset({"number", "percent"}),
    # A project is as big as its sum, too.
    Kind.SIZE: frozenset({"number", "percent", "money"}),
}


@lru_cache(maxsize=20_000)
def _quantities(text: str) -> tuple[Quantity, ...]:
    return tuple(quantities(text))


@dataclass(frozen=True)
class Survey:
    """What is worked out once for a question and the passages found, before their sentences are looked at.

    Attributes:
        best: the highest score of a passage, above 0.
        votes: for each project how much of the best passages is about it, 0..1, 1 for the foremost.
        terms: the question's terms, each with how telling it is (idf times its weight).
        names: idf of each token of the names in the question.
        said: all tokens of the question and the other words for them.
        strange: whether the question demands a word that the library does not have at all.
    """

    best: float
    votes: Mapping[str, float]
    terms: tuple[tuple[Term, float], ...]
    names: Mapping[str, float]
    said: frozenset[str]
    strange: bool


class FeatureExtractor:
    """Computes features over an open generation; what it finds out about sentences is kept for the next question.

    Args:
        generation: the generation that the sentences come from.
        asked_as: whether asked-as wordings count.
    """

    def __init__(self, generation: OpenGeneration, *, asked_as: bool) -> None:
        self._generation = generation
        self._asked_as = asked_as
        entities = generation.glossary.entities
        self._people = frozenset(key for key, entity in entities.items() if entity.kind in PEOPLE_KINDS)
        # Briefs of no project (who is who, timeline) tell about all of them.
        self._owners = frozenset(key for key, entity in entities.items() if entity.brief)
        self._idf = lru_cache(maxsize=50_000)(generation.lexical.idf)
        self._knows = generation.lexical.knows
        self._bag = lru_cache(maxsize=50_000)(self._compute_bag)
        self._contexts = lru_cache(maxsize=10_000)(self._compute_context)
        self._mentions = lru_cache(maxsize=50_000)(self._compute_mentions)
        self._projects = lru_cache(maxsize=10_000)(self._compute_projects)
        self._wants = lru_cache(maxsize=50_000)(self._compute_wants)
        self._denies = lru_cache(maxsize=50_000)(self._compute_denies)

    def prepare(self) -> None:
        """Cuts all sentences and wordings into words, which else the first questions about them would wait for."""
        for passage in self._generation.passages:
            self._contexts(passage.id)
            self._subjects(passage)
            for statement in passage.statements:
                self._mentions(statement.text)
                self._denies(statement.text)
                for text in (statement.text, *statement.asked_as):
                    self._bag(text)
                for wording in statement.asked_as:
                    self._wants(wording)

    def survey(self, asked: Understanding, hits: Sequence[Hit]) -> Survey:
        """What is worked out once for a question; see :class:`Survey`."""
        votes: dict[str, float] = {}
        for hit in hits[:_VOTERS]:
            for key in self._subjects(hit.passage):
                votes[key] = votes.get(key, 0.0) + hit.score
        most = max(votes.values(), default=1.0)
        names = {token for mention in asked.mentions for token in self._bag(mention.name).words}
        return Survey(
            best=max((hit.score for hit in hits), default=1.0),
            votes={key: vote / most for key, vote in votes.items()},
            terms=tuple((term, term.weight * self._telling(term)) for term in asked.terms),
            names={token: self._idf(token) for token in names},
            said=frozenset(asked.tokens).union(*(term.others.words for term in asked.terms)),
            strange=self._strange(asked),
        )

    def features(self, asked: Understanding, hit: Hit, statement: Statement, survey: Survey) -> Features:
        """The features of one sentence.

        Args:
            asked: what the question asks.
            hit: the passage found.
            statement: a sentence of it.
            survey: what all passages found have to say together.
        """
        passage = hit.passage
        sentence_bag = self._bag(statement.text)
        entity = self._of_entity(asked, passage, statement)
        about = bool(asked.entities) and not entity["entity_other"]
        coverage, sentence, missing = self._coverage(
            asked, survey, sentence_bag, self._contexts(passage.id), about=about
        )
        # "Not published" holds no value by its nature; a figure beside it must not speak for the sentence.
        held = None if passage.facet is Facet.UNKNOWN else self._held(asked, statement)
        like = max(hit.sentences[passage.statements.index(statement)], 0.0) if hit.sentences else 0.0
        told_by = float(bool(asked.speakers) and self._tells_words(asked, statement, passage.language))
        vote = max((survey.votes.get(key, 0.0) for key in self._subjects(passage)), default=0.0)
        features = {
            "sentence": sentence,
            "coverage": coverage,
            "missing": missing,
            "overlap": _overlap(survey, sentence_bag),
            "wording": hit.wording,
            "alike": self._alike(asked, passage.asked_as),
            **self._of_questions(asked, hit, statement, survey),
            "rank": hit.score / survey.best,
            "unmet": float(any(term.specific and not met(sentence_bag, term) for term in asked.terms)),
            "acts_missed": _acts_missed(asked, sentence_bag),
            "focus": self._focus(survey, sentence_bag),
            "vote": vote,
            "vote_unnamed": vote * (not asked.entities),
            "dense": max(hit.dense or 0.0, 0.0),
            "like": like,
            "vectors": float(bool(hit.sentences)),
            "brief": float(passage.kind is DocumentKind.BRIEF),
            "first": float(bool(passage.statements) and passage.statements[0] is statement),
            "held": float(held is True),
            "lacking": float(held is False),
            "unknown": float(passage.facet is Facet.UNKNOWN),
            "denies": float(passage.facet is Facet.UNKNOWN or self._denies(statement.text)),
            "strange": float(survey.strange and bool(_VALUES.keys() & set(asked.kinds))),
            "unknown_announced": float(passage.facet is Facet.UNKNOWN and asked.announced),
            "disputes": float(passage.facet is Facet.DISPUTES),
            "told_by": told_by,
            "told_by_other": float(bool(asked.speakers)) - told_by,
        }
        features |= entity | _of_facet(asked, passage) | _of_year(asked, statement)
        # What tells more together than each by itself; the models are linear.
        return features | {
            "coverage_facet": coverage * features["facet_first"],
            "coverage_held": coverage * features["held"],
            "coverage_amount": coverage * float(Kind.AMOUNT in asked.kinds),
            "like_squared": like * like,
        }

    def _compute_context(self, passage_id: str) -> Bag:
        passage = self._generation.passage(passage_id)
        around = [passage.title, passage.heading]
        if passage.entity is not None and passage.entity in self._generation.glossary.entities:
            around += self._generation.glossary.entities[passage.entity].names(passage.language).all
        if self._asked_as:
            around += passage.asked_as
        return Bag.of(token for text in around for token in self._bag(text).words)

    def _coverage(
        self, asked: Understanding, survey: Survey, sentence: Bag, context: Bag, *, about: bool
    ) -> tuple[float, float, float]:
        """Covered shares (with context, in the sentence alone) of the terms, and the most telling term missed.

        The entity asked about counts as one more term, which a sentence ``about`` it covers: one uncovered verb must
        not make a question about a known project look like one about nothing.
        """
        highest = self._idf("")
        total = _ENTITY_TERM * highest if asked.entities else 0.0
        covered = total if about else 0.0
        inside = missing = spoken = 0.0
        for term, weight in survey.terms:
            total += weight
            spoken += weight
            within = met(sentence, term)
            around = within or met(context, term)
            inside += within * weight
            covered += max(within, 0.8 * (around >= OTHER)) * weight
            if not around and term.weight >= 1.0:
                missing = max(missing, weight / highest)
        if total == 0.0:
            # A known name alone is enough to be about; without one, nothing of the question has been found.
            return (1.0, 1.0, 0.0) if asked.people else (0.0, 0.0, 0.0)
        return covered / total, inside / spoken if spoken else 1.0, missing

    def _telling(self, term: Term) -> float:
        """How telling a term is, by idf; a word that the library puts otherwise as much as what it is put as."""
        if self._knows(term.token):
            return self._idf(term.token)
        known = [self._idf(token) for token in term.others.words if self._knows(token)]
        return max(known, default=self._idf(term.token))

    def _strange(self, asked: Understanding) -> bool:
        return any(
            term.weight >= 1.0
            and not self._knows(term.token)
            and not any(map(self._knows, term.others.words))
            and not any(all(map(self._knows, phrase)) for phrase in term.others.phrases)
            for term in asked.terms
        )

    def _subjects(self, passage: Passage) -> frozenset[str]:
        """Whose a passage is: its brief's entity, or the projects that a digest's title and text name."""
        if passage.entity is not None:
            return frozenset((passage.entity,))
        return self._projects(passage.title + "\n" + passage.text)

    def _compute_projects(self, text: str) -> frozenset[str]:
        return frozenset(key for key in self._keys(text) if key not in self._people)

    def _focus(self, survey: Survey, sentence: Bag) -> float:
        """Share, by idf, of the sentence's words that the question says, too."""
        whole = sum(map(self._idf, sentence.words))
        return sum(map(self._idf, sentence.words & survey.said)) / whole if whole else 0.0

    def _alike(self, asked: Understanding, wordings: Sequence[str]) -> float:
        """The best likeness (Jaccard, by idf) of the question to one of these wordings."""
        if not self._asked_as:
            return 0.0
        own = frozenset(asked.tokens)
        return max(
            (self._jaccard(own, self._bag(wording).words) * self._agrees(asked, wording) for wording in wordings),
            default=0.0,
        )

    def _of_questions(self, asked: Understanding, hit: Hit, statement: Statement, survey: Survey) -> Features:
        """How the question compares with those that the statement is said to answer."""
        alike = self._alike(asked, statement.asked_as)
        like = max(hit.asked[hit.passage.statements.index(statement)], 0.0) if hit.asked else 0.0
        return {
            "questioned": float(self._asked_as and bool(statement.asked_as)),
            "asked_alike": alike,
            "asked_same": float(alike >= _SAME_QUESTION),
            "asked_match": self._matched(asked, survey, statement),
            "asked_like": like,
            "asked_like_squared": like * like,
        }

    def _matched(self, asked: Understanding, survey: Survey, statement: Statement) -> float:
        """How well one of the statement's questions matches, other words for the question's terms allowed: 0..1.

        The geometric mean of two shares by idf: of the question's names and terms that stand in the wording, and of
        the wording's words that the question says.
        """
        if not self._asked_as:
            return 0.0
        return max(
            (
                math.sqrt(_overlap(survey, bag) * self._focus(survey, bag)) * self._agrees(asked, wording)
                for wording in statement.asked_as
                if (bag := self._bag(wording))
            ),
            default=0.0,
        )

    def _agrees(self, asked: Understanding, wording: str) -> float:
        """1, or less where the two want to be told different things: where, not who; when now, not when originally."""
        other, before = self._wants(wording)
        another = asked.demand and other and asked.demand.isdisjoint(other)
        return _OTHER_DEMAND if another or (before and not (asked.before or asked.changed)) else 1.0

    def _compute_wants(self, wording: str) -> tuple[frozenset[str], bool]:
        """What a wording wants to be told, and whether of a plan or a value that no longer holds."""
        words = lexicon("ko" if has_hangul(wording) else "en", self._generation.tokenizer)
        return demand(wording, words), words.before.search(wording) is not None

    def _compute_denies(self, text: str) -> bool:
        words = lexicon("ko" if has_hangul(text) else "en", self._generation.tokenizer)
        return words.denied.search(text) is not None

    def _jaccard(self, one: frozenset[str], other: frozenset[str]) -> float:
        whole = sum(map(self._idf, one | other))
        return sum(map(self._idf, one & other)) / whole if whole else 0.0

    def _of_entity(self, asked: Understanding, passage: Passage, statement: Statement) -> Features:
        named = self._keys(statement.text)
        people = sum(key in named for key in asked.people) / len(asked.people) if asked.people else 0.0
        own = passage.entity is not None and passage.entity in asked.entities
        tells = any(key in named for key in asked.entities)
        titled = passage.entity is None and any(key in self._keys(passage.title) for key in asked.entities)
        other = bool(asked.entities) and not (own or tells or titled)
        return {
            "entity_own": float(own),
            "entity_named": float(tells),
            "entity_titled": float(titled and not tells),
            "entity_other": float(other),
            "entity_foreign": float(other and passage.entity in self._owners),
            "people_named": people,
            "people_missing": float(bool(asked.people) and people == 0.0),
        }

    def _tells_words(self, asked: Understanding, statement: Statement, language: Language) -> bool:
        entities = self._generation.glossary.entities
        people = [m for m in self._mentions(statement.text) if entities[m.key].kind in PEOPLE_KINDS]
        return tells_words_of(asked.speakers, statement.text, people, lexicon(language, self._generation.tokenizer))

    def _held(self, asked: Understanding, statement: Statement) -> bool | None:
        """Whether the sentence holds the kind of value asked for; None where that cannot be told."""
        if Kind.PERSON in asked.kinds:
            return bool(self._keys(statement.text) & self._people - set(asked.people))
        wanted = [_VALUES[kind] for kind in asked.kinds if kind in _VALUES]
        if not wanted:
            return None
        if asked.unit is not None and not re.search(rf"\d[\d,.만천억]*\s*여?\s*{asked.unit}", statement.text):
            return False
        return bool(values_asked_for(asked, statement.text))

    def _compute_bag(self, text: str) -> Bag:
        return Bag.of(self._generation.tokenizer.tokens(text))

    def _compute_mentions(self, text: str) -> tuple[Mention, ...]:
        return tuple(self._generation.glossary.mentions(text))

    def _keys(self, text: str) -> frozenset[str]:
        return frozenset(mention.key for mention in self._mentions(text))


def values_asked_for(asked: Understanding, text: str) -> frozenset[str]:
    """The values in a sentence that are of a kind asked for, but for the day of the report that tells them."""
    told = text if asked.announced else _ATTRIBUTION.sub(" ", text)
    wanted = frozenset().union(*(_VALUES.get(kind, frozenset()) for kind in asked.kinds))
    return frozenset(quantity.value for quantity in _quantities(told) if quantity.kind in wanted)


def _acts_missed(asked: Understanding, sentence: Bag) -> float:
    """For a question for a date, the share of what is asked to happen that the sentence does not tell."""
    acts = [term for term in asked.terms if term.act]
    if Kind.DATE not in asked.kinds or not acts:
        return 0.0
    return sum(not met(sentence, term) for term in acts) / len(acts)


def _overlap(survey: Survey, sentence: Bag) -> float:
    """Share, by idf, of the question's names and terms that stand in the sentence; light terms count lightly."""
    named = sum(idf for token, idf in survey.names.items() if token in sentence.words)
    told = sum(weight * met(sentence, term) for term, weight in survey.terms)
    whole = sum(survey.names.values()) + sum(weight for _, weight in survey.terms)
    return (named + told) / whole if whole else 0.0


def _of_facet(asked: Understanding, passage: Passage) -> Features:
    known = bool(asked.facets) and passage.facet is not None
    return {
        "facet_first": float(known and passage.facet is asked.facets[0]),
        "facet_later": float(known and passage.facet in asked.facets[1:]),
        "facet_other": float(known and passage.facet not in asked.facets),
    }


def _of_year(asked: Understanding, statement: Statement) -> Features:
    dates = {q.value for q in _quantities(statement.text) if q.kind == "date" and q.value[0] != "-"}
    years = {value[:4] for value in dates}
    same = bool(years & asked.years)
    money = Kind.AMOUNT in asked.kinds or Facet.COST in asked.facets
    return {
        "year_same": float(same),
        "year_absent": float(bool(asked.years) and not years),
        "year_other": float(bool(asked.years and years) and not same),
        # A sum for one year is never given for another, nor one that does not tell its year: see Scorer.
        "year_forbidden": float(bool(asked.years) and not same and money),
        "newest": float(asked.now) * max(map(_age, dates), default=0.0),
    }


def _age(value: str) -> float:
    """How far a date (YYYY, YYYY-MM or YYYY-MM-DD) lies after 2019, in tens of years."""
    year, _, rest = value.partition("-")
    month = rest[:2]
    return (int(year) - 2019 + (int(month) / 12 if month.isdigit() else 0.0)) / 10
