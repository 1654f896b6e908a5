"""Gaps: what residents asked in vain in a period, gathered by what they meant, and what to do about it."""

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from civicbot.errors import CivicbotError
from civicbot.model import AnswerStatus
from civicbot.records.facts import KOREA
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.access import Action, Actor, guarded
from civicbot.review.audit import note
from civicbot.review.gaps_export import as_csv, as_jsonl
from civicbot.review.gaps_kinds import Gathered, Group, Kinded, kinds_of, meaning_of, texts_of
from civicbot.review.gaps_meaning import MOST_AT_ONCE, Meanings, Meant, Text, WarmUp, gather
from civicbot.review.gaps_nouns import MOST_PAGE, PAGE, Gap, GapFilter, GapPage, NextStep, UnknownGapError
from civicbot.review.gaps_rows import Told, askings, edits_of, told_of
from civicbot.review.gaps_telling import WEEK, fits, gaps_of, topics_of, weeks_of, with_questions
from civicbot.review.refusals import InvalidReviewError
from civicbot.review.store import Store
from civicbot.review.view_nouns import Period

LONGEST = 366
"""Days of a period at most."""
MOST_KINDS = 3000
"""So many different questions of a period are gathered, the most frequent ones."""
MIDNIGHT = datetime.min.time()
_BREATH = 0.002
"""Seconds between two questions that are worked out in the background: residents' answers go first."""
_HOLD = 20


class Gaps:
    """Tells what residents asked in vain; thread-safe.

    Every method may raise RecordsUnavailableError, and CivicbotError while no library is open.

    Args:
        store: the database, and the time.
        index: the live index.
    """

    def __init__(self, store: Store, index: LiveIndex) -> None:
        self._store = store
        self._index = index
        self._warm_up = WarmUp()

    @guarded(Action.READ_GAPS)
    def latest(self, actor: Actor, days: int) -> Period:
        """The last days up to today, in Korean time."""
        del actor
        return Period.latest(days, self._store.now().astimezone(KOREA).date())

    @guarded(Action.READ_GAPS)
    def page(
        self, actor: Actor, period: Period, wanted: GapFilter | None = None, *, number: int = 1, size: int = PAGE
    ) -> GapPage:
        """The gaps of a period, those with the most residents first.

        Args:
            actor: who reads.
            period: of which days.
            wanted: which of them; all by default.
            number: of the page, from 1.
            size: gaps on a page.

        Raises:
            InvalidReviewError: the period is too long.
        """
        del actor
        wanted = wanted or GapFilter()
        with self._index.reader() as generation, self._store.reading() as session:
            gathered = self._gathered(session, generation, period)
            every = gaps_of(session, generation, period, gathered)
            found = [one for one in every if fits(one, wanted)]
            size = min(max(size, 1), MOST_PAGE)
            pages = max(1, -(-len(found) // size))
            number = min(max(number, 1), pages)
            shown = found[(number - 1) * size : number * size]
            groups = {group.key: group for group in gathered.groups}
            named = [with_questions(session, one, groups[one.key], gathered.told, examples=False) for one in shown]
            edits = edits_of(session, (one.key for one in named))
        if gathered.later:
            # Only now: whoever waits goes first.
            self._warm_up.start(lambda: self._work_out(gathered.later))
        steps = Counter(one.step for one in every if fits(one, wanted.model_copy(update={"step": None})))
        return GapPage(
            period=period,
            weeks=tuple(
                period.last - timedelta(days=WEEK * (back + 1) - 1) for back in reversed(range(weeks_of(period)))
            ),
            gaps=tuple(one.model_copy(update={"edited_at": edits.get(one.key)}) for one in named),
            total=len(found),
            number=number,
            pages=pages,
            asked=sum(one.asked for one in found),
            steps={step: steps[step] for step in NextStep},
            topics=topics_of(every, generation),
            waiting=gathered.waiting,
            left_out=gathered.left_out,
        )

    @guarded(Action.READ_GAPS)
    def gap(self, actor: Actor, key: str, period: Period) -> Gap:
        """One gap with its questions; the log notes it.

        Raises:
            UnknownGapError: there is none in the period.
            InvalidReviewError: the period is too long.
        """
        with self._index.reader() as generation, self._store.reading() as session:
            gathered = self._gathered(session, generation, period)
            group = next((one for one in gathered.groups if one.key == key), None)
            if group is None:
                raise UnknownGapError(f"There is no gap {key[:40]!r} in this period.")
            only = Gathered([group], gathered.told)
            (gap,) = gaps_of(session, generation, period, only)
            gap = with_questions(session, gap, group, gathered.told, examples=True)
            gap = gap.model_copy(update={"edited_at": edits_of(session, [key]).get(key)})
        with self._store.writing() as session:
            note(session, actor, Action.READ_GAPS, f"gap:{key}", asked=gap.asked, examples=len(gap.examples))
        return gap

    @guarded(Action.EXPORT_GAPS)
    def export(
        self, actor: Actor, period: Period, wanted: GapFilter | None = None, *, form: Literal["csv", "jsonl"] = "csv"
    ) -> str:
        """All gaps with their questions as text for files; the log notes it.

        A gap that was asked fewer than :data:`FEW` times is marked: its questions must stay within the house.

        Args:
            actor: who exports.
            period: of which days.
            wanted: which of them.
            form: a table for spreadsheets, or a JSON object on each line.
        """
        wanted = wanted or GapFilter()
        with self._index.reader() as generation, self._store.reading() as session:
            gathered = self._gathered(session, generation, period, everything=True)
            groups = {group.key: group for group in gathered.groups}
            found = [
                with_questions(session, one, groups[one.key], gathered.told, examples=True)
                for one in gaps_of(session, generation, period, gathered)
                if fits(one, wanted)
            ]
            entities = generation.glossary.entities
            names = {key: (entity.ko.name, entity.en.name) for key, entity in entities.items()}
        with self._store.writing() as session:
            subject = f"gaps:{period.first.isoformat()}:{period.last.isoformat()}"
            note(session, actor, Action.EXPORT_GAPS, subject, gaps=len(found), form=form)
        return as_csv(found, names) if form == "csv" else as_jsonl(found, names)

    def _gathered(
        self, session: Session, generation: OpenGeneration, period: Period, *, everything: bool = False
    ) -> Gathered:
        length = (period.last - period.first).days + 1
        if length > LONGEST:
            raise InvalidReviewError(
                f"The period has {length} days, more than {LONGEST}.", hint="Choose a shorter one."
            )
        first = datetime.combine(period.first, MIDNIGHT, KOREA)
        end = datetime.combine(period.last + timedelta(days=1), MIDNIGHT, KOREA)
        kinds = kinds_of(askings(session, first - timedelta(days=length), end), first)
        chosen, left_out = kinds[:MOST_KINDS], max(0, sum(bool(kind.now) for kind in kinds) - MOST_KINDS)
        partial = {kind.latest.answer_id for kind in chosen if kind.latest.status == AnswerStatus.PARTIAL}
        told = told_of(session, (kind.latest.answer_id for kind in chosen), partial)
        chosen = [kind for kind in chosen if kind.latest.answer_id in told]
        meant, waiting, later = self._meant(generation, chosen, told, everything=everything)
        chosen = [kind for kind in chosen if kind.item in meant]
        counted = [(kind.item, meant[kind.item], len(kind.now)) for kind in chosen]
        groups = [
            Group(key, [chosen[place] for place in places], counted[places[0]][1]) for key, places in gather(counted)
        ]
        return Gathered([group for group in groups if group.now], told, waiting, left_out, tuple(later))

    def _meant(
        self, generation: OpenGeneration, kinds: Sequence[Kinded], told: Mapping[str, Told], *, everything: bool
    ) -> tuple[dict[int, Meant], int, list[Text]]:
        """What each kind of question means, as far as it is known by now; how many wait for that, and which texts."""
        meanings = Meanings(generation, self._store.now().astimezone(KOREA).year)
        found: dict[int, Meant] = {}
        later: list[Text] = []
        fresh = 0
        waiting = 0
        for kind in kinds:
            asked = told[kind.latest.answer_id]
            wanted = [text for text in texts_of(kind.language, asked) if meanings.known(text) is None]
            if wanted and fresh >= MOST_AT_ONCE and not everything:
                later += wanted
                waiting += bool(kind.now)
                continue
            fresh += len(wanted)
            found[kind.item] = meaning_of(meanings, kind.language, asked)
        return found, waiting, later

    def _work_out(self, later: Sequence[Text]) -> None:
        """In the background, with short holds of its own on the index, which may be closed meanwhile."""
        year = self._store.now().astimezone(KOREA).year
        with contextlib.suppress(CivicbotError):
            for start in range(0, len(later), _HOLD):
                with self._index.reader() as generation:
                    meanings = Meanings(generation, year)
                    for text in later[start : start + _HOLD]:
                        meanings.of(text)
                        time.sleep(_BREATH)
