"""Who is killed amid publishing has published nothing, and whoever tries again publishes once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select
from tests.review.approvals import PARK, Approvals, Shelf

from civicbot.records.tables import ApprovedEventRow, ApprovedRow, ApprovedWordingRow, AuditRow
from civicbot.review.access import Action

SCRIPT = Path(__file__).with_name("killed_publish.py")
ROOT = SCRIPT.parents[2]


def stored(approvals: Approvals) -> list[int]:
    with approvals.desk.store.reading() as session:
        lines = select(func.count()).select_from(AuditRow).where(AuditRow.action == Action.PUBLISH.value)
        counts = [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]
        return [*counts, session.scalar(lines) or 0]


TABLES = (ApprovedRow, ApprovedWordingRow, ApprovedEventRow)


@pytest.mark.parametrize("step", ["set_wordings", "note"])
def test_killed_amid_publishing(changing: Approvals, shelf: Shelf, address: str, step: str) -> None:
    correction = changing.correct()
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    killed = subprocess.run(
        [sys.executable, SCRIPT, address, str(shelf.settings.data), str(correction.id), step],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": path},
        cwd=ROOT,
        check=False,
    )
    assert (killed.returncode, killed.stdout) == (9, "amid\n"), killed.stderr
    assert stored(changing) == [0, 0, 0, 0]
    changing.rulings.refresh()
    assert changing.given() is None
    changing.answers.publish(PARK, correction.id, 1)
    assert stored(changing) == [1, 1, 1, 1]
    assert changing.given() is not None
