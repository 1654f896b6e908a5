from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from tests.evaluation.samples import COST_EN, make_answer, make_asked, make_item

from civicbot.evaluation.answerers import Understood
from civicbot.evaluation.running import Asked, Cited
from civicbot.evaluation.scores import Scores
from civicbot.evaluation.scoring import scores
from civicbot.model import AnswerStatus, Facet
from civicbot.statistics import Share

RIGHT = make_answer()
MISSED = make_answer("찾지 못했습니다.", AnswerStatus.NO_EVIDENCE, confidence=0.2, cited=0)
UNANSWERABLE: dict[str, Any] = {"answerable": False, "must_include": [], "must_not_include": [], "type": "unanswerable"}


def scored(*asked: Asked) -> Scores:
    return scores(asked, "dev", "wordings on")


def asked_as(identifier: str, *, right: bool, **changes: Any) -> Asked:
    return make_asked(make_item(id=identifier, **changes), RIGHT if right else MISSED)


def test_counts_and_shares() -> None:
    found = scored(
        asked_as("1", right=True),
        asked_as("2", right=False),
        asked_as("3", right=True, **UNANSWERABLE),
        asked_as("4", right=False, **UNANSWERABLE),
    )
    assert found.right == Share(hits=2, total=4)
    assert found.correct == Share(hits=1, total=2)
    assert found.wrong == Share(hits=1, total=4)
    assert found.refused == Share(hits=1, total=2)
    assert found.refusal_precision == Share(hits=1, total=2)
    assert [(c.type, c.correct, c.wrong, c.missed, c.share.total) for c in found.cells] == [
        ("amount", 1, 0, 1, 2),
        ("unanswerable", 1, 1, 0, 2),
    ]


def test_citations_count_one_by_one() -> None:
    two = replace(
        asked_as("1", right=True),
        citations=(Cited(1, expected=True, verbatim=True), Cited(2, expected=False, verbatim=False)),
    )
    one = replace(asked_as("2", right=True), citations=(Cited(1, expected=True, verbatim=True),))
    none = replace(asked_as("3", right=True), citations=())
    # A refusal may cite what is known; no question expects that, but the quotes must be true.
    refusal = replace(asked_as("4", right=False), citations=(Cited(1, expected=False, verbatim=True),))
    found = scored(two, one, none, refusal).citations
    assert found.precision == Share(hits=2, total=3)
    assert found.mean_precision == 0.75
    assert found.recall == Share(hits=2, total=3)
    assert found.verbatim == Share(hits=3, total=4)


def test_paraphrases_must_fare_alike() -> None:
    needs = [["1조5000억"], ["2030년"]]
    one, other = make_answer("1조 5000억 원입니다."), make_answer("2030년까지입니다.")
    half = [
        make_asked(make_item(id=str(number), group="a", must_include=needs, pair=None), answer)
        for number, answer in enumerate((one, one, one))
    ]
    assert scored(*half).consistent == Share(hits=1, total=1)
    assert scored(*half).all_correct == Share(hits=0, total=1)
    half[2] = make_asked(half[2].item, other)
    assert scored(*half).consistent == Share(hits=0, total=1)
    whole = [asked_as(str(number), right=True, group="b") for number in range(2)]
    mixed = [asked_as(f"m{number}", right=number == 1, group="c") for number in range(2)]
    assert scored(*whole, *mixed).consistent == Share(hits=1, total=2)
    assert scored(*whole, *mixed).all_correct == Share(hits=1, total=2)


def test_parity_of_the_languages() -> None:
    pairs = [(True, True), (True, False), (True, False), (False, True)]
    asked = []
    for number, (korean, english) in enumerate(pairs):
        asked.append(asked_as(f"k{number}", right=korean, pair=f"e{number}"))
        item = make_item(**COST_EN | {"id": f"e{number}", "pair": f"k{number}", "must_include": [["1조5000억"]]})
        asked.append(make_asked(item, RIGHT if english else MISSED))
    parity = scored(*asked).parity
    assert (parity.ko, parity.en) == (Share(hits=3, total=4), Share(hits=2, total=4))
    assert (parity.only_ko, parity.only_en, parity.gap) == (2, 1, 25.0)
    assert parity.p == 1.0


def test_confidence_means_answerable_and_right() -> None:
    found = scored(
        make_asked(make_item(id="1"), make_answer(confidence=1.0)),
        make_asked(make_item(id="2", **UNANSWERABLE), make_answer("모릅니다.", AnswerStatus.NO_EVIDENCE, 0.0, 0)),
        make_asked(make_item(id="3"), make_answer("모릅니다.", AnswerStatus.NO_EVIDENCE, 0.5, 0)),
    ).calibration
    assert [(b.low, b.right) for b in found.bins] == [(0.0, 0.0), (0.5, 0.0), (0.9, 1.0)]
    assert found.error == pytest.approx(0.5 / 3)
    assert found.brier == pytest.approx(0.25 / 3)
    assert found.auc == 1.0


def test_latency() -> None:
    asked = [make_asked(make_item(id=str(ms)), RIGHT, milliseconds=ms) for ms in range(1, 101)]
    assert (scored(*asked).median_ms, scored(*asked).p95_ms) == (50, 95)


def test_understanding_against_the_labels() -> None:
    def taken(identifier: str, entities: tuple[str, ...], facets: tuple[Facet, ...], **labels: Any) -> Asked:
        found = Understood(entities=entities, topics=tuple(f"{key}_brief" for key in entities), facets=facets)
        return replace(asked_as(identifier, right=True, **labels), understood=found)

    found = scored(
        taken("1", ("ai_mobility",), (Facet.COST, Facet.STATUS)),
        taken("2", ("npu", "ai_mobility"), (Facet.STATUS, Facet.COST)),
        taken("3", ("npu",), (), entity="npu_brief", facet=Facet.WHAT),
        taken("4", (), (Facet.WHAT,), entity=None, facet=Facet.UNKNOWN),
    ).understanding
    assert found is not None
    assert found.entity_first == Share(hits=2, total=3)
    assert found.entity_among == Share(hits=3, total=3)
    assert found.facet_first == Share(hits=1, total=3)
    assert found.facet_among == Share(hits=2, total=3)
    assert scored(asked_as("1", right=True)).understanding is None
