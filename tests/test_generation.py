import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from civicbot.errors import IndexDamagedError, IndexMissingError
from civicbot.generation import (
    FORMAT,
    MANIFEST,
    DocumentRecord,
    EmbedderRecord,
    Manifest,
    current_name,
    generation_folder,
    index_folder,
    live_generation,
    publish,
    read_manifest,
)


def manifest(name: str = "g1") -> Manifest:
    return Manifest(
        format=FORMAT,
        name=name,
        created=datetime(2026, 11, 22, tzinfo=UTC),
        app_version="1",
        inputs_hash="0",
        embedder=EmbedderRecord(name="bundled", fingerprint="sha256:0", dimensions=384),
        documents=(
            DocumentRecord(id="a", source_id="S001", path="a.md", content_hash="0", passage_ids=("a.1", "a.2")),
            DocumentRecord(id="b", source_id=None, path="b.md", content_hash="0", passage_ids=("b.1",)),
        ),
        wordings=3,
        file_hashes={"passages.jsonl": "0"},
    )


def write(index: Path, name: str, text: str) -> Path:
    folder = generation_folder(index, name)
    folder.mkdir(parents=True)
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return folder


def test_a_published_generation_is_the_live_one(tmp_path: Path) -> None:
    index = index_folder(tmp_path)
    for name in ("g1", "g2"):
        write(index, name, manifest(name).model_dump_json())
    publish(index, "g1")
    assert current_name(index) == "g1"
    publish(index, "g2")
    folder, found = live_generation(index)
    assert (folder, found) == (generation_folder(index, "g2"), manifest("g2"))
    assert found.passage_ids == ("a.1", "a.2", "b.1")
    assert sorted(path.name for path in index.iterdir()) == ["CURRENT", "generations"]


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe\x00"])
def test_a_pointer_without_a_name_points_nowhere(tmp_path: Path, content: bytes) -> None:
    assert current_name(tmp_path) is None
    (tmp_path / "CURRENT").write_bytes(content)
    assert current_name(tmp_path) is None
    with pytest.raises(IndexMissingError, match="not been indexed"):
        live_generation(tmp_path)


def test_a_generation_that_is_gone_is_missing(tmp_path: Path) -> None:
    publish(tmp_path, "g1")
    with pytest.raises(IndexMissingError, match="'g1'") as caught:
        live_generation(tmp_path)
    assert "civicbot ingest" in caught.value.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "cannot be read"),
        ("[]", "cannot be read"),
        ("{", "cannot be read"),
        ("\ufffd", "cannot be read"),
        ("{}", "format None"),
        (json.dumps({"format": FORMAT + 1}), f"format {FORMAT + 1}"),
        (json.dumps({"format": FORMAT}), "cannot be read"),
        (manifest().model_dump_json().replace('"wordings":3', '"wordings":-3'), "cannot be read"),
    ],
)
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str, said: str) -> None:
    folder = write(tmp_path, "g1", text)
    with pytest.raises(IndexDamagedError, match=said) as caught:
        read_manifest(folder)
    assert "--rebuild" in caught.value.hint


def test_a_generation_without_a_manifest_was_never_finished(tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="never finished"):
        read_manifest(tmp_path)
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(IndexDamagedError, match="cannot be read"):
        read_manifest(tmp_path)
