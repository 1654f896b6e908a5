"""`civicbot ingest`: brings the index up to the corpus, in one step that readers notice only when it is done.

An update can also be prepared: the new generation is made, and stays beside the live one until somebody publishes it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from civicbot.errors import IngestError
from civicbot.generation import FORMAT, Manifest, current_name, generation_folder, index_folder
from civicbot.language.glossary import Glossary
from civicbot.language.tokens import Tokenizer
from civicbot.library.build import Inputs, file_hashes, write_generation
from civicbot.library.files import Corpus, read_corpus
from civicbot.library.housekeeping import new_folder, only_writer, whole_generation
from civicbot.library.problems import Problem
from civicbot.library.program import program_hash
from civicbot.library.progress import NoProgress, Progress
from civicbot.library.publishing import (
    clear_up,
    held,
    only_publisher,
    prepared_name,
    previous_name,
    put_in_place,
    rolled_back,
    set_prepared,
)
from civicbot.library.shelf import Shelf, fill_shelf
from civicbot.library.vectors import Known, Models, installed_models, known_vectors
from civicbot.model import Noun
from civicbot.settings import Settings


class Summary(Noun):
    """What an ingest did.

    Attributes:
        generation: the name of the live generation, or of the prepared one.
        new: whether it is another one than was live; False when nothing had changed.
        live: False for one that is only prepared.
        rolled_back: whether it was left alone because somebody has rolled back what the corpus makes.
        added: ids of documents that the live generation did not have before.
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
    live: bool = True
    rolled_back: bool = False
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
    run = _Ingest(settings, progress or NoProgress(), models or installed_models())
    with _writing(run.index):
        return run.publish(path or settings.corpus, rebuild=rebuild)


def prepare(settings: Settings, *, progress: Progress | None = None, models: Models | None = None) -> Summary:
    """Indexes the corpus as a new generation that is not live yet; does nothing when nothing has changed.

    The next :func:`ingest` of the same corpus makes it live; so does :func:`civicbot.library.publishing.put_in_place`.

    Args:
        settings: as for :func:`ingest`.
        progress: as for :func:`ingest`.
        models: as for :func:`ingest`.

    Returns:
        What is prepared, compared with what is live; not ``new`` when the corpus is what the live generation is of.

    Raises:
        IngestError: as for :func:`ingest`.
        EmbedderError: as for :func:`ingest`.
    """
    run = _Ingest(settings, progress or NoProgress(), models or installed_models())
    with _writing(run.index):
        return run.prepare(settings.corpus)


def made_of(settings: Settings, manifest: Manifest) -> bool:
    """Whether a generation is what the corpus would make now, with the model that it was made with."""
    corpus = read_corpus(settings.corpus)
    wanted = inputs_hash(corpus, settings.embedder, manifest.embedder.fingerprint, settings.dense_languages)
    return wanted == manifest.inputs_hash


@contextlib.contextmanager
def _writing(index: Path) -> Iterator[None]:
    try:
        with only_writer(index):
            yield
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


@dataclass(frozen=True)
class _Wanted:
    """What the index should be made of."""

    corpus: Corpus
    fingerprint: str
    inputs_hash: str


class _Ingest:
    """One run, as the only writer of the index folder."""

    def __init__(self, settings: Settings, progress: Progress, models: Models) -> None:
        self.index = index_folder(settings.data)
        self._embedder = settings.embedder
        self._languages = settings.dense_languages
        self._progress = progress
        self._models = models

    def publish(self, folder: Path, *, rebuild: bool) -> Summary:
        wanted, live = self._begin(folder)
        if live is not None and not rebuild:
            if live[1].inputs_hash == wanted.inputs_hash:
                return _nothing_new(live[1], wanted.corpus)
            if rolled_back(self.index) and self._held(previous_name(self.index), wanted) is not None:
                return _nothing_new(live[1], wanted.corpus, rolled_back=True)
        ready = None if rebuild else self._held(prepared_name(self.index), wanted)
        manifest, embedded = (ready, 0) if ready is not None else self._make(folder, wanted, None if rebuild else live)
        with only_publisher(self.index):
            put_in_place(self.index, manifest.name, instead_of=current_name(self.index))
        clear_up(self.index)
        return _summary(manifest, live, wanted.corpus, embedded)

    def prepare(self, folder: Path) -> Summary:
        wanted, live = self._begin(folder)
        if live is not None and live[1].inputs_hash == wanted.inputs_hash:
            return _nothing_new(live[1], wanted.corpus)
        names = (prepared_name(self.index), previous_name(self.index))
        ready = next((one for name in names if (one := self._held(name, wanted)) is not None), None)
        manifest, embedded = (ready, 0) if ready is not None else self._make(folder, wanted, live)
        set_prepared(self.index, manifest.name)
        clear_up(self.index)
        return _summary(manifest, live, wanted.corpus, embedded).model_copy(update={"live": False})

    def _begin(self, folder: Path) -> tuple[_Wanted, tuple[Path, Manifest] | None]:
        """What the index should be made of, and what is live and whole."""
        clear_up(self.index)
        corpus = read_corpus(folder)
        fingerprint = self._models.fingerprint(self._embedder)
        wanted = _Wanted(corpus, fingerprint, inputs_hash(corpus, self._embedder, fingerprint, self._languages))
        return wanted, whole_generation(self.index)

    def _held(self, name: str | None, wanted: _Wanted) -> Manifest | None:
        """A generation that is there already, if it is whole and made of what is wanted."""
        manifest = held(self.index, name)
        if manifest is None or manifest.inputs_hash != wanted.inputs_hash:
            return None
        return manifest if file_hashes(generation_folder(self.index, manifest.name)) == manifest.file_hashes else None

    def _make(self, folder: Path, wanted: _Wanted, live: tuple[Path, Manifest] | None) -> tuple[Manifest, int]:
        """Writes a new generation, with the vectors that the live one has already."""
        known = Known() if live is None else known_vectors(*live, wanted.fingerprint)
        tokenizer = Tokenizer(_glossary(wanted.corpus).user_words)
        shelf = fill_shelf(wanted.corpus, tokenizer.tokens, self._progress)
        shelf = Shelf(shelf.documents, (*wanted.corpus.problems, *shelf.problems))
        _check_not_empty(shelf, wanted.corpus, folder)
        target, created = new_folder(self.index, wanted.inputs_hash, datetime.now(UTC))
        inputs = Inputs(
            shelf,
            wanted.corpus.glossary,
            tokenizer,
            known,
            self._embedder,
            self._models,
            self._languages,
            wanted.inputs_hash,
            created,
        )
        try:
            return write_generation(target, inputs, self._progress)
        except BaseException:  # also for Ctrl-C: a half-written generation is of use to nobody
            shutil.rmtree(target, ignore_errors=True)
            raise


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


def _nothing_new(manifest: Manifest, corpus: Corpus, *, rolled_back: bool = False) -> Summary:
    return Summary(
        generation=manifest.name,
        new=False,
        rolled_back=rolled_back,
        unchanged=tuple(document.id for document in manifest.documents),
        passages=len(manifest.passage_ids),
        skipped=corpus.skipped,
        problems=_problems(manifest),
    )


def _summary(manifest: Manifest, live: tuple[Path, Manifest] | None, corpus: Corpus, embedded: int) -> Summary:
    old = {document.id: document.content_hash for document in live[1].documents} if live is not None else {}
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
        problems=_problems(manifest),
    )


def _problems(manifest: Manifest) -> tuple[Problem, ...]:
    return tuple(Problem.parse(problem) for problem in manifest.problems)
