"""Preparing in a process of its own: what it tells, and that it ends with whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.library.corpora import write_corpus

from civicbot.errors import IngestError
from civicbot.generation import index_folder
from civicbot.library.child import ChildIngest
from civicbot.library.housekeeping import only_writer
from civicbot.library.publishing import prepared_name
from civicbot.settings import Settings

ROOT = Path(__file__).parents[2]
PARENT = """
import sys
from pathlib import Path
from civicbot.library.child import ChildIngest
from civicbot.settings import Settings

class Loud:
    def stage(self, name, total):
        print(name, flush=True)
    def advance(self, steps):
        pass

folder = Path(sys.argv[1])
ChildIngest(Settings(corpus=folder / "corpus", data=folder / "var"))(Loud())
"""


class Progress:
    """Notes what it is told."""

    def __init__(self, act: Callable[[str], None] = lambda _: None) -> None:
        self.stages: dict[str, int] = {}
        self.done = 0
        self._act = act

    def stage(self, name: str, total: int) -> None:
        self.stages[name] = total
        self._act(name)

    def advance(self, steps: int) -> None:
        self.done += steps


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    write_corpus(tmp_path / "corpus")
    return Settings(corpus=tmp_path / "corpus", data=tmp_path / "var")


def free(index: Path) -> bool:
    try:
        with only_writer(index):
            return True
    except IngestError:
        return False


@pytest.mark.slow
def test_it_prepares_and_tells_how_far_it_is(settings: Settings) -> None:
    progress = Progress()
    summary = ChildIngest(settings)(progress)
    assert (summary.new, summary.live) == (True, False)
    assert {"S001-ko", "ai-city-ko"} <= set(summary.added)
    assert list(progress.stages) == ["read", "link", "tokens", "embed", "store"]
    assert progress.done >= progress.stages["read"]
    assert prepared_name(index_folder(settings.data)) == summary.generation


@pytest.mark.slow
def test_what_is_wrong_is_told(settings: Settings) -> None:
    for path in settings.corpus.rglob("*.md"):
        path.unlink()
    with pytest.raises(Exception, match="holds no document") as caught:
        ChildIngest(settings)(Progress())
    assert "CIVICBOT_CORPUS" in str(caught.value)


@pytest.mark.slow
def test_it_can_be_stopped(settings: Settings) -> None:
    ingest = ChildIngest(settings)
    stopper = threading.Thread(target=ingest.stop)
    with pytest.raises(IngestError, match="ended early"):
        ingest(Progress(lambda _: stopper.start() if stopper.ident is None else None))
    stopper.join()
    assert free(index_folder(settings.data))
    assert prepared_name(index_folder(settings.data)) is None


@pytest.mark.slow
def test_it_ends_with_its_parent(settings: Settings, tmp_path: Path) -> None:
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path}
    # Enough text that there is something to interrupt.
    long = "\n\n".join(f"Sentence {number} tells of thing {number % 97}." for number in range(20_000))
    write_corpus(settings.corpus, {"long.txt": long})
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tmp_path], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline()
        index = index_folder(settings.data)
        assert not free(index)
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 60
    while not free(index):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert prepared_name(index) is None
