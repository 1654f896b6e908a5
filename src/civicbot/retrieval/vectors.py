"""The vectors of a generation, read through a copy that this process owns."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
import time
from pathlib import Path
from typing import cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError

from civicbot.errors import IndexDamagedError
from civicbot.generation import CHROMA, COLLECTION, Manifest


def open_chroma(folder: Path, vectors: Path, manifest: Manifest) -> Client:
    """Opens a Chroma folder and checks that it holds the manifest's passages with the vectors of ``vectors``.

    Raises:
        IndexDamagedError: it does not.
    """
    client: Client | None = None
    try:
        # PersistentClient is typed as the API without close(); what it makes is a Client.
        client = cast(Client, chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False)))
        collection = client.get_collection(COLLECTION)
        stored = collection.get(include=["embeddings"])
        expected = np.load(vectors)
    except (ChromaError, OSError, ValueError, RuntimeError, KeyError) as error:
        if client is not None:
            client.close()
        raise IndexDamagedError(
            f"The vectors of the index generation {manifest.name!r} cannot be read: {error}."
        ) from error
    found = np.asarray(stored["embeddings"], dtype=np.float32)
    order = {identifier: row for row, identifier in enumerate(stored["ids"])}
    ids = manifest.passage_ids
    whole = (
        len(order) == len(ids)
        and all(identifier in order for identifier in ids)
        and found.shape == expected.shape
        and np.allclose(found[[order[identifier] for identifier in ids]], expected, atol=1e-5)
    )
    if not whole:
        client.close()
        raise IndexDamagedError(
            f"Chroma in the index generation {manifest.name!r} does not hold its manifest's vectors."
        )
    return client


class PrivateCopy:
    """A copy of a Chroma folder that this process alone opens (Chroma rewrites files even to read them).

    Each copy holds a locked file, so that copies of killed processes can be told from those in use and removed.
    """

    def __init__(self, readers: Path, source: Path) -> None:
        """Copies ``source`` below ``readers``.

        Raises:
            IndexDamagedError: it cannot be copied.
        """
        readers.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(readers)
        self._root = Path(tempfile.mkdtemp(prefix="reader-", dir=readers))
        self._lock = (self._root / "lock").open("w", encoding="utf-8")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self.folder = self._root / CHROMA
        try:
            shutil.copytree(source, self.folder)
        except (OSError, shutil.Error) as error:
            self.remove()
            raise IndexDamagedError(f"The vectors in {source.parent.name!r} cannot be copied: {error}.") from error

    def remove(self) -> None:
        """Removes the copy and gives its lock back."""
        shutil.rmtree(self._root, ignore_errors=True)
        self._lock.close()


def _remove_abandoned(readers: Path) -> None:
    for folder in readers.glob("reader-*"):
        try:
            with (folder / "lock").open("r+", encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
        except FileNotFoundError:
            # Between mkdtemp and the lock another process may be starting: only an old folder is rubbish.
            _remove_if_old(folder)
        except BlockingIOError:
            continue


def _remove_if_old(folder: Path, seconds: float = 60.0) -> None:
    try:
        if time.time() - folder.stat().st_mtime > seconds:
            shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        return
