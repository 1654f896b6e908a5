from pathlib import Path

import pytest

from civicbot.errors import IngestError
from civicbot.evaluation.benchmarks.plain import PlainDocument, main_language, plain_library
from civicbot.generation import index_folder, live_generation
from civicbot.retrieval.retriever import HybridRetriever
from civicbot.settings import Settings

WORDS_ALONE = Settings(embedder_languages="none")
BUS = PlainDocument("bus / 28", "28번 시내버스는 시장 앞에 섭니다.", "시내버스 노선")
POOL = PlainDocument("pool", "수영장은 월요일에 쉽니다.\n\n화요일에는 아홉 시에 문을 엽니다.")
EMPTY = PlainDocument("empty", " \n")


def test_documents_keep_their_ids_titles_and_words() -> None:
    with plain_library([BUS, EMPTY, POOL], WORDS_ALONE) as library:
        generation = library.generation
        assert sorted(library.own_ids.values()) == ["bus / 28", "pool"]
        assert [document.title for document in generation.documents] == ["시내버스 노선", ""]
        assert {passage.language for passage in generation.passages} == {library.language} == {"ko"}
        found = HybridRetriever(generation=generation).search("수영장 쉬는 날", library.language)
        assert library.own_ids[found.hits[0].passage.document_id] == "pool"
        for passage in generation.passages:
            text = generation.document(passage.document_id).text
            assert text[passage.start : passage.end] == passage.text


def test_it_is_a_live_index_until_it_is_left() -> None:
    with plain_library([BUS], WORDS_ALONE) as library:
        folder, manifest = live_generation(index_folder(library.data))
        assert manifest.name == library.generation.name
        assert folder.is_dir()
    assert not Path(library.data).exists()


def test_the_language_of_most() -> None:
    assert main_language(["광주의 예산입니다.", "The pool is closed.", "시장 앞에 섭니다."]) == "ko"
    assert main_language(["The pool is closed.", "Buses run all night.", "시장"]) == "en"
    assert main_language([]) == "ko"


@pytest.mark.parametrize("documents", [[], [EMPTY]])
def test_nothing_to_index(documents: list[PlainDocument]) -> None:
    with pytest.raises(IngestError, match="no sentence"), plain_library(documents, WORDS_ALONE):
        pass
