"""Vectors of passages and sentences: those of the generation before are taken over, only the rest is embedded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from civicbot.errors import IngestError
from civicbot.generation import PASSAGES, SENTENCES, VECTORS, WORDING_VECTORS, EmbedderRecord, Manifest
from civicbot.library.progress import Progress
from civicbot.model import Passage

_BATCH = 32

Vectors = NDArray[np.float32]
SentenceVectors = NDArray[np.float16]


class Model(Protocol):
    """A loaded embedding model, as :class:`civicbot.language.embedding.Embedder` is one."""

    @property
    def dimensions(self) -> int:
        """Length of a vector."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """L2-normalised vectors of texts, one each, in order."""


@dataclass(frozen=True)
class Models:
    """Where embedding models come from.

    Attributes:
        fingerprint: what identifies the weights of a named model; cheap.
        load: loads a named model; slow.
    """

    fingerprint: Callable[[str], str]
    load: Callable[[str], Model]


def installed_models() -> Models:
    """The models of :mod:`civicbot.language.embedding`."""
    from civicbot.language.embedding import fingerprint, load_embedder

    return Models(fingerprint, load_embedder)


@dataclass(frozen=True)
class Embedded:
    """The vectors of all passages.

    Attributes:
        vectors: float32 (passages, dimensions), L2-normalised, in index order.
        sentences: float16 (statements of all passages, dimensions), L2-normalised, in index order; zeros for
            languages that the model does not know.
        wordings: the same of all wordings.
        record: which model made them.
        computed: how many of the passages' vectors were not taken over.
    """

    vectors: Vectors
    sentences: SentenceVectors
    wordings: SentenceVectors
    record: EmbedderRecord
    computed: int


@dataclass(frozen=True)
class Known:
    """Vectors of a generation that need not be computed again.

    Attributes:
        passages: by content hash.
        sentences: those of sentences and wordings, by text.
    """

    passages: Mapping[str, Vectors] = field(default_factory=dict)
    sentences: Mapping[str, SentenceVectors] = field(default_factory=dict)


def known_vectors(folder: Path, manifest: Manifest, fingerprint: str) -> Known:
    """The vectors of a whole generation; none when another model made them."""
    if manifest.embedder.fingerprint != fingerprint:
        return Known()
    with (folder / PASSAGES).open(encoding="utf-8") as file:
        passages = [Passage.model_validate_json(line) for line in file]
    texts = [statement.text for passage in passages for statement in passage.statements]
    texts += [wording for passage in passages for wording in passage.wordings]
    rows = zip(texts, np.concatenate([np.load(folder / SENTENCES), np.load(folder / WORDING_VECTORS)]), strict=True)
    return Known(
        dict(zip((passage.content_hash for passage in passages), np.load(folder / VECTORS), strict=True)),
        {text: row for text, row in rows if row.any()},
    )


def embed_passages(
    passages: Sequence[Passage], known: Known, name: str, models: Models, languages: frozenset[str], progress: Progress
) -> Embedded:
    """Gives every passage and sentence its vector; the model is loaded only when one is missing.

    Args:
        passages: in index order, at least one.
        known: vectors that can be taken over.
        name: the model's name in the settings.
        models: where models come from.
        languages: the languages that the model knows: only their sentences are embedded.
        progress: told of every passage and sentence that is embedded.

    Raises:
        EmbedderError: the model cannot be loaded.
        IngestError: the model's vectors cannot be used.
    """
    wanted = {passage.content_hash: passage.search_text for passage in passages}
    said = {text: text for p in passages if p.language in languages for text in (*_statements(p), *p.wordings)}
    by_hash, by_text = dict(known.passages), dict(known.sentences)
    missing = len(wanted.keys() - by_hash.keys()) + len(said.keys() - by_text.keys())
    if missing:
        progress.stage("embed", missing)
        model = models.load(name)
        for held, texts in ((by_hash, wanted), (by_text, said)):
            _embed(model, name, {key: text for key, text in texts.items() if key not in held}, held, progress)
    found = [by_hash[p.content_hash] for p in passages]
    widths = {len(vector) for vector in found}
    if len(widths) != 1:
        raise IngestError(
            f"The vectors of the embedding model {name!r} differ in length: {sorted(widths)}.",
            hint="Run `civicbot ingest --rebuild`.",
        )
    vectors: Vectors = np.stack(found)
    none = np.zeros(vectors.shape[1], dtype=np.float16)

    def stacked(texts: Callable[[Passage], Sequence[str]]) -> SentenceVectors:
        rows = [by_text[text] if p.language in languages else none for p in passages for text in texts(p)]
        return np.array(rows, dtype=np.float16).reshape(len(rows), vectors.shape[1])

    sentences, wordings = stacked(_statements), stacked(lambda passage: passage.wordings)
    record = EmbedderRecord(name=name, fingerprint=models.fingerprint(name), dimensions=vectors.shape[1])
    return Embedded(vectors, sentences, wordings, record, sum(p.content_hash not in known.passages for p in passages))


def _statements(passage: Passage) -> tuple[str, ...]:
    return tuple(statement.text for statement in passage.statements)


def _embed(
    model: Model, name: str, missing: Mapping[str, str], held: dict[str, NDArray[Any]], progress: Progress
) -> None:
    """Adds the vectors of missing texts to those held; texts of like length share a batch, so little is padding."""
    keys = sorted(missing, key=lambda key: len(missing[key]))
    for start in range(0, len(keys), _BATCH):
        batch = keys[start : start + _BATCH]
        rows = _usable(model.embed_documents([missing[key] for key in batch]), len(batch), name)
        held.update(zip(batch, rows, strict=True))
        progress.advance(len(batch))


def _usable(rows: list[list[float]], expected: int, name: str) -> Vectors:
    vectors: Vectors = np.asarray(rows, dtype=np.float32)
    if vectors.ndim != 2 or len(vectors) != expected or not np.isfinite(vectors).all():
        raise IngestError(
            f"The embedding model {name!r} gave {vectors.shape} values that are not {expected} finite vectors.",
            hint="Choose another model with CIVICBOT_EMBEDDER.",
        )
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # Cosine distance to a zero vector means nothing; a model gives one only for text that it cannot read at all.
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
