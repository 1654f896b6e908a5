"""Private copies: who owns one, and who removes it. What is in them is checked in test_opened.py."""

import fcntl
import shutil
import threading
from pathlib import Path

import pytest
from tests.retrieval.libraries import Library, tiny_loader
from tests.retrieval.processes import ReaderProcess

from civicbot.errors import IndexDamagedError
from civicbot.generation import CHROMA, VECTORS
from civicbot.retrieval.retriever import HybridRetriever
from civicbot.retrieval.vectors import PrivateCopy, open_chroma


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "generation" / CHROMA
    (folder / "inside").mkdir(parents=True)
    (folder / "inside" / "file").write_text("content", encoding="utf-8")
    return folder


def copies(readers: Path) -> set[str]:
    return {path.name for path in readers.glob("reader-*")}


def test_a_copy(tmp_path: Path, source: Path) -> None:
    copy = PrivateCopy(tmp_path / "deep" / "readers", source)
    assert (copy.folder / "inside" / "file").read_text(encoding="utf-8") == "content"
    assert copy.folder != source
    copy.remove()
    copy.remove()
    assert copies(tmp_path / "deep" / "readers") == set()
    assert (source / "inside" / "file").exists()


def test_copies_in_use_stay(tmp_path: Path, source: Path) -> None:
    readers = tmp_path / "readers"
    first = PrivateCopy(readers, source)
    second = PrivateCopy(readers, source)
    assert first.folder != second.folder
    assert first.folder.exists()
    first.remove()
    assert second.folder.exists()
    second.remove()


def test_what_was_left_behind_goes(tmp_path: Path, source: Path) -> None:
    readers = tmp_path / "readers"
    (readers / "reader-before-its-lock").mkdir(parents=True)
    (readers / "reader-dead" / CHROMA).mkdir(parents=True)
    (readers / "reader-dead" / "lock").touch()
    (readers / "reader-no-folder").touch()
    (readers / "somebody's file").touch()
    copy = PrivateCopy(readers, source)
    assert copies(readers) == {copy.folder.parent.name, "reader-no-folder"}
    assert (readers / "somebody's file").exists()
    copy.remove()


def test_one_comes_at_a_time(tmp_path: Path, source: Path) -> None:
    # Between making a copy's folder and locking it, nobody else may look for what was left behind.
    readers = tmp_path / "readers"
    readers.mkdir()
    made: list[PrivateCopy] = []
    with (readers / "lock").open("w", encoding="utf-8") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        thread = threading.Thread(target=lambda: made.append(PrivateCopy(readers, source)))
        thread.start()
        thread.join(timeout=0.3)
        assert thread.is_alive()
        assert copies(readers) == set()
    thread.join(timeout=10)
    assert copies(readers) == {made[0].folder.parent.name}
    made[0].remove()


def test_many_at_once(tmp_path: Path, source: Path) -> None:
    readers = tmp_path / "readers"
    failures: list[Exception] = []

    def come_and_go() -> None:
        try:
            for _ in range(15):
                copy = PrivateCopy(readers, source)
                assert (copy.folder / "inside" / "file").read_text(encoding="utf-8") == "content"
                assert (copy.folder.parent / "lock").exists()
                copy.remove()
        except (AssertionError, OSError, IndexDamagedError) as error:
            failures.append(error)

    threads = [threading.Thread(target=come_and_go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert copies(readers) == set()


def test_no_place_for_copies(tmp_path: Path, source: Path) -> None:
    (tmp_path / "readers").write_text("a file", encoding="utf-8")
    with pytest.raises(IndexDamagedError, match="cannot be copied for reading to") as caught:
        PrivateCopy(tmp_path / "readers", source)
    assert "CIVICBOT_DATA can be written" in caught.value.hint


def test_copying_breaks_off(tmp_path: Path, source: Path) -> None:
    (source / "broken").symlink_to(tmp_path / "nowhere")
    with pytest.raises(IndexDamagedError, match=r"cannot be copied for reading to .*No such file"):
        PrivateCopy(tmp_path / "readers", source)
    assert copies(tmp_path / "readers") == set()


def test_nothing_to_copy(tmp_path: Path, source: Path) -> None:
    shutil.rmtree(source)
    with pytest.raises(IndexDamagedError, match="'generation' lacks its folder 'chroma'") as caught:
        PrivateCopy(tmp_path / "readers", source)
    assert "civicbot ingest --rebuild" in caught.value.hint
    assert copies(tmp_path / "readers") == set()


def test_opening_and_closing_leaves_no_file_open(library: Library) -> None:
    library.open().close()
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        library.open().close()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


def test_a_refused_folder_can_be_opened_again_once_it_is_whole(library: Library, tmp_path: Path) -> None:
    folder, whole = library.live(), tmp_path / "whole"
    shutil.copytree(folder / CHROMA, whole)
    with library.open() as generation:
        manifest = generation.manifest
    (whole / "chroma.sqlite3").rename(tmp_path / "database")
    with pytest.raises(IndexDamagedError):
        open_chroma(whole, folder / VECTORS, manifest)
    (tmp_path / "database").replace(whole / "chroma.sqlite3")
    open_chroma(whole, folder / VECTORS, manifest).close()


@pytest.mark.slow
def test_two_processes_read_the_same_generation(library: Library) -> None:
    question = "When does the library open?"
    with library.open() as generation, ReaderProcess(library.folder) as other:
        retriever = HybridRetriever(generation=generation, dense_languages=frozenset({"en"}))
        assert len(library.copies()) == 2
        for _ in range(20):
            here, there = retriever.search(question, "en"), other.ask(question)
            assert not here.degraded
            assert there["name"] == generation.name
            assert there["hits"] == [[hit.passage.id, hit.score, hit.dense] for hit in here.hits]
        other.leave()
        assert len(library.copies()) == 1
        assert retriever.search(question, "en") == here
    assert library.copies() == []


@pytest.mark.slow
def test_the_copy_of_a_killed_process_is_removed_by_the_next_reader(library: Library) -> None:
    with ReaderProcess(library.folder) as killed, ReaderProcess(library.folder) as other:
        killed.kill()
        assert len(library.copies()) == 2
        with library.open(tiny_loader()):
            assert len(library.copies()) == 2
            assert other.ask("library")["hits"]
        assert len(library.copies()) == 1
        other.leave()
    assert library.copies() == []
