from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from civicbot.answering.approved import ApprovedMatcher, Match
from civicbot.model import LANGUAGES, Language
from civicbot.retrieval.opened import OpenGeneration


@dataclass(frozen=True)
class Approved:
    id: int
    language: Language
    wordings: tuple[str, ...]


KOREAN = (
    Approved(1, "ko", ("AI 모빌리티 신도시는 언제 준공하나요?", "모빌리티 신도시 완공 시기")),
    Approved(2, "ko", ("미래차 국가산단은 어디에 짓나요?", "미래차 산단 위치")),
    Approved(3, "ko", ("BRT 정류장은 몇 개인가요?",)),
    Approved(4, "ko", ("AI 당지기는 누가 운영하나요?", "AI 당지기를 맡은 곳은 어디인가요?")),
    Approved(5, "ko", ("국가 NPU 컴퓨팅센터가 왜 필요한가요?",)),
    Approved(6, "ko", ("AX 실증밸리의 2026년 예산은 얼마인가요?",)),
    Approved(7, "ko", ("AI영재고는 어떤 학교인가요?",)),
)
ENGLISH = (
    Approved(11, "en", ("When will the AI mobility new town be finished?", "Completion date of the mobility new town")),
    Approved(12, "en", ("How many stops does the BRT have?",)),
    Approved(13, "en", ("Who runs AI Dangjigi?", "Which office operates AI Dangjigi?")),
    Approved(14, "en", ("Why does Gwangju want an NPU centre?",)),
    Approved(15, "en", ("How much is the 2026 budget of the AX demonstration valley?",)),
    Approved(16, "en", ("What is the AI gifted school?",)),
)
ALL = KOREAN + ENGLISH
SAME = [
    (1, "모빌리티신도시 언제 다 지어요?"),
    (1, "뉴스에서 봤는데요, AI 모빌리티 신도시 준공이 언제쯤인지 궁금합니다"),
    (2, "미래차산단 자리가 어디예요"),
    (2, "미래차 국가산업단지는 어느 지역에 들어서나요?"),
    (3, "비알티 정류장 개수 좀 알려주세요"),
    (4, "당지기 운영 누가 해요?"),
    (5, "NPU센터가 필요한 이유가 뭐예요?"),
    (6, "2026년 AX밸리 예산 알려 주세요"),
    (6, "AX 실증밸리 올해 예산이 얼마예요?"),
    (7, "인공지능 영재고가 뭔가요"),
    (11, "when is the mobility new town going to be completed"),
    (11, "I live nearby and I wonder when the AI mobility new town will be finished."),
    (12, "brt number of stops"),
    (13, "who is in charge of ai dangjigi?"),
    (14, "what is the reason Gwangju wants the NPU centre"),
    (15, "ax valley budget 2026"),
    (16, "Could you explain what the AI gifted school is?"),
    (16, "whats the ai gifted scool about"),
    (1, "모빌리티 신도시 완공 목표"),
    (1, "착공 말고요, AI 모빌리티 신도시는 언제 준공하나요?"),
    (2, "세금 내는 사람으로서 묻습니다만, 미래차 국가산단은 어디다 짓는대요?"),
    (2, "미래차 국가산단 자리가 어디로 잡혔어요?"),
    (3, "신문마다 달라서 그런데 BRT 정류장이 모두 몇 군데예요?"),
    (3, "길이 너무 막혀서요, BRT 정류장은 몇 곳이에요?"),
    (4, "AI 당지기 운영은 어느 기관이 맡고 있어요?"),
    (4, "AI 당지기를 어디서 굴리는지 알려 주세요"),
    (11, "in wich year is the mobility new town going to be completed"),
    (11, "I am 81 and patient. When is the AI mobilty new town due to be finished?"),
    (12, "Excuse me, what is the number of stops on the BRT?"),
    (13, "Which office is responsible for AI Dangjigi?"),
    (16, "My niece mentioned the AI gifted school over dinner. What is it?"),
]
OTHER = [
    "AI 모빌리티 신도시는 언제 착공하나요?",
    "AI 모빌리티 신도시는 왜 준공이 늦어졌나요?",
    "AI 모빌리티 신도시 1단계는 언제 준공하나요?",
    "미래차 국가산단은 왜 거기에 짓나요?",
    "미래차 국가산단의 기숙사는 어디에 짓나요?",
    "BRT 환승 정류장은 몇 개인가요?",
    "BRT 정류장은 몇 개가 없어지나요?",
    "BRT에는 버스가 몇 대인가요?",
    "AI 당지기는 누가 만들었나요?",
    "우리 회사도 AI 당지기를 운영할 수 있나요?",
    "국가 NPU 컴퓨팅센터가 왜 필요 없나요?",
    "AX 실증밸리의 2026년 예산 중 국비만 얼마인가요?",
    "AX 실증밸리의 예산은 얼마인가요?",
    "대구 AX 실증밸리의 2026년 예산은 얼마인가요?",
    "AI영재고와 과학고는 어떤 점이 다른가요?",
    "강기정 시장은 AI영재고를 어떤 학교라고 했나요?",
    "When will the AI mobility new town be started?",
    "Why will the AI mobility new town be finished late?",
    "How many covered stops does the BRT have?",
    "How many stops does the BRT not have?",
    "How many buses does the BRT have?",
    "Who pays for AI Dangjigi?",
    "Why does Gwangju not want an NPU centre?",
    "Why does Busan want an NPU centre?",
    "How much is the 2027 budget of the AX demonstration valley?",
    "How much of the 2026 budget of the AX demonstration valley is state money only?",
    "What does the AI gifted school say about pupils from abroad?",
    "Will my son get into the AI gifted school?",
    "AI 모빌리티 신도시의 준공 여부",
    "미래차 국가산단에 대한 문의는 어디로 하나요?",
    "BRT 정류장은 한 곳에 얼마인가요?",
    "AI 당지기를 누가 운영한다고 한 사람은 누구인가요?",
    "AI 당지기 운영비는 누가 대나요?",
    "AX 실증밸리의 2026년 예산은 어떻게 돼 가고 있나요?",
    "AI영재고 설명회에는 누구나 갈 수 있나요?",
    "What has kept the AI mobility new town from being finished?",
    "Has the AI mobility new town been finished?",
    "How many stops did the BRT have if it was cut short?",
    "Where can I ask questions about the stops of the BRT?",
    "Who asks for AI Dangjigi to be run?",
    "Are there homes in the AX demonstration valley, what is the 2026 budget?",
]
ADDED = {
    "ko": (
        *("부산에서 ", "서울 ", "2031년에 ", "국가AI데이터센터와 ", "2호선 ", "왜 ", "청소년만 따로 "),
        *(
            "외국인은 ",
            "처음 계획에서는 ",
            "앞으로 더 ",
            "취소하려면 ",
            "비가 오면 ",
            "야간에 ",
            "신혼부부는 ",
            "강기정 시장은 ",
        ),
    ),
    "en": (
        *("In Busan, ", "Excluding foreigners, ", "In 2031, ", "Unlike the AI academy, ", "For pensioners only: "),
        *(
            "For foreigners, ",
            "According to the mayor, ",
            "Under the first plan, ",
            "If it rains, ",
            "Compared with Daegu, ",
        ),
    ),
}


@pytest.fixture
def matcher(generation: OpenGeneration) -> ApprovedMatcher:
    return ApprovedMatcher(ALL, generation, 2026)


def language_of(text: str) -> Language:
    return "en" if text.isascii() else "ko"


@pytest.mark.parametrize(("approved", "asked"), SAME)
def test_the_same_question_in_other_words(matcher: ApprovedMatcher, approved: int, asked: str) -> None:
    match = matcher.match(asked, language_of(asked))
    assert match is not None
    assert match.id == approved
    assert 0.0 < match.score <= 1.0


@pytest.mark.parametrize("asked", OTHER)
def test_another_question_however_near(matcher: ApprovedMatcher, asked: str) -> None:
    assert matcher.match(asked, language_of(asked)) is None


@pytest.mark.parametrize(
    ("approved", "same", "other"),
    [
        # A part of the cost, also in other words than the wordings'.
        (
            (
                "Who pays the running costs of the AI gifted school?",
                "Who pays its operating costs, the AI gifted school?",
            ),
            "who pays the operating costs of the AI gifted school",
            "Who pays the building costs of the AI gifted school?",
        ),
        # A word that makes it another name.
        (
            ("What is the official name of the merged city?",),
            "official name of the merged city what is it",
            "What is the short name of the merged city?",
        ),
        # A share and a number.
        (
            ("What share of calls did AI Dangjigi answer?", "AI Dangjigi answer rate"),
            "what percentage of calls did AI Dangjigi answer",
            "How many calls did AI Dangjigi answer?",
        ),
        # What a thing is, and its telephone number.
        (
            ("What is AI Dangjigi?", "AI Dangjigi, the city's night phone system"),
            "explain AI Dangjigi",
            "What is the phone number of AI Dangjigi?",
        ),
        # This city's, and that of another place where the same goes on.
        (
            ("Who asked for AI City in Gwangju?", "Who requested AI City?"),
            "who requested AI City for Gwangju",
            "Who asked for AI City in Cheonan?",
        ),
        # The city of the same name.
        (
            ("What do residents get for answering surveys on Gwangju ON?", "Gwangju ON survey reward"),
            "what do residents get for answering Gwangju ON surveys",
            "What do residents get for answering surveys of Gwangju in Gyeonggi Province?",
        ),
        # How things stand, and a choice between two places.
        (
            (
                "What is the status of the National AI Computing Centre?",
                "Current state of the National AI Computing Centre",
            ),
            "national ai computing centre status",
            "national ai computing centre haenam or gwangju",
        ),
        (
            ("백운~매곡 BRT를 만드는 이유는 무엇인가요?",),
            "백운 매곡 BRT 만드는 이유가 뭐예요",
            "백운~매곡 BRT를 만들지 말자는 이유는 무엇인가요?",
        ),
    ],
)
def test_classes_of_near_misses(generation: OpenGeneration, approved: tuple[str, ...], same: str, other: str) -> None:
    language = language_of(same)
    matcher = ApprovedMatcher((Approved(1, language, approved),), generation, 2026)
    assert matcher.match(same, language) is not None
    assert matcher.match(other, language) is None


@pytest.mark.parametrize("asked", ["", "   ", "?!", "안녕하세요", "Hello", "\ud800", "ㅋㅋㅋ", "\u200b", "왜?", "Why?"])
def test_what_asks_nothing(matcher: ApprovedMatcher, asked: str) -> None:
    assert [matcher.match(asked, language) for language in LANGUAGES] == [None, None]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40)
@given(approved=st.sampled_from(ALL), data=st.data())
def test_every_wording_matches_itself(matcher: ApprovedMatcher, approved: Approved, data: st.DataObject) -> None:
    wording = data.draw(st.sampled_from(approved.wordings))
    marks = data.draw(st.sampled_from(["", "?", " ?", "!!", "…"]))
    bare = wording.rstrip("?")
    written = data.draw(st.sampled_from([bare.upper(), bare.lower(), f" {bare}"])) + marks
    assert matcher.match(written, approved.language) == Match(approved.id, wording, 1.0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=80)
@given(approved=st.sampled_from(ALL), data=st.data())
def test_one_thing_more_is_another_question(matcher: ApprovedMatcher, approved: Approved, data: st.DataObject) -> None:
    wording = data.draw(st.sampled_from(approved.wordings))
    added = data.draw(st.sampled_from(ADDED[approved.language]))
    if added == "왜 " and "왜" in wording:
        return
    assert matcher.match(added + wording, approved.language) is None


def test_another_language_never_matches(matcher: ApprovedMatcher) -> None:
    assert matcher.match(KOREAN[0].wordings[0], "en") is None
    assert matcher.match(ENGLISH[0].wordings[0], "ko") is None


def test_the_same_wording_approved_twice_matches_neither(generation: OpenGeneration) -> None:
    twice = (Approved(1, "ko", ("BRT 요금은 얼마인가요?",)), Approved(2, "ko", ("BRT 요금은 얼마인가요?", "BRT 차비")))
    matcher = ApprovedMatcher(twice, generation, 2026)
    assert matcher.match("BRT 요금은 얼마인가요?", "ko") is None
    assert matcher.match("BRT 요금이 얼마예요?", "ko") is None


def test_relative_years_are_those_of_the_day(generation: OpenGeneration) -> None:
    approved = (Approved(1, "ko", ("AX 실증밸리의 2027년 예산은 얼마인가요?",)),)
    asked = "AX 실증밸리의 내년 예산은 얼마인가요?"
    assert ApprovedMatcher(approved, generation, 2026).match(asked, "ko") is not None
    assert ApprovedMatcher(approved, generation, 2027).match(asked, "ko") is None


def test_nothing_approved_matches_nothing(generation: OpenGeneration) -> None:
    assert ApprovedMatcher((), generation, 2026).match("BRT 요금은 얼마인가요?", "ko") is None


def test_what_reads_questions_is_kept_with_the_generation(generation: OpenGeneration) -> None:
    ApprovedMatcher(ALL, generation, 2026)
    kept = {key: value for key, value in generation.worked_out.items() if "approved_tools" in str(key)}
    ApprovedMatcher(KOREAN, generation, 2026)
    assert {key: generation.worked_out[key] for key in kept} == kept
