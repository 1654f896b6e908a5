from hypothesis import given
from hypothesis import strategies as st

from civicbot.library.chunking import LIMITS, Sentence, TextBlock, TextSection, assemble
from civicbot.model import Document, DocumentKind, Facet, Support

DOCUMENT = Document(
    id="d", kind=DocumentKind.DOCUMENT, language="ko", title="제목", text="", path="d.md", content_hash="0", entity="e"
)


def block(*sentences: str) -> TextBlock:
    text = " ".join(sentences)
    spans, start = [], 0
    for sentence in sentences:
        spans.append(Sentence(start, start + len(sentence)))
        start += len(sentence) + 1
    return TextBlock(text, tuple(spans))


def test_a_section_is_one_passage_when_it_fits() -> None:
    section = TextSection("비용", Facet.COST, ("얼마?",), (block("하나.", "둘."), block("셋.")))
    document, passages = assemble(DOCUMENT, [section, TextSection("일정", blocks=(block("넷."),))])
    assert document.text == "비용\n\n하나. 둘.\n\n셋.\n\n일정\n\n넷."
    assert [passage.text for passage in passages] == ["하나. 둘.\n\n셋.", "넷."]
    assert [passage.id for passage in passages] == ["d.1", "d.2"]
    assert (passages[0].heading, passages[0].facet, passages[0].asked_as, passages[0].entity) == (
        "비용",
        Facet.COST,
        ("얼마?",),
        "e",
    )
    assert (passages[1].facet, passages[1].asked_as) == (None, ())


def test_a_sentence_quotes_itself_unless_it_is_supported() -> None:
    other = Support(document_id="o", passage_id="o.1", quote="q", start=0, end=1)
    text = TextBlock("가. 나.", (Sentence(0, 2), Sentence(3, 5, (other,))))
    _, (passage,) = assemble(DOCUMENT, [TextSection("", blocks=(text,))])
    itself = Support(document_id="d", passage_id="d.1", quote="가.", start=0, end=2)
    assert [statement.supports for statement in passage.statements] == [(itself,), (other,)]


def test_a_long_section_is_cut_between_sentences_and_keeps_its_wordings() -> None:
    sentences = [f"{n}" + "가" * 298 + "." for n in range(1, 8)]
    _, passages = assemble(DOCUMENT, [TextSection("비용", None, ("얼마?",), (block(*sentences),))])
    assert [len(passage.statements) for passage in passages] == [2, 2, 2, 1]
    assert all(len(passage.text) <= LIMITS["ko"] for passage in passages)
    assert {passage.asked_as for passage in passages} == {("얼마?",)}


def test_content_hash_is_of_what_search_sees_and_not_of_the_place() -> None:
    sections = [TextSection("비용", blocks=(block("하나."),))]
    (base,) = assemble(DOCUMENT, sections)[1]
    moved = assemble(DOCUMENT.model_copy(update={"id": "z", "path": "z.md", "content_hash": "1"}), sections)[1][0]
    assert moved.content_hash == base.content_hash
    for changed in (
        assemble(DOCUMENT.model_copy(update={"title": "다른 제목"}), sections),
        assemble(DOCUMENT, [TextSection("다른", blocks=(block("하나."),))]),
        assemble(DOCUMENT, [TextSection("비용", blocks=(block("둘."),))]),
        assemble(DOCUMENT, [TextSection("비용", Facet.COST, blocks=(block("하나."),))]),
        assemble(DOCUMENT, [TextSection("비용", None, ("얼마?",), (block("하나."),))]),
    ):
        assert changed[1][0].content_hash != base.content_hash


SENTENCE = st.text(alphabet="가나abc. ", min_size=1, max_size=400).map(lambda text: f"x{text}.")
SECTION = st.tuples(
    st.sampled_from(["", "비용", "일정"]), st.lists(st.lists(SENTENCE, min_size=1, max_size=5), max_size=4)
)


@given(st.lists(SECTION, max_size=4))
def test_spans_are_exact_and_nothing_is_lost(raw: list[tuple[str, list[list[str]]]]) -> None:
    sections = [TextSection(heading, blocks=tuple(block(*s) for s in blocks)) for heading, blocks in raw]
    document, passages = assemble(DOCUMENT, sections)
    statements = [statement for passage in passages for statement in passage.statements]
    assert [statement.text for statement in statements] == [s for _, blocks in raw for b in blocks for s in b]
    for passage in passages:
        assert document.text[passage.start : passage.end] == passage.text
        assert len(passage.text) <= LIMITS["ko"] or len(passage.statements) == 1
        for statement in passage.statements:
            assert document.text[statement.start : statement.end] == statement.text
            assert passage.start <= statement.start < statement.end <= passage.end
            (support,) = statement.supports
            assert support.passage_id == passage.id
            assert document.text[support.start : support.end] == support.quote
    assert [passage.id for passage in passages] == [f"d.{n}" for n in range(1, len(passages) + 1)]
