"""The loop of a correction, killed at each of its steps and begun again: nothing is lost, and nothing happens twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.library.corpora import write_corpus
from tests.review.briefs import files
from tests.review.desks import ROOT
from tests.review.killed_loop import AFTER, ASKED, BEFORE, END

from civicbot.generation import MANIFEST, current_name, index_folder
from civicbot.library.ingest import ingest
from civicbot.library.publishing import prepared_name
from civicbot.model import NoticeKind, Question
from civicbot.records.database import Database
from civicbot.records.tables import (
    ApprovedEventRow,
    ApprovedRow,
    CorrectionRow,
    CorrectionVersionRow,
    ItemRow,
    LibraryUpdateRow,
    SignalRow,
    VerdictRow,
)
from civicbot.review.access import Action
from civicbot.review.approved_nouns import ApprovedState
from civicbot.review.audit import AuditLog
from civicbot.review.nouns import ItemState, Reason
from civicbot.review.store import Store
from civicbot.review.updates_nouns import UpdateState
from civicbot.review.verified import VerifiedCases, judge_case
from civicbot.settings import Settings
from civicbot.wiring import Service

SCRIPT = Path(__file__).with_name("killed_loop.py")
FOLDER = SCRIPT.parents[2]
CHANGED = {BEFORE: AFTER, "90 billion": "95 billion", "90000000000": "95000000000"}
FINAL = {UpdateState.PUBLISHED.value, UpdateState.FAILED.value}


class People:
    """What people do, each time in a process of its own."""

    def __init__(self, folder: Path, address: str) -> None:
        self._told = f"{folder}\t{address}"
        path = os.pathsep.join([str(FOLDER / "src"), str(FOLDER)])
        self._process = subprocess.Popen(
            [sys.executable, SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            cwd=FOLDER,
        )
        assert self._hear() == "ready"

    def do(self, step: str) -> None:
        """Goes a step to its end."""
        self._begin(step, "")
        assert self._hear() == "done"
        assert self._hear() == "ended"

    def are_killed(self, step: str, *targets: str) -> None:
        """Goes a step as often as there are targets, and is killed at each."""
        for target in targets:
            pid = self._begin(step, target)
            assert self._hear() == "at"
            os.kill(pid, signal.SIGKILL)
            while (told := self._hear()) == "at":
                pass  # another thread had come there, too
            assert told == "ended"

    def close(self) -> None:
        self._process.communicate(timeout=60)

    def _begin(self, step: str, target: str) -> int:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{self._told}\t{step}\t{target}\n")
        self._process.stdin.flush()
        return int(self._hear())

    def _hear(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library, ready to be asked."""
    write_corpus(tmp_path / "corpus", files())
    made = Settings(corpus=tmp_path / "corpus", data=tmp_path / "var", embedder_languages="none")
    assert ingest(made).problems == ()
    return tmp_path


@pytest.fixture
def people(folder: Path, address: str) -> Iterator[People]:
    people = People(folder, address)
    yield people
    people.close()


def count(database: Database, table: type) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def approved(database: Database) -> tuple[str, int]:
    with database.reading() as session:
        row = session.scalars(select(ApprovedRow)).one()
        return row.state, row.version


def edit_the_source(corpus: Path) -> None:
    for file in corpus.rglob("*.md"):
        text = file.read_text(encoding="utf-8")
        for before, after in CHANGED.items():
            text = text.replace(before, after)
        file.write_text(text, encoding="utf-8")


@pytest.mark.slow
def test_killed_at_each_step(people: People, folder: Path, address: str, database: Database) -> None:
    people.are_killed("ask", END)

    people.are_killed("judge", "civicbot.review.verdicts:note_in_log")
    assert count(database, VerdictRow) == 0
    people.are_killed("judge", END)
    people.are_killed("correct", "civicbot.review.correction_saving:note")
    assert count(database, CorrectionRow) == 0
    people.do("correct")

    people.are_killed("publish", "civicbot.review.approved:set_wordings", "civicbot.review.approved:note")
    assert count(database, ApprovedRow) == 0
    people.are_killed("publish", END)
    assert approved(database) == (ApprovedState.LIVE, 1)

    base = current_name(index_folder(folder / "var"))
    edit_the_source(folder / "corpus")
    for target in ("stage", "made", "compare", "store", "finish"):
        people.are_killed("prepare", f"civicbot.review.update_claim:Claim.{target}")
    people.do("prepare")
    assert current_name(index_folder(folder / "var")) == base

    people.are_killed("update", "civicbot.review.update_publishing:note")
    assert current_name(index_folder(folder / "var")) == base
    people.are_killed("update", "civicbot.review.update_publishing:put_in_place")
    assert current_name(index_folder(folder / "var")) == base
    # From here on each start goes on by itself: the pointer is moved, the row says so, what cited the old is suspended.
    people.are_killed("start", "civicbot.library.publishing:_prepared_is")
    assert current_name(index_folder(folder / "var")) != base
    people.are_killed("start", "civicbot.review.approved_following:ApprovedFollower.follow")
    assert approved(database) == (ApprovedState.LIVE, 1)
    people.are_killed("start", "civicbot.review.approved_following:note_nobody")
    assert approved(database) == (ApprovedState.LIVE, 1)
    people.do("update")
    assert approved(database) == (ApprovedState.SUSPENDED, 1)
    with database.reading() as session:
        told = session.scalars(select(SignalRow.reason).order_by(SignalRow.reason)).all()
    assert told == sorted([Reason.APPROVED_SUSPENDED, Reason.THUMBS_DOWN])

    people.are_killed("fix", "civicbot.review.correction_saving:note")
    assert count(database, CorrectionVersionRow) == 1
    people.are_killed("fix", "civicbot.review.approved:note")
    assert count(database, CorrectionVersionRow) == 2
    assert approved(database) == (ApprovedState.SUSPENDED, 1)
    people.do("fix")

    nothing_is_lost_or_doubled(database, folder)
    everybody_gets_it(folder, address, database)


def nothing_is_lost_or_doubled(database: Database, folder: Path) -> None:
    assert approved(database) == (ApprovedState.LIVE, 2)
    assert (count(database, VerdictRow), count(database, CorrectionRow), count(database, CorrectionVersionRow)) == (
        1,
        1,
        2,
    )
    with database.reading() as session:
        events = session.execute(select(ApprovedEventRow.kind, ApprovedEventRow.version).order_by(ApprovedEventRow.id))
        assert [tuple(row) for row in events] == [("published", 1), ("suspended", 1), ("published", 2)]
        (item,) = session.scalars(select(ItemRow)).all()
        assert (item.state, item.asked) == (ItemState.DONE, 1)
        assert session.scalars(select(SignalRow.reason)).all() == [Reason.THUMBS_DOWN]
        updates = session.scalars(select(LibraryUpdateRow)).all()
        assert {row.state for row in updates} == FINAL
        (done,) = (row for row in updates if row.state == UpdateState.PUBLISHED)
        assert (done.generation, done.slot) == (current_name(index_folder(folder / "var")), None)
    index = index_folder(folder / "var")
    assert prepared_name(index) is None
    generations = list((index / "generations").iterdir())
    assert len(generations) == 2
    assert all((path / MANIFEST).exists() for path in generations)
    log = AuditLog(database)
    assert log.verify(ROOT).row is None
    noted = [(entry.action, entry.details.get("change")) for entry in log.entries(ROOT)]
    assert noted.count((Action.PUBLISH_UPDATE, "publish")) == 1
    assert noted.count((Action.PUBLISH, "published")) == 2
    assert noted.count((Action.PUBLISH, "suspended")) == 1
    assert noted.count((Action.JUDGE, None)) == 1


def everybody_gets_it(folder: Path, address: str, database: Database) -> None:
    """The service, started once more, gives the new version; what staff have judged stands."""
    own = {"corpus": folder / "corpus", "data": folder / "var", "embedder_languages": "none"}
    settings = Settings.model_validate(own | {"database_url": address})
    service = Service(settings, patient=True, records="database")
    try:
        service.open()
        answer = service.assistant.answer(Question(text=ASKED, channel="page"))
        assert [notice.kind for notice in answer.notices] == [NoticeKind.STAFF_CHECKED]
        assert AFTER in answer.text
        (case,) = VerifiedCases(Store(database)).cases()
        assert judge_case(case, answer) == "correct"
    finally:
        service.close()
