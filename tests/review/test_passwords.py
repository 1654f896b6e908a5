"""What passwords are accepted, and how they are kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher
from tests.review.doors import PASSWORD, quick_passwords

from civicbot.review.passwords import LONGEST, PasswordError, Passwords, check_acceptable


def test_a_hash_by_todays_defaults() -> None:
    passwords = Passwords()
    stored = passwords.hash(PASSWORD)
    assert stored.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert not passwords.is_outdated(stored)
    assert passwords.check(stored, PASSWORD)
    assert not passwords.check(stored, PASSWORD + " ")


def test_two_hashes_of_one_password_differ() -> None:
    passwords = quick_passwords()
    assert passwords.hash(PASSWORD) != passwords.hash(PASSWORD)


def test_other_parameters_are_outdated() -> None:
    stored = Passwords(PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)).hash(PASSWORD)
    assert quick_passwords().is_outdated(stored)
    assert quick_passwords().check(stored, PASSWORD)


def test_nothing_opens_what_is_not_stored() -> None:
    passwords = quick_passwords()
    for tried in ("nobody's", "", PASSWORD):
        assert not passwords.check(None, tried)
    assert not passwords.check("no hash", PASSWORD)


def test_the_same_keys_on_another_system() -> None:
    passwords = quick_passwords()
    stored = passwords.hash(unicodedata.normalize("NFC", PASSWORD))
    assert passwords.check(stored, unicodedata.normalize("NFD", PASSWORD))


def test_a_password_that_is_too_long_to_have_been_set() -> None:
    passwords = quick_passwords()
    longest = "ab3d" * (LONGEST // 4)
    assert passwords.check(passwords.hash(longest), longest)
    assert not passwords.check(passwords.hash(longest), longest + "x" * 100_000)


def test_many_at_once() -> None:
    passwords = quick_passwords()
    stored = passwords.hash(PASSWORD)
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: passwords.check(stored, PASSWORD), range(24)))


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "0 characters"),
        ("abcdefghijk", "11 characters"),
        ("Lee-Soon-Shin", "the user's name"),
        ("aaaaaaaaaaaa", "a few characters"),
        ("abababababcc", "a few characters"),
        ("abcdefgh" * 40, "more than 256"),
    ],
)
def test_what_is_refused(password: str, reason: str) -> None:
    with pytest.raises(PasswordError, match=reason) as caught:
        check_acceptable(password, "lee-soon-shin")
    assert not password or password not in str(caught.value)


@pytest.mark.parametrize("make", [lambda: "abcdefghijkl", lambda: PASSWORD, lambda: "correct horse battery staple"])
def test_what_is_accepted(make: Callable[[], str]) -> None:
    check_acceptable(make(), "kim")
