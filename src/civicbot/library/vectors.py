"""Vectors of passages: those of the generation before are taken over, only the rest is embedded."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from civicbot.errors import IngestError
from civicbot.generation import PASSAGES, VECTORS, EmbedderRecord, Manifest
from civicbot.library.progress import Progress
from civicbot.model import Passage

_BATCH = 32

Vectors = NDArray[np.float32]


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
        record: which model made them.
        computed: how many were not taken over.
    """

    vectors: Vectors
    record: EmbedderRecord
    computed: int


def known_vectors(folder: Path, manifest: Manifest, fingerprint: str) -> dict[str, Vectors]:
    """The vectors of a whole generation by passage content hash; empty when another model made them."""
    if manifest.embedder.fingerprint != fingerprint:
        return {}
    array: Vectors = np.load(folder / VECTORS)
    with (folder / PASSAGES).open(encoding="utf-8") as file:
        hashes = [Passage.model_validate_json(line).content_hash for line in file]
    return dict(zip(hashes, array, strict=True))


def embed_passages(
    passages: Sequence[Passage], known: Mapping[str, Vectors], name: str, models: Models, progress: Progress
) -> Embedded:
    """Gives every passage its vector; the model is loaded only when one is missing.

    Args:
        passages: in index order, at least one.
        known: vectors that can be taken over, by content hash.
        name: the model's name in the settings.
        models: where models come from.
        progress: told of every passage that is embedded.

    Raises:
        EmbedderError: the model cannot be loaded.
        IngestError: the model's vectors cannot be used.
    """
    unknown = {p.content_hash: p for p in passages if p.content_hash not in known}
    # Texts of like length share a batch, so that little of it is padding.
    missing = sorted(unknown.values(), key=lambda p: len(p.search_text))
    by_hash = dict(known)
    if missing:
        progress.stage("embed", len(missing))
        model = models.load(name)
        for start in range(0, len(missing), _BATCH):
            batch = missing[start : start + _BATCH]
            rows = _usable(model.embed_documents([p.search_text for p in batch]), len(batch), name)
            by_hash.update({p.content_hash: row for p, row in zip(batch, rows, strict=True)})
            progress.advance(len(batch))
    found = [by_hash[p.content_hash] for p in passages]
    widths = {len(vector) for vector in found}
    if len(widths) != 1:
        raise IngestError(
            f"The vectors of the embedding model {name!r} differ in length: {sorted(widths)}.",
            hint="Run `civicbot ingest --rebuild`.",
        )
    vectors: Vectors = np.stack(found)
    record = EmbedderRecord(name=name, fingerprint=models.fingerprint(name), dimensions=vectors.shape[1])
    return Embedded(vectors, record, len(missing))


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
