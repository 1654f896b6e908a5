import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from tests.retrieval.libraries import FINGERPRINT, Library, TinyModel, tiny_embedder, tiny_loader

from civicbot.errors import EmbedderError
from civicbot.generation import VECTORS
from civicbot.language.embedding import Embedder
from civicbot.retrieval.dense import DenseSearchError, EmbedderLoader
from civicbot.retrieval.opened import OpenGeneration

QUERY = "the swimming pool is closed"
TWINS = 30


def failing(error: BaseException) -> Callable[[], Embedder]:
    def load() -> Embedder:
        raise error

    return load


# ---------------------------------------------------------------- loading


def test_loading_happens_once_and_in_the_background() -> None:
    go, loads = threading.Event(), []

    def load() -> Embedder:
        go.wait(10)
        loads.append(threading.current_thread())
        return tiny_embedder()

    loader = EmbedderLoader(load, patient=False)
    assert loader.get() is None
    states = [loader.state]
    future = loader.start()
    go.set()
    embedder = future.result(10)
    assert loader.get() is embedder
    assert [*states, loader.state] == ["loading", "ready"]
    assert loader.start() is future
    assert len(loads) == 1
    assert loads[0] is not threading.current_thread()


def test_a_patient_loader_waits() -> None:
    go = threading.Event()

    def load() -> Embedder:
        go.wait(10)
        return tiny_embedder()

    loader = EmbedderLoader(load, patient=True)
    loader.start()
    threading.Timer(0.1, go.set).start()
    embedder = loader.get()
    assert embedder is not None
    assert embedder.fingerprint == FINGERPRINT


def test_many_threads_load_once() -> None:
    loads, got = [], []

    def load() -> Embedder:
        loads.append(1)
        return tiny_embedder()

    loader = EmbedderLoader(load, patient=True)
    threads = [threading.Thread(target=lambda: got.append(loader.get())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(loads) == 1
    assert len(got) == 20
    assert len(set(map(id, got))) == 1


def test_a_model_that_cannot_be_loaded(caplog: pytest.LogCaptureFixture) -> None:
    loader = tiny_loader(failing(EmbedderError("It is broken.", hint="Mend it.", code="broken")))
    caught = []
    for _ in range(3):
        with pytest.raises(EmbedderError, match="It is broken") as info:
            loader.get()
        caught.append(info.value)
    assert {(error.hint, error.code) for error in caught} == {("Mend it.", "broken")}
    # Raised again and again, one object would gather the frames of all who asked.
    assert len(set(map(id, caught))) == 3
    assert loader.state == "failed"
    assert [record.getMessage() for record in caplog.records] == ["embedder_failed"]


class NativePanic(BaseException):
    """As panics of native code come: no Exception."""


@pytest.mark.parametrize("error", [ZeroDivisionError("by zero"), NativePanic("in native code")])
def test_anything_else_that_goes_wrong_reaches_those_who_wait(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    loader = tiny_loader(failing(error))
    with pytest.raises(EmbedderError, match=str(error)):
        loader.get()
    assert loader.state == "failed"
    assert [record.exc_info is not None for record in caplog.records] == [True]


# ---------------------------------------------------------------- searching


def test_nearest_passages(opened: OpenGeneration, first_library: Library) -> None:
    vectors = np.load(first_library.live() / VECTORS)
    query = np.asarray(tiny_embedder().embed_query(QUERY))
    wanted = {
        passage.id: float(similarity)
        for passage, similarity in zip(opened.passages, vectors @ query, strict=True)
        if passage.language == "en"
    }
    found = opened.dense.search(QUERY, "en", 20)
    assert dict(found) == pytest.approx(wanted, abs=2e-6)
    assert found == sorted(found, key=lambda hit: -hit[1])
    assert opened.passage(found[0][0]).title == "The swimming pool"
    assert opened.dense.search(QUERY, "en", 2) == found[:2]
    korean = opened.dense.search(QUERY, "ko", 20)
    assert {opened.passage(name).language for name, _ in korean} == {"ko"}


@pytest.fixture
def twins(tmp_path: Path) -> Iterator[Library]:
    """Many passages with the very same text and vector, and one other."""
    library = Library(tmp_path)
    texts = {f"twin-{n:02}.md": "# Notice\n\nThe pool is closed." for n in range(TWINS)}
    library.ingest({**texts, "other.md": "# Something else\n\nBuses run all night."})
    yield library
    assert library.copies() == []


def test_equals_come_in_index_order_whoever_opened_the_index(twins: Library) -> None:
    # Chroma alone would give other ones of them after every start.
    for _ in range(3):
        with twins.open() as generation:
            wanted = [passage.id for passage in generation.passages if passage.title == "Notice"]
            assert len(wanted) == TWINS
            for k in (1, 5, 12, TWINS):
                assert [name for name, _ in generation.dense.search("The pool is closed.", "en", k)] == wanted[:k]


def refused(library: Library, loader: EmbedderLoader) -> str:
    with library.open(loader) as generation, pytest.raises(DenseSearchError) as caught:
        generation.dense.search(QUERY, "en", 5)
    return str(caught.value)


def test_the_model_is_not_there_yet(library: Library) -> None:
    go = threading.Event()

    def load() -> Embedder:
        go.wait(10)
        return tiny_embedder()

    loader = EmbedderLoader(load, patient=False)
    with library.open(loader) as generation:
        with pytest.raises(DenseSearchError, match="still being loaded"):
            generation.dense.search(QUERY, "en", 5)
        go.set()
        loader.start().result(10)
        assert generation.dense.search(QUERY, "en", 5)


def test_the_model_cannot_be_loaded(library: Library) -> None:
    assert "It is broken" in refused(library, tiny_loader(failing(EmbedderError("It is broken."))))


def test_another_model_than_made_the_vectors(library: Library) -> None:
    model = TinyModel()
    assert "another embedding model" in refused(library, tiny_loader(lambda: tiny_embedder("hashing-2", model)))
    assert model.queries == []


class Wild(TinyModel):
    """A model that gives anything but a vector."""

    def __init__(self, result: object) -> None:
        super().__init__()
        self._result = result

    def encode(self, texts: list[str], **options: object) -> object:  # type: ignore[override]
        del texts, options
        if isinstance(self._result, BaseException):
            raise self._result
        return self._result


@pytest.mark.parametrize(
    "result",
    [
        RuntimeError("out of memory"),
        ValueError("odd"),
        IndexError("index out of range in self"),
        TypeError("no tensor"),
        OSError("gone"),
        MemoryError(),
        ZeroDivisionError(),
        [],
        [[]],
        [[0.5] * 7],
        [[float("nan")] * 32],
        [["word"] * 32],
        None,
    ],
)
def test_a_model_that_fails(library: Library, result: object) -> None:
    assert refused(library, tiny_loader(lambda: tiny_embedder(model=Wild(result))))


def test_chroma_is_closed(library: Library) -> None:
    generation = library.open()
    assert generation.dense.search(QUERY, "en", 5)
    generation.close()
    with pytest.raises(DenseSearchError):
        generation.dense.search(QUERY, "en", 5)
    never_searched = library.open()
    never_searched.close()
    with pytest.raises(DenseSearchError):
        never_searched.dense.search(QUERY, "en", 5)


def test_chroma_is_closed_in_the_middle_of_searches(library: Library) -> None:
    generation = library.open()
    outcomes: list[str] = []

    def search() -> None:
        try:
            while True:
                assert generation.dense.search(QUERY, "en", 5)
        except DenseSearchError:
            outcomes.append("refused")

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    generation.close()
    for thread in threads:
        thread.join(20)
    assert outcomes == ["refused"] * 4
