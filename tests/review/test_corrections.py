from __future__ import annotations

from datetime import date

import pytest
from tests.review.desks import KIM, LEE, OPEN, QUOTE, ROOT, DeskForTests

from civicbot.model import AnswerStatus, NoticeKind
from civicbot.retrieval.live import LiveIndex
from civicbot.review.access import Action
from civicbot.review.audit import AuditLog
from civicbot.review.correction_checks import check
from civicbot.review.correction_nouns import (
    CheckedSentence,
    Draft,
    DraftSentence,
    Pick,
    ProblemKind,
    quote_hash,
)
from civicbot.review.refusals import (
    ChangedMeanwhileError,
    ClaimedError,
    InvalidReviewError,
    UnknownCorrectionError,
    UnknownItemError,
    UnsoundCorrectionError,
)

DISPUTED = (NoticeKind.DISPUTED,)
REQUEST = "정진욱 의원은 2025년 11월 7일 국회에서 AI 시티 사업을 광주에서 추진해 달라고 요청했습니다."
TOTAL = "2025년 8월 17일 발표된 AI 모빌리티 국가시범도시의 총사업비는 1조 5000억 원입니다."


def pick(library: LiveIndex, quote: str) -> Pick:
    """The digest's sentence with these words."""
    with library.reader() as generation:
        for passage in generation.passages:
            for statement in passage.statements:
                if statement.text == quote and passage.kind == "source":
                    return Pick(**statement.supports[0].model_dump())
    raise AssertionError(quote)


def checked(library: LiveIndex, text: str, *quotes: str) -> CheckedSentence:
    with library.reader() as generation:
        return check(generation, DraftSentence(text=text, citations=tuple(pick(library, quote) for quote in quotes)))


def problems(library: LiveIndex, text: str, *quotes: str) -> list[tuple[ProblemKind, str]]:
    return [(problem.kind, problem.missing) for problem in checked(library, text, *quotes).problems]


# ---------------------------------------------------------------- checks


@pytest.mark.parametrize(
    "text",
    [
        QUOTE,
        "AI 시티 시범사업에는 40억 원이 담겼습니다.",
        "2026년 예산안에 AI 시티 시범사업 예산 4,000,000,000원이 있습니다.",
        "The 2026 budget bill sets aside 4 billion won for the AI City pilot.",
        "정진욱 의원이 관심을 보인 AI 시티의 예산은 40억 원입니다.",
    ],
)
def test_what_the_passage_holds_is_sound(library: LiveIndex, text: str) -> None:
    found = checked(library, text, QUOTE)
    assert found.sound
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("예산은 50억 원입니다.", [(ProblemKind.FIGURE, "50억")]),
        ("2027년도 예산안에는 40억 원이 담겼습니다.", [(ProblemKind.DATE, "2027년도")]),
        ("2026년 3월 1일 예산안에 40억 원이 담겼습니다.", [(ProblemKind.DATE, "2026년 3월 1일")]),
        ("예산 40억 원에는 ‘전액 국비’가 붙었습니다.", [(ProblemKind.QUOTATION, "전액 국비")]),
        ('예산은 "시범사업 예산 40억"이라고 적혔습니다.', []),
        ("  ", [(ProblemKind.NO_TEXT, "")]),
    ],
)
def test_what_is_missing_is_told(library: LiveIndex, text: str, found: list[tuple[ProblemKind, str]]) -> None:
    assert problems(library, text, QUOTE) == found


def test_where_it_is_missing_is_told(library: LiveIndex) -> None:
    text = "예산은 50억 원입니다."
    (problem,) = checked(library, text, QUOTE).problems
    assert problem.citation == 1
    assert problem.span is not None
    assert text[problem.span.start : problem.span.end] == "50억"


def test_a_name_must_stand_in_the_passage(library: LiveIndex) -> None:
    english = "The 2026 budget bill sets aside 4 billion won for the AI City pilot project."
    assert problems(library, "The mobility new town gets 4 billion won.", english) == [
        (ProblemKind.NAME, "mobility new town")
    ]
    assert problems(library, "K-AI 시티에 40억 원이 갑니다.", english) == []


def test_every_citation_must_hold_the_whole_sentence(library: LiveIndex) -> None:
    found = checked(library, "예산은 40억 원입니다.", QUOTE, TOTAL)
    assert [(problem.kind, problem.citation) for problem in found.problems] == [(ProblemKind.FIGURE, 2)]


def test_only_whole_sentences_of_sources_can_be_cited(library: LiveIndex) -> None:
    good = pick(library, QUOTE)
    with library.reader() as generation:
        brief = generation.passage("ai-city-ko.2")
        own = brief.statements[0]
        in_brief = Pick(
            document_id=brief.document_id, passage_id=brief.id, start=own.start, end=own.end, quote=own.text
        )
        wrong = {
            ProblemKind.QUOTE_GONE: [
                good.model_copy(update={"quote": good.quote.replace("40억", "50억")}),
                good.model_copy(update={"start": good.start + 1}),
                good.model_copy(update={"document_id": "S900-ko"}),
                good.model_copy(update={"passage_id": "S001-ko.99"}),
                good.model_copy(update={"passage_id": "S001-en.1"}),
                good.model_copy(update={"end": good.start + 5, "quote": good.quote[:5]}),
            ],
            ProblemKind.NOT_CITABLE: [in_brief],
        }
        for kind, picks in wrong.items():
            for each in picks:
                found = check(generation, DraftSentence(text="예산이 담겼습니다.", citations=(each,)))
                assert [problem.kind for problem in found.problems] == [kind], each
        assert check(generation, DraftSentence(text="예산.")).problems[0].kind is ProblemKind.NO_CITATION


# ---------------------------------------------------------------- the library


def test_the_library_is_searched_as_the_bot_does(desk: DeskForTests) -> None:
    hits = desk.corrections.search(KIM, "AI 시티 시범사업 예산", "ko")
    best = hits[0]
    assert {hit.document_id for hit in hits[:2]} == {"ai-city-ko", "S001-ko"}
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert {best.text[span.start : span.end] for span in best.highlights} >= {"예산", "시범사업"}
    for sentence in best.sentences:
        assert best.text[sentence.start : sentence.end] == sentence.text
    matched = next(sentence for sentence in best.sentences if "40억" in sentence.text)
    assert matched.matched
    assert [each.document_id for each in matched.supports] == ["S001-ko"]
    assert desk.corrections.check(KIM, [DraftSentence(text=matched.text, citations=matched.supports)])[0].sound


def test_searching_in_english_and_for_nothing(desk: DeskForTests) -> None:
    hits = desk.corrections.search(KIM, "budget bills (AI City)", "en", most=1)
    assert [hit.document_id for hit in hits] == ["S001-en"]
    assert "bill" in {hits[0].text[span.start : span.end] for span in hits[0].highlights}
    assert desk.corrections.search(KIM, "  ", "en") == ()
    assert desk.corrections.search(KIM, "?!*(", "ko") == ()


# ---------------------------------------------------------------- storing


def item_and_draft(desk: DeskForTests) -> tuple[int, Draft]:
    desk.ask("AI 시티 예산은?", notices=DISPUTED)
    desk.ask("AI 시티의 예산은", notices=DISPUTED)
    item = desk.item(wanted=OPEN).id
    return item, desk.corrections.prefill(KIM, item)


def test_a_draft_begins_with_the_answer(desk: DeskForTests) -> None:
    item, draft = item_and_draft(desk)
    assert {draft.question, *draft.variants} == {"AI 시티 예산은?", "AI 시티의 예산은"}
    assert (draft.language, draft.status) == ("ko", AnswerStatus.ANSWERED)
    assert [(each.text, [one.quote for one in each.citations]) for each in draft.sentences] == [(QUOTE, [QUOTE])]
    correction = desk.corrections.save(KIM, item, draft)
    (sentence,) = correction.sentences
    (cited,) = sentence.citations
    assert (cited.quote, cited.quote_hash, cited.title) == (QUOTE, quote_hash(QUOTE), "광주 AI 시티 요청")
    assert (correction.version, correction.owner, correction.by, correction.valid_until) == (1, "kim", "kim", None)
    assert correction.text == f"{QUOTE}[1]"
    with desk.index.reader() as generation:
        assert correction.index == generation.name
        document = generation.document(cited.document_id)
        assert document.text[cited.start : cited.end] == cited.quote


def test_versions(desk: DeskForTests) -> None:
    item, draft = item_and_draft(desk)
    first = desk.corrections.save(KIM, item, draft)
    changed = draft.model_copy(
        update={
            "question": " AI  시티 예산이 얼마예요? ",
            "variants": ("AI 시티 돈", "", "AI 시티 돈", "AI 시티 예산이 얼마예요?", "010-1234-5678 예산"),
            "owner": "lee",
            "valid_until": date(2026, 12, 31),
        }
    )
    second = desk.corrections.save(LEE, item, changed, correction_id=first.id, based_on=1)
    assert (second.id, second.version, second.by, second.owner) == (first.id, 2, "lee", "lee")
    assert second.question == "AI 시티 예산이 얼마예요?"
    assert second.variants == ("AI 시티 돈", "[ko phone] 예산")
    assert second.valid_until == date(2026, 12, 31)
    assert desk.corrections.versions(KIM, first.id) == (second, first)
    with pytest.raises(ChangedMeanwhileError, match="'lee' has stored version 2"):
        desk.corrections.save(KIM, item, draft, correction_id=first.id, based_on=1)
    with pytest.raises(ChangedMeanwhileError):
        desk.corrections.save(KIM, item, draft, correction_id=first.id)
    view = desk.items.open(KIM, item)
    assert [(each.id, each.version, each.by) for each in view.corrections] == [(first.id, 2, "lee")]


def test_an_unsound_sentence_is_shown_and_not_stored(desk: DeskForTests) -> None:
    item, draft = item_and_draft(desk)
    bad = DraftSentence(text="예산은 50억 원입니다.", citations=draft.sentences[0].citations)
    with pytest.raises(UnsoundCorrectionError, match="not supported by what they cite: 2") as refused:
        desk.corrections.save(KIM, item, draft.model_copy(update={"sentences": (*draft.sentences, bad)}))
    good, wrong = refused.value.checked
    assert good.sound
    assert [(problem.kind, problem.missing) for problem in wrong.problems] == [(ProblemKind.FIGURE, "50억")]
    assert desk.items.open(KIM, item).corrections == ()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"question": "  "}, "no question"),
        ({"sentences": ()}, "no sentences"),
        ({"status": AnswerStatus.PAUSED}, "cannot be 'paused'"),
        ({"status": AnswerStatus.REFUSED}, "says nothing from the library"),
        ({"language": "en"}, "in 'ko', the correction in 'en'"),
    ],
)
def test_what_no_bot_could_say_is_refused(desk: DeskForTests, change: dict[str, object], told: str) -> None:
    item, draft = item_and_draft(desk)
    with pytest.raises(InvalidReviewError, match=told):
        desk.corrections.save(KIM, item, draft.model_copy(update=change))


@pytest.mark.parametrize("status", [AnswerStatus.REFUSED, AnswerStatus.OUT_OF_SCOPE, AnswerStatus.NO_EVIDENCE])
def test_what_should_not_have_been_answered(desk: DeskForTests, status: AnswerStatus) -> None:
    item, draft = item_and_draft(desk)
    saved = desk.corrections.save(KIM, item, draft.model_copy(update={"sentences": (), "status": status}))
    assert (saved.status, saved.sentences, saved.text) == (status, (), "")


def test_others_items_and_corrections(desk: DeskForTests) -> None:
    item, draft = item_and_draft(desk)
    saved = desk.corrections.save(KIM, item, draft)
    other = desk.item_of(desk.ask("AI 시티 위치는?"))
    desk.queue.claim(KIM, item)
    with pytest.raises(ClaimedError):
        desk.corrections.save(LEE, item, draft)
    with pytest.raises(UnknownCorrectionError):
        desk.corrections.save(KIM, other, draft, correction_id=saved.id, based_on=1)
    with pytest.raises(UnknownItemError):
        desk.corrections.save(KIM, 999, draft)
    with pytest.raises(UnknownItemError):
        desk.corrections.prefill(KIM, 999)
    with pytest.raises(UnknownCorrectionError):
        desk.corrections.versions(KIM, 999)


def test_the_log_tells_of_corrections_without_their_words(desk: DeskForTests) -> None:
    item, draft = item_and_draft(desk)
    saved = desk.corrections.save(KIM, item, draft)
    lines = AuditLog(desk.database).entries(ROOT, subject=f"item:{item}")
    assert [(line.action, line.details) for line in reversed(lines)] == [
        ("read_item", {"answer": desk.item(wanted=OPEN).answer_id, "purpose": "correction"}),
        ("correct", {"status": "answered", "correction": saved.id, "version": 1, "sentences": 1}),
    ]
    assert "예산" not in repr(lines)
    desk.corrections.versions(LEE, saved.id)
    (line, _) = AuditLog(desk.database).entries(ROOT, action=Action.CORRECT)
    assert (line.actor, line.subject) == ("lee", f"correction:{saved.id}")


def test_a_quote_hash_knows_no_line_breaks() -> None:
    assert quote_hash("가 나\n다") == quote_hash(" 가  나 다 ")
    assert quote_hash("가 나") != quote_hash("가나")


def test_equal_quotes_have_one_number(desk: DeskForTests, library: LiveIndex) -> None:
    item, draft = item_and_draft(desk)
    both = (
        DraftSentence(text="예산안에 담겼습니다.", citations=(pick(library, QUOTE),)),
        DraftSentence(text="국회에서 요청했습니다.", citations=(pick(library, REQUEST), pick(library, QUOTE))),
    )
    saved = desk.corrections.save(KIM, item, draft.model_copy(update={"sentences": both}))
    assert saved.text == "예산안에 담겼습니다.[1] 국회에서 요청했습니다.[2][1]"
