"""The server's secret: one for all processes, for nobody else to read."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from civicbot.errors import SettingsError
from civicbot.review.secret import FILE, server_secret
from civicbot.settings import Settings, load_settings


def test_the_setting_wins(tmp_path: Path) -> None:
    given = "a secret of more than 32 characters"
    assert server_secret(Settings(data=tmp_path, secret=SecretStr(given))) == given.encode()
    assert not (tmp_path / FILE).exists()


def test_a_file_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "var")
    first = server_secret(settings)
    assert len(first) == 43
    assert server_secret(settings) == first
    assert stat.S_IMODE((tmp_path / "var" / FILE).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == [FILE]


_MAKER = """
import sys
from pathlib import Path
from civicbot.review.secret import server_secret
from civicbot.settings import Settings
sys.stdin.readline()
print(server_secret(Settings(data=Path(sys.argv[1]))).decode())
"""


def test_processes_that_begin_at_once_get_the_same(tmp_path: Path) -> None:
    command = [sys.executable, "-c", _MAKER, str(tmp_path / "var")]
    makers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    for maker in makers:
        assert maker.stdin is not None
        maker.stdin.write("\n")
        maker.stdin.flush()
    found = {maker.communicate(timeout=60)[0].strip() for maker in makers}
    assert len(found) == 1
    assert len(found.pop()) == 43


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("x" * 43, encoding="utf-8")
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(SettingsError, match="can be read by others"):
        server_secret(Settings(data=tmp_path))


def test_a_file_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("short\n", encoding="utf-8")
    (tmp_path / FILE).chmod(0o600)
    with pytest.raises(SettingsError, match="too short"):
        server_secret(Settings(data=tmp_path))


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(SettingsError, match="cannot be used"):
        server_secret(Settings(data=tmp_path / "file"))


def test_a_short_setting_is_refused_and_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CIVICBOT_SECRET", "hunter2hunter2")
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert "CIVICBOT_SECRET" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
