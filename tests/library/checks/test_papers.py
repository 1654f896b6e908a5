from pathlib import Path

from tests.library.checks.small import CLEAN, EN_BRIEF, EN_DIGEST, KO_BRIEF, KO_DIGEST, line
from tests.library.corpora import NOTICE, write_corpus

from civicbot.library.checks.papers import Written, read_papers, shown, twin
from civicbot.library.files import read_corpus
from civicbot.model import Facet


def test_every_sentence_and_heading_knows_its_line(tmp_path: Path) -> None:
    folder = write_corpus(tmp_path, {**CLEAN, "notices/road.md": NOTICE, "ko/briefs/broken.md": "no front matter"})
    found = {paper.path: paper for paper in read_papers(read_corpus(folder).files)}
    assert list(found) == [EN_BRIEF, EN_DIGEST, KO_BRIEF, KO_DIGEST]
    what, cost = found[KO_BRIEF].parts
    assert (what.facet, what.line, what.wordings_line) == (
        Facet.WHAT,
        line(KO_BRIEF, "## 무엇"),
        line(KO_BRIEF, "<!--"),
    )
    assert cost.line == line(KO_BRIEF, "## 비용")
    assert cost.asked_as == ("예산이 얼마예요?", "AI 시티 돈 얼마 들어?", "AI 시티 예산")
    (sentence,) = cost.sentences
    assert sentence == Written(
        "2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼습니다.", line(KO_BRIEF, "으로 40억"), ("S001",)
    )
    (whole,) = found[EN_DIGEST].parts
    assert [written.line for written in whole.sentences] == [14, 15, 16]
    assert found[EN_DIGEST].twin_path == KO_DIGEST


def test_problems_point_at_the_front_matter(tmp_path: Path) -> None:
    paper = next(p for p in read_papers(read_corpus(write_corpus(tmp_path, CLEAN)).files) if p.path == KO_BRIEF)
    assert paper.problem("…", field="figures.1.value").line == line(KO_BRIEF, "asked_on")
    assert paper.problem("…", field="entity").line == line(KO_BRIEF, "entity")
    assert paper.problem("…", field="text", line=7).line == 7


def test_texts_for_messages() -> None:
    assert twin("ko/sources/a.md", "en") == "en/sources/a.md"
    assert shown("short") == "'short'"
    assert len(shown("x" * 200)) == 62
