"""What personal data is called, and what is told about a text that held some."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PersonalKind(StrEnum):
    """A kind of personal data."""

    REGISTRATION_NUMBER = "registration_number"
    MOBILE = "mobile"
    LANDLINE = "landline"
    CARD = "card"
    ACCOUNT = "account"
    EMAIL = "email"
    PASSPORT = "passport"
    DRIVER_LICENCE = "driver_licence"
    CAR_PLATE = "car_plate"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True)
class Found:
    """A piece of personal data, by its place in the original text."""

    kind: PersonalKind
    start: int
    end: int


@dataclass(frozen=True)
class Masked:
    """A text without personal data.

    Attributes:
        text: the text, a placeholder in each place where something was found.
        found: what was found, in order, without overlaps.
    """

    text: str
    found: tuple[Found, ...]

    @property
    def kinds(self) -> tuple[PersonalKind, ...]:
        """The kinds found, in order of first appearance."""
        return tuple(dict.fromkeys(found.kind for found in self.found))


@dataclass(frozen=True)
class Candidate:
    """What a detector takes for personal data, by its place in the text as read.

    Attributes:
        contact: digits of a phone number or the plain form of an e-mail address; else empty.
        official: whether the words around it say that it is a public office's.
    """

    kind: PersonalKind
    start: int
    end: int
    contact: str = ""
    official: bool = False
