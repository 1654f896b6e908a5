import pytest

from civicbot import errors
from civicbot.errors import CivicbotError, IndexMissingError, SettingsError


def subclasses(kind: type[CivicbotError]) -> list[type[CivicbotError]]:
    return [kind, *(each for child in kind.__subclasses__() for each in subclasses(child))]


OURS = [kind for kind in subclasses(CivicbotError) if kind.__module__ == errors.__name__]


@pytest.mark.parametrize("kind", OURS)
def test_every_error_can_be_shown(kind: type[CivicbotError]) -> None:
    error = kind("Something is wrong.")
    assert str(error) == f"Something is wrong. {kind.hint}".strip()
    assert error.message == "Something is wrong."
    assert error.code.isidentifier()
    assert error.code == error.code.lower()
    assert kind.__doc__


def test_codes_tell_errors_apart() -> None:
    codes = [kind.code for kind in OURS]
    assert len(codes) == len(set(codes)) >= 10


def test_hint_and_code_may_be_given() -> None:
    error = SettingsError("Wrong.", hint="Do this.", code="special")
    assert (str(error), error.hint, error.code) == ("Wrong. Do this.", "Do this.", "special")
    assert (SettingsError.code, SettingsError.hint) != (error.code, error.hint)
    assert str(IndexMissingError("Nothing there.", hint="")) == "Nothing there."
