"""Search by meaning: sentence-transformers vectors in Chroma, through LangChain's vector store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Literal

from chromadb.api import ClientAPI
from chromadb.errors import ChromaError
from langchain_chroma import Chroma

from civicbot.errors import EmbedderError
from civicbot.generation import COLLECTION
from civicbot.language.embedding import Embedder
from civicbot.model import Language

logger = logging.getLogger(__name__)


class EmbedderLoader:
    """Loads the embedding model once, in the background or on first use.

    Args:
        load: makes the embedder; may take seconds.
        patient: whether a search waits for the model (command line), or does without it until it is there (server).
    """

    def __init__(self, load: Callable[[], Embedder], *, patient: bool) -> None:
        self._load = load
        self._patient = patient
        self._future: Future[Embedder] | None = None
        self._lock = threading.Lock()

    def start(self) -> Future[Embedder]:
        """Starts loading, once; later calls return the same future."""
        with self._lock:
            if self._future is None:
                self._future = Future()
                threading.Thread(target=self._run, args=(self._future,), name="embedder", daemon=True).start()
            return self._future

    def get(self) -> Embedder | None:
        """The embedder; None while it is being loaded, unless this loader is patient.

        Raises:
            EmbedderError: it cannot be loaded.
        """
        future = self.start()
        if not self._patient and not future.done():
            return None
        return future.result()

    @property
    def state(self) -> Literal["loading", "ready", "failed"]:
        """Where loading stands."""
        future = self.start()
        if not future.done():
            return "loading"
        return "failed" if future.exception() else "ready"

    def _run(self, future: Future[Embedder]) -> None:
        try:
            future.set_result(self._load())
        except EmbedderError as error:
            logger.warning("embedder_failed", extra={"reason": error.message})
            future.set_exception(error)
        except BaseException as error:
            # Whatever else went wrong in this thread must reach those who wait for the future.
            future.set_exception(EmbedderError(f"The embedding model cannot be loaded: {error!r}."))
            raise


class DenseSearchError(Exception):
    """The dense side could not search this time; retrieval goes on without it."""


class DenseIndex:
    """The vectors of one index generation.

    Args:
        client: a Chroma client that owns its folder.
        loader: where the embedder comes from.
        fingerprint: the model that made the stored vectors.
    """

    def __init__(self, client: ClientAPI, loader: EmbedderLoader, fingerprint: str) -> None:
        self._client = client
        self._loader = loader
        self._fingerprint = fingerprint

    def search(self, query: str, language: Language, k: int) -> list[tuple[str, float]]:
        """The nearest passages of one language.

        Returns:
            Up to ``k`` pairs of passage id and cosine similarity (-1..1), best first.

        Raises:
            DenseSearchError: the model is not there (yet), is another one than made the vectors, or Chroma failed.
        """
        try:
            embedder = self._loader.get()
            if embedder is None:
                raise DenseSearchError("the embedding model is still being loaded")
            if embedder.fingerprint != self._fingerprint:
                raise DenseSearchError("the vectors were made by another embedding model")
            store = Chroma(
                client=self._client,
                collection_name=COLLECTION,
                embedding_function=embedder,
                create_collection_if_not_exists=False,
            )
            hits = store.similarity_search_with_score(query, k=k, filter={"language": language})
        except (EmbedderError, ChromaError, RuntimeError, ValueError, AttributeError) as error:
            # AttributeError is what Chroma raises in a query whose client was closed meanwhile (design.md §5).
            raise DenseSearchError(str(error)) from error
        # The collection is in cosine space: distance = 1 - similarity.
        return [(str(document.id), 1.0 - float(distance)) for document, distance in hits]
