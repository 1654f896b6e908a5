"""Which program makes a generation: another way to read, cut or tokenise makes another index of the same corpus."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path

# The rooms and modules whose code decides what a generation holds.
_PARTS = ("language", "library", "generation.py", "model.py")
# Packages that decide how text is cut into sentences and tokens.
_PACKAGES = ("kiwipiepy", "kiwipiepy_model", "PyStemmer", "markdown-it-py", "bm25s")


@cache
def program_hash() -> str:
    """SHA-256 (hex) of the code and the versions of packages that decide what a generation holds.

    An update, or a changed word list while developing, is followed by a new index without anybody thinking of it.
    """
    digest = hashlib.sha256()
    for path in _files(Path(__file__).resolve().parents[1]):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for package in _PACKAGES:
        digest.update(f"{package} {version(package)}\n".encode())
    return digest.hexdigest()


def _files(package: Path) -> list[Path]:
    parts = [package / part for part in _PARTS]
    found = [path for part in parts for path in ([part] if part.is_file() else part.rglob("*"))]
    return sorted(path for path in found if path.suffix in {".py", ".yaml"})
