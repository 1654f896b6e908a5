"""Killed at any step, an update is gone on with or begun anew: nothing is half published, and nothing happens twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.review.desks import KIM, ROOT
from tests.review.update_desks import BUDGET, PARK, Site

from civicbot.generation import MANIFEST, live_generation
from civicbot.library.build import file_hashes
from civicbot.library.publishing import prepared_name, previous_name
from civicbot.records.database import Database
from civicbot.review.audit import AuditLog
from civicbot.review.update_rows import UpdateRunningError
from civicbot.review.updates_nouns import UpdateState

SCRIPT = Path(__file__).with_name("killed_updates.py")
ROOT_FOLDER = SCRIPT.parents[2]
PREPARING = (
    "civicbot.library.ingest:write_generation",
    "civicbot.library.ingest:set_prepared",
    "civicbot.review.update_claim:Claim.made",
    "civicbot.review.update_claim:Claim.compare",
    "civicbot.review.update_claim:Claim.store",
    "civicbot.review.update_claim:Claim.finish",
)
PUBLISHING = (
    ("civicbot.review.update_publishing:note", False),
    ("civicbot.review.update_publishing:put_in_place", True),
    ("civicbot.library.publishing:write_pointer", True),
    ("civicbot.library.publishing:publish", True),
    ("civicbot.library.publishing:_prepared_is", True),
)


class Doomed:
    """Does things in processes that are killed at a step."""

    def __init__(self) -> None:
        path = os.pathsep.join([str(ROOT_FOLDER / "src"), str(ROOT_FOLDER)])
        self.process = subprocess.Popen(
            [sys.executable, SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            cwd=ROOT_FOLDER,
        )
        assert self.hear() == "ready"

    def hear(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def reach(self, site: Site, action: str, update_id: int, target: str) -> int:
        """Has a child come as far as a step; returns its process id."""
        assert self.process.stdin is not None
        address = site.store.database.engine.url.render_as_string(hide_password=False)
        told = (str(site.corpus.parent), address, action, str(update_id), target)
        self.process.stdin.write("\t".join(told) + "\n")
        self.process.stdin.flush()
        pid = int(self.hear())
        assert self.hear() == "at"
        return pid

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        assert self.hear() == "ended"

    def kill_at(self, site: Site, action: str, update_id: int, target: str) -> None:
        self.kill(self.reach(site, action, update_id, target))

    def close(self) -> None:
        self.process.communicate(timeout=60)


@pytest.fixture
def site(tmp_path: Path, database: Database) -> Iterator[Site]:
    site = Site(tmp_path / "site", database)
    site.ask(BUDGET, "AI 시티는 무엇인가요?")
    site.raise_budget()
    yield site
    site.close()


@pytest.fixture(scope="module")
def doomed() -> Iterator[Doomed]:
    doomed = Doomed()
    yield doomed
    doomed.close()


def noted(site: Site, action: str) -> int:
    return sum(entry.action == action for entry in AuditLog(site.store.database).entries(ROOT))


def whole(site: Site) -> bool:
    """Whether the index folder holds finished generations alone, and the live one is what it says."""
    folder, manifest = live_generation(site.folder)
    finished = all((path / MANIFEST).exists() for path in (site.folder / "generations").iterdir())
    return finished and file_hashes(folder) == manifest.file_hashes


@pytest.mark.slow
def test_killed_while_it_is_prepared(site: Site, doomed: Doomed, monkeypatch: pytest.MonkeyPatch) -> None:
    base, now = site.live(), site.store.now
    for number, target in enumerate(PREPARING, 1):
        doomed.kill_at(site, "prepare", 0, target)
        assert site.updates.get(KIM, number).state is UpdateState.PREPARING
        with monkeypatch.context() as later:  # nobody has to wait for half a minute here
            later.setattr(site.store, "now", lambda: now() + timedelta(seconds=60))
            dead = site.updates.get(KIM, number)
        assert (dead.state, site.updates.cases(KIM, number).total) == (UpdateState.FAILED, 0)
        assert site.live() == base
    ready = site.prepared()
    assert ready.state is UpdateState.READY
    assert site.updates.cases(KIM, ready.id).total == 2
    assert whole(site)
    site.updates.publish(PARK, ready.id)
    assert site.serves() == ready.generation
    assert len(list((site.folder / "generations").iterdir())) == 2


@pytest.mark.slow
@pytest.mark.parametrize(("target", "begun"), PUBLISHING)
def test_killed_while_it_is_published(site: Site, doomed: Doomed, target: str, *, begun: bool) -> None:
    base, ready = site.live(), site.prepared()
    doomed.kill_at(site, "publish", ready.id, target)
    other = Site(site.corpus.parent, site.store.database, there=True)
    other.publishing.recover()
    found = other.updates.get(KIM, ready.id)
    if not begun:
        assert (found.state, other.live()) == (UpdateState.READY, base)
        found = other.updates.publish(PARK, ready.id)
    assert (found.state, other.live()) == (UpdateState.PUBLISHED, ready.generation)
    assert (previous_name(site.folder), prepared_name(site.folder)) == (base, None)
    other.publishing.recover()
    assert noted(site, "publish_update") == 1
    assert site.index.refresh()
    assert site.serves() == ready.generation
    assert whole(site)
    site.updates.roll_back(PARK)
    assert site.serves() == base
    other.close()


@pytest.mark.slow
@pytest.mark.parametrize(("target", "begun"), PUBLISHING)
def test_killed_while_it_is_rolled_back(site: Site, doomed: Doomed, target: str, *, begun: bool) -> None:
    base, ready = site.live(), site.prepared()
    site.updates.publish(PARK, ready.id)
    doomed.kill_at(site, "back", 0, target)
    site.publishing.recover()
    assert site.live() == (base if begun else ready.generation)
    assert noted(site, "roll_back") == (1 if begun else 0)
    site.updates.roll_back(PARK)
    assert site.live() == (ready.generation if begun else base)
    assert all(update.state is UpdateState.PUBLISHED for update in site.updates.list(KIM))
    assert whole(site)


@pytest.mark.slow
def test_two_processes_prepare_one_update(site: Site, doomed: Doomed) -> None:
    pid = doomed.reach(site, "prepare", 0, "civicbot.review.update_claim:Claim.compare")
    with pytest.raises(UpdateRunningError):
        site.updates.prepare(PARK)
    # The other one is stopped from here.
    assert site.updates.discard(PARK, 1).state is UpdateState.DISCARDED
    ready = site.prepared()
    assert ready.state is UpdateState.READY
    doomed.kill(pid)
    assert site.updates.get(KIM, ready.id).state is UpdateState.READY
    assert site.updates.cases(KIM, ready.id).total == 2
