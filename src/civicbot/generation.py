"""The index generation on disk: the one thing that the write path and the read path share.

```
<data>/index/
  CURRENT                     name of the live generation, replaced atomically
  HISTORY                     which ones were live before it, for a roll-back
  PREPARED                    name of one that is whole and may be published
  generations/<name>/
    manifest.json             what is in it; written last, so a folder without one was never finished
    documents.jsonl           one Document a line
    passages.jsonl            one Passage a line, in index order
    glossary.yaml             the glossary it was made with (tokens depend on it)
    vectors.npy               float32 (passages, dimensions), L2-normalised, in index order
    sentences.npy             float16 (statements of all passages, dimensions), L2-normalised, in index order; zeros
                              for languages that the model does not know
    lexical/ pieces/          bm25s indexes over the search tokens and over the pieces of passages
    wordings/                 bm25s index over asked-as wordings: of each passage those of its section, then those of
                              its statements in order
    wordings.npy              float16 (wordings, dimensions), L2-normalised, in the same order; zeros as above
    chroma/                   Chroma collection `passages`
```

Chroma rewrites its own files on every open, and damage to some of them kills the process that opens it. So nobody opens
them in place: a reader first checks the hashes of all files against the manifest, then opens a copy of its own, where
Chroma must hold the manifest's passage ids with the vectors of ``vectors.npy``.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path

from pydantic import Field

from civicbot.errors import IndexDamagedError, IndexMissingError
from civicbot.model import Noun

FORMAT = 3
COLLECTION = "passages"
MANIFEST, DOCUMENTS, PASSAGES, GLOSSARY, VECTORS, SENTENCES, WORDING_VECTORS = (
    "manifest.json",
    "documents.jsonl",
    "passages.jsonl",
    "glossary.yaml",
    "vectors.npy",
    "sentences.npy",
    "wordings.npy",
)
CURRENT = "CURRENT"
LEXICAL, PIECES, WORDINGS, CHROMA = "lexical", "pieces", "wordings", "chroma"


class EmbedderRecord(Noun):
    """Which model made the vectors; vectors of another one are never reused or compared."""

    name: str
    fingerprint: str
    dimensions: int = Field(ge=1)


class DocumentRecord(Noun):
    """A document in the manifest."""

    id: str
    source_id: str | None
    path: str
    content_hash: str
    passage_ids: tuple[str, ...]


class Manifest(Noun):
    """What a generation holds and how it was made."""

    format: int
    name: str
    created: datetime
    app_version: str
    inputs_hash: str
    embedder: EmbedderRecord
    documents: tuple[DocumentRecord, ...]
    wordings: int = Field(ge=0)
    file_hashes: dict[str, str]
    problems: tuple[str, ...] = ()

    @property
    def passage_ids(self) -> tuple[str, ...]:
        """All passage ids in index order."""
        return tuple(passage for document in self.documents for passage in document.passage_ids)


def index_folder(data: Path) -> Path:
    """The folder of all generations below the data folder."""
    return data / "index"


def generation_folder(index: Path, name: str) -> Path:
    """The folder of the generation ``name``."""
    return index / "generations" / name


def current_name(index: Path) -> str | None:
    """The name of the live generation, or None when there is none yet or the pointer holds no name."""
    try:
        name = (index / CURRENT).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        # No text is no name: the next ingest writes a new pointer.
        return None
    return name or None


def publish(index: Path, name: str) -> None:
    """Makes ``name`` the live generation: the pointer file is replaced in one step and survives a power cut."""
    write_pointer(index, CURRENT, name)


def write_pointer(index: Path, pointer: str, text: str) -> None:
    """Replaces a file of the index folder in one step that survives a power cut."""
    temporary = index / f"{pointer}.{os.getpid()}.tmp"
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(index / pointer)
    descriptor = os.open(index, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_manifest(folder: Path) -> Manifest:
    """Reads the manifest of a generation folder.

    Raises:
        IndexMissingError: there is no such folder.
        IndexDamagedError: the manifest is absent, unreadable or of another format.
    """
    if not folder.is_dir():
        raise IndexMissingError(f"The index generation {folder.name!r} is not there.")
    path = folder / MANIFEST
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw.get("format") != FORMAT:
            raise IndexDamagedError(
                f"The index generation {folder.name!r} has format {raw.get('format')!r}, not {FORMAT}."
            )
        return Manifest.model_validate(raw)
    except FileNotFoundError as error:
        raise IndexDamagedError(f"The index generation {folder.name!r} was never finished (no manifest).") from error
    except (OSError, ValueError, AttributeError) as error:
        raise IndexDamagedError(f"The manifest of the index generation {folder.name!r} cannot be read.") from error


def live_generation(index: Path) -> tuple[Path, Manifest]:
    """The folder and manifest of the live generation.

    Raises:
        IndexMissingError: nothing has been indexed yet.
        IndexDamagedError: the live generation is not whole.
    """
    name = current_name(index)
    if name is None:
        raise IndexMissingError("The library has not been indexed yet.")
    folder = generation_folder(index, name)
    return folder, read_manifest(folder)
