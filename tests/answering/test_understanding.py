from __future__ import annotations

import pytest

from civicbot.answering.lexicon import Kind, lexicon
from civicbot.answering.understanding import (
    ASIDE,
    LEANING,
    LIGHT,
    NO_OTHERS,
    PREFACE,
    Clauses,
    Term,
    Understanding,
    demand,
    split_clauses,
    understand,
)
from civicbot.language.detect import detect_language
from civicbot.model import Facet
from civicbot.retrieval.opened import OpenGeneration


def understood(generation: OpenGeneration, text: str) -> Understanding:
    language = detect_language(text)
    return understand(
        text, language, generation.glossary, generation.tokenizer, 2026, thesaurus=generation.thesaurus(language)
    )


def split(generation: OpenGeneration, text: str) -> Clauses:
    return split_clauses(text, lexicon(detect_language(text), generation.tokenizer))


def term(asked: Understanding, token: str) -> Term:
    return next(each for each in asked.terms if each.token == token)


@pytest.mark.parametrize(
    ("question", "entity"),
    [
        ("광주 AI 모빌리티 국가시범도시 총사업비가 얼마야?", "ai_mobility"),
        ("모빌리티 신도시는 어디에 지어요?", "ai_mobility"),
        ("AI시티 예산", "ai_city"),
        ("국가AI컴퓨팅센터는 왜 해남으로 갔나요", "computing_center"),
        ("NPU 컴퓨팅센터 예산", "npu"),
        ("AX 실증밸리 기간", "ax_valley"),
        ("How much does the AI City pilot cost?", "ai_city"),
        ("Where is the national AI computing center?", "computing_center"),
        ("the NPU computing centre's budget", "npu"),
        ("Who runs the AX demonstration valley?", "ax_valley"),
    ],
)
def test_entities_are_found_by_their_names(generation: OpenGeneration, question: str, entity: str) -> None:
    assert understood(generation, question).entities[:1] == (entity,)


def test_a_place_or_a_city_is_no_project(generation: OpenGeneration) -> None:
    assert understood(generation, "광주에는 무엇이 있나요?").entities == ()


@pytest.mark.parametrize(
    ("question", "kind", "facet"),
    [
        ("총사업비가 얼마예요?", Kind.AMOUNT, Facet.COST),
        ("돈 얼마 들어", Kind.AMOUNT, Facet.COST),
        ("언제 착공해?", Kind.DATE, Facet.SCHEDULE),
        ("어디에 지어?", Kind.PLACE, Facet.PLACE),
        ("누가 추진하나요", Kind.PERSON, Facet.ACTORS),
        ("왜 하는 거야?", Kind.REASON, Facet.PURPOSE),
        ("How much will it cost?", Kind.AMOUNT, Facet.COST),
        ("When does it open?", Kind.DATE, Facet.SCHEDULE),
        ("Where is it?", Kind.PLACE, Facet.PLACE),
        ("Who runs it?", Kind.PERSON, Facet.ACTORS),
        ("Why is it needed?", Kind.REASON, Facet.PURPOSE),
    ],
)
def test_what_kind_of_value_is_asked(generation: OpenGeneration, question: str, kind: Kind, facet: Facet) -> None:
    asked = understood(generation, question)
    assert asked.kinds[:1] == (kind,)
    assert asked.facets[:1] == (facet,)


@pytest.mark.parametrize(
    ("question", "kind"), [("몇 명 뽑아요?", Kind.COUNT), ("How many GPUs are there?", Kind.COUNT)]
)
def test_counts(generation: OpenGeneration, question: str, kind: Kind) -> None:
    assert understood(generation, question).kinds == (kind,)


def test_how_far_it_has_come_is_no_place(generation: OpenGeneration) -> None:
    asked = understood(generation, "NPU센터는 지금 어디까지 진행됐나요?")
    assert asked.kinds == ()
    assert asked.facets[0] is Facet.STATUS


def test_the_counter_of_a_korean_number_is_known(generation: OpenGeneration) -> None:
    assert understood(generation, "AI 사관학교는 몇 명을 뽑나요?").unit == "명"
    assert understood(generation, "How many people?").unit is None


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("올해 예산", {"2026"}),
        ("내년 예산은?", {"2027"}),
        ("작년에는 얼마였어", {"2025"}),
        ("2025년과 2026년 예산", {"2025", "2026"}),
        ("next year's budget", {"2027"}),
        ("the budget last year", {"2025"}),
        ("총사업비", set()),
    ],
)
def test_years_are_resolved_against_the_clock(generation: OpenGeneration, question: str, years: set[str]) -> None:
    assert understood(generation, question).years == years


@pytest.mark.parametrize(
    ("question", "announced"),
    [
        ("시범도시가 선정됐나요?", True),
        ("입주 기업은 정해졌어?", True),
        ("Has the site been chosen?", True),
        ("Did Gwangju win the contest?", True),
        ("예산이 얼마야?", False),
        ("What is the AI City?", False),
    ],
)
def test_whether_something_was_announced(generation: OpenGeneration, question: str, announced: bool) -> None:
    assert understood(generation, question).announced is announced


def test_names_cues_and_small_talk_are_no_terms(generation: OpenGeneration) -> None:
    asked = understood(generation, "안녕하세요 AI 모빌리티 신도시 아파트 예산 좀 알려 주세요")
    assert {each.token: each.weight for each in asked.terms} == {"아파트": 1.0, "예산": ASIDE}


def test_a_generic_verb_is_no_term_in_any_form(generation: OpenGeneration) -> None:
    assert understood(generation, "국가AI컴퓨팅센터는 어디에 있나요?").terms == ()


@pytest.mark.parametrize(
    ("question", "asking", "beside", "preface"),
    [
        (
            "저는 북구에 사는 학생입니다. AI 사관학교 지원하고 싶은데, 모집은 언제 시작해요?",
            "모집은 언제 시작해요?",
            "AI 사관학교 지원하고 싶은데,",
            "저는 북구에 사는 학생입니다.",
        ),
        (
            "어제 뉴스에서 광주에 자율주행차가 다닌다고 하던데요. 차가 몇 대나 다녀요?",
            "차가 몇 대나 다녀요?",
            "",
            "어제 뉴스에서 광주에 자율주행차가 다닌다고 하던데요.",
        ),
        (
            "People keep wondering where the money went. So how much was the pilot's budget?",
            "So how much was the pilot's budget?",
            "",
            "People keep wondering where the money went.",
        ),
        (
            "Since my brother works in chips, who runs the NPU computing centre?",
            "who runs the NPU computing centre?",
            "Since my brother works in chips,",
            "",
        ),
        ("AX 실증밸리 총사업비", "AX 실증밸리 총사업비", "", ""),
        ("Tickets and shuttle buses.", "Tickets and shuttle buses.", "", ""),
    ],
)
def test_what_asks_is_told_from_what_stands_beside_it(
    generation: OpenGeneration, question: str, asking: str, beside: str, preface: str
) -> None:
    found = split(generation, question)
    assert tuple(part.strip() for part in (found.asking, found.beside, found.preface)) == (asking, beside, preface)


def test_only_what_asks_tells_the_kind(generation: OpenGeneration) -> None:
    asked = understood(generation, "People keep wondering where the money went. So how much was the pilot's budget?")
    assert asked.kinds == (Kind.AMOUNT,)
    assert asked.facets == (Facet.COST,)
    asked = understood(generation, "어제 얼마 들었는지 뉴스에 나왔어요. AI영재고 개교는 언제예요?")
    assert asked.kinds == (Kind.DATE,)


def test_words_before_the_question_count_little(generation: OpenGeneration) -> None:
    asked = understood(generation, "주말에 축구 보러 갔다가 들었습니다. 백운~매곡 BRT 막차는 몇 시에 정류장을 지나요?")
    assert term(asked, "축구").weight == PREFACE
    assert term(asked, "막차").weight == 1.0


def test_a_question_without_words_of_its_own_leans_on_those_before_it(generation: OpenGeneration) -> None:
    asked = understood(generation, "There was a ceremony in Haenam last week, and a minister came. Who was that?")
    assert asked.kinds == (Kind.PERSON,)
    assert term(asked, "ceremoni").weight == term(asked, "haenam").weight == LEANING
    asked = understood(generation, "해남에서 착공식을 했다고 들었어요. 그게 누구였죠?")
    assert term(asked, "해남").weight == LEANING


@pytest.mark.parametrize(
    ("question", "facet"),
    [
        ("나라 살림에서 나가는 게 얼마나 되나", Facet.COST),
        ("모빌리티 도시 첫 삽은?", Facet.SCHEDULE),
        ("모빌리티 도시 말썽", Facet.DISPUTES),
        ("Does the new town break ground?", Facet.SCHEDULE),
        ("the drawbacks of the AI City", Facet.DISPUTES),
    ],
)
def test_other_words_point_to_facets(generation: OpenGeneration, question: str, facet: Facet) -> None:
    assert facet in understood(generation, question).facets


def test_a_phrase_is_one_term_with_the_words_of_its_group(generation: OpenGeneration) -> None:
    asked = understood(generation, "모빌리티 도시 첫 삽은 언제 떠요?")
    assert [each.token for each in asked.terms] == ["삽"]
    assert "착공" in term(asked, "삽").others.words
    assert all(len(phrase) > 1 for phrase in term(asked, "삽").others.phrases)


def test_a_word_with_a_value_of_its_own_is_not_met_by_a_cue(generation: OpenGeneration) -> None:
    fare = term(understood(generation, "광주 자율주행 버스 요금은?"), "요금")
    assert fare.specific
    assert "차비" in fare.others.words
    assert not {"비용", "예산", "사업비", "요금"} & fare.others.words
    before = understood(generation, "버스 요금이 걱정되는 사람입니다. 자율주행 버스 노선은 몇 개인가요?")
    assert not term(before, "요금").specific


def test_what_happens_is_told_from_what_it_happens_to(generation: OpenGeneration) -> None:
    asked = understood(generation, "When does the BRT line open?")
    assert term(asked, "open").act
    asked = understood(generation, "AI영재고 건물은 언제 착공하나요?")
    assert (term(asked, "착공").act, term(asked, "건물").act) == (True, False)


def test_without_other_words_a_word_stands_for_itself(generation: OpenGeneration) -> None:
    asked = understand("모빌리티 도시 예산은?", "ko", generation.glossary, generation.tokenizer, 2026)
    assert {each.token: (each.weight, each.others) for each in asked.terms} == {"예산": (LIGHT, NO_OTHERS)}


@pytest.mark.parametrize(
    "question",
    [
        "모빌리티 신도시 지금 어디까지 왔어요?",
        "BRT는 잘 되고 있어요?",
        "통합은 어떻게 돼 가요?",
        "AX 실증밸리는 얼마나 진행됐나요?",
        "where are we with the BRT?",
        "How far along is the AX valley?",
        "How is the mobility new town coming along?",
        "What became of the OpenAI data centre?",
        "What's happening with the merger?",
    ],
)
def test_how_something_stands_asks_for_no_place_and_no_length(generation: OpenGeneration, question: str) -> None:
    asked = understood(generation, question)
    assert Facet.STATUS in asked.facets
    assert not asked.kinds


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("반도체 공장은 누가 지어요?", {"person"}),
        ("반도체 공장은 어디에 지어요?", {"place"}),
        ("모빌리티 신도시가 뭐예요?", {"what"}),
        ("What is the AX valley?", {"what"}),
        ("When and where does it open?", {"date", "place"}),
        ("AI 사관학교 7기", set()),
    ],
)
def test_what_a_question_wants_to_be_told(generation: OpenGeneration, question: str, wanted: set[str]) -> None:
    assert understood(generation, question).demand == wanted
    assert demand(question, lexicon(detect_language(question), generation.tokenizer)) == wanted


@pytest.mark.parametrize(
    ("question", "changed"),
    [
        ("BRT 사업비가 얼마에서 얼마로 늘었어요?", True),
        ("처음 계획이랑 얼마나 차이 나요?", True),
        ("AI 예산이 신문마다 다 다르네요", True),
        ("BRT 사업비 아직 그대로예요?", True),
        ("BRT 총사업비는 얼마예요?", False),
        ("AI영재고는 언제 열어요?", False),
        ("How did the cost of the BRT change?", True),
        ("brt price jumped, old number and new number", True),
        ("The papers don't seem to agree on the year", True),
        ("What was the original budget?", True),
        ("What is the total cost of the BRT?", False),
        ("When does the AI gifted school open?", False),
    ],
)
def test_whether_a_change_is_asked_for(generation: OpenGeneration, question: str, changed: bool) -> None:
    assert understood(generation, question).changed is changed


@pytest.mark.parametrize(
    ("question", "before"),
    [
        ("영재고 착공 원래 2025년 아니었나", True),
        ("전남도가 예전 계획에서 잡았던 착공식은 언제였어", True),
        ("2024년 계획으로는 영재고 공사가 언제 끝나요?", True),
        ("영재고 착공 언제예요", False),
        ("컴퓨팅센터는 처음 공모에서 왜 유찰됐어요?", False),
        ("What was the original timetable of the AI gifted school?", True),
        ("Wasn't the gifted school to start building in 2025?", True),
        ("Is the 2 trillion won figure still valid?", True),
        ("When was the merger bill meant to pass?", True),
        ("통합 법안은 언제 통과가 목표였어요?", True),
        ("When was the merger bill passed?", False),
        ("When will the gifted school break ground?", False),
        ("How old is the AI cluster?", False),
    ],
)
def test_whether_what_no_longer_holds_is_asked_for(generation: OpenGeneration, question: str, before: bool) -> None:
    assert understood(generation, question).before is before


@pytest.mark.parametrize("question", ["NPU센터 지어 달라는 거 정부가 뭐래요?", "시장이 뭐랬어?", "정부가 뭐라고 했어?"])
def test_what_somebody_says_is_no_definition(generation: OpenGeneration, question: str) -> None:
    asked = understood(generation, question)
    assert asked.facets[0] is Facet.POSITIONS
    assert not asked.what
