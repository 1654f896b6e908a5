"""A library of plain documents, indexed and opened in a temporary folder as the product does it."""

from __future__ import annotations

import math
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from civicbot.errors import IngestError
from civicbot.generation import index_folder, publish
from civicbot.language.detect import detect_language
from civicbot.language.embedding import load_embedder
from civicbot.language.tokens import Tokenizer
from civicbot.library.build import Inputs, write_generation
from civicbot.library.formats import Draft, Section
from civicbot.library.housekeeping import new_folder, only_writer
from civicbot.library.markdown import Paragraph, tidy
from civicbot.library.plaintext import read_text
from civicbot.library.progress import NoProgress, Progress
from civicbot.library.shelf import Shelf, shelved
from civicbot.library.vectors import Known, Models, installed_models
from civicbot.model import Document, DocumentKind, Language
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.opened import OpenGeneration
from civicbot.settings import Settings


@dataclass(frozen=True)
class PlainDocument:
    """A document of a benchmark: plain text, maybe with a title.

    Attributes:
        id: the benchmark's own id, unique.
        text: plain text.
        title: empty when there is none.
    """

    id: str
    text: str
    title: str = ""


@dataclass(frozen=True)
class PlainLibrary:
    """Plain documents, indexed and open.

    Attributes:
        generation: the index generation, open.
        language: the language of all documents.
        data: the temporary data folder (as CIVICBOT_DATA), where the generation is the live one.
        loader: where the embedder of the generation comes from; it waits for the model.
        own_ids: the benchmark's id of each document, by the library's document id.
    """

    generation: OpenGeneration
    language: Language
    data: Path
    loader: EmbedderLoader
    own_ids: Mapping[str, str]


@contextmanager
def plain_library(
    documents: Iterable[PlainDocument], settings: Settings, *, progress: Progress | None = None
) -> Iterator[PlainLibrary]:
    """Indexes documents into a temporary folder and opens them; everything is removed afterwards.

    They go through the product's own reading of plain text, sentences, passages, tokens and indexes, without a
    glossary and as if they lay in the folder of one language: the one that most of them are in.

    Args:
        documents: what to index; documents without any sentence are left out.
        settings: which embedding model to use, and for which languages.
        progress: told of the stages ``tokens``, ``embed`` and ``store``.

    Raises:
        IngestError: there is nothing to index.
        EmbedderError: the embedding model cannot be loaded.
    """
    documents = list(documents)
    language = main_language([document.text for document in documents])
    shelf, own_ids = _shelve(documents, language)
    if not shelf.documents:
        raise IngestError("There is no sentence in these documents to index.", hint="Check the file's text fields.")
    models = installed_models() if language in settings.dense_languages else _no_models()
    with tempfile.TemporaryDirectory(prefix="civicbot-bench-") as folder:
        data = Path(folder)
        name = _write(data, shelf, settings, models, progress or NoProgress())
        loader = EmbedderLoader(lambda: load_embedder(settings.embedder), patient=True)
        with OpenGeneration(index_folder(data), name, loader) as generation:
            generation.warm_up()
            yield PlainLibrary(generation, language, data, loader, own_ids)


def main_language(texts: Iterable[str]) -> Language:
    """The language that most of the texts are in; Korean when there is none."""
    counts = Counter(detect_language(text) for text in texts)
    return counts.most_common(1)[0][0] if counts else "ko"


def _shelve(documents: Sequence[PlainDocument], language: Language) -> tuple[Shelf, dict[str, str]]:
    own_ids: dict[str, str] = {}
    rows = []
    for number, plain in enumerate(documents, start=1):
        document = Document(
            id=f"d{number}",
            kind=DocumentKind.DOCUMENT,
            language=language,
            title=plain.title,
            text="",
            path=f"{language}/d{number}.txt",
            content_hash="",
        )
        paragraphs = tuple(block for block in read_text(tidy(plain.text)) if isinstance(block, Paragraph))
        row = shelved(Draft(document, (Section(paragraphs=paragraphs),)))
        if row[1]:
            rows.append(row)
            own_ids[document.id] = plain.id
    return Shelf(tuple(rows), ()), own_ids


def _write(data: Path, shelf: Shelf, settings: Settings, models: Models, progress: Progress) -> str:
    """Writes the generation below ``data``, makes it the live one and returns its name."""
    index = index_folder(data)
    with only_writer(index):
        folder, created = new_folder(index, "benchmark", datetime.now(UTC))
        languages = settings.dense_languages
        inputs = Inputs(shelf, None, Tokenizer(), Known(), settings.embedder, models, languages, "benchmark", created)
        manifest, _ = write_generation(folder, inputs, progress)
        publish(index, manifest.name)
    return manifest.name


@dataclass
class _NoModel:
    """Stands in where vectors are stored but never searched, so that nobody waits for a model to compute them."""

    dimensions: int = 2
    _count: int = field(default=0)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Points of a circle, all different: a graph over equal vectors would be slow to build."""
        angles = range(self._count, self._count + len(texts))
        self._count += len(texts)
        return [[math.cos(angle), math.sin(angle)] for angle in angles]


def _no_models() -> Models:
    return Models(lambda _name: "none", lambda _name: _NoModel())
