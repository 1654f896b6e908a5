from __future__ import annotations

import threading

from civicbot.recurring import Recurring


class Counting(Recurring):
    def __init__(self, *, first: float = 0.0, rest: float = 0.0) -> None:
        super().__init__("counting", first=first)
        self.turns = 0
        self.third = threading.Event()
        self.rested: bool | None = None
        self._between = rest

    def _turn(self) -> float:
        self.turns += 1
        if self.turns == 3:
            self.third.set()
            self.rested = self._rest(self._between)
        return 0.0


def test_turns_follow_each_other_until_it_is_stopped() -> None:
    counting = Counting()
    counting.start()
    assert counting.third.wait(20)
    counting.stop()
    turns = counting.turns
    assert turns >= 3
    assert not [thread for thread in threading.enumerate() if thread.name == "counting"]
    assert counting.turns == turns


def test_stopping_ends_the_rest_within_a_turn_and_waits_for_the_turn() -> None:
    counting = Counting(rest=3600)
    counting.start()
    assert counting.third.wait(20)
    counting.stop()
    assert counting.turns == 3
    assert counting.rested is True


def test_what_is_stopped_before_its_first_turn_takes_none() -> None:
    counting = Counting(first=3600)
    counting.start()
    counting.stop()
    assert counting.turns == 0


def test_what_never_began_can_be_stopped() -> None:
    Counting().stop()
