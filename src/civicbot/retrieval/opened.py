"""One index generation, opened for reading and checked against its manifest."""

from __future__ import annotations

import hashlib
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from civicbot.errors import IndexDamagedError, UnknownDocumentError
from civicbot.generation import (
    CHROMA,
    DOCUMENTS,
    GLOSSARY,
    LEXICAL,
    PASSAGES,
    VECTORS,
    WORDINGS,
    Manifest,
    generation_folder,
    read_manifest,
)
from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer
from civicbot.model import Document, Passage
from civicbot.retrieval.dense import DenseIndex, EmbedderLoader
from civicbot.retrieval.lexical import LexicalIndex
from civicbot.retrieval.vectors import PrivateCopy, open_chroma

_Row = TypeVar("_Row", bound=BaseModel)


class OpenGeneration:
    """A generation ready to be searched; close it after its last reader.

    Attributes:
        manifest: what it holds.
        glossary: the glossary it was made with.
        tokenizer: makes the tokens that its word indexes were made of.
        passages: all passages in index order.
        wording_owner: for each row of the wordings index, the position of its passage.
    """

    def __init__(self, index: Path, name: str, loader: EmbedderLoader) -> None:
        """Opens and checks a generation.

        Args:
            index: the folder of all generations.
            name: the generation's name.
            loader: where the embedder of the dense side comes from.

        Raises:
            IndexMissingError: it is not there.
            IndexDamagedError: it does not hold what its manifest says; the message says what is wrong.
        """
        folder = generation_folder(index, name)
        self.manifest: Manifest = read_manifest(folder)
        _check_hashes(folder, self.manifest)
        self.glossary = Glossary.load(folder / GLOSSARY)
        self.tokenizer = Tokenizer(self.glossary.user_words)
        self._documents = {document.id: document for document in _read_rows(folder / DOCUMENTS, Document)}
        self.passages = tuple(_read_rows(folder / PASSAGES, Passage))
        _check_contents(self.manifest, self._documents, self.passages)
        self._position = {passage.id: row for row, passage in enumerate(self.passages)}
        self.lexical = LexicalIndex(folder / LEXICAL, len(self.passages))
        self.wording_owner = tuple(row for row, passage in enumerate(self.passages) for _ in passage.asked_as)
        self.wordings = LexicalIndex(folder / WORDINGS, len(self.wording_owner)) if self.wording_owner else None
        self._copy = PrivateCopy(index.parent / "readers", folder / CHROMA)
        try:
            self._client = open_chroma(self._copy.folder, folder / VECTORS, self.manifest)
        except BaseException:
            self._copy.remove()
            raise
        self.dense = DenseIndex(self._client, loader, self.manifest.embedder.fingerprint)

    @property
    def name(self) -> str:
        """The generation's name, as told in ``versions.index``."""
        return self.manifest.name

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents."""
        return tuple(self._documents.values())

    def document(self, document_id: str) -> Document:
        """The document with this id.

        Raises:
            UnknownDocumentError: there is none.
        """
        try:
            return self._documents[document_id]
        except KeyError:
            raise UnknownDocumentError(f"The library has no document {document_id!r}.") from None

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id (KeyError when there is none)."""
        return self.passages[self._position[passage_id]]

    def position(self, passage_id: str) -> int:
        """The row of a passage in index order (KeyError when there is none)."""
        return self._position[passage_id]

    def close(self) -> None:
        """Closes Chroma and removes the private copy; no search may run any more."""
        self._client.close()
        self._copy.remove()

    def __enter__(self) -> OpenGeneration:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _check_hashes(folder: Path, manifest: Manifest) -> None:
    for name, expected in manifest.file_hashes.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise IndexDamagedError(f"The index generation {manifest.name!r} lacks its file {name!r}.") from error
        if found != expected:
            raise IndexDamagedError(f"In the index generation {manifest.name!r} the file {name!r} has been changed.")


def _read_rows(path: Path, kind: type[_Row]) -> list[_Row]:
    try:
        with path.open(encoding="utf-8") as file:
            return [kind.model_validate_json(line) for line in file]
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise IndexDamagedError(f"The index file {path.name!r} cannot be read.") from error


def _check_contents(manifest: Manifest, documents: dict[str, Document], passages: tuple[Passage, ...]) -> None:
    if tuple(documents) != tuple(record.id for record in manifest.documents):
        raise IndexDamagedError(f"The documents of the index generation {manifest.name!r} are not its manifest's.")
    if tuple(passage.id for passage in passages) != manifest.passage_ids:
        raise IndexDamagedError(f"The passages of the index generation {manifest.name!r} are not its manifest's.")
