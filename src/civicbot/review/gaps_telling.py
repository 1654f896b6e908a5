"""Gaps as they are told: counts, trend, how residents put it, what is nearest, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy.orm import Session

from civicbot.model import LANGUAGES, AnswerStatus, DocumentKind, Language
from civicbot.records.facts import KOREA
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.alike import normal
from civicbot.review.gaps_kinds import Gathered, Group
from civicbot.review.gaps_nearest import Library, merged
from civicbot.review.gaps_nouns import FEW, Gap, GapExample, GapFilter, Topic
from civicbot.review.gaps_rows import WANTING, Asking, Told, considered_of, wordings_of
from civicbot.review.view_nouns import Period

WEEK = 7
_MOST_EXAMPLES = 20
_COUNTED = 300
"""So many askings of a gap, the latest ones, are looked at for how it is put most."""
_WEIGHED = 2
"""Of so many of a gap's questions it is looked at what came close."""


def weeks_of(period: Period) -> int:
    """How many weeks a period has, the first one cut short perhaps."""
    return -(-((period.last - period.first).days + 1) // WEEK)


def gaps_of(session: Session, generation: OpenGeneration, period: Period, gathered: Gathered) -> list[Gap]:
    """The gaps, those with the most residents first; label and examples are those of the most frequent kind."""
    library = Library(generation)
    looked_at = {
        group.key: [kind.latest.answer_id for kind in group.kinds if kind.now][:_WEIGHED] for group in gathered.groups
    }
    considered = considered_of(session, (one for ids in looked_at.values() for one in ids))
    gaps = [
        _gap(group, period, gathered.told, library, merged([considered.get(one, ()) for one in looked_at[group.key]]))
        for group in gathered.groups
    ]
    return sorted(gaps, key=lambda one: (-one.residents, -one.asked, -one.last_asked.timestamp(), one.key))


def _gap(
    group: Group,
    period: Period,
    told: Mapping[str, Told],
    library: Library,
    considered: Sequence[Mapping[str, object]],
) -> Gap:
    now = group.now
    first = next(kind for kind in group.kinds if kind.now)
    meant = group.meant
    weeks = [0] * weeks_of(period)
    for one in now:
        weeks[-1 - (period.last - one.asked_at.astimezone(KOREA).date()).days // WEEK] += 1
    nearest = library.nearest(considered, DocumentKind.BRIEF)
    wanting = any(one.verdict in WANTING for one in now)
    step = library.step(meant, nearest, wanting=wanting)
    languages = Counter(one.language for one in now)
    return Gap(
        key=group.key,
        label=told[first.latest.answer_id].question,
        language=first.language,
        languages=tuple(sorted(languages, key=lambda one: (-languages[one], LANGUAGES.index(one)))),
        entity=meant.entity if meant is not None else None,
        facet=meant.facet if meant is not None else None,
        kind=meant.kind if meant is not None else None,
        asked=len(now),
        residents=len({one.conversation for one in now}),
        before=sum(len(kind.before) for kind in group.kinds),
        weeks=tuple(weeks),
        statuses=dict(Counter(AnswerStatus(one.status) for one in now)),
        step=step,
        nearest=nearest if nearest is not None else library.section(meant),
        digest=library.nearest(considered, DocumentKind.SOURCE),
        last_asked=now[-1].asked_at,
        few=len(now) < FEW,
    )


def with_questions(session: Session, gap: Gap, group: Group, told: Mapping[str, Told], *, examples: bool) -> Gap:
    """A gap with its most frequent question as its label, and with its questions if they are wanted."""
    latest = group.now[-_COUNTED:]
    put = wordings_of(session, (one.answer_id for one in latest))
    heard: dict[tuple[str, Language, str], list[Asking]] = {}
    for one in latest:
        if one.answer_id in put:
            question, status = put[one.answer_id]
            heard.setdefault((question, one.language, status), []).append(one)
    ranked = sorted(heard.items(), key=lambda item: (-len(item[1]), -item[1][-1].asked_at.timestamp()))
    if not ranked:
        return gap
    spoken: Counter[tuple[str, Language]] = Counter()
    for (question, language, _), each in ranked:
        spoken[question, language] += len(each)
    (label, language), _ = spoken.most_common(1)[0]
    shown = ranked[:_MOST_EXAMPLES] if examples else ()
    return gap.model_copy(
        update={
            "label": label,
            "language": language,
            "examples": tuple(
                GapExample(
                    question=question,
                    language=language,
                    status=AnswerStatus(status),
                    asked=len(each),
                    last_asked=each[-1].asked_at,
                    answer_id=each[-1].answer_id,
                    missing=_missing(each, told),
                )
                for (question, language, status), each in shown
            ),
        }
    )


def _missing(each: Collection[Asking], told: Mapping[str, Told]) -> str:
    return next((told[one.answer_id].missing for one in each if one.answer_id in told), "")


def fits(gap: Gap, wanted: GapFilter) -> bool:
    """Whether a gap is wanted."""
    return (
        (wanted.language is None or wanted.language in gap.languages)
        and (wanted.entity is None or wanted.entity == (gap.entity or ""))
        and (wanted.step is None or wanted.step is gap.step)
        and normal(wanted.text) in normal(gap.label)
    )


def topics_of(gaps: Iterable[Gap], generation: OpenGeneration) -> tuple[Topic, ...]:
    """What gaps are about, the most frequent first."""
    counted = Counter(gap.entity for gap in gaps if gap.entity is not None)
    entities = generation.glossary.entities
    return tuple(
        Topic(key=key, ko=entities[key].ko.name, en=entities[key].en.name, gaps=count)
        for key, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
        if key in entities
    )
