from __future__ import annotations

import pytest

from civicbot.review.correction_nouns import DraftSentence, Pick
from civicbot.web.staff.screens.composer import step_of, stepped


def pick(quote: str) -> Pick:
    return Pick(document_id="S1-ko", passage_id="S1-ko.1", start=0, end=len(quote), quote=quote)


ROWS = [DraftSentence(text=text, citations=(pick(text),)) for text in ("가", "나", "다")]


def texts(rows: list[DraftSentence]) -> str:
    return "".join(row.text for row in rows)


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ('{"do":"check"}', "가나다"),
        ('{"do":"up","row":1}', "나가다"),
        ('{"do":"down","row":1}', "가다나"),
        ('{"do":"up","row":0}', "가나다"),
        ('{"do":"down","row":2}', "가나다"),
        ('{"do":"remove","row":1}', "가다"),
        ('{"do":"remove","row":9}', "가나다"),
        ('{"do":"add","sentence":{"text":"라"}}', "가나다라"),
    ],
)
def test_a_step(told: str, left: str) -> None:
    assert texts(stepped(list(ROWS), step_of(told), -1)) == left


def test_a_sentence_can_be_cited_for_one_that_is_there() -> None:
    step = step_of(
        DraftSentence(text="라", citations=(pick("라"), pick("나")))
        .model_dump_json()
        .join(['{"do":"add","sentence":', "}"])
    )
    rows = stepped(list(ROWS), step, 1)
    assert texts(rows) == "가나다"
    assert [one.quote for one in rows[1].citations] == ["나", "라"]
    assert [one.quote for one in stepped(rows, step_of('{"do":"uncite","row":1,"citation":0}'), -1)[1].citations] == [
        "라"
    ]
