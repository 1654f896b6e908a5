"""One index generation, opened for reading and checked against its manifest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ValidationError

from civicbot.errors import IndexDamagedError, IngestError, UnknownDocumentError
from civicbot.generation import (
    CHROMA,
    DOCUMENTS,
    GLOSSARY,
    LEXICAL,
    PASSAGES,
    PIECES,
    SENTENCES,
    VECTORS,
    WORDING_VECTORS,
    WORDINGS,
    Manifest,
    generation_folder,
    read_manifest,
)
from civicbot.language.glossary import Glossary
from civicbot.language.thesaurus import Thesaurus
from civicbot.language.tokens import Tokenizer
from civicbot.model import LANGUAGES, Document, Language, Passage
from civicbot.retrieval.dense import DenseIndex, EmbedderLoader
from civicbot.retrieval.lexical import LexicalIndex
from civicbot.retrieval.vectors import PrivateCopy, open_chroma

_Row = TypeVar("_Row", bound=BaseModel)


class OpenGeneration:
    """A generation ready to be searched; close it after its last reader.

    Attributes:
        manifest: what it holds.
        glossary: the glossary it was made with.
        tokenizer: makes the tokens and pieces that its word indexes were made of.
        passages: all passages in index order.
        wording_owner: for each row of the wordings index, the position of its passage.
        worked_out: what its readers have worked out about it and keep with it, as long as it is open; by reader.
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
        self.worked_out: dict[object, object] = {}
        try:
            self._read(folder)
        except OSError as error:
            raise IndexDamagedError(
                f"The index generation {name!r} cannot be read: {error}.",
                hint="Check that the folder of CIVICBOT_DATA can be read, or run `civicbot ingest --rebuild`.",
            ) from error
        self._copy = PrivateCopy(index.parent / "readers", folder / CHROMA)
        try:
            self._client = open_chroma(self._copy.folder, folder / VECTORS, self.manifest)
        except BaseException:
            self._copy.remove()
            raise
        self.dense = DenseIndex(self._client, loader, self.manifest.embedder.fingerprint, self._position)

    def _read(self, folder: Path) -> None:
        self.manifest: Manifest = read_manifest(folder)
        _check_files(folder, self.manifest)
        self.glossary = _read_glossary(folder / GLOSSARY)
        self.tokenizer = Tokenizer(self.glossary.user_words)
        self._thesauri: dict[Language, Thesaurus] = {}
        documents = _read_rows(folder / DOCUMENTS, Document)
        self._documents = {document.id: document for document in documents}
        self.passages = tuple(_read_rows(folder / PASSAGES, Passage))
        self.wording_owner = tuple(row for row, passage in enumerate(self.passages) for _ in passage.wordings)
        _check_contents(self.manifest, documents, self.passages)
        statements = [len(passage.statements) for passage in self.passages]
        self._sentences = _read_vectors(folder / SENTENCES, self.manifest, sum(statements))
        self._sentence_rows = _slices(statements)
        wordings = [len(passage.wordings) for passage in self.passages]
        self._wordings = _read_vectors(folder / WORDING_VECTORS, self.manifest, sum(wordings))
        self._wording_rows = _slices(wordings)
        self._position = {passage.id: row for row, passage in enumerate(self.passages)}
        self._in_language = {
            language: np.array([passage.language == language for passage in self.passages], dtype=bool)
            for language in LANGUAGES
        }
        self.lexical = LexicalIndex(folder / LEXICAL, len(self.passages))
        self.pieces = LexicalIndex(folder / PIECES, len(self.passages))
        self.wordings = LexicalIndex(folder / WORDINGS, len(self.wording_owner)) if self.wording_owner else None

    def warm_up(self) -> None:
        """Loads the Korean analyser with this generation's names, which else the first question would wait for."""
        self.tokenizer.tokens("준비")
        for language in LANGUAGES:
            self.thesaurus(language)

    def thesaurus(self, language: Language) -> Thesaurus:
        """Other words for those of a question in this language; made when it is first wanted."""
        # Two threads may both make it; the second one only does it in vain.
        if language not in self._thesauri:
            self._thesauri[language] = Thesaurus(self.glossary.synonyms.get(language, ()), self.tokenizer.tokens)
        return self._thesauri[language]

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

    def sentence_vectors(self, row: int) -> NDArray[np.float16]:
        """Vectors of the sentences of the passage at ``row``: float16 (statements, dimensions), zeros for none."""
        return self._sentences[self._sentence_rows[row]]

    def wording_vectors(self, row: int) -> NDArray[np.float16]:
        """Vectors of :attr:`Passage.wordings` at ``row``: float16 (wordings, dimensions), zeros for none."""
        return self._wordings[self._wording_rows[row]]

    def in_language(self, language: Language) -> NDArray[np.bool_]:
        """Which passages are in a language: bool (passages,), in index order; not to be changed."""
        return self._in_language[language]

    def close(self) -> None:
        """Closes Chroma and removes the private copy; no search may run any more. May be called again."""
        self._client.close()
        self._copy.remove()
        self.worked_out.clear()

    def __enter__(self) -> OpenGeneration:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _check_files(folder: Path, manifest: Manifest) -> None:
    where = f"the index generation {manifest.name!r}"
    if manifest.name != folder.name:
        raise IndexDamagedError(f"The folder {folder.name!r} holds {where} instead of its own.")
    # What is not in the manifest was not there when the generation was made, and nothing vouches for it.
    needed = {DOCUMENTS, PASSAGES, VECTORS, SENTENCES, WORDING_VECTORS} | (
        {GLOSSARY} if (folder / GLOSSARY).exists() else set()
    )
    for name in sorted(needed - manifest.file_hashes.keys()):
        raise IndexDamagedError(f"The manifest of {where} does not know the file {name!r}.")
    for name, expected in manifest.file_hashes.items():
        try:
            with (folder / name).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as error:
            raise IndexDamagedError(f"In {where} the file {name!r} is missing.") from error
        if found != expected:
            raise IndexDamagedError(f"In {where} the file {name!r} has been changed.")


def _read_glossary(path: Path) -> Glossary:
    try:
        return Glossary.load(path)
    except (IngestError, UnicodeDecodeError) as error:
        raise IndexDamagedError(f"The index file {path.name!r} cannot be read: {error}") from error


def _read_rows(path: Path, kind: type[_Row]) -> list[_Row]:
    try:
        with path.open(encoding="utf-8") as file:
            return [kind.model_validate_json(line) for line in file]
    except (UnicodeDecodeError, ValidationError) as error:
        raise IndexDamagedError(f"The index file {path.name!r} holds lines that cannot be read.") from error


def _slices(lengths: Sequence[int]) -> list[slice]:
    """The rows of each of several runs that lie one behind the other."""
    ends = np.cumsum(lengths, dtype=np.int64)
    return [slice(int(end) - length, int(end)) for end, length in zip(ends, lengths, strict=True)]


def _read_vectors(path: Path, manifest: Manifest, rows: int) -> NDArray[np.float16]:
    shape = (rows, manifest.embedder.dimensions)
    try:
        found: NDArray[np.float16] = np.load(path)
    except (ValueError, EOFError) as error:
        raise IndexDamagedError(f"The index file {path.name!r} cannot be read: {error}.") from error
    if found.shape != shape:
        raise IndexDamagedError(f"The index file {path.name!r} has the shape {found.shape}, not {shape}.")
    return found


def _check_contents(manifest: Manifest, documents: Sequence[Document], passages: Sequence[Passage]) -> None:
    where = f"the index generation {manifest.name!r}"
    if [document.id for document in documents] != [record.id for record in manifest.documents]:
        raise IndexDamagedError(f"The documents of {where} are not its manifest's.")
    if tuple(passage.id for passage in passages) != manifest.passage_ids:
        raise IndexDamagedError(f"The passages of {where} are not its manifest's.")
    wordings = sum(len(passage.wordings) for passage in passages)
    if wordings != manifest.wordings:
        raise IndexDamagedError(f"The passages of {where} have {wordings} wordings, not {manifest.wordings}.")
