"""Each kind of damage is refused, with a message that says what is wrong and what to run."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.api.client import Client
from chromadb.config import Settings as ChromaSettings
from tests.library.corpora import HashingEmbedder
from tests.retrieval.libraries import Library, change_manifest, vouch

from civicbot.errors import CivicbotError, IndexDamagedError, IndexMissingError, UnknownDocumentError
from civicbot.generation import (
    CHROMA,
    COLLECTION,
    DOCUMENTS,
    FORMAT,
    GLOSSARY,
    LEXICAL,
    MANIFEST,
    PASSAGES,
    PIECES,
    SENTENCES,
    VECTORS,
    WORDINGS,
)
from civicbot.retrieval.opened import OpenGeneration

DATABASE = f"{CHROMA}/chroma.sqlite3"
ELSEWHERE: Sequence[float] = [1.0] + [0.0] * 31


def refused(library: Library, kind: type[CivicbotError] = IndexDamagedError) -> CivicbotError:
    """Opens the live generation, which must fail and leave no private copy behind."""
    name = (library.index / "CURRENT").read_text(encoding="utf-8").strip()
    with pytest.raises(kind) as caught:
        OpenGeneration(library.index, name, None)  # type: ignore[arg-type]
    assert name in str(caught.value) or "file '" in str(caught.value) or "index '" in str(caught.value)
    assert "Run `civicbot ingest" in caught.value.hint or "run `civicbot ingest" in caught.value.hint
    assert library.copies() == []
    return caught.value


def in_chroma(folder: Path, change: Callable[[chromadb.Collection], object]) -> None:
    client = chromadb.PersistentClient(folder / CHROMA, settings=ChromaSettings(anonymized_telemetry=False))
    change(client.get_collection(COLLECTION, embedding_function=None))
    assert isinstance(client, Client)
    client.close()


def test_a_whole_generation(opened: OpenGeneration) -> None:
    assert opened.name == opened.manifest.name
    assert [document.id for document in opened.documents] == [record.id for record in opened.manifest.documents]
    assert tuple(passage.id for passage in opened.passages) == opened.manifest.passage_ids
    for row, passage in enumerate(opened.passages):
        assert opened.position(passage.id) == row
        assert opened.passage(passage.id) is passage
        assert opened.document(passage.document_id).id == passage.document_id
        assert [bool(opened.in_language("ko")[row]), bool(opened.in_language("en")[row])] == [
            passage.language == "ko",
            passage.language == "en",
        ]
    assert opened.lexical.rows == opened.pieces.rows == len(opened.passages)
    assert opened.wordings is not None
    assert opened.wordings.rows == len(opened.wording_owner) == 3
    owned = [wording for row in dict.fromkeys(opened.wording_owner) for wording in opened.passages[row].asked_as]
    assert owned == ["그거 뭐 하는 사업인가요?", "돈이 얼마나 들어요?", "얼마짜리 사업이에요?"]


def test_unknown_names(opened: OpenGeneration) -> None:
    with pytest.raises(UnknownDocumentError, match="'S999-ko'"):
        opened.document("S999-ko")
    with pytest.raises(KeyError):
        opened.passage("S999-ko.1")


def test_opening_leaves_the_generation_as_it_was(library: Library) -> None:
    before = {path: path.read_bytes() for path in library.live().rglob("*") if path.is_file()}
    with library.open() as generation:
        assert len(library.copies()) == 1
        assert generation.dense.search("budget", "en", 3)
        generation.warm_up()
    assert {path: path.read_bytes() for path in library.live().rglob("*") if path.is_file()} == before
    assert library.copies() == []
    generation.close()


def test_a_library_without_wordings(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.ingest({"a.txt": "The pool is closed."})
    assert not (library.live() / WORDINGS).exists()
    with library.open() as generation:
        assert generation.wordings is None
        assert generation.wording_owner == ()


# ---------------------------------------------------------------- files


def test_every_file_missing_or_changed(library: Library) -> None:
    folder = library.live()
    names = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["file_hashes"]
    assert {DOCUMENTS, PASSAGES, VECTORS, SENTENCES} < set(names)
    assert {name.split("/")[0] for name in names} >= {LEXICAL, PIECES, WORDINGS}
    for name in names:
        content = (folder / name).read_bytes()
        (folder / name).unlink()
        assert f"the file {name!r} is missing" in refused(library).message
        (folder / name).write_bytes(content[:-1] + bytes([content[-1] ^ 1]) if content else b"x")
        assert f"the file {name!r} has been changed" in refused(library).message
        (folder / name).write_bytes(content)
    library.open().close()


def test_a_file_that_nothing_vouches_for(library: Library) -> None:
    (library.live() / GLOSSARY).write_text("words: [모빌리티]\n", encoding="utf-8")
    assert "does not know the file 'glossary.yaml'" in refused(library).message
    (library.live() / GLOSSARY).unlink()
    change_manifest(library.live(), file_hashes={})
    assert "does not know the file 'documents.jsonl'" in refused(library).message


def test_chroma_files_are_checked_where_the_manifest_names_them(library: Library) -> None:
    # Some damage to Chroma's own graph files crashes the process that opens them, so it must be seen before.
    folder = library.live()
    hashes = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["file_hashes"]
    change_manifest(folder, file_hashes={**hashes, DATABASE: "0" * 64})
    assert f"the file {DATABASE!r} has been changed" in refused(library).message


# ---------------------------------------------------------------- the manifest


def test_no_manifest(library: Library) -> None:
    (library.live() / MANIFEST).unlink()
    assert "never finished" in refused(library).message


def test_manifest_truncated(library: Library) -> None:
    path = library.live() / MANIFEST
    content = path.read_bytes()
    for size in (0, 1, len(content) // 2, len(content) - 3):
        path.write_bytes(content[:size])
        assert "manifest" in refused(library).message
    path.write_bytes(b"\xff\xfe" + content)
    assert "manifest" in refused(library).message
    path.write_text("[1, 2]", encoding="utf-8")
    assert "manifest" in refused(library).message


def test_manifest_of_another_format(library: Library) -> None:
    change_manifest(library.live(), format=FORMAT + 1)
    assert f"format {FORMAT + 1}, not {FORMAT}" in refused(library).message


def test_manifest_of_another_generation(library: Library) -> None:
    change_manifest(library.live(), name="20200101T000000-00000000")
    assert "'20200101T000000-00000000' instead of its own" in refused(library).message


def test_generation_gone(library: Library) -> None:
    (library.index / "CURRENT").write_text("20200101T000000-00000000\n", encoding="utf-8")
    assert "is not there" in refused(library, IndexMissingError).message


# ---------------------------------------------------------------- contents that hashes vouch for


def rewrite(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(change(rows)) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        (PASSAGES, lambda rows: rows[1:], "The passages of"),
        (PASSAGES, lambda rows: rows[::-1], "The passages of"),
        (PASSAGES, lambda rows: [*rows, rows[0]], "The passages of"),
        (PASSAGES, lambda rows: [row.replace("S001-ko.1", "S001-ko.7") for row in rows], "The passages of"),
        (PASSAGES, lambda rows: ["{}", *rows[1:]], "'passages.jsonl' holds lines that cannot be read"),
        (PASSAGES, lambda rows: [row.replace("그거 뭐 하는 사업인가요?", '","') for row in rows], "4 wordings, not 3"),
        (DOCUMENTS, lambda rows: rows[1:], "The documents of"),
        (DOCUMENTS, lambda rows: [*rows, rows[0]], "The documents of"),
        (DOCUMENTS, lambda rows: [rows[0][:-9], *rows[1:]], "'documents.jsonl' holds lines that cannot be read"),
    ],
)
def test_contents_are_the_manifests(
    library: Library, name: str, change: Callable[[list[str]], list[str]], message: str
) -> None:
    rewrite(library.live() / name, change)
    vouch(library.live())
    assert message in refused(library).message


def test_a_glossary_that_cannot_be_read(library: Library) -> None:
    for content in (b"words: [", b"\xff\xfe", b"words: 7"):
        (library.live() / GLOSSARY).write_bytes(content)
        vouch(library.live())
        assert "'glossary.yaml' cannot be read" in refused(library).message


def test_vectors_of_another_shape(library: Library) -> None:
    path = library.live() / VECTORS
    vectors = np.load(path)
    for other in (vectors[1:], vectors[:, 1:], vectors[0]):
        np.save(path, other)
        vouch(library.live())
        assert "the shape" in refused(library).message
    path.write_bytes(b"")
    vouch(library.live())
    assert "cannot be read" in refused(library).message


def test_sentence_vectors_of_another_shape(library: Library) -> None:
    path = library.live() / SENTENCES
    vectors = np.load(path)
    for other in (vectors[1:], vectors[:, 1:], np.concatenate([vectors, vectors[:1]]), vectors[0]):
        np.save(path, other)
        vouch(library.live())
        assert "'sentences.npy' has the shape" in refused(library).message
    for content in (b"", b"no array at all"):
        path.write_bytes(content)
        vouch(library.live())
        assert "'sentences.npy' cannot be read" in refused(library).message


def test_every_sentence_has_its_own_vector(opened: OpenGeneration) -> None:
    for row, passage in enumerate(opened.passages):
        found = opened.sentence_vectors(row)
        assert found.shape == (len(passage.statements), opened.manifest.embedder.dimensions)
        if passage.language == "ko":
            assert not found.any()
        else:
            expected = HashingEmbedder().embed_documents([statement.text for statement in passage.statements])
            assert np.allclose(found, expected, atol=1e-3)


def test_other_words_of_the_generation(library: Library) -> None:
    library.ingest({"glossary.yaml": "synonyms:\n  ko:\n    - [사업비, 예산, 들어가는 돈]\n"})
    with library.open() as generation:
        tokens = generation.tokenizer.tokens("사업비")
        (meaning,) = generation.thesaurus("ko").meanings(tokens)
        assert {("예산",), tuple(generation.tokenizer.tokens("들어가는 돈"))} == meaning.phrases
        assert generation.thesaurus("en").meanings(tokens) == []
        assert generation.thesaurus("ko") is generation.thesaurus("ko")


# ---------------------------------------------------------------- Chroma


def vouched(library: Library) -> CivicbotError:
    """As :func:`refused`, of files that the manifest vouches for: only Chroma's content tells that they are wrong."""
    vouch(library.live())
    return refused(library)


def test_a_damaged_graph_is_refused_before_chroma_dies_of_it(library: Library) -> None:
    graph = next((library.live() / CHROMA).glob("*/data_level0.bin"))
    graph.write_bytes(b"\xff" * graph.stat().st_size)
    message = refused(library).message
    assert "data_level0.bin" in message
    assert "has been changed" in message


def test_chroma_lacks_passages(library: Library) -> None:
    in_chroma(library.live(), lambda collection: collection.delete(ids=["S001-ko.1", "S002-en.1"]))
    message = vouched(library).message
    assert "lacks 2 of" in message
    assert "'S001-ko.1'" in message or "'S002-en.1'" in message


def test_chroma_holds_more_passages(library: Library) -> None:
    in_chroma(
        library.live(),
        lambda c: c.add(ids=["x.1"], embeddings=[ELSEWHERE], documents=["x"], metadatas=[{"language": "en"}]),
    )
    assert "holds 1 passages that are not its manifest's" in vouched(library).message


def test_chroma_holds_other_vectors(library: Library) -> None:
    in_chroma(library.live(), lambda collection: collection.update(ids=["S001-ko.1"], embeddings=[ELSEWHERE]))
    assert "other vectors" in vouched(library).message


def test_chroma_mixed_up(library: Library) -> None:
    vectors = np.load(library.live() / VECTORS)
    ids = json.loads((library.live() / MANIFEST).read_text(encoding="utf-8"))["documents"]
    first, second = ids[0]["passage_ids"][0], ids[1]["passage_ids"][0]
    rows = [identifier for record in ids for identifier in record["passage_ids"]]
    swapped = vectors[[rows.index(second), rows.index(first)]]
    in_chroma(library.live(), lambda collection: collection.update(ids=[first, second], embeddings=swapped))
    assert "other vectors" in vouched(library).message


def test_chroma_without_the_collection(library: Library) -> None:
    folder = library.live()
    client = chromadb.PersistentClient(folder / CHROMA, settings=ChromaSettings(anonymized_telemetry=False))
    client.delete_collection(COLLECTION)
    assert isinstance(client, Client)
    client.close()
    assert "cannot be read" in vouched(library).message


def test_chroma_folder_missing(library: Library) -> None:
    folder = library.live() / CHROMA
    folder.rename(folder.with_name("elsewhere"))
    assert "lacks its folder 'chroma'" in vouched(library).message


@pytest.mark.parametrize("share", [0.0, 0.5, 0.9])
def test_chroma_database_truncated(library: Library, share: float) -> None:
    path = library.live() / DATABASE
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    vouched(library)


def test_chroma_database_overwritten(library: Library) -> None:
    path = library.live() / DATABASE
    path.write_bytes(b"\xff" * path.stat().st_size)
    assert "cannot be read" in vouched(library).message


def test_chroma_database_missing(library: Library) -> None:
    (library.live() / DATABASE).unlink()
    assert "cannot be read" in vouched(library).message


def test_chroma_database_of_something_else(library: Library) -> None:
    path = library.live() / DATABASE
    path.unlink()
    database = sqlite3.connect(path)
    database.execute("create table collections (id text)")
    database.commit()
    database.close()
    vouched(library)
