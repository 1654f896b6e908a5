"""Follow-ups that the rules are unsure about."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from tests.answering.model.asking import Asking
from tests.services.chat_server import Asked, ChatServer, Reply, answer_of

from civicbot.model import Answer, Question
from civicbot.wiring import Service

Make = Callable[..., Asking]
FIRST = "국가AI컴퓨팅센터는 어디에 들어서나요?"
SECOND = "국가 NPU 컴퓨팅센터 예산은 얼마예요?"
THIRD = "그럼 언제 문 열어?"
GOOD = "국가AI컴퓨팅센터는 언제 문 열어?"


def script(question: str | Reply) -> Callable[[Asked], Reply]:
    def reply(asked: Asked) -> Reply:
        if not asked.is_rewrite:
            return Reply(text=answer_of(completeness="none"))
        return question if isinstance(question, Reply) else Reply(text=json.dumps({"question": question}))

    return reply


def third(asking: Asking) -> Answer:
    conversation = asking.ask(FIRST).conversation_id
    asking.ask(SECOND, conversation)
    return asking.ask(THIRD, conversation)


def test_a_question_that_stands_alone_is_made(server: ChatServer, written: Make) -> None:
    server.script = script(GOOD)
    asking = written()
    answer = third(asking)
    exchange = asking.records.exchange(answer.id)
    assert exchange.standalone == GOOD
    assert exchange.work is not None
    assert exchange.work.rewritten
    assert answer.versions.prompt == asking.model.prompt
    (sent,) = [asked for asked in server.asked if asked.is_rewrite]
    assert FIRST in sent.text
    assert SECOND in sent.text
    assert ("rewrite", "used") in asking.seen.outcomes


@pytest.mark.parametrize(
    "proposal",
    [
        "부산 AI 데이터센터는 언제 문 열어?",
        "국가AI컴퓨팅센터는 2031년에 문 열어?",
        "홍길동 시장은 언제 문 열어?",
        "국가AI컴퓨팅센터 예산은?",
        "When does the national AI computing centre open?",
        "국가AI컴퓨팅센터는 언제 문 열어? https://example.kr",
        GOOD * 20,
        "",
    ],
)
def test_what_the_conversation_does_not_hold_is_not_asked(
    proposal: str, server: ChatServer, service: Service, written: Make
) -> None:
    server.script = script(proposal)
    asking = written()
    kept = asking.records.exchange(third(asking).id)
    conversation = service.assistant.answer(Question(text=FIRST)).conversation_id
    service.assistant.answer(Question(text=SECOND, conversation_id=conversation))
    usual = service.assistant.answer(Question(text=THIRD, conversation_id=conversation))
    assert kept.standalone == service.records.exchange(usual.id).standalone
    assert kept.work is not None
    assert not kept.work.rewritten


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [(Reply(status=500), "server"), (Reply(text="no idea"), "unchanged"), (Reply(text=GOOD, cut=True), "cut")],
)
def test_a_failure_leaves_it_to_the_rules(reply: Reply, outcome: str, server: ChatServer, written: Make) -> None:
    server.script = script(reply)
    asking = written()
    third(asking)
    assert ("rewrite", outcome) in asking.seen.outcomes


def test_where_the_rules_are_sure_nobody_is_asked(server: ChatServer, written: Make) -> None:
    server.script = script(GOOD)
    asking = written()
    conversation = asking.ask(FIRST).conversation_id
    asking.ask("그럼 언제 문 열어?", conversation)
    asking.ask("그럼 NPU센터는?", conversation)
    assert not [asked for asked in server.asked if asked.is_rewrite]
