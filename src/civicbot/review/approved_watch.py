"""Has approved answers follow the library and the calendar: before each swap, and every minute in the background."""

from __future__ import annotations

import logging
from collections.abc import Callable

from civicbot.errors import CivicbotError
from civicbot.generation import current_name, index_folder
from civicbot.records.database import Database
from civicbot.recurring import Recurring
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.review.approved_following import ApprovedFollower
from civicbot.review.store import Store
from civicbot.settings import Settings

logger = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
"""Between two looks: for the calendar, for a swap while the database was away, and for items that were deleted."""


class ApprovedWatch(Recurring):
    """Runs a follower until it is stopped.

    Args:
        follower: suspends and resumes.
        index: the live index.
        every: seconds between two looks.
    """

    def __init__(self, follower: ApprovedFollower, index: LiveIndex, *, every: float = EVERY_SECONDS) -> None:
        super().__init__("approved-watch", first=every)
        self._follower = follower
        self._index = index
        self._every = every

    def arriving(self, generation: OpenGeneration) -> None:
        """A generation is about to be lent out; its first question comes after what it no longer bears is suspended.

        Whatever goes wrong here must not keep the library from being swapped: an approved answer that the new one does
        not bear is not given from it in any case.
        """
        self._safely(lambda: self._follower.follow(generation))

    def _turn(self) -> float:
        """Compares with the live generation and the calendar; what goes wrong is tried again."""
        self._safely(self._look)
        return self._every

    def _look(self) -> None:
        with self._index.reader() as generation:
            self._follower.follow(generation)

    def _safely(self, act: Callable[[], object]) -> None:
        try:
            act()
        except CivicbotError as error:
            # No index yet, or no database: both come back, and so does this.
            logger.info("approved_watch_waits", extra={"fields": {"problem": error.code}})
        except Exception as error:  # noqa: BLE001 - the outermost boundary of what must go on, and hold up nobody
            # No traceback: it could tell what was to be stored.
            logger.error("approved_watch_failed", extra={"fields": {"problem": type(error).__name__}})  # noqa: TRY400


def open_approved_watch(
    database: Database, index: LiveIndex, settings: Settings, *, changed: Callable[[], None]
) -> ApprovedWatch:
    """Puts the watch together; nothing is opened yet.

    Args:
        database: of the records.
        index: the live index.
        settings: the settings.
        changed: told when something has changed.
    """
    folder = index_folder(settings.data)
    follower = ApprovedFollower(
        Store(database),
        today=settings.current_date,
        is_published=lambda name: current_name(folder) == name,
        changed=changed,
    )
    return ApprovedWatch(follower, index)
