"""Writing an index generation: all files, then the manifest, then nothing more."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from civicbot import __version__
from civicbot.generation import (
    CHROMA,
    DOCUMENTS,
    FORMAT,
    GLOSSARY,
    LEXICAL,
    MANIFEST,
    PASSAGES,
    PIECES,
    SENTENCES,
    VECTORS,
    WORDING_VECTORS,
    WORDINGS,
    DocumentRecord,
    Manifest,
)
from civicbot.language.tokens import Terms, Tokenizer
from civicbot.library.progress import Progress
from civicbot.library.shelf import Shelf
from civicbot.library.vectors import Embedded, Known, Models, embed_passages
from civicbot.library.vectorstore import save_vectors
from civicbot.library.wordindex import WORDINGS_B, WORDINGS_K1, save_word_index
from civicbot.model import Noun


@dataclass(frozen=True)
class Inputs:
    """What a generation is made of.

    Attributes:
        shelf: documents, passages and problems.
        glossary: the bytes of the glossary, None when there is none.
        tokenizer: makes search tokens and pieces, with that glossary.
        known: vectors that can be taken over.
        embedder: the embedding model's name in the settings.
        models: where embedding models come from.
        languages: the languages that the embedding model knows.
        inputs_hash: names all of this; see :func:`civicbot.library.ingest.inputs_hash`.
        created: when it is made.
    """

    shelf: Shelf
    glossary: bytes | None
    tokenizer: Tokenizer
    known: Known
    embedder: str
    models: Models
    languages: frozenset[str]
    inputs_hash: str
    created: datetime


def write_generation(folder: Path, inputs: Inputs, progress: Progress) -> tuple[Manifest, int]:
    """Writes a generation into a new, empty folder; it is whole once its manifest is there.

    Args:
        folder: the generation's folder; its name is the generation's.
        inputs: what it is made of, at least one passage.
        progress: told of the stages ``tokens``, ``embed`` and ``store``.

    Returns:
        The manifest, and how many passages were embedded.
    """
    passages = inputs.shelf.passages
    _write_rows(folder / DOCUMENTS, (document for document, _ in inputs.shelf.documents))
    _write_rows(folder / PASSAGES, passages)
    if inputs.glossary is not None:
        (folder / GLOSSARY).write_bytes(inputs.glossary)
    wordings = [wording for passage in passages for wording in passage.wordings]
    progress.stage("tokens", len(passages) + len(wordings))
    terms = _terms([passage.search_text for passage in passages], inputs.tokenizer, progress)
    save_word_index([each.tokens for each in terms], folder / LEXICAL)
    save_word_index([each.pieces for each in terms], folder / PIECES)
    if wordings:
        terms = _terms(wordings, inputs.tokenizer, progress)
        save_word_index([each.tokens for each in terms], folder / WORDINGS, k1=WORDINGS_K1, b=WORDINGS_B)
    embedded = embed_passages(passages, inputs.known, inputs.embedder, inputs.models, inputs.languages, progress)
    np.save(folder / VECTORS, embedded.vectors)
    np.save(folder / SENTENCES, embedded.sentences)
    np.save(folder / WORDING_VECTORS, embedded.wordings)
    save_vectors(passages, embedded.vectors, folder / CHROMA, progress)
    manifest = _manifest(folder, inputs, embedded, len(wordings))
    _sync(folder)
    _write_durably(folder / MANIFEST, manifest.model_dump_json(indent=1))
    return manifest, embedded.computed


def file_hashes(folder: Path) -> dict[str, str]:
    """SHA-256 (hex) of a generation's files by POSIX path, but for the manifest.

    Chroma's files are among them: it rewrites them on every open, but nobody opens them in place once they are written.
    """
    hashes = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name != MANIFEST:
            with path.open("rb") as file:
                hashes[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return hashes


def _manifest(folder: Path, inputs: Inputs, embedded: Embedded, wordings: int) -> Manifest:
    records = [
        DocumentRecord(
            id=document.id,
            source_id=document.source_id,
            path=document.path,
            content_hash=document.content_hash,
            passage_ids=tuple(passage.id for passage in passages),
        )
        for document, passages in inputs.shelf.documents
    ]
    return Manifest(
        format=FORMAT,
        name=folder.name,
        created=inputs.created,
        app_version=__version__,
        inputs_hash=inputs.inputs_hash,
        embedder=embedded.record,
        documents=tuple(records),
        wordings=wordings,
        file_hashes=file_hashes(folder),
        problems=tuple(str(problem) for problem in inputs.shelf.problems),
    )


def _terms(texts: Sequence[str], tokenizer: Tokenizer, progress: Progress) -> list[Terms]:
    rows = []
    for text in texts:
        rows.append(tokenizer.terms(text))
        progress.advance(1)
    return rows


def _write_rows(path: Path, rows: Iterable[Noun]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(row.model_dump_json() + "\n" for row in rows)


def _write_durably(path: Path, text: str) -> None:
    """Writes a file that is either whole or absent, whatever happens meanwhile."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    _sync_one(path.parent)


def _sync(folder: Path) -> None:
    """Brings everything below a folder to the disk, so that a power cut cannot leave a manifest without its files."""
    for path in [folder, *folder.rglob("*")]:
        _sync_one(path)


def _sync_one(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
