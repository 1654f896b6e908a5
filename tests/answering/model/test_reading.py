from __future__ import annotations

import json

import pytest
from tests.services.chat_server import answer_of

from civicbot.answering.model.reading import ReplyReader, Written

WANTED = [Written("첫 문장입니다.", (1,)), Written('Second {odd} "one".', (2, 3))]
JSON = answer_of(("첫 문장입니다.", [1]), ('Second {odd} "one".', [2, 3]))


def read(text: str, size: int = 1) -> tuple[ReplyReader, list[Written]]:
    reader = ReplyReader()
    found = [each for start in range(0, len(text), size) for each in reader.feed(text[start : start + size])]
    return reader, found + reader.rest()


@pytest.mark.parametrize("size", [1, 7, 10_000])
@pytest.mark.parametrize(
    "text",
    [
        JSON,
        f"```json\n{JSON}\n```",
        f"It's simple. Here's what you \"need\":\n{JSON}\nAnything else?",
        f"<think>A draft: {answer_of(('Draft.', [9]))}</think>\n{JSON}",
        JSON.replace('"evidence": [1]}', '"evidence": [1],}'),
        JSON.replace("]}", ",]}"),
        JSON[:-2],
        JSON[:-1],
        JSON.replace('"evidence": [1]', '"evidence": 1').replace("[2, 3]", '"[2], [3]"'),
        JSON.replace('"evidence": [1]', '"citations": ["1"]'),
        JSON.replace('"text": "첫', '"sentence": "첫'),
        JSON.replace('첫 문장입니다."', '**첫** 문장입니다. [1]"').replace('"evidence": [1]', '"evidence": []'),
    ],
)
def test_json_as_models_write_it(text: str, size: int) -> None:
    reader, found = read(text, size)
    assert found == WANTED
    assert reader.sentences == 2


def test_each_sentence_comes_as_soon_as_it_is_whole() -> None:
    reader = ReplyReader()
    end = JSON.index("}") + 1
    assert list(reader.feed(JSON[: end - 1])) == []
    assert reader.grade == "full"
    assert list(reader.feed(JSON[end - 1 : end])) == WANTED[:1]
    assert not reader.whole
    assert list(reader.feed(JSON[end:])) == WANTED[1:]
    assert reader.whole
    assert reader.after == 0


def test_a_list_of_strings_with_marks() -> None:
    _, found = read(json.dumps({"sentences": ["하나입니다. [1]", "Two [2, 3].", "none"]}, ensure_ascii=False))
    assert found == [Written("하나입니다.", (1,)), Written("Two.", (2, 3))]


@pytest.mark.parametrize(
    "text",
    ["", "I am sorry.", "{", "}}}{{{", '{"sentences": []}', '{"text": 5}', '{"text": ""}', "[]", '"' * 9, "<think>{}"],
)
def test_nothing_is_found_in_nothing(text: str) -> None:
    reader, found = read(text)
    assert found == []
    assert not reader.whole


@pytest.mark.parametrize(
    ("grade", "told"), [("full", "full"), ("PARTIAL", "partial"), ("none", "none"), ("great", None)]
)
def test_the_grade(grade: str, told: str | None) -> None:
    assert read(f'{{"completeness": "{grade}", "sentences": []}}')[0].grade == told


def test_a_truth_value_is_no_number() -> None:
    assert read('{"text": "A.", "evidence": [true, 2, null, {"a": 1}]}')[1] == [Written("A.", (2,))]
