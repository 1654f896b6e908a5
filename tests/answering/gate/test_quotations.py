from __future__ import annotations

from tests.answering.gate.conftest import Rules

from civicbot.answering.gate.quotations import missing_quotations, quotations


def test_marks_of_both_languages() -> None:
    told = [
        text
        for text, _, _ in quotations("그는 “끝까지 간다”고, '한빛'은 「바다」라고 했다. It's the city's \"own way\".")
    ]
    assert told == ["끝까지 간다", "한빛", "바다", "own way"]


def test_another_wording_is_caught() -> None:
    found = list(missing_quotations("“절대 안 된다”고 했다.", "“된다”고 했다."))
    assert [finding.token for finding in found] == ["절대 안 된다"]
    assert not list(missing_quotations("“절대 안 된다”", "'절대  안 된다!'"))


def test_a_translated_quotation_is_left_to_the_other_rules(rules: Rules) -> None:
    assert "quotation" not in rules('The tram is "the feet of the citizens".', "트램은 '시민의 발'입니다.")


def test_it_drops_the_sentence(rules: Rules) -> None:
    evidence = "한서윤 시장은 트램이 '시민의 발'이라고 말했습니다."
    assert "quotation" in rules("한서윤 시장은 트램이 '시민의 자랑'이라고 말했습니다.", evidence)
