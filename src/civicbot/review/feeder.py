"""Feeds the queue in the background, every few seconds."""

from __future__ import annotations

import logging
import time

from civicbot.errors import CivicbotError
from civicbot.recurring import Recurring
from civicbot.review.queue_feed import Feed

logger = logging.getLogger(__name__)

EVERY_SECONDS = 3.0
"""Between two looks at what is new."""
SWEEP_SECONDS = 60.0
"""Between two looks at everything: for what was stored late, and for what was deleted."""
_AFTER_FAILURE = 15.0
_LONGEST_REST = 1.0


class Feeder(Recurring):
    """Runs a feed until it is stopped.

    Between two batches it rests for as long as a batch takes, so that answering has the processor and the database
    for itself half of the time, however much there is to take in.

    Args:
        feed: the feed.
    """

    def __init__(self, feed: Feed) -> None:
        super().__init__("queue-feed")
        self._feed = feed
        self._swept = float("-inf")

    def _turn(self) -> float:
        """Takes in what is new, or everything from time to time; what goes wrong is tried again."""
        sweep = time.monotonic() - self._swept >= SWEEP_SECONDS
        try:
            taken = self._feed.run(everything=sweep, rest=lambda seconds: self._rest(min(seconds, _LONGEST_REST)))
        except CivicbotError as error:
            # No index yet, or no database: both come back.
            logger.info("queue_feed_waits", extra={"fields": {"problem": error.code}})
            return _AFTER_FAILURE
        except Exception as error:  # noqa: BLE001 - the outermost boundary of a thread that must go on
            # No traceback: it could tell what was to be stored.
            logger.error("queue_feed_failed", extra={"fields": {"problem": type(error).__name__}})  # noqa: TRY400
            return _AFTER_FAILURE
        if sweep:
            self._swept = time.monotonic()
        if taken:
            logger.info("queue_fed", extra={"fields": {"answers": taken}})
        return EVERY_SECONDS
