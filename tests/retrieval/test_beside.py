"""Generations that are open beside the live one: the one before, for a roll-back, and one that is looked at."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.retrieval.libraries import Library, tiny_loader

from civicbot.errors import IndexDamagedError, IndexMissingError
from civicbot.generation import PASSAGES, generation_folder, publish
from civicbot.retrieval import live as live_module
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration

ONE, TWO, THREE = (f"20270101T000000-0000000{number}" for number in (1, 2, 3))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The generations that were opened, in order."""
    names: list[str] = []

    class Noted(OpenGeneration):
        def __init__(self, index: Path, name: str, loader: object) -> None:
            names.append(name)
            super().__init__(index, name, loader)  # type: ignore[arg-type]

    monkeypatch.setattr(live_module, "OpenGeneration", Noted)
    return names


@pytest.fixture
def live(library: Library) -> Iterator[LiveIndex]:
    index = LiveIndex(library.index, tiny_loader(), standby=True)
    index.refresh()
    yield index
    index.close()
    assert library.copies() == []


def name_of(index: LiveIndex) -> str:
    with index.reader() as generation:
        return generation.name


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


# ---------------------------------------------------------------- the one before


def test_going_back_opens_nothing(library: Library, made: list[str], live: LiveIndex) -> None:
    old = name_of(live)
    library.twin(ONE)
    live.refresh()
    for name in (old, ONE, old):
        publish(library.index, name)
        assert live.refresh()
        assert name_of(live) == name
    assert made == [old, ONE]
    assert len(library.copies()) == 2


def test_one_stands_by_and_no_more(library: Library, live: LiveIndex) -> None:
    for name in (ONE, TWO, THREE):
        library.twin(name)
        live.refresh()
    assert name_of(live) == THREE
    assert len(library.copies()) == 2


def test_what_stands_by_was_made_quick_once(library: Library) -> None:
    quick: list[str] = []
    index = LiveIndex(library.index, tiny_loader(), lambda new: quick.append(new.name), standby=True)
    index.refresh(warm_up=True)
    old = name_of(index)
    library.twin(ONE)
    index.refresh(warm_up=True)
    for name in (old, ONE, old):
        publish(library.index, name)
        index.refresh(warm_up=True)
    assert quick == [ONE, old]  # the first one went live without it
    index.close()


def test_a_reader_of_what_stands_by_keeps_it(library: Library, live: LiveIndex) -> None:
    with live.reader() as first:
        library.twin(ONE)
        live.refresh()
        library.twin(TWO)
        live.refresh()
        assert len(library.copies()) == 3
        assert first.dense.search("The pool", "en", 3)
    assert len(library.copies()) == 2


def test_the_one_before_a_restart_stands_by(library: Library, made: list[str]) -> None:
    quick: list[str] = []
    old = library.live().name
    library.twin(ONE)
    index = LiveIndex(library.index, tiny_loader(), lambda new: quick.append(new.name), standby=True)
    index.refresh(warm_up=True)
    for _ in range(2):
        index.stand_by(old)
    index.stand_by("another one")  # one stands by already
    publish(library.index, old)
    index.refresh(warm_up=True)
    assert name_of(index) == old
    assert (made, quick) == ([ONE, old], [old])
    index.close()
    assert library.copies() == []


def test_nothing_stands_by_where_nothing_is_kept(library: Library) -> None:
    index = LiveIndex(library.index, tiny_loader())
    index.refresh()
    library.twin(ONE, live=False)
    index.stand_by(ONE)
    assert len(library.copies()) == 1
    index.close()


# ---------------------------------------------------------------- one that is looked at


def test_one_that_is_not_live_is_lent(library: Library, made: list[str], live: LiveIndex) -> None:
    old = name_of(live)
    library.twin(ONE, live=False)
    for _ in range(2):
        with live.beside(ONE) as looked_at:
            assert looked_at.name == ONE
            assert looked_at.dense.search("The pool", "en", 3)
            assert name_of(live) == old
    assert made == [old, ONE]


def test_the_live_one_and_the_one_before_are_lent_as_they_are(
    library: Library, made: list[str], live: LiveIndex
) -> None:
    old = name_of(live)
    with live.reader() as read, live.beside(old) as lent:
        assert lent is read
    library.twin(ONE)
    live.refresh()
    with live.beside(old) as before:
        assert before.name == old
    assert made == [old, ONE]


def test_what_was_looked_at_goes_live_without_being_opened_again(
    library: Library, made: list[str], live: LiveIndex
) -> None:
    old = name_of(live)
    library.twin(ONE, live=False)
    with live.beside(ONE) as looked_at:
        looked_at.worked_out["reader"] = "something"
    publish(library.index, ONE)
    assert live.refresh()
    with live.reader() as now:
        assert now.worked_out == {"reader": "something"}
    publish(library.index, old)
    live.refresh()
    live.forget(ONE)  # it stands by, and stays
    assert len(library.copies()) == 2
    assert made == [old, ONE]


def test_what_was_made_quick_before_goes_live_at_once(library: Library) -> None:
    quick: list[str] = []
    index = LiveIndex(library.index, tiny_loader(), lambda new: quick.append(new.name), standby=True)
    index.refresh(warm_up=True)
    library.twin(ONE, live=False)
    index.make_quick(ONE)
    assert quick == [ONE]
    publish(library.index, ONE)
    index.refresh(warm_up=True)
    assert (quick, name_of(index)) == ([ONE], ONE)
    index.close()
    assert library.copies() == []


def test_it_is_closed_when_it_is_forgotten(library: Library, live: LiveIndex) -> None:
    library.twin(ONE, live=False)
    with live.beside(ONE) as looked_at:
        live.forget("another one")
        live.forget(ONE)
        assert looked_at.dense.search("The pool", "en", 3)
        assert len(library.copies()) == 2
    assert len(library.copies()) == 1
    live.forget(ONE)
    live.forget(name_of(live))
    assert name_of(live)


def test_the_next_one_takes_its_place(library: Library, live: LiveIndex) -> None:
    for name in (ONE, TWO):
        library.twin(name, live=False)
        with live.beside(name):
            pass
    assert len(library.copies()) == 2


def test_one_that_is_not_there_or_not_whole(library: Library, live: LiveIndex) -> None:
    with pytest.raises(IndexMissingError), live.beside("none"):
        pass
    library.twin(ONE, lambda folder: (folder / PASSAGES).unlink(), live=False)
    with pytest.raises(IndexDamagedError, match=PASSAGES), live.beside(ONE):
        pass
    assert len(library.copies()) == 1


def test_nothing_is_lent_after_closing(library: Library) -> None:
    index = LiveIndex(library.index, tiny_loader(), standby=True)
    index.refresh()
    library.twin(ONE, live=False)
    with index.beside(ONE) as looked_at:
        index.close()
        assert looked_at.dense.search("The pool", "en", 3)
    assert library.copies() == []
    with pytest.raises(IndexMissingError, match="being stopped"), index.beside(ONE):
        pass
    assert library.copies() == []


def test_many_look_at_it_at_once(library: Library, live: LiveIndex) -> None:
    library.twin(ONE, live=False)
    lent: list[OpenGeneration] = []
    barrier = threading.Barrier(4)

    def look() -> None:
        with live.beside(ONE) as generation:
            lent.append(generation)
            barrier.wait(30)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(map(id, lent))) == 1
    assert len(library.copies()) == 2


def test_the_watcher_closes_what_was_thrown_away(library: Library, live: LiveIndex) -> None:
    live.watch()
    library.twin(ONE, live=False)
    with live.beside(ONE):
        pass
    shutil.rmtree(generation_folder(library.index, ONE))
    until(lambda: len(library.copies()) == 1)
