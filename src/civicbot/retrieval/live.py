"""The live generation: readers borrow it, and a new one takes its place without a failed request."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from civicbot.errors import CivicbotError, IndexMissingError
from civicbot.generation import current_name
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.opened import OpenGeneration

logger = logging.getLogger(__name__)

_LOOK_EVERY = 0.5
"""Seconds between two looks at the pointer file."""


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
    """

    def __init__(self, index: Path, loader: EmbedderLoader) -> None:
        self._index = index
        self._loader = loader
        self._lock = threading.Lock()
        self._lease: _Lease | None = None
        self._refused: str | None = None
        self._problem: CivicbotError | None = None
        self._stop = threading.Event()
        self._watcher: threading.Thread | None = None

    def refresh(self) -> bool:
        """Opens the published generation if it is not the one that is lent out; returns whether it swapped.

        Raises:
            IndexMissingError: nothing is published and nothing is open.
            IndexDamagedError: the published one is not whole; the one that is open, if any, goes on serving.
        """
        name = current_name(self._index)
        with self._lock:
            held = self._lease.generation.name if self._lease else None
        if name is None:
            if held is None:
                self._problem = IndexMissingError("The library has not been indexed yet.")
                raise self._problem
            return False
        if name == held:
            return False
        try:
            generation = OpenGeneration(self._index, name, self._loader)
        except CivicbotError as error:
            self._problem = error
            raise
        self._problem = None
        self._swap(generation)
        logger.info("index_opened", extra={"index": name, "passages": len(generation.passages)})
        return True

    @property
    def problem(self) -> CivicbotError | None:
        """Why the newest published generation is not serving, or None when it is."""
        return self._problem

    def watch(self) -> None:
        """Looks for new generations in the background until closed."""
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
            raise self._problem or IndexMissingError(
                "The library is still being opened.", hint="Try again in a few seconds."
            )
        try:
            yield lease.generation
        finally:
            self._return(lease)

    def close(self) -> None:
        """Stops watching and retires the open generation."""
        self._stop.set()
        if self._watcher is not None:
            self._watcher.join(timeout=60)
        self._swap(None)

    def _swap(self, generation: OpenGeneration | None) -> None:
        with self._lock:
            old, self._lease = self._lease, _Lease(generation) if generation else None
            if old is not None:
                old.retired = True
            closable = old if old is not None and old.readers == 0 else None
        if closable is not None:
            closable.generation.close()

    def _return(self, lease: _Lease) -> None:
        with self._lock:
            lease.readers -= 1
            last = lease.retired and lease.readers == 0
        if last:
            lease.generation.close()

    def _watch(self) -> None:
        while not self._stop.is_set():
            name = current_name(self._index)
            try:
                # A refused generation is not tried again until another one is published.
                if name is None or name != self._refused:
                    self.refresh()
            except CivicbotError as error:
                if name is not None and name != self._refused:
                    logger.warning("index_refused", extra={"index": name, "reason": error.message})
                self._refused = name
            self._stop.wait(_LOOK_EVERY)
