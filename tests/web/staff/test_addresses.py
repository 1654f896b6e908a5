from __future__ import annotations

import pytest

from civicbot.review.nouns import ItemState, QueueFilter, Reason
from civicbot.web.staff.addresses import FIRST, Address
from civicbot.web.staff.screens.wanted import ANY, NO_SITE, PAGE, filter_values, page_number, wanted


def test_an_address_is_read_and_written() -> None:
    address = Address.read("?screen=item&item=12&text=%EA%B4%91%EC%A3%BC+%26&lang=en")
    assert (address.screen, dict(address.values)) == ("item", {"item": "12", "text": "광주 &"})
    assert Address.read(str(address)) == address
    assert Address.read("") == Address(FIRST)


def test_a_choice_is_changed_and_taken_away() -> None:
    address = Address("queue", {"reason": "ticket", "at": "3"})
    assert address.to(reason=None, at=4).values == {"at": "4"}
    assert address.to(reason="").values == {"at": "3"}


def test_the_filter_of_an_address() -> None:
    assert wanted(Address("queue")) == QueueFilter()
    told = {"state": ANY, "reason": "ticket", "site": NO_SITE, "since": "2026-11-01", "text": "광주"}
    found = wanted(Address("queue", told))
    assert (found.state, found.reason, found.site, found.text) == (None, Reason.TICKET, "", "광주")


def test_what_cannot_be_read_is_left_out() -> None:
    found = wanted(Address("queue", {"state": "x", "reason": "ticket", "since": "tomorrow", "text": "가" * 999}))
    assert found == QueueFilter(reason=Reason.TICKET, state=ItemState.OPEN)


@pytest.mark.parametrize(
    ("told", "number"), [("3", 3), ("", 1), ("0", 1), ("-2", 1), ("x", 1), ("९", 1), ("9" * 99, 1)]
)
def test_the_page(told: str, number: int) -> None:
    assert page_number(Address("queue", {PAGE: told})) == number


def test_only_the_filter_goes_along() -> None:
    address = Address("item", {"item": "1", "compose": "1", "reason": "ticket", PAGE: "2"})
    assert filter_values(address) == {"reason": "ticket", PAGE: "2"}
