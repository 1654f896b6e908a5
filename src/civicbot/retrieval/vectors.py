"""The vectors of a generation, read through a copy that this process owns."""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from pathlib import Path
from typing import cast

import chromadb
import numpy as np
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from numpy.typing import NDArray

from civicbot.errors import IndexDamagedError
from civicbot.generation import CHROMA, COLLECTION, Manifest

_TOLERANCE = 1e-5
"""How far a value of a stored vector may be off; Chroma keeps float32 as it is, cosine space may normalise again."""
_LOCK = "lock"


def open_chroma(folder: Path, vectors: Path, manifest: Manifest) -> Client:
    """Opens a Chroma folder and checks that it holds the manifest's passages with the vectors of ``vectors``.

    Args:
        folder: a Chroma folder that no other process opens.
        vectors: a NumPy file, float32 (passages, dimensions) in the manifest's order.
        manifest: what it must hold.

    Returns:
        The open client; the caller closes it.

    Raises:
        IndexDamagedError: it does not.
    """
    client: Client | None = None
    try:
        # PersistentClient is typed as the API without close(); what it makes is a Client.
        client = cast(
            Client, chromadb.PersistentClient(str(folder), settings=ChromaSettings(anonymized_telemetry=False))
        )
        stored = client.get_collection(COLLECTION, embedding_function=None).get(include=["embeddings"])
        _check(stored["ids"], np.asarray(stored["embeddings"], dtype=np.float32), np.load(vectors), manifest)
    except BaseException as error:
        if client is not None:
            client.close()
        if isinstance(error, (ChromaError, OSError, EOFError, ValueError, TypeError, RuntimeError, LookupError)):
            raise IndexDamagedError(
                f"The vectors of the index generation {manifest.name!r} cannot be read: {error}."
            ) from error
        raise
    return client


def _check(stored: list[str], found: NDArray[np.float32], expected: NDArray[np.float32], manifest: Manifest) -> None:
    where = f"the index generation {manifest.name!r}"
    rows = {identifier: row for row, identifier in enumerate(stored)}
    ids = manifest.passage_ids
    lacking = [identifier for identifier in ids if identifier not in rows]
    if lacking:
        raise IndexDamagedError(f"Chroma in {where} lacks {len(lacking)} of {len(ids)} passages: {lacking[0]!r}, ….")
    if len(rows) != len(ids):
        raise IndexDamagedError(f"Chroma in {where} holds {len(rows) - len(ids)} passages that are not its manifest's.")
    if expected.shape != (len(ids), manifest.embedder.dimensions):
        raise IndexDamagedError(f"The file of vectors in {where} has the shape {expected.shape}, not its manifest's.")
    if found.shape != expected.shape or not np.allclose(
        found[[rows[identifier] for identifier in ids]], expected, rtol=0, atol=_TOLERANCE
    ):
        raise IndexDamagedError(f"Chroma in {where} holds other vectors than its file of vectors.")


class PrivateCopy:
    """A copy of a Chroma folder that this process alone opens (Chroma rewrites files even to read them).

    Each copy holds a locked file, so that copies of killed processes can be told from those in use and removed.

    Attributes:
        folder: the copied Chroma folder.
    """

    def __init__(self, readers: Path, source: Path) -> None:
        """Copies ``source`` below ``readers``, and removes what killed processes left there.

        Raises:
            IndexDamagedError: ``source`` is not there, or it cannot be copied.
        """
        if not source.is_dir():
            raise IndexDamagedError(f"The index generation {source.parent.name!r} lacks its folder {source.name!r}.")
        try:
            self._claim(readers)
        except OSError as error:
            raise _cannot_copy(readers, error) from error
        self.folder = self._root / CHROMA
        try:
            shutil.copytree(source, self.folder)
        except OSError as error:
            self.remove()
            raise _cannot_copy(readers, error) from error
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        """Removes the copy and gives its lock back; may be called again."""
        shutil.rmtree(self._root, ignore_errors=True)
        self._lock.close()

    def _claim(self, readers: Path) -> None:
        readers.mkdir(parents=True, exist_ok=True)
        # One process at a time comes and clears up: without this, a copy that is made but not locked yet would be
        # taken for one that was left behind.
        with (readers / _LOCK).open("a", encoding="utf-8") as gate:
            fcntl.flock(gate, fcntl.LOCK_EX)
            for folder in readers.glob("reader-*"):
                _remove_if_abandoned(folder)
            self._root = Path(tempfile.mkdtemp(prefix="reader-", dir=readers))
            self._lock = (self._root / _LOCK).open("w", encoding="utf-8")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _remove_if_abandoned(folder: Path) -> None:
    try:
        with (folder / _LOCK).open("r+", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
    except FileNotFoundError:
        # Its owner was killed before it had the lock, or in the middle of removing it.
        shutil.rmtree(folder, ignore_errors=True)
    except OSError:
        # In use, or another user's: neither is ours to remove.
        return


def _cannot_copy(readers: Path, error: OSError) -> IndexDamagedError:
    # copytree gathers what failed in a list of (source, target, reason).
    reason = error.args[0][0][2] if isinstance(error, shutil.Error) else error
    return IndexDamagedError(
        f"The index cannot be copied for reading to {str(readers)!r}: {reason}.",
        hint="Check that the folder of CIVICBOT_DATA can be written and that the disk is not full.",
    )
