"""Following published generations while readers come and go."""

import contextlib
import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.library.corpora import write_corpus
from tests.retrieval.libraries import CORPUS, Library, tiny_loader
from tests.retrieval.processes import ENVIRONMENT, ROOT

from civicbot.errors import CivicbotError, IndexDamagedError, IndexMissingError
from civicbot.generation import MANIFEST, PASSAGES, publish
from civicbot.retrieval import live as live_module
from civicbot.retrieval.live import LiveIndex
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import HybridRetriever

ENGLISH = frozenset({"en"})
SEVERAL = 6


def editions(number: int) -> dict[str, str]:
    """Several documents that all tell the same edition."""
    return {
        f"editions/{n}.md": f"# Leaflet {n}\n\nThis leaflet belongs to edition number{number}.\n"
        for n in range(SEVERAL)
    }


def until(condition: Callable[[], bool], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def name_of(index: LiveIndex) -> str:
    with index.reader() as generation:
        return generation.name


@pytest.fixture
def live(library: Library) -> Iterator[LiveIndex]:
    index = LiveIndex(library.index, tiny_loader())
    yield index
    index.close()
    assert library.copies() == []


# ---------------------------------------------------------------- opening and closing


def test_nothing_is_indexed(tmp_path: Path) -> None:
    index = LiveIndex(tmp_path / "index", tiny_loader())
    with pytest.raises(IndexMissingError, match="still being opened"), index.reader():
        pass
    with pytest.raises(IndexMissingError, match="has not been indexed yet"):
        index.refresh()
    with pytest.raises(IndexMissingError, match="has not been indexed yet") as caught, index.reader():
        pass
    assert "civicbot ingest" in caught.value.hint
    assert isinstance(index.problem, IndexMissingError)
    index.close()


def test_refresh_opens_once(library: Library, live: LiveIndex) -> None:
    assert live.refresh()
    assert not live.refresh()
    assert live.problem is None
    assert name_of(live) == library.live().name
    assert len(library.copies()) == 1


def test_many_refreshes_open_once(library: Library, live: LiveIndex) -> None:
    swapped: list[bool] = []
    threads = [threading.Thread(target=lambda: swapped.append(live.refresh())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(swapped) == [False] * 7 + [True]
    assert len(library.copies()) == 1


def test_after_closing(library: Library) -> None:
    index = LiveIndex(library.index, tiny_loader())
    index.watch()
    index.watch()
    until(lambda: len(library.copies()) == 1)
    until(lambda: not raises(index))
    index.close()
    index.close()
    assert library.copies() == []
    with pytest.raises(IndexMissingError, match="being stopped"), index.reader():
        pass
    assert not index.refresh()
    assert library.copies() == []
    assert "index-watcher" not in [thread.name for thread in threading.enumerate()]


def raises(index: LiveIndex) -> bool:
    try:
        with index.reader():
            return False
    except CivicbotError:
        return True


def test_a_generation_is_prepared_before_it_takes_anothers_place(library: Library) -> None:
    seen: list[tuple[str, str]] = []
    index = LiveIndex(library.index, tiny_loader(), prepare=lambda new: seen.append((new.name, name_of(index))))
    index.refresh(warm_up=True)
    old = name_of(index)
    assert seen == []  # nobody waits for the first one
    library.twin("20270101T000000-00000001")
    index.refresh(warm_up=True)
    assert seen == [("20270101T000000-00000001", old)]
    assert name_of(index) == "20270101T000000-00000001"
    index.close()


def test_what_was_worked_out_goes_with_its_generation(library: Library, live: LiveIndex) -> None:
    live.refresh()
    with live.reader() as first:
        first.worked_out["reader"] = "something"
        library.twin("20270101T000000-00000001")
        live.refresh()
        assert first.worked_out == {"reader": "something"}
        with live.reader() as second:
            assert second.worked_out == {}
    assert first.worked_out == {}


def test_a_reader_keeps_its_generation_over_a_swap_and_over_closing(library: Library, live: LiveIndex) -> None:
    live.refresh()
    with live.reader() as first:
        old = first.name
        library.twin("20270101T000000-00000001")
        assert live.refresh()
        with live.reader() as second:
            assert second.name == "20270101T000000-00000001"
            assert len(library.copies()) == 2
            live.close()
            for generation in (first, second):
                assert generation.dense.search("The pool", "en", 3)
        assert len(library.copies()) == 1
        assert first.name == old
        assert first.dense.search("The pool", "en", 3)
    assert library.copies() == []


def test_the_last_of_several_readers_closes(library: Library, live: LiveIndex) -> None:
    live.refresh()
    with contextlib.ExitStack() as readers:
        generations = [readers.enter_context(live.reader()) for _ in range(5)]
        assert len(set(map(id, generations))) == 1
        library.twin("20270101T000000-00000001")
        live.refresh()
        assert len(library.copies()) == 2
    assert len(library.copies()) == 1


def test_a_reader_that_fails_returns_what_it_borrowed(library: Library, live: LiveIndex) -> None:
    live.refresh()
    with pytest.raises(ZeroDivisionError), live.reader():
        raise ZeroDivisionError
    library.twin("20270101T000000-00000001")
    live.refresh()
    assert len(library.copies()) == 1


def test_closing_while_one_is_being_opened(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    opening, go = threading.Event(), threading.Event()

    class Slow(OpenGeneration):
        def __init__(self, *arguments: object) -> None:
            opening.set()
            go.wait(10)
            super().__init__(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(live_module, "OpenGeneration", Slow)
    index = LiveIndex(library.index, tiny_loader())
    thread = threading.Thread(target=index.refresh)
    thread.start()
    opening.wait(10)
    index.close()
    go.set()
    thread.join(10)
    assert raises(index)
    assert library.copies() == []


# ---------------------------------------------------------------- refusing


@pytest.mark.slow
def test_the_old_one_serves_while_a_damaged_one_is_published(
    library: Library, live: LiveIndex, caplog: pytest.LogCaptureFixture
) -> None:
    live.watch()
    until(lambda: not raises(live))
    old = name_of(live)
    library.twin("20270101T000000-00000001", lambda folder: (folder / PASSAGES).unlink())
    until(lambda: live.problem is not None)
    for _ in range(20):
        with live.reader() as generation:
            assert generation.name == old
            found = HybridRetriever(generation=generation, dense_languages=ENGLISH).search(
                "When is the pool closed", "en"
            )
            assert found.hits
            assert not found.degraded
    problem = live.problem
    assert isinstance(problem, IndexDamagedError)
    assert "20270101T000000-00000001" in problem.message
    assert PASSAGES in problem.message
    assert "civicbot ingest --rebuild" in problem.hint
    time.sleep(1.2)
    refusals = [record for record in caplog.records if record.getMessage() == "index_refused"]
    assert [vars(record)["fields"]["index"] for record in refusals] == ["20270101T000000-00000001"]
    publish(library.index, old)
    until(lambda: live.problem is None)
    library.twin("20270101T000000-00000002")
    until(lambda: name_of(live) == "20270101T000000-00000002")
    assert live.problem is None
    until(lambda: len(library.copies()) == 1)


def test_going_back_to_the_one_that_is_open_ends_the_problem(library: Library, live: LiveIndex) -> None:
    live.refresh()
    old = name_of(live)
    library.twin("20270101T000000-00000001", lambda folder: (folder / MANIFEST).unlink())
    with pytest.raises(IndexDamagedError, match="never finished"):
        live.refresh()
    assert live.problem is not None
    publish(library.index, old)
    assert not live.refresh()
    assert live.problem is None


def test_a_refused_one_is_tried_again(library: Library, live: LiveIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "_TRY_AGAIN_AFTER", 0.1)
    aside = library.folder / "aside"
    folder = library.twin("20270101T000000-00000001", lambda folder: (folder / PASSAGES).rename(aside))
    live.watch()
    until(lambda: live.problem is not None)
    with pytest.raises(IndexDamagedError, match=PASSAGES), live.reader():
        pass
    aside.rename(folder / PASSAGES)
    until(lambda: live.problem is None)
    assert name_of(live) == folder.name


def test_a_place_for_copies_is_missing_for_a_while(
    library: Library, live: LiveIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_module, "_TRY_AGAIN_AFTER", 0.1)
    library.readers.write_text("a file", encoding="utf-8")
    live.watch()
    until(lambda: live.problem is not None)
    library.readers.unlink()
    until(lambda: not raises(live))


@pytest.mark.parametrize("content", [b"../../etc", b"a\x00b", None])
def test_a_pointer_that_cannot_be_read(library: Library, live: LiveIndex, content: bytes | None) -> None:
    live.watch()
    until(lambda: not raises(live))
    old, pointer = name_of(live), library.index / "CURRENT"
    pointer.unlink()
    if content is None:
        pointer.mkdir()
    else:
        pointer.write_bytes(content)
    until(lambda: live.problem is not None)
    assert name_of(live) == old
    if content is None:
        pointer.rmdir()
    publish(library.index, old)
    until(lambda: live.problem is None)
    library.twin("20270101T000000-00000001")
    until(lambda: name_of(live) == "20270101T000000-00000001")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", None])
def test_the_pointer_holds_no_name_any_more(library: Library, live: LiveIndex, content: bytes | None) -> None:
    live.refresh()
    (library.index / "CURRENT").unlink()
    if content is not None:
        (library.index / "CURRENT").write_bytes(content)
    assert not live.refresh()
    assert not raises(live)


def test_the_watcher_survives_anything(
    library: Library, live: LiveIndex, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(live_module, "_TRY_AGAIN_AFTER", 0.1)
    tries = []

    class Moody(OpenGeneration):
        def __init__(self, *arguments: object) -> None:
            tries.append(1)
            if len(tries) < 3:
                raise ZeroDivisionError("nobody thought of it")
            super().__init__(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(live_module, "OpenGeneration", Moody)
    live.watch()
    until(lambda: not raises(live))
    assert len(library.copies()) == 1
    assert [r.getMessage() for r in caplog.records if r.levelname == "ERROR"] == ["index_watch_failed"] * 2
    assert live.problem is None


def test_readers_get_an_error_of_their_own(tmp_path: Path) -> None:
    # One object raised again and again would gather the frames of all requests.
    index = LiveIndex(tmp_path / "index", tiny_loader())
    with pytest.raises(IndexMissingError):
        index.refresh()
    caught = []
    for _ in range(3):
        with pytest.raises(IndexMissingError) as info, index.reader():
            pass
        caught.append(info.value)
    assert len(set(map(id, [*caught, index.problem]))) == 4
    assert index.problem is not None
    assert index.problem.__traceback__ is None


# ---------------------------------------------------------------- swapping under load


class Asker(threading.Thread):
    """Asks without pause until told to stop.

    Attributes:
        seen: the generation and the edition that each answer came from.
        failure: what went wrong.
    """

    def __init__(self, index: LiveIndex, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._index = index
        self._stop_asking = stop
        self.seen: list[tuple[str, str]] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            while not self._stop_asking.is_set():
                self.seen.append(self._ask())
        except BaseException as error:
            self.failure = error
            raise

    def _ask(self) -> tuple[str, str]:
        with self._index.reader() as generation:
            retriever = HybridRetriever(generation=generation, dense_languages=ENGLISH)
            found = retriever.search("To which edition does the leaflet belong?", "en")
            assert not found.degraded
            texts = [hit.passage.text for hit in found.hits if "edition" in hit.passage.text]
            assert len(texts) == SEVERAL
            (edition,) = {text.split("number")[1] for text in texts}
            for hit in found.hits:
                assert hit.passage.text in generation.document(hit.passage.document_id).text
            return generation.name, edition.strip(".")


@pytest.mark.slow
def test_swaps_while_twenty_threads_ask(library: Library, live: LiveIndex) -> None:
    names = {library.ingest(editions(0)): "0"}
    live.watch()
    until(lambda: not raises(live))
    stop = threading.Event()
    askers = [Asker(live, stop) for _ in range(20)]
    for asker in askers:
        asker.start()
    for number in range(1, 5):
        name = library.ingest(editions(number))
        names[name] = str(number)
        until(lambda name=name: name_of(live) == name, 60)  # type: ignore[misc]
        time.sleep(0.3)
    stop.set()
    for asker in askers:
        asker.join(30)
    assert [asker.failure for asker in askers] == [None] * 20
    seen = {answer for asker in askers for answer in asker.seen}
    assert seen == set(names.items())
    for asker in askers:
        # Nobody is sent back to an older generation.
        assert [name for name, _ in asker.seen] == sorted(name for name, _ in asker.seen)
    until(lambda: len(library.copies()) == 1)


# ---------------------------------------------------------------- killed ingests


def start_ingest(library: Library) -> "subprocess.Popen[bytes]":
    environment = {
        **ENVIRONMENT,
        "CIVICBOT_CORPUS": str(library.settings.corpus),
        "CIVICBOT_DATA": str(library.settings.data),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "civicbot", "ingest"],
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def generations(library: Library) -> set[str]:
    return {folder.name for folder in (library.index / "generations").iterdir()}


def published(library: Library) -> str:
    return (library.index / "CURRENT").read_text(encoding="utf-8").strip()


def killed_ingest(library: Library, seconds: float, *, writing: bool) -> bool:
    """Starts an ingest and kills it after so many seconds, counted from its start or from when it begins to write.

    Returns:
        Whether it was killed, rather than done before.
    """
    before = generations(library)
    with start_ingest(library) as process:
        try:
            if writing:
                until(lambda: bool(generations(library) - before) or process.poll() is not None, 120)
            time.sleep(seconds)
        finally:
            process.kill()
        return process.wait(60) == -signal.SIGKILL


@pytest.fixture
def clear_up() -> Iterator[contextlib.ExitStack]:
    with contextlib.ExitStack() as stack:
        yield stack


@pytest.mark.slow
def test_readers_do_not_notice_killed_ingests(tmp_path: Path, clear_up: contextlib.ExitStack) -> None:
    library = Library(tmp_path)
    write_corpus(library.settings.corpus, {**CORPUS, **editions(0)})
    began = time.monotonic()
    with start_ingest(library) as process:
        assert process.wait(120) == 0
    duration = time.monotonic() - began
    # Words alone: the model that would read the question is another one than made the vectors.
    index = LiveIndex(library.index, tiny_loader())
    index.watch()
    until(lambda: not raises(index))
    stop = threading.Event()

    class WordAsker(Asker):
        def _ask(self) -> tuple[str, str]:
            time.sleep(0.01)
            with index.reader() as generation:
                found = HybridRetriever(generation=generation).search("To which edition does the leaflet belong?", "en")
                (edition,) = {
                    hit.passage.text.split("number")[1] for hit in found.hits if "edition" in hit.passage.text
                }
                return generation.name, edition.strip(".")

    asker = WordAsker(index, stop)
    clear_up.callback(index.close)
    clear_up.callback(asker.join, 30)
    clear_up.callback(stop.set)
    asker.start()
    moments = random.Random(20261122)
    names, killed, unfinished = {published(library): "0"}, 0, 0
    for number in range(1, 11):
        write_corpus(library.settings.corpus, editions(number))
        before = published(library)
        # Every other one in the middle of writing, wherever that is on this machine today.
        writing = number % 2 == 0
        seconds = moments.random() * duration * (0.2 if writing else 1.0)
        killed += killed_ingest(library, seconds, writing=writing)
        after = published(library)
        names.setdefault(after, str(number))
        unfinished += any(not (folder / MANIFEST).exists() for folder in (library.index / "generations").iterdir())
        until(lambda name=after: name_of(index) == name, 60)  # type: ignore[misc]
        assert index.problem is None
        answered = len(asker.seen)
        until(lambda n=answered: len(asker.seen) > n or not asker.is_alive())  # type: ignore[misc]
        assert asker.failure is None
        assert asker.seen[-1] == (after, names[after])
        assert after == before or names[after] == str(number)
    assert killed >= 8
    assert unfinished > 0
    write_corpus(library.settings.corpus, editions(11))
    with start_ingest(library) as process:
        assert process.wait(120) == 0
    names[published(library)] = "11"
    until(lambda: asker.seen[-1] == (published(library), "11") or not asker.is_alive(), 60)
    stop.set()
    asker.join(30)
    assert asker.failure is None
    assert set(asker.seen) <= set(names.items())
    index.close()
    assert library.copies() == []
    assert json.loads((library.live() / MANIFEST).read_text(encoding="utf-8"))["name"] == published(library)
