"""A switch set in one process is effective in another one within a second."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.review.staff import ADMIN, glossary

from civicbot.records.database import Database
from civicbot.review.live_rulings import LiveRulings
from civicbot.review.switches import Switches
from civicbot.review.view_nouns import NewSwitch, SwitchScope
from civicbot.settings import REPOSITORY


def test_a_switch_is_effective_in_another_process_within_a_second(database: Database, address: str) -> None:
    database.upgrade()
    switches = Switches(database, LiveRulings(database), glossary)
    new = NewSwitch(scope=SwitchScope.EVERYTHING, reason="왜", text_ko="멈춤", text_en="Paused")
    program = str(Path(__file__).with_name("rulings_process.py"))
    other = subprocess.Popen(
        [sys.executable, program, address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(REPOSITORY / "src"), "PATH": "/usr/bin:/bin"},
    )
    try:
        ask = _asking(other)
        assert ask() == "-"
        switch = switches.set(ADMIN, new)
        time.sleep(1)
        assert ask() == "Paused"
        switches.lift(ADMIN, switch.id)
        time.sleep(1)
        assert ask() == "-"
    finally:
        other.communicate(timeout=60)
    assert other.returncode == 0


def _asking(other: subprocess.Popen[str]) -> Callable[[], str]:
    def ask() -> str:
        assert other.stdin is not None
        assert other.stdout is not None
        other.stdin.write("?\n")
        other.stdin.flush()
        return other.stdout.readline().strip()

    return ask
