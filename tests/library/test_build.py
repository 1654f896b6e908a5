from datetime import UTC, datetime
from pathlib import Path

import bm25s
import numpy as np
from tests.library.corpora import CORPUS, NOTICE, HashingEmbedder, hashing_models, made_corpus, passages_of

from civicbot.generation import (
    DOCUMENTS,
    GLOSSARY,
    LEXICAL,
    MANIFEST,
    PASSAGES,
    PIECES,
    VECTORS,
    WORDINGS,
    Manifest,
    read_manifest,
)
from civicbot.language.tokens import Tokenizer
from civicbot.library.build import Inputs, file_hashes, write_generation
from civicbot.library.progress import NoProgress
from civicbot.library.shelf import fill_shelf
from civicbot.library.vectors import Known
from civicbot.model import Document

TOKENIZER = Tokenizer()
TOKENS = TOKENIZER.tokens


def write(folder: Path, files: dict[str, str], glossary: bytes | None) -> Manifest:
    folder.mkdir()
    shelf = fill_shelf(made_corpus(files), TOKENS, NoProgress())
    models = hashing_models(HashingEmbedder())
    created = datetime(2026, 11, 22, tzinfo=UTC)
    inputs = Inputs(shelf, glossary, TOKENIZER, Known(), "hashing", models, frozenset({"en"}), "ab" * 32, created)
    manifest, computed = write_generation(folder, inputs, NoProgress())
    assert computed == len(shelf.passages)
    return manifest


def test_a_generation_holds_what_its_manifest_says(tmp_path: Path) -> None:
    folder = tmp_path / "20261122T000000-abababab"
    manifest = write(folder, dict(CORPUS), b"entities: {}\n")
    assert read_manifest(folder) == manifest
    documents = (folder / DOCUMENTS).read_text(encoding="utf-8").splitlines()
    passages = passages_of(folder)
    names = [Document.model_validate_json(row).id for row in documents]
    assert [record.id for record in manifest.documents] == names
    assert manifest.passage_ids == tuple(passage.id for passage in passages)
    assert np.load(folder / VECTORS).shape == (len(passages), 32)
    assert manifest.wordings == sum(len(passage.asked_as) for passage in passages) == 2
    wordings = bm25s.BM25.load(folder / WORDINGS, load_corpus=False, show_progress=False)
    assert wordings.get_scores(TOKENS("돈")).argmax() == 1
    lexical = bm25s.BM25.load(folder / LEXICAL, load_corpus=False, show_progress=False)
    best = passages[int(lexical.get_scores(TOKENS("버스 market")).argmax())]
    assert "market" in best.text
    pieces = bm25s.BM25.load(folder / PIECES, load_corpus=False, show_progress=False)
    best = passages[int(pieces.get_scores(TOKENIZER.terms("marketplaces").pieces).argmax())]
    assert "market" in best.text
    assert set(manifest.file_hashes) >= {DOCUMENTS, PASSAGES, GLOSSARY, VECTORS, "chroma/chroma.sqlite3"}
    assert MANIFEST not in manifest.file_hashes
    assert file_hashes(folder) == manifest.file_hashes


def test_without_wordings_and_glossary(tmp_path: Path) -> None:
    manifest = write(tmp_path / "g", {"x.md": NOTICE}, None)
    assert manifest.wordings == 0
    assert not (tmp_path / "g" / WORDINGS).exists()
    assert not (tmp_path / "g" / GLOSSARY).exists()


def test_problems_are_kept(tmp_path: Path) -> None:
    manifest = write(tmp_path / "g", {"x.md": NOTICE, "ko/sources/y.md": "?"}, None)
    assert manifest.problems == (
        "ko/sources/y.md:1: [front matter] The file does not start with a line of three hyphens for its front matter.",
    )


def test_equal_input_gives_equal_files(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, dict(CORPUS), None) for name in ("one", "two"))
    own = [{n: h for n, h in m.file_hashes.items() if not n.startswith("chroma/")} for m in (one, two)]
    assert own[0] == own[1]
