from __future__ import annotations

from xml.etree import ElementTree

from tests.evaluation.samples import make_answer, make_asked, make_item

from civicbot.evaluation.chart import chart
from civicbot.evaluation.scoring import scores
from civicbot.evaluation.targets import TARGETS

ASKED = [make_asked(make_item(id=name, group=None), make_answer(confidence=0.3)) for name in "ab"]
RUNS = [scores(ASKED, split, run) for split in ("dev", "test") for run in ("wordings on", "wordings off")]


def test_the_chart_is_drawn_and_labelled() -> None:
    drawn = chart(RUNS)
    words = " ".join(t for t in ElementTree.fromstring(drawn).itertext())
    for each in RUNS:
        assert f"{each.split}, {each.run}" in words
    assert TARGETS[0].title in words
    # What is not measured has no row.
    assert "Paraphrases" not in words
    assert "confidence" in words


def test_the_same_figures_draw_the_same_chart() -> None:
    assert chart(RUNS) == chart(RUNS)
