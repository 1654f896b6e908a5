import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from civicbot.errors import IngestError
from civicbot.generation import generation_folder, publish
from civicbot.library.housekeeping import new_folder, only_writer, remove_unneeded, whole_generation

NOW = datetime(2026, 11, 22, 13, 0, 0, 999, tzinfo=UTC)


def generations(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "generations").iterdir())


def make(index: Path, *names: str, finished: bool = True) -> None:
    for name in names:
        folder = generation_folder(index, name)
        folder.mkdir(parents=True)
        if finished:
            (folder / "manifest.json").write_text("{}", encoding="utf-8")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with only_writer(tmp_path), pytest.raises(IngestError, match="Another"), only_writer(tmp_path):
        pass
    with only_writer(tmp_path):
        pass


def _try_to_write(index: Path, answers: "multiprocessing.Queue[str]") -> None:
    try:
        with only_writer(index):
            answers.put("written")
    except IngestError:
        answers.put("refused")


def test_one_writer_of_all_processes(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[str] = context.Queue()
    with only_writer(tmp_path):
        other = context.Process(target=_try_to_write, args=(tmp_path, answers))
        other.start()
        assert answers.get(timeout=60) == "refused"
        other.join()


def test_names_sort_by_age_and_are_never_taken_twice(tmp_path: Path) -> None:
    (tmp_path / "generations").mkdir()
    one, first = new_folder(tmp_path, "abcdef0123", NOW)
    two, second = new_folder(tmp_path, "abcdef0123", NOW)
    assert one.name == "20261122T130000-abcdef01"
    assert two.name == "20261122T130001-abcdef01"
    assert one.is_dir()
    assert two.is_dir()
    assert first < second


def test_the_live_generation_and_the_one_before_stay(tmp_path: Path) -> None:
    make(tmp_path, "1", "2", "3", "4")
    remove_unneeded(tmp_path, "4", "2")
    assert generations(tmp_path) == ["2", "4"]


def test_without_knowing_the_one_before_the_newest_older_one_stays(tmp_path: Path) -> None:
    make(tmp_path, "1", "2", "4", "6")
    make(tmp_path, "3", "7", finished=False)
    (tmp_path / "CURRENT.1.tmp").touch()
    remove_unneeded(tmp_path, "4", None)
    assert generations(tmp_path) == ["2", "4"]
    assert not list(tmp_path.glob("*.tmp"))


def test_what_nothing_points_to_goes(tmp_path: Path) -> None:
    make(tmp_path, "1", finished=False)
    remove_unneeded(tmp_path, None, None)
    assert generations(tmp_path) == []


def test_whole_generation_needs_a_readable_manifest(tmp_path: Path) -> None:
    assert whole_generation(tmp_path) is None
    make(tmp_path, "1")
    publish(tmp_path, "1")
    assert whole_generation(tmp_path) is None
    publish(tmp_path, "none")
    assert whole_generation(tmp_path) is None
