"""What staff have laid down, as every question needs it: under a second old, and there when the database is not."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from civicbot.answering.protocols import Asked, Ended
from civicbot.model import AnswerStatus, Facet, Language
from civicbot.records.database import Database, error_name
from civicbot.records.tables import CannedRow, SwitchRow
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.approved_book import ApprovedBook, GivenAnswer
from civicbot.review.approved_rows import live, stamp
from civicbot.review.ruling_rows import canned_of, switch_of
from civicbot.review.view_nouns import AnswerClass, Canned, Switch, SwitchScope

logger = logging.getLogger(__name__)

FRESH_SECONDS = 0.5
"""For how long what was read is believed; a change is known everywhere well within a second."""

REST_SECONDS = 5.0
"""For how long the database is left alone after it could not be read."""

_Row = TypeVar("_Row", SwitchRow, CannedRow)
_Kept = TypeVar("_Kept", Switch, Canned)


@dataclass(frozen=True)
class Pause:
    """A switch as the pipeline needs it."""

    text: str
    status: AnswerStatus = AnswerStatus.PAUSED


@dataclass(frozen=True)
class RuleBook:
    """The switches and canned texts that hold at one moment, the newest first, and the approved answers."""

    switches: tuple[Switch, ...] = ()
    canned: tuple[Canned, ...] = ()
    approved: ApprovedBook = field(default_factory=ApprovedBook)

    def find(self, asked: Asked) -> Pause | None:
        """The pause that applies to a question; of several the widest, and of those the newest."""
        for scope in SwitchScope:
            for switch in self.switches:
                if switch.scope is scope and _applies(switch, asked):
                    return Pause(switch.text(asked.language))
        return None

    def text(self, ended: Ended) -> str | None:
        """The canned text for how a question ended; the one for the narrowest class."""
        found = [canned for canned in self.canned if canned.answer_class.value == ended.key]
        if ended.key == AnswerClass.NO_EVIDENCE.value:
            wanted: list[tuple[str | None, Facet | None]] = [
                *ended.about,
                *((entity, None) for entity, _ in ended.about),
                (None, None),
            ]
            found = [canned for pair in wanted for canned in found if (canned.entity, canned.facet) == pair]
        return found[0].text(ended.language) if found else None

    def approval(
        self, question: str, language: Language, generation: OpenGeneration, today: date
    ) -> GivenAnswer | None:
        """The approved answer to a question that stands alone, or None."""
        return self.approved.find(question, language, generation, today)


class LiveRulings:
    """Tells every question what holds for it; thread-safe.

    While the database cannot be read, the last reading goes on to be believed, and nobody waits for it. Before the
    first reading nothing is laid down: an assistant that starts during an outage answers.

    Args:
        database: where switches and canned texts are kept.
        clock: seconds that never go back.
        now: the time, aware.
    """

    def __init__(
        self,
        database: Database,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._database = database
        self._clock = clock
        self._now = now
        self._lock = threading.Lock()
        self._known = RuleBook()
        self._stamp: int | None = None
        self._until = float("-inf")
        self._lost = False

    def current(self) -> RuleBook:
        """What holds now."""
        if self._clock() >= self._until:
            self._renew()
        now, known = self._now(), self._known
        return RuleBook(tuple(switch for switch in known.switches if switch.active(now)), known.canned, known.approved)

    def refresh(self) -> None:
        """Reads at once, after a change in this process; an outage changes nothing."""
        with self._lock:
            self._read()

    def _renew(self) -> None:
        if self._lost:
            # Whoever asks now is not held up by a database that is likely to be away still.
            if self._lock.acquire(blocking=False):
                threading.Thread(target=self._try_again, name="rulings", daemon=True).start()
            return
        # A reading takes a millisecond; everybody waits for it, so that none of them goes by what is over.
        with self._lock:
            if self._clock() >= self._until:
                self._read()

    def _try_again(self) -> None:
        try:
            self._read()
        finally:
            self._lock.release()

    def _read(self) -> None:
        try:
            with self._database.reading() as session:
                switches = session.scalars(
                    select(SwitchRow).where(SwitchRow.lifted_at.is_(None)).order_by(SwitchRow.id.desc())
                ).all()
                canned = session.scalars(
                    select(CannedRow).where(CannedRow.ended_at.is_(None)).order_by(CannedRow.id.desc())
                ).all()
                switched = tuple(_known(switches, switch_of)), tuple(_known(canned, canned_of))
                self._known = RuleBook(*switched, self._known.approved)
                # Last: without these, a pause must still work.
                self._known = RuleBook(*switched, self._approved(session))
        except SQLAlchemyError as error:
            self._lose(error)
            return
        if self._lost:
            logger.warning("rulings_back")
        self._lost, self._until = False, self._clock() + FRESH_SECONDS

    def _approved(self, session: Session) -> ApprovedBook:
        """The approved answers; the same ones as before while nothing about them has changed."""
        now = stamp(session)
        if now == self._stamp:
            return self._known.approved
        book = ApprovedBook(live(session))
        self._stamp = now
        return book

    def _lose(self, error: SQLAlchemyError) -> None:
        if not self._lost:
            logger.error("rulings_lost", extra={"fields": {"problem": error_name(error)}})
        self._lost, self._until = True, self._clock() + REST_SECONDS


def _applies(switch: Switch, asked: Asked) -> bool:
    if switch.scope is SwitchScope.EVERYTHING:
        return True
    if switch.scope is SwitchScope.SITE:
        return switch.value == asked.site
    if switch.scope is SwitchScope.LANGUAGE:
        return switch.value == asked.language
    return switch.value in asked.topics


def _known(rows: Iterable[_Row], read: Callable[[_Row], _Kept]) -> Iterator[_Kept]:
    """What this program understands of the rows; a newer one may have written others."""
    for row in rows:
        try:
            yield read(row)
        except ValueError:
            logger.error("ruling_unusable", extra={"fields": {"table": row.__tablename__, "id": row.id}})  # noqa: TRY400
