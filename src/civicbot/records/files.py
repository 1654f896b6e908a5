"""Files with what residents asked: only their owner can read them, and none is overwritten."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from civicbot.errors import BackupError


@contextlib.contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new file to write; it appears under its name when the block ends well, and not at all otherwise.

    Raises:
        BackupError: there is a file of this name, or it cannot be written.
    """
    if path.exists():
        raise BackupError(f"{str(path)!r} is there already.", hint="Name another file, or remove this one.")
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        descriptor = os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "w+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            unfinished.rename(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(
            f"{str(path)!r} cannot be written: {error.strerror or error}.", hint="Name a file in another folder."
        ) from error
