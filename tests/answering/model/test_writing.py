"""Answers that a language model writes: what it is sent, what of its words is told, and when."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.answering.model.asking import COST, WHERE, Asking, evidence_in, faithful, plain
from tests.services.chat_server import Asked, ChatServer, Reply, answer_of

from civicbot.answering.assistant import Assistant
from civicbot.answering.events import SentenceReady, StageStarted
from civicbot.answering.model.prompts import load_prompts
from civicbot.answering.protocols import Asked as Switch
from civicbot.answering.protocols import NoRulings
from civicbot.language.quantities import figures_hold
from civicbot.model import Answer, AnswerStatus, NoticeKind, Question
from civicbot.settings import REPOSITORY
from civicbot.wiring import Service

Make = Callable[..., Asking]
TOTAL = "광주 AI 모빌리티 국가시범도시의 총사업비는 1조 5000억 원입니다."


def first(asked: Asked) -> int:
    """The number of the evidence that gives the total cost."""
    return next(number for number, text in evidence_in(asked) if "1조 5000억" in text)


def test_a_sentence_of_the_model_is_told_with_its_quote(server: ChatServer, service: Service, written: Make) -> None:
    server.script = lambda asked: Reply(text=answer_of((TOTAL, [first(asked)])), usage=True)
    asking = written()
    answer = asking.ask(COST)
    assert [sentence.text for sentence in answer.sentences] == [TOTAL]
    assert answer.text == f"{TOTAL}[1]"
    citation = answer.citations[0]
    assert citation.quote in service.document(citation.document_id).text
    assert figures_hold(TOTAL, citation.quote)
    assert (answer.versions.model, answer.versions.prompt) == (
        "scripted-1",
        load_prompts(REPOSITORY / "prompts").version,
    )
    work = asking.work(answer)
    assert (work.outcome, work.used, work.completeness) == ("written", True, "full")
    assert [(each.text, each.passed) for each in work.sentences] == [(TOTAL, True)]
    assert asking.seen.outcomes == [("answer", "written")]


def test_what_is_sent(server: ChatServer, written: Make) -> None:
    server.script = faithful
    asking = written()
    asking.ask("제 번호는 010-1234-5678입니다. " + COST)
    (asked,) = server.asked
    body = asked.body
    assert (body["model"], body["temperature"], body["stream"], body["max_tokens"]) == ("scripted-1", 0.0, True, 1200)
    assert isinstance(body["seed"], int)
    assert "1234" not in json.dumps(body)
    assert "총사업비가 얼마야" in asked.text
    assert "2026-11-22" in asked.text
    assert not re.search(r"https?:|www\.", asked.text)
    assert re.search(r'<evidence number="1" date="\d{4}-\d\d-\d\d" source="[^"]+" about="[^"]+">', asked.text)
    assert len(evidence_in(asked)) >= 2


@pytest.mark.parametrize(
    ("question", "status"),
    [
        ("내일 날씨 어때?", AnswerStatus.OUT_OF_SCOPE),
        ("AI 센터 어디에 있어?", AnswerStatus.CLARIFICATION),
        ("AI 시티 사업을 어떻게 생각해?", AnswerStatus.REFUSED),
        ("AI 모빌리티 신도시 아파트 분양가는?", AnswerStatus.NO_EVIDENCE),
    ],
)
def test_no_answer_no_call(
    question: str, status: AnswerStatus, server: ChatServer, service: Service, written: Make
) -> None:
    asking = written()
    answer = asking.ask(question)
    assert answer.status is status
    assert plain(answer) == plain(service.assistant.answer(Question(text=question)))
    assert server.asked == []
    assert asking.records.exchange(answer.id).work is None


def test_what_is_not_supported_is_dropped_and_kept_for_staff(server: ChatServer, written: Make) -> None:
    made_up = "2027년까지 일자리 9000개가 생깁니다."

    def script(asked: Asked) -> Reply:
        sentences = (
            (made_up, [1]),
            (TOTAL, [first(asked)]),
            ("자세한 것은 www.example.kr에 있습니다.", [1]),
            (TOTAL, [77]),
        )
        return Reply(text=answer_of(*sentences))

    server.script = script
    asking = written()
    answer = asking.ask(COST)
    assert [sentence.text for sentence in answer.sentences] == [TOTAL]
    judged = asking.work(answer).sentences
    assert [each.passed for each in judged] == [False, True, False, False]
    assert {token.rule for token in judged[0].findings} & {"number", "date"}
    assert {token.rule for token in judged[3].findings} == {"no_citation"}
    assert (asking.seen.passed, asking.seen.dropped) == (1, 3)


def test_nothing_is_told_before_the_point_is_and_nothing_is_taken_back(server: ChatServer, written: Make) -> None:
    def script(asked: Asked) -> Reply:
        aside = next(text for _, text in evidence_in(asked)[::-1])
        number = evidence_in(asked)[-1][0]
        return Reply(text=answer_of((aside, [number]), (TOTAL, [first(asked)]), ("총사업비는 7조 원입니다.", [1])))

    server.script = script
    asking = written()
    events = asking.events(COST)
    answer = events[-1]
    assert isinstance(answer, Answer)
    ready = [event for event in events if isinstance(event, SentenceReady)]
    assert tuple(event.sentence for event in ready) == answer.sentences
    assert tuple(citation for event in ready for citation in event.new_citations) == answer.citations
    assert [event.stage for event in events if isinstance(event, StageStarted)][-1] == "write"
    assert any("1조 5000억" in sentence.text for sentence in answer.sentences)
    assert "7조" not in answer.text


def test_sentences_come_while_the_model_still_writes(server: ChatServer, written: Make) -> None:
    told = threading.Event()

    def script(asked: Asked) -> Reply:
        # The rest comes only once the reader has the first sentence.
        return Reply(text=answer_of((TOTAL, [first(asked)])) + " " * 300, stall=told)

    server.script = script
    asking = written()
    for event in asking.assistant.stream(Question(text=COST)):
        if isinstance(event, SentenceReady):
            assert not told.is_set()
            told.set()
    assert told.is_set()


def test_a_reader_who_leaves_has_been_answered_all_the_same(server: ChatServer, written: Make) -> None:
    server.script = lambda asked: Reply(text=answer_of((TOTAL, [first(asked)])))
    asking = written()
    conversation = asking.records.start()
    stream = asking.assistant.stream(Question(text=COST, conversation_id=conversation))
    while not isinstance(next(stream), SentenceReady):
        pass
    stream.close()  # type: ignore[attr-defined]
    (kept,) = asking.records.conversation(conversation)
    assert [sentence.text for sentence in kept.answer.sentences] == [TOTAL]
    assert kept.work is not None
    assert kept.work.outcome == "left"


def test_the_same_question_gets_the_same_answer_without_another_call(server: ChatServer, written: Make) -> None:
    server.script = faithful
    asking = written()
    answers = [asking.ask(COST), asking.ask(COST), asking.ask(COST)]
    assert len({plain(answer) for answer in answers}) == 1
    assert len(server.asked) == 1
    assert [asking.work(answer).outcome for answer in answers] == ["written", "cached", "cached"]
    asking.ask(WHERE)
    assert len(server.asked) == 2


def test_an_answer_without_its_point_is_remembered_too(server: ChatServer, service: Service, written: Make) -> None:
    server.script = lambda asked: Reply(text=answer_of((evidence_in(asked)[0][1].replace("5000", "7000"), [1])))
    asking = written()
    usual = plain(service.assistant.answer(Question(text=COST)))
    assert [plain(asking.ask(COST)) for _ in range(2)] == [usual, usual]
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "wrapped",
    [
        "```json\n{}\n```",
        "Sure! Here is the answer you asked for:\n\n{}\n\nI hope this helps.",
        '<think>The user wants {{the cost}}. I\'d say {{"text": "9조", "evidence": [1]}}.</think>{}',
    ],
)
def test_wrappings_do_not_matter(wrapped: str, server: ChatServer, written: Make) -> None:
    server.script = lambda asked: Reply(text=wrapped.format(answer_of((TOTAL, [first(asked)]))))
    asking = written()
    assert [sentence.text for sentence in asking.ask(COST).sentences] == [TOTAL]
    assert len(server.asked) == 1


def test_one_repair_is_tried(server: ChatServer, written: Make) -> None:
    def script(asked: Asked) -> Reply:
        if "<reply>" in asked.text:
            return Reply(text=answer_of((TOTAL, [first(asked)])))
        return Reply(text=f"답: {TOTAL} (자료 1)")

    server.script = script
    asking = written()
    assert [sentence.text for sentence in asking.ask(COST).sentences] == [TOTAL]
    assert len(server.asked) == 2
    assert TOTAL in server.asked[1].body["messages"][-1]["content"]


def test_a_setting_that_a_server_refuses_is_left_out(server: ChatServer, written: Make) -> None:
    def script(asked: Asked) -> Reply:
        if "seed" in asked.body:
            return Reply(status=400, message="Unrecognized request argument supplied: seed")
        return faithful(asked)

    server.script = script
    asking = written(llm_cache=0)
    assert asking.work(asking.ask(COST)).outcome == "written"
    assert asking.work(asking.ask(COST)).outcome == "written"
    assert ["seed" in asked.body for asked in server.asked] == [True, False, False]


def test_several_parts_keep_what_is_missing(server: ChatServer, service: Service, written: Make) -> None:
    question = "AI 모빌리티 국가시범도시 총사업비는 얼마이고, 아파트 분양가는 얼마인가요?"
    server.script = lambda asked: Reply(text=answer_of((TOTAL, [first(asked)])))
    asking = written()
    answer = asking.ask(question)
    usual = service.assistant.answer(Question(text=question))
    assert answer.status is usual.status is AnswerStatus.PARTIAL
    assert answer.sentences[0].text == TOTAL
    assert {notice.kind for notice in answer.notices} >= {NoticeKind.NOT_FOUND}
    # What comes close to the missing part stands at the end, as the notice says.
    assert answer.sentences[-1].text == usual.sentences[-1].text


class _Pause:
    status = AnswerStatus.PAUSED
    text = "점검 중입니다."


class _Pausing(NoRulings):
    """Pauses whatever is about some topics."""

    def __init__(self, topics: set[str]) -> None:
        self._topics = topics

    def find(self, asked: Switch) -> _Pause | None:
        return _Pause() if asked.topics & self._topics else None


def test_a_paused_topic_is_never_sent(server: ChatServer, service: Service, written: Make) -> None:
    server.script = faithful
    asking = written()
    with service.index.reader() as generation:
        keys = {mention.key for mention in generation.glossary.mentions("national AI computing centre")}
    assert keys
    assistant = Assistant(service.settings, service.index, asking.records, rulings=_Pausing(keys), model=asking.model)
    assert assistant.answer(Question(text=WHERE)).status is AnswerStatus.PAUSED
    assert server.asked == []
    assert assistant.answer(Question(text=COST)).versions.model == "scripted-1"
    assert all(not keys & topics_of(service, text) for _, text in evidence_in(server.asked[0]))


def topics_of(service: Service, text: str) -> set[str]:
    with service.index.reader() as generation:
        return {mention.key for mention in generation.glossary.mentions(text)}


def test_rehearsals_by_the_hundred_cost_nothing(server: ChatServer, written: Make) -> None:
    server.script = faithful
    asking = written()
    asking.assistant.rehearse(Question(text=COST))
    assert server.asked == []
    assert asking.assistant.rehearse(Question(text=COST), written=True).answer.versions.model == "scripted-1"


def test_a_day_has_its_budget_and_a_restart_does_not_forget_it(
    server: ChatServer, service: Service, written: Make, tmp_path: Path
) -> None:
    server.script = lambda asked: Reply(text=faithful(asked).text, usage=True)
    asking = written(llm_tokens_per_day=6000, llm_cache=0)
    outcomes = [asking.work(asking.ask(COST)).outcome for _ in range(14)]
    assert outcomes[0] == "written"
    assert outcomes[-1] == "day_budget"
    assert plain(asking.ask(COST)) == plain(service.assistant.answer(Question(text=COST)))
    calls = len(server.asked)
    again = written(llm_tokens_per_day=6000)
    assert again.work(again.ask(COST)).outcome == "day_budget"
    assert len(server.asked) == calls
    assert json.loads((tmp_path / "llm-tokens.json").read_text())["tokens"] == asking.seen.tokens


def test_a_question_has_its_budget(server: ChatServer, service: Service, written: Make) -> None:
    asking = written(llm_tokens_per_question=1500)
    answer = asking.ask(COST)
    assert asking.work(answer).outcome == "question_budget"
    assert plain(answer) == plain(service.assistant.answer(Question(text=COST)))
    assert server.asked == []


def test_an_answer_of_a_model_keeps_the_language(server: ChatServer, service: Service, written: Make) -> None:
    server.script = lambda _: Reply(text=answer_of((TOTAL, [1])))
    asking = written()
    question = "What is the total cost of the AI Mobility National New Town?"
    answer = asking.ask(question)
    assert plain(answer) == plain(service.assistant.answer(Question(text=question)))
    assert asking.work(answer).outcome == "no_point"
