"""The server's own secret, which cookies are signed with: CIVICBOT_SECRET, or a file that is made at first use."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

from civicbot.errors import SettingsError
from civicbot.settings import Settings

FILE = "secret"
"""The file's name in the data folder; only its owner may read it."""

_BYTES = 32


def server_secret(settings: Settings) -> bytes:
    """The secret; several processes that begin at once get the same one.

    Raises:
        SettingsError: its file cannot be made or read, or others may read it.
    """
    if settings.secret is not None:
        return settings.secret.get_secret_value().encode()
    path = settings.data / FILE
    try:
        if not path.exists():
            _make(path)
        if path.stat().st_mode & 0o077:
            raise SettingsError(
                f"The secret in {str(path)!r} can be read by others.",
                hint="Delete it, so that a new one is made; everybody has to log in again.",
            )
        found = path.read_bytes().strip()
    except OSError as error:
        raise SettingsError(
            f"The secret in {str(path)!r} cannot be used: {error.strerror or error}.",
            hint="Make the data folder writable, or set CIVICBOT_SECRET.",
        ) from error
    if len(found) < _BYTES:
        raise SettingsError(f"The secret in {str(path)!r} is too short.", hint="Delete it; a new one is made.")
    return found


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_urlsafe(_BYTES).encode())
            file.flush()
            os.fsync(file.fileno())
        # A link appears whole and only where there is none: whoever comes second takes the first one's.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(unfinished)
    finally:
        unfinished.unlink()
