"""The files of a corpus folder that are documents."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from civicbot.errors import IngestError
from civicbot.library.problems import Problem
from civicbot.model import LANGUAGES

MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
TEXT_SUFFIXES = frozenset({".txt"})
GLOSSARY_FILE = "glossary.yaml"
QUESTIONS_FOLDER = "questions"
_GUIDE = "README.md"


@dataclass(frozen=True)
class CorpusFile:
    """A document file as it lies in the corpus.

    Attributes:
        path: POSIX path below the corpus folder, NFC.
        data: its bytes.
        content_hash: SHA-256 (hex) of them.
    """

    path: str
    data: bytes
    content_hash: str

    @property
    def pure(self) -> PurePosixPath:
        """The path, to be taken apart."""
        return PurePosixPath(self.path)


@dataclass(frozen=True)
class Corpus:
    """What was found in a corpus folder.

    Attributes:
        files: the documents' files, by path.
        glossary: the bytes of the glossary, None when there is none.
        skipped: paths of other files, whose format is not known.
        problems: files that cannot be read.
        questions: files of questions by sentence, by path; see :mod:`civicbot.library.questions`.
    """

    files: tuple[CorpusFile, ...]
    glossary: bytes | None
    skipped: tuple[str, ...]
    problems: tuple[Problem, ...]
    questions: tuple[CorpusFile, ...] = ()


def read_corpus(folder: Path) -> Corpus:
    """Reads all document files of a corpus folder.

    The guide (``README.md``) and the glossary at its top, and everything whose name starts with a dot, are no
    documents.

    Raises:
        IngestError: there is no such folder.
    """
    if not folder.is_dir():
        raise IngestError(
            f"The corpus folder {str(folder)!r} is not there.",
            hint="Set CIVICBOT_CORPUS, or name the folder: `civicbot ingest PATH`.",
        )
    files: list[CorpusFile] = []
    questions: list[CorpusFile] = []
    skipped: list[str] = []
    problems: list[Problem] = []
    glossary: bytes | None = None
    for location, path in _walk(folder):
        known = location.suffix.lower() in MARKDOWN_SUFFIXES | TEXT_SUFFIXES
        if path == _GUIDE:
            continue
        if not known and path != GLOSSARY_FILE:
            skipped.append(path)
            continue
        try:
            data = location.read_bytes()
        except OSError as error:
            message = f"The file cannot be read: {error.strerror}."
            problems.append(Problem(file=path, line=1, field="file", message=message))
            continue
        if known:
            file = CorpusFile(path, data, hashlib.sha256(data).hexdigest())
            (questions if _holds_questions(file) else files).append(file)
        else:
            glossary = data
    return Corpus(tuple(files), glossary, tuple(skipped), tuple(problems), tuple(questions))


def _holds_questions(file: CorpusFile) -> bool:
    parts = file.pure.parts
    return len(parts) > 2 and parts[0] in LANGUAGES and parts[1] == QUESTIONS_FOLDER


def _walk(folder: Path) -> list[tuple[Path, str]]:
    found: list[tuple[Path, str]] = []
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith("."):
                location = Path(root) / name
                found.append((location, unicodedata.normalize("NFC", location.relative_to(folder).as_posix())))
    return sorted(found, key=lambda item: item[1])
