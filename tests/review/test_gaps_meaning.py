"""Gathering questions of one meaning."""

from __future__ import annotations

import time

import pytest
from tests.review.briefs import tram

from civicbot.model import Facet, Language
from civicbot.retrieval.live import LiveIndex
from civicbot.review.gaps_meaning import Meanings, Meant, WarmUp, gather

__all__ = ["tram"]

COST = ("하늘트램 총사업비가 얼마예요?", "하늘트램은 얼마짜리 사업이에요?", "하늘트램에 돈이 얼마나 들어요?")
COST_EN = ("How much does the Sky Tram cost?", "What is the cost of the Sky Tram?")


def groups(index: LiveIndex, *questions: tuple[Language, str]) -> list[set[str]]:
    with index.reader() as generation:
        meanings = Meanings(generation, 2026)
        asked = [(number, meanings.of(text), 1) for number, text in enumerate(questions)]
    return [{questions[place][1] for place in places} for _, places in gather(asked)]


def ko(*questions: str) -> list[tuple[Language, str]]:
    return [("ko", one) for one in questions]


def en(*questions: str) -> list[tuple[Language, str]]:
    return [("en", one) for one in questions]


def test_one_entity_facet_and_kind_is_one_gap_in_both_languages(tram: LiveIndex) -> None:
    assert groups(tram, *ko(*COST), *en(*COST_EN)) == [{*COST, *COST_EN}]


@pytest.mark.parametrize(
    "other",
    ["하늘트램은 언제 열어요?", "달빛도서관은 얼마예요?", "하늘트램 요금은 얼마예요?", "정류장에 화장실이 있나요?"],
)
def test_another_entity_facet_or_value_is_another_gap(tram: LiveIndex, other: str) -> None:
    assert {other} in groups(tram, *ko(*COST, other))


def test_what_names_nothing_known_is_gathered_by_its_words(tram: LiveIndex) -> None:
    parking = ("시청 주차장 자리가 있나요?", "시청 주차장에 자리 있어?", "시청에 주차장 자리가 있을까요")
    assert groups(tram, *ko(*parking, "쓰레기봉투 파는 가게")) == [set(parking), {"쓰레기봉투 파는 가게"}]


def test_languages_without_a_common_facet_stay_apart(tram: LiveIndex) -> None:
    found = groups(tram, *ko("쓰레기봉투 파는 가게"), *en("shops that sell rubbish bags"))
    assert len(found) == 2


def test_the_most_frequent_question_comes_first_and_names_the_gap(tram: LiveIndex) -> None:
    with tram.reader() as generation:
        meanings = Meanings(generation, 2026)
        texts = ko(*COST)
        asked: list[tuple[int, Meant | None, int]] = [
            (number, meanings.of(texts[number]), count) for number, count in enumerate((1, 9, 3))
        ]
        ((key, places),) = gather(asked)
        assert places == [1, 2, 0]
        ((again, _),) = gather([(7, meanings.of(texts[2]), 2)])
    assert again == key
    assert all("트램" not in one for one in (key, again))


def test_questions_that_are_not_understood_stay_alone() -> None:
    found = gather([(4, None, 1), (5, None, 2)])
    assert [places for _, places in found] == [[1], [0]]
    assert len({key for key, _ in found}) == 2


def test_meanings_are_kept_with_the_generation(tram: LiveIndex) -> None:
    with tram.reader() as generation:
        meanings = Meanings(generation, 2026)
        text: tuple[Language, str] = ("ko", "가온시는 하늘트램을 왜 놓나요?")
        assert meanings.known(text) is None
        meant = meanings.of(text)
        assert Meanings(generation, 2026).known(text) is meant
        assert Meanings(generation, 2027).known(text) is None
        assert (meant.entities, meant.entity, meant.facet) == (("tram",), "tram", Facet.PURPOSE)


def test_only_one_warm_up_runs_at_a_time() -> None:
    done: list[int] = []
    go: list[bool] = []
    warm = WarmUp()

    def work() -> None:
        while not go:
            time.sleep(0.01)
        done.append(1)

    warm.start(work)
    warm.start(work)
    go.append(True)
    deadline = time.monotonic() + 60
    while warm._busy.locked():
        assert time.monotonic() < deadline
        time.sleep(0.01)
    assert done == [1]
