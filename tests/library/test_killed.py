"""An ingest that is killed at any moment leaves the old generation as it was, and the next one works."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings
from tests.library.corpora import CORPUS, passages_of, settings, write_corpus

from civicbot.generation import CHROMA, COLLECTION, VECTORS, index_folder, live_generation
from civicbot.library.build import file_hashes

KILLS = 10
MOST_TRIES = 40
SCRIPT = Path(__file__).with_name("killed_ingest.py")
ROOT = SCRIPT.parents[2]


class Ingests:
    """Runs ingests in processes that can be killed."""

    def __init__(self, folder: Path) -> None:
        path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
        self.process = subprocess.Popen(
            [sys.executable, SCRIPT, folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
            cwd=ROOT,
        )
        assert self.hear() == 0

    def hear(self) -> int:
        assert self.process.stdout is not None
        return int(self.process.stdout.readline())

    def start(self) -> int:
        assert self.process.stdin is not None
        self.process.stdin.write("ingest\n")
        self.process.stdin.flush()
        return self.hear()

    def run(self) -> float:
        """Runs one to its end and returns its seconds."""
        began = time.monotonic()
        self.start()
        assert self.hear() == 0
        return time.monotonic() - began

    def kill_after(self, seconds: float) -> bool:
        """Starts one and kills it; False when it ended before."""
        child = self.start()
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):  # it has ended, and its process is gone
            os.kill(child, signal.SIGKILL)
        return self.hear() == -signal.SIGKILL

    def close(self) -> None:
        self.process.communicate(timeout=60)


def leaflet(number: int) -> dict[str, str]:
    """Enough text that there is something to interrupt."""
    sections = "\n\n".join(f"## Part {n}\n\nLeaflet {number} says the word w{n} about part {n}." for n in range(60))
    return {"leaflet.md": f"# Leaflet\n\n{sections}\n"}


def check_live(index: Path, scratch: Path) -> str:
    """Reads the live generation as a reader would, from a copy; returns its name."""
    folder, manifest = live_generation(index)
    assert file_hashes(folder) == manifest.file_hashes
    assert tuple(passage.id for passage in passages_of(folder)) == manifest.passage_ids
    shutil.copytree(folder / CHROMA, scratch)
    client = chromadb.PersistentClient(scratch, settings=ChromaSettings(anonymized_telemetry=False))
    try:
        collection = client.get_collection(COLLECTION)
        assert collection.count() == len(manifest.passage_ids)
        stored = collection.get(include=["embeddings"])
        order = {name: row for row, name in enumerate(stored["ids"])}
        found = np.asarray(stored["embeddings"])[[order[name] for name in manifest.passage_ids]]
        assert np.allclose(found, np.load(folder / VECTORS), atol=1e-5)
    finally:
        client.close()  # type: ignore[attr-defined]
    return manifest.name


@pytest.fixture
def ingests(tmp_path: Path) -> Iterator[Ingests]:
    ingests = Ingests(tmp_path)
    yield ingests
    ingests.close()


@pytest.mark.slow
def test_killed_at_ten_random_moments(tmp_path: Path, ingests: Ingests) -> None:
    corpus = write_corpus(tmp_path / "corpus", {**CORPUS, **leaflet(0)})
    index = index_folder(settings(tmp_path).data)
    duration = ingests.run()
    live = check_live(index, tmp_path / "copy")
    moments = random.Random(20261122)
    killed = unfinished = number = 0
    # On a busy machine the first one may have taken long, so that many kills come too late: these do not count.
    while killed < KILLS and number < MOST_TRIES:
        number += 1
        write_corpus(corpus, leaflet(number))
        was_killed = ingests.kill_after(duration * moments.random())
        killed += was_killed
        if not was_killed:
            duration *= 0.8
        found = check_live(index, tmp_path / f"copy-{number}")
        newest = sorted(generations(index))[-1]
        # The old one is still live, or the kill came too late and the new one is, whole.
        assert found == live or (found > live and found == newest)
        assert was_killed or found > live
        unfinished += found == live != newest
        live = found
    assert killed == KILLS
    assert unfinished > 0
    write_corpus(corpus, leaflet(number + 1))
    ingests.run()
    last = check_live(index, tmp_path / "copy-last")
    assert last > live
    assert generations(index) == {live, last}
    assert all((index / "generations" / name / "manifest.json").exists() for name in (live, last))
    assert not list(index.glob("*.tmp"))


def generations(index: Path) -> set[str]:
    return {path.name for path in (index / "generations").iterdir()}
