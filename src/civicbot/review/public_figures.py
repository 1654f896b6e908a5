"""What everybody may read about the service's work, counted once a minute, and told on while the records are away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from civicbot.errors import CivicbotError
from civicbot.language.glossary import Glossary
from civicbot.records.database import Database, error_name, is_outage
from civicbot.records.facts import KOREA
from civicbot.review import public_queries
from civicbot.review.public_corrections import corrections
from civicbot.review.public_nouns import Figures, Name, Reading
from civicbot.review.ruling_rows import switch_of
from civicbot.review.ruling_texts import pause_texts
from civicbot.review.view_nouns import SwitchScope

logger = logging.getLogger(__name__)

DAYS = 90
"""How far back what is recent goes."""

FRESH_SECONDS = 60.0
"""For how long figures are told before they are counted again."""

REST_SECONDS = 10.0
"""For how long the database is left alone after it could not be read."""


class PublicFigures:
    """Counts what everybody may read; thread-safe. It never raises for an outage.

    Args:
        database: of the records.
        topics: the glossary keys of the topics that a text names; a CivicbotError while there is no library.
        glossary: the names of topics; likewise.
        retention_days: for how long exchanges are kept; what is recent goes back no further.
        now: the time, aware; the clock by default.
        clock: seconds that never go back.
    """

    def __init__(
        self,
        database: Database,
        topics: Callable[[str], Iterable[str]],
        glossary: Callable[[], Glossary],
        *,
        retention_days: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._topics = topics
        self._glossary = glossary
        self._days = min(DAYS, retention_days)
        self._now = now
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Figures | None = None
        self._lost = False
        self._until = float("-inf")

    def current(self) -> Reading:
        """The figures, a minute old at most while the records can be read."""
        if self._clock() >= self._until and self._lock.acquire(blocking=self._known is None and not self._lost):
            # Whoever comes meanwhile is told what was counted before; only the first figures are waited for.
            try:
                if self._clock() >= self._until:
                    self._count()
            finally:
                self._lock.release()
        known, lost = self._known, self._lost
        if known is None:
            return Reading(state="lost")
        return Reading(state="old" if lost else "told", figures=known)

    def _count(self) -> None:
        try:
            self._known = self._figures()
        except SQLAlchemyError as error:
            if not is_outage(error):
                raise
            if not self._lost:
                logger.error("public_figures_lost", extra={"fields": {"problem": error_name(error)}})  # noqa: TRY400
            self._lost, self._until = True, self._clock() + REST_SECONDS
            return
        if self._lost:
            logger.warning("public_figures_back")
        self._lost, self._until = False, self._clock() + FRESH_SECONDS

    def _figures(self) -> Figures:
        now = self._now()
        today = now.astimezone(KOREA).date()
        first = today - timedelta(days=self._days)
        with self._database.reading() as session:
            return Figures(
                at=now,
                judged=public_queries.judged(session, first),
                # Whole days: otherwise who asks again and again would see each question come in, and how it ended.
                asked=public_queries.asked(session, first, today - timedelta(days=1)),
                pauses=public_queries.pauses(session, now, self._name, switch_of),
                corrections=corrections(session, self._topic_names),
                verified=public_queries.verified(session),
            )

    def _topic_names(self, text: str) -> list[Name]:
        try:
            return [self._name(SwitchScope.TOPIC, key) for key in sorted(self._topics(text))]
        except CivicbotError:
            return []  # the library is being opened

    def _name(self, scope: SwitchScope, key: str) -> Name:
        ko, en = key, key
        if scope is SwitchScope.LANGUAGE:
            ko, en = (pause_texts(language).languages["ko" if key == "ko" else "en"] for language in ("ko", "en"))
        if scope is SwitchScope.TOPIC:
            try:
                entity = self._glossary().entities.get(key)
            except CivicbotError:
                entity = None
            # The library may have forgotten it since.
            ko, en = (entity.ko.name, entity.en.name) if entity else (key, key)
        return Name(key=key, ko=ko, en=en)
