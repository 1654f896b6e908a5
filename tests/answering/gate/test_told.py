from __future__ import annotations

from civicbot.answering.gate.told import State, named


def test_a_korean_stem_and_an_english_form_tell_the_same_act() -> None:
    assert "approve" in named("승인했습니다", "ko") & named("approved", "done")
    assert "approve" in named("approval", "any")
    assert named("approval", "done") == frozenset()
    assert named("harbour", "any") == frozenset()


def test_what_is_done_is_the_highest_state() -> None:
    assert max(State) is State.DONE
    assert min(State) is State.UNREAL
