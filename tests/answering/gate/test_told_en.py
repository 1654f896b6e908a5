from __future__ import annotations

import pytest

from civicbot.answering.gate.told import State
from civicbot.answering.gate.told_en import english_acts, english_happened


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("The city opened the depot.", State.DONE),
        ("The city will open the depot.", State.UNREAL),
        ("The depot had not been opened.", State.UNREAL),
        ("The depot opens in May.", State.PRESENT),
        ("The opening of the depot", State.NAMED),
    ],
)
def test_the_state_of_an_act(text: str, state: State) -> None:
    assert next(act.state for act in english_acts(text, framed=False) if "open" in act.names) is state


def test_what_a_plan_names_is_not_done() -> None:
    assert [act.state for act in english_acts("The opening of the depot", framed=True)] == [State.UNREAL]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("The city decided on a depot and started two lines.", ["decided", "started"]),
        ("The line has been running since May.", ["running"]),
        ("The tram won approval.", ["won"]),
        ("The tram costs 310 billion won.", []),
        ("The merged city is to have a tram.", []),
        ("The mayor said that the tram is slow.", []),
        ("It is not known whether the tram opened.", []),
        ("The depot is to be designed and built.", []),
    ],
)
def test_what_is_told_as_done(text: str, told: list[str]) -> None:
    assert [act.text for act in english_happened(text)] == told
