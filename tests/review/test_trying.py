"""Asking as a resident would, with all that happens."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.review.staff import REVIEWER

from civicbot.answering.assistant import Assistant
from civicbot.answering.evidence import THRESHOLDS, Hindrance
from civicbot.answering.protocols import Asked, NoRulings
from civicbot.errors import InvalidQuestionError
from civicbot.model import AnswerStatus, Question
from civicbot.review.trying import Trying
from civicbot.wiring import Service


@pytest.fixture
def trying(service: Service) -> Trying:
    return Trying(service.assistant)


def test_a_trial_gives_what_a_resident_gets(trying: Trying, service: Service) -> None:
    trial = trying.ask(REVIEWER, "AX 실증밸리 총사업비는?")
    answer = service.assistant.answer(Question(text="AX 실증밸리 총사업비는?"))
    without = {"id", "conversation_id"}
    assert trial.answer.model_dump(exclude=without) == answer.model_dump(exclude=without)
    stages = [stage.name for stage in trial.stages]
    assert stages == ["intake", "override", "context", "approved", "scope", "retrieve", "evidence", "compose", "verify"]
    assert 0 < sum(stage.seconds for stage in trial.stages) <= trial.seconds
    assert trial.thresholds == THRESHOLDS
    (part,) = trial.parts
    assert part.hits
    assert [one.confidence for one in part.candidates if one.used]
    for one in part.candidates:
        assert one.features
        assert (one.hindrance is Hindrance.UNSURE.value) == (one.confidence < one.needed)
        assert not (one.used and one.hindrance)


def test_why_nothing_answers(trying: Trying) -> None:
    trial = trying.ask(REVIEWER, "2027년 AI 시티 예산은 얼마인가요?")
    assert trial.answer.status is AnswerStatus.NO_EVIDENCE
    (part,) = trial.parts
    assert part.candidates
    assert all(one.hindrance and not one.used for one in part.candidates)
    elsewhere = trying.ask(REVIEWER, "부산 AI 시티 예산은 얼마예요?")
    assert Hindrance.OTHER_CITY.value in {one.hindrance for part in elsewhere.parts for one in part.candidates}


def test_a_follow_up_needs_no_conversation(trying: Trying) -> None:
    first = trying.ask(REVIEWER, "광주 AI 모빌리티 국가시범도시는 언제 착공하나요?")
    second = trying.ask(REVIEWER, "그럼 어디에 지어?", earlier=[first.turn])
    assert "미래차" in second.answer.text
    assert second.standalone != second.question
    alone = trying.ask(REVIEWER, "그럼 어디에 지어?")
    assert alone.answer.status is AnswerStatus.CLARIFICATION


def test_nothing_of_it_is_kept_counted_or_traced(service: Service) -> None:
    stages: list[str] = []
    runs: list[object] = []
    assistant = Assistant(
        service.settings,
        service.index,
        service.records,
        observe=lambda name, _: stages.append(name),
        trace=runs.append,
    )
    trial = Trying(assistant).ask(REVIEWER, "제 번호는 010-2345-6789인데 AX 실증밸리 총사업비는?")
    assert "2345-6789" not in trial.model_dump_json()
    assert trial.masked
    assert service.records.conversation(trial.answer.conversation_id) == ()
    assert (stages, runs) == ([], [])


@dataclass(frozen=True)
class _Pause:
    status: AnswerStatus = AnswerStatus.PAUSED
    text: str = "멈춤"


class _AtTheSite(NoRulings):
    def find(self, asked: Asked) -> _Pause | None:
        return _Pause() if asked.site == "demo" else None


def test_a_switch_shows_and_can_be_looked_behind(service: Service) -> None:
    trying = Trying(Assistant(service.settings, service.index, service.records, rulings=_AtTheSite()))
    question = "AX 실증밸리 총사업비는?"
    held = trying.ask(REVIEWER, question, site="demo")
    assert (held.answer.status, held.answer.text, held.ruling, held.parts) == (
        AnswerStatus.PAUSED, "멈춤", "switch", (),
    )  # fmt: skip
    for free in (trying.ask(REVIEWER, question), trying.ask(REVIEWER, question, site="demo", despite_rulings=True)):
        assert (free.answer.status, free.ruling) == (AnswerStatus.ANSWERED, None)


def test_what_cannot_be_asked(trying: Trying) -> None:
    with pytest.raises(InvalidQuestionError):
        trying.ask(REVIEWER, "")
