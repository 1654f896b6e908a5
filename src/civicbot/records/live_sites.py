"""The registered sites as every request needs them: at most a second old, and there when the database is not."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from civicbot.errors import InvalidSiteError
from civicbot.records.database import Database, error_name
from civicbot.records.sites import site_of
from civicbot.records.tables import SiteRow
from civicbot.site import Site

logger = logging.getLogger(__name__)

FRESH_SECONDS = 0.5
"""For how long what was read is believed; a change is known everywhere well within a second."""

REST_SECONDS = 5.0
"""For how long the database is left alone after it could not be read."""


WAIT_SECONDS = 0.25
"""How long anybody waits for somebody else's reading before the one before will do."""


@dataclass(frozen=True)
class _Known:
    """The enabled sites of one reading, by name and by origin, and until when they are believed."""

    named: Mapping[str, Site] = field(default_factory=dict)
    of_origin: Mapping[str, tuple[Site, ...]] = field(default_factory=dict)
    until: float = 0.0


class NoSites:
    """No site is registered: for where nothing but memory is used."""

    def named(self, _: str) -> Site | None:
        """Always None."""
        return None

    def of_origin(self, _: str) -> tuple[Site, ...]:
        """Always empty."""
        return ()


class LiveSites:
    """Looks up enabled sites; thread-safe.

    While the database cannot be read, the last reading goes on to be believed, and nobody waits for it. Before the
    first reading no site is known: what is not known to be allowed is refused.

    Args:
        database: where the sites are kept.
        clock: seconds that never go back.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        self._known = _Known()
        self._lost = False
        self._unusable: frozenset[str] = frozenset()

    def named(self, name: str) -> Site | None:
        """The enabled site with a name, None when there is none."""
        return self._current().named.get(name)

    def of_origin(self, origin: str) -> tuple[Site, ...]:
        """The enabled sites whose pages have an origin, by name.

        Args:
            origin: exactly as the browser wrote it.
        """
        return self._current().of_origin.get(origin, ())

    def _current(self) -> _Known:
        known = self._known
        if self._clock() < known.until:
            return known
        # A reading takes a millisecond; one that takes longer will fail after seconds, and need not hold up everybody.
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            return self._known
        try:
            if self._clock() >= self._known.until:
                self._known = self._read()
        finally:
            self._lock.release()
        return self._known

    def _read(self) -> _Known:
        """What the database says now, or the same as before."""
        try:
            with self._database.reading() as session:
                rows = session.scalars(select(SiteRow).where(SiteRow.enabled).order_by(SiteRow.name)).all()
        except SQLAlchemyError as error:
            if not self._lost:
                # No traceback: the name says it all, and this goes on every few seconds in the records' own lines.
                logger.error("sites_lost", extra={"fields": {"problem": error_name(error)}})  # noqa: TRY400
            self._lost = True
            return _Known(self._known.named, self._known.of_origin, self._clock() + REST_SECONDS)
        if self._lost:
            self._lost = False
            logger.warning("sites_back")
        named = self._usable(rows)
        of_origin: dict[str, tuple[Site, ...]] = {}
        for site in named.values():
            for origin in site.origins:
                of_origin[origin] = (*of_origin.get(origin, ()), site)
        return _Known(named, of_origin, self._clock() + FRESH_SECONDS)

    def _usable(self, rows: Sequence[SiteRow]) -> dict[str, Site]:
        """The sites in rows; one that somebody has put there by hand, and that is none, is left out."""
        named, unusable = {}, set()
        for row in rows:
            try:
                named[row.name] = site_of(row)
            except InvalidSiteError:
                unusable.add(row.name)
        for name in sorted(unusable - self._unusable):
            logger.error("site_unusable", extra={"fields": {"site": name}})
        self._unusable = frozenset(unusable)
        return named
