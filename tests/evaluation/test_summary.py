from __future__ import annotations

import re

from tests.evaluation.samples import COST_EN, PRICE_KO, make_answer, make_asked, make_item

from civicbot.evaluation.questions import Item
from civicbot.evaluation.scoring import scores
from civicbot.evaluation.summary import headline, summary
from civicbot.evaluation.targets import TARGETS
from civicbot.model import AnswerStatus

REFUSAL = make_answer("찾지 못했습니다.", AnswerStatus.NO_EVIDENCE, 0.1, 0)
DEV = scores(
    [
        make_asked(make_item(), make_answer()),
        make_asked(make_item(**COST_EN), make_answer("It is 1.5 trillion won.", language="en")),
    ],
    "dev",
    "wordings on",
)
TEST = scores([make_asked(Item.model_validate(PRICE_KO), REFUSAL)], "test", "server")


def test_the_headline_has_every_target_and_run() -> None:
    table = headline([DEV, TEST]).splitlines()
    assert table[0] == "|  | target | dev, wordings on | test, server |"
    assert len(table) == 2 + len(TARGETS)
    assert table[2].endswith("| at least 90 % | 100.0 % (2 of 2; 34.2–100.0) met | — |")
    assert table[4].endswith("| at least 95 % | — | 100.0 % (1 of 1; 20.7–100.0) met |")
    assert "**missed**" in headline([DEV.model_copy(update={"p95_ms": 200.0})])


def test_the_summary_is_whole() -> None:
    text = summary("Question set small, 2026-11-22", "3 questions.", [DEV, TEST])
    assert text.startswith("# Question set small, 2026-11-22\n\n3 questions.\n\n## Against the targets\n")
    assert "(chart.svg)" in text
    assert "| amount | en | 1 | 0 | 0 | 0 | 100.0 % (1 of 1; 20.7–100.0) |" in text
    assert "### test, server" in text
    assert "| 0.8 to 0.9 | 2 | 0.80 | 1.00 |" in text
    # A server does not show what it understood.
    assert re.search(r"^\| Labelled facet understood first \| — \| — \|$", text, re.MULTILINE)
    for table in re.findall(r"(?:^\|.*\|\n)+", text, re.MULTILINE):
        assert len({line.count("|") for line in table.splitlines()}) == 1
