"""The command `civicbot demo-site`, as it is typed."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from civicbot.cli import application, main
from civicbot.records.database import open_database
from civicbot.records.sites import SiteBook
from civicbot.settings import REPOSITORY, Settings
from civicbot.site import Site


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CIVICBOT_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY / "src"))
    monkeypatch.delenv("CIVICBOT_DATABASE_URL", raising=False)
    return tmp_path / "var"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def started(*arguments: str) -> Iterator[tuple[str, str]]:
    """The command as a process of its own: what it told and its address; ended by Ctrl+C."""
    command = [sys.executable, "-m", "civicbot", "demo-site", *arguments]
    with subprocess.Popen(command, cwd=REPOSITORY, env=os.environ, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            told = ""
            while "Ctrl+C" not in told:
                line = process.stdout.readline()
                assert line, f"it ended after telling {told!r}"
                told += line
            yield told, told.rpartition("is at ")[2].split()[0]
            process.send_signal(signal.SIGINT)
            assert process.wait(60) == 0
        finally:
            process.kill()


def registered(data: Path) -> tuple[Site, ...]:
    database = open_database(Settings(data=data))
    try:
        return SiteBook(database).list()
    finally:
        database.close()


def test_it_serves_and_says_how_to_register(data: Path) -> None:
    port = free_port()
    with started("--port", str(port), "--assistant", "http://127.0.0.1:1/", "--site", "try-out") as (told, address):
        assert address == f"http://127.0.0.1:{port}/"
        page = httpx.get(address + "plain/").text
        assert '<script src="http://127.0.0.1:1/widget.js" data-site="try-out" ' in page
    command = f"civicbot sites add try-out --origin http://127.0.0.1:{port} --origin http://localhost:{port}"
    assert command in told
    assert "http://127.0.0.1:1 cannot be reached" in told
    assert not data.exists(), "nothing was registered"


def test_it_registers_itself_once(data: Path) -> None:
    port = str(free_port())
    both = (f"http://127.0.0.1:{port}", f"http://localhost:{port}")
    with started("--port", port, "--register") as (told, _):
        assert "'demo' is registered now" in told
    (site,) = registered(data)
    assert (site.name, site.origins, site.enabled) == ("demo", both, True)
    with started("--port", port, "--register") as (told, _):
        assert "'demo' is registered already." in told
    assert registered(data) == (site,)


def test_registering_adds_the_address_and_switches_nothing_on(data: Path) -> None:
    database = open_database(Settings(data=data))
    database.upgrade()
    SiteBook(database).add("demo", origins=("https://www.city.example",), enabled=False)
    database.close()
    port = str(free_port())
    with started("--port", port, "--register") as (told, _):
        assert "with these addresses too now" in told
        assert "`civicbot sites enable demo`" in told
    (site,) = registered(data)
    assert site.origins == ("https://www.city.example", f"http://127.0.0.1:{port}", f"http://localhost:{port}")
    assert not site.enabled


def test_a_taken_port_is_said_before_anything_is_registered(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with pytest.raises(SystemExit) as left:
            main(["demo-site", "--port", port, "--register"])
    assert left.value.code == 1
    told = " ".join(capsys.readouterr().err.split())
    assert f"Port {port} on 127.0.0.1 cannot be used" in told
    assert "name another with --port" in told
    assert not data.exists()


@pytest.mark.parametrize("address", ["127.0.0.1:8000", "ftp://city.example", "https://city.example/bot", ""])
def test_an_assistant_that_is_no_server(data: Path, address: str) -> None:
    del data
    result = CliRunner().invoke(application, ["demo-site", "--assistant", address])
    assert result.exit_code == 2
    assert "no web origin" in " ".join(result.output.replace("│", " ").split())


def test_a_site_that_cannot_be_called_so(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    del data
    with pytest.raises(SystemExit):
        main(["demo-site", "--site", "Demo Site!", "--port", "8100"])
    assert "Demo Site!" in capsys.readouterr().err


def test_records_that_cannot_be_reached(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    del data
    monkeypatch.setenv("CIVICBOT_DATABASE_URL", "postgresql://me:s3cret@127.0.0.1:1/x")
    with pytest.raises(SystemExit) as left:
        main(["demo-site", "--port", str(free_port()), "--register"])
    assert left.value.code == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "The records cannot be used (OperationalError" in told
    assert "s3cret" not in told
