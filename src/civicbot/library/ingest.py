"""`civicbot ingest`: brings the index up to the corpus, in one step that readers notice only when it is done."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

from civicbot.errors import IngestError
from civicbot.generation import FORMAT, DocumentRecord, Manifest, current_name, index_folder, publish
from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer
from civicbot.library.build import Inputs, write_generation
from civicbot.library.files import Corpus, read_corpus
from civicbot.library.housekeeping import new_folder, only_writer, remove_unneeded, whole_generation
from civicbot.library.problems import Problem
from civicbot.library.program import program_hash
from civicbot.library.progress import NoProgress, Progress
from civicbot.library.shelf import Shelf, fill_shelf
from civicbot.library.vectors import Known, Models, installed_models, known_vectors
from civicbot.model import Noun
from civicbot.settings import Settings


class Summary(Noun):
    """What an ingest did.

    Attributes:
        generation: the name of the live generation.
        new: whether it was made now; False when nothing had changed.
        added: ids of documents that the generation before did not have.
        changed: ids of documents whose file is another one than before.
        removed: ids of documents that are gone, or can no longer be read.
        unchanged: ids of documents whose file is the same.
        passages: how many passages the generation holds.
        embedded: how many of them were embedded now.
        skipped: paths of files whose format is not known.
        problems: what is wrong with files, found now or when the generation was made.
    """

    generation: str
    new: bool
    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    passages: int
    embedded: int = 0
    skipped: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def ingest(
    settings: Settings,
    *,
    path: Path | None = None,
    rebuild: bool = False,
    progress: Progress | None = None,
    models: Models | None = None,
) -> Summary:
    """Indexes the corpus as a new generation and makes it the live one; does nothing when nothing has changed.

    Args:
        settings: says where the corpus and the index are and which embedding model to use.
        path: the corpus folder, instead of the settings'.
        rebuild: make a new generation from scratch in any case.
        progress: told of the stages.
        models: where embedding models come from; the installed ones by default.

    Returns:
        What was done; files with problems are in it, too, and are no error here.

    Raises:
        IngestError: the library cannot be indexed at all, or another ingest is running. The live generation stays.
        EmbedderError: the embedding model cannot be loaded.
    """
    index = index_folder(settings.data)
    try:
        with only_writer(index):
            return _Ingest(settings, index, progress or NoProgress(), models or installed_models()).run(
                path or settings.corpus, rebuild=rebuild
            )
    except OSError as error:
        raise IngestError(
            f"The index in {str(index)!r} cannot be written: {error}.",
            hint="Check that the folder of CIVICBOT_DATA can be written and that the disk is not full.",
        ) from error


def inputs_hash(corpus: Corpus, embedder: str, fingerprint: str, languages: frozenset[str]) -> str:
    """SHA-256 (hex) of all that a generation depends on: files, glossary, model, program and format."""
    content = {
        "format": FORMAT,
        "program": program_hash(),
        "embedder": [embedder, fingerprint, *sorted(languages)],
        "glossary": None if corpus.glossary is None else hashlib.sha256(corpus.glossary).hexdigest(),
        "files": [[file.path, file.content_hash] for file in (*corpus.files, *corpus.questions)],
        "problems": [str(problem) for problem in corpus.problems],
    }
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


class _Ingest:
    """One run, as the only writer of the index folder."""

    def __init__(self, settings: Settings, index: Path, progress: Progress, models: Models) -> None:
        self._embedder = settings.embedder
        self._languages = settings.dense_languages
        self._index = index
        self._progress = progress
        self._models = models

    def run(self, folder: Path, *, rebuild: bool) -> Summary:
        remove_unneeded(self._index, current_name(self._index), None)
        corpus = read_corpus(folder)
        fingerprint = self._models.fingerprint(self._embedder)
        wanted = inputs_hash(corpus, self._embedder, fingerprint, self._languages)
        before = whole_generation(self._index)
        if before is not None and not rebuild and before[1].inputs_hash == wanted:
            return _nothing_new(before[1], corpus)
        known = Known() if before is None or rebuild else known_vectors(*before, fingerprint)
        glossary = _glossary(corpus)
        tokenizer = Tokenizer(glossary.user_words)
        shelf = fill_shelf(corpus, tokenizer.tokens, self._progress)
        shelf = Shelf(shelf.documents, (*corpus.problems, *shelf.problems))
        _check_not_empty(shelf, corpus, folder)
        target, created = new_folder(self._index, wanted, datetime.now(UTC))
        inputs = Inputs(
            shelf, corpus.glossary, tokenizer, known, self._embedder, self._models, self._languages, wanted, created
        )
        try:
            manifest, embedded = write_generation(target, inputs, self._progress)
        except BaseException:  # also for Ctrl-C: a half-written generation is of use to nobody
            shutil.rmtree(target, ignore_errors=True)
            raise
        replaced = current_name(self._index)
        publish(self._index, manifest.name)
        remove_unneeded(self._index, manifest.name, replaced)
        return _summary(manifest, before[1].documents if before else (), corpus, shelf, embedded)


def _glossary(corpus: Corpus) -> Glossary:
    if corpus.glossary is None:
        return Glossary({})
    try:
        return Glossary.parse(corpus.glossary.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise IngestError("glossary.yaml is not UTF-8 text.", hint="Save the file as UTF-8.") from error


def _check_not_empty(shelf: Shelf, corpus: Corpus, folder: Path) -> None:
    if shelf.documents:
        return
    if not shelf.problems:
        skipped = f" (only {len(corpus.skipped)} files of other formats)" if corpus.skipped else ""
        raise IngestError(
            f"The corpus folder {str(folder)!r} holds no document{skipped}.",
            hint="Put Markdown or text files into it, or set CIVICBOT_CORPUS to the folder that holds them.",
        )
    raise IngestError(
        f"No document in {str(folder)!r} can be indexed: {shelf.problems[0]}",
        hint=f"Correct the files ({len(shelf.problems)} problems).",
    )


def _nothing_new(manifest: Manifest, corpus: Corpus) -> Summary:
    return Summary(
        generation=manifest.name,
        new=False,
        unchanged=tuple(document.id for document in manifest.documents),
        passages=len(manifest.passage_ids),
        skipped=corpus.skipped,
        problems=tuple(Problem.parse(problem) for problem in manifest.problems),
    )


def _summary(
    manifest: Manifest, before: tuple[DocumentRecord, ...], corpus: Corpus, shelf: Shelf, embedded: int
) -> Summary:
    old = {document.id: document.content_hash for document in before}
    now = {document.id: document.content_hash for document in manifest.documents}
    return Summary(
        generation=manifest.name,
        new=True,
        added=tuple(name for name in now if name not in old),
        changed=tuple(name for name, content in now.items() if name in old and old[name] != content),
        removed=tuple(name for name in old if name not in now),
        unchanged=tuple(name for name, content in now.items() if old.get(name) == content),
        passages=len(manifest.passage_ids),
        embedded=embedded,
        skipped=corpus.skipped,
        problems=shelf.problems,
    )
