"""The commands of staff's accounts and of the audit log, as they are typed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text
from typer.testing import CliRunner, Result

from civicbot.cli import application, main
from civicbot.records.database import Database, open_database
from civicbot.records.guards import unguarded
from civicbot.review import passwords
from civicbot.settings import Settings

PASSWORD = "네 낱말로 된 비밀번호"
Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path))
    for name in ("DATABASE_URL", "SECRET"):
        monkeypatch.delenv(f"CIVICBOT_{name}", raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "PasswordHasher", lambda: quick)
    return lambda *arguments, given=None: CliRunner().invoke(application, list(arguments), input=given)


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return open_database(Settings(data=tmp_path))


def add(run: Run, name: str = "kim", role: str = "admin") -> Result:
    return run("users", "add", name, "--role", role, "--password-stdin", given=f"{PASSWORD}\n")


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 1
    return capsys.readouterr().err


def test_there_is_no_default_account(run: Run) -> None:
    assert "civicbot users add NAME --role admin" in run("users", "list").stdout


def test_the_password_is_asked_for_twice_and_not_shown(run: Run) -> None:
    result = run("users", "add", "kim", "--role", "reviewer", given=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert result.stdout.count("Password") == 1
    assert "The same again" in result.stdout
    assert PASSWORD not in result.output
    assert "kim may log in at /staff as reviewer" in result.stdout
    again = run("users", "add", "lee", "--role", "reviewer", given=f"{PASSWORD}\nanother\n{PASSWORD}\n{PASSWORD}\n")
    assert "do not match" in again.output
    assert again.exit_code == 0


def test_what_cannot_be_added(run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    add(run)
    assert run("users", "add", "lee", "--role", "boss", "--password-stdin", given=PASSWORD).exit_code == 2
    monkeypatch.setattr("civicbot.commands_users._password", lambda _: "short")
    assert "5 characters" in told(capsys, "users", "add", "lee", "--role", "admin")
    assert "cannot be used" in told(capsys, "users", "add", "a b", "--role", "admin")
    monkeypatch.setattr("civicbot.commands_users._password", lambda _: PASSWORD)
    assert "There is a user 'kim' already" in told(capsys, "users", "add", "KIM", "--role", "admin")


def test_the_life_of_a_user(run: Run) -> None:
    assert add(run).exit_code == 0
    assert "kim is publisher now" in run("users", "role", "kim", "publisher").stdout
    assert "open sessions have ended" in run("users", "password", "kim", "--password-stdin", given=PASSWORD).stdout
    assert run("users", "disable", "kim").exit_code == 0
    row = next(line for line in run("users", "list").stdout.splitlines() if "kim" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == ["kim", "publisher", "password", "disabled", "never"]
    for command in ("enable", "unlock", "logout", "remove"):
        assert run("users", command, "kim").exit_code == 0
    assert "no users yet" in run("users", "list").stdout
    changes = [json.loads(line)["details"].get("change") for line in run("audit", "list", "--json").stdout.splitlines()]
    assert changes == [
        "removed", "logged out everywhere", "unlocked", "enabled", "disabled", "password", "role", "added",
    ]  # fmt: skip


@pytest.mark.parametrize("command", ["role", "password", "disable", "enable", "unlock", "logout", "remove"])
def test_unknown_users(
    run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    del run
    monkeypatch.setattr("civicbot.commands_users._password", lambda _: PASSWORD)
    more = ["admin"] if command == "role" else []
    assert "There is no user 'lee'" in told(capsys, "users", command, "lee", *more)


def test_listing_the_log(run: Run) -> None:
    add(run)
    add(run, "lee", "reviewer")
    lines = run("audit", "list").stdout.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "1"]
    assert 'manage_users user:lee change="added" role="reviewer"' in lines[0]
    assert "cli:" in lines[0]
    assert len(run("audit", "list", "--subject", "user:kim").stdout.splitlines()) == 1
    assert len(run("audit", "list", "--limit", "1").stdout.splitlines()) == 1
    assert run("audit", "list", "--action", "log_in").stdout == ""
    assert run("audit", "list", "--user", "nobody").stdout == ""
    assert "none of" in run("audit", "list", "--action", "steal").output


def test_verifying_the_log(run: Run, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    assert "All 0 lines are right" in run("audit", "verify").stdout
    for name in ("kim", "lee", "park"):
        add(run, name)
    good = run("audit", "verify")
    assert "All 3 lines are right" in good.stdout
    head = good.stdout.split("Head ")[1].strip()
    assert head.startswith("3:")
    add(run, "choi")
    assert run("audit", "verify", "--noted", head).exit_code == 0
    other = run("audit", "verify", "--noted", f"3:{'0' * 64}")
    assert other.exit_code == 1
    assert "Line 3 is wrong: it is not the one that was noted" in other.stdout
    assert "no head of the audit log" in told(capsys, "audit", "verify", "--noted", "yesterday")
    with database.changing() as connection, unguarded(connection):
        connection.execute(text("UPDATE staff_audit SET subject = 'user:somebody' WHERE id = 2"))
    database.close()
    bad = run("audit", "verify")
    assert bad.exit_code == 1
    assert "Line 2 is wrong: it was changed." in bad.stdout
    assert "The 1 lines before it are right." in bad.stdout
