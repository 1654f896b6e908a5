"""The folder of generations: one writer at a time, names, what is whole, what may be deleted."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from civicbot.errors import IndexDamagedError, IndexMissingError, IngestError
from civicbot.generation import MANIFEST, Manifest, generation_folder, live_generation
from civicbot.library.build import file_hashes

_LOCK = "lock"
_GENERATIONS = "generations"


@contextmanager
def only_writer(index: Path) -> Iterator[None]:
    """Holds the lock of the index folder, which is made where it is missing; a killed process leaves no lock behind.

    Raises:
        IngestError: another process is indexing.
    """
    (index / _GENERATIONS).mkdir(parents=True, exist_ok=True)
    with (index / _LOCK).open("a", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IngestError(
                f"Another `civicbot ingest` is writing to {str(index)!r}.", hint="Wait until it has finished."
            ) from None
        yield


def whole_generation(index: Path) -> tuple[Path, Manifest] | None:
    """The live generation, or None when there is none or its files are not what its manifest says."""
    try:
        folder, manifest = live_generation(index)
    except (IndexMissingError, IndexDamagedError):
        return None
    if file_hashes(folder) != manifest.file_hashes:
        return None
    return folder, manifest


def new_folder(index: Path, inputs_hash: str, now: datetime) -> tuple[Path, datetime]:
    """Makes the folder of a new generation.

    Args:
        index: the folder of all generations.
        inputs_hash: what it will be made of; the first 8 characters go into the name.
        now: the time, with its zone; the name says it in UTC, so that names sort by age.

    Returns:
        The folder and the time in its name: ``now``, or the second after the newest generation's when that is later,
        so that names sort by age even when generations are made within one second.
    """
    moment = now.astimezone(UTC).replace(microsecond=0)
    newest = max((path.name[:15] for path in (index / _GENERATIONS).iterdir()), default="")
    while f"{moment:%Y%m%dT%H%M%S}" <= newest:
        moment += timedelta(seconds=1)
    folder = generation_folder(index, f"{moment:%Y%m%dT%H%M%S}-{inputs_hash[:8]}")
    folder.mkdir()
    return folder, moment


def newest_older(index: Path, live: str | None) -> str | None:
    """The newest finished generation that is older than the live one; None when there is none."""
    folders = (index / _GENERATIONS).glob("*")
    older = [path.name for path in folders if live and path.name < live and (path / MANIFEST).exists()]
    return max(older, default=None)


def remove_unneeded(index: Path, live: str | None, before: str | None, prepared: str | None = None) -> None:
    """Deletes generations that no reader can need, and what killed ingests left.

    Call it as the only writer. A reader that was just about to open a generation still finds the one before the live.

    Args:
        index: the folder of all generations.
        live: the live generation's name.
        before: the name of the one that was live before it; unknown when None: the newest older one is kept.
        prepared: the name of one that may be published.
    """
    kept = {live, before or newest_older(index, live), prepared}
    for path in sorted((index / _GENERATIONS).iterdir()):
        if path.is_dir() and path.name not in kept:
            shutil.rmtree(path)
    for temporary in index.glob("*.tmp"):
        temporary.unlink()
