from __future__ import annotations

from civicbot.answering.gate.acts import acts, framed, happened, leading


def test_both_languages_name_the_same_act() -> None:
    korean, english = acts("트램은 2027년 착공했습니다.", "ko"), acts("Work on the tram started in 2027.", "en")
    assert any(one.names & other.names for one in korean for other in english)
    assert happened("트램은 2027년 착공했습니다.", "ko")


def test_a_plan_is_a_frame_and_a_budget_plan_is_none() -> None:
    assert framed("The city plans a tram.", "en")
    assert not framed("The budget plan holds 4 billion won.", "en")
    assert framed("시는 트램을 구상했습니다.", "ko")
    assert framed("트램을 지을 자리입니다.", "ko", widely=True)
    assert not framed("트램을 지을 자리입니다.", "ko")


def test_a_plan_at_the_beginning() -> None:
    assert leading("Under the draft, the tram opens in 2027.")
    assert not leading("The tram opens under a bridge.")
