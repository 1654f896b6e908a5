import logging
import threading
from pathlib import Path

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import ValidationError
from tests.loops import run
from tests.retrieval.libraries import CORPUS, Library, TinyModel, tiny_embedder, tiny_loader

from civicbot.errors import EmbedderError
from civicbot.language.embedding import BUNDLED, Embedder, fingerprint, load_embedder
from civicbot.library.vectors import installed_models
from civicbot.retrieval.dense import EmbedderLoader
from civicbot.retrieval.opened import OpenGeneration
from civicbot.retrieval.retriever import HybridRetriever, Retrieval

BOTH = frozenset({"ko", "en"})
ENGLISH = frozenset({"en"})
LOGGER = "civicbot.retrieval.retriever"


def retriever(
    generation: OpenGeneration, *, dense: frozenset[str] = frozenset(), asked_as: bool = True, k: int = 20
) -> HybridRetriever:
    return HybridRetriever(generation=generation, dense_languages=dense, asked_as=asked_as, k=k)


def ids(found: Retrieval) -> list[str]:
    return [hit.passage.id for hit in found.hits]


def broken() -> Embedder:
    raise EmbedderError("It is broken.")


# ---------------------------------------------------------------- words


def test_korean_particles_do_not_matter(opened: OpenGeneration) -> None:
    search = retriever(opened).search
    bare = search("광주 예산", "ko")
    assert "예산" in bare.hits[0].passage.text
    for question in ("광주의 예산은", "광주에서의 예산이요?", "광주는 예산을", "광주 예산"):
        found = search(question, "ko")
        assert found.hits[0].passage == bare.hits[0].passage
        assert found.hits[0].lexical == pytest.approx(bare.hits[0].lexical)
        assert not found.degraded
    (hit, *_) = search("버스가 어디에 서나요", "ko").hits
    assert hit.passage.document_id == "S002-ko"


def test_english_forms_do_not_matter(opened: OpenGeneration) -> None:
    search = retriever(opened).search
    for question in ("Which bus stops at the market?", "market buses", "BUSES, MARKETS"):
        assert search(question, "en").hits[0].passage.document_id == "S002-en"


def test_only_passages_of_the_language_asked_for(opened: OpenGeneration) -> None:
    for dense in (frozenset[str](), BOTH):
        search = retriever(opened, dense=dense, k=50).search
        assert {hit.passage.language for hit in search("AI 시티 AI City", "ko").hits} == {"ko"}
        assert {hit.passage.language for hit in search("AI 시티 AI City", "en").hits} == {"en"}


@pytest.mark.parametrize(
    ("query", "language"), [("", "ko"), ("에서는요?", "ko"), ("what is the", "en"), ("?!", "en"), (" ", "en")]
)
def test_questions_without_any_content_word(opened: OpenGeneration, query: str, language: str) -> None:
    assert opened.tokenizer.tokens(query) == []
    assert retriever(opened).search(query, language) == Retrieval((), degraded=False)  # type: ignore[arg-type]
    found = retriever(opened, dense=BOTH).search(query, language)  # type: ignore[arg-type]
    assert not found.degraded
    assert all(hit.lexical == 0 and hit.wording == 0 and hit.dense is not None for hit in found.hits)


def test_words_that_the_library_does_not_have(opened: OpenGeneration) -> None:
    assert retriever(opened).search("Xylophone quartet", "en").hits == ()


@pytest.mark.parametrize(
    ("misspelt", "language", "found"),
    [("시내뻐스 노선", "ko", "S002-ko"), ("시내버쓰", "ko", "S002-ko"), ("swiming poool", "en", "pool-")],
)
def test_pieces_find_what_is_misspelt(opened: OpenGeneration, misspelt: str, language: str, found: str) -> None:
    hit = retriever(opened).search(misspelt, language).hits[0]  # type: ignore[arg-type]
    assert found in hit.passage.document_id


def test_words_side_by_side_count_more(tmp_path: Path) -> None:
    library = Library(tmp_path)
    apart = "The data are kept for the city centre of Gwangju."
    library.ingest({"a.md": f"# Notice\n\n{apart}", "b.md": "# Notice\n\nGwangju keeps a city data centre."})
    with library.open() as generation:
        together, other = retriever(generation).search("data centre", "en").hits
        assert together.passage.text.endswith("data centre.")
        assert together.score > other.score > 0


def test_how_many(opened: OpenGeneration) -> None:
    everything = retriever(opened, dense=ENGLISH, k=50).search("library pool bus", "en")
    for k in (1, 2, 3):
        assert retriever(opened, dense=ENGLISH, k=k).search("library pool bus", "en").hits == everything.hits[:k]
    with pytest.raises(ValidationError):
        retriever(opened, k=0)


# ---------------------------------------------------------------- sentences


def test_each_sentence_tells_how_like_the_question_it_is(opened: OpenGeneration) -> None:
    sentence = "Rep. Jung Jin-uk asked the National Assembly on 7 November 2025 to run the AI City project in Gwangju."
    hit = retriever(opened, dense=ENGLISH).search(sentence, "en").hits[0]
    assert [statement.text for statement in hit.passage.statements][1] == sentence
    assert len(hit.sentences) == len(hit.passage.statements)
    assert hit.sentences[1] == pytest.approx(1, abs=0.005)
    assert hit.sentences[0] < hit.sentences[1]


def test_sentences_tell_nothing_where_vectors_take_no_part(opened: OpenGeneration) -> None:
    for search, language in ((retriever(opened).search, "en"), (retriever(opened, dense=ENGLISH).search, "ko")):
        found = search("AI City 시범사업 예산", language)  # type: ignore[arg-type]
        assert found.hits
        assert all(hit.sentences == () for hit in found.hits)


# ---------------------------------------------------------------- wordings


def test_wordings_find_what_the_text_does_not_say(opened: OpenGeneration) -> None:
    for question in ("돈이 얼마나 들어요?", "돈 얼마 들어?"):
        hit = retriever(opened).search(question, "ko").hits[0]
        assert hit.passage.id == "ai-city-ko.2"
        assert hit.lexical == 0
        assert 0 < hit.wording <= 1


def test_the_nearer_wording_counts_more(opened: OpenGeneration) -> None:
    search = retriever(opened).search
    assert search("돈이 얼마나 들어요?", "ko").hits[0].wording > search("돈이 얼마나 남아요?", "ko").hits[0].wording > 0


def test_saying_a_word_twice_changes_no_share(opened: OpenGeneration) -> None:
    search = retriever(opened).search
    once, twice = search("돈 돈", "ko").hits[0], search("돈", "ko").hits[0]
    assert once.wording == pytest.approx(twice.wording)


def test_asked_as_off(opened: OpenGeneration) -> None:
    assert retriever(opened, asked_as=False).search("돈이 얼마나 들어요?", "ko").hits == ()
    found = retriever(opened, asked_as=False).search("예산이 얼마예요?", "ko")
    assert found.hits
    assert {hit.wording for hit in found.hits} == {0.0}


def test_wordings_are_of_their_own_language_only(opened: OpenGeneration) -> None:
    assert all(hit.wording == 0 for hit in retriever(opened).search("돈이 얼마나 들어요?", "en").hits)


def test_a_library_without_wordings(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.ingest({"a.txt": "The pool is closed."})
    with library.open() as generation:
        (hit,) = retriever(generation).search("pool", "en").hits
        assert hit.wording == 0


# ---------------------------------------------------------------- vectors


def test_vectors_find_what_words_do_not(opened: OpenGeneration) -> None:
    # "on the for" are words of the vectors' hashing, but no search tokens.
    found = retriever(opened, dense=ENGLISH).search("on for closed", "en")
    assert found.hits[0].passage.title == "The swimming pool"
    assert found.hits[0].dense == max(hit.dense for hit in found.hits if hit.dense is not None)
    only_near = [hit for hit in found.hits if hit.lexical == 0]
    assert only_near
    assert all(hit.dense is not None and hit.score > 0 for hit in only_near)
    assert retriever(opened).search("on for closed", "en").hits[0].dense is None


def test_a_single_passage(tmp_path: Path) -> None:
    library = Library(tmp_path)
    library.ingest({"a.txt": "The pool is closed."})
    with library.open() as generation:
        (hit,) = retriever(generation, dense=ENGLISH).search("The pool is closed.", "en").hits
        assert hit.dense is not None
        assert hit.score == pytest.approx(1.5)


def test_languages_that_the_model_does_not_know_never_touch_it(library: Library) -> None:
    model, loads = TinyModel(), []

    def load() -> Embedder:
        loads.append(1)
        return tiny_embedder(model=model)

    with library.open(EmbedderLoader(load, patient=True)) as generation:
        found = retriever(generation, dense=ENGLISH).search("광주의 예산은", "ko")
        assert found.hits
        assert not found.degraded
        assert all(hit.dense is None for hit in found.hits)
        assert loads == []
        retriever(generation, dense=ENGLISH).search("Gwangju's budget", "en")
        assert loads == [1]
        assert model.queries == ["Gwangju's budget"]


def raising() -> Embedder:
    class Raising(TinyModel):
        def encode(self, texts: list[str], **options: object) -> object:  # type: ignore[override]
            del texts, options
            raise RuntimeError("out of memory")

    return tiny_embedder(model=Raising())


def never() -> Embedder:
    threading.Event().wait()
    raise EmbedderError("The thread ends with the process.")


@pytest.mark.parametrize(
    ("loader", "reason"),
    [
        (EmbedderLoader(raising, patient=True), "RuntimeError"),
        (EmbedderLoader(never, patient=False), "still being loaded"),
        (EmbedderLoader(broken, patient=True), "It is broken"),
        (EmbedderLoader(lambda: tiny_embedder("hashing-2"), patient=True), "another embedding model"),
    ],
    ids=["the model raises", "still loading", "cannot be loaded", "another model"],
)
def test_words_still_find_when_vectors_cannot(
    library: Library, loader: EmbedderLoader, reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    with library.open(loader) as generation:
        check_degraded(generation, reason, caplog)


def test_words_still_find_when_chroma_is_closed(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    generation = library.open()
    generation.close()
    check_degraded(generation, "AttributeError", caplog)


def check_degraded(generation: OpenGeneration, reason: str, caplog: pytest.LogCaptureFixture) -> None:
    question = "Which bus stops at the market?"
    alone = retriever(generation).search(question, "en")
    with caplog.at_level(logging.WARNING, logger="civicbot"):
        found = retriever(generation, dense=ENGLISH).search(question, "en")
    assert found.hits == alone.hits
    assert found.hits[0].passage.document_id == "S002-en"
    assert found.degraded
    assert not alone.degraded
    (record,) = [record for record in caplog.records if record.name == LOGGER]
    assert (record.levelname, record.getMessage()) == ("WARNING", "dense_search_failed")
    assert reason in vars(record)["fields"]["reason"]
    assert "out of memory" not in vars(record)["fields"]["reason"]  # a library's message may quote the question


# ---------------------------------------------------------------- fusion


def test_the_same_question_gets_the_same_passages(opened: OpenGeneration) -> None:
    search = retriever(opened, dense=BOTH).search
    for question, language in (("What is the budget of the AI City?", "en"), ("AI 시티 예산은 얼마인가요?", "ko")):
        first = search(question, language)  # type: ignore[arg-type]
        assert len(first.hits) > 1
        assert all(search(question, language) == first for _ in range(20))  # type: ignore[arg-type]


def test_best_first(opened: OpenGeneration) -> None:
    found = retriever(opened, dense=ENGLISH, k=50).search("When is the swimming pool closed?", "en")
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert min(scores) > 0
    assert len(set(ids(found))) == len(found.hits)


@pytest.mark.parametrize("dense", [frozenset[str](), ENGLISH])
def test_equals_keep_index_order(tmp_path: Path, dense: frozenset[str]) -> None:
    library = Library(tmp_path)
    library.ingest({f"twin-{n:02}.md": "# Notice\n\nThe pool is closed." for n in range(30)})
    library.ingest({"other.md": "# Something else\n\nBuses run all night.\n\n## More\n\nTrams do not."})
    for _ in range(2):
        with library.open() as generation:
            twins = [passage.id for passage in generation.passages if passage.title == "Notice"]
            found = retriever(generation, dense=dense, k=7).search("The pool is closed.", "en")
            assert ids(found) == twins[:7]
            assert {hit.score for hit in found.hits} == {1.5 if dense else 1.0}
            assert ids(retriever(generation, dense=dense, k=30).search("The pool is closed.", "en")) == twins


def test_agreement_of_words_and_vectors_beats_one_of_them(opened: OpenGeneration) -> None:
    words = retriever(opened).search("The pool is closed on Mondays for cleaning.", "en")
    both = retriever(opened, dense=ENGLISH).search("The pool is closed on Mondays for cleaning.", "en")
    assert words.hits[0].passage == both.hits[0].passage
    assert both.hits[0].score > words.hits[0].score


# ---------------------------------------------------------------- LangChain


def test_it_is_a_langchain_retriever(opened: OpenGeneration) -> None:
    found = retriever(opened, dense=ENGLISH, k=3)
    assert isinstance(found, BaseRetriever)
    documents = found.invoke("Which bus stops at the market?")
    assert len(documents) == 3
    assert all(isinstance(document, Document) for document in documents)
    (first, *_) = documents
    passage = opened.passage(str(first.id))
    assert first.page_content == passage.text
    assert set(first.metadata) == {"passage_id", "document_id", "title", "heading", "language", "score", "degraded"}
    assert first.metadata["document_id"] == "S002-en"
    assert first.metadata["title"] == "A change of bus routes"
    assert first.metadata["language"] == "en"
    assert first.metadata["degraded"] is False
    assert first.metadata["score"] == found.search("Which bus stops at the market?", "en").hits[0].score


def test_langchain_tells_the_language_of_the_question(opened: OpenGeneration) -> None:
    (korean, english) = retriever(opened).batch(["시장 앞에 서는 버스는?", "Which bus stops at the market?"])
    assert [korean[0].metadata["document_id"], english[0].metadata["document_id"]] == ["S002-ko", "S002-en"]


def test_langchain_runs_it_without_blocking(opened: OpenGeneration) -> None:
    found = run(retriever(opened).ainvoke("광주의 예산은"))
    assert "예산" in found[0].page_content


# ---------------------------------------------------------------- the bundled model


@pytest.mark.slow
def test_the_bundled_model(tmp_path: Path) -> None:
    library = Library(tmp_path)
    object.__setattr__(library.settings, "embedder", BUNDLED)
    library.ingest(CORPUS, models=installed_models())
    loader = EmbedderLoader(lambda: load_embedder(BUNDLED), patient=True)
    with library.open(loader) as generation:
        assert generation.manifest.embedder.fingerprint == fingerprint(BUNDLED)
        question = "On what day can I not go for a swim?"
        found = retriever(generation, dense=ENGLISH).search(question, "en")
        assert not found.degraded
        assert found.hits[0].passage.title == "The swimming pool"
        # No word of the question stands in the passage that answers this one.
        paraphrase = retriever(generation, dense=ENGLISH).search("When can I borrow novels?", "en")
        assert paraphrase.hits[0].passage.title == "Opening hours of the library"
        assert paraphrase.hits[0].lexical == 0
    with library.open(tiny_loader()) as generation:
        assert retriever(generation, dense=ENGLISH).search(question, "en").degraded
