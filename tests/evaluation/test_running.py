from __future__ import annotations

import json

from tests.conftest import TODAY
from tests.evaluation.samples import SMALL, make_answer, make_item

from civicbot.evaluation.answerers import LocalAnswerer, Opened, Reply
from civicbot.evaluation.questions import parse_set
from civicbot.evaluation.running import run
from civicbot.judging import Verdict
from civicbot.model import Answer, Language
from civicbot.wiring import Service


def test_a_small_set_over_the_real_library(service: Service) -> None:
    items = parse_set([json.dumps(row) for row in SMALL], "small")
    asked = {each.item.id: each for each in run(items, LocalAnswerer(service.assistant, service.index, TODAY))}
    assert {name: each.verdict for name, each in asked.items()} == dict.fromkeys(
        ("k1", "k2", "e1", "k3", "k4"), Verdict.CORRECT
    )
    assert all(cited.verbatim for each in asked.values() for cited in each.citations)
    assert any(cited.expected for cited in asked["k1"].citations)
    # Without expected sources nothing is expected.
    assert not any(cited.expected for cited in asked["k4"].citations)
    # The follow-up is asked in the conversation that its history began.
    understood = asked["k4"].understood
    assert understood is not None
    assert understood.entities[0] == "ai_mobility"


class Shelf:
    """An answerer whose documents are written down here."""

    def __init__(self, answer: Answer, texts: dict[str, str]) -> None:
        self.answer = answer
        self.texts = texts
        self.turns: list[tuple[str, str | None]] = []
        self.opened: list[str] = []

    def ask(self, text: str, conversation_id: str | None) -> Reply:
        self.turns.append((text, conversation_id))
        return Reply(answer=self.answer, milliseconds=1.0)

    def document(self, document_id: str, language: Language) -> Opened | None:
        del language
        self.opened.append(document_id)
        text = self.texts.get(document_id)
        return None if text is None else Opened(names=frozenset({"S012"}), text=text)

    def understood(self, text: str, conversation_id: str | None) -> None:
        del text, conversation_id


def test_quotes_are_looked_up_word_for_word() -> None:
    item = make_item(history=["하나", "둘"], expected_sources=["S012"])
    true = Shelf(make_answer(cited=2), {"S012-ko": "제목\n총사업비는 1조 5000억 원이다."})
    (asked,) = run([item], true)
    assert [(each.number, each.expected, each.verbatim) for each in asked.citations] == [
        (1, True, True),
        (2, True, True),
    ]
    assert true.turns == [("하나", None), ("둘", "c"), (item.question, "c")]
    assert true.opened == ["S012-ko"]
    (changed,) = run([item], Shelf(make_answer(), {"S012-ko": "총사업비는 1조 6000억 원이다."}))
    assert [(each.expected, each.verbatim) for each in changed.citations] == [(True, False)]
    (gone,) = run([item], Shelf(make_answer(), {}))
    assert [(each.expected, each.verbatim) for each in gone.citations] == [(False, False)]
