import shutil
import subprocess
import sys
from pathlib import Path

import civicbot
from civicbot.library.program import program_hash

PACKAGE = Path(civicbot.__file__).parent


def hash_of(source: Path) -> str:
    script = "from civicbot.library.program import program_hash; print(program_hash())"
    done = subprocess.run(
        [sys.executable, "-c", script], env={"PYTHONPATH": str(source)}, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def test_changes_with_the_code_that_makes_a_generation_and_with_no_other(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "civicbot", ignore=shutil.ignore_patterns("__pycache__"))
    assert hash_of(tmp_path) == program_hash()
    with (tmp_path / "civicbot" / "settings.py").open("a", encoding="utf-8") as file:
        file.write("# more\n")
    assert hash_of(tmp_path) == program_hash()
    with (tmp_path / "civicbot" / "language" / "tokens.py").open("a", encoding="utf-8") as file:
        file.write("# more\n")
    assert hash_of(tmp_path) != program_hash()
