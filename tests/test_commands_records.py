"""The commands of the records, as they are typed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.records.samples import exchange
from typer.testing import CliRunner, Result

from civicbot.cli import application, main
from civicbot.records.database import open_database
from civicbot.records.migrations import newest
from civicbot.records.store import Records
from civicbot.records.tables import Base
from civicbot.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("CIVICBOT_DATABASE_URL", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *arguments: CliRunner().invoke(application, ["records", *arguments])


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A data folder with two exchanges, one of which is too old."""
    records = Records(open_database(Settings(data=tmp_path / "var")), mask=lambda text, _: text)
    records.open()
    now = datetime.now(UTC)
    for days in (1, 400):
        records.remember(exchange(records.start(), f"{days}일 전", asked_at=now - timedelta(days=days)))
    records.close()
    return tmp_path / "var"


def test_before_the_first_start(run: Run, tmp_path: Path) -> None:
    result = run("status")
    assert result.exit_code == 0
    assert "There are no records yet" in result.stdout
    assert not (tmp_path / "var").exists()
    with pytest.raises(SystemExit):
        main(["records", "backup", str(tmp_path / "backup.zip")])
    assert newest() in run("migrate").stdout
    assert "nothing to do" in run("migrate").stdout
    assert "open tickets" in run("status").stdout


def test_status_counts(run: Run, filled: Path) -> None:
    del filled
    out = run("status").stdout
    assert "readable and writable" in out
    assert [line.split()[3] for line in out.splitlines() if "exchanges" in line] == ["2"]


def test_purging(run: Run, filled: Path) -> None:
    del filled
    assert "1 exchanges, 1 conversations" in run("purge").stdout
    assert "0 exchanges" in run("purge").stdout
    assert "1 exchanges" in run("purge", "--days", "0").stdout


def test_exporting(run: Run, filled: Path) -> None:
    rows = [json.loads(line) for line in run("export", "--format", "jsonl").stdout.splitlines()]
    assert [row["question"] for row in rows] == ["400일 전", "1일 전"]
    file = filled / "export.csv"
    assert "2 exchanges" in run("export", "--format", "csv", "--output", str(file)).stdout
    table = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))
    assert [row["question"] for row in table] == ["400일 전", "1일 전"]
    assert run("export", "--format", "xml").exit_code == 2


def test_backing_up_and_restoring(run: Run, filled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(tmp_path / "backup.zip")
    assert f"4 rows of {len(Base.metadata.tables)} tables" in run("backup", file).stdout
    run("purge", "--days", "0")
    assert "4 rows are restored" in run("restore", file).stdout
    with pytest.raises(SystemExit):
        main(["records", "restore", file])
    assert "--force" in capsys.readouterr().err
    assert "What was there is in" in run("restore", file, "--force").stdout
    assert len(list(filled.glob("records-before-restore-*.zip"))) == 1


def test_a_database_that_is_not_there(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del run
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", "postgresql://me:s3cret@127.0.0.1:1/x")
    for arguments in (["status"], ["purge"], ["export", "--format", "csv"], ["migrate"], ["backup", "x.zip"]):
        with pytest.raises(SystemExit) as left:
            main(["records", *arguments])
        assert left.value.code == 1
        told = " ".join(capsys.readouterr().err.split())
        assert "The records cannot be used (OperationalError" in told
        assert "s3cret" not in told
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", "mysql://me:s3cret@127.0.0.1/x")
    with pytest.raises(SystemExit):
        main(["records", "status"])
    told = capsys.readouterr().err
    assert "CIVICBOT_DATABASE_URL" in told
    assert "s3cret" not in told
