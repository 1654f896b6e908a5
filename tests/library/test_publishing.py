"""Which generation is live, which was before, which is prepared: whatever is done, and wherever it is cut off."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest

from civicbot.errors import IndexMissingError, IngestError
from civicbot.generation import FORMAT, current_name, generation_folder, publish
from civicbot.library import publishing
from civicbot.library.housekeeping import only_writer
from civicbot.library.publishing import (
    HISTORY,
    PREPARED,
    OtherLibraryError,
    discard,
    held,
    only_publisher,
    prepared_name,
    previous_name,
    put_in_place,
    rolled_back,
    set_prepared,
    tidy,
)

MANIFEST = (
    '{"format": %d, "name": "%s", "created": "2026-11-22T00:00:00Z", "app_version": "1", "inputs_hash": "0", '
    '"embedder": {"name": "e", "fingerprint": "f", "dimensions": 1}, "documents": [], "wordings": 0, "file_hashes": {}}'
)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    for name in "abcd":
        folder = generation_folder(tmp_path, name)
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text(MANIFEST % (FORMAT, name), encoding="utf-8")
    return tmp_path


def put(index: Path, name: str, *, back: bool = False) -> None:
    put_in_place(index, name, instead_of=current_name(index), back=back)


def names(index: Path) -> list[str]:
    return sorted(path.name for path in (index / "generations").iterdir())


def state(index: Path) -> tuple[str | None, str | None, bool]:
    return current_name(index), previous_name(index), rolled_back(index)


def test_nothing_is_live(index: Path) -> None:
    assert state(index) == (None, None, False)
    assert prepared_name(index) is None
    put(index, "a")
    assert state(index) == ("a", None, False)


def test_the_one_before_is_known_and_comes_back(index: Path) -> None:
    for name in "abd":
        put(index, name)
    assert state(index) == ("d", "b", False)
    put(index, "b", back=True)
    assert state(index) == ("b", "d", True)
    put(index, "d", back=True)
    assert state(index) == ("d", "b", False)
    put(index, "c")
    assert state(index) == ("c", "d", False)


def test_doing_it_twice_does_it_once(index: Path) -> None:
    put(index, "a")
    for _ in range(2):
        put_in_place(index, "b", instead_of="a")
    assert state(index) == ("b", "a", False)


def test_another_one_is_live_by_now(index: Path) -> None:
    put(index, "a")
    put(index, "c")
    with pytest.raises(OtherLibraryError, match="'c' by now, not 'a'"):
        put_in_place(index, "b", instead_of="a")
    assert state(index) == ("c", "a", False)


def test_what_is_not_there_cannot_be_put_in_place(index: Path) -> None:
    put(index, "a")
    with pytest.raises(IndexMissingError):
        put_in_place(index, "x", instead_of="a")
    assert state(index) == ("a", None, False)


@pytest.mark.parametrize("back", [False, True])
def test_cut_off_before_the_pointer_moves(index: Path, monkeypatch: pytest.MonkeyPatch, *, back: bool) -> None:
    put(index, "a")
    put(index, "b")
    name = "a" if back else "c"
    with monkeypatch.context() as patched:
        patched.setattr(publishing, "publish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            put(index, name, back=back)
    assert state(index) == ("b", "a", False)  # as if nothing had been begun
    put(index, "d")
    assert state(index) == ("d", "b", False)


def test_what_earlier_versions_published_has_the_newest_older_one_before(index: Path) -> None:
    publish(index, "c")
    assert state(index) == ("c", "b", False)
    put(index, "d")
    assert state(index) == ("d", "c", False)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b'{"names": 3}'])
def test_a_history_that_cannot_be_read_is_none(index: Path, content: bytes) -> None:
    put(index, "a")
    put(index, "d")
    (index / HISTORY).write_bytes(content)
    assert state(index) == ("d", "c", False)


def test_the_one_before_is_gone(index: Path) -> None:
    put(index, "a")
    put(index, "b")
    (generation_folder(index, "a") / "manifest.json").unlink()
    assert previous_name(index) is None


def test_one_is_prepared_until_it_is_live(index: Path) -> None:
    put(index, "a")
    set_prepared(index, "b")
    assert prepared_name(index) == "b"
    put(index, "b")
    assert prepared_name(index) is None
    assert not (index / PREPARED).exists()
    set_prepared(index, "c")
    put(index, "d")
    assert prepared_name(index) == "c"
    set_prepared(index, None)
    assert prepared_name(index) is None


def test_one_that_is_live_or_gone_is_not_prepared(index: Path) -> None:
    put(index, "a")
    for name in ("a", "x"):
        set_prepared(index, name)
        assert prepared_name(index) is None
    (index / PREPARED).write_bytes(b"\xff")
    assert prepared_name(index) is None


def test_what_somebody_may_want_stays(index: Path) -> None:
    put(index, "b")
    put(index, "d")
    set_prepared(index, "c")
    tidy(index)
    assert names(index) == ["b", "c", "d"]
    put(index, "b", back=True)
    tidy(index)
    assert names(index) == ["b", "c", "d"]
    discard(index, "c")
    assert names(index) == ["b", "d"]
    assert not list(index.glob("*.tmp"))


def test_nothing_is_tidied_while_somebody_writes(index: Path) -> None:
    put(index, "d")
    set_prepared(index, "b")
    with only_writer(index):
        discard(index, "b")
        assert names(index) == ["a", "b", "c", "d"]
    assert prepared_name(index) is None
    tidy(index)
    assert names(index) == ["c", "d"]


def test_discarding_another_one_than_is_prepared(index: Path) -> None:
    put(index, "a")
    set_prepared(index, "c")
    discard(index, "b")
    assert prepared_name(index) == "c"


def test_the_manifest_of_what_is_held(index: Path) -> None:
    found = held(index, "a")
    assert found is not None
    assert found.name == "a"
    assert held(index, None) is None
    assert held(index, "x") is None
    (generation_folder(index, "a") / "manifest.json").write_text("{", encoding="utf-8")
    assert held(index, "a") is None


def _try(index: Path, answers: multiprocessing.Queue[str]) -> None:
    publishing._WAIT_SECONDS = 0.1
    try:
        with only_publisher(index):
            answers.put("published")
    except IngestError as error:
        answers.put(str(error))


def test_one_at_a_time_of_all_processes(index: Path) -> None:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[str] = context.Queue()
    with only_publisher(index):
        other = context.Process(target=_try, args=(index, answers))
        other.start()
        assert "just changing the live library" in answers.get(timeout=60)
        other.join()
    other = context.Process(target=_try, args=(index, answers))
    other.start()
    assert answers.get(timeout=60) == "published"
    other.join()
