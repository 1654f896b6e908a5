"""Writing a generation's Chroma collection."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from civicbot.errors import IngestError
from civicbot.generation import COLLECTION
from civicbot.library.progress import Progress
from civicbot.library.vectors import Vectors
from civicbot.model import Passage

_BATCH = 256


def save_vectors(passages: Sequence[Passage], vectors: Vectors, folder: Path, progress: Progress) -> None:
    """Writes a new Chroma folder with a collection of all passages (cosine space), and closes it.

    Args:
        passages: in index order.
        vectors: float32 (passages, dimensions).
        folder: a folder that no other process opens; created here.
        progress: told of every passage.

    Raises:
        IngestError: Chroma does not hold afterwards what was written.
    """
    from chromadb import PersistentClient
    from chromadb.api.client import Client
    from chromadb.config import Settings as ChromaSettings
    from chromadb.errors import ChromaError

    progress.stage("store", len(passages))
    # The declared type lacks close(); the client that is made has it.
    client = cast(Client, PersistentClient(folder, settings=ChromaSettings(anonymized_telemetry=False)))
    try:
        # One thread, so that equal input gives an equal graph; wide search, so that it misses nothing at our sizes.
        collection = client.create_collection(
            COLLECTION,
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine", "num_threads": 1, "ef_construction": 200, "ef_search": 200}},
        )
        for start in range(0, len(passages), _BATCH):
            batch = passages[start : start + _BATCH]
            collection.add(
                ids=[passage.id for passage in batch],
                embeddings=vectors[start : start + _BATCH],
                documents=[passage.text for passage in batch],
                metadatas=[_metadata(passage) for passage in batch],
            )
            progress.advance(len(batch))
        stored = set(collection.get(include=[])["ids"])
    except ChromaError as error:
        raise IngestError(f"Chroma cannot write the vectors: {error}.", hint="Check the disk and try again.") from error
    finally:
        client.close()
    if stored != {passage.id for passage in passages}:
        raise IngestError(
            f"Chroma holds {len(stored)} passages, not the {len(passages)} that were written.", hint="Try again."
        )


def _metadata(passage: Passage) -> dict[str, str | int | float | bool | None]:
    found = {
        "document_id": passage.document_id,
        "kind": passage.kind.value,
        "language": passage.language,
        "title": passage.title,
        "heading": passage.heading or None,
        "entity": passage.entity,
        "facet": passage.facet.value if passage.facet else None,
        "published": passage.published.isoformat() if passage.published else None,
    }
    return {key: value for key, value in found.items() if value is not None}
