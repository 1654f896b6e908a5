"""Runs of the regression set: one at a time, whoever dies, and without residents' words once these are gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select, update
from tests.retrieval.libraries import tiny_loader
from tests.review.desks import KIM, QUOTE, ROOT, DeskForTests
from tests.review.test_verified import QUESTION, correct, judge

from civicbot.answering.assistant import Assistant
from civicbot.answering.rehearsal import Rehearsal
from civicbot.generation import index_folder
from civicbot.model import AnswerStatus
from civicbot.records.forget import forget
from civicbot.records.memory import MemoryRecords
from civicbot.records.tables import VerifiedFailureRow, VerifiedRunRow
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action
from civicbot.review.audit import AuditLog
from civicbot.review.background import Background
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.nouns import Verdict
from civicbot.review.switches import Switches
from civicbot.review.verified import VerifiedCases
from civicbot.review.verified_run_nouns import (
    ExportFormat,
    NoVerifiedCasesError,
    RunState,
    UnknownRunError,
    VerifiedRun,
    VerifiedRunningError,
)
from civicbot.review.verified_runs import DEAD_AFTER, VerifiedRuns
from civicbot.review.view_nouns import NewSwitch, SwitchScope
from civicbot.settings import Settings


class Held(Assistant):
    """An assistant that waits until it is let go, before its second answer."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.asked = 0
        self.waits = threading.Event()
        self.go_on = threading.Event()

    def rehearse(self, *args: object, **kwargs: object) -> Rehearsal:
        self.asked += 1
        if self.asked == 2:
            self.waits.set()
            assert self.go_on.wait(60)
        return super().rehearse(*args, **kwargs)  # type: ignore[arg-type]


def assistant(desk: DeskForTests, kind: type[Assistant] = Assistant) -> Assistant:
    return kind(Settings(embedder_languages="none"), desk.index, MemoryRecords())


@pytest.fixture
def work() -> Iterator[Background]:
    work = Background()
    yield work
    work.stop()


@pytest.fixture
def runs(desk: DeskForTests, work: Background) -> VerifiedRuns:
    return VerifiedRuns(desk.store, VerifiedCases(desk.store), assistant(desk), work)


def eventually(there: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1200):
        if there():
            return
        pause.wait(0.05)
    raise AssertionError("it does not come")


def ended(runs: VerifiedRuns) -> VerifiedRun:
    """The newest run, once it is over."""
    eventually(lambda: runs.runs(KIM)[0].state is not RunState.RUNNING)
    return runs.runs(KIM)[0]


def test_a_run_counts_by_outcome_language_and_verdict(desk: DeskForTests, runs: VerifiedRuns) -> None:
    judge(desk)
    wrong = judge(desk, "AI 시티 예산은 얼마인가요?", Verdict.SHOULD_HAVE_REFUSED)
    judge(desk, "광주 날씨는?", Verdict.SHOULD_HAVE_ANSWERED, status=AnswerStatus.NO_EVIDENCE)
    started = runs.start(KIM)
    assert (started.state, started.by, started.total, started.asked) == (RunState.RUNNING, "kim", 3, 0)
    run = ended(runs)
    assert (run.id, run.state, run.asked, run.problem) == (started.id, RunState.DONE, 3, "")
    assert run.counts == {"correct": 1, "wrong": 1}
    assert run.open_counts == {"missed": 1}
    assert run.languages == {"ko": {"correct": 1, "wrong": 1}}
    assert run.verdicts == {Verdict.CORRECT: {"correct": 1}, Verdict.SHOULD_HAVE_REFUSED: {"wrong": 1}}
    assert (run.share.hits, run.share.total, run.failed) == (1, 2, 2)
    assert run.index
    assert run.ended_at is not None
    refused, answered = runs.failures(KIM, run.id)
    assert refused.case is not None
    assert (refused.outcome, refused.open, refused.case.answer_id) == ("wrong", False, wrong)
    assert "40억" in refused.answer.text
    assert (answered.outcome, answered.open) == ("missed", True)


def test_counts_tell_what_there_is(desk: DeskForTests, runs: VerifiedRuns) -> None:
    assert runs.counts(KIM) == ()
    judge(desk)
    judge(desk, "AI 시티 예산은 얼마인가요?", Verdict.WRONG)
    told = [(one.verdict, one.language, one.cases, one.open) for one in runs.counts(KIM)]
    assert told == [(Verdict.CORRECT, "ko", 1, 0), (Verdict.WRONG, "ko", 1, 1)]


def test_a_correction_that_the_library_tells_passes(desk: DeskForTests, runs: VerifiedRuns) -> None:
    answer = judge(desk, verdict=Verdict.WRONG, sentence="예산은 300억 원입니다.")
    correct(desk, answer, QUOTE)
    runs.start(KIM)
    assert ended(runs).counts == {"correct": 1}


def test_without_cases_there_is_nothing_to_run(runs: VerifiedRuns) -> None:
    with pytest.raises(NoVerifiedCasesError):
        runs.start(KIM)
    assert runs.runs(KIM) == ()


def test_a_pause_does_not_count(desk: DeskForTests, work: Background) -> None:
    rulings = LiveRulings(desk.database)
    asked = Assistant(Settings(embedder_languages="none"), desk.index, MemoryRecords(), rulings=rulings)
    with desk.index.reader() as generation:
        glossary = generation.glossary
    switches = Switches(desk.database, rulings, lambda: glossary)
    switches.set(
        ROOT, NewSwitch(scope=SwitchScope.EVERYTHING, reason="점검", text_ko="점검 중입니다.", text_en="Under way.")
    )
    judge(desk)
    runs = VerifiedRuns(desk.store, VerifiedCases(desk.store), asked, work)
    runs.start(KIM)
    assert ended(runs).counts == {"correct": 1}


def test_one_run_at_a_time(desk: DeskForTests) -> None:
    judge(desk)
    judge(desk, "AI 시티 예산은 얼마인가요?")
    held = assistant(desk, Held)
    assert isinstance(held, Held)
    cases = VerifiedCases(desk.store)
    here, elsewhere = (VerifiedRuns(desk.store, cases, held, Background()) for _ in range(2))
    run = here.start(KIM)
    assert held.waits.wait(60)
    for each in (here, elsewhere):
        with pytest.raises(VerifiedRunningError):
            each.start(ROOT)
    assert elsewhere.runs(KIM)[0].state is RunState.RUNNING
    held.go_on.set()
    assert ended(elsewhere).id == run.id
    assert here.start(KIM).id != run.id
    ended(here)


def test_a_run_that_died_is_told_and_makes_way(desk: DeskForTests, runs: VerifiedRuns) -> None:
    judge(desk)
    runs.start(KIM)
    first = ended(runs)
    with desk.store.writing() as session:
        session.execute(update(VerifiedRunRow).values(state="running", slot="run", ended_at=None))
    assert runs.runs(KIM)[0].state is RunState.RUNNING
    with pytest.raises(VerifiedRunningError):
        runs.start(KIM)
    desk.clock.move(seconds=DEAD_AFTER.total_seconds() + 1)
    dead = runs.runs(KIM)[0]
    assert (dead.id, dead.state) == (first.id, RunState.INTERRUPTED)
    assert dead.ended_at is not None
    runs.start(KIM)
    assert ended(runs).state is RunState.DONE


def test_a_run_that_was_taken_for_dead_writes_nothing_more(desk: DeskForTests) -> None:
    judge(desk)
    judge(desk, "AI 시티 예산은 얼마인가요?")
    held, work = assistant(desk, Held), Background()
    assert isinstance(held, Held)
    runs = VerifiedRuns(desk.store, VerifiedCases(desk.store), held, work)
    run = runs.start(KIM)
    assert held.waits.wait(60)
    desk.clock.move(seconds=DEAD_AFTER.total_seconds() + 1)
    assert runs.runs(KIM)[0].state is RunState.INTERRUPTED
    held.go_on.set()
    work.stop()
    (kept,) = runs.runs(KIM)
    assert (kept.id, kept.state, kept.counts) == (run.id, RunState.INTERRUPTED, {})


def test_the_end_of_the_service_ends_a_run(desk: DeskForTests) -> None:
    judge(desk)
    for question in ("AI 시티 예산은 얼마인가요?", "AI 시티 예산 규모는?"):
        judge(desk, question)
    held, work = assistant(desk, Held), Background()
    assert isinstance(held, Held)
    runs = VerifiedRuns(desk.store, VerifiedCases(desk.store), held, work)
    runs.start(KIM)
    assert held.waits.wait(60)
    stopping = threading.Thread(target=work.stop)
    stopping.start()
    eventually(lambda: work.stopped)
    held.go_on.set()
    stopping.join()
    (run,) = runs.runs(KIM)
    assert (run.state, run.asked, run.counts) == (RunState.INTERRUPTED, 2, {})


def test_what_got_a_case_goes_with_the_residents_words(desk: DeskForTests, runs: VerifiedRuns) -> None:
    answer = judge(desk, verdict=Verdict.SHOULD_HAVE_REFUSED)
    runs.start(KIM)
    run = ended(runs)
    assert len(runs.failures(KIM, run.id)) == 1
    forget(desk.database, answer)
    assert runs.failures(KIM, run.id) == ()
    assert runs.runs(KIM)[0].counts == {"wrong": 1}
    with desk.store.reading() as session:
        assert session.scalars(select(VerifiedFailureRow)).all() == []


def test_what_is_done_and_read_is_in_the_log(desk: DeskForTests, runs: VerifiedRuns) -> None:
    judge(desk, verdict=Verdict.SHOULD_HAVE_REFUSED)
    run = runs.start(KIM)
    ended(runs)
    runs.failures(KIM, run.id)
    runs.export(KIM, ExportFormat.RAGAS)
    log = AuditLog(desk.database)
    told = [(one.action, one.subject) for one in log.entries(ROOT)[:3]]
    assert told == [
        (Action.EXPORT_VERIFIED, "verified"),
        (Action.READ_VERIFIED, f"verified-run:{run.id}"),
        (Action.RUN_VERIFIED, f"verified-run:{run.id}"),
    ]
    assert log.entries(ROOT)[0].details == {"format": "ragas", "cases": 1}
    assert QUESTION not in repr(log.entries(ROOT))
    assert log.verify(ROOT).row is None


def test_an_unknown_run_has_no_failures(runs: VerifiedRuns) -> None:
    with pytest.raises(UnknownRunError):
        runs.failures(KIM, 99)


@pytest.fixture
def nothing_indexed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Assistant]:
    def made() -> Assistant:
        index = LiveIndex(index_folder(tmp_path_factory.mktemp("empty")), tiny_loader())
        return Assistant(Settings(embedder_languages="none"), index, MemoryRecords())

    return made


def test_a_run_without_a_library_fails_and_says_why(
    desk: DeskForTests, work: Background, nothing_indexed: Callable[[], Assistant]
) -> None:
    judge(desk)
    runs = VerifiedRuns(desk.store, VerifiedCases(desk.store), nothing_indexed(), work)
    runs.start(KIM)
    run = ended(runs)
    assert (run.state, run.counts) == (RunState.FAILED, {})
    assert run.problem == "index_missing"
