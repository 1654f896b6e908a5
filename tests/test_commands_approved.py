"""`civicbot approved list`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.review.approvals import PARK, open_approvals
from tests.review.desks import QUOTE, library
from typer.testing import CliRunner

from civicbot.cli import application
from civicbot.records.database import open_database
from civicbot.retrieval.live import LiveIndex
from civicbot.settings import Settings

__all__ = ["library"]


def told(*arguments: str) -> str:
    result = CliRunner().invoke(application, ["approved", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_approved_is_listed(library: LiveIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("DATA", str(tmp_path)), ("DATABASE_URL", "")):
        monkeypatch.setenv(f"CIVICBOT_{name}", value)
    monkeypatch.setenv("COLUMNS", "200")
    assert "There are no approved answers." in told("list")
    database = open_database(Settings(data=tmp_path))
    try:
        approvals = open_approvals(database, library)
        live = approvals.answers.publish(PARK, approvals.correct().id, 1)
        gone = approvals.answers.publish(PARK, approvals.correct("AI 모빌리티 총사업비는?").id, 1)
        approvals.answers.withdraw(PARK, gone.id)
    finally:
        database.close()
    output = told("list")
    assert "AI 시티 예산은?" in output
    assert "withdrawn" in output
    assert "No approved answer is like that." in told("list", "--state", "suspended")
    (one,) = json.loads(told("list", "--state", "live", "--json"))
    assert (one["id"], one["state"], one["sentences"][0]["text"]) == (live.id, "live", QUOTE)
    assert CliRunner().invoke(application, ["approved", "list", "--state", "odd"]).exit_code == 2
