from __future__ import annotations

import pytest
from tests.answering.gate.conftest import Rules, passage

from civicbot.answering.gate.speakers import speakers


def names(text: str) -> list[str]:
    korean = any("가" <= letter <= "힣" for letter in text)
    return [speaker.text.strip() for speaker in speakers(text, "ko" if korean else "en")]


def test_who_speaks() -> None:
    assert names("오민재 의원은 트램이 느리다고 지적했습니다.") == ["오민재 의원"]
    assert names("트램이 늦어진다고 2026년 3월 4일 한빛일보가 보도했습니다.") == ["한빛일보"]
    assert names("On 4 March 2026 Oh Min-jae said that the tram is slow.") == ["Oh Min-jae"]
    assert names("The tram is slow, the city explained.") == ["the city"]
    assert names("According to Hanbit Daily, the tram is slow.") == ["Hanbit Daily"]
    assert names("트램은 느립니다.") == []


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        ("한서윤 시장은 트램이 느리다고 비판했습니다.", "오민재 의원은 트램이 느리다고 비판했습니다."),
        ("The tram is too slow for the city.", "Oh Min-jae argued that the tram is too slow for the city."),
        ("트램은 도시에 너무 느립니다.", "오민재 의원은 트램이 도시에 너무 느리다고 주장했습니다."),
    ],
)
def test_another_speaker_or_none(rules: Rules, sentence: str, evidence: str) -> None:
    assert rules(sentence, evidence) & {"speaker", "name"}


def test_a_report_may_be_told_without_its_paper(rules: Rules) -> None:
    told = passage("한빛일보는 트램이 2027년 5월 착공했다고 보도했습니다.", publisher="한빛일보")
    assert rules("트램은 2027년 5월 착공했습니다.", told) == set()


def test_a_speaker_behind_the_verb() -> None:
    found = [speaker.text for speaker in speakers("The tram is slow, said Mayor Han Seo-yun.", "en")]
    assert found == ["Mayor Han Seo-yun"]


@pytest.mark.parametrize(
    ("sentence", "evidence"),
    [
        (
            "한빛 트램은 도시의 상징입니다.",
            "오민재 의원은 2026년 1월 한빛 트램이 늘어난 승객을 감당할 도시의 상징이라고 주장했습니다.",
        ),
        (
            "정부는 2026년 5월 한빛 트램을 교통의 핵심으로 설명했습니다.",
            "한빛일보는 2026년 5월 한빛 트램을 정부 교통의 핵심으로 설명했습니다.",
        ),
    ],
)
def test_part_of_an_opinion_and_a_description(rules: Rules, sentence: str, evidence: str) -> None:
    assert "speaker" in rules(sentence, evidence)


def test_what_a_body_has_announced_as_done(rules: Rules) -> None:
    assert "speaker" not in rules(
        "The harbour renewal was approved.", "Mayor Han Seo-yun said that the harbour renewal had been approved."
    )
