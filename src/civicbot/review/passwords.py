"""Passwords: what is accepted, and their hashes by argon2id."""

from __future__ import annotations

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from civicbot.errors import CivicbotError

SHORTEST = 12
LONGEST = 256
_FEWEST_CHARACTERS = 5
_AT_ONCE = 2
"""How many hashes are computed at once in this process: each takes 64 MiB, and log-ins are for anybody to try."""


class PasswordError(CivicbotError):
    """A password that must not be used; messages never repeat it."""

    code = "password"
    hint = f"Take at least {SHORTEST} characters, such as four words in a row."


class Passwords:
    """Hashes passwords and checks them; thread-safe.

    Args:
        hasher: argon2's parameters; its current defaults (RFC 9106, low memory) unless a test wants weaker ones.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        self._lock = threading.Lock()
        self._nobodys: str | None = None

    def hash(self, password: str) -> str:
        """What is stored of a password."""
        with self._turns:
            return self._hasher.hash(_folded(password))

    def check(self, stored: str | None, password: str) -> bool:
        """Whether a password is the stored one; it takes the same time when none is stored."""
        told = stored if stored is not None else self._of_nobody()
        try:
            with self._turns:
                right = self._hasher.verify(told, _folded(password[: LONGEST + 1]))
        except (VerificationError, InvalidHashError):
            return False
        return right and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _of_nobody(self) -> str:
        with self._lock:
            if self._nobodys is None:
                self._nobodys = self._hasher.hash("nobody's")
            return self._nobodys


def check_acceptable(password: str, name: str) -> None:
    """Lets a new password through.

    Raises:
        PasswordError: it is too short or too long, the user's name, or a few characters again and again.
    """
    folded = _folded(password)
    if len(folded) < SHORTEST:
        raise PasswordError(f"The password has {len(folded)} characters.")
    if len(folded) > LONGEST:
        raise PasswordError(f"The password has more than {LONGEST} characters.", hint="Take a shorter one.")
    if folded.casefold() == name.casefold():
        raise PasswordError("The password is the user's name.")
    if len(set(folded)) < _FEWEST_CHARACTERS:
        raise PasswordError("The password is made of a few characters again and again.")


def _folded(password: str) -> str:
    # The same keys give different code points on different systems, Korean above all.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "backslashreplace").decode()
