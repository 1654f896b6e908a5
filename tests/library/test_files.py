import os
import unicodedata
from pathlib import Path

import pytest

from civicbot.errors import IngestError
from civicbot.library.files import read_corpus


def test_documents_by_path_and_nothing_else(tmp_path: Path) -> None:
    for name in (
        "b.md",
        "README.md",
        "sub/README.md",
        "a.TXT",
        "c.markdown",
        "d.pdf",
        ".hidden.md",
        ".git/x.md",
        "glossary.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    corpus = read_corpus(tmp_path)
    assert [file.path for file in corpus.files] == ["a.TXT", "b.md", "c.markdown", "sub/README.md"]
    assert corpus.skipped == ("d.pdf",)
    assert corpus.glossary == b"glossary.yaml"
    assert corpus.problems == ()


def test_paths_are_composed(tmp_path: Path) -> None:
    (tmp_path / (unicodedata.normalize("NFD", "안내") + ".md")).write_text("x", encoding="utf-8")
    assert [file.path for file in read_corpus(tmp_path).files] == ["안내.md"]


def test_unreadable_file_is_a_problem(tmp_path: Path) -> None:
    os.symlink(tmp_path / "nowhere", tmp_path / "x.md")  # noqa: PTH211 - a dangling link
    corpus = read_corpus(tmp_path)
    assert corpus.files == ()
    assert [(p.file, p.line, p.field) for p in corpus.problems] == [("x.md", 1, "file")]


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(IngestError, match="CIVICBOT_CORPUS"):
        read_corpus(tmp_path / "none")
