"""Preparing, deciding and taking back updates, on both kinds of database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from tests.review.desks import KIM, ROOT
from tests.review.update_desks import BUDGET, BUS, PARK, Site

from civicbot.errors import IndexDamagedError
from civicbot.generation import PASSAGES, generation_folder
from civicbot.library.publishing import prepared_name
from civicbot.model import AnswerStatus
from civicbot.records.database import Database
from civicbot.records.forget import forget
from civicbot.records.tables import LibraryUpdateCaseRow, LibraryUpdateRow
from civicbot.review.access import Action
from civicbot.review.audit import AuditLog
from civicbot.review.update_rows import (
    BlockedUpdateError,
    NoPreviousError,
    StaleUpdateError,
    UnknownUpdateError,
    UpdateRunningError,
    UpdateStateError,
)
from civicbot.review.updates_nouns import (
    CaseKind,
    ImpactClass,
    Rule,
    Stage,
    UpdateKind,
    UpdateState,
)


@pytest.fixture
def site(tmp_path: Path, database: Database) -> Iterator[Site]:
    site = Site(tmp_path / "site", database)
    yield site
    site.close()


def audited(site: Site) -> list[tuple[str, str, dict[str, object]]]:
    entries = AuditLog(site.store.database).entries(ROOT)
    return [(entry.action, entry.subject, dict(entry.details)) for entry in reversed(entries)]


# ---------------------------------------------------------------- preparing


def test_an_update_is_prepared_compared_and_published(site: Site) -> None:
    base = site.live()
    site.ask(BUDGET, BUDGET, "AI 시티는 무엇인가요?")
    site.raise_budget()
    found = site.prepared()
    assert (found.state, found.kind, found.base, found.stale) == (UpdateState.READY, UpdateKind.UPDATE, base, False)
    assert found.report is not None
    assert set(found.report.documents.changed) == {"S001-ko", "ai-city-ko"}
    assert found.report.counts == {CaseKind.RECENT: {ImpactClass.CHANGED_FIGURES: 1, ImpactClass.UNCHANGED: 1}}
    assert site.live() == site.serves() == base
    (seen,) = site.updates.cases(KIM, found.id, impact=ImpactClass.CHANGED_FIGURES).cases
    assert (seen.case.question, seen.case.asked, seen.case.kind) == (BUDGET, 2, CaseKind.RECENT)
    assert "40억" in seen.before.text
    assert "50억" in seen.after.text
    assert [seen.after.text[span.start : span.end] for span in seen.after.differing] == ["50억"]
    published = site.updates.publish(PARK, found.id)
    assert (published.state, published.decided_by) == (UpdateState.PUBLISHED, "park")
    assert site.live() == site.serves() == found.generation
    assert [(action, subject) for action, subject, _ in audited(site)] == [
        ("prepare_update", f"update:{found.id}"),
        ("publish_update", f"update:{found.id}"),
    ]


def test_nothing_to_do(site: Site) -> None:
    found = site.prepared()
    assert (found.state, found.generation) == (UpdateState.UNCHANGED, None)
    assert found.report is not None
    assert found.report.documents.unchanged == 4
    with pytest.raises(UpdateStateError, match="'unchanged'"):
        site.updates.publish(PARK, found.id)


def test_the_first_library_of_all(tmp_path: Path, database: Database) -> None:
    site = Site(tmp_path, database, ingested=False)
    site.ask(BUDGET)
    found = site.prepared()
    assert (found.state, found.base) == (UpdateState.READY, None)
    assert found.report is not None
    assert found.report.total() == 0
    site.updates.publish(PARK, found.id)
    assert site.serves() == found.generation
    with pytest.raises(NoPreviousError):
        site.updates.roll_back(PARK)
    site.close()


def test_one_at_a_time_with_its_progress(site: Site) -> None:
    site.indexer.go.clear()
    site.raise_budget()
    first = site.updates.prepare(PARK)
    assert first.state is UpdateState.PREPARING
    with pytest.raises(UpdateRunningError):
        site.updates.prepare(ROOT)
    assert site.indexer.began.wait(20)
    progress = site.updates.get(KIM, first.id).progress
    assert progress is not None
    assert progress.stage is Stage.INDEXING
    assert [one.id for one in site.updates.list(KIM)] == [first.id]
    site.indexer.go.set()
    assert site.finished(first.id).state is UpdateState.READY
    assert site.prepared().state is UpdateState.READY
    assert site.updates.get(KIM, first.id).state is UpdateState.REPLACED


def test_what_cannot_be_indexed_fails_in_plain_words(site: Site) -> None:
    shutil.rmtree(site.corpus)
    found = site.prepared()
    assert found.state is UpdateState.FAILED
    assert found.problem is not None
    assert str(site.corpus) in found.problem
    assert site.live() == site.serves()


def test_something_unexpected_fails_without_telling_what(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    site.ask(BUDGET)
    site.raise_budget()
    nothing: dict[str, str] = {}
    monkeypatch.setattr("civicbot.review.impact_asking.classify", lambda *_: nothing[BUDGET])
    found = site.prepared()
    assert found.state is UpdateState.FAILED
    assert found.problem == "Something unexpected went wrong (KeyError)."
    assert BUDGET not in caplog.text
    assert site.updates.cases(KIM, found.id).total == 0


def test_the_library_changes_while_it_is_prepared(site: Site) -> None:
    site.raise_budget()
    site.indexer.go.clear()
    update_id = site.updates.prepare(PARK).id
    assert site.indexer.began.wait(20)
    site.ingest()
    site.restore()
    site.indexer.go.set()
    found = site.finished(update_id)
    assert found.state is UpdateState.FAILED
    assert found.problem is not None
    assert "meanwhile" in found.problem


@pytest.mark.parametrize("dies", [True, False])
def test_who_gives_no_sign_of_life_is_taken_for_dead(
    site: Site, monkeypatch: pytest.MonkeyPatch, *, dies: bool
) -> None:
    monkeypatch.setattr("civicbot.review.update_claim.BEAT_SECONDS", 0.02)
    site.indexer.go.clear()
    update_id = site.updates.prepare(PARK).id
    later = timedelta(seconds=60)
    if dies:
        monkeypatch.setattr("civicbot.review.update_claim.BEAT_SECONDS", 3600)
        with site.store.writing() as session:
            old = site.store.now() - later
            session.execute(update(LibraryUpdateRow).values(beat_at=old, runner="somebody else"))
        assert site.updates.get(KIM, update_id).state is UpdateState.FAILED
        site.indexer.go.set()
        assert site.finished(update_id).problem == "The process that prepared it ended."
        assert site.prepared().state is UpdateState.UNCHANGED
    else:
        assert site.indexer.began.wait(20)
        assert site.updates.get(KIM, update_id).state is UpdateState.PREPARING
        site.indexer.go.set()
        assert site.finished(update_id).state is UpdateState.UNCHANGED


def test_a_server_that_stops_says_so(site: Site) -> None:
    site.indexer.go.clear()
    update_id = site.updates.prepare(PARK).id
    assert site.indexer.began.wait(20)
    site.work.stop()
    found = site.updates.get(KIM, update_id)
    assert (found.state, found.problem) == (UpdateState.FAILED, "It was stopped.")


# ---------------------------------------------------------------- what is asked


def test_the_most_frequent_questions_once_each(site: Site) -> None:
    site.ask("AI 시티는 무엇인가요?", BUDGET, BUDGET.replace(" ", "  "), BUDGET)
    site.ask(*(f"AI 시티 {number}단계는 언제예요?" for number in range(9)))
    site.ask(BUS, language="en")
    site.raise_budget()
    cases = site.updates.cases(KIM, site.prepared().id)
    assert cases.total == 5
    assert [seen.case.asked for seen in cases.cases] == [3, 1, 1, 1, 1]
    assert cases.cases[0].case.question in (BUDGET, BUDGET.replace(" ", "  "))


def test_old_questions_are_not_asked(site: Site) -> None:
    now = site.store.now
    site.store.now = lambda: now() - timedelta(days=31)
    site.ask(BUDGET)
    site.store.now = now
    site.raise_budget()
    assert site.prepared().report == site.updates.list(KIM)[0].report
    assert site.updates.cases(KIM, 1).total == 0


def test_a_question_that_cannot_be_asked_any_more_is_left_out(site: Site) -> None:
    site.ask("가" * 1001, BUDGET)
    site.raise_budget()
    assert [seen.case.question for seen in site.updates.cases(KIM, site.prepared().id).cases] == [BUDGET]


def test_new_refusals_and_new_answers(site: Site) -> None:
    site.ask(BUDGET)
    brief = site.corpus / "ko/briefs/ai-city.md"
    text = brief.read_text(encoding="utf-8")
    digest = site.corpus / "ko/sources/kwangju-ilbo-20251109-ai-city.md"
    told = digest.read_text(encoding="utf-8")
    line = "2026년도 예산안에는 AI 시티 시범사업 예산 40억 원이 담겼습니다.\n"
    digest.write_text(told.replace(line, ""), encoding="utf-8")
    kept = "\n".join(row for row in text.split("\n") if "40억" not in row and "pilot_budget" not in row)
    brief.write_text(kept.replace("figures:", "figures: []"), encoding="utf-8")
    found = site.prepared()
    assert found.report is not None
    assert found.report.total(ImpactClass.NEW_REFUSAL) == 1
    (seen,) = site.updates.cases(KIM, found.id).cases
    assert (seen.case.before.status, seen.case.after.status) != (AnswerStatus.ANSWERED, AnswerStatus.ANSWERED)
    site.updates.publish(PARK, found.id)
    digest.write_text(told, encoding="utf-8")
    brief.write_text(text, encoding="utf-8")
    again = site.prepared().report
    assert again is not None
    assert again.total(ImpactClass.NEWLY_ANSWERED) == 1


def test_what_residents_asked_goes_with_their_exchange(site: Site) -> None:
    (answer_id,) = site.ask(BUDGET)
    site.raise_budget()
    found = site.prepared()
    assert site.updates.cases(KIM, found.id).total == 1
    forget(site.store.database, answer_id)
    assert site.updates.cases(KIM, found.id).total == 0
    with site.store.reading() as session:
        assert session.scalars(select(LibraryUpdateCaseRow.question)).all() == []
    # The numbers stay, as they hold nobody's words.
    assert site.updates.get(KIM, found.id).report == found.report


def test_pages_and_filters(site: Site) -> None:
    site.ask(BUDGET, "AI 시티는 무엇인가요?")
    site.raise_budget()
    update_id = site.prepared().id
    assert site.updates.cases(KIM, update_id, page=9).page == 1
    assert site.updates.cases(KIM, update_id, unchanged=False).total == 1
    assert site.updates.cases(KIM, update_id, kind=CaseKind.VERIFIED).total == 0
    assert site.updates.cases(KIM, update_id, kind=CaseKind.RECENT).total == 2
    with pytest.raises(UnknownUpdateError):
        site.updates.cases(KIM, 99)
    with pytest.raises(UnknownUpdateError, match="99"):
        site.updates.get(KIM, 99)


# ---------------------------------------------------------------- deciding


def broken(site: Site) -> None:
    """An editor breaks a document that was whole."""
    (site.corpus / "ko/briefs/ai-city.md").write_text("---\nid: [\n---\n", encoding="utf-8")


def test_what_blocks_takes_a_reason_which_the_log_keeps(site: Site) -> None:
    broken(site)
    found = site.prepared()
    assert found.report is not None
    assert [concern.rule for concern in found.report.concerns] == [Rule.DOCUMENT_PROBLEMS]
    for reason in (None, "", "  "):
        with pytest.raises(BlockedUpdateError):
            site.updates.publish(PARK, found.id, reason=reason)
    with pytest.raises(UpdateStateError, match="501"):
        site.updates.publish(PARK, found.id, reason="x" * 501)
    assert site.live() == found.base
    published = site.updates.publish(PARK, found.id, reason=" 급합니다 ")
    assert published.reason == "급합니다"
    action, _, details = audited(site)[-1]
    assert action == Action.PUBLISH_UPDATE.value
    assert details["overridden"] == ["document_problems"]
    assert details["reason"] == "급합니다"
    # What is known by now holds up nobody again.
    site.raise_budget()
    again = site.prepared().report
    assert again is not None
    assert again.concerns == ()


def test_discarded_is_gone(site: Site) -> None:
    site.raise_budget()
    found = site.prepared()
    assert found.generation is not None
    gone = site.updates.discard(PARK, found.id)
    assert (gone.state, gone.decided_by) == (UpdateState.DISCARDED, "park")
    assert prepared_name(site.folder) is None
    assert not generation_folder(site.folder, found.generation).exists()
    for decide in (site.updates.publish, site.updates.discard):
        with pytest.raises(UpdateStateError, match="'discarded'"):
            decide(PARK, found.id)
    assert audited(site)[-1][2]["change"] == "discard"


def test_one_that_is_being_prepared_is_stopped(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicbot.review.update_claim.BEAT_SECONDS", 0.02)
    site.raise_budget()
    site.indexer.go.clear()
    update_id = site.updates.prepare(PARK).id
    assert site.indexer.began.wait(20)
    assert site.updates.discard(PARK, update_id).state is UpdateState.DISCARDED
    assert site.finished(update_id).state is UpdateState.DISCARDED
    site.indexer.go.set()
    assert site.prepared().state is UpdateState.READY


def test_another_library_went_live_meanwhile(site: Site) -> None:
    site.raise_budget()
    found = site.prepared()
    site.raise_budget("60억")
    (site.corpus / "more.txt").write_text("Something more is told here.", encoding="utf-8")
    site.ingest()
    assert site.updates.get(KIM, found.id).stale
    with pytest.raises(StaleUpdateError, match="by now"):
        site.updates.publish(PARK, found.id)
    assert site.updates.discard(PARK, found.id).state is UpdateState.DISCARDED


def test_the_corpus_changed_meanwhile(site: Site) -> None:
    site.raise_budget()
    found = site.prepared()
    (site.corpus / "more.txt").write_text("Something more is told here.", encoding="utf-8")
    with pytest.raises(StaleUpdateError, match="corpus has changed"):
        site.updates.publish(PARK, found.id)
    assert site.live() == found.base


def test_a_damaged_generation_is_not_published(site: Site) -> None:
    site.raise_budget()
    found = site.prepared()
    assert found.generation is not None
    (generation_folder(site.folder, found.generation) / PASSAGES).write_text("", encoding="utf-8")
    with pytest.raises(IndexDamagedError):
        site.updates.publish(PARK, found.id)
    assert site.updates.get(KIM, found.id).state is UpdateState.READY
    assert site.live() == found.base


def test_a_plain_ingest_publishes_what_is_prepared_and_the_list_says_so(site: Site) -> None:
    site.raise_budget()
    found = site.prepared()
    assert site.ingest().generation == found.generation
    assert site.index.refresh()
    told = site.updates.get(KIM, found.id)
    assert (told.state, told.decided_by) == (UpdateState.PUBLISHED, None)


# ---------------------------------------------------------------- going back


def test_back_and_forth(site: Site) -> None:
    base = site.live()
    site.raise_budget()
    found = site.prepared()
    site.updates.publish(PARK, found.id)
    library = site.updates.library(KIM)
    assert library.live is not None
    assert library.previous is not None
    assert (library.live.name, library.previous.name, library.rolled_back) == (found.generation, base, False)
    back = site.updates.roll_back(PARK, "Zahl falsch")
    assert (back.kind, back.state, back.base, back.generation) == (
        UpdateKind.ROLLBACK,
        UpdateState.PUBLISHED,
        found.generation,
        base,
    )
    assert site.live() == site.serves() == base
    assert site.updates.library(KIM).rolled_back
    assert site.ingest().rolled_back
    site.updates.roll_back(PARK)
    assert site.live() == site.serves() == found.generation
    assert not site.updates.library(KIM).rolled_back
    told = [(action, details.get("reason")) for action, _, details in audited(site) if action == "roll_back"]
    assert told == [("roll_back", "Zahl falsch"), ("roll_back", None)]
    assert [one.kind for one in site.updates.list(KIM)] == [
        UpdateKind.ROLLBACK,
        UpdateKind.ROLLBACK,
        UpdateKind.UPDATE,
    ]


def test_a_roll_back_makes_what_was_prepared_stale(site: Site) -> None:
    site.raise_budget()
    site.updates.publish(PARK, site.prepared().id)
    site.raise_budget("60억")
    (site.corpus / "more.txt").write_text("Something more is told here.", encoding="utf-8")
    ready = site.prepared()
    site.updates.roll_back(PARK)
    assert site.updates.get(KIM, ready.id).stale
    with pytest.raises(StaleUpdateError):
        site.updates.publish(PARK, ready.id)


def test_what_was_rolled_back_can_be_prepared_again(site: Site) -> None:
    site.raise_budget()
    first = site.prepared()
    site.updates.publish(PARK, first.id)
    site.updates.roll_back(PARK)
    again = site.prepared()
    assert (again.state, again.generation) == (UpdateState.READY, first.generation)
    site.updates.publish(PARK, again.id)
    assert site.serves() == first.generation


def test_a_damaged_one_does_not_come_back(site: Site) -> None:
    base = site.live()
    assert base is not None
    site.raise_budget()
    found = site.prepared()
    site.updates.publish(PARK, found.id)
    (generation_folder(site.folder, base) / PASSAGES).write_text("", encoding="utf-8")
    with pytest.raises(IndexDamagedError):
        site.updates.roll_back(PARK)
    assert site.live() == found.generation
