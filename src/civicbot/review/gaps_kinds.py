"""Questions that were asked in vain, gathered by the queue's items and then by what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from civicbot.answering.texts import texts
from civicbot.model import Facet, Language
from civicbot.review.gaps_meaning import Meanings, Meant, Text
from civicbot.review.gaps_rows import Asking, Told


@dataclass
class Kinded:
    """A question as it was asked in nearly the same words.

    Attributes:
        now: its askings in the period, oldest first.
        before: those in the period before.
    """

    item: int
    language: Language
    now: list[Asking] = field(default_factory=list)
    before: list[Asking] = field(default_factory=list)

    @property
    def latest(self) -> Asking:
        """The latest asking."""
        return (self.now or self.before)[-1]


@dataclass(frozen=True)
class Group:
    """Questions of one meaning, the most frequent first."""

    key: str
    kinds: list[Kinded]
    meant: Meant | None

    @property
    def now(self) -> list[Asking]:
        """All its askings in the period, oldest first."""
        return sorted((one for kind in self.kinds for one in kind.now), key=lambda one: one.asked_at)


@dataclass(frozen=True)
class Gathered:
    """All gaps of a period, and what is not in them yet: ``later`` is to be understood first."""

    groups: list[Group]
    told: Mapping[str, Told]
    waiting: int = 0
    left_out: int = 0
    later: tuple[Text, ...] = ()


def kinds_of(found: Iterable[Asking], first: datetime) -> list[Kinded]:
    """The kinds of questions, the most frequent first."""
    kinds: dict[int, Kinded] = {}
    for one in found:
        kind = kinds.setdefault(one.item, Kinded(one.item, one.language))
        (kind.now if one.asked_at >= first else kind.before).append(one)
    return sorted(kinds.values(), key=lambda kind: (-len(kind.now), -len(kind.before), kind.item))


def texts_of(language: Language, told: Told) -> Iterator[Text]:
    """What must be understood of a question: itself, and the part of it that was missing."""
    yield language, told.question
    if told.missing and _facet(language, told.missing) is None:
        yield language, told.missing


def meaning_of(meanings: Meanings, language: Language, told: Told) -> Meant:
    """What a question means; of one that was answered in part, what was missing."""
    whole = meanings.of((language, told.question))
    if not told.missing:
        return whole
    facet = _facet(language, told.missing)
    if facet is not None:
        kind = whole.kind if whole.facet is facet else None
        return Meant(language, whole.entities, facet, kind, frozenset(), frozenset(), whole.asked)
    part = meanings.of((language, told.missing))
    if part.entities:
        return part
    return Meant(language, whole.entities, part.facet, part.kind, part.own, part.terms, part.asked)


def _facet(language: Language, label: str) -> Facet | None:
    """The facet that a notice calls so."""
    return next((facet for facet, told in texts(language).facets.items() if told.label == label), None)
