import numpy as np
import pytest
from tests.library.corpora import HashingEmbedder, hashing_models

from civicbot.errors import IngestError
from civicbot.language.embedding import BUNDLED
from civicbot.library.chunking import content_hash
from civicbot.library.progress import NoProgress
from civicbot.library.vectors import Embedded, Known, embed_passages, installed_models
from civicbot.model import DocumentKind, Language, Passage, Statement

ENGLISH = frozenset({"en"})
NOTHING = Known()


def passage(number: int, text: str, *said: str, language: Language = "en") -> Passage:
    raw = Passage(
        id=f"d.{number}",
        document_id="d",
        kind=DocumentKind.DOCUMENT,
        language=language,
        title="T",
        heading="",
        text=text,
        start=0,
        end=len(text),
        statements=tuple(Statement(text=each, start=0, end=len(each), supports=()) for each in said),
        content_hash="",
    )
    return raw.model_copy(update={"content_hash": content_hash(raw)})


PASSAGES = [passage(n, f"Text number {n} " * (70 - n)) for n in range(1, 70)]


def taken_over(first: Embedded) -> Known:
    return Known(dict(zip([p.content_hash for p in PASSAGES], first.vectors, strict=True)))


def test_vectors_in_index_order() -> None:
    embedder = HashingEmbedder()
    found = embed_passages(PASSAGES, NOTHING, "x", hashing_models(embedder), ENGLISH, NoProgress())
    assert found.vectors.dtype == np.float32
    expected = HashingEmbedder().embed_documents([p.search_text for p in PASSAGES])
    assert np.allclose(found.vectors, expected, atol=1e-6)
    assert (found.record.name, found.record.fingerprint, found.record.dimensions) == ("x", "hashing-1", 32)
    assert found.computed == len(PASSAGES) == len(embedder.texts)


def test_only_unknown_texts_are_embedded() -> None:
    first = embed_passages(PASSAGES, NOTHING, "x", hashing_models(HashingEmbedder()), ENGLISH, NoProgress())
    known = taken_over(first)
    embedder = HashingEmbedder()
    more = [passage(1, "Something new."), *PASSAGES, passage(99, "Something new.")]
    again = embed_passages(more, known, "x", hashing_models(embedder), ENGLISH, NoProgress())
    assert embedder.texts == ["T\nSomething new."]
    assert np.array_equal(again.vectors[1:-1], first.vectors)
    assert np.array_equal(again.vectors[0], again.vectors[-1])


def test_no_model_is_loaded_when_nothing_is_missing() -> None:
    first = embed_passages(PASSAGES, NOTHING, "x", hashing_models(HashingEmbedder()), ENGLISH, NoProgress())
    known = taken_over(first)
    embedder = HashingEmbedder()
    assert embed_passages(PASSAGES[:3], known, "x", hashing_models(embedder), ENGLISH, NoProgress()).computed == 0
    assert embedder.texts == []


def told(text: str) -> list[float]:
    return HashingEmbedder().embed_documents([text])[0]


def test_sentences_have_vectors_in_index_order() -> None:
    both = [passage(1, "One.", "A bus runs.", "It is free."), passage(2, "Two."), passage(3, "Three.", "A lab opens.")]
    found = embed_passages(both, NOTHING, "x", hashing_models(HashingEmbedder()), ENGLISH, NoProgress())
    assert found.sentences.dtype == np.float16
    assert found.sentences.shape == (3, 32)
    expected = [told(text) for text in ("A bus runs.", "It is free.", "A lab opens.")]
    assert np.allclose(found.sentences, expected, atol=1e-3)


def test_sentences_of_languages_that_the_model_does_not_know_have_none() -> None:
    mixed = [passage(1, "하나.", "버스가 다닙니다.", language="ko"), passage(2, "One.", "A bus runs.")]
    embedder = HashingEmbedder()
    found = embed_passages(mixed, NOTHING, "x", hashing_models(embedder), ENGLISH, NoProgress())
    assert not found.sentences[0].any()
    assert found.sentences[1].any()
    assert embedder.texts.count("버스가 다닙니다.") == 0
    none = embed_passages(mixed, NOTHING, "x", hashing_models(HashingEmbedder()), frozenset(), NoProgress())
    assert none.sentences.shape == (2, 32)
    assert not none.sentences.any()


def test_sentences_are_taken_over_by_their_text() -> None:
    known = Known(sentences={"A bus runs.": np.full(32, 0.5, dtype=np.float16)})
    embedder = HashingEmbedder()
    twice = [passage(1, "One.", "A bus runs.", "It is new."), passage(2, "Two.", "It is new.")]
    found = embed_passages(twice, known, "x", hashing_models(embedder), ENGLISH, NoProgress())
    assert (found.sentences[0] == 0.5).all()
    assert np.array_equal(found.sentences[1], found.sentences[2])
    assert embedder.texts.count("It is new.") == 1
    assert "A bus runs." not in embedder.texts
    assert found.computed == 2


def test_passages_without_sentences() -> None:
    found = embed_passages(PASSAGES, NOTHING, "x", hashing_models(HashingEmbedder()), ENGLISH, NoProgress())
    assert found.sentences.shape == (0, 32)


class Broken(HashingEmbedder):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float("nan")] * self.dimensions for _ in texts]


class Short(HashingEmbedder):
    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return super().embed_documents(texts)[1:]


@pytest.mark.parametrize("embedder", [Broken(), Short()])
def test_vectors_that_cannot_be_used(embedder: HashingEmbedder) -> None:
    with pytest.raises(IngestError, match="CIVICBOT_EMBEDDER"):
        embed_passages(PASSAGES, NOTHING, "x", hashing_models(embedder), ENGLISH, NoProgress())


def test_vectors_of_another_length() -> None:
    known = Known({PASSAGES[0].content_hash: np.ones(3, dtype=np.float32)})
    with pytest.raises(IngestError, match="--rebuild"):
        embed_passages(PASSAGES, known, "x", hashing_models(HashingEmbedder()), ENGLISH, NoProgress())


@pytest.mark.slow
def test_the_bundled_model() -> None:
    texts = [
        passage(1, "The city pays 4 billion won for the pilot."),
        passage(2, "A budget of four billion won is set aside by the city."),
        passage(3, "Cats sleep most of the day."),
    ]
    found = embed_passages(texts, NOTHING, BUNDLED, installed_models(), ENGLISH, NoProgress())
    assert found.record.dimensions == 384
    assert np.allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    near, far = found.vectors[0] @ found.vectors[1], found.vectors[0] @ found.vectors[2]
    assert near > far + 0.2
