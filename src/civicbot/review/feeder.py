"""Feeds the queue in the background, every few seconds."""

from __future__ import annotations

import logging
import threading
import time

from civicbot.errors import CivicbotError
from civicbot.review.queue_feed import Feed

logger = logging.getLogger(__name__)

EVERY_SECONDS = 3.0
"""Between two looks at what is new."""
SWEEP_SECONDS = 60.0
"""Between two looks at everything: for what was stored late, and for what was deleted."""
_AFTER_FAILURE = 15.0
_LONGEST_REST = 1.0


class Feeder:
    """Runs a feed until it is stopped.

    Between two batches it rests for as long as a batch takes, so that answering has the processor and the database
    for itself half of the time, however much there is to take in.

    Args:
        feed: the feed.
    """

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="queue-feed", daemon=True)

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def stop(self) -> None:
        """Ends it; a batch that is being written is waited for."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        swept, wait = float("-inf"), 0.0
        while not self._stopping.wait(wait):
            sweep = time.monotonic() - swept >= SWEEP_SECONDS
            wait = EVERY_SECONDS
            try:
                taken = self._feed.run(everything=sweep, rest=self._rest)
            except CivicbotError as error:
                # No index yet, or no database: both come back.
                logger.info("queue_feed_waits", extra={"fields": {"problem": error.code}})
                wait = _AFTER_FAILURE
            except Exception as error:  # noqa: BLE001 - the outermost boundary of a thread that must go on
                # No traceback: it could tell what was to be stored.
                logger.error("queue_feed_failed", extra={"fields": {"problem": type(error).__name__}})  # noqa: TRY400
                wait = _AFTER_FAILURE
            else:
                swept = time.monotonic() if sweep else swept
                if taken:
                    logger.info("queue_fed", extra={"fields": {"answers": taken}})

    def _rest(self, seconds: float) -> bool:
        return self._stopping.wait(min(seconds, _LONGEST_REST))
