"""The live generation: readers borrow it, and a new one takes its place without a failed request."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from civicbot.errors import CivicbotError, IndexDamagedError, IndexMissingError
from civicbot.generation import current_name
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.opened import OpenGeneration

logger = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
"""Seconds between two looks at the pointer file."""
_TRY_AGAIN_AFTER = 30.0
"""Seconds until a refused generation is tried again: what was wrong (a full disk, say) may have passed."""


class _Lease:
    """A generation with the number of its readers; closed when it is retired and the last one has left."""

    def __init__(self, generation: OpenGeneration) -> None:
        self.generation = generation
        self.readers = 0
        self.retired = False


class LiveIndex:
    """Keeps the newest published generation open and lends it out.

    Args:
        index: the folder of all generations.
        loader: where the embedder comes from.
        prepare: makes a generation quick from its first question on; called before one takes another's place.
    """

    def __init__(
        self, index: Path, loader: EmbedderLoader, prepare: Callable[[OpenGeneration], None] | None = None
    ) -> None:
        self._index = index
        self._loader = loader
        self._prepare = prepare
        self._opening = threading.Lock()
        self._lock = threading.Lock()
        self._lease: _Lease | None = None
        self._problem: CivicbotError | None = None
        self._closed = False
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def refresh(self, *, warm_up: bool = False) -> bool:
        """Opens the published generation if it is not the one that is lent out; returns whether it swapped.

        Args:
            warm_up: load also what the first question would need, before the generation is lent out.

        Raises:
            IndexMissingError: nothing is published and nothing is open, or what is published is not there.
            IndexDamagedError: the published one is not whole; the one that is open, if any, goes on serving.
        """
        # One at a time: two would open the same generation twice, and the slower could bring back an older one.
        with self._opening:
            try:
                generation = self._newer()
            except CivicbotError as error:
                self._problem = _fresh(error)
                raise
            self._problem = None
            if generation is None:
                return False
            if warm_up:
                self._warm_up(generation)
            self._swap(generation)
            logger.info(
                "index_opened", extra={"fields": {"index": generation.name, "passages": len(generation.passages)}}
            )
            return True

    @property
    def problem(self) -> CivicbotError | None:
        """Why the newest published generation is not serving, or None when it is."""
        return self._problem

    def watch(self) -> None:
        """Looks for new generations in the background until closed."""
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="index-watcher", daemon=True)
            self._watcher.start()

    @contextmanager
    def reader(self) -> Iterator[OpenGeneration]:
        """Lends the live generation; it stays open until every borrower has returned it.

        Raises:
            CivicbotError: nothing is open, saying why.
        """
        with self._lock:
            lease = self._lease
            if lease is not None:
                lease.readers += 1
        if lease is None:
            raise self._absence()
        try:
            yield lease.generation
        finally:
            self._return(lease)

    def close(self) -> None:
        """Stops watching and retires the open generation; borrowers may finish. May be called again."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join(timeout=60)
        with self._lock:
            self._closed = True
        self._swap(None)

    def _newer(self) -> OpenGeneration | None:
        """Opens the published generation; None when it is open already, or none is published any more."""
        try:
            name = current_name(self._index)
        except OSError as error:
            raise IndexDamagedError(f"The name of the live index generation cannot be read: {error}.") from error
        with self._lock:
            held = self._lease.generation.name if self._lease else None
            if self._closed or (name == held and held is not None):
                return None
        if name is not None:
            return OpenGeneration(self._index, name, self._loader)
        if held is None:
            raise IndexMissingError("The library has not been indexed yet.")
        return None

    def _warm_up(self, generation: OpenGeneration) -> None:
        generation.warm_up()
        with self._lock:
            replaces = self._lease is not None
        # The first generation is lent out at once instead: until then nobody gets an answer at all.
        if replaces and self._prepare is not None:
            self._prepare(generation)

    def _absence(self) -> CivicbotError:
        problem = self._problem
        if self._closed:
            return IndexMissingError("The service is being stopped.", hint="Try again in a few seconds.")
        if problem is not None:
            return _fresh(problem)
        return IndexMissingError("The library is still being opened.", hint="Try again in a few seconds.")

    def _swap(self, generation: OpenGeneration | None) -> None:
        with self._lock:
            # Opening may have taken longer than closing waited for it: then nobody would ever close it.
            late = generation if self._closed else None
            old, self._lease = self._lease, _Lease(generation) if generation and not late else None
            if old is not None:
                old.retired = True
            closable = old if old is not None and old.readers == 0 else None
        if late is not None:
            late.close()
        if closable is not None:
            closable.generation.close()

    def _return(self, lease: _Lease) -> None:
        with self._lock:
            lease.readers -= 1
            last = lease.retired and lease.readers == 0
        if last:
            lease.generation.close()

    def _watch(self) -> None:
        told = ""
        while not self._stop.is_set():
            wait = _LOOK_EVERY
            seen = self._pointer()
            try:
                self.refresh(warm_up=True)
                told = ""
            except CivicbotError as error:
                # Said once, not at every try.
                if error.message != told:
                    logger.warning("index_refused", extra={"fields": {"index": seen, "reason": error.message}})
                    told = error.message
                wait = _TRY_AGAIN_AFTER
            except Exception as error:
                # The outermost boundary of this thread: should it end, no new generation would ever be seen again.
                logger.exception("index_watch_failed")
                self._problem = IndexDamagedError(f"The index cannot be opened: {error!r}.")
                wait = _TRY_AGAIN_AFTER
            self._wait(wait, seen)

    def _wait(self, seconds: float, seen: str | None) -> None:
        """Waits, in short steps, until it is time to look again, another generation is published, or all stops."""
        until = time.monotonic() + seconds
        while not self._stop.wait(_LOOK_EVERY) and time.monotonic() < until:
            if self._pointer() != seen:
                return

    def _pointer(self) -> str | None:
        try:
            return current_name(self._index)
        except OSError:
            return None


def _fresh(error: CivicbotError) -> CivicbotError:
    """A copy without a traceback: one object raised by many threads would gather, and keep alive, all their frames."""
    return type(error)(error.message, hint=error.hint, code=error.code)
