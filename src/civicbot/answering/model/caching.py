"""A bounded cache: the same question with the same evidence gets the same written answer."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from typing import Generic, TypeVar

_T = TypeVar("_T")


class Cache(Generic[_T]):
    """Keeps the latest values; thread-safe.

    Args:
        most: how many; with 0 none is kept.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._held: OrderedDict[str, _T] = OrderedDict()

    def get(self, key: str) -> _T | None:
        """What is kept under a key, or None."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: str, value: _T) -> _T:
        """Keeps a value; returns what is kept, the first one where two came at once, so that all tell the same."""
        with self._lock:
            kept = self._held.setdefault(key, value)
            self._held.move_to_end(key)
            while len(self._held) > self._most:
                self._held.popitem(last=False)
            return kept

    def __len__(self) -> int:
        with self._lock:
            return len(self._held)


def key_of(*parts: object) -> str:
    """A key for what an answer depends on."""
    return hashlib.sha256(json.dumps([str(part) for part in parts]).encode()).hexdigest()
