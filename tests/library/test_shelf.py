from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from tests.library.corpora import BRIEF, CORPUS, DIGEST, made_corpus

from civicbot.language.tokens import Tokenizer
from civicbot.library.progress import NoProgress
from civicbot.library.shelf import Shelf, fill_shelf
from civicbot.model import Document, Facet, Passage

BRIEF_PATH = "ko/briefs/ai-city.md"
DIGEST_PATH = "ko/sources/kwangju-ilbo-20251109-ai-city.md"
TOKENS = Tokenizer().tokens


class Steps:
    def __init__(self) -> None:
        self.names: list[str] = []
        self.stages: list[list[int]] = []

    def stage(self, name: str, total: int) -> None:
        self.names.append(name)
        self.stages.append([total, 0])

    def advance(self, steps: int) -> None:
        self.stages[-1][1] += steps


def shelf(changes: Mapping[str, str | bytes] = {}) -> Shelf:
    return fill_shelf(made_corpus({**CORPUS, **changes}), TOKENS, NoProgress())


def found(shelf: Shelf, name: str) -> tuple[Document, tuple[Passage, ...]]:
    return next(pair for pair in shelf.documents if pair[0].id == name)


def test_a_good_corpus() -> None:
    full = shelf()
    assert full.problems == ()
    names = [document.id for document, _ in full.documents]
    assert names[:3] == ["S001-en", "ai-city-ko", "S001-ko"]
    document, passages = found(full, "ai-city-ko")
    assert document.text.startswith("무엇인가요\n\n정진욱 의원은")
    assert "[^" not in document.text
    assert "asked as" not in document.text
    assert [passage.facet for passage in passages] == [Facet.WHAT, Facet.COST]


def test_a_brief_quotes_the_digest_of_its_language() -> None:
    full = shelf()
    digest, _ = found(full, "S001-ko")
    _, passages = found(full, "ai-city-ko")
    quotes = []
    for statement in (statement for passage in passages for statement in passage.statements):
        (support,) = statement.supports
        assert support.document_id == "S001-ko"
        assert digest.text[support.start : support.end] == support.quote
        quotes.append(support.quote)
    assert [quote.split()[0] for quote in quotes] == ["정진욱", "2026년도", "2025년"]


def test_a_sentence_without_support_is_reported_and_never_shown() -> None:
    full = shelf({BRIEF_PATH: BRIEF.replace("40억 원이", "50억 원이")})
    (problem,) = full.problems
    assert (problem.file, problem.line, problem.field) == (BRIEF_PATH, 23, "footnote")
    assert "S001" in problem.message
    document, passages = found(full, "ai-city-ko")
    assert "50억" not in document.text
    assert all("50억" not in passage.text for passage in passages)
    assert [len(passage.statements) for passage in passages] == [1, 1]


def test_a_facet_whose_sentences_all_fail_is_left_out_with_its_wordings() -> None:
    full = shelf({BRIEF_PATH: BRIEF.replace("40억 원이", "50억 원이").replace("1조 5000억 원입니다", "2조 원입니다")})
    document, passages = found(full, "ai-city-ko")
    assert [passage.facet for passage in passages] == [Facet.WHAT]
    assert "비용과 재원" not in document.text
    assert len(full.problems) == 2


def test_a_sentence_without_footnote() -> None:
    full = shelf({BRIEF_PATH: BRIEF.replace("요청했습니다.[^S001]", "요청했습니다.")})
    (problem,) = full.problems
    assert (problem.line, problem.field) == (14, "footnote")
    assert "no footnote" in problem.message


def test_unresolved_footnotes() -> None:
    also = shelf({BRIEF_PATH: BRIEF.replace("요청했습니다.[^S001]", "요청했습니다.[^S999][^S001]")})
    assert [(p.line, p.field, "'S999'" in p.message) for p in also.problems] == [(14, "footnote", True)]
    assert len(found(also, "ai-city-ko")[1]) == 2
    only = shelf({BRIEF_PATH: BRIEF.replace("요청했습니다.[^S001]", "요청했습니다.[^S999]")})
    assert len(only.problems) == 1
    assert len(found(only, "ai-city-ko")[1]) == 1


def test_a_digest_of_the_other_language_does_not_count() -> None:
    full = shelf({DIGEST_PATH: "no front matter"})
    assert "ai-city-ko" not in [document.id for document, _ in full.documents]
    assert {p.field for p in full.problems} == {"front matter", "footnote", "figures.0.sources"}
    assert next(p.line for p in full.problems if p.field.startswith("figures")) == 9


def test_a_second_file_with_the_same_id_is_left_out() -> None:
    full = shelf({"ko/sources/second.md": DIGEST.replace("40억 원", "70억 원")})
    (problem,) = full.problems
    assert (problem.file, problem.line, problem.field) == ("ko/sources/second.md", 2, "id")
    assert DIGEST_PATH in problem.message
    assert "40억" in found(full, "S001-ko")[0].text


def test_progress_tells_every_file() -> None:
    steps = Steps()
    fill_shelf(made_corpus(CORPUS), TOKENS, steps)
    assert steps.names == ["read", "link"]
    assert steps.stages == [[4, 4], [4, 4]]


@given(
    st.text(alphabet=st.sampled_from("가다. \n\n#-*>`|[^S1]<!->1"), max_size=200), st.sampled_from(["x.md", "x.txt"])
)
def test_spans_of_any_document_are_exact(text: str, path: str) -> None:
    for document, passages in fill_shelf(made_corpus({path: text}), TOKENS, NoProgress()).documents:
        assert passages
        for passage in passages:
            assert document.text[passage.start : passage.end] == passage.text
            for statement in passage.statements:
                assert document.text[statement.start : statement.end] == statement.text
                assert "\n" not in statement.text


QUESTIONS = """2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼습니다.
- AI 시티에 얼마 배정됐어?
- 내년 시범사업 돈은 얼마나 되나요
"""


def test_a_sentence_has_the_questions_that_it_answers() -> None:
    full = shelf({"ko/questions/ai-city.md": QUESTIONS})
    assert full.problems == ()
    _, passages = found(full, "ai-city-ko")
    asked = {statement.text: statement.asked_as for passage in passages for statement in passage.statements}
    assert asked.pop("2026년도 예산안에는 AI 시티 시범사업 예산으로 40억 원이 담겼습니다.") == (
        "AI 시티에 얼마 배정됐어?",
        "내년 시범사업 돈은 얼마나 되나요",
    )
    assert set(asked.values()) == {()}
    cost = next(passage for passage in passages if passage.facet is Facet.COST)
    assert cost.wordings == ("예산이 얼마예요?", "AI 시티 돈 얼마 들어?", *cost.statements[0].asked_as)
    assert all("얼마 배정" not in document.text for document, _ in full.documents)


def test_questions_of_a_sentence_that_has_been_changed_are_reported() -> None:
    (problem,) = shelf({"ko/questions/ai-city.md": QUESTIONS.replace("40억", "50억")}).problems
    assert (problem.file, problem.line, problem.field) == ("ko/questions/ai-city.md", 1, "sentence")
    assert "No sentence of 'ko/briefs/ai-city.md' reads" in problem.message


def test_questions_without_a_brief_are_reported() -> None:
    (problem,) = shelf({"ko/questions/other.md": QUESTIONS}).problems
    assert "There is no brief 'ko/briefs/other.md'" in problem.message
