from __future__ import annotations

import pytest

from civicbot.answering.gate.told import State
from civicbot.answering.gate.told_ko import korean_acts, korean_happened


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("트램은 2027년 착공했습니다.", State.DONE),
        ("트램은 2027년 착공할 계획입니다.", State.UNREAL),
        ("트램은 2027년 착공을 목표로 했습니다.", State.UNREAL),
        ("트램은 아직 착공하지 않았습니다.", State.UNREAL),
        ("트램은 2027년 착공한다고 보도했습니다.", State.PRESENT),
        ("트램 착공, 트램 개통", State.NAMED),
    ],
)
def test_the_state_of_an_act(text: str, state: State) -> None:
    assert next(act.state for act in korean_acts(text) if "start" in act.names) is state


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("시의회는 사업 승인을 받았습니다.", ["승인을 받았습니다"]),
        ("트램은 도심을 달리고 있습니다.", ["달리고"]),
        ("현장에는 장비가 도입돼 있습니다.", ["도입돼"]),
        ("시장은 트램이 느리다고 말했습니다.", []),
        ("시는 트램을 지어야 했습니다.", []),
        ("언제 착공했는지 나오지 않습니다.", []),
        ("사업비는 3100억 원이었습니다.", []),
    ],
)
def test_what_is_told_as_done(text: str, told: list[str]) -> None:
    assert [act.text for act in korean_happened(text)] == told
