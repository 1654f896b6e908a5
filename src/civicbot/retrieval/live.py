"""The live generation: readers borrow it, and a new one takes its place without a failed request.

Two others may stay open beside it: the one that was live before, so that a roll-back takes no time, and one that is
looked at before it goes live, so that publishing it takes none either.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from civicbot.errors import CivicbotError, IndexDamagedError, IndexMissingError
from civicbot.generation import current_name, generation_folder
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.opened import OpenGeneration

logger = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
"""Seconds between two looks at the pointer file."""
_TRY_AGAIN_AFTER = 30.0
"""Seconds until a refused generation is tried again: what was wrong (a full disk, say) may have passed."""


class _Lease:
    """A generation with the number of its readers; closed when it is retired and the last one has left.

    It begins with whoever opened it as its only reader, and retired: nobody keeps it yet.
    """

    def __init__(self, generation: OpenGeneration) -> None:
        self.generation = generation
        self.readers = 1
        self.retired = True
        self.prepared = False


class LiveIndex:
    """Keeps the newest published generation open and lends it out.

    Args:
        index: the folder of all generations.
        loader: where the embedder comes from.
        prepare: makes a generation quick from its first question on; called before one takes another's place.
        arriving: told of each generation just before its first question; it must not raise, nor take long.
        standby: whether the generation that was live before stays open; it takes as much memory as the live one.
    """

    def __init__(
        self,
        index: Path,
        loader: EmbedderLoader,
        prepare: Callable[[OpenGeneration], None] | None = None,
        *,
        arriving: Callable[[OpenGeneration], None] | None = None,
        standby: bool = False,
    ) -> None:
        self._index = index
        self._loader = loader
        self._prepare = prepare
        self._arriving = arriving
        self._keeps = standby
        self._opening = threading.Lock()
        self._lock = threading.Lock()
        self._lease: _Lease | None = None
        self._standby: _Lease | None = None
        self._candidate: _Lease | None = None
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
                lease = self._newer()
            except CivicbotError as error:
                self._problem = _fresh(error)
                raise
            self._problem = None
            if lease is None:
                return False
            try:
                if warm_up:
                    self._warm_up(lease)
                if self._arriving is not None:
                    self._arriving(lease.generation)
                self._swap(lease)
                generation = lease.generation
                logger.info(
                    "index_opened", extra={"fields": {"index": generation.name, "passages": len(generation.passages)}}
                )
            finally:
                self._return(lease)
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

    @contextmanager
    def beside(self, name: str) -> Iterator[OpenGeneration]:
        """Lends a generation whether it is live or not; it stays open for when it goes live, until :meth:`forget`.

        Args:
            name: the generation's name.

        Raises:
            IndexMissingError: there is no such generation, or the index is being closed.
            IndexDamagedError: it is not whole.
        """
        lease = self._borrow(name)
        if lease is None:
            # Not under the lock of those who swap: a roll-back must not wait until this one is open.
            lease = self._keep(_Lease(OpenGeneration(self._index, name, self._loader)))
        try:
            yield lease.generation
        finally:
            self._return(lease)

    def stand_by(self, name: str) -> None:
        """Opens the generation that was live before this process began, for a roll-back; nothing if one stands by.

        Raises:
            IndexMissingError: there is no such generation, or the index is being closed.
            IndexDamagedError: it is not whole.
        """
        with self._lock:
            if not self._keeps or self._standby is not None:
                return
        self.make_quick(name)
        with self._lock:
            candidate = self._candidate
            if candidate is not None and candidate.generation.name == name and self._standby is None:
                self._standby, self._candidate = candidate, None

    def make_quick(self, name: str) -> None:
        """Works out for one that is not live yet what else would have to be worked out when it goes live.

        Raises:
            IndexMissingError: there is no such generation, or the index is being closed.
            IndexDamagedError: it is not whole.
        """
        with self.beside(name) as generation:
            if self._prepare is not None:
                self._prepare(generation)
            with self._lock:
                if self._candidate is not None and self._candidate.generation is generation:
                    self._candidate.prepared = True

    def forget(self, name: str) -> None:
        """Closes a generation that was lent before it was live, once nobody reads it; nothing if it is live."""
        with self._lock:
            found = self._candidate if self._candidate and self._candidate.generation.name == name else None
            if found is not None:
                self._candidate = None
        self._retire(found)

    def close(self) -> None:
        """Stops watching and retires the open generation; borrowers may finish. May be called again."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join(timeout=60)
        with self._lock:
            self._closed = True
            leases = self._lease, self._standby, self._candidate
            self._lease = self._standby = self._candidate = None
        for lease in leases:
            self._retire(lease)

    def _newer(self) -> _Lease | None:
        """Borrows the published generation; None when it is live already, or none is published any more."""
        try:
            name = current_name(self._index)
        except OSError as error:
            raise IndexDamagedError(f"The name of the live index generation cannot be read: {error}.") from error
        with self._lock:
            held = self._lease.generation.name if self._lease else None
            if self._closed or (name == held and held is not None):
                return None
            known = next((one for one in (self._standby, self._candidate) if one and one.generation.name == name), None)
            if known is not None:
                known.readers += 1
        if known is not None:
            return known
        if name is not None:
            return _Lease(OpenGeneration(self._index, name, self._loader))
        if held is None:
            raise IndexMissingError("The library has not been indexed yet.")
        return None

    def _warm_up(self, lease: _Lease) -> None:
        lease.generation.warm_up()
        with self._lock:
            replaces = self._lease is not None
        # The first generation is lent out at once instead: until then nobody gets an answer at all.
        if replaces and self._prepare is not None and not lease.prepared:
            self._prepare(lease.generation)
            lease.prepared = True

    def _borrow(self, name: str) -> _Lease | None:
        """One that is open already, with a reader more."""
        with self._lock:
            leases = (self._lease, self._standby, self._candidate)
            lease = next((one for one in leases if one and one.generation.name == name), None)
            if lease is not None:
                lease.readers += 1
        return lease

    def _keep(self, fresh: _Lease) -> _Lease:
        """Keeps one that was just opened and is borrowed; another one of that name if that was quicker."""
        name, superseded = fresh.generation.name, None
        with self._lock:
            closed = self._closed
            leases = (self._lease, self._standby, self._candidate)
            known = next((one for one in leases if one and one.generation.name == name), None)
            if known is not None:
                known.readers += 1
            elif not closed:
                superseded, self._candidate = self._candidate, fresh
                fresh.retired = False
        self._retire(superseded)
        if known is not None or closed:
            self._return(fresh)
        if known is None and closed:
            raise self._absence()
        return known or fresh

    def _absence(self) -> CivicbotError:
        problem = self._problem
        if self._closed:
            return IndexMissingError("The service is being stopped.", hint="Try again in a few seconds.")
        if problem is not None:
            return _fresh(problem)
        return IndexMissingError("The library is still being opened.", hint="Try again in a few seconds.")

    def _swap(self, lease: _Lease) -> None:
        with self._lock:
            if self._closed:
                # Opening may have taken longer than closing waited for it: nobody keeps it, and its reader closes it.
                lease.retired = True
                return
            old, self._lease = self._lease, lease
            lease.retired = False
            if self._candidate is lease:
                self._candidate = None
            stood = self._standby if self._standby is not lease else None
            self._standby = old if self._keeps else None
        self._retire(stood)
        if not self._keeps:
            self._retire(old)

    def _retire(self, lease: _Lease | None) -> None:
        """Closes a generation once its last reader has left."""
        if lease is None:
            return
        with self._lock:
            # Whoever makes both true closes it, and nobody else.
            closable = not lease.retired and lease.readers == 0
            lease.retired = True
        if closable:
            lease.generation.close()

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
                self._forget_what_is_gone()
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

    def _forget_what_is_gone(self) -> None:
        """Closes what was looked at before it went live once somebody, in any process, has thrown it away."""
        with self._lock:
            candidate = self._candidate
        if candidate is not None and not generation_folder(self._index, candidate.generation.name).is_dir():
            self.forget(candidate.generation.name)

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
