from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings
from langchain_chroma import Chroma
from tests.library.corpora import HashingEmbedder
from tests.library.test_chunking import block

from civicbot.errors import IngestError
from civicbot.generation import COLLECTION
from civicbot.library.chunking import TextSection, assemble
from civicbot.library.progress import NoProgress
from civicbot.library.vectorstore import save_vectors
from civicbot.model import Document, DocumentKind, Facet, Passage


def passages() -> tuple[Passage, ...]:
    document = Document(
        id="d", kind=DocumentKind.BRIEF, language="ko", title="제목", text="", path="d.md", content_hash="0", entity="e"
    )
    sections = [TextSection(f"H{n}", Facet.COST, blocks=(block(f"Sentence number {n}."),)) for n in range(600)]
    return assemble(document, sections)[1]


def test_langchain_finds_what_was_written(tmp_path: Path) -> None:
    rows = passages()
    vectors = np.asarray(HashingEmbedder(64).embed_documents([p.search_text for p in rows]), dtype=np.float32)
    save_vectors(rows, vectors, tmp_path / "chroma", NoProgress())
    client = chromadb.PersistentClient(tmp_path / "chroma", settings=ChromaSettings(anonymized_telemetry=False))
    try:
        stored = client.get_collection(COLLECTION).get(include=["embeddings"])
        assert stored["ids"] == [p.id for p in rows]
        assert np.allclose(np.asarray(stored["embeddings"]), vectors, atol=1e-6)
        store = Chroma(client=client, collection_name=COLLECTION, create_collection_if_not_exists=False)
        ((found, distance),) = store.similarity_search_by_vector_with_relevance_scores(vectors[7].tolist(), k=1)
        assert found.id == "d.8"
        assert found.page_content == "Sentence number 7."
        assert found.metadata == {
            "document_id": "d",
            "kind": "brief",
            "language": "ko",
            "title": "제목",
            "heading": "H7",
            "entity": "e",
            "facet": "cost",
        }
        assert distance == pytest.approx(0, abs=1e-5)  # cosine distance to itself
    finally:
        client.close()  # type: ignore[attr-defined]


def test_what_chroma_refuses_is_an_ingest_error(tmp_path: Path) -> None:
    rows = passages()[:2]
    twice = (rows[0], rows[0])
    with pytest.raises(IngestError, match="Chroma"):
        save_vectors(twice, np.eye(2, dtype=np.float32), tmp_path / "chroma", NoProgress())
