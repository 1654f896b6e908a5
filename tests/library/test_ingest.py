import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from tests.library.corpora import BRIEF, NOTICE, HashingEmbedder, hashing_models, passages_of, settings, write_corpus

from civicbot.errors import EmbedderError, IngestError
from civicbot.generation import CHROMA, PASSAGES, SENTENCES, VECTORS, index_folder, live_generation
from civicbot.library.ingest import Summary, ingest, made_of, prepare
from civicbot.library.publishing import prepared_name, previous_name, put_in_place, rolled_back
from civicbot.library.vectors import Known, Models, known_vectors

BRIEF_PATH = "ko/briefs/ai-city.md"


class Library:
    """A corpus on disk, and its index."""

    def __init__(self, folder: Path) -> None:
        self.corpus = write_corpus(folder / "corpus")
        self.settings = settings(folder)
        self.index = index_folder(self.settings.data)
        self.embedder = HashingEmbedder()
        self.fingerprint = "hashing-1"

    def ingest(self, *, path: Path | None = None, rebuild: bool = False) -> Summary:
        self.embedder.texts.clear()
        models = hashing_models(self.embedder, self.fingerprint)
        return ingest(self.settings, path=path, rebuild=rebuild, models=models)

    def prepare(self) -> Summary:
        self.embedder.texts.clear()
        return prepare(self.settings, models=hashing_models(self.embedder, self.fingerprint))

    def write(self, name: str, text: str) -> None:
        write_corpus(self.corpus, {name: text})

    def names(self) -> set[str]:
        return {path.name for path in (self.index / "generations").iterdir()}

    def live(self) -> Path:
        return live_generation(self.index)[0]


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


def test_first_ingest(library: Library) -> None:
    summary = library.ingest()
    assert summary.new
    assert set(summary.added) >= {"S001-ko", "S001-en", "ai-city-ko"}
    assert len(summary.added) == 4
    assert (summary.changed, summary.removed, summary.unchanged, summary.problems) == ((), (), (), ())
    english = [s.text for p in passages_of(library.live()) if p.language == "en" for s in p.statements]
    assert summary.passages == summary.embedded == len(library.embedder.texts) - len(set(english))
    assert set(english) < set(library.embedder.texts)
    folder, manifest = live_generation(library.index)
    assert folder.name == manifest.name == summary.generation
    assert manifest.inputs_hash[:8] == summary.generation.split("-")[1]


def test_nothing_changed(library: Library) -> None:
    first = library.ingest()
    again = library.ingest()
    assert not again.new
    assert again.generation == first.generation
    assert (again.unchanged, again.passages, again.embedded) == (first.added, first.passages, 0)


def test_unchanged_passages_are_not_embedded_again(library: Library) -> None:
    first = library.ingest()
    library.write("notices/road works.md", NOTICE.replace("Bus 30 does not run.", "Bus 31 does not run."))
    library.write("new.txt", "A new leaflet says something.")
    (library.corpus / "en/sources/kwangju-ilbo-20251109-ai-city.md").unlink()
    summary = library.ingest()
    assert summary.new
    assert [len(names) for names in (summary.added, summary.changed, summary.removed, summary.unchanged)] == [
        1,
        1,
        1,
        2,
    ]
    assert summary.removed == ("S001-en",)
    # The changed and the new passage, and of their sentences those that are new.
    assert sorted(text.split("\n")[0] for text in library.embedder.texts) == [
        "A new leaflet says something.",
        "Bus 31 does not run.",
        "Road works in Buk-gu",
        "new",
    ]
    assert summary.embedded == 2
    assert summary.passages == first.passages


def test_vectors_taken_over_are_those_that_were_there(library: Library) -> None:
    library.ingest()
    before = known_vectors(*live_generation(library.index), "hashing-1")
    library.write("new.txt", "A new leaflet says something.")
    library.ingest()
    after = known_vectors(*live_generation(library.index), "hashing-1")
    assert before.passages
    assert before.sentences
    for old, new in ((before.passages, after.passages), (before.sentences, after.sentences)):
        assert old.keys() < new.keys()
        assert all(np.array_equal(vector, new[key]) for key, vector in old.items())
    assert known_vectors(*live_generation(library.index), "hashing-2") == Known()


def test_removal_alone_loads_no_model(library: Library) -> None:
    library.ingest()
    (library.corpus / "notices/road works.md").unlink()

    def fail(_name: str) -> HashingEmbedder:
        raise EmbedderError("The model was loaded.")

    summary = ingest(library.settings, models=Models(lambda _name: "hashing-1", fail))
    assert (len(summary.removed), summary.embedded) == (1, 0)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["model", "glossary", "wording"])
def test_what_else_makes_a_new_generation(library: Library, what: str) -> None:
    library.ingest()
    if what == "model":
        library.fingerprint = "hashing-2"
    elif what == "glossary":
        library.write("glossary.yaml", "words: [국가시범도시]\n")
    else:
        library.write(BRIEF_PATH, BRIEF.replace("돈 얼마 들어?", "돈이 얼마나 들어?"))
    summary = library.ingest()
    assert summary.new
    told = {s.text for p in passages_of(library.live()) if p.language == "en" for s in p.statements}
    expected = {"model": summary.passages + len(told), "glossary": 0, "wording": 1}
    assert len(library.embedder.texts) == expected[what]
    assert (library.live() / "glossary.yaml").exists() == (what == "glossary")


def test_rebuild_starts_from_scratch(library: Library) -> None:
    first = library.ingest()
    again = library.ingest(rebuild=True)
    assert again.new
    assert again.generation > first.generation
    assert again.embedded == again.passages
    assert again.unchanged == first.added


def test_another_folder_can_be_indexed(library: Library, tmp_path: Path) -> None:
    write_corpus(tmp_path / "other", {"a.txt": "Something else."})
    assert len(library.ingest(path=tmp_path / "other").added) == 1


def test_broken_files_are_problems_and_the_rest_is_indexed(library: Library) -> None:
    library.write("ko/sources/broken.md", "---\nid: S9\ntitle: a: b\n---\n")
    (library.corpus / "latin.txt").write_bytes(b"caf\xe9")
    library.write("slides.pptx", "x")
    summary = library.ingest()
    assert len(summary.added) == 4
    assert [(p.file, p.line, p.field) for p in summary.problems] == [
        ("ko/sources/broken.md", 3, "front matter"),
        ("latin.txt", 1, "file"),
    ]
    assert summary.skipped == ("slides.pptx",)
    again = library.ingest()
    assert not again.new
    assert (again.problems, again.skipped) == (summary.problems, summary.skipped)
    library.write("ko/sources/broken.md", "")
    (library.corpus / "ko/sources/broken.md").unlink()
    (library.corpus / "latin.txt").unlink()
    assert library.ingest().problems == ()


def test_the_live_generation_and_the_one_before_are_kept(library: Library) -> None:
    names = []
    for number in range(4):
        library.write("new.txt", f"Leaflet {number}.")
        names.append(library.ingest().generation)
    kept = sorted(path.name for path in (library.index / "generations").iterdir())
    assert kept == sorted(names[-2:])
    library.ingest()
    assert sorted(path.name for path in (library.index / "generations").iterdir()) == kept


@pytest.mark.parametrize("piece", [VECTORS, SENTENCES, PASSAGES, CHROMA, "lexical/vocab.index.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_damaged_generation_is_replaced(library: Library, piece: str, damage: str) -> None:
    first = library.ingest()
    path = library.live() / piece
    if piece == CHROMA:
        shutil.rmtree(path)
    elif damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-20] + b"x" * 19)
    summary = library.ingest()
    assert summary.new
    assert summary.generation != first.generation
    assert summary.embedded == summary.passages
    assert live_generation(library.index)[1].name == summary.generation


def test_a_failed_ingest_leaves_the_old_generation(library: Library) -> None:
    first = library.ingest()
    library.write("new.txt", "A leaflet.")

    class Failing(HashingEmbedder):
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            raise KeyboardInterrupt(len(texts))

    with pytest.raises(KeyboardInterrupt):
        ingest(library.settings, models=hashing_models(Failing()))
    assert live_generation(library.index)[1].name == first.generation
    assert [path.name for path in (library.index / "generations").iterdir()] == [first.generation]
    assert library.ingest().new


def test_empty_and_missing_corpora(library: Library, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(IngestError, match="holds no document") as error:
        library.ingest(path=tmp_path / "empty")
    assert "CIVICBOT_CORPUS" in error.value.hint
    with pytest.raises(IngestError, match="not there"):
        library.ingest(path=tmp_path / "none")
    write_corpus(tmp_path / "bad", {"ko/sources/x.md": "?"})
    with pytest.raises(IngestError, match=r"ko/sources/x\.md:1"):
        library.ingest(path=tmp_path / "bad")
    assert not list((library.index / "generations").iterdir())


def test_bad_glossary(library: Library) -> None:
    library.write("glossary.yaml", "entities: [")
    with pytest.raises(IngestError, match="glossary"):
        library.ingest()
    (library.corpus / "glossary.yaml").write_bytes(b"\xff")
    with pytest.raises(IngestError, match="UTF-8"):
        library.ingest()


def test_an_index_folder_that_cannot_be_written(library: Library) -> None:
    library.settings.data.parent.mkdir(parents=True, exist_ok=True)
    library.settings.data.write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(IngestError, match="cannot be written"):
        library.ingest()


def test_nothing_new_loads_nothing_heavy(library: Library) -> None:
    library.ingest()
    script = (
        "import sys, pathlib\n"
        "from tests.library.corpora import HashingEmbedder, hashing_models, settings\n"
        "from civicbot.library.ingest import ingest\n"
        "summary = ingest(settings(pathlib.Path(sys.argv[1])), models=hashing_models(HashingEmbedder()))\n"
        "assert not summary.new\n"
        "print([name for name in ('torch', 'chromadb', 'kiwipiepy') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, library.corpus.parent], capture_output=True, text=True, check=False
    )
    assert done.stdout == "[]\n", done.stderr


# ---------------------------------------------------------------- prepared, not live


def test_a_prepared_generation_is_not_live(library: Library) -> None:
    live = library.ingest()
    library.write("new.txt", "A new leaflet says something.")
    prepared = library.prepare()
    assert (prepared.new, prepared.live, prepared.added) == (True, False, ("new-11f8ad13",))
    assert library.live().name == live.generation
    assert prepared_name(library.index) == prepared.generation
    assert library.names() == {live.generation, prepared.generation}
    again = library.prepare()
    assert again.model_copy(update={"embedded": prepared.embedded}) == prepared
    assert library.embedder.texts == []


def test_nothing_to_prepare(library: Library) -> None:
    live = library.ingest()
    summary = library.prepare()
    assert (summary.new, summary.live, summary.generation) == (False, True, live.generation)
    assert prepared_name(library.index) is None


def test_a_plain_ingest_publishes_what_is_prepared(library: Library) -> None:
    live = library.ingest()
    library.write("new.txt", "A new leaflet says something.")
    prepared = library.prepare()
    summary = library.ingest()
    assert (summary.generation, summary.new, summary.live) == (prepared.generation, True, True)
    assert (summary.added, summary.embedded) == (("new-11f8ad13",), 0)
    assert library.embedder.texts == []
    assert library.live().name == prepared.generation
    assert (prepared_name(library.index), previous_name(library.index)) == (None, live.generation)


def test_a_plain_ingest_of_something_else_keeps_what_is_prepared(library: Library) -> None:
    library.ingest()
    library.write("new.txt", "A new leaflet says something.")
    prepared = library.prepare()
    library.write("new.txt", "It says something else.")
    summary = library.ingest()
    assert summary.generation != prepared.generation
    assert prepared_name(library.index) == prepared.generation
    library.write("new.txt", "It says a third thing.")
    third = library.prepare()
    assert prepared_name(library.index) == third.generation
    assert prepared.generation not in library.names()


def test_a_damaged_prepared_generation_is_made_again(library: Library) -> None:
    library.ingest()
    library.write("new.txt", "A new leaflet says something.")
    prepared = library.prepare()
    (library.index / "generations" / prepared.generation / PASSAGES).unlink()
    summary = library.ingest()
    assert summary.generation != prepared.generation
    assert summary.added == ("new-11f8ad13",)


def test_what_was_rolled_back_stays_back_until_the_corpus_changes(library: Library) -> None:
    first = library.ingest()
    library.write("new.txt", "A new leaflet says something.")
    second = library.ingest()
    put_in_place(library.index, first.generation, instead_of=second.generation, back=True)
    left = library.ingest()
    assert (left.new, left.rolled_back, left.generation) == (False, True, first.generation)
    assert rolled_back(library.index)
    prepared = library.prepare()  # nothing is made: it is there already
    assert (prepared.generation, prepared.live, prepared.added) == (second.generation, False, ("new-11f8ad13",))
    library.write("new.txt", "It says something else.")
    third = library.ingest()
    assert third.new
    assert not rolled_back(library.index)
    assert previous_name(library.index) == first.generation


def test_a_rebuild_overrides_a_roll_back(library: Library) -> None:
    first = library.ingest()
    library.write("new.txt", "A new leaflet says something.")
    second = library.ingest()
    put_in_place(library.index, first.generation, instead_of=second.generation, back=True)
    assert library.ingest(rebuild=True).new


def test_whether_a_generation_is_what_the_corpus_would_make(library: Library) -> None:
    library.ingest()
    _, manifest = live_generation(library.index)
    assert made_of(library.settings, manifest)
    library.write("new.txt", "A new leaflet says something.")
    assert not made_of(library.settings, manifest)


def test_a_damaged_live_generation_can_be_replaced_by_a_prepared_one(library: Library) -> None:
    library.ingest()
    (library.live() / PASSAGES).unlink()
    prepared = library.prepare()
    assert prepared.new
    assert prepared.added
    assert library.ingest().generation == prepared.generation
