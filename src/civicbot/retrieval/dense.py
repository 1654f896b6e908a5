"""Search by meaning: sentence-transformers vectors in Chroma, through LangChain's vector store."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Literal

import numpy as np
from chromadb.api import ClientAPI
from chromadb.errors import ChromaError
from langchain_chroma import Chroma
from numpy.typing import NDArray

from civicbot.errors import EmbedderError
from civicbot.generation import COLLECTION
from civicbot.language.embedding import Embedder
from civicbot.model import Language

logger = logging.getLogger(__name__)

_ACCIDENTS = (
    EmbedderError,
    ChromaError,
    ArithmeticError,
    AttributeError,  # what Chroma raises in a query whose client was closed meanwhile (design.md §5)
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What a foreign model or Chroma may raise; none of it may cost the answer that words alone can give."""
_SPARE = 10
"""Hits asked for beyond the wanted ones, so that equals at the end of the list are seen."""
_DIGITS = 6
"""Decimal places to which a similarity means anything: float32 sums differ in the seventh."""


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
        """Starts loading, once; later calls return the same future, which fails with an EmbedderError only."""
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
        error = future.exception()
        if isinstance(error, EmbedderError):
            # A fresh one for every caller: one object raised again and again would gather all their frames.
            raise EmbedderError(error.message, hint=error.hint, code=error.code)
        return future.result()

    @property
    def state(self) -> Literal["loading", "ready", "failed"]:
        """Where loading stands; ``loading`` also before it has been started."""
        future = self._future
        if future is None or not future.done():
            return "loading"
        return "failed" if future.exception() else "ready"

    def _run(self, future: Future[Embedder]) -> None:
        try:
            embedder = self._load()
        except EmbedderError as error:
            logger.warning("embedder_failed", extra={"fields": {"reason": error.message}})
            future.set_exception(error.with_traceback(None))
        except BaseException as error:
            # The outermost boundary of this thread: those who wait for the future must hear of anything at all,
            # also of panics in native code, which are no Exception.
            logger.exception("embedder_failed")
            future.set_exception(EmbedderError(f"The embedding model cannot be loaded: {error!r}."))
        else:
            future.set_result(embedder)


class DenseSearchError(Exception):
    """The dense side could not search this time; retrieval goes on without it."""


class DenseIndex:
    """The vectors of one index generation; searched from many threads.

    Args:
        client: a Chroma client that owns its folder.
        loader: where the embedder comes from.
        fingerprint: the model that made the stored vectors.
        positions: the row of every passage in index order, by id.
    """

    def __init__(
        self, client: ClientAPI, loader: EmbedderLoader, fingerprint: str, positions: Mapping[str, int]
    ) -> None:
        self._client = client
        self._loader = loader
        self._fingerprint = fingerprint
        self._positions = positions
        self._store: Chroma | None = None
        self._last: tuple[str, NDArray[np.float32]] | None = None

    def last_vector(self, query: str) -> NDArray[np.float32] | None:
        """The L2-normalised vector of the query searched for last, None when that was another one."""
        last = self._last
        return last[1] if last is not None and last[0] == query else None

    def search(self, query: str, language: Language, k: int) -> list[tuple[str, float]]:
        """The nearest passages of one language.

        Returns:
            Up to ``k`` pairs of passage id and cosine similarity (-1..1), best first, equals in index order.

        Raises:
            DenseSearchError: the model is not there (yet), is another one than made the vectors, or Chroma failed.
        """
        try:
            embedder = self._loader.get()
            if embedder is None:
                raise DenseSearchError("the embedding model is still being loaded")
            if embedder.fingerprint != self._fingerprint:
                raise DenseSearchError("the vectors were made by another embedding model")
            vector = embedder.embed_query(query)
            if not np.isfinite(vector).all():
                raise DenseSearchError("the embedding model gave values that are no numbers")
            # One assignment, so that another thread sees both or neither.
            self._last = (query, np.asarray(vector, dtype=np.float32))
            return self._nearest(self._opened(embedder), vector, language, k)
        except _ACCIDENTS as error:
            # Of a library's error the type alone: its message may quote the question, and this one is logged.
            safe = error.message if isinstance(error, EmbedderError) else f"it ended with {type(error).__name__}"
            raise DenseSearchError(safe) from error

    def _nearest(self, store: Chroma, vector: list[float], language: Language, k: int) -> list[tuple[str, float]]:
        wanted = k + _SPARE
        while True:
            rows = store.similarity_search_by_vector_with_relevance_scores(
                vector, k=wanted, filter={"language": language}
            )
            # The collection is in cosine space: distance = 1 - similarity.
            hits = [(str(document.id), round(1.0 - float(distance), _DIGITS)) for document, distance in rows]
            hits.sort(key=lambda hit: (-hit[1], self._positions[hit[0]]))
            # Chroma picks at random among equals, anew after every start: all equals of the last one are needed.
            if len(hits) < wanted or hits[k - 1][1] > hits[-1][1]:
                return hits[:k]
            wanted *= 2

    def _opened(self, embedder: Embedder) -> Chroma:
        # Two threads may both make one the first time; either will do.
        if self._store is None:
            self._store = Chroma(
                client=self._client,
                collection_name=COLLECTION,
                embedding_function=embedder,
                create_collection_if_not_exists=False,
            )
        return self._store
