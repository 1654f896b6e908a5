"""Codes of tickets: short enough to be written down, too many to be guessed."""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32 (https://www.crockford.com/base32.html): no I, L, O and U, which read like others."""

LENGTH = 12
"""Characters of a code; 60 bits, so that one of a million tickets is found by some 10^12 tries."""

_GROUP = 4

_LONGEST = 100
_READ_AS = str.maketrans("ILO", "110")


def new_code() -> str:
    """A random code, written in three groups: ``K7QX-9M2D-4TVA``."""
    return _grouped("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def read_code(typed: str) -> str | None:
    """The code that somebody typed, as :func:`new_code` writes it; None when it cannot be one.

    Case, width, spaces, dashes and other separators do not matter; I and L are read as 1, O as 0.
    """
    folded = unicodedata.normalize("NFKC", typed[:_LONGEST]).upper().translate(_READ_AS)
    letters = "".join(character for character in folded if character.isalnum())
    return _grouped(letters) if len(letters) == LENGTH and set(letters) <= set(ALPHABET) else None


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))
